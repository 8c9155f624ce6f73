"""Texts that a matcher was told of but has not learnt yet: which one a question is like, until learning is through.

Owns how much of such a text a question must say. Refuses ranking what was learnt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from chatbot.core.spelling import index_by_consonants, restore_vowels
from chatbot.matching.slips import Slips

_NEARLY_ALL = 0.75  # of what a question says, by the rarity of its topics
_MUCH = 0.5  # of the question, and of the text: enough to be offered, not to be answered
_LEAST = 2  # topics of a text; one word says too little


class Found(NamedTuple):
    """The entry of the text that a question is most like; ``whole``: the question says that text and little else."""

    entry_id: str
    whole: bool


_NOTHING = Found("", whole=False)


class Fresh:
    """Texts by their topics."""

    def __init__(self, texts: Iterable[tuple[frozenset[str], str]], rarity: Callable[[str], float]) -> None:
        """Keep texts in mind.

        Args:
            texts: the topics of each, and whose it is.
            rarity: how much a topic says of what a question is about.
        """
        self._texts = [one for one in texts if len(one[0]) >= _LEAST]
        self._rarity = rarity
        vocabulary = frozenset().union(*(topics for topics, _ in self._texts))
        self._slips = Slips(vocabulary)
        self._consonants = index_by_consonants(sorted(vocabulary))

    def find(self, topics: Collection[str]) -> Found:
        """The text that says most of what a question says; none where two entries say as much."""
        if not self._texts:
            return _NOTHING
        said = {topic: (self._rarity(topic), frozenset(self._forms(topic))) for topic in topics}
        meant = frozenset().union(*(forms for _, forms in said.values()))
        total = sum(weight for weight, _ in said.values())
        best, owners = (0.0, 0.0), set[str]()
        for told, entry_id in self._texts:
            if told.isdisjoint(meant):
                continue
            of_told = sum(map(self._rarity, told & meant)) / sum(map(self._rarity, told))
            of_said = sum(weight for weight, forms in said.values() if not told.isdisjoint(forms)) / total
            whole = told <= meant and of_said >= _NEARLY_ALL
            score = (float(whole), of_told * of_said)
            if (whole or min(of_told, of_said) >= _MUCH) and score >= best:
                owners = {entry_id} if score > best else owners | {entry_id}
                best = score
        return Found(owners.pop(), whole=best[0] > 0) if len(owners) == 1 else _NOTHING

    def _forms(self, topic: str) -> Collection[str]:
        return self._slips.forms(topic) or (restore_vowels(topic, self._consonants),)
