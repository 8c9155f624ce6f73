"""The store: opened once, it gives out units of work.

Owns the lifetime of the engine and the writer, the schema's version and the roles that only one process may play.
Refuses queries (``unit_of_work``) and rules.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from chatbot.store.audit import seal, taken
from chatbot.store.engine import FileLock, database_url, make_engine
from chatbot.store.schema import upgrade
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable, Writer

T = TypeVar("T")


class Store:
    """One database. ``write`` and ``read`` are for the loops, ``begin`` for tools without one."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = make_engine(self.url)
        self._writer = Writer(self.engine)
        self._lock = FileLock(self.url.database or "") if self.is_sqlite else None
        self._roles: dict[str, Connection] = {}

    def open(self) -> None:
        """Take the file, bring an SQLite schema up to date, start the writer.

        Raises:
            StoreInUse: another process serves this SQLite file.
        """
        if self._lock:
            self._lock.acquire()
            upgrade(self.engine)
        self._writer.start()

    def close(self) -> None:
        """Finish what waits and let go of everything."""
        self._writer.stop()
        for connection in self._roles.values():
            connection.close()
        self._roles.clear()
        self.engine.dispose()
        if self._lock:
            self._lock.release()

    async def write(self, unit: Callable[[UnitOfWork], T]) -> T:
        """Run a unit of work in a transaction; when this returns it is on the disk.

        Raises:
            StoreUnavailable: the database is locked, full or gone; nothing was kept.
            Exception: whatever the unit raised; nothing was kept.
        """
        return await self._writer.run(lambda session: unit(UnitOfWork(session)))

    async def read(self, query: Callable[[UnitOfWork], T]) -> T:
        """Run a query that writes nothing, beside the writer.

        Raises:
            StoreUnavailable: the database is locked or gone.
        """

        def run() -> T:
            try:
                with self.reading() as uow:
                    return query(uow)
            except DBAPIError as error:
                raise StoreUnavailable(type(error).__name__) from None

        return await asyncio.to_thread(run)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A unit of work that writes nothing, in this thread."""
        with self.engine.connect().execution_options(reading=True) as connection, Session(connection) as session:
            yield UnitOfWork(session)

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A unit of work in this thread: commit on a clean exit, rollback on any exception."""
        with self.engine.begin() as connection, Session(connection) as session:
            yield UnitOfWork(session)
            session.flush()
            seal(connection, taken(session))

    async def hold(self, role: str) -> bool:
        """Whether this process may play a role that only one may (sender, poller, sweeper).

        SQLite: the file lock says so already. PostgreSQL: a session lock, which a killed process frees at once.
        """
        if self.is_sqlite:
            return True
        return await asyncio.to_thread(self._hold, role)

    def _hold(self, role: str) -> bool:
        key = zlib.crc32(f"role:{role}".encode())
        connection = self._roles.get(role)
        try:
            if connection is not None:
                connection.execute(text("select 1"))
                return True
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": key}).scalar():
                self._roles[role] = connection
                return True
            connection.close()
        except DBAPIError:
            self._roles.pop(role, None)
            if connection is not None:
                connection.invalidate()
                connection.close()
        return False
