"""The clocks of a ticket: when the first answer and the end are due, and who hears that they are near or past.

Owns the lengths, the standing still while the citizen is asked, and the steps of warning. Refuses rows, the present
time (it comes in), and how a unit writes its own lengths down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum
from typing import Literal

from chatbot.core.region import WORKING, Clock, Span
from chatbot.core.work_calendar import WorkCalendar

Which = Literal["first", "done"]
Audience = Literal["officer", "chief", "head"]


_ALWAYS = WorkCalendar(UTC, frozenset(range(7)), time(0), time(0))  # where minutes, hours and days pass
_LEAST_WAIT = timedelta(minutes=15)  # between two warnings after the deadline, however short the span


class Step(IntEnum):
    """The warnings of one clock, the graver the higher."""

    SOON = 1  # four fifths of the time have passed
    DUE = 2  # the deadline
    LATE = 3  # half as much again after the deadline, 15 minutes at the least
    LATEST = 4  # and as long again after that


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the citizen is asked, and the clocks stand still.

    Attributes:
        since: when an officer asked.
        until: when the citizen answered, or when the time to answer ends, if one was set; None: not known yet.
    """

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """How a ticket went so far; everything in it has happened, but for a pause's end.

    A reopened ticket is a new duty: a course of its own that begins at the reopening, with no warning given yet. Else
    one that was closed late, with every warning given, would never be heard of again. A closing that was recalled
    before it left has not happened: the old course goes on.

    Attributes:
        opened_at: when the duty began.
        answered_at: when an officer first answered or asked the citizen.
        closed_at: when the ticket was closed.
        pauses: when the citizen was asked, in any order.
    """

    opened_at: datetime
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    def fulfilled_at(self, which: Which) -> datetime | None:
        """When a clock ended. The closing brings the citizen a result, so it ends the first one too."""
        return self.closed_at if which == "done" else self.answered_at or self.closed_at

    def stands_still(self, now: datetime) -> bool:
        """Whether an open ticket waits for the citizen."""
        return self.closed_at is None and any(pause.until is None or now < pause.until for pause in self.pauses)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when what is due.

    Attributes:
        first_at: the first answer, UTC; None: it was given, or the clocks stand still.
        done_at: the closing, UTC; None: the ticket is closed, or the clocks stand still.
        paused: whether they stand still, so that nothing is due until the citizen answers.
    """

    first_at: datetime | None
    done_at: datetime | None
    paused: bool = False


def deadlines(course: Course, clock: Clock, calendar: WorkCalendar, now: datetime) -> Deadlines:
    """Until when a ticket's first answer and its end are due.

    A pause that began before a deadline moves it by what passed of the clock's own time: all of the pause for minutes,
    hours and days, its working time for working hours and days. One that began later moves nothing: what is late stays
    late.

    Args:
        course: how the ticket went.
        clock: its lengths.
        calendar: its unit's working time.
        now: the present time.
    """
    if course.stands_still(now):
        return Deadlines(first_at=None, done_at=None, paused=True)
    first_at, done_at = (
        None if course.fulfilled_at(which) else _moment(course, span, calendar, Step.DUE)
        for which, span in _spans(clock)
    )
    return Deadlines(first_at=first_at, done_at=done_at)


def due_steps(
    course: Course, clock: Clock, calendar: WorkCalendar, now: datetime, already: frozenset[tuple[Which, Step]]
) -> list[tuple[Which, Step]]:
    """The warnings that are to be given now.

    Of each clock only the gravest, so that after an outage one warning is given and not four; and none that is not
    graver than all that were given. None while the clocks stand still, and none of a clock that has ended.

    Args:
        course: how the ticket went.
        clock: its lengths.
        calendar: its unit's working time.
        now: the present time.
        already: the warnings that were given in this course.
    """
    if course.stands_still(now):
        return []
    found: list[tuple[Which, Step]] = []
    for which, span in _spans(clock):
        if course.fulfilled_at(which):
            continue
        given = max((step for clock_of, step in already if clock_of == which), default=0)
        left = (step for step in reversed(Step) if step > given)
        moments = ((step, _moment(course, span, calendar, step)) for step in left)
        found += [(which, step) for step, at in moments if at and at <= now][:1]
    return found


def next_at(
    course: Course, clock: Clock, calendar: WorkCalendar, now: datetime, already: frozenset[tuple[Which, Step]]
) -> datetime | None:
    """When the next warning is reached; None: never, or not while the clocks stand still. Arguments as above."""
    if course.stands_still(now):
        return None
    moments = [
        _moment(course, span, calendar, step)
        for which, span in _spans(clock)
        if not course.fulfilled_at(which)
        for step in Step
        if step > max((one for clock_of, one in already if clock_of == which), default=0)
    ]
    return min((at for at in moments if at and at > now), default=None)


def audience(step: Step) -> tuple[Audience, ...]:
    """Who hears a warning: the ticket's officer, the unit's chief, the head's group.

    Nobody above the officer hears anything before the deadline.
    """
    return _AUDIENCES[step]


_AUDIENCES: Mapping[Step, tuple[Audience, ...]] = {
    Step.SOON: ("officer",),
    Step.DUE: ("officer", "chief"),
    Step.LATE: ("chief",),
    Step.LATEST: ("head",),
}


def in_time(course: Course, which: Which, clock: Clock, calendar: WorkCalendar, now: datetime) -> bool | None:
    """Whether a clock was kept, for statistics; what is done at the deadline itself is in time.

    Args:
        course: how the ticket went.
        which: the first answer, or the end.
        clock: its lengths.
        calendar: its unit's working time.
        now: the present time.

    Returns:
        None while it can still be kept.
    """
    due_at = _moment(course, dict(_spans(clock))[which], calendar, Step.DUE)
    fulfilled_at = course.fulfilled_at(which)
    if fulfilled_at:
        return due_at is None or fulfilled_at <= due_at
    return False if due_at and due_at < now else None


def _spans(clock: Clock) -> Iterator[tuple[Which, Span]]:
    yield "first", clock.first
    yield "done", clock.done


def _length(span: Span, day: timedelta, step: Step) -> timedelta:
    """How much of a clock's own time passes until a step."""
    hour = timedelta(hours=1)
    units = {"m": timedelta(minutes=1), "h": hour, "wh": hour, "d": day, "wd": day}
    whole = span.amount * units[span.unit]
    if step is Step.SOON:
        return whole * 4 / 5
    return whole + (step - Step.DUE) * max(whole / 2, _LEAST_WAIT)


def _moment(course: Course, span: Span, calendar: WorkCalendar, step: Step) -> datetime | None:
    """When a step is reached; None: never, if the clocks go on standing still."""
    own = calendar if span.unit in WORKING else _ALWAYS
    at = own.add(course.opened_at, _length(span, own.day, step))
    counted = course.opened_at  # pauses may lie over each other: no time stands still twice
    for pause in sorted(course.pauses, key=lambda pause: pause.since):
        if pause.since >= at:
            break
        if pause.until is None:
            return None
        since = max(pause.since, counted)
        if since < pause.until:
            at = own.add(at, own.between(since, pause.until))
            counted = pause.until
    return at
