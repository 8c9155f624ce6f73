"""``chatbot faq score``: how well and how fast the FAQ is matched, beside plain ways to match.

Owns how scores are shown on the terminal. Refuses to measure (``services.faq_score``, ``services.faq_peers``).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from textwrap import wrap

from babel.numbers import format_decimal

from chatbot.cli_words import Words
from chatbot.core.message import Phrase
from chatbot.matching.corpus import Corpus, assemble
from chatbot.services.faq import matcher_of, read_folder
from chatbot.services.faq_peers import rankings
from chatbot.services.faq_questions import QUESTIONS, Question, QuestionsError, answerable, labelled, question_files
from chatbot.services.faq_score import BATCH, DECISIONS, Score, Share, Shares, compared, score
from chatbot.settings import Settings

_WRONG = 2
_CHECKING = "checking_*.tsv"  # the sets that nothing was fitted on
_RANKING = ("first", "third", "at_5", "at_95")
_WIDTH = 110  # characters of a line, as wide as the tables

Peers = Mapping[str, Shares | None]  # by name; None where what it needs is not installed


@dataclass(frozen=True, slots=True)
class Measured:
    """One set of questions."""

    name: str
    score: Score
    peers: Peers


def add_arguments(step: argparse.ArgumentParser) -> None:
    """Describe the step."""
    step.add_argument("files", nargs="*", type=Path, metavar="FILE", help="help.faq_score_files")
    step.add_argument("--json", action="store_true", help="help.json")


def run(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Measure and show; the exit status, 2 where a file cannot be measured with."""
    files: list[Path] = arguments.files or question_files(settings.faq_dir, _CHECKING)
    if not files:
        print(words("faq.score.no_files", folder=str(settings.faq_dir / QUESTIONS)), file=sys.stderr)
        return _WRONG
    corpus = assemble(read_folder(settings.faq_dir))
    known = {entry.id for entry in corpus.entries.values() if entry.status != "refused"}
    try:
        sets = [(file.stem, answerable(labelled(file, known), corpus)) for file in files]
    except QuestionsError as wrong:
        reason = Phrase(wrong.reason, {"detail": wrong.detail})
        print(words("faq.score.fault", file=str(wrong.path), line=str(wrong.line), reason=reason), file=sys.stderr)
        return _WRONG
    measured = _measured(sets, corpus, settings.locale, words("faq.score.all"))
    if arguments.json:
        print(json.dumps({"sets": [dataclasses.asdict(one) for one in measured]}, ensure_ascii=False))
        return 0
    for line in _Report(words, settings.locale).lines(measured):
        print(line)
    return 0


def _measured(
    sets: Sequence[tuple[str, Sequence[Question]]], corpus: Corpus, locale: str, together: str
) -> list[Measured]:
    """Measure sets of questions, and behind several of them all together.

    Args:
        sets: each with its name.
        corpus: the entries.
        locale: the language to take where the words do not tell.
        together: the name of all.
    """
    matcher = matcher_of(corpus)
    questions = [question for _, some in sets for question in some]
    said = rankings(corpus.texts(), questions)
    bounds = accumulate((len(some) for _, some in sets), initial=0)
    parts = [(name, slice(*part)) for (name, _), part in zip(sets, pairwise(bounds), strict=True)]
    if len(parts) > 1:
        parts.append((together, slice(0, len(questions))))
    return [
        Measured(
            name,
            score(matcher, questions[part], locale),
            {peer: None if ranking is None else compared(ranking.at(part)) for peer, ranking in said.items()},
        )
        for name, part in parts
    ]


class _Report:
    """Scores as lines of the terminal."""

    def __init__(self, words: Words, locale: str) -> None:
        self._words = words
        self._locale = locale

    def lines(self, measured: Sequence[Measured]) -> Iterator[str]:
        whole = measured[-1]
        scores = [(one.name, one.score) for one in measured]
        rows = [
            (name, [str(one.asked), str(one.foreign), *self._shares(one.ranking, _RANKING)]) for name, one in scores
        ]
        yield from self._table("ranking", ("asked", "foreign", *_RANKING), rows)
        yield from wrap(self._words("faq.score.about_ranking"), _WIDTH)
        yield ""
        rows = [(name, self._shares(one.decisions, DECISIONS)) for name, one in scores]
        yield from self._table("decisions", DECISIONS, rows)
        yield from wrap(self._words("faq.score.about_decisions"), _WIDTH)
        yield ""
        yield from self._table("confidence", ("count", "mean", "right"), list(self._bins(whole.score)))
        if whole.score.error is not None:
            yield self._words("faq.score.about_confidence", set=whole.name, error=self._percent(whole.score.error))
        yield ""
        latency = whole.score.latency
        values = {name: self._number(value, "0.00") for name, value in dataclasses.asdict(latency).items()}
        yield self._words("faq.score.latency", set=whole.name, batch=str(BATCH), **values)
        for one in measured:
            if one.peers:
                yield ""
                yield from self._peers(one)

    def _bins(self, score: Score) -> Iterator[tuple[str, list[str]]]:
        bounds = pairwise([*(one.least for one in score.bins), 1.0])
        for one, (least, most) in zip(score.bins, bounds, strict=True):
            shares = [self._percent(part) if part is not None else "-" for part in (one.confidence, one.right)]
            yield f"{100 * least:.0f}-{100 * most:.0f}%", [str(one.count), *shares]

    def _peers(self, one: Measured) -> Iterator[str]:
        yield self._words("faq.score.about_peers", set=one.name)
        ours = (self._words("faq.score.ours"), one.score.ranking)
        rows = [
            (name, self._shares(found, _RANKING)) for name, found in (ours, *one.peers.items()) if found is not None
        ]
        yield from self._table("peer", _RANKING, rows)
        for name, found in one.peers.items():
            if found is None:
                yield self._words("faq.score.not_installed", peer=name)

    def _table(self, corner: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
        """A table with the rows' names in its first column, the others aligned to the right."""
        head = [self._words(f"faq.score.{name}") for name in (corner, *columns)]
        cells = [head, *([name, *row] for name, row in rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for name, *row in cells:
            beside = (cell.rjust(width) for cell, width in zip(row, widths[1:], strict=True))
            yield "  ".join((name.ljust(widths[0]), *beside))

    def _shares(self, shares: Shares, names: Sequence[str]) -> list[str]:
        return [self._share(shares[name]) for name in names]

    def _share(self, share: Share | None) -> str:
        if share is None:
            return "-"
        return f"{self._percent(share.value)} ({self._percent(share.low)}-{self._percent(share.high)})"

    def _percent(self, share: float) -> str:
        return self._number(100 * share, "0.0")

    def _number(self, number: float, pattern: str) -> str:
        return str(format_decimal(number, pattern, locale=self._locale))
