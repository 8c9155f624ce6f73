"""Owns the flood limits of the platform, roughly; refuses to know what is sent."""

from __future__ import annotations

import math
from collections import deque

from chatbot.sandbox.telegram_errors import too_many_requests

_OVERALL = (30, 1.0)
_GROUP = (20, 60.0)
# One message a second on average, with the short bursts the platform tolerates.
_PRIVATE = (5, 5.0)


class FloodLimits:
    """Sliding windows: 30 a second in all, 20 a minute in a group, 5 in 5 seconds to one person."""

    def __init__(self) -> None:
        self._sent: dict[int, deque[float]] = {}

    def check(self, chat_id: int, now: float) -> None:
        """Count one message.

        Args:
            chat_id: where it goes; negative is a group.
            now: Unix seconds.

        Raises:
            ApiError: 429 with the seconds until the fullest window has room; nothing is counted then.
        """
        rules = ((0, _OVERALL), (chat_id, _GROUP if chat_id < 0 else _PRIVATE))
        wait = 0.0
        for key, (most, window) in rules:
            times = self._sent.setdefault(key, deque())
            while times and times[0] <= now - window:
                times.popleft()
            if len(times) >= most:
                wait = max(wait, times[0] + window - now)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for key, _ in rules:
            self._sent[key].append(now)
