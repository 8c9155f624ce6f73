from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chatbot.core.first_answer import is_overdue, was_in_time

CAME = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("answered", "asked", "in_time"),
    [
        (24 * HOUR, 100 * HOUR, True),
        (25 * HOUR, 100 * HOUR, False),
        (None, 23 * HOUR, None),  # there is still time
        (None, 24 * HOUR, False),
        (HOUR, 2 * HOUR, True),
    ],
)
def test_first_answer_within_a_day_is_in_time(
    answered: timedelta | None, asked: timedelta, in_time: bool | None
) -> None:
    assert was_in_time(CAME, None if answered is None else CAME + answered, CAME + asked) is in_time


@pytest.mark.parametrize(
    ("answered", "asked", "overdue"),
    [(None, 48 * HOUR, False), (None, 49 * HOUR, True), (47 * HOUR, 49 * HOUR, False), (60 * HOUR, 90 * HOUR, False)],
)
def test_two_days_without_any_answer_are_overdue(answered: timedelta | None, asked: timedelta, overdue: bool) -> None:
    assert is_overdue(CAME, None if answered is None else CAME + answered, CAME + asked) is overdue
