"""Fits the weights of the FAQ's confidence and shows what thresholds give, on the fitting sets alone.

Run it when the corpus, the lexicon or the evidence changes: ``python -m tests.benchmarks.fit_faq``. It prints the
coefficients for ``matching/confidence.py``, and for each threshold what is answered rightly, wrongly, served, and
answered though no entry answers it; each set judged by weights that were fitted on the other sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.core.language import language_of
from chatbot.matching.confidence import Evidence
from chatbot.matching.corpus import assemble
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq import matcher_of, read_folder
from chatbot.services.faq_questions import Question
from tests.benchmarks.labelled import FITTING, ROOT, question_set

_PENALTY = 0.1
_STEPS = 30
_LIKELY = (0.1, 0.15, 0.2, 0.25)
_SURE = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """One question as the matcher sees it."""

    question: Question
    evidence: Evidence
    is_right: bool
    is_offered: bool


def main() -> None:
    """Fit and print."""
    matcher = matcher_of(assemble(read_folder(ROOT / "faq")))
    sets = {name: list(_judged(matcher, name)) for name in FITTING}
    weights = _fitted([one for name in FITTING for one in sets[name]])
    for field, weight in zip((*Evidence._fields, "constant"), weights, strict=True):
        print(f"    {field}={weight:.1f},")
    trusts: list[float] = []
    for name in FITTING:
        others = _fitted([one for other in FITTING if other != name for one in sets[other]])
        trusts.extend(_trust(sets[name], others))
    judged = [one for name in FITTING for one in sets[name]]
    for sure in _SURE:
        _show(judged, np.array(trusts), sure)


def _judged(matcher: FaqMatcher, name: str) -> Iterator[Judged]:
    for question in question_set(name):
        why = matcher.explain(question.text, language_of(question.text) or "id")
        ids = [one.entry_id for one in why.match.candidates]
        if why.evidence:
            yield Judged(
                question, why.evidence, ids[0] in question.entries, any(each in question.entries for each in ids)
            )


def _fitted(judged: list[Judged]) -> Floats:
    """Logistic regression, by Newton's steps: the weights, the constant last."""
    evidence = np.array([[*one.evidence, 1.0] for one in judged])
    right = np.array([one.is_right for one in judged], dtype=float)
    penalty = _PENALTY * np.eye(evidence.shape[1])
    penalty[-1, -1] = 0.0
    weights: Floats = np.zeros(evidence.shape[1])
    for _ in range(_STEPS):
        believed = 1 / (1 + np.exp(-evidence @ weights))
        slope = evidence.T @ (believed - right) + penalty @ weights
        bend = (evidence * (believed * (1 - believed))[:, None]).T @ evidence + penalty
        weights -= np.linalg.solve(bend, slope)
    return weights


def _trust(judged: list[Judged], weights: Floats) -> Floats:
    evidence = np.array([[*one.evidence, 1.0] for one in judged])
    trust: Floats = 1 / (1 + np.exp(-evidence @ weights))
    return trust


def _show(judged: list[Judged], trusts: Floats, sure: float) -> None:
    asked = np.array([bool(one.question.entries) for one in judged])
    right = np.array([one.is_right for one in judged])
    offered = np.array([one.is_offered for one in judged])
    near = np.array([one.question.kind.startswith("near") for one in judged])
    answered = trusts >= sure
    print(
        f"sure {sure:.2f}: right {_share((answered & right)[asked])} wrong {_share((answered & ~right)[asked])} "
        f"of no entry: near {_share(answered[~asked & near])}, other {_share(answered[~asked & ~near])}; served ",
        end="",
    )
    for likely in _LIKELY:
        served = (answered & right) | (~answered & (trusts >= likely) & offered)
        print(f"{likely}: {_share(served[asked])} (offered {_share((trusts >= likely)[~asked])}) ", end="")
    print()


def _share(hits: npt.NDArray[np.bool_]) -> str:
    return f"{100 * hits.mean():.1f} %"


if __name__ == "__main__":
    main()
