"""The writer: one thread through which every write goes, many waiting units to one commit.

Owns the grouping: whatever units wait become savepoints of one transaction, so that one flush to the disk serves them
all and a unit that fails takes nobody with it; and that their acts are sealed with them, and other processes told.
Refuses to know what a unit does.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from chatbot.store.audit import seal, taken
from chatbot.store.encryption import WrongKeys
from chatbot.store.wakes import Wakes, written

T = TypeVar("T")
_MOST = 64  # units to one commit: enough to share a flush, few enough that none waits long


class StoreUnavailable(Exception):
    """The database is locked, full or gone. Nothing of the unit was kept; it may be tried again."""


def is_outage(error: BaseException) -> bool:
    """Whether an error is the database's own trouble, and no fault of what was read or written.

    It is locked, full or gone; or somebody began to encrypt it, and this process has no key.
    """
    return isinstance(error, OperationalError | WrongKeys)


class Writer:
    """Runs units of work one after another in a thread of its own.

    A unit is a function of a session. It is committed when the future is done, and rolled back when it raised.
    """

    def __init__(self, engine: Engine, wakes: Wakes) -> None:
        self._engine = engine
        self._wakes = wakes
        self._waiting: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    async def run(self, unit: Callable[[Session], T]) -> T:
        """Run a unit and wait until it is committed.

        Raises:
            StoreUnavailable: nothing was kept.
            Exception: whatever the unit raised; nothing of it was kept.
        """
        future: Future[T] = Future()
        self._waiting.put((unit, future))
        return await asyncio.wrap_future(future)

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            group = [first]
            stopping = False
            while len(group) < _MOST and not self._waiting.empty():
                item = self._waiting.get()
                if item is None:
                    stopping = True
                    break
                group.append(item)
            self._commit([(unit, future) for unit, future in group if future.set_running_or_notify_cancel()])
            if stopping:
                return

    def _commit(self, group: list[tuple[Callable[[Session], Any], Future[Any]]]) -> None:
        results: list[tuple[Future[Any], Any]] = []
        failed: list[tuple[Future[Any], Exception]] = []
        acts: list[dict[str, Any]] = []
        wrote: set[str] = set()
        try:
            with self._engine.begin() as connection:
                for unit, future in group:
                    try:
                        result, done, what = _in_savepoint(connection, unit)
                    except Exception as error:  # the unit's own failure goes to whoever asked for it
                        if connection.invalidated or not connection.in_transaction():
                            raise
                        failed.append((future, error))
                    else:
                        results.append((future, result))
                        acts += done
                        wrote |= what
                    _still_together(connection)
                self._wakes.tell(connection, wrote)
                seal(connection, acts)
        except Exception as error:  # noqa: BLE001  nothing of the group was kept, and each is told so
            lost = StoreUnavailable(type(error).__name__) if isinstance(error, SQLAlchemyError) else error
            for _, future in group:
                future.set_exception(lost)
            return
        for future, result in results:
            future.set_result(result)
        for future, refused in failed:
            future.set_exception(StoreUnavailable() if is_outage(refused) else refused)


def _still_together(connection: Connection) -> None:
    """Refuse to go on where SQLite has rolled everybody back, as it does when the disk is full.

    A commit of nothing would be no error to its driver, and those before would be told that they were kept.

    Raises:
        StoreUnavailable: nothing of the group is there any more.
    """
    if not getattr(connection.connection.dbapi_connection, "in_transaction", True):
        raise StoreUnavailable


def _in_savepoint(connection: Connection, unit: Callable[[Session], T]) -> tuple[T, list[dict[str, Any]], set[str]]:
    """Run a unit; its result, the acts that it leaves to be sealed, and what others are to be told of."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        result = unit(session)
        session.commit()
        return result, taken(session), written(session)
