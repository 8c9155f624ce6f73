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
        bounds = [slice(self.starts[span.start], self.starts[span.stop]) for span in spans]
        sizes = np.concatenate([self.starts[span.start + 1 : span.stop + 1] - self.starts[span] for span in spans])
        columns = np.concatenate([self.columns[bound] for bound in bounds])
        terms = np.zeros(len(columns) + 1, dtype=np.float32)  # one more: where a last row that is empty starts
        np.multiply(vector.take(columns), np.concatenate([self.values[bound] for bound in bounds]), out=terms[:-1])
        products: Floats = np.add.reduceat(terms, np.cumsum(sizes) - sizes)
        products[sizes == 0] = 0  # of nothing, reduceat makes the term that follows
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
