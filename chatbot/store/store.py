"""The store: opened once, it gives out units of work.

Owns the lifetime of the engine, the writer and the roles, and that other processes hear of what is written.
Refuses queries (``unit_of_work``) and rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from typing import TypeVar

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from chatbot.store import encryption
from chatbot.store.audit import seal, taken
from chatbot.store.engine import FileLock, database_url, make_engine
from chatbot.store.roles import Roles
from chatbot.store.schema import upgrade
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.wakes import Wakes, written
from chatbot.store.writer import StoreUnavailable, Writer

T = TypeVar("T")


class Store:
    """One database. ``write`` and ``read`` are for the loops, ``begin`` for tools without one.

    Args:
        url: which one.
        keys: by which people's words are encrypted in it, the newest first; none: they are not.
    """

    def __init__(self, url: str, keys: Sequence[str] = ()) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = make_engine(self.url)
        encryption.use(self.engine, keys)
        self._wakes = Wakes(self.engine)
        self._writer = Writer(self.engine, self._wakes)
        self._lock = FileLock(self.url.database or "") if self.is_sqlite else None
        self._roles = Roles(self.engine)

    def open(self) -> None:
        """Take the file, bring an SQLite schema up to date, start the writer.

        Raises:
            StoreInUse: another process serves this SQLite file.
            SchemaTooNew: the file needs newer code.
            WrongKeys: the keys do not open what lies in it.
        """
        if self._lock:
            self._lock.acquire()
            upgrade(self.engine)
        self.require_keys()
        if encryption.keys_of(self.engine.dialect):
            with self.engine.begin() as connection:
                encryption.begin(connection)
            self.require_keys()  # another process may have begun with another key meanwhile
        self._writer.start()

    def require_keys(self) -> None:
        """See to it that the keys open what lies there.

        Raises:
            WrongKeys: they do not.
        """
        encryption.require(encryption.keys_of(self.engine.dialect), self._probe())

    def is_encrypted(self) -> bool:
        """Whether a program with keys has served this database."""
        return self._probe() != b""

    def _probe(self) -> bytes:
        with self.engine.connect().execution_options(reading=True) as connection:
            return encryption.probe_in(connection)

    def close(self) -> None:
        """Finish what waits and let go of everything."""
        self._writer.stop()
        self._roles.close()
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
            with self.reading() as uow:
                return query(uow)

        return await asyncio.to_thread(_asked, run)

    @asynccontextmanager
    async def kept(self, query: Callable[[UnitOfWork], T]) -> AsyncIterator[T]:
        """A query whose locks are kept until the block ends; SQLite, with one process, has none to keep.

        Raises:
            StoreUnavailable: the database is locked or gone.
        """
        if self.is_sqlite:
            yield await self.read(query)
            return
        kept = ExitStack()
        try:
            yield await asyncio.to_thread(_asked, lambda: query(kept.enter_context(self.reading())))
        finally:
            with suppress(StoreUnavailable):  # a connection that was cut keeps nothing; what ends us must get through
                await asyncio.to_thread(_asked, kept.close)

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
            self._wakes.tell(connection, written(session))
            seal(connection, taken(session))

    async def hold(self, role: str) -> bool:
        """Whether this process may play a role that only one may (sender, poller, sweeper).

        SQLite: the file lock says so already. PostgreSQL: a session lock, which a killed process frees at once.
        """
        if self.is_sqlite:
            return True
        return await asyncio.to_thread(self._roles.hold, role)

    async def listen(self, wake: Callable[[str], None]) -> None:
        """Pass on what other processes wrote (``wakes.INBOUND``, ``wakes.OUTBOUND``), until cancelled; PostgreSQL only.

        Raises:
            StoreUnavailable: the connection was cut, or could not be made.
        """
        try:
            await self._wakes.listen(wake)
        except psycopg.Error as error:
            raise StoreUnavailable(type(error).__name__) from None


def _asked(query: Callable[[], T]) -> T:
    try:
        return query()
    except (DBAPIError, encryption.WrongKeys) as error:
        raise StoreUnavailable(type(error).__name__) from None
