"""Watching the installation while it runs: what the administrators have to know of before citizens notice it.

Owns what calls for an alarm and for how long: what the platforms say of themselves, asked every few minutes, and what
the database and the disks hold, looked at every few seconds. Refuses to say anything itself (``alarms``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from chatbot.channels.base import Finding
from chatbot.logs import fingerprint, log
from chatbot.services.alarms import Alarm, Alarms
from chatbot.services.office import Office
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork

Examine = Callable[[Mapping[str, str]], AsyncIterator[Finding]]

_ASK = timedelta(minutes=5)  # between two examinations of the platforms
_ASK_SOON = timedelta(seconds=30)  # when something waits, for the platform may be why
_AGAIN = 5.0  # seconds; a platform that did not answer is asked once more before that is believed
_LATE = timedelta(minutes=1)
_QUIET = timedelta(minutes=5)  # without anything late before that is said to be over
_DAY = timedelta(days=1)
_HEARD = timedelta(minutes=10)  # how exactly it is kept when a channel was last heard
_LAST = 1000  # messages that are looked through when the watch begins
# What services note, the alarm that it calls for, and for how long: a stopped channel is tried every half a minute, a
# lost group every minute, and of what broke somebody has learnt after a day.
_NOTED = {
    "down": ("channel_down", timedelta(minutes=2)),
    "gone": ("group_rights", timedelta(minutes=5)),
    "dead": ("send_dead", _DAY),
    "aside": ("set_aside", _DAY),
}
_CUT_OFF = ("channel_down", "unreachable")
# These are over as soon as nothing calls for them; of the others a platform has to say so.
_SEEN_HERE = frozenset({"channel_silent", "disk_low", "messages_wait", "send_dead", "sending_waits", "set_aside"})


def write_down(findings: Iterable[Finding]) -> None:
    """Write to the log what is wrong with the set-up."""
    for one in findings:
        if not one.good:
            about = {"chat": fingerprint(one.about)} if one.about.startswith("-") else {"channel": one.about}
            (log().error if one.grave else log().warning)("setup", reason=one.key, **about)


class Watch:
    """One process watches at a time; each may examine the platforms for itself.

    Args:
        store: opened.
        office: the account.
        channels: those that are served.
        groups: those that are served now, as set, by role or unit's name.
        examine: asks the platforms, given the groups by their ids of now.
        room: how much room is left, given the folders of which was said that their disk fills.
    """

    def __init__(
        self,
        store: Store,
        office: Office,
        *,
        channels: Collection[str],
        groups: Callable[[], Mapping[str, str]],
        examine: Examine,
        room: Callable[[frozenset[str]], Iterable[Finding]],
    ) -> None:
        self._store = store
        self._office = office
        self._channels = channels
        self._groups = groups
        self._examine = examine
        self._room = room
        self._found: list[Finding] = []
        self._chats: frozenset[str] = frozenset()
        self._asked_at: datetime | None = None
        self._began_at: datetime | None = None
        self._newest = -1  # id of the latest message that was looked at
        self._heard: dict[str, datetime] = {}
        self._late: set[Alarm] = set()  # at the last look
        self._late_at: dict[Alarm, datetime] = {}

    async def examine(self) -> list[Finding]:
        """Ask the platforms, write to the log what is new, and keep all of it for the next look."""
        asked_at = self._office.clock()
        groups = self._groups()
        chats = await self._store.read(lambda uow: {role: uow.groups.current_chat(one) for role, one in groups.items()})
        found = [one async for one in self._examine(chats)]
        if any(one.alarm == "unreachable" for one in found):
            await asyncio.sleep(_AGAIN)
            found = [one async for one in self._examine(chats)]
        known = {(one.key, one.about) for one in self._found}
        write_down([one for one in found if (one.key, one.about) not in known])
        self._found, self._asked_at, self._chats = found, asked_at, frozenset(filter(None, chats.values()))
        return found

    async def look(self) -> None:
        """Find out what calls for an alarm, and have it said. Nothing does before the first examination."""
        if self._asked_at is None:
            return
        now = self._office.clock()
        self._began_at = self._began_at or now
        since = now - self._asked_at
        if since >= _ASK or await self._store.read(partial(self._should_ask, self._asked_at, since)):
            await self.examine()
        calls, over, standing = await self._store.read(partial(self._judge, now))
        if Alarms.changes(standing, calls, over, now):
            await self._store.write(lambda uow: Alarms(uow, self._office, now).settle(calls, over))
        await self._remember()

    def _should_ask(self, asked_at: datetime, since: timedelta, uow: UnitOfWork) -> bool:
        """Whether our standing in a group changed, or something waits and the platform may be why."""
        changed_at = uow.alarms.noted(asked_at).get("groups", asked_at)
        return changed_at > asked_at or (since >= _ASK_SOON and bool(self._late - uow.alarms.standing().keys()))

    def _judge(
        self, now: datetime, uow: UnitOfWork
    ) -> tuple[dict[Alarm, Finding | None], set[Alarm], Mapping[Alarm, datetime]]:
        standing = uow.alarms.standing()
        calls: dict[Alarm, Finding | None] = {}
        over = {(kind, about) for kind, about in standing if kind in _SEEN_HERE or self._is_foreign(kind, about)}
        low = frozenset(about for kind, about in standing if kind == "disk_low")
        for one in (*self._found, *self._room(low)):
            over.update((kind, one.about) for kind in one.clears)
            if one.alarm:
                calls[one.alarm, one.about] = one
        for what, at in uow.alarms.noted(now - _DAY).items():
            name, _, about = what.partition(" ")
            kind, lasts = _NOTED.get(name, ("", _DAY))
            if kind and now - at < lasts and not self._is_foreign(kind, about):
                calls.setdefault((kind, about), None)
        cut_off = {channel for channel in self._channels if any((kind, channel) in calls for kind in _CUT_OFF)}
        self._judge_late(uow, now, cut_off, calls, standing)
        self._judge_silent(uow, now, cut_off, calls)
        return calls, over - calls.keys(), standing

    def _is_foreign(self, kind: str, about: str) -> bool:
        """Whether an alarm is about a group or a channel that is not served, or not any more."""
        if kind == "group_rights":
            return about not in self._chats
        return about not in self._channels if kind in {*_CUT_OFF, "template_refused", "webhook_error"} else False

    def _judge_late(
        self,
        uow: UnitOfWork,
        now: datetime,
        cut_off: Collection[str],
        calls: dict[Alarm, Finding | None],
        standing: Mapping[Alarm, datetime],
    ) -> None:
        """What waits too long, seen twice; what waits because of what is said already is part of that."""
        before, late = now - _LATE, set[Alarm]()
        oldest = uow.alarms.oldest_stored(self._channels)
        if oldest and oldest < before:
            late.add(("messages_wait", ""))
        lost = {about for kind, about in calls if kind == "group_rights"}
        for channel in self._channels:
            alarm = ("sending_waits", channel)
            if alarm in standing if channel in cut_off else uow.alarms.is_late(channel, before, lost):
                late.add(alarm)
        began_at = self._began_at or now
        for alarm in late:
            self._late_at[alarm] = now
            if alarm in standing or (alarm in self._late and now - began_at >= _LATE):
                calls[alarm] = None
        for kind, about in standing:
            if kind in {"messages_wait", "sending_waits"} and now - self._late_at.get((kind, about), began_at) < _QUIET:
                calls[kind, about] = None
        self._late = late

    def _judge_silent(
        self, uow: UnitOfWork, now: datetime, cut_off: Collection[str], calls: dict[Alarm, Finding | None]
    ) -> None:
        newest = uow.alarms.newest_id()
        behind = self._newest if self._newest >= 0 else newest - _LAST
        kept = uow.alarms.heard()
        for channel in self._channels:
            times = [uow.alarms.came_in(channel, behind), kept.get(channel), self._heard.get(channel)]
            heard_at = max(filter(None, times), default=None)
            if heard_at:
                self._heard[channel] = heard_at
                if now - heard_at >= _DAY and channel not in cut_off:
                    calls["channel_silent", channel] = None
        self._newest = newest

    async def _remember(self) -> None:
        """Keep when each channel was last heard, now and then: the next process goes on from there."""

        def news(uow: UnitOfWork) -> dict[str, datetime]:
            kept = uow.alarms.heard()
            return {one: at for one, at in self._heard.items() if one not in kept or at - kept[one] >= _HEARD}

        def unit(uow: UnitOfWork) -> None:
            for channel, at in heard.items():
                uow.alarms.hear(channel, at)

        if heard := await self._store.read(news):
            await self._store.write(unit)
