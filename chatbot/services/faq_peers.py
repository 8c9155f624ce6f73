"""Plain ways to find an entry, measured on the same texts and questions as ours.

Owns those ways: what anyone would try first. Refuses the measures (``faq_score``). None of them is part of the bot, and
scikit-learn, which one of them needs, is not installed with it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from chatbot.services.faq_questions import Question
from chatbot.services.faq_score import Ranking, ranked

_WORD = re.compile(r"\w+")
_NOT_BLANK = r"\S+"
_LETTERS = 3  # of a trigram
_AT_ONCE = 64  # questions that are compared with all texts at a time
_KEPT = 3  # entries, best first

Scores = npt.NDArray[np.float64]  # shape (questions, entries); -inf where an entry is not found
Owners = npt.NDArray[np.int64]
Peer = Callable[[Sequence[str], Owners, Sequence[str]], Scores]
"""Takes texts, the number of each text's entry, ascending, and questions; all folded to words with blanks between."""


def rankings(texts: Iterable[tuple[str, str, str]], questions: Sequence[Question]) -> dict[str, Ranking | None]:
    """What each peer says to questions, by its name; None where what it needs is not installed.

    Args:
        texts: (entry id, locale, text) of the entries; where there are not two of them, there is nothing to measure.
        questions: labelled.
    """
    rows = sorted({(entry_id, _folded(text)) for entry_id, _, text in texts})
    ids, owners = np.unique([entry_id for entry_id, _ in rows], return_inverse=True)
    if len(ids) <= 1:
        return {}
    asked = [_folded(question.text) for question in questions]
    found: dict[str, Ranking | None] = {}
    for name, peer in PEERS.items():
        try:
            scores = peer([text for _, text in rows], owners, asked)
        except ModuleNotFoundError:
            found[name] = None
            continue
        order = np.argsort(-scores, axis=1, kind="stable")[:, :_KEPT]
        best = [
            [str(ids[entry]) for entry in entries if of_question[entry] > -np.inf]
            for entries, of_question in zip(order, scores, strict=True)
        ]
        found[name] = ranked(questions, best, scores.max(axis=1).tolist())
    return found


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _by_likeness(texts: Sequence[str], owners: Owners, asked: Sequence[str], *, scorer: Callable[..., float]) -> Scores:
    """An entry is as like as its likest text."""
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    blocks = [
        np.maximum.reduceat(process.cdist(asked[at : at + _AT_ONCE], texts, scorer=scorer, workers=-1), starts, axis=1)
        for at in range(0, len(asked), _AT_ONCE)
    ]
    return np.concatenate(blocks).astype(np.float64)


def _by_full_text(
    texts: Sequence[str], owners: Owners, asked: Sequence[str], *, tokens: str, split: Callable[[str], list[str]]
) -> Scores:
    """SQLite's full-text search with its BM25; an entry is as good as its best text."""
    scores = np.full((len(asked), int(owners[-1]) + 1), -np.inf)
    index = sqlite3.connect(":memory:")
    index.execute(f"CREATE VIRTUAL TABLE texts USING fts5(text, owner UNINDEXED, tokenize='{tokens}')")
    index.executemany("INSERT INTO texts VALUES (?, ?)", zip(texts, owners.tolist(), strict=True))
    for row, text in enumerate(asked):
        any_of = " OR ".join(f'"{part}"' for part in dict.fromkeys(split(text)))
        if any_of:
            for owner, found in index.execute(
                "SELECT owner, max(-rank) FROM texts WHERE texts MATCH ? GROUP BY owner", (any_of,)
            ):
                scores[row, owner] = found
    index.close()
    return scores


def _trigrams(text: str) -> list[str]:
    return [text[at : at + _LETTERS] for at in range(len(text) - _LETTERS + 1)]


def _by_learning(texts: Sequence[str], owners: Owners, asked: Sequence[str]) -> Scores:
    """A linear support vector machine over TF-IDF of words and runs of letters."""
    # Measured beside ours and never part of the bot, so that it need not be installed.
    text, pipeline, svm = (import_module(f"sklearn.{name}") for name in ("feature_extraction.text", "pipeline", "svm"))
    words = text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_NOT_BLANK)
    letters = text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    learnt = pipeline.make_pipeline(pipeline.make_union(words, letters), svm.LinearSVC(random_state=1))
    learnt.fit(texts, owners)
    scores: Scores = learnt.decision_function(asked)
    return scores if scores.ndim > 1 else np.column_stack((-scores, scores))  # of two entries, it scores the second


PEERS: Mapping[str, Peer] = {
    "rapidfuzz WRatio": partial(_by_likeness, scorer=fuzz.WRatio),
    "rapidfuzz token_set_ratio": partial(_by_likeness, scorer=fuzz.token_set_ratio),
    "SQLite FTS5 trigram": partial(_by_full_text, tokens="trigram", split=_trigrams),
    "SQLite FTS5 BM25": partial(_by_full_text, tokens="unicode61", split=str.split),
    "TF-IDF + SVM": _by_learning,
}
