"""How fast we may send: a bucket for the account, one for each person, a sliding window for each group.

Owns counting in the memory of the one process that sends. Refuses to wait: it says when, and the row waits in the
database.
"""

from __future__ import annotations

from collections import deque

from chatbot.channels.base import Capabilities

_GROUP_CALLS = 20  # a group's writes within a minute, Telegram's limit
_GROUP_SECONDS = 60.0
_KEPT = 20_000  # chats remembered; a forgotten bucket is a full one


class Bucket:
    """A token bucket: ``burst`` at once, one more each ``interval`` seconds."""

    __slots__ = ("_burst", "_interval", "_level", "_seen")

    def __init__(self, burst: float, interval: float, now: float) -> None:
        self._burst = burst
        self._interval = interval
        self._level = burst
        self._seen = now

    def wait(self, now: float) -> float:
        """Seconds until a token is there."""
        self._level = min(self._burst, self._level + (now - self._seen) / self._interval)
        self._seen = now
        return 0.0 if self._level >= 1 else (1 - self._level) * self._interval

    def left(self, now: float) -> int:
        """Tokens that are there."""
        self.wait(now)
        return max(0, int(self._level))

    def take(self) -> None:
        """Use a token, there or not: what is urgent goes, and the next one waits longer."""
        self._level -= 1


class Window:
    """At most ``_GROUP_CALLS`` in any minute."""

    __slots__ = ("_times",)

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until a call is allowed."""
        if self.used(now) < _GROUP_CALLS:
            return 0.0
        return self._times[len(self._times) - _GROUP_CALLS] + _GROUP_SECONDS - now

    def used(self, now: float) -> int:
        """How many calls were made in the last minute."""
        while self._times and now - self._times[0] >= _GROUP_SECONDS:
            self._times.popleft()
        return len(self._times)

    def take(self, now: float) -> None:
        """Count a call."""
        self._times.append(now)


class Pace:
    """The limits of one channel account. Times are monotonic seconds."""

    def __init__(self, rate: float, capabilities: Capabilities, now: float) -> None:
        self._account = Bucket(max(rate, 1.0), 1.0 / rate, now)
        self._capabilities = capabilities
        self._people: dict[str, Bucket] = {}
        self._groups: dict[str, Window] = {}
        self._paused: dict[str, float] = {}

    def pause(self, chat: str, until: float) -> None:
        """The platform asked for a rest: of one chat, or with an empty id of the whole account."""
        self._paused[chat] = max(until, self._paused.get(chat, 0.0))

    def left(self, now: float) -> int:
        """How many calls the account may make at once."""
        return self._account.left(now)

    def rest(self, now: float, *, urgent: bool) -> float:
        """Seconds that nothing may go to anybody; 0: something may."""
        paused = self._paused.get("", 0.0) - now
        return max(paused, 0.0) if urgent else max(paused, self._account.wait(now))

    def wait(self, chat: str, now: float, *, group: bool, urgent: bool, free: bool) -> float:
        """Seconds until a call may go; 0 takes it.

        Args:
            chat: where it goes.
            now: the time.
            group: whether that is a group.
            urgent: an emergency waits for nothing but a rest that the platform demanded.
            free: the call does not count against the chat (an answer to a press).
        """
        rest = max(self._paused.get(chat, 0.0), self._paused.get("", 0.0)) - now
        if rest > 0:
            return rest
        self._paused.pop(chat, None)
        limit = self._limit(chat, now, group=group)
        needed = self._account.wait(now) if free else max(self._account.wait(now), limit.wait(now))
        if needed > 0 and not urgent:
            return needed
        self._account.take()
        if free:
            return 0.0
        if isinstance(limit, Window):
            limit.take(now)
        else:
            limit.take()
        return 0.0

    def is_busy(self, group: str, now: float) -> bool:
        """Whether half of what a group may get in a minute is used up, so that several messages are better one."""
        return group in self._groups and self._groups[group].used(now) >= _GROUP_CALLS // 2

    def _limit(self, chat: str, now: float, *, group: bool) -> Bucket | Window:
        if group:
            return self._groups.setdefault(chat, Window())
        bucket = self._people.get(chat)
        if bucket is None:
            if len(self._people) >= _KEPT:
                self._people.pop(next(iter(self._people)))
            interval = self._capabilities.person_interval.total_seconds()
            bucket = self._people[chat] = Bucket(self._capabilities.person_burst, interval, now)
        return bucket
