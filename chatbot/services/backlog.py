"""Whether what comes in now has waited long at the platforms: after an outage it is better to take all of it in first.

Owns that question. What speaks of danger is handled at once all the same; everything else waits for the end of the
flood, since a cry for help may be the last of fifty thousand, and nobody knows of it before it is stored. Refuses to
let anybody wait long for that: a flood that does not end is handled as it comes.
"""

from __future__ import annotations

from datetime import timedelta

LATE = timedelta(seconds=30)  # what is older when it arrives was held up
_LEVEL = 64.0  # late messages that are a flood, where so many come in a second
_LONGEST = 60.0  # seconds that others wait for its end


class Backlog:
    """A level that late messages raise and that sinks by itself. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._level = 0.0
        self._at = 0.0
        self._since: float | None = None  # when it became a flood

    def took(self, late: int, now: float) -> None:
        """So many late messages were stored."""
        self._sink(now)
        self._level = min(self._level + late, 2 * _LEVEL)
        if self._level >= _LEVEL and self._since is None:
            self._since = now

    def is_on(self, now: float) -> bool:
        """Whether to take in first."""
        self._sink(now)
        return self._since is not None and self._level >= _LEVEL and now - self._since < _LONGEST

    def _sink(self, now: float) -> None:
        self._level = max(0.0, self._level - (now - self._at) * _LEVEL)
        self._at = now
        if self._level <= 0.0:
            self._since = None
