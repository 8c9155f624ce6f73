"""The real program, which kills itself with SIGKILL at its n-th commit: just before it, or just after it.

Run as ``python tests/fault/killed.py run``, ``web`` or ``worker``, with KILL_AT (a count) and KILL_WHEN ("before" or
"after"). Only commits of something count: a look at the queue that finds nothing to do is none.
"""

from __future__ import annotations

import itertools
import os
import signal
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from chatbot.cli import main

AT, WHEN = int(os.environ["KILL_AT"]), os.environ["KILL_WHEN"]
_commits = itertools.count(1)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _writes(dbapi: Any) -> int:
    """A number that is another one once something was written: of the connection, or of its transaction."""
    if isinstance(dbapi, psycopg.Connection):
        found = dbapi.execute("select pg_current_xact_id_if_assigned()::text::bigint").fetchone()
        return int(found[0] or 0) if found else 0
    return int(dbapi.total_changes)


@event.listens_for(Engine, "engine_connect")
def _watch(connection: Any) -> None:
    original = connection._commit_impl
    dbapi = connection.connection.dbapi_connection
    before = 0 if isinstance(dbapi, psycopg.Connection) else _writes(dbapi)

    def commit() -> None:
        number = next(_commits) if _writes(dbapi) != before else 0
        if number == AT and WHEN == "before":
            _die()
        original()
        if number == AT and WHEN == "after":
            _die()

    connection._commit_impl = commit


if __name__ == "__main__":
    main()
