"""Whenever a ticket is opened, asked about, answered, closed and opened again: its clocks lose and gain nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chatbot.core import region
from chatbot.core.region import Clock, Span
from chatbot.core.sla import (
    Course,
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

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)  # the month of Nyepi and Lebaran, and of summer time elsewhere
QUARTER = timedelta(minutes=15)
NOTHING = timedelta(0)
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
MOVED = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York")]  # clocks go forward in March
HOURS = st.integers(0, 95).flatmap(lambda start: st.tuples(st.just(start), st.integers(start + 1, 96)))  # in quarters


def clock_time(quarter: int) -> time:
    return time(quarter // 4 % 24, quarter % 4 * 15)


CALENDARS = st.builds(
    lambda zone, days, hours, closed: WorkCalendar(zone, days, clock_time(hours[0]), clock_time(hours[1]), closed),
    st.sampled_from(ZONES + MOVED),
    st.frozensets(st.integers(0, 6), min_size=1),
    HOURS,
    st.one_of(
        st.just(closed_dates([2026])),
        st.frozensets(st.dates(date(2026, 2, 20), date(2026, 4, 20)), max_size=20),
    ),
)
INSTANTS = st.timedeltas(NOTHING, timedelta(days=40)).map(lambda after: BEGIN + after)
QUARTERS = st.integers(0, 40 * 96).map(lambda count: BEGIN + count * QUARTER)
AMOUNTS = st.timedeltas(NOTHING, timedelta(hours=100))
SPANS = st.builds(Span, st.integers(1, 20), st.sampled_from(["m", "h", "d", "wh", "wd"]))
CLOCKS_OF_A_UNIT = st.one_of(st.sampled_from(list(CLOCKS.values())), st.builds(Clock, SPANS, SPANS))
WORKING = {"wh", "wd"}
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "wh": timedelta(hours=1)}


@settings(deadline=None)
@given(CALENDARS, INSTANTS, AMOUNTS)
def test_time_that_was_added_lies_between(calendar: WorkCalendar, at: datetime, amount: timedelta) -> None:
    due_at = calendar.add(at, amount)

    assert calendar.between(at, due_at) == amount
    assert due_at.utcoffset() == NOTHING
    if amount:  # and no earlier instant would do
        assert calendar.between(at, due_at - timedelta(microseconds=1)) < amount


@settings(deadline=None)
@given(CALENDARS, INSTANTS, AMOUNTS, AMOUNTS)
def test_time_adds_up(calendar: WorkCalendar, at: datetime, one: timedelta, other: timedelta) -> None:
    middle = calendar.add(at, one)

    assert calendar.add(middle, other) == calendar.add(at, one + other)
    assert at <= middle <= calendar.add(at, one + other)


@settings(deadline=None)
@given(CALENDARS, QUARTERS, st.integers(0, 700))
def test_working_time_is_what_the_offices_own_clock_shows(calendar: WorkCalendar, start: datetime, count: int) -> None:
    """Every quarter of an hour is looked at on the office's wall, and counted by hand."""
    # Where the clocks are moved at night, an office that opens then opens at an hour that the wall does not show.
    assume(calendar.timezone in ZONES or calendar.start >= time(3))
    seen = 0
    for number in range(count):
        wall = (start + number * QUARTER).astimezone(calendar.timezone)
        open_now = (
            wall.weekday() in calendar.days
            and wall.date() not in calendar.closed
            and calendar.start <= wall.time()
            and (wall.time() < calendar.end or calendar.end == time(0))
        )
        assert calendar.is_open(start + number * QUARTER) is open_now
        seen += open_now

    assert calendar.between(start, start + count * QUARTER) == seen * QUARTER


@settings(deadline=None)
@given(CALENDARS, INSTANTS, st.integers(1, 20))
def test_working_days_end_at_the_same_time_of_the_day(calendar: WorkCalendar, at: datetime, days: int) -> None:
    assume(calendar.timezone in ZONES or calendar.start >= time(3))
    ended = calendar.add_days(at, days).astimezone(calendar.timezone)
    wall = at.astimezone(calendar.timezone)

    if calendar.is_open(at) and wall.time() != calendar.start:
        assert ended.time() == wall.time()
        between = [wall.date() + timedelta(days=one) for one in range(1, (ended.date() - wall.date()).days + 1)]
        assert sum(day.weekday() in calendar.days and day not in calendar.closed for day in between) == days
    else:
        assert ended.time() == calendar.end


