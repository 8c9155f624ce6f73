from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chatbot.core.unanswered import is_overdue

CAME = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("answered", "asked", "overdue"),
    [(None, 48 * HOUR, False), (None, 49 * HOUR, True), (47 * HOUR, 49 * HOUR, False), (60 * HOUR, 90 * HOUR, False)],
)
def test_two_days_without_any_answer_are_overdue(answered: timedelta | None, asked: timedelta, overdue: bool) -> None:
    assert is_overdue(CAME, None if answered is None else CAME + answered, CAME + asked) is overdue
