"""What a change of the FAQ would do, found out before anybody approves it.

Owns the comparison of the FAQ as it is with the FAQ as it would be: which entries change, what the labelled questions
are then answered, which wordings come near another entry's. Refuses to change anything, and to know who asks. It
computes for seconds: call it in a process of its own (``apart``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.core.language import language_of
from chatbot.core.message import Match
from chatbot.core.spelling import raw_words
from chatbot.matching.corpus import Corpus, assemble
from chatbot.matching.entry_file import BASE_LOCALE, CorpusError, Entry
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq import matcher_of
from chatbot.services.faq_score import labelled

_NEAR = 0.8  # cosine; from here on two entries compete for the same question
_MOST_NEAR = 5
_TAKEN_OVER = 3  # labelled questions of other entries that a change may not take away


@dataclass(frozen=True, slots=True)
class Asked:
    """A labelled question; ``entries`` is empty where none answers it."""

    text: str
    entries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marks:
    """How labelled questions are answered: shares, 0..1."""

    right: float
    wrong: float
    served: float
    unasked: float  # of those that no entry answers, answered


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entry in one language. ``kind`` is "new", "changed" or "gone"."""

    kind: str
    entry_id: str
    locale: str
    fields: tuple[tuple[str, str], ...] = ()  # what differs, and what it says then: question, answer, status ...
    added: tuple[str, ...] = ()  # wordings
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A wording that comes near another entry's. ``percent`` of likeness."""

    text: str
    other_id: str
    other_text: str
    percent: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a change does.

    Attributes:
        changes: entry by entry; empty: nothing differs.
        twice: (wording, entry that has it already): the change is refused.
        taken: labelled questions of other entries that the changed ones would answer; too many: refused.
        near: wordings near another entry's.
        before: marks now; None without labelled questions.
        after: marks then.
    """

    changes: tuple[Change, ...]
    twice: tuple[tuple[str, str], ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    near: tuple[Near, ...] = ()
    before: Marks | None = None
    after: Marks | None = None

    @property
    def is_refused(self) -> bool:
        """Whether it would take over what another entry answers."""
        return bool(self.twice) or len(self.taken) >= _TAKEN_OVER


def asked_in(folder: Path) -> tuple[Asked, ...]:
    """The labelled questions that lie beside the FAQ; none where there are none.

    Args:
        folder: the FAQ's; they are the ``.tsv`` files of its ``soal-uji``.

    Raises:
        QuestionsError: a file is broken.
    """
    files = sorted((folder / "soal-uji").glob("*.tsv"))
    return tuple(Asked(question.text, question.entries) for path in files for question in labelled(path))


def examine(now: Mapping[str, bytes], then: Mapping[str, bytes], asked: Sequence[Asked]) -> Report:
    """Compare the FAQ with what it would become.

    Args:
        now: its files.
        then: its files after the change, all sound.
        asked: labelled questions; may be none.
    """
    old, new = assemble(now), assemble(then)
    changes = _changes(old, new)
    edited = {change.entry_id for change in changes}
    twice = tuple(_twice(new, edited))
    if not changes or twice:
        return Report(changes, twice)
    before, after = matcher_of(old), matcher_of(new)
    near = tuple(
        Near(pair.text, pair.other_id, pair.other_text, round(100 * pair.likeness))
        for pair in after.collisions(_NEAR, edited)[:_MOST_NEAR]
    )
    if not asked:
        return Report(changes, near=near)
    was, becomes = _matched(before, asked), _matched(after, asked)
    taken = tuple(
        (one.text, min(one.entries))
        for one, old_match, new_match in zip(asked, was, becomes, strict=True)
        if _answer(old_match) in one.entries and _answer(new_match) in edited - one.entries
    )
    return Report(changes, (), taken, near, _marks(was, asked), _marks(becomes, asked))


def _changes(old: Corpus, new: Corpus) -> tuple[Change, ...]:
    found = []
    for key in sorted(old.entries.keys() | new.entries.keys()):
        was, becomes = old.entries.get(key), new.entries.get(key)
        if becomes is None:
            found.append(Change("gone", *key))
        elif was != becomes:
            fields = tuple(
                (name, _said(getattr(becomes, name)))
                for name in Entry.__slots__
                if name not in {"id", "locale", "variants"} and getattr(was, name, None) != getattr(becomes, name)
            )
            before = was.variants if was else ()
            added = tuple(text for text in becomes.variants if text not in before)
            removed = tuple(text for text in before if text not in becomes.variants)
            found.append(Change("changed" if was else "new", *key, fields, added, removed))
    return tuple(found)


def _said(value: object) -> str:
    """A field as a person reads it."""
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def clashes(now: Mapping[str, bytes], then: Mapping[str, bytes]) -> list[CorpusError]:
    """What would be wrong with the FAQ after a change that is not wrong with it already."""
    known = {(fault.name, fault.reason) for fault in assemble(now).faults}
    return [fault for fault in assemble(then).faults if (fault.name, fault.reason) not in known]


def doubled(now: Mapping[str, bytes], then: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Wordings of changed entries that another entry would have too: wording, other entry."""
    old, new = assemble(now), assemble(then)
    return _twice(new, {change.entry_id for change in _changes(old, new)})


def _twice(corpus: Corpus, edited: set[str]) -> list[tuple[str, str]]:
    """Wordings of changed entries that another entry has already."""
    owners: dict[tuple[str, ...], set[str]] = {}
    texts = [*corpus.texts(), *corpus.refused()]
    for entry_id, _, text in texts:
        owners.setdefault(tuple(raw_words(text)), set()).add(entry_id)
    return [
        (text, min(owners[tuple(raw_words(text))] - {entry_id}))
        for entry_id, _, text in texts
        if entry_id in edited and len(owners[tuple(raw_words(text))]) > 1
    ]


def _matched(matcher: FaqMatcher, asked: Sequence[Asked]) -> list[Match]:
    return [matcher.match_many([one.text], language_of(one.text) or BASE_LOCALE)[0] for one in asked]


def _answer(match: Match) -> str:
    """The entry that a question is surely answered by; empty: none."""
    return match.candidates[0].entry_id if match.sure else ""


def _marks(matches: Sequence[Match], asked: Sequence[Asked]) -> Marks:
    right = wrong = served = unasked = 0
    for match, one in zip(matches, asked, strict=True):
        answer = _answer(match)
        offered = {candidate.entry_id for candidate in match.candidates} if match.likely and not match.sure else set()
        if one.entries:
            right += answer in one.entries
            wrong += bool(answer) and answer not in one.entries
            served += bool(one.entries & {answer, *offered})
        else:
            unasked += bool(answer)
    count = sum(bool(one.entries) for one in asked) or 1
    others = sum(not one.entries for one in asked) or 1
    return Marks(right / count, wrong / count, served / count, unasked / others)
