"""What a change of the FAQ would do, found out before anybody approves it.

Owns the comparison of the FAQ as it is with the FAQ as it would be: which entries change, what the labelled questions
are then answered, which variants come near another entry's. Refuses to change anything, and to know who asks. It
computes for seconds: call it in a process of its own (``apart``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from chatbot.core.message import Match
from chatbot.matching.corpus import Corpus, assemble
from chatbot.matching.entry_file import CorpusError, Entry
from chatbot.matching.matcher import Collision
from chatbot.services.faq import matcher_of
from chatbot.services.faq_check import TOO_ALIKE, shared_texts
from chatbot.services.faq_questions import Question, answerable
from chatbot.services.faq_score import decided

_MOST_NEAR = 5
_TAKEN_OVER = 3  # labelled questions of other entries that a change may not take away


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entry in one language. ``kind`` is "new", "changed" or "gone"."""

    kind: str
    entry_id: str
    locale: str
    fields: tuple[tuple[str, str], ...] = ()  # what differs, and what it says then: question, answer, status ...
    added: tuple[str, ...] = ()  # variants
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a change does.

    Attributes:
        changes: entry by entry; empty: nothing differs.
        twice: (variant, entry that has it already): the change is refused.
        taken: labelled questions of other entries that the changed ones would answer; too many: refused.
        near: variants near another entry's.
        before: how the labelled questions fare now, by ``faq_score.DECISIONS``; empty where there are none.
        after: and how then.
    """

    changes: tuple[Change, ...]
    twice: tuple[tuple[str, str], ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    near: tuple[Collision, ...] = ()
    before: Mapping[str, float] = field(default_factory=dict)
    after: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether it would take over what another entry answers."""
        return bool(self.twice) or len(self.taken) >= _TAKEN_OVER


def examine(now: Mapping[str, bytes], then: Mapping[str, bytes], questions: Sequence[Question]) -> Report:
    """Compare the FAQ with what it would become.

    Args:
        now: its files.
        then: its files after the change, all sound.
        questions: labelled; may be none.
    """
    old, new = assemble(now), assemble(then)
    changes = _changes(old, new)
    edited = {change.entry_id for change in changes}
    twice = tuple(_twice(new, edited))
    if not changes or twice:
        return Report(changes, twice)
    after = matcher_of(new)
    near = tuple(after.collisions(TOO_ALIKE, edited)[:_MOST_NEAR])
    if not questions:
        return Report(changes, near=near)
    asked = answerable(questions, new)
    was, before_shares = decided(matcher_of(old), asked)
    becomes, after_shares = decided(after, asked)
    taken = tuple(
        (one.text, min(one.entries))
        for one, old_match, new_match in zip(asked, was, becomes, strict=True)
        if _answer(old_match) in one.entries and _answer(new_match) in edited - one.entries
    )
    return Report(changes, (), taken, near, before_shares, after_shares)


def objections(now: Mapping[str, bytes], then: Mapping[str, bytes]) -> tuple[list[CorpusError], list[tuple[str, str]]]:
    """What speaks against a change at once, without trying it on any question.

    Returns:
        Faults that the files have not got already, and (variant, other entry) of what two entries would have.
    """
    old, new = assemble(now), assemble(then)
    known = {(fault.name, fault.reason) for fault in old.faults}
    faults = [fault for fault in new.faults if (fault.name, fault.reason) not in known]
    return faults, _twice(new, {change.entry_id for change in _changes(old, new)})


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


def _twice(corpus: Corpus, edited: Collection[str]) -> list[tuple[str, str]]:
    """Variants of changed entries that another entry has too."""
    return [(text, other) for text, entry_id, other in shared_texts(corpus) if entry_id in edited]


def _answer(match: Match) -> str:
    """The entry that a question is surely answered by; empty: none."""
    return match.candidates[0].entry_id if match.sure else ""
