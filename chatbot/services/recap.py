"""A group's figures of a day or a week, in words and as a picture.

Owns which days a recap covers, by the region's clocks, and what is counted. Refuses tickets one by one (``views``) and
drawing (``chart``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from babel.numbers import format_decimal

from chatbot.channels.base import plain
from chatbot.core.message import Phrase
from chatbot.core.ticket import spoken
from chatbot.core.unanswered import is_overdue
from chatbot.services.chart import Chart, drawn
from chatbot.services.clocks import Clocks
from chatbot.services.office import Office
from chatbot.store.tables import TicketRow
from chatbot.store.tickets import Course
from chatbot.store.unit_of_work import UnitOfWork

_WEEK = 7  # days, today among them
_HOURS = 24
_TODAY = frozenset({"", "hari", "hari ini", "today", "day"})
_YESTERDAY = frozenset({"kemarin", "yesterday"})
_LAST_DAYS = frozenset({"minggu", "minggu ini", "week"})


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a recap, both included."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Each of its days."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def span(text: str, today: date) -> Span | None:
    """The days that are asked for: "", "kemarin", "minggu"; None: none that we know.

    Args:
        text: what stands behind the command.
        today: by the region's clocks.
    """
    wanted = " ".join(text.casefold().split())
    if wanted in _TODAY:
        return Span(today, today)
    if wanted in _YESTERDAY:
        return Span(today - timedelta(days=1), today - timedelta(days=1))
    if wanted in _LAST_DAYS:
        return Span(today - timedelta(days=_WEEK - 1), today)
    return None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a group's work.

    Attributes:
        opened: what came in.
        in_time: of each of these, whether its first answer came in time; None while it still can.
        closed: when tickets were done.
        rejected: how many were rejected.
        reopened: how many were opened again.
        marks: what citizens gave, 1 to 5.
        waiting: what is open now, whatever the days.
    """

    opened: tuple[TicketRow, ...]
    in_time: tuple[bool | None, ...]
    closed: tuple[datetime, ...]
    rejected: int
    reopened: int
    marks: tuple[int, ...]
    waiting: tuple[Course, ...]


class Recap:
    """One recap of one group.

    Args:
        office: the account, for its words and clocks.
        now: the time.
        days: what it covers.
    """

    def __init__(self, office: Office, now: datetime, days: Span) -> None:
        self._office = office
        self._now = now
        self._days = days

    def figures(self, uow: UnitOfWork, chat: str) -> Figures:
        """Count a group's work."""
        since, until = self._midnight(self._days.first), self._midnight(self._days.last + timedelta(days=1))
        opened = uow.tickets.opened(chat, since, until)
        return Figures(
            opened=tuple(opened),
            in_time=tuple(Clocks(uow, self._office, self._now).first_in_time(opened)),
            closed=tuple(uow.tickets.ended(chat, "closed", since, until)),
            rejected=len(uow.tickets.ended(chat, "rejected", since, until)),
            reopened=len(uow.tickets.ended(chat, "reopened", since, until)),
            marks=tuple(uow.tickets.marks(chat, since, until)),
            waiting=tuple(uow.tickets.waiting(chat)),
        )

    def _midnight(self, day: date) -> datetime:
        """The first moment of a day where the account is."""
        return datetime.combine(day, time(), self._office.timezone)

    def text(self, figures: Figures) -> str:
        """The figures as rich text, short enough for a caption."""
        words = self._office.words
        lines = [words("desk.recap_head", days=self._name())]
        emergencies = sum(one.alert for one in figures.opened)
        lines.append(words("desk.recap_in", count=str(len(figures.opened)), emergencies=str(emergencies)))
        if judged := sum(one is not None for one in figures.in_time):
            good = sum(one is True for one in figures.in_time)
            percent = str(round(100 * good / judged))
            lines.append(words("desk.recap_in_time", count=str(good), judged=str(judged), percent=percent))
        done = {"count": len(figures.closed), "rejected": figures.rejected, "reopened": figures.reopened}
        lines.append(words("desk.recap_done", **{name: str(count) for name, count in done.items()}))
        if figures.marks:
            mean = format_decimal(sum(figures.marks) / len(figures.marks), "0.0", locale=self._office.locale)
            lines.append(words("desk.recap_marks", mean=mean, count=str(len(figures.marks))))
        lines += self._waiting(figures.waiting)
        if figures.opened:
            lines.append(words("desk.recap_categories", categories=self._categories(figures.opened)))
        return "\n".join(lines)

    def _waiting(self, waiting: Sequence[Course]) -> list[str]:
        """What stands open now, however old it is."""
        if not waiting:
            return [self._office.words("desk.recap_none_waiting")]
        oldest = min(waiting, key=lambda one: one.opened_at)
        since = self._office.catalogues.format_time(oldest.opened_at, self._office.timezone, self._office.locale)
        overdue = sum(is_overdue(one.opened_at, one.answered_at, self._now) for one in waiting)
        return [
            self._office.words(
                "desk.recap_waiting", count=str(len(waiting)), number=spoken(oldest.number), since=since
            ),
            self._office.words("desk.recap_overdue", count=str(overdue)),
        ]

    def _categories(self, opened: Sequence[TicketRow]) -> str:
        """Each category with its count, the most frequent first."""
        counts = Counter(plain(self._office.words(f"category.{one.category}")) for one in opened)
        ranked = sorted(counts, key=lambda name: (-counts[name], name))
        return ", ".join(f"{name} {counts[name]}" for name in ranked)

    def _name(self) -> str | Phrase:
        """The days in words."""
        name = self._office.catalogues.format_day
        first, last = name(self._days.first, self._office.locale), name(self._days.last, self._office.locale)
        return first if first == last else Phrase("desk.recap_days", {"first": first, "last": last})

    def picture(self, figures: Figures) -> bytes:
        """What came in and what was done, hour by hour of one day, else day by day, as PNG."""
        hourly = len(self._days.days) == 1
        came = self._counted([one.opened_at for one in figures.opened], hourly=hourly)
        done = self._counted(figures.closed, hourly=hourly)
        slots: Sequence[int | date] = range(_HOURS) if hourly else self._days.days
        return drawn(
            Chart(
                title=plain(self._office.words("desk.chart_head", days=self._name())),
                names=(plain(self._office.words("desk.chart_in")), plain(self._office.words("desk.chart_done"))),
                labels=tuple(self._label(slot) for slot in slots),
                counts=tuple((came[slot], done[slot]) for slot in slots),
            )
        )

    def _counted(self, times: Sequence[datetime], *, hourly: bool) -> Counter[int | date]:
        local = [at.astimezone(self._office.timezone) for at in times]
        return Counter(at.hour if hourly else at.date() for at in local)

    def _label(self, slot: int | date) -> str:
        return format_date(slot, "d MMM", locale=self._office.locale) if isinstance(slot, date) else f"{slot:02d}"
