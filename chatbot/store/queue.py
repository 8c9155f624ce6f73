"""The queue of what came in: messages that wait to be handled, and in which order.

Owns claim, done, quarantine, and the lanes. Set-based statements, because every message passes here. Refuses to know
what a message means. What is to go out is ``outbox``'s.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col

from chatbot.store.tables import STORED, URGENT, InboundRow
from chatbot.store.wakes import INBOUND, wrote

# Statements over many rows go to the tables themselves: the ORM takes an update with parameters for one by primary key.
_INBOUND: Table = SQLModel.metadata.tables["inbound"]
_STORED = text(f"inbound.{STORED}")
_URGENT = text(f"inbound.{URGENT}")
CITIZEN, DESK = ROADS = ("citizen", "desk")  # apart: groups' messages have to ask the platform for rights
_LANES = 256
# What every message passes is made once: to build a statement takes three times as long as to carry it out.
_KNOWN = select(col(InboundRow.external_id), col(InboundRow.body_hash)).where(
    col(InboundRow.channel) == bindparam("channel"),
    col(InboundRow.account) == bindparam("account"),
    col(InboundRow.external_id).in_(bindparam("external_ids", expanding=True)),
)
_SERVED = (
    col(InboundRow.road) == bindparam("road"),
    col(InboundRow.channel).in_(bindparam("channels", expanding=True)),
)
_OF_LANES = col(InboundRow.lane).in_(bindparam("lanes", expanding=True))
_OF_CHATS = col(InboundRow.chat).in_(bindparam("chats", expanding=True))
_URGENT_CHATS = (
    select(col(InboundRow.chat)).where(_URGENT, *_SERVED).order_by(col(InboundRow.id)).limit(bindparam("limit"))
)
_OLDEST = (
    select(
        col(InboundRow.id),
        col(InboundRow.channel),
        col(InboundRow.lane),
        col(InboundRow.chat),
        col(InboundRow.kind),
        col(InboundRow.urgent),
        col(InboundRow.attempts),
        col(InboundRow.raw),
    )
    .where(_STORED, *_SERVED)
    .order_by(col(InboundRow.id))
    .limit(bindparam("limit"))
)
_OLDEST_OF_CHATS = _OLDEST.where(_OF_CHATS)
# PostgreSQL: where a worker looks for lanes that no other has in hand.
_HEADS = tuple(
    select(col(InboundRow.lane))
    .where(which, *_SERVED, col(InboundRow.lane).not_in(bindparam("tried", expanding=True)))
    .order_by(col(InboundRow.id))
    .limit(bindparam("limit"))
    for which in (_URGENT, _STORED)
)
_IN_LANES = {one: one.where(_OF_LANES) for one in (_URGENT_CHATS, _OLDEST, _OLDEST_OF_CHATS)}
_STILL_STORED = select(col(InboundRow.id), col(InboundRow.chat)).where(
    _STORED, *_SERVED, _OF_CHATS, col(InboundRow.id) <= bindparam("last")
)
_DONE = (
    update(_INBOUND)
    .where(_INBOUND.c.id == bindparam("row_id"))
    .values(
        state="done",
        outcome=bindparam("b_outcome"),
        contact_id=bindparam("b_contact"),
        ticket_id=func.coalesce(bindparam("b_ticket", type_=_INBOUND.c.ticket_id.type), _INBOUND.c.ticket_id),
    )
)
LOCK_SPACE = 1958  # keeps our advisory locks apart from other programs' in the same database
AUDIT_LOCK = _LANES  # the first number in that space that is no lane's
UPGRADE_LOCK = AUDIT_LOCK + 1
_CLAIM_SPACE = LOCK_SPACE + 1
FILE_SPACE = LOCK_SPACE + 2
_CLAIMED = 24  # lanes that one process prepares at a time: ten of them find some


def lane_of(chat: str) -> int:
    """The lane of a chat: messages of one lane are handled by one worker at a time, in order."""
    return zlib.crc32(chat.encode()) % _LANES


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch of inbound rows: how many are new, and how many of those reused an id."""

    new: int
    duplicates: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored message as the loops see it."""

    id: int
    channel: str
    lane: int
    chat: str
    kind: str
    urgent: bool | None
    attempts: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one stored message."""

    id: int
    outcome: str
    contact_id: int | None = None
    ticket_id: int | None = None


