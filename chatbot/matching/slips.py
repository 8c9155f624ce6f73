"""Words that are one slip of the finger away from those that a corpus knows.

Owns how much is forgiven. Refuses SMS spelling, which is a habit and no slip (``core.spelling``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

_SHORTEST = 5  # letters from which one slip is forgiven


class Slips:
    """The words of a vocabulary, looked up as they may be misspelt."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._vocabulary = frozenset(vocabulary)
        starts: dict[str, list[str]] = {}
        for word in sorted(self._vocabulary):
            if len(word) >= _SHORTEST - 1:
                starts.setdefault(word[:2], []).append(word)
        self._starts = {start: tuple(found) for start, found in starts.items()}

    def forms(self, word: str) -> Sequence[str]:
        """How the vocabulary spells a word: as it stands, else one slip away, the first two letters being right."""
        if word in self._vocabulary:
            return (word,)
        if len(word) < _SHORTEST:
            return ()
        return [other for other in self._starts.get(word[:2], ()) if OSA.distance(word, other, score_cutoff=1) <= 1]
