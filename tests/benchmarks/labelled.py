"""Labelled questions: what citizens ask, and which entries answer it.

The ``fitting_*`` sets and ``development`` are for choosing weights and thresholds, the ``checking_*`` sets for judging
them; each is by another hand, and no hand saw the corpus's wordings. A question that several entries answer equally
well names them all; who judged that saw the answers, and neither the wordings nor what the matcher says.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "faq" / "soal-uji"
FITTING = ("development", "fitting_a", "fitting_b", "fitting_c", "fitting_d", "fitting_e")
CHECKING = ("checking_a", "checking_b", "checking_c")


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question; ``entries`` is empty where no entry answers it."""

    text: str
    entries: frozenset[str]
    kind: str
    locale: str


def labelled(path: Path) -> list[Question]:
    """Read a file of labelled questions: text, entry ids joined by "|" or "-", kind, locale; tabs between them."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return [Question(text, frozenset(ids.split("|")) - {"-"}, kind, locale) for text, ids, kind, locale in rows]


def question_set(name: str) -> list[Question]:
    """One of our own sets."""
    return labelled(FOLDER / f"{name}.tsv")
