"""Roles that only one process may play: sender, poller, sweeper and the like. PostgreSQL's session locks say who.

Owns one connection, whose session holds the locks of all this process's roles: when the process dies the server closes
the session, and they are free. Refuses SQLite, where the file's lock says it already.
"""

from __future__ import annotations

import threading
import zlib
from contextlib import suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError


class Roles:
    """What this process plays."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = threading.Lock()  # callers come from several threads, and a connection serves one
        self._connection: Connection | None = None
        self._held: set[str] = set()

    def hold(self, role: str) -> bool:
        """Whether this process plays a role now, asked of the database: a session that was cut off holds nothing."""
        with self._guard:
            try:
                return self._asked(role)
            except DBAPIError:
                self._let_go()
                return False

    def _asked(self, role: str) -> bool:
        if self._connection is None:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # not one of the pool's, which are for work
            self._connection = connection
        if role in self._held:
            self._connection.execute(text("select 1"))
            return True
        # Versions side by side must agree on this number.
        key = zlib.crc32(f"role:{role}".encode())
        if self._connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": key}).scalar():
            self._held.add(role)
        return role in self._held

    def close(self) -> None:
        """Let go of every role."""
        with self._guard:
            self._let_go()

    def _let_go(self) -> None:
        self._held.clear()
        if self._connection is not None:
            with suppress(DBAPIError):  # it may be cut already
                self._connection.close()
            self._connection = None
