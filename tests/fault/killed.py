"""The real program, which kills itself with SIGKILL at its n-th commit: just before it, or just after it.

Run as ``python tests/fault/killed.py run`` with KILL_AT (a count) and KILL_WHEN ("before" or "after"). Only commits of
something count: a look at the queue that finds nothing to do is none.
"""

from __future__ import annotations

import itertools
import os
import signal
from typing import Any

from sqlalchemy import Engine, event

from chatbot.cli import main

AT, WHEN = int(os.environ["KILL_AT"]), os.environ["KILL_WHEN"]
_commits = itertools.count(1)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@event.listens_for(Engine, "engine_connect")
def _watch(connection: Any) -> None:
    original = connection._commit_impl
    before = connection.connection.dbapi_connection.total_changes

    def commit() -> None:
        changed = connection.connection.dbapi_connection.total_changes != before
        number = next(_commits) if changed else 0
        if number == AT and WHEN == "before":
            _die()
        original()
        if number == AT and WHEN == "after":
            _die()

    connection._commit_impl = commit


if __name__ == "__main__":
    main()
