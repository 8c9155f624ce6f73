"""Working time: when an office is open, and when so much of its time has passed.

Owns the sums. Refuses to know which days are holidays (``services.holidays``) and what is due when (``sla``).

All sums are made between instants in UTC, and each day's opening and closing is looked up in the office's zone, so that
a zone that moves its clocks is counted as it is lived.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import takewhile

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When one office works.

    Attributes:
        timezone: where it is.
        days: its working days of the week, 0 is Monday.
        start: when it opens, on its own clock.
        end: when it closes, on its own clock; midnight is the end of the day. Hours never go past midnight: an office
            that is there at night is open around the clock, from midnight to midnight on all seven days.
        closed: dates on which it is closed though the weekday is a working day. A finite set and no rule, so that the
            search for the next open day always ends.

    Raises:
        ValueError: days or hours are none.
    """

    timezone: tzinfo
    days: frozenset[int]
    start: time
    end: time
    closed: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(f"working days {sorted(self.days)}: give at least one, 0 (Monday) to 6 (Sunday)")
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("working hours are on the office's own clock: give them without a zone")
        if self.end <= self.start and self.end != time.min:
            raise ValueError(
                f"working hours {self.start:%H:%M} to {self.end:%H:%M}: close after opening, at midnight at the latest"
            )

    @property
    def day(self) -> timedelta:
        """How much working time one working day has, by the office's clock."""
        opening = datetime.combine(date.min, self.start)
        return datetime.combine(date.min + _DAY if self.end == time.min else date.min, self.end) - opening

    def is_open(self, at: datetime) -> bool:
        """Whether an instant is in working time; the opening is, the closing is not.

        Raises:
            ValueError: the instant has no zone.
        """
        at = _utc(at)
        hours = self._hours_from(at)
        while True:
            opening, closing = next(hours)
            if at < closing:
                return opening <= at

    def add(self, at: datetime, amount: timedelta) -> datetime:
        """The first instant at which so much working time has passed.

        An amount that is used up just when the office closes ends there and not at the next opening.

        Args:
            at: from when on; outside working time nothing passes until the next opening.
            amount: working time, not negative.

        Returns:
            The instant, in UTC.

        Raises:
            ValueError: the instant has no zone, or the amount is negative.
        """
        at = _utc(at)
        if amount < _NOTHING:
            raise ValueError(f"working time cannot be added backwards: {amount}")
        if not amount:
            return at
        hours = self._hours_from(at)
        while True:
            opening, closing = next(hours)
            begin = max(opening, at)
            if amount <= closing - begin:
                return begin + amount
            amount -= max(closing - begin, _NOTHING)

    def add_days(self, at: datetime, n: int) -> datetime:
        """The end of n working days: the same clock time on the n-th following working day.

        What begins outside working time begins at the next opening, and what begins at an opening has used up the n-th
        day when that day's hours end: three days from Saturday are over when Wednesday's hours end. So a working day is
        as much working time as one day has, and days can be cut and moved as hours can.

        This is never later than the count of working days in the rules (verify within 3, PermenPANRB 62/2018; answer
        the reporter within 20, Perpol 2/2024), which begins with the working day after the report and ends with the
        n-th one. Working days are Monday to Friday without public holidays (SKB 3 Menteri, each year) and, where
        services close then, without cuti bersama.

        Args:
            at: when it begins.
            n: working days, not negative.

        Returns:
            The instant, in UTC.

        Raises:
            ValueError: the instant has no zone, or n is negative.
        """
        return self.add(at, n * self.day)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; none where the second is not after the first.

        Raises:
            ValueError: an instant has no zone.
        """
        start, end = _utc(start), _utc(end)
        begun = takewhile(lambda hours: hours[0] < end, self._hours_from(start))
        return sum((max(min(closing, end) - max(opening, start), _NOTHING) for opening, closing in begun), _NOTHING)

    def _hours_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing of each working day, in UTC, from the date of an instant on, without end."""
        day = at.astimezone(self.timezone).date()
        while True:
            if day.weekday() in self.days and day not in self.closed:
                last = day + _DAY if self.end == time.min else day
                yield self._instant(day, self.start), self._instant(last, self.end)
            day += _DAY

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.timezone).astimezone(UTC)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone cannot be counted: give an aware one")
    return at.astimezone(UTC)
