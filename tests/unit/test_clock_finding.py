from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from chatbot.channels.clock import clock_finding

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("theirs", "key", "minutes"),
    [
        (timedelta(seconds=-59), "clock", ""),
        (timedelta(seconds=79), "clock", ""),  # the answer took twenty seconds
        (timedelta(seconds=-90), "clock_ahead", "2"),
        (timedelta(days=2), "clock_behind", "2880"),
    ],
)
def test_clock_that_is_off_by_more_than_a_minute_is_found(theirs: timedelta, key: str, minutes: str) -> None:
    found = clock_finding(format_datetime(NOW + theirs, usegmt=True), NOW, NOW + timedelta(seconds=20))

    assert found is not None
    assert (found.key, found.values.get("minutes", "")) == (key, minutes)


@pytest.mark.parametrize("header", ["", "yesterday", "Tue, 99 Nov 2026 01:00:00 GMT"])
def test_header_that_says_nothing_is_no_finding(header: str) -> None:
    assert clock_finding(header, NOW, NOW) is None
