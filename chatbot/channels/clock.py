"""Whether this machine's clock agrees with a platform's, which stands in the header of each of its answers.

Owns the comparison. Refuses to set a clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from chatbot.channels.base import Finding

_MOST = timedelta(minutes=1)  # reply windows, clocks of tickets and the order of messages bear no more


def clock_finding(stated: str, asked_at: datetime, answered_at: datetime) -> Finding | None:
    """What a ``Date`` header says of our clock; None where it says nothing.

    Args:
        stated: the header.
        asked_at: when the request left, by our clock; aware.
        answered_at: when the answer was there, by our clock; aware.
    """
    try:
        theirs = parsedate_to_datetime(stated)
    except ValueError:
        return None
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    ahead, behind = asked_at - theirs, theirs - answered_at
    if max(ahead, behind) <= _MOST:
        return Finding("clock", good=True, clears=("clock_off",))
    off = str(round(max(ahead, behind).total_seconds() / 60))
    return Finding("clock_ahead" if ahead > behind else "clock_behind", {"minutes": off}, grave=True, alarm="clock_off")