PAUSES = st.lists(
    st.tuples(INSTANTS, st.timedeltas(NOTHING, timedelta(days=9))).map(lambda pair: Pause(pair[0], sum_of(pair))),
    max_size=5,
).map(tuple)


def sum_of(pair: tuple[datetime, timedelta]) -> datetime:
    return pair[0] + pair[1]


@settings(deadline=None)
@given(INSTANTS, PAUSES, st.tuples(INSTANTS, AMOUNTS, AMOUNTS), CLOCKS_OF_A_UNIT, CALENDARS)
def test_more_and_longer_pauses_never_bring_a_deadline_forward(
    opened_at: datetime,
    pauses: tuple[Pause, ...],
    another: tuple[datetime, timedelta, timedelta],
    clock: Clock,
    calendar: WorkCalendar,
) -> None:
    since, length, longer = another
    later = BEGIN + timedelta(days=400)
    courses = [
        Course(opened_at, pauses=pauses),
        Course(opened_at, pauses=(*pauses, Pause(since, since + length))),
        Course(opened_at, pauses=(*pauses, Pause(since, since + length + longer))),
    ]

    for which in ("first_at", "done_at"):
        moments = [getattr(deadlines(course, clock, calendar, later), which) for course in courses]
        assert moments == sorted(moments)
        for course, due_at in zip(courses, moments, strict=True):
            assert running(course, due_at, calendar, getattr(clock, which[:-3])) == whole(
                getattr(clock, which[:-3]), calendar
            )


def whole(span: Span, calendar: WorkCalendar) -> timedelta:
    return span.amount * (calendar.day if span.unit == "wd" else UNITS[span.unit])


def running(course: Course, until: datetime, calendar: WorkCalendar, span: Span) -> timedelta:
    """How much of a clock's own time passed until then, added up between all points at which a pause begins or ends."""
    ends = [end for pause in course.pauses for end in (pause.since, pause.until or until)]
    points = sorted({course.opened_at, until, *(end for end in ends if course.opened_at < end < until)})
    runs = [
        (one, other)
        for one, other in pairwise(points)
        if not any(pause.since <= one and other <= (pause.until or until) for pause in course.pauses)
    ]
    if span.unit in WORKING:
        return sum((calendar.between(one, other) for one, other in runs), NOTHING)
    return sum((other - one for one, other in runs), NOTHING)


