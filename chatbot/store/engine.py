"""The database engine: one URL, SQLite or PostgreSQL, and how a transaction begins on each.

Owns the pragmas, the driver's transaction mode, the file lock. Refuses tables and queries.
"""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

_BUSY_SECONDS = 5
# So that a server that is gone is noticed: seconds, the last one milliseconds.
_NOTICED = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 11_000,
}


class StoreInUse(Exception):
    """Another process serves this SQLite file."""


def database_url(text: str) -> URL:
    """A URL as operators write it, made into one that names its driver.

    ``postgres://`` (Heroku's form) and ``postgresql://`` become ``postgresql+psycopg://``.

    Raises:
        sqlalchemy.exc.ArgumentError: not a URL.
        ValueError: neither SQLite nor PostgreSQL.
    """
    url = make_url(text)
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError("only sqlite and postgresql are supported")
    return url


def connect_options() -> dict[str, str | int]:
    """How a PostgreSQL server is reached, and the name of this process in its ``pg_stat_activity``."""
    return {**_NOTICED, "application_name": f"tanggap {socket.gethostname()} {os.getpid()}"}


def make_engine(url: URL) -> Engine:
    """An engine whose write transactions begin at once and are on the disk when they are committed."""
    if url.get_backend_name() == "postgresql":
        return _on_postgresql(url)
    if url.database and url.database != ":memory:":
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        hide_parameters=True,  # they are people's words
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # what is acknowledged survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        connection.execute("PRAGMA secure_delete=FAST")  # words that go leave no trace in the pages that they stood in

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # The driver left to itself begins a write late, and two read-then-write units overwrite each other.
        mode = "DEFERRED" if connection.get_execution_options().get("reading") else "IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _on_postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, pool_size=8, hide_parameters=True, connect_args=connect_options())

    @event.listens_for(engine, "connect")
    def _notice_our_death(connection: Any, _record: Any) -> None:
        # Left to itself the server waits two hours for a machine that lost its power, and keeps the locks meanwhile.
        connection.execute("set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3")
        connection.execute("set tcp_user_timeout = 11000")
        connection.commit()

    return engine


class FileLock:
    """One process serves one SQLite file; the system frees the lock when the process dies."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}.lock")
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            StoreInUse: another process has it.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise StoreInUse(self._path.name.removesuffix(".lock")) from None
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.close()
            self._file = None
