"""The real program, some of whose commits of what came in break in a way that nobody has foreseen: nothing is kept.

Run as ``python tests/fault/failing.py run`` with FAIL_FROM and FAIL_TO (counts of such commits).
"""

from __future__ import annotations

import itertools
import os
from typing import Any

from sqlalchemy import Connection, Engine, event

from chatbot.cli import main

_FAILING = range(int(os.environ["FAIL_FROM"]), int(os.environ["FAIL_TO"]))
_commits = itertools.count(1)


@event.listens_for(Engine, "before_cursor_execute")
def _look(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    if statement.startswith("INSERT INTO inbound"):
        connection.info["takes_in"] = True


@event.listens_for(Engine, "commit")
def _fail(connection: Connection) -> None:
    if connection.info.pop("takes_in", False) and next(_commits) in _FAILING:
        raise RuntimeError


if __name__ == "__main__":
    main()
