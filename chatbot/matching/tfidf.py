"""TF-IDF over texts of the corpus, laid out so that a question touches only the texts it shares a feature with.

Owns the weights and the postings. Refuses deciding what a feature is.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class TfIdf:
    """Cosine similarity of bags of features with a fixed set of texts."""

    def __init__(self, bags: Sequence[Counter[str]]) -> None:
        """Weigh and index the bags, one for each text."""
        counts = Counter(feature for bag in bags for feature in bag)
        self._size = len(bags)
        self._unknown = math.log(1 + len(bags)) + 1
        self._idf = {feature: math.log((1 + len(bags)) / (1 + count)) + 1 for feature, count in counts.items()}
        rows: dict[str, list[int]] = defaultdict(list)
        weights: dict[str, list[float]] = defaultdict(list)
        for row, bag in enumerate(bags):
            for feature, weight in self._unit(bag).items():
                rows[feature].append(row)
                weights[feature].append(weight)
        self._postings = {
            feature: (np.array(rows[feature], dtype=np.int32), np.array(weights[feature], dtype=np.float32))
            for feature in rows
        }

    def idf(self, feature: str) -> float:
        """Weigh a feature by its rarity; one that no text has weighs most."""
        return self._idf.get(feature, self._unknown)

    def similarities(self, bag: Counter[str]) -> Floats:
        """Compute the cosine of a bag with every text, shape (texts,)."""
        unit = self._unit(bag)
        found = [feature for feature in unit if feature in self._postings]
        if not found:
            return np.zeros(self._size)
        postings = [self._postings[feature] for feature in found]
        rows = np.concatenate([posting[0] for posting in postings])
        weights = np.concatenate([posting[1] for posting in postings])
        asked = np.repeat([unit[feature] for feature in found], [len(posting[0]) for posting in postings])
        similarities: Floats = np.bincount(rows, weights=weights * asked, minlength=self._size).astype(np.float64)
        return similarities

    def _unit(self, bag: Counter[str]) -> dict[str, float]:
        weighted = {feature: (1 + math.log(count)) * self.idf(feature) for feature, count in bag.items()}
        norm = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        return {feature: weight / norm for feature, weight in weighted.items()}
