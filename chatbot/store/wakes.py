"""Waking other processes: what was written is said in the transaction that wrote it, by PostgreSQL's NOTIFY.

Owns what is said and the connection that listens. Refuses to be relied on: whoever is waked looks into the tables, and
looks there without being waked too. On SQLite there is one process, and nobody to wake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import uuid4

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from chatbot.store.engine import connect_options

INBOUND, OUTBOUND = "inbound", "outbound"  # something to handle; something to send or fetch
_CHANNEL = "tanggap"
_WRITTEN = "written"  # where a session keeps what it is to say
_PING = 30.0  # seconds without a word, after which the connection is tried


def wrote(session: Session, what: str) -> None:
    """This session's transaction writes something that another process may wait for."""
    session.info.setdefault(_WRITTEN, set()).add(what)


def written(session: Session) -> set[str]:
    """What a session whose work is done wrote, to be said with the transaction."""
    what: set[str] = session.info.pop(_WRITTEN, set())
    return what


class Wakes:
    """What this process says to the others and hears of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._us = uuid4().hex  # our own loops are waked within the process, and sooner

    def tell(self, connection: Connection, what: Collection[str]) -> None:
        """Say something to all who listen, once the transaction is committed."""
        if what and connection.dialect.name == "postgresql":
            said = {"channel": _CHANNEL, "words": [f"{self._us} {one}" for one in sorted(what)]}
            connection.execute(text("select pg_notify(:channel, word) from unnest(cast(:words as text[])) word"), said)

    async def listen(self, wake: Callable[[str], None]) -> None:
        """Pass on what other processes say, until cancelled.

        Raises:
            psycopg.Error: the connection could not be made, or was cut; what was said meanwhile is not heard.
        """
        _, options = self._engine.dialect.create_connect_args(self._engine.url)
        options = {**options, **connect_options(), "autocommit": True}
        async with await psycopg.AsyncConnection.connect(**options) as connection:
            await connection.execute(f"listen {_CHANNEL}")
            for what in (INBOUND, OUTBOUND):  # it may have been said before we listened
                wake(what)
            while True:
                async for said in connection.notifies(timeout=_PING):
                    who, _, what = said.payload.partition(" ")
                    if who != self._us:
                        wake(what)
                await connection.execute("select 1")
