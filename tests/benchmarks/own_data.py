"""Our matcher over any data set: pairs of entry id and variant go in, ranked ids with a confidence come out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatbot.matching.corpus import assemble
from chatbot.matching.lexicon import NO_LEXICON
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq import read_folder
from chatbot.services.matcher_apart import lexicon


class Indonesian:
    """Indonesian variants of any field."""

    locale = "id"
    lexicon = lexicon()
    refused: tuple[tuple[str, str, str], ...] = ()  # (kind, locale, variant) of what no entry answers

    def fit(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Learn pairs of entry id and variant."""
        texts = [(entry_id, self.locale, text) for entry_id, text in pairs]
        self._matcher = FaqMatcher(texts, self.lexicon, self.refused)

    def rank(self, query: str, k: int) -> list[tuple[str, float]]:
        """Entry ids with their confidence, best first, three at most."""
        match = self._matcher.match_many([query], self.locale)[0]
        return [(one.entry_id, one.confidence) for one in match.candidates[:k]]


class English(Indonesian):
    """English variants of any field."""

    locale = "en"
    lexicon = NO_LEXICON


class Police(Indonesian):
    """Variants of a police desk: what no entry of ours answers, theirs will not either."""

    refused = tuple(assemble(read_folder(Path("faq"))).refused())
