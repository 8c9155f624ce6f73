"""The clocks of open tickets: who is told that an answer or an end is near, due or late.

Owns reading a ticket's course from its history, saying each warning once, and one summary where many are due at once.
Refuses the arithmetic (``core.sla``) and the lengths (the region).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from chatbot.core import region as regions
from chatbot.core import sla
from chatbot.core import ticket as tickets
from chatbot.core.complaint import EMERGENCY
from chatbot.core.message import Phrase
from chatbot.core.region import Clock, Holidays, Hours, Region, Unit
from chatbot.core.sla import Course, Pause, Step, Which
from chatbot.core.ticket import TicketEvent
from chatbot.core.work_calendar import WorkCalendar
from chatbot.services.holidays import closed_dates
from chatbot.services.mentions import on_duty
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.store.tables import TicketEventRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_LOOK_AGAIN = timedelta(hours=1)  # at a ticket whose clocks stand still
_APART = 3  # warnings to one group that are said one by one; more are one summary
_LISTED = 20
_READ_AT_ONCE = 500  # tickets' histories; an engine takes only so many ids in a query
_END_PAUSE = frozenset({TicketEvent.ADDED, TicketEvent.LAPSED, TicketEvent.ASKED})
_ENDS = frozenset({TicketEvent.CLOSED, TicketEvent.REJECTED})
_ANSWERS = frozenset({TicketEvent.ANSWERED, TicketEvent.ASKED})


@dataclass(frozen=True, slots=True)
class _Warning:
    ticket: TicketRow
    which: Which
    step: Step
    due_at: datetime | None


class Clocks:
    """Warns of tickets, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._region = office.plan.region
        self._now = now
        self._post = Post(uow, office, now)

    def warn(self, limit: int) -> None:
        """Look at the tickets whose clocks may have something to say, and say it.

        Args:
            limit: tickets to look at; the others are looked at next time.
        """
        said: dict[str, list[_Warning]] = {}
        for ticket in self._uow.due.clocks(self._now, limit):
            if not ticket.chat:
                ticket.clock_at = self._now + _LOOK_AGAIN  # nobody would hear it; it is said once there is a group
                continue
            for warning in self._due(ticket):
                for chat in self._chats(warning):
                    said.setdefault(chat, []).append(warning)
        for chat, warnings in said.items():
            if len(warnings) > _APART:
                self._summary(chat, warnings)
            else:
                for warning in warnings:
                    self._say(chat, warning)

    def _due(self, ticket: TicketRow) -> list[_Warning]:
        """What a ticket's clocks have to say now; when they are looked at next is written down."""
        course, clock, calendar = self._measured(ticket, self._uow.standing_events(ticket.id))
        already = _read(ticket.clock_said)
        steps = sla.due_steps(course, clock, calendar, self._now, already)
        already |= frozenset(steps)
        ticket.clock_said = " ".join(f"{which}:{step.value}" for which, step in sorted(already))
        ticket.clock_at = sla.next_at(course, clock, calendar, self._now, already)
        if course.stands_still(self._now):
            ticket.clock_at = self._now + _LOOK_AGAIN
        due = sla.deadlines(course, clock, calendar, self._now)
        return [
            _Warning(ticket, which, step, due.first_at if which == "first" else due.done_at) for which, step in steps
        ]

    def _measured(self, ticket: TicketRow, events: Sequence[TicketEventRow]) -> tuple[Course, Clock, WorkCalendar]:
        clock = regions.clock_for(self._region, EMERGENCY if ticket.alert else ticket.category)
        unit = self._office.plan.serving(ticket.category, ticket.unit)
        return course_of(ticket, events), clock, calendar_of(self._region, unit, self._now.year)

    def deadlines(self, tickets: Sequence[TicketRow]) -> dict[int, datetime]:
        """The nearest deadline of each open ticket, by its id; none while its clocks stand still, or have ended."""
        nearest = {}
        for ticket, events in self._with_events(tickets):
            found = sla.deadlines(*self._measured(ticket, events), self._now)
            if ahead := [at for at in (found.first_at, found.done_at) if at]:
                nearest[ticket.id] = min(ahead)
        return nearest

    def overdue(self, tickets: Sequence[TicketRow]) -> list[TicketRow]:
        """Those of some open tickets of which it was said that they are due, and which still are."""
        said = [one for one in tickets if any(step >= Step.DUE for _, step in _read(one.clock_said))]
        nearest = self.deadlines(said)
        return [one for one in said if one.id in nearest and nearest[one.id] <= self._now]

    def first_in_time(self, tickets: Sequence[TicketRow]) -> list[bool | None]:
        """Of each ticket, whether its first answer came in time, whatever became of it; None while it still can."""
        kept = []
        for ticket, events in self._with_events(tickets):
            before = list(takewhile(lambda event: event.event != TicketEvent.REOPENED, events))
            course, clock, calendar = self._measured(ticket, before)
            kept.append(sla.in_time(course, "first", clock, calendar, self._now))
        return kept

    def _with_events(self, tickets: Sequence[TicketRow]) -> Iterator[tuple[TicketRow, Sequence[TicketEventRow]]]:
        """Each ticket with its standing history, some at a time: hundreds are asked for at once, and thousands may."""
        for start in range(0, len(tickets), _READ_AT_ONCE):
            some = tickets[start : start + _READ_AT_ONCE]
            events = self._uow.standing_events_of([ticket.id for ticket in some])
            yield from ((ticket, events.get(ticket.id, [])) for ticket in some)

    def _chats(self, warning: _Warning) -> list[str]:
        """The groups that hear a warning, each once; what is about members stays where it is."""
        ticket, plan = warning.ticket, self._office.plan
        own = plan.serving(ticket.category, ticket.unit)
        above = () if own.members else regions.superiors(self._region.by_id, own)
        chief, head = above[:1], above[-1:]
        found = []
        for who in sla.audience(warning.step):
            unit = {"officer": (), "chief": chief, "head": head}[who]
            group = plan.group_of(unit[0]) if unit else ""
            found.append(self._uow.groups.current_chat(group) if group else ticket.chat)
        return list(dict.fromkeys(found))

    def _say(self, chat: str, warning: _Warning) -> None:
        text = self._office.words(f"desk.clock_{_NAMES[warning.step]}", **self._values(warning))
        if chat == warning.ticket.chat:
            self._post.to_desk(warning.ticket, text, mentions=on_duty(self._uow, chat, self._now))
        else:
            self._post.to_group(chat, text, mentions=on_duty(self._uow, chat, self._now))

    def _summary(self, chat: str, warnings: Sequence[_Warning]) -> None:
        """One message for many: after an outage nobody reads two hundred."""
        gravest = sorted(warnings, key=lambda one: (-one.step, one.ticket.opened_at))
        words = self._office.words
        lines = [words("desk.clocks_head", count=str(len(warnings)))]
        lines += [
            words("desk.clocks_line", step=Phrase(f"desk.step_{_NAMES[one.step]}"), **self._values(one))
            for one in gravest[:_LISTED]
        ]
        if len(gravest) > _LISTED:
            lines.append(words("desk.clocks_more", count=str(len(gravest) - _LISTED)))
        self._post.to_group(chat, "\n".join(lines), mentions=on_duty(self._uow, chat, self._now))

    def _values(self, warning: _Warning) -> dict[str, str | Phrase]:
        ticket = warning.ticket
        unit = self._office.plan.serving(ticket.category, ticket.unit)
        at, office = warning.due_at, self._office
        time = office.catalogues.format_time(at, office.timezone, office.locale) if at else ""
        return {
            "number": tickets.spoken(ticket.number),
            "what": Phrase(f"desk.clock_{warning.which}"),
            "unit": unit.name,
            "officer": ticket.officer_name or Phrase("desk.nobody"),
            "time": time,
        }


