"""What of a text is compared: its topics and their neighbours, its words, and runs of letters.

Owns the features and their weights (TF-IDF), learnt from the corpus's texts. Refuses comparing.

Runs of letters forgive typing slips and SMS spelling; they are taken of the topics, after spelling and synonyms, and of
the words as they were written, where those steps went wrong.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from chatbot.matching.normalise import Terms
from chatbot.matching.sparse import Floats, Ints, Rows

# How much each kind of feature counts: topics, their letters, words, letters as written.
_WEIGHTS = (0.7, 0.7, 1.2, 1.0)
_LEAN_WEIGHTS = (1.0, 1.0)
_TOPIC_RUNS = range(2, 6)  # letters
_WRITTEN_RUNS = range(2, 5)
_LEAN_RUNS = range(3, 5)
_MANY = 2000  # texts from which a run of letters that stands in one of them only is not worth its place

Bags = tuple[Counter[str], ...]


class Features:
    """The features of a fixed set of texts, and how much each weighs."""

    def __init__(self, read: Sequence[Terms], *, lean: bool = False) -> None:
        """Learn the features of texts; ``rows`` are the texts themselves.

        Args:
            read: the texts.
            lean: leave out what a large corpus can do without: words, letters as written, the shortest runs.
        """
        self._lean = lean
        self._weights = _LEAN_WEIGHTS if lean else _WEIGHTS
        self.size = sum(weight * weight for weight in self._weights) ** 0.5  # the length of a text's row
        self.rows = self._weigh(*self._count(read))

    def of(self, terms: Terms) -> tuple[Ints, Floats]:
        """Weigh one text's features that the corpus has: their columns and values."""
        columns: list[int] = []
        values: list[float] = []
        for bag, weight in zip(self._bags(terms), self._weights, strict=True):
            start = len(columns)
            for key, count in bag.items():
                column = self._columns.get(key)
                if column is not None:
                    columns.append(column)
                    values.append(self._idf[column] * (1 + math.log(count) if count > 1 else 1.0))
            size = math.sqrt(sum(value * value for value in values[start:])) or 1.0
            values[start:] = [weight * value / size for value in values[start:]]
        return np.array(columns, dtype=np.int32), np.array(values, dtype=np.float32)

    def rarity(self, topic: str) -> float:
        """Weigh a topic by its rarity; one that no text has weighs most."""
        column = self._columns.get(f"t{topic}")
        return self._rarest if column is None else self._idf[column]

    def _bags(self, terms: Terms) -> Bags:
        topics = Counter(f"t{topic}" for topic in terms.topics)
        topics.update(f"t{one} {two}" for one, two in pairwise(terms.topics))
        letters = Counter(_runs("c", terms.topics, _LEAN_RUNS if self._lean else _TOPIC_RUNS))
        if self._lean:
            return topics, letters
        words = Counter(f"w{word}" for word in terms.words)
        words.update(f"w{one} {two}" for one, two in pairwise(terms.words))
        return topics, letters, words, Counter(_runs("r", terms.raw, _WRITTEN_RUNS))

    def _count(self, read: Sequence[Terms]) -> tuple[array[int], array[float], array[int]]:
        """Number all features: columns and counts, bag by bag, and where each bag ends."""
        numbers: dict[str, int] = {}
        columns, counts, ends = array("i"), array("f"), array("q")
        for terms in read:
            for bag in self._bags(terms):
                for key, count in bag.items():
                    columns.append(numbers.setdefault(key, len(numbers)))
                    counts.append(1 + math.log(count))
                ends.append(len(columns))
        self._columns = numbers
        return columns, counts, ends

    def _weigh(self, columns: array[int], counts: array[float], ends: array[int]) -> Rows:
        found = np.frombuffer(columns, dtype=np.int32) if columns else np.zeros(0, dtype=np.int32)
        tallies = np.frombuffer(counts, dtype=np.float32) if counts else np.zeros(0, dtype=np.float32)
        bounds = np.concatenate(([0], np.frombuffer(ends, dtype=np.int64) if ends else []))
        bounds = bounds.astype(np.int64)
        texts = len(ends) // len(self._weights)
        used = np.bincount(found, minlength=len(self._columns))
        found, tallies, bounds, used = self._pruned(found, tallies, bounds, used, texts)
        idf = np.log((1 + texts) / (1 + used)) + 1
        self._idf: list[float] = idf.tolist()
        self._rarest = math.log(1 + texts) + 1
        values = tallies * idf[found]
        sums = np.concatenate(([0.0], np.cumsum(values**2)))
        sizes = np.sqrt(np.maximum(sums[bounds[1:]] - sums[bounds[:-1]], 1e-12))
        weights = np.tile(np.array(self._weights), texts) / sizes
        values *= np.repeat(weights, np.diff(bounds))
        return Rows(bounds[:: len(self._weights)], found, values.astype(np.float32), len(self._columns))

    def _pruned(
        self, found: Ints, tallies: Floats, bounds: np.ndarray, used: np.ndarray, texts: int
    ) -> tuple[Ints, Floats, np.ndarray, np.ndarray]:
        """Leave out runs of letters that stand in one text of many."""
        if texts < _MANY:
            return found, tallies, bounds, used
        kept = np.array([used[number] > 1 or key[0] in "tw" for key, number in self._columns.items()])
        renumbered = np.cumsum(kept) - 1
        self._columns = {key: int(renumbered[number]) for key, number in self._columns.items() if kept[number]}
        stays = kept[found]
        before = np.concatenate(([0], np.cumsum(stays)))
        return renumbered[found[stays]].astype(np.int32), tallies[stays], before[bounds], used[kept]


def _runs(kind: str, words: Sequence[str], lengths: range) -> Iterator[str]:
    """The runs of letters of words, word ends marked, none across two words."""
    for word in words:
        marked = f" {word} "
        for length in lengths:
            if length >= len(marked):
                yield kind + marked
                break
            for at in range(len(marked) - length + 1):
                yield kind + marked[at : at + length]
