"""What of a text is compared: its topics and their neighbours, its words, and runs of letters.

Owns the features and their weights (TF-IDF), learnt from the corpus's texts. Refuses comparing.

Runs of letters forgive typing slips and SMS spelling; they are taken of the topics, after spelling and synonyms, and of
the words as they were written, where those steps went wrong.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, pairwise

import numpy as np
import numpy.typing as npt

from chatbot.matching.normalise import Terms
from chatbot.matching.sparse import Rows

_KINDS = "tcwr"  # what a feature's key begins with: topics, their letters, words, letters as written
_WEIGHTS = (0.7, 0.7, 1.2, 1.0)  # how much each kind counts
_LEAN_WEIGHTS = (1.0, 1.0)
_TOPIC_RUNS = range(2, 6)  # letters
_WRITTEN_RUNS = range(2, 5)
_LEAN_RUNS = range(3, 5)
_MANY = 2000  # texts from which a run of letters, or a pair of words, of one text only is not worth its place
_REMEMBERED = 10_000  # words whose runs of letters are not looked up again: most words of a question are old ones

_AT_ONCE = 256  # texts that are counted together: what is not counted yet is large

Counts = npt.NDArray[np.int32]


class Features:
    """The features of a fixed set of texts, and how much each weighs."""

    def __init__(self, read: Sequence[Terms], *, lean: bool = False) -> None:
        """Learn the features of texts; ``rows`` are the texts themselves.

        Args:
            read: the texts.
            lean: leave out what a large corpus can do without: words, letters as written, the shortest runs.
        """
        self._lean = lean
        self._weights = np.array(_LEAN_WEIGHTS if lean else _WEIGHTS)
        self.size = float(np.sqrt(self._weights @ self._weights))  # the length of a text's row
        self._remembered: dict[tuple[str, str], tuple[int, ...]] = {}
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        self._column: Callable[[str], int | None] = numbers.__getitem__  # gives a new key the next number
        texts, columns, counts = self._count(read)
        used = np.bincount(columns, minlength=len(numbers)).tolist()
        # A run of letters, or a pair of words, that stands in one text of many is left out.
        kept = [
            len(read) < _MANY or times > 1 or (key[0] in "tw" and " " not in key)
            for key, times in zip(numbers, used, strict=True)
        ]
        self._columns = {key: number for number, key in enumerate(compress(numbers, kept))}
        self._column = self._columns.get
        self._remembered.clear()
        stays = np.array(kept, dtype=bool)
        renumbered = np.cumsum(stays) - 1
        stays = stays[columns]
        texts, columns, counts = texts[stays], renumbered[columns[stays]], counts[stays]
        self._kinds = np.array([_KINDS.index(key[0]) for key in self._columns], dtype=np.int8)
        self._idf = np.log((1 + len(read)) / (1 + np.bincount(columns, minlength=len(self._columns)))) + 1
        self._rarest = math.log(1 + len(read)) + 1
        self.rows = self._weigh(len(read), texts, columns, counts)

    def of(self, read: Sequence[Terms]) -> Rows:
        """Weigh the features of other texts, as far as the corpus has them."""
        return self._weigh(len(read), *self._count(read))

    def rarity(self, topic: str) -> float:
        """Weigh a topic by its rarity; one that no text has weighs most."""
        column = self._columns.get(f"t{topic}")
        return self._rarest if column is None else float(self._idf.item(column))

    def _found(self, terms: Terms) -> list[int]:
        """The columns of a text's features, each as often as the text has it."""
        found = self._look_up(_with_pairs("t", terms.topics))
        for topic in terms.topics:
            found += self._runs_of("c", topic)
        if not self._lean:
            found += self._look_up(_with_pairs("w", terms.words))
            for word in terms.raw:
                found += self._runs_of("r", word)
        return found

    def _look_up(self, keys: Iterable[str]) -> list[int]:
        return [column for column in map(self._column, keys) if column is not None]

    def _runs_of(self, kind: str, word: str) -> tuple[int, ...]:
        """The columns of a word's runs of letters."""
        found = self._remembered.get((kind, word))
        if found is None:
            lengths = _LEAN_RUNS if self._lean else _TOPIC_RUNS if kind == "c" else _WRITTEN_RUNS
            found = tuple(self._look_up(_runs(kind, word, lengths)))
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[kind, word] = found
        return found

    def _count(self, read: Sequence[Terms]) -> tuple[Counts, Counts, Counts]:
        """Count the features of texts: text, column and count of each that a text has, in this order."""
        parts = [
            self._count_some(read[start : start + _AT_ONCE], start) for start in range(0, len(read) or 1, _AT_ONCE)
        ]
        texts, columns, counts = (np.concatenate(part) for part in zip(*parts, strict=True))
        return texts, columns, counts

    def _count_some(self, read: Sequence[Terms], first: int) -> tuple[Counts, Counts, Counts]:
        found, sizes = array("i"), array("i")
        for terms in read:
            columns = self._found(terms)
            found.extend(columns)
            sizes.append(len(columns))
        columns_of_all = np.array(found, dtype=np.int64)
        width = int(columns_of_all.max(initial=0)) + 1
        texts = np.repeat(np.arange(len(read)), np.array(sizes, dtype=np.int32))
        pairs, counts = np.unique(texts * width + columns_of_all, return_counts=True)
        return (first + pairs // width).astype("i4"), (pairs % width).astype("i4"), counts.astype("i4")

    def _weigh(self, height: int, texts: Counts, columns: Counts, counts: Counts) -> Rows:
        """Weigh features by rarity and count; together, those of a kind in a text are as long as the kind counts.

        Args:
            height: how many texts there are.
            texts: numbers of the texts that have the features, ascending, shape (features,).
            columns: which features they are, shape (features,).
            counts: how often the text has them, shape (features,).
        """
        values = self._idf[columns] * (1 + np.log(counts))
        kinds = self._kinds[columns]
        bags = texts * len(self._weights) + kinds
        sizes = np.sqrt(np.bincount(bags, weights=values * values))
        values *= self._weights[kinds] / sizes[bags]
        starts = np.searchsorted(texts, np.arange(height + 1))
        return Rows(starts, columns.astype(np.int32), values.astype(np.float32), len(self._columns))


def _with_pairs(kind: str, words: Sequence[str]) -> Iterator[str]:
    """Words, and each with the one that follows it."""
    for word in words:
        yield kind + word
    for one, two in pairwise(words):
        yield f"{kind}{one} {two}"


def _runs(kind: str, word: str, lengths: range) -> Iterator[str]:
    """The runs of letters of a word, its ends marked."""
    marked = f" {word} "
    for length in lengths:
        if length >= len(marked):
            yield kind + marked
            break
        for at in range(len(marked) - length + 1):
            yield kind + marked[at : at + length]
