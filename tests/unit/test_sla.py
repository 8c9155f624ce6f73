"""When a ticket's answer and end are due, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatbot.core import region
from chatbot.core.region import Clock, Span
from chatbot.core.sla import (
    Course,
    Deadlines,
    Pause,
    Step,
    Which,
    audience,
    deadlines,
    due_steps,
    in_time,
)
from chatbot.core.work_calendar import WorkCalendar
from chatbot.services.holidays import closed_dates

CLOCKS = {str(priority): clock for priority, clock in region.CLOCKS.items()}

WIB = ZoneInfo("Asia/Jakarta")
OFFICE = WorkCalendar(WIB, frozenset(range(5)), time(8), time(16), closed_dates([2026]))
NONE_GIVEN: frozenset[tuple[Which, Step]] = frozenset()
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def wib(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


SUNDAY_NIGHT = wib(1, 4, 23, 58)
FRIDAY = wib(1, 9, 14)


@pytest.mark.parametrize(
    ("priority", "opened_at", "first_at", "done_at"),
    [
        ("P0", SUNDAY_NIGHT, wib(1, 5, 0, 3), wib(1, 5, 23, 58)),
        ("P1", wib(3, 21, 1), wib(3, 21, 1, 15), wib(3, 24, 1)),  # Idul Fitri
        ("P2", FRIDAY, wib(1, 9, 22), wib(1, 30, 14)),  # over Isra Mikraj
        ("P3", FRIDAY, wib(1, 14, 14), wib(1, 30, 14)),
        ("P3", wib(3, 17, 10), wib(3, 27, 10), wib(4, 14, 10)),  # over Lebaran and Good Friday
        ("P3", wib(3, 21, 10), wib(3, 27, 16), wib(4, 14, 16)),
        ("P4", wib(1, 10, 9), wib(1, 19, 16), wib(1, 19, 16)),  # from Saturday
    ],
)
def test_default_deadlines(priority: str, opened_at: datetime, first_at: datetime, done_at: datetime) -> None:
    found = deadlines(Course(opened_at), CLOCKS[priority], OFFICE, opened_at)

    assert found == Deadlines(first_at, done_at)
    assert found.first_at
    assert found.first_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("unit_of", "pause", "moved"),
    [
        (Span(8, "h"), Pause(wib(1, 9, 15), wib(1, 9, 17)), wib(1, 10, 0)),
        (Span(8, "wh"), Pause(wib(1, 9, 15), wib(1, 9, 17)), wib(1, 12, 15)),  # one of its hours was working time
        (Span(3, "wd"), Pause(wib(1, 10, 9), wib(1, 11, 9)), wib(1, 14, 14)),  # a weekend costs nothing
        (Span(3, "wd"), Pause(wib(1, 9, 14), wib(1, 12, 14)), wib(1, 15, 14)),  # one working day
        (Span(30, "m"), Pause(wib(1, 9, 14, 30), wib(1, 9, 16)), wib(1, 9, 14, 30)),  # asked when it was due
        (Span(30, "m"), Pause(wib(1, 9, 15), wib(1, 9, 16)), wib(1, 9, 14, 30)),  # asked too late
        (Span(1, "h"), Pause(wib(1, 9, 13), wib(1, 9, 14, 10)), wib(1, 9, 15, 10)),  # counted from the opening on
    ],
)
def test_pause_moves_a_deadline_by_what_passed_of_its_own_time(unit_of: Span, pause: Pause, moved: datetime) -> None:
    course = Course(FRIDAY, pauses=(pause,))

    assert deadlines(course, Clock(unit_of, unit_of), OFFICE, wib(1, 20, 9)) == Deadlines(moved, moved)


def test_pauses_that_lie_over_each_other_count_once_in_any_order() -> None:
    pauses = (Pause(wib(1, 9, 16), wib(1, 9, 18)), Pause(wib(1, 9, 15), wib(1, 9, 17)))
    course = Course(FRIDAY, pauses=pauses)

    assert deadlines(course, CLOCKS["P2"], OFFICE, wib(1, 9, 19)).first_at == wib(1, 10, 1)


@pytest.mark.parametrize("until", [None, wib(1, 20, 14)])
def test_clocks_stand_still_while_the_citizen_is_asked(until: datetime | None) -> None:
    asked = Course(FRIDAY, pauses=(Pause(wib(1, 9, 15), until),))

    assert deadlines(asked, CLOCKS["P3"], OFFICE, wib(1, 19, 9)) == Deadlines(None, None, paused=True)
    assert due_steps(asked, CLOCKS["P3"], OFFICE, wib(1, 19, 9), NONE_GIVEN) == []


def test_late_ticket_is_not_heard_of_while_the_citizen_is_asked() -> None:
    asked = Course(FRIDAY, pauses=(Pause(wib(1, 15, 9)),))

    assert deadlines(asked, CLOCKS["P3"], OFFICE, wib(1, 19, 9)) == Deadlines(None, None, paused=True)
    assert due_steps(asked, CLOCKS["P3"], OFFICE, wib(1, 19, 9), NONE_GIVEN) == []


def test_clocks_go_on_when_the_time_to_answer_has_ended() -> None:
    asked = Course(FRIDAY, pauses=(Pause(wib(1, 12, 14), wib(1, 20, 14)),))

    assert deadlines(asked, CLOCKS["P3"], OFFICE, wib(1, 20, 14)) == Deadlines(wib(1, 22, 14), wib(2, 6, 14))


def test_what_was_done_is_due_no_more() -> None:
    answered = Course(FRIDAY, answered_at=wib(1, 9, 15))
    closed = Course(FRIDAY, closed_at=wib(1, 9, 15), pauses=(Pause(wib(1, 9, 14, 30)),))
    later = wib(6, 9, 9)

    assert deadlines(answered, CLOCKS["P3"], OFFICE, later) == Deadlines(None, wib(1, 30, 14))
    assert due_steps(answered, CLOCKS["P3"], OFFICE, later, NONE_GIVEN) == [("done", Step.LATEST)]
    assert deadlines(closed, CLOCKS["P3"], OFFICE, later) == Deadlines(None, None)
    assert due_steps(closed, CLOCKS["P3"], OFFICE, later, NONE_GIVEN) == []


@pytest.mark.parametrize(
    ("priority", "opened_at", "moments"),
    [
        ("P0", SUNDAY_NIGHT, [wib(1, 5, 0, 2), wib(1, 5, 0, 3), wib(1, 5, 0, 18), wib(1, 5, 0, 33)]),
        ("P1", FRIDAY, [wib(1, 9, 14, 12), wib(1, 9, 14, 15), wib(1, 9, 14, 30), wib(1, 9, 14, 45)]),
        ("P2", FRIDAY, [wib(1, 9, 20, 24), wib(1, 9, 22), wib(1, 10, 2), wib(1, 10, 6)]),
        ("P3", FRIDAY, [wib(1, 14, 9, 12), wib(1, 14, 14), wib(1, 19, 10), wib(1, 20, 14)]),
    ],
)
def test_warnings_come_at_four_fifths_at_the_deadline_and_twice_after_it(
    priority: str, opened_at: datetime, moments: list[datetime]
) -> None:
    answer = replace(CLOCKS[priority], done=Span(1000, "d"))
    given = NONE_GIVEN
    for step, at in zip(Step, moments, strict=True):
        assert due_steps(Course(opened_at), answer, OFFICE, at - timedelta(microseconds=1), given) == []
        assert due_steps(Course(opened_at), answer, OFFICE, at, given) == [("first", step)]
        given |= {("first", step)}
    assert due_steps(Course(opened_at), answer, OFFICE, moments[-1] + 9 * HOUR, given) == []


def test_after_an_outage_each_clock_gives_its_gravest_warning_only() -> None:
    now = FRIDAY + 23 * HOUR

    found = due_steps(Course(FRIDAY), CLOCKS["P0"], OFFICE, now, frozenset({("first", Step.SOON)}))

    assert found == [("first", Step.LATEST), ("done", Step.SOON)]
    assert due_steps(Course(FRIDAY), CLOCKS["P0"], OFFICE, now, frozenset(found)) == []


def test_reopened_ticket_is_warned_of_anew() -> None:
    reopened_at = wib(2, 9, 9)

    found = due_steps(Course(reopened_at), CLOCKS["P1"], OFFICE, reopened_at + 13 * MINUTE, NONE_GIVEN)

    assert found == [("first", Step.SOON)]


def test_warnings_reach_higher_people_only_after_the_deadline() -> None:
    assert [audience(step) for step in Step] == [("officer",), ("officer", "chief"), ("chief",), ("head",)]


@pytest.mark.parametrize(
    ("course", "first", "done"),
    [
        (Course(FRIDAY), None, None),
        (Course(FRIDAY, answered_at=wib(1, 14, 14)), True, None),
        (Course(FRIDAY, answered_at=wib(1, 14, 14, 1)), False, None),
        (Course(FRIDAY, wib(1, 9, 15), wib(1, 30, 14)), True, True),
        (Course(FRIDAY, wib(1, 9, 15), wib(1, 30, 15)), True, False),
        (Course(FRIDAY, closed_at=wib(1, 12, 9)), True, True),  # closed without a word before
        (Course(FRIDAY, wib(1, 9, 15), wib(6, 1, 9), (Pause(wib(1, 9, 15)),)), True, True),  # closed while asked
        (Course(FRIDAY, wib(1, 9, 15), wib(2, 2, 14), (Pause(wib(1, 12, 14), wib(1, 13, 14)),)), True, True),
    ],
)
def test_what_was_done_by_its_deadline_is_in_time(course: Course, first: bool | None, done: bool | None) -> None:
    now = wib(1, 14, 14) if course.closed_at is None else wib(6, 1, 10)

    assert in_time(course, "first", CLOCKS["P3"], OFFICE, now) is first
    assert in_time(course, "done", CLOCKS["P3"], OFFICE, now) is done


def test_what_is_open_is_late_only_after_its_deadline_and_stays_late_while_the_citizen_is_asked() -> None:
    asked_late = Course(FRIDAY, pauses=(Pause(wib(1, 15, 9)),))
    asked_before = Course(FRIDAY, pauses=(Pause(wib(1, 12, 9)),))

    assert in_time(Course(FRIDAY), "first", CLOCKS["P3"], OFFICE, wib(1, 14, 14)) is None
    assert in_time(Course(FRIDAY), "first", CLOCKS["P3"], OFFICE, wib(1, 14, 14, 1)) is False
    assert in_time(asked_late, "first", CLOCKS["P3"], OFFICE, wib(1, 15, 10)) is False
    assert in_time(asked_before, "first", CLOCKS["P3"], OFFICE, wib(6, 1, 10)) is None
