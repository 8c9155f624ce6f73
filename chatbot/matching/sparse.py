"""Rows of few numbers: texts by their features, as three arrays.

Owns the layout. Refuses knowing what a number means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix by rows.

    Attributes:
        starts: where each row starts in the other two, shape (height + 1,).
        columns: the columns that are not 0.
        values: what stands there.
        width: number of columns.
    """

    starts: npt.NDArray[np.int64]
    columns: Ints
    values: Floats
    width: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.starts) - 1

    def row(self, number: int) -> tuple[Ints, Floats]:
        """The columns and values of one row."""
        start, end = self.starts[number], self.starts[number + 1]
        return self.columns[start:end], self.values[start:end]

    def times(self, vector: Floats, spans: Sequence[slice]) -> Floats:
        """Multiply rows with a vector.

        Args:
            vector: shape (width,).
            spans: the rows.

        Returns:
            The products, shape (rows of all spans,).
        """
        return np.concatenate([self._times(vector, span) for span in spans])

    def _times(self, vector: Floats, span: slice) -> Floats:
        # One span at a time: its numbers stay in the processor's cache.
        starts = self.starts[span.start : span.stop + 1]
        stored = slice(starts[0], starts[-1])
        terms = vector.take(self.columns[stored], mode="clip")  # no column lies outside, and to check that takes longer
        terms *= self.values[stored]
        filled = starts[1:] > starts[:-1]  # of an empty row, reduceat makes the term that follows
        products = np.zeros(len(filled), dtype=np.float32)
        products[filled] = np.add.reduceat(terms, starts[:-1][filled] - starts[0])
        return products

    def squares(self) -> Floats:
        """The square of each row's length, shape (height,)."""
        numbers = np.repeat(np.arange(self.height), np.diff(self.starts))
        squares: Floats = np.bincount(numbers, weights=self.values**2, minlength=self.height).astype(np.float32)
        return squares

    def turned(self) -> Rows:
        """The same numbers by columns."""
        order = np.argsort(self.columns, kind="stable")
        counts = np.bincount(self.columns, minlength=self.width)
        numbers = np.repeat(np.arange(self.height, dtype=np.int32), np.diff(self.starts))
        return Rows(np.concatenate(([0], np.cumsum(counts))), numbers[order], self.values[order], self.height)
