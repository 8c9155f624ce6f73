"""Questions that people labelled with the entries that answer them: the tables in which they stand.

Owns their form and what is wrong with one. Refuses to measure anything (``faq_score``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chatbot.matching.corpus import Corpus

QUESTIONS = "soal-uji"  # the folder of labelled questions within the FAQ's
_COLUMNS = 4
_NO_ENTRY = "-"


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question.

    Attributes:
        text: as a citizen writes it.
        entries: ids of the entries that answer it equally well; empty: none does.
        kind: how it is written, or of what sort it is where no entry answers it.
        locale: its language.
    """

    text: str
    entries: frozenset[str]
    kind: str
    locale: str


class QuestionFault(StrEnum):
    """Why a file holds no labelled questions. The values are keys of the catalogues."""

    UNREADABLE = "faq.score.fault_unreadable"
    UTF8 = "faq.score.fault_utf8"
    HEAD = "faq.score.fault_head"
    COLUMNS = "faq.score.fault_columns"
    TEXT = "faq.score.fault_text"
    IDS = "faq.score.fault_ids"
    UNKNOWN = "faq.score.fault_unknown"
    EMPTY = "faq.score.fault_empty"


class QuestionsError(Exception):
    """A file that cannot be measured with.

    Attributes:
        path: the file.
        line: where, counted from 1.
        reason: why.
        detail: what stands there; may be empty.
    """

    def __init__(self, path: Path, line: int, reason: QuestionFault, detail: str = "") -> None:
        super().__init__(f"{path}:{line}: {reason} {detail}")
        self.path = path
        self.line = line
        self.reason = reason
        self.detail = detail


def labelled(path: Path, known: Collection[str] | None = None) -> list[Question]:
    """Read a file of labelled questions.

    It is a table with tabs between the cells and a first line that names the columns: text, ids of the entries joined
    by "|" or "-", kind, locale. Empty lines do not count.

    Args:
        path: the file, UTF-8.
        known: ids of all entries; None: any id will do.

    Raises:
        QuestionsError: it is no such file, names an entry that there is not, or holds no question.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise QuestionsError(path, 1, QuestionFault.UNREADABLE, error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise QuestionsError(path, data.count(b"\n", 0, error.start) + 1, QuestionFault.UTF8) from error
    # Not splitlines, which would also divide at what a citizen may have pasted into a question.
    lines = [line.rstrip("\r").split("\t") for line in text.split("\n")]
    if lines[0][0] != "text":
        raise QuestionsError(path, 1, QuestionFault.HEAD)
    questions = [
        _question(path, number, cells, known) for number, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))
    ]
    if not questions:
        raise QuestionsError(path, len(lines), QuestionFault.EMPTY)
    return questions


def _question(path: Path, line: int, cells: Sequence[str], known: Collection[str] | None) -> Question:
    if len(cells) != _COLUMNS:
        raise QuestionsError(path, line, QuestionFault.COLUMNS, str(len(cells)))
    text, ids, kind, locale = (cell.strip() for cell in cells)
    if not text:
        raise QuestionsError(path, line, QuestionFault.TEXT)
    entries = frozenset() if ids == _NO_ENTRY else frozenset(one.strip() for one in ids.split("|"))
    if "" in entries or _NO_ENTRY in entries:
        raise QuestionsError(path, line, QuestionFault.IDS, ids)
    if known is not None and (unknown := entries.difference(known)):
        raise QuestionsError(path, line, QuestionFault.UNKNOWN, ", ".join(sorted(unknown)))
    return Question(text, entries, kind, locale)


def question_files(folder: Path, pattern: str = "*.tsv") -> list[Path]:
    """The files of labelled questions that lie beside the FAQ, in its ``soal-uji``."""
    return sorted((folder / QUESTIONS).glob(pattern))


def answerable(questions: Sequence[Question], corpus: Corpus) -> list[Question]:
    """The questions with those of their entries that are answered: a draft's question must not be."""
    answered = {entry_id for entry_id, _, _ in corpus.texts()}
    return [Question(one.text, one.entries & answered, one.kind, one.locale) for one in questions]
