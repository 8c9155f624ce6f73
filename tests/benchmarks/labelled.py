"""Our sets of labelled questions: what citizens ask, and which entries answer it.

The ``fitting_*`` sets and ``development`` are for choosing weights and thresholds, the ``checking_*`` sets for judging
them; each is by another hand, and no hand saw the corpus's variants. A question that several entries answer equally
well names them all; who judged that saw the answers, and neither the variants nor what the matcher says.
"""

from __future__ import annotations

from pathlib import Path

from chatbot.services.faq_questions import Question, labelled

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "faq" / "soal-uji"
FITTING = ("development", "fitting_a", "fitting_b", "fitting_c", "fitting_d", "fitting_e")
CHECKING = ("checking_a", "checking_b", "checking_c")


def question_set(name: str) -> list[Question]:
    """One of our own sets."""
    return labelled(FOLDER / f"{name}.tsv")
