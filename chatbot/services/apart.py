"""Work that takes seconds of computing, in a process of its own, so that messages go on being answered meanwhile.

Owns starting and ending that process. Refuses to know what is computed.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_LONGEST = 120.0  # seconds; a file may be made to be read for hours


def apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in a process that is started for it, and wait; call this in a thread.

    Args:
        work: a function of a module, whose arguments and result can be pickled.
        args: its arguments.
        kwargs: likewise.

    Raises:
        multiprocessing.TimeoutError: it took longer than two minutes, or the process was killed.
    """
    # Spawned, not forked: a copy of a process with threads may hold a lock that nobody gives back.
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # leaving it ends the process
        return pool.apply_async(work, args, kwargs).get(_LONGEST)
