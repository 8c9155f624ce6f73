"""Stores on real engines: an SQLite file, and a PostgreSQL server out of a wheel."""

from __future__ import annotations

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
