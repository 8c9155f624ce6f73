"""The matcher, and one that lives in a process of its own: matching is a quarter of what a message costs.

Owns what is asked of that process: it learns, stays and answers, beside the one that writes. Where it is lost, the
matcher is made here. Refuses the ranking (``matching.matcher``), the files (``faq``) and processes (``apart``).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from chatbot.core.message import Match
from chatbot.logs import failure, log
from chatbot.matching.lexicon import TABLES, Lexicon, read_tables
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.apart import LONGEST, Apart

Texts = tuple[tuple[str, str, str], ...]  # entry id, locale, text

_MANY = 2000  # texts that take longer to learn than a process takes to start
_ANSWERS = 3.0  # seconds, twice; a batch takes a tenth of one
_LEARNT: list[FaqMatcher] = []  # in that process: the one that it has


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
        self._texts = answered, refused
        self._known = answered
        self._here: FaqMatcher | None = None
        self._turn = threading.Lock()
        self._process = Apart()
        self._process.ask(LONGEST, _learn, answered, refused)

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
        return self

    def _ask(self, what: str, *arguments: Any) -> Any:
        with self._turn:
            if self._here is None:
                try:
                    return self._process.ask(_ANSWERS, _asked, what, *arguments)
                except TimeoutError as lost:  # a citizen waits for this: it is not tried again, but for another FAQ
                    log().error("matcher_lost", **failure(lost))
                    self._here = matcher(*self._texts).with_texts(self._known)
            if what == "with_texts":
                self._here = self._here.with_texts(*arguments)
                return None
            return getattr(self._here, what)(*arguments)


def _learn(answered: Texts, refused: Texts) -> None:
    _LEARNT[:] = [matcher(answered, refused)]


def _asked(what: str, *arguments: Any) -> Any:
    (learnt,) = _LEARNT
    result = getattr(learnt, what)(*arguments)
    if what != "with_texts":
        return result
    _LEARNT[:] = [result]
    return None
