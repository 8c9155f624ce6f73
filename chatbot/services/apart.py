"""Work that takes much computing, in a process of its own, so that messages go on being answered meanwhile.

Owns starting and ending such a process, and what is said to it. Refuses to know what is computed.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, ParamSpec, TypeVar, cast

from chatbot.memory import give_back_at_once

P = ParamSpec("P")
R = TypeVar("R")

LONGEST = 60.0  # seconds, twice; a file may be made to be read for hours
_ENDS = 5.0  # seconds


def apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in a process that is started for it, and wait; call this in a thread.

    Args:
        work: a function of a module, whose arguments and result can be pickled.
        args: its arguments.
        kwargs: likewise.

    Raises:
        TimeoutError: it took longer than two minutes, or the process was killed.
    """
    process = Apart()
    try:
        return process.ask(LONGEST, work, *args, **kwargs)
    finally:
        process.end()


class Apart:
    """A process that does what it is asked, one thing after the other, and ends with whoever can ask it.

    It is given no secret. To be asked by one thread at a time.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  this module, by this interpreter
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote people's words
            env={name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")},
        )
        self.end = weakref.finalize(self, _end, self._process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, seconds: float, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function there, and wait.

        Args:
            seconds: how long, twice.
            work: a function of a module, whose arguments and result can be pickled.
            args: its arguments.
            kwargs: likewise.

        Raises:
            TimeoutError: it took longer, or the process was killed; it is ended then.
        """
        given, answers = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)
        comes = select.poll()  # ``select`` takes none of the descriptors beyond 1023
        comes.register(answers, select.POLLIN)
        try:
            pickle.dump((seconds, work, args, kwargs), given, pickle.HIGHEST_PROTOCOL)
            given.flush()
            # Twice: of a program that was stopped and goes on the time is over, and the process had none of it.
            if not (comes.poll(seconds * 1000) or comes.poll(seconds * 1000)):
                raise TimeoutError
            answer: tuple[R, Exception | None] = pickle.load(answers)  # noqa: S301  written by the process above
        except (OSError, EOFError, pickle.UnpicklingError):
            self._process.kill()
            self.end()
            raise TimeoutError("the work took too long, or its process was killed") from None
        result, error = answer
        if error is not None:
            raise error
        return result


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process: it does so by itself where nobody can ask it any more."""
    for pipe in (process.stdin, process.stdout):
        with suppress(BrokenPipeError):  # what it did not come to read
            cast("BinaryIO", pipe).close()
    try:
        process.wait(_ENDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Do what is asked, until whoever asks is gone."""
    while True:
        try:
            seconds, work, args, kwargs = pickle.load(given)  # noqa: S301  written by ``Apart.ask``
        except EOFError:
            return
        signal.alarm(int(2 * seconds) + 1)  # should nobody be left who waits
        result, error = None, None
        try:
            result = work(*args, **kwargs)
        except Exception as raised:  # noqa: BLE001  raised again where it was asked for
            error = raised
        signal.alarm(0)
        pickle.dump((result, error), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    # Whoever stops the program may stop all its processes; this one is needed until the last message is done.
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    give_back_at_once()
    with os.fdopen(0, "rb") as incoming, os.fdopen(1, "wb") as outgoing:
        _serve(incoming, outgoing)
