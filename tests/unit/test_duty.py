"""What is said of being on duty, and until when; times of day are the region's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.core.duty import LONGEST, DutyAct, read, read_shift

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 08.00 WIB, 10.00 WIT


@pytest.mark.parametrize(
    ("text", "act", "rest"),
    [
        ("", DutyAct.SHOW, ""),
        ("masuk", DutyAct.ON, ""),
        ("Masuk  sampai 20.00", DutyAct.ON, "sampai 20.00"),
        ("on 8 hours", DutyAct.ON, "8 hours"),
        ("keluar", DutyAct.OFF, ""),
        ("besok saja", DutyAct.UNKNOWN, "saja"),
    ],
)
def test_first_word_says_what_is_wanted(text: str, act: DutyAct, rest: str) -> None:
    assert read(text) == (act, rest)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("", "24 08:00", "24 16:00"),
        ("20.00", "24 08:00", "24 20:00"),
        ("sampai pukul 20.00 WIB", "24 08:00", "24 20:00"),
        ("20:30.", "24 08:00", "24 20:30"),
        ("07.00", "24 08:00", "25 07:00"),  # past midnight
        ("08.00", "24 08:00", "25 08:00"),  # the present time is the next day's
        ("24.00", "24 08:00", "25 00:00"),
        ("00.00", "24 08:00", "25 00:00"),
        ("8 jam", "24 08:00", "24 16:00"),
        ("selama 12jam", "24 08:00", "24 20:00"),
        ("90 menit", "24 08:00", "24 09:30"),
        ("20.00-08.00", "24 20:00", "25 08:00"),  # announced
        ("mulai 20.00 sampai 06.00", "24 20:00", "25 06:00"),
        ("07.00 - 15.00", "24 08:00", "24 15:00"),  # goes on already
        ("20.00-09.00", "24 08:00", "24 09:00"),  # since yesterday
    ],
)
def test_shift_is_read_by_the_regions_clocks(text: str, since: str, until: str) -> None:
    shift = read_shift(text, NOW, JAKARTA)

    assert shift
    found = tuple(f"{at.astimezone(JAKARTA):%d %H:%M}" for at in (shift.since, shift.until))
    assert found == (since, until)


def test_same_words_mean_another_moment_in_another_zone() -> None:
    shift = read_shift("20.00", NOW, JAYAPURA)

    assert shift
    assert shift.until == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["nanti", "8", "25.00", "20.60", "24.30", "0 jam", "25 jam", "20.00 WIT", "20.00-", "-8 jam", "20.00 besok"],
)
def test_nonsense_is_no_shift(text: str) -> None:
    assert read_shift(text, NOW, JAKARTA) is None


@given(
    now=st.datetimes(
        datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01"), timezones=st.just(UTC)
    ),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    start=st.integers(0, 23),
    ranged=st.booleans(),
)
def test_shift_begins_now_or_later_and_ends_within_a_day_of_its_beginning(
    now: datetime, hour: int, minute: int, start: int, *, ranged: bool
) -> None:
    said = f"{hour:02d}.{minute:02d}"
    shift = read_shift(f"{start:02d}.00-{said}" if ranged else said, now, JAYAPURA)

    assert shift
    assert now <= shift.since < shift.until <= shift.since + LONGEST
    assert shift.until <= now + timedelta(days=1)
    assert f"{shift.until.astimezone(JAYAPURA):%H.%M}" == said


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_without_an_error(text: str) -> None:
    act, rest = read(text)
    assert act in DutyAct
    read_shift(rest, NOW, JAKARTA)