class TicketClocks(RuleBasedStateMachine):
    """One ticket, at random times; how much of its time has passed is counted beside the program, bit by bit."""

    @initialize(clock=CLOCKS_OF_A_UNIT, calendar=CALENDARS, at=INSTANTS)
    def open(self, clock: Clock, calendar: WorkCalendar, at: datetime) -> None:
        self.clock, self.calendar, self.now = clock, calendar, at
        self._begin()

    def _begin(self) -> None:
        self.course = Course(self.now)
        self.given: list[tuple[Which, Step]] = []
        self.passed: dict[Which, timedelta] = {"first": NOTHING, "done": NOTHING}

    @property
    def spans(self) -> dict[Which, Span]:
        return {"first": self.clock.first, "done": self.clock.done}

    @property
    def asked(self) -> bool:
        return bool(self.course.pauses) and self.course.pauses[-1].until is None

    def is_open(self) -> bool:
        return self.course.closed_at is None

    @rule(wait=st.one_of(st.timedeltas(NOTHING, timedelta(hours=1)), st.timedeltas(NOTHING, timedelta(days=4))))
    def time_passes(self, wait: timedelta) -> None:
        if self.is_open() and not self.asked:
            for which, span in self.spans.items():
                worked = self.calendar.between(self.now, self.now + wait)
                self.passed[which] += worked if span.unit in WORKING else wait
        self.now += wait

    @precondition(lambda self: self.is_open() and not self.asked)
    @rule(
        which=st.sampled_from(["first", "done"]),
        share=st.sampled_from([0.7, 0.8, 1, 1.25, 1.5, 1.75, 2]),
        more=st.sampled_from([0, 0, 14, 15, 29, 30]),
    )
    def time_passes_until_some_of_it_is_used_up(self, which: Which, share: float, more: int) -> None:
        """The very instant of a step is where mistakes live; chance would seldom meet it."""
        span = self.spans[which]
        left = whole(span, self.calendar) * share + timedelta(minutes=more) - self.passed[which]
        if left > NOTHING:
            self.time_passes((self.calendar.add(self.now, left) - self.now) if span.unit in WORKING else left)

    @precondition(lambda self: self.is_open() and not self.asked)
    @rule()
    def officer_asks(self) -> None:
        pauses = (*self.course.pauses, Pause(self.now))
        self.course = replace(self.course, answered_at=self.course.answered_at or self.now, pauses=pauses)

    @precondition(lambda self: self.is_open() and not self.asked)
    @rule()
    def clocks_are_stopped_before_any_answer(self) -> None:
        self.course = replace(self.course, pauses=(*self.course.pauses, Pause(self.now)))

    @precondition(lambda self: self.is_open() and self.asked)
    @rule()
    def citizen_answers(self) -> None:
        *before, last = self.course.pauses
        self.course = replace(self.course, pauses=(*before, replace(last, until=self.now)))

    @precondition(lambda self: self.is_open())
    @rule()
    def officer_answers(self) -> None:
        self.course = replace(self.course, answered_at=self.course.answered_at or self.now)

    @precondition(lambda self: self.is_open())
    @rule()
    def officer_closes(self) -> None:
        self.course = replace(self.course, closed_at=self.now)

    @precondition(lambda self: not self.is_open())
    @rule()
    def citizen_objects(self) -> None:
        self._begin()

    def due(self) -> list[tuple[Which, Step]]:
        return due_steps(self.course, self.clock, self.calendar, self.now, frozenset(self.given))

    @rule()
    def warnings_are_given(self) -> None:
        self.given += self.due()
        assert self.due() == []

    @invariant()
    def warnings_are_due_in_their_order_and_time(self) -> None:
        found = self.due()
        for which, step in found:
            assert self.course.fulfilled_at(which) is None
            assert self.is_open()
            assert not self.asked
            assert all(step > earlier for other, earlier in self.given if other == which)
            if audience(step) != ("officer",):
                assert self.passed[which] >= whole(self.spans[which], self.calendar)
        assert len({which for which, _ in found}) == len(found)
        if self.is_open() and not self.asked:
            self._each_step_has_its_time(found)

    def _each_step_has_its_time(self, found: list[tuple[Which, Step]]) -> None:
        for which, span in self.spans.items():
            length = whole(span, self.calendar)
            again = max(length / 2, QUARTER)
            needed = dict(zip(Step, [length * 0.8, length, length + again, length + 2 * again], strict=True))
            reached = [step for step, time_needed in needed.items() if self.passed[which] >= time_needed]
            heard = [step for other, step in [*self.given, *found] if other == which]
            if self.course.fulfilled_at(which) is None:
                assert max(heard, default=None) == max(reached, default=None)

    @invariant()
    def deadlines_are_moved_by_exactly_the_pauses(self) -> None:
        found = deadlines(self.course, self.clock, self.calendar, self.now)
        assert found.paused == (self.is_open() and self.asked)
        due: dict[Which, datetime | None] = {"first": found.first_at, "done": found.done_at}
        for which, due_at in due.items():
            ended = self.course.fulfilled_at(which)
            assert (due_at is None) == (found.paused or ended is not None)
            if due_at:
                span = self.spans[which]
                left = self.calendar.between(self.now, due_at) if span.unit in WORKING else due_at - self.now
                if due_at > self.now:
                    assert self.passed[which] + left == whole(span, self.calendar)
                else:
                    assert self.passed[which] >= whole(span, self.calendar)

    @invariant()
    def kept_and_missed_are_told_apart(self) -> None:
        done = self.passed["done"], whole(self.clock.done, self.calendar)
        kept = in_time(self.course, "done", self.clock, self.calendar, self.now)
        if done[0] < done[1]:
            assert kept is (None if self.is_open() else True)
        if done[0] > done[1]:
            assert kept is False


TicketClocks.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestTicketClocks = TicketClocks.TestCase
