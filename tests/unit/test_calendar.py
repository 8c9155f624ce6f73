"""Working time over weekends, holidays and the country's three zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatbot.core.work_calendar import WorkCalendar
from chatbot.services.holidays import closed_dates

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
ALL_DAYS = frozenset(range(7))
OFFICE = WorkCalendar(WIB, frozenset(range(5)), time(8), time(16), closed_dates([2026]))
HOUR = timedelta(hours=1)


def wib(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (wib(1, 5, 8), True),  # Monday
        (wib(1, 5, 7, 59), False),
        (wib(1, 5, 15, 59), True),
        (wib(1, 5, 16), False),
        (wib(1, 10, 10), False),  # Saturday
        (wib(1, 16, 10), False),  # a Friday, Isra Mikraj
    ],
)
def test_office_is_open_from_its_opening_until_just_before_its_closing(at: datetime, expected: bool) -> None:
    assert OFFICE.is_open(at) is expected


@pytest.mark.parametrize(
    ("at", "hours", "expected"),
    [
        (wib(1, 9, 15, 30), 1, wib(1, 12, 8, 30)),  # Friday afternoon
        (wib(1, 9, 15), 1, wib(1, 9, 16)),
        (wib(1, 9, 16), 1, wib(1, 12, 9)),
        (wib(1, 10, 23), 8, wib(1, 12, 16)),  # Saturday night
        (wib(1, 5, 3), 1, wib(1, 5, 9)),  # before the opening
        (wib(1, 15, 12), 8, wib(1, 19, 12)),  # Thursday, over Isra Mikraj and the weekend
        (wib(1, 5, 9), 80, wib(1, 20, 9)),
    ],
)
def test_working_hours_pass_only_while_the_office_is_open(at: datetime, hours: int, expected: datetime) -> None:
    assert OFFICE.add(at, hours * HOUR) == expected
    assert OFFICE.between(at, expected) == hours * HOUR


@pytest.mark.parametrize("at", [wib(1, 5, 9), wib(1, 10, 9)])
def test_no_time_is_over_at_once(at: datetime) -> None:
    assert OFFICE.add(at, timedelta(0)) == at
    assert OFFICE.add_days(at, 0) == at


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        (wib(1, 5, 10, 20), 3, wib(1, 8, 10, 20)),
        (wib(1, 8, 10, 20), 1, wib(1, 9, 10, 20)),
        (wib(1, 9, 15, 59), 1, wib(1, 12, 15, 59)),
        (wib(1, 9, 16), 1, wib(1, 12, 16)),
        (wib(1, 10, 20), 3, wib(1, 14, 16)),  # from Saturday: Monday, Tuesday, Wednesday
        (wib(1, 5, 20), 1, wib(1, 6, 16)),
        (wib(1, 5, 8), 1, wib(1, 5, 16)),
        (wib(1, 5, 6), 2, wib(1, 6, 16)),
    ],
)
def test_working_days_end_at_the_same_clock_time_or_with_the_hours(at: datetime, days: int, expected: datetime) -> None:
    assert OFFICE.add_days(at, days) == expected


def test_lebaran_and_its_cuti_bersama_are_no_working_days() -> None:
    # 2026: Nyepi on 19 March with a day before it, Idul Fitri on 21 and 22 with days on 20, 23 and 24.
    assert OFFICE.add_days(wib(3, 17, 10), 1) == wib(3, 25, 10)
    assert OFFICE.add(wib(3, 17, 15, 30), HOUR) == wib(3, 25, 8, 30)
    assert OFFICE.add_days(wib(3, 21, 12), 3) == wib(3, 27, 16)
    assert OFFICE.between(wib(3, 17, 16), wib(3, 25, 8)) == timedelta(0)


def test_office_that_works_on_cuti_bersama_is_closed_on_holidays_only() -> None:
    working = replace(OFFICE, closed=closed_dates([2026], joint_leave=False))

    assert working.add_days(wib(3, 17, 10), 1) == wib(3, 18, 10)
    assert working.add_days(wib(3, 18, 10), 1) == wib(3, 20, 10)


def test_unit_closes_and_opens_on_dates_of_its_own() -> None:
    anniversary, worked = date(2026, 7, 1), date(2026, 3, 24)
    own = replace(OFFICE, closed=closed_dates([2026], closed=[anniversary], opened=[worked]))

    assert not own.is_open(wib(7, 1, 10))
    assert own.is_open(wib(3, 24, 10))
    assert own.add_days(wib(3, 17, 10), 1) == wib(3, 24, 10)


def test_estimated_holidays_are_closed_dates() -> None:
    assert {date(2028, 2, 27), date(2028, 2, 28)} <= closed_dates([2028])  # Idul Fitri, as reckoned


def test_dates_of_every_year_that_is_asked_for_are_known() -> None:
    found = closed_dates(range(2026, 2029))

    assert {date(year, 8, 17) for year in (2026, 2027, 2028)} <= found
    assert {day.year for day in found} == {2026, 2027, 2028}


def test_date_that_is_named_closed_and_opened_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="2026-07-01"):
        closed_dates([2026], closed=[date(2026, 7, 1)], opened=[date(2026, 7, 1)])


@pytest.mark.parametrize(("zone", "utc_hour"), [(WIB, 17), (WITA, 16), (WIT, 15)])
def test_day_ends_at_the_midnight_of_its_own_zone(zone: ZoneInfo, utc_hour: int) -> None:
    late = WorkCalendar(zone, frozenset(range(5)), time(16), time(0))
    midnight = datetime.fromisoformat(f"2026-01-09T{utc_hour}:00Z")  # the end of Friday

    assert late.is_open(midnight - timedelta(microseconds=1))
    assert not late.is_open(midnight)
    assert late.add(midnight - HOUR, HOUR) == midnight
    assert late.add(midnight - HOUR, 2 * HOUR) == datetime(2026, 1, 12, 17, tzinfo=zone)


def test_one_instant_is_another_working_day_further_east() -> None:
    at = datetime(2026, 1, 9, 23, 30, tzinfo=WIB)  # Friday in Jakarta, Saturday in Makassar and Jayapura
    days = [WorkCalendar(zone, frozenset({4}), time(0), time(0)) for zone in (WIB, WITA, WIT)]

    assert [calendar.is_open(at) for calendar in days] == [True, False, False]


def test_around_the_clock_all_time_is_working_time() -> None:
    always = WorkCalendar(WIT, ALL_DAYS, time(0), time(0))
    start = datetime(2026, 3, 20, 23, 10, tzinfo=WIT)

    assert always.is_open(start)
    assert always.add(start, 50 * HOUR) == start + 50 * HOUR
    assert always.add_days(start, 3) == start + timedelta(days=3)
    assert always.between(start, start + timedelta(days=9, minutes=1)) == timedelta(days=9, minutes=1)


def test_office_keeps_its_clock_where_clocks_are_moved() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # summer time began on Sunday, 29 March 2026
    office = WorkCalendar(berlin, frozenset(range(5)), time(8), time(16))
    friday = datetime(2026, 3, 27, 10, tzinfo=berlin)

    assert office.add_days(friday, 1) == datetime(2026, 3, 30, 10, tzinfo=berlin)
    nights = WorkCalendar(berlin, ALL_DAYS, time(0), time(0))
    sunday, monday = datetime(2026, 3, 29, 0, tzinfo=berlin), datetime(2026, 3, 30, 0, tzinfo=berlin)
    assert nights.between(sunday, monday) == 23 * HOUR
    assert nights.add(sunday, 23 * HOUR) == monday


def test_no_working_time_lies_between_an_instant_and_an_earlier_one() -> None:
    assert OFFICE.between(wib(1, 5, 12), wib(1, 5, 10)) == timedelta(0)


def test_instant_without_a_zone_is_refused() -> None:
    naive = wib(1, 5, 10).replace(tzinfo=None)

    for ask in (OFFICE.is_open, lambda at: OFFICE.add(at, HOUR), lambda at: OFFICE.between(wib(1, 5, 10), at)):
        with pytest.raises(ValueError, match="without a zone"):
            ask(naive)


def test_working_time_is_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        OFFICE.add(wib(1, 5, 10), -HOUR)
    with pytest.raises(ValueError, match="backwards"):
        OFFICE.add_days(wib(1, 5, 10), -1)


@pytest.mark.parametrize(
    ("days", "start", "end", "cause"),
    [
        (frozenset[int](), time(8), time(16), "at least one"),
        (frozenset({7}), time(8), time(16), r"working days \[7\]"),
        (frozenset({0}), time(20), time(4), "20:00 to 04:00"),
        (frozenset({0}), time(8), time(8), "08:00 to 08:00"),
        (frozenset({0}), time(8, tzinfo=WIB), time(16), "without a zone"),
    ],
)
def test_hours_that_no_office_can_have_are_refused(days: frozenset[int], start: time, end: time, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        WorkCalendar(WIB, days, start, end)
