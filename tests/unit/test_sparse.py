from __future__ import annotations

import numpy as np

from chatbot.matching.sparse import Rows


def test_rows_of_spans_are_multiplied_in_order_and_empty_ones_make_nothing() -> None:
    rows = Rows(np.array([0, 0, 2, 2, 3, 4, 4]), np.array([0, 2, 1, 0], "i4"), np.array([1, 2, 3, 4], "f4"), 3)
    spans = [slice(0, 1), slice(0, 6), slice(2, 3), slice(3, 5)]
    products = rows.times(np.array([1, 10, 100], "f4"), spans)
    assert products.tolist() == [0, *(0, 201, 0, 30, 4, 0), 0, *(30, 4)]
