"""Tickets that nobody answered at all: what every region counts alike, whatever its own clocks say.

Owns the limit. Refuses to know tickets and clocks: whoever asks says when a ticket came in, when it was first answered
and what time it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

OVERDUE = timedelta(days=2)


def is_overdue(opened_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether a ticket is without an answer for longer than ``OVERDUE``."""
    return answered_at is None and now - opened_at > OVERDUE
