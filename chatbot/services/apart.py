"""Work that takes seconds of computing, in a process of its own, so that messages go on being answered meanwhile.

Owns starting and ending that process. Refuses to know what is computed.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import BinaryIO, ParamSpec, TypeVar

from chatbot.memory import give_back_at_once

P = ParamSpec("P")
R = TypeVar("R")

_LONGEST = 120.0  # seconds; a file may be made to be read for hours


def apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in a process that is started for it, and wait; call this in a thread.

    The result comes back in a file, after the process has ended: both together never hold it twice.

    Args:
        work: a function of a module, whose arguments and result can be pickled.
        args: its arguments.
        kwargs: likewise.

    Raises:
        TimeoutError: it took longer than two minutes, or the process was killed.
    """
    with tempfile.TemporaryFile() as exchange:
        pickle.dump((work, args, kwargs), exchange)
        exchange.flush()
        number = exchange.fileno()
        try:
            subprocess.run(  # noqa: S603  this module, by this interpreter
                [sys.executable, "-m", __name__, str(number)],
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a traceback may quote people's words
                check=True,
                timeout=_LONGEST,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            raise TimeoutError("the work took too long, or its process was killed") from None
        exchange.seek(0)
        answer: tuple[R, Exception | None] = pickle.load(exchange)  # noqa: S301  written by the process above
    result, error = answer
    if error is not None:
        raise error
    return result


def _work(exchange: BinaryIO) -> None:
    exchange.seek(0)
    work, args, kwargs = pickle.load(exchange)  # noqa: S301  written by ``apart``
    result, error = None, None
    try:
        result = work(*args, **kwargs)
    except Exception as raised:  # noqa: BLE001  raised again where it was asked for
        error = raised
    exchange.seek(0)
    exchange.truncate()
    pickle.dump((result, error), exchange)


if __name__ == "__main__":
    signal.alarm(int(_LONGEST) + 1)  # should nobody be left who waits
    give_back_at_once()
    with os.fdopen(int(sys.argv[1]), "r+b") as given:
        _work(given)
