"""How far a match may be trusted: a model of its own, over named evidence.

Owns the evidence, its weights and the two thresholds. Refuses ranking. The weights and thresholds are fitted by
``tests/benchmarks/fit_faq.py`` on questions of hands that never saw the corpus's variants; they are data, like the
words of the lexicon.
"""

from __future__ import annotations

import math
from typing import NamedTuple

SURE = 0.8
LIKELY = 0.15


class Evidence(NamedTuple):
    """What speaks for the first candidate, each about 0..1.

    Attributes:
        margin: how far it is on its own side of the machine that tells it from all others.
        lead: how far it is ahead of the second entry there.
        refusal: how far the question is on the side of those that must not be answered; -1 where there are none.
        near_lead: how far its most similar text is nearer than any other entry's.
        likeness: how far the question and that text are the same words.
        unknown: share of the question's topics, by rarity, that no entry knows.
        uncovered: share of them that this entry does not speak of.
        foreign: topics that are none of the police's, 2 at most.
        mass: how much known topic there is at all; a single everyday word is little.
        brevity: one over the number of topics.
    """

    margin: float
    lead: float
    refusal: float
    near_lead: float
    likeness: float
    unknown: float
    uncovered: float
    foreign: float
    mass: float
    brevity: float


_COEFFICIENTS = Evidence(
    margin=1.2,
    lead=2.3,
    refusal=-2.7,
    near_lead=2.5,
    likeness=2.4,
    unknown=-1.6,
    uncovered=-2.5,
    foreign=-1.2,
    mass=1.1,
    brevity=-6.2,
)
_CONSTANT = -2.8


def confidence(evidence: Evidence) -> float:
    """Compute how likely it is, 0..1, that the first candidate is what the question is about."""
    weighed = sum(factor * value for factor, value in zip(_COEFFICIENTS, evidence, strict=True))
    return 1 / (1 + math.exp(-weighed - _CONSTANT))
