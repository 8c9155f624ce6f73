"""The matcher, and one that lives in a process of its own: matching is a third of what a message costs.

Owns that process: it learns, stays and answers, beside the one that writes, and ends with it. Where it is lost, the
matcher is made here. Refuses the ranking (``matching.matcher``) and the files (``faq``).
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO, cast

from chatbot.core.message import Match
from chatbot.logs import failure, log
from chatbot.matching.lexicon import TABLES, Lexicon, read_tables
from chatbot.matching.matcher import FaqMatcher
from chatbot.memory import give_back_at_once

Texts = tuple[tuple[str, str, str], ...]  # entry id, locale, text

_MANY = 2000  # texts that take longer to learn than a process takes to start
_LEARNS = 60.0  # seconds, twice; a file may be made to be read for hours
_ANSWERS = 10.0  # seconds, twice; a batch takes a tenth of one
_ENDS = 5.0  # seconds


@cache
def lexicon() -> Lexicon:
    """The word tables that come with the program."""
    folder = files("chatbot.matching") / "words"
    return read_tables({name: (folder / f"{name}.txt").read_text(encoding="utf-8") for name in TABLES})


def matcher(answered: Texts, refused: Texts) -> FaqMatcher:
    """A matcher of texts, with the word tables that come with the program."""
    return FaqMatcher(answered, lexicon(), refused)


def matcher_apart(answered: Texts, refused: Texts) -> FaqMatcher | MatcherApart:
    """The same, of many texts in a process of its own.

    Raises:
        TimeoutError: that did not learn them within two minutes, or was killed.
    """
    if len(answered) + len(refused) < _MANY:
        return matcher(answered, refused)
    return MatcherApart(answered, refused)


class MatcherApart:
    """Does what a ``FaqMatcher`` does, and asks one in another process; to be called in threads."""

    def __init__(self, answered: Texts, refused: Texts) -> None:
        """Start the process and wait until it has learnt.

        Raises:
            TimeoutError: it took longer than two minutes, or was killed.
        """
        self._learnt = answered, refused
        self._known = answered
        self._here: FaqMatcher | None = None
        self._turn = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603  this module, by this interpreter
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote people's words
            env={name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")},  # secrets
        )
        self._end = weakref.finalize(self, _end, self._process)
        try:
            self._exchange((answered, refused), _LEARNS)
        except (OSError, EOFError):
            self._end()
            raise TimeoutError("learning took too long, or its process was killed") from None

    @property
    def pid(self) -> int:
        """The process that matches."""
        return self._process.pid

    def match_many(self, texts: Sequence[str], locale: str) -> list[Match]:
        """See ``FaqMatcher.match_many``."""
        found: list[Match] = self._ask("match_many", texts, locale)
        return found

    def rarity(self, topic: str) -> float:
        """See ``FaqMatcher.rarity``."""
        return float(self._ask("rarity", topic))

    def with_texts(self, texts: Texts) -> MatcherApart:
        """See ``FaqMatcher.with_texts``; here it is the matcher itself that knows them from now on."""
        self._known = texts
        self._ask("with_texts", texts)
        with self._turn:
            if self._here is not None:
                self._here = self._here.with_texts(texts)
        return self

    def _ask(self, what: str, *arguments: Any) -> Any:
        with self._turn:
            if self._here is None:
                try:
                    return self._exchange((what, arguments), _ANSWERS)
                except (
                    OSError,
                    EOFError,
                    pickle.UnpicklingError,
                ) as lost:  # a citizen waits for this: the process is not tried again
                    log().error("matcher_lost", **failure(lost))
                    self._end()
                    self._here = matcher(*self._learnt).with_texts(self._known)
            return getattr(self._here, what)(*arguments)

    def _exchange(self, question: object, seconds: float) -> Any:
        given, answers = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)
        pickle.dump(question, given, pickle.HIGHEST_PROTOCOL)
        given.flush()
        comes = select.poll()  # ``select`` takes none of the descriptors beyond 1023
        comes.register(answers, select.POLLIN)
        # Twice: of a program that was stopped and goes on the time is over, and the process had none of it.
        if not (comes.poll(seconds * 1000) or comes.poll(seconds * 1000)):
            raise TimeoutError
        result, error = pickle.load(answers)  # noqa: S301  written by our own process
        if error is not None:
            raise error
        return result


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process: it does so by itself where nobody can ask any more."""
    for pipe in (process.stdin, process.stdout):
        with suppress(BrokenPipeError):  # what it did not come to read
            cast("BinaryIO", pipe).close()
    try:
        process.wait(_ENDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Learn the texts that come first, then answer what is asked, until whoever asks is gone."""
    answered, refused = pickle.load(given)  # noqa: S301  written by the process that started this one
    ours = matcher(answered, refused)
    result: Any = None
    error: Exception | None = None
    while True:
        pickle.dump((result, error), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        try:
            what, arguments = pickle.load(given)  # noqa: S301  likewise
        except EOFError:
            return
        result = error = None
        try:
            if what == "with_texts":
                ours = ours.with_texts(*arguments)
            else:
                result = getattr(ours, what)(*arguments)
        except Exception as raised:  # noqa: BLE001  raised again where it was asked for
            error = raised


if __name__ == "__main__":
    # Whoever stops the program may stop all its processes; this one is needed until the last message is done.
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    give_back_at_once()
    with os.fdopen(0, "rb") as incoming, os.fdopen(1, "wb") as outgoing:
        _serve(incoming, outgoing)
