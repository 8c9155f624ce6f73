"""Learning which features tell entries apart: a linear support vector machine for each entry against all others.

Owns the training. Refuses knowing what the features are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chatbot.matching.sparse import Rows

Weights = npt.NDArray[np.float32]

_COST = 0.5  # of a text on the wrong side, against the size of the weights
_PASSES = 5  # over all texts; more change nothing that a question would notice
_SEED = 1  # of the order in which texts are looked at
_UNMOVED = 1e-6


def train(rows: Rows, owners: npt.NDArray[np.int64], classes: int) -> Weights:
    """Train all machines together by dual coordinate descent.

    The method is that of Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM" (ICML 2008), for
    the squared hinge loss; one step serves all classes, because they share the text.

    Args:
        rows: the texts' features, their size being 1 or so.
        owners: each text's class, shape (texts,).
        classes: how many there are.

    Returns:
        Weights, shape (features + 1, classes); the last row is the bias.
    """
    weights = np.zeros((rows.width + 1, classes), dtype=np.float32)
    duals = np.zeros((rows.height, classes), dtype=np.float32)
    slack = 0.5 / _COST
    sizes = rows.squares() + 1.0 + slack  # the bias is a feature of 1
    sides = -np.ones((classes, classes), dtype=np.float32)
    np.fill_diagonal(sides, 1.0)
    order = np.random.default_rng(_SEED)
    for _ in range(_PASSES):
        for row in order.permutation(rows.height):
            features, values = rows.row(row)
            side = sides[owners[row]]
            touched = weights[features]
            slope = side * (values @ touched + weights[-1]) - 1 + slack * duals[row]
            dual = np.maximum(duals[row] - slope / sizes[row], 0)
            step = (dual - duals[row]) * side
            duals[row] = dual
            if np.abs(step).max() > _UNMOVED:
                weights[features] = touched + values[:, None] * step
                weights[-1] += step
    return weights
