"""The words of a proposed change of the FAQ: what changes, what it does, or why it is refused.

Owns how a report reads in the administrators' group. Refuses to find anything out (``faq_examine``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from babel.numbers import format_percent

from chatbot.core.message import Choice, Phrase
from chatbot.services.faq_examine import Change, Report
from chatbot.services.office import Office
from chatbot.store.faq_tables import FaqEditRow

_MOST_LINES = 12  # changes that are listed; the others are counted
_MOST_TAKEN = 5
_MARKS = ("rightly", "wrongly", "served", "answered")
_MOST_SAID = 3  # changes whose new texts are quoted


def number_line(office: Office, key: str, edit: FaqEditRow) -> str:
    """A line about a change by its number."""
    return office.words(key, number=str(edit.id))


class Proposal:
    """A change and what it would do."""

    def __init__(self, office: Office, edit: FaqEditRow, report: Report) -> None:
        self._office = office
        self._edit = edit
        self._report = report

    def choices(self) -> tuple[Choice, ...]:
        """The buttons under it."""
        words = self._office.words
        return (
            Choice(f"f:ok:{self._edit.id}", words("desk.button_faq_ok")),
            Choice(f"f:no:{self._edit.id}", words("desk.button_faq_no")),
        )

    @property
    def is_long(self) -> bool:
        """Whether the new texts do not fit a message, and go along as a file."""
        return len(self._report.changes) > _MOST_SAID

    def lines(self) -> list[str]:
        """What a second person reads before approving."""
        words, report = self._office.words, self._report
        lines = [words("desk.faq_proposal", number=str(self._edit.id), name=self._edit.author_name)]
        lines += self._changes()
        if report.before and report.after:
            lines += ["", words("desk.faq_marks_head"), *self._marks(report.before, report.after)]
        if report.taken:
            lines += ["", words("desk.faq_taken_head"), *self._taken()]
        if report.near:
            lines += ["", words("desk.faq_near_head")]
            lines += [
                words(
                    "desk.faq_near",
                    text=one.text,
                    other=one.other_id,
                    other_text=one.other_text,
                    percent=str(round(100 * one.likeness)),
                )
                for one in report.near
            ]
        return [*lines, "", words("desk.faq_second_person")]

    def refusal(self, places: Mapping[str, tuple[str, int]]) -> list[str]:
        """Why it is not even proposed.

        Args:
            places: file and line of variants that another entry has.
        """
        words = self._office.words
        if not self._report.twice:
            return [words("desk.faq_takes_over"), *self._taken()]
        lines = [words("desk.faq_twice_head")]
        for text, other in self._report.twice:
            file, line = places.get(text, ("", 0))
            lines.append(words("desk.faq_twice", file=file, line=str(line), text=text, other=other))
        return lines

    def _changes(self) -> Iterator[str]:
        for change in self._report.changes[:_MOST_LINES]:
            yield self._change(change)
            if not self.is_long:
                yield from self._said(change)
        more = len(self._report.changes) - _MOST_LINES
        if more > 0:
            yield self._office.words("desk.faq_more", count=str(more))

    def _change(self, change: Change) -> str:
        words = self._office.words
        parts = [words(f"faq.field.{name}") for name, _ in change.fields]
        if change.added:
            parts.append(words("desk.faq_added", count=str(len(change.added))))
        if change.removed:
            parts.append(words("desk.faq_removed", count=str(len(change.removed))))
        key = f"desk.faq_{change.kind}"
        return words(key, id=change.entry_id, locale=change.locale, parts=", ".join(parts))

    def _said(self, change: Change) -> Iterator[str]:
        """What would stand there, word for word: it is this that a second person approves."""
        words = self._office.words
        for name, value in change.fields:
            yield words("desk.faq_becomes", field=Phrase(f"faq.field.{name}"), value=value or "-")
        for sign, texts in (("+", change.added), ("-", change.removed)):
            yield from (words("desk.faq_variant", sign=sign, text=text) for text in texts)

    def _marks(self, before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
        for name in _MARKS:
            if not math.isnan(before[name] + after[name]):
                shares = {"before": self._percent(before[name]), "after": self._percent(after[name])}
                yield self._office.words(f"desk.faq_mark_{name}", **shares)

    def _percent(self, share: float) -> str:
        return format_percent(share, "#,##0.0%", locale=self._office.locale)

    def _taken(self) -> list[str]:
        return [
            self._office.words("desk.faq_taken", text=text, other=other)
            for text, other in self._report.taken[:_MOST_TAKEN]
        ]
