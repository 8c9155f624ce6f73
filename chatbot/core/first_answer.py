"""The first answer that a citizen waits for: when it came in time, and when it is overdue.

Owns the two limits and what they are counted by. Refuses to know tickets and clocks: whoever asks says when a ticket
came in, when it was first answered and what time it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

IN_TIME = timedelta(days=1)
OVERDUE = timedelta(days=2)


def was_in_time(opened_at: datetime, answered_at: datetime | None, now: datetime) -> bool | None:
    """Whether the first answer came within ``IN_TIME``; None while it may still."""
    if answered_at is None and now - opened_at < IN_TIME:
        return None
    return answered_at is not None and answered_at - opened_at <= IN_TIME


def is_overdue(opened_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether a ticket is without an answer for longer than ``OVERDUE``."""
    return answered_at is None and now - opened_at > OVERDUE