class Inbox:
    """Messages that came in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sqlite = session.get_bind().dialect.name == "sqlite"

    def add(self, deliveries: Sequence[Sequence[Mapping[str, Any]]]) -> list[Stored]:
        """Store messages that are not there yet; the same id with another body is a new message, and counted.

        Args:
            deliveries: the rows of each delivery; each gets its own count back.
        """
        seen, used = self._known([row for rows in deliveries for row in rows])
        fresh: list[Mapping[str, Any]] = []
        counts = []
        for rows in deliveries:
            new = conflicts = 0
            for row in rows:
                name = (row["channel"], row["account"], row["external_id"])
                if (*name, row["body_hash"]) in seen:
                    continue
                conflicts += name in used
                seen.add((*name, row["body_hash"]))
                used.add(name)
                fresh.append(row)
                new += 1
            counts.append(Stored(new, len(rows) - new, conflicts))
        if fresh:
            # Two web processes can hold the same message at once; the second one's row is the duplicate.
            dialect = sqlite.insert if self._sqlite else postgresql.insert
            self._session.connection().execute(dialect(_INBOUND).on_conflict_do_nothing(), fresh)
            wrote(self._session, INBOUND)
        return counts

    def _known(self, rows: Sequence[Mapping[str, Any]]) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """Which of these messages, and which of their ids, are stored already."""
        seen: set[tuple[str, ...]] = set()
        for channel, account in {(row["channel"], row["account"]) for row in rows}:
            ids = {row["external_id"] for row in rows}
            found = self._session.execute(_KNOWN, {"channel": channel, "account": account, "external_ids": ids})
            seen.update((channel, account, external_id, digest) for external_id, digest in found)
        return seen, {(channel, account, external_id) for channel, account, external_id, _ in seen}

    def claim(self, road: str, limit: int, channels: Collection[str], *, only_danger: bool = False) -> list[Waiting]:
        """What ``waiting`` says that no other process is preparing; nobody else gets it while this transaction lasts.

        It saves work and decides nothing: only ``take`` says who handles a message.
        """
        if self._sqlite or only_danger:
            return self.waiting(road, limit, channels, only_danger=only_danger)
        tried: set[int] = set()
        while heads := self._heads(road, limit, channels, tried):
            for start in range(0, len(heads), _CLAIMED):
                if lanes := self._locked(heads[start : start + _CLAIMED], _CLAIM_SPACE):
                    return self.waiting(road, limit, channels, lanes)
            tried.update(heads)
        return []

    def _heads(self, road: str, limit: int, channels: Collection[str], tried: Collection[int]) -> list[int]:
        """The lanes that are in none of those tried: first of what speaks of danger, then of the oldest, in order."""
        asked = {"road": road, "channels": channels, "tried": tried, "limit": limit}
        return list(dict.fromkeys(lane for heads in _HEADS for lane in self._session.scalars(heads, asked)))

    def _locked(self, lanes: Collection[int], space: int) -> set[int]:
        """Those of these lanes that this transaction holds now."""
        locked = self._session.execute(
            text("select lane, pg_try_advisory_xact_lock(:space, lane) from unnest(cast(:lanes as int[])) as lane"),
            {"space": space, "lanes": sorted(lanes)},
        )
        return {lane for lane, ours in locked if ours}

    def waiting(
        self,
        road: str,
        limit: int,
        channels: Collection[str],
        lanes: Collection[int] | None = None,
        *,
        only_danger: bool = False,
    ) -> list[Waiting]:
        """Messages of some channels, and lanes, that wait: first the chats that speak of danger, then the oldest.

        Takes nothing. Messages of one chat stand in order and without a gap. ``only_danger``: none but the first.
        """
        asked: dict[str, Any] = {"road": road, "channels": channels, "limit": limit}
        if lanes is not None:
            asked["lanes"] = lanes
        chats = set(self._session.scalars(_within(_URGENT_CHATS, lanes), asked))
        first = self._oldest(_OLDEST_OF_CHATS, lanes, {**asked, "chats": chats}) if chats else []
        rest = [] if only_danger else self._oldest(_OLDEST, lanes, asked)
        return list({one.id: one for one in first + rest}.values())[:limit]

    def _oldest(
        self, which: Select[*tuple[Any, ...]], lanes: Collection[int] | None, asked: Mapping[str, Any]
    ) -> list[Waiting]:
        return [
            Waiting(row_id, channel, lane, chat, kind, urgent, attempts, raw or b"")
            for row_id, channel, lane, chat, kind, urgent, attempts, raw in self._session.execute(
                _within(which, lanes), asked
            )
        ]

    def take(self, waiting: Sequence[Waiting], road: str) -> list[Waiting]:
        """Those of the given messages that are ours to handle now, for as long as this transaction lasts.

        On PostgreSQL the lanes are locked in one statement and read in the next one, whose snapshot is younger than
        the lock; in a single statement it would be older, and two workers would handle the same message.
        """
        if not self._sqlite:
            lanes = self._locked({one.lane for one in waiting}, LOCK_SPACE)
            waiting = [one for one in waiting if one.lane in lanes]
        rows = self._session.execute(
            _STILL_STORED,
            {
                "road": road,
                "channels": {one.channel for one in waiting},
                "chats": {one.chat for one in waiting},
                "last": max((one.id for one in waiting), default=0),
            },
        )
        known = {one.id for one in waiting}
        still: set[int] = set()
        behind: set[str] = set()
        for row_id, chat in sorted(map(tuple, rows)):  # to sort here keeps the index of chats in use
            if row_id not in known:
                behind.add(chat)  # one of this chat that stands before arrived late: next round
            elif chat not in behind:
                still.add(row_id)
        return [one for one in waiting if one.id in still]

    def done(self, handled: Sequence[Handled]) -> None:
        """Mark messages as handled."""
        if not handled:
            return
        self._session.flush()
        self._session.connection().execute(
            _DONE,
            [
                {"row_id": one.id, "b_outcome": one.outcome, "b_contact": one.contact_id, "b_ticket": one.ticket_id}
                for one in handled
            ],
        )

    def quarantine(self, row_id: int, error: str) -> None:
        """Set a message aside that waits and cannot be handled; it stays readable and can be retried."""
        self._session.execute(
            update(InboundRow)
            .where(col(InboundRow.id) == row_id, col(InboundRow.state) == "stored")
            .values(state="quarantined", outcome="quarantined", error=error)
        )

    def outcomes(self) -> dict[str, int]:
        """How many stored messages had which outcome; "" are those that wait."""
        rows = self._session.execute(select(col(InboundRow.outcome), func.count()).group_by(col(InboundRow.outcome)))
        return dict(iter(rows))


def _within(which: Select[*tuple[Any, ...]], lanes: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    return which if lanes is None else _IN_LANES[which]