_NAMES = {Step.SOON: "soon", Step.DUE: "due", Step.LATE: "late", Step.LATEST: "latest"}


def _read(said: str) -> frozenset[tuple[Which, Step]]:
    """The warnings that a ticket had, as they are kept in its row."""
    pairs = (one.partition(":") for one in said.split())
    return frozenset(("first" if which == "first" else "done", Step(int(step))) for which, _, step in pairs)


def course_of(ticket: TicketRow, events: Sequence[TicketEventRow]) -> Course:
    """How a ticket went since it was opened, or opened again.

    Args:
        ticket: the ticket.
        events: its history without what was taken back, oldest first.
    """
    starts = [number for number, event in enumerate(events) if event.event == TicketEvent.REOPENED]
    since = events[starts[-1] :] if starts else events
    answered_at: datetime | None = None
    asked_at: datetime | None = None  # a question that is open
    pauses: list[Pause] = []
    for event in since:
        if event.event in _ANSWERS and answered_at is None:
            answered_at = event.at
        if asked_at and event.event in _END_PAUSE:
            pauses.append(Pause(asked_at, event.at))
            asked_at = None
        if event.event == TicketEvent.ASKED:
            asked_at = event.at
    if asked_at:
        pauses.append(Pause(asked_at, ticket.asked_until))
    return Course(
        opened_at=since[0].at if starts else ticket.opened_at,
        answered_at=answered_at,
        closed_at=next((event.at for event in since if event.event in _ENDS), None),
        pauses=tuple(pauses),
    )


def calendar_of(region: Region, unit: Unit, year: int) -> WorkCalendar:
    """When a unit works.

    Args:
        region: the account.
        unit: one of its units.
        year: from which on holidays are looked up.
    """
    return _calendar(region.timezone.key, unit.hours, region.holidays, year)


@lru_cache(maxsize=64)
def _calendar(timezone: str, hours: Hours, holidays: Holidays, year: int) -> WorkCalendar:
    closed = closed_dates(
        (year - 1, year, year + 1),
        joint_leave=holidays.government,
        closed=holidays.closed,
        opened=holidays.open - holidays.closed,
    )
    around = hours == regions.AROUND_THE_CLOCK
    return WorkCalendar(ZoneInfo(timezone), hours.days, hours.start, hours.end, frozenset() if around else closed)
