"""The two queues: what came in and waits to be handled, what is to go out and waits to be sent.

Owns claim, done, retry, dead. Set-based statements, because every message passes here. Refuses to know what a message
means.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Table, bindparam, exists, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from chatbot.store.tables import GIVEN, LIVE, PENDING, STORED, InboundRow, OutboundRow
from chatbot.store.wakes import INBOUND, wrote

# Statements over many rows go to the tables themselves: the ORM takes an update with parameters for one by primary key.
_INBOUND: Table = SQLModel.metadata.tables["inbound"]
_OUTBOUND: Table = SQLModel.metadata.tables["outbound"]
_STORED = text(f"inbound.{STORED}")
_PENDING = text(f"outbound.{PENDING}")
_LANES = 256
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
            found = self._session.execute(
                select(col(InboundRow.external_id), col(InboundRow.body_hash)).where(
                    col(InboundRow.channel) == channel,
                    col(InboundRow.account) == account,
                    col(InboundRow.external_id).in_({row["external_id"] for row in rows}),
                )
            )
            seen.update((channel, account, external_id, digest) for external_id, digest in found)
        return seen, {(channel, account, external_id) for channel, account, external_id, _ in seen}

    def claim(self, road: str, limit: int, channels: Collection[str]) -> list[Waiting]:
        """The oldest messages that no other process is preparing; nobody else gets them while this transaction lasts.

        It saves work and decides nothing: only ``take`` says who handles a message.
        """
        if self._sqlite:
            return self.waiting(road, limit, channels)
        tried: set[int] = set()
        while heads := self._heads(road, limit, channels, tried):
            for start in range(0, len(heads), _CLAIMED):
                if lanes := self._locked(heads[start : start + _CLAIMED], _CLAIM_SPACE):
                    return self.waiting(road, limit, channels, lanes)
            tried.update(heads)
        return []

    def _heads(self, road: str, limit: int, channels: Collection[str], tried: Collection[int]) -> list[int]:
        """The lanes of the oldest messages that are in none of those tried, in order."""
        query = select(col(InboundRow.lane)).where(
            _STORED, col(InboundRow.road) == road, col(InboundRow.channel).in_(channels)
        )
        query = query.where(col(InboundRow.lane).not_in(tried)).order_by(col(InboundRow.id)).limit(limit)
        return list(dict.fromkeys(self._session.scalars(query)))

    def _locked(self, lanes: Collection[int], space: int) -> set[int]:
        """Those of these lanes that this transaction holds now."""
        locked = self._session.execute(
            text("select lane, pg_try_advisory_xact_lock(:space, lane) from unnest(cast(:lanes as int[])) as lane"),
            {"space": space, "lanes": sorted(lanes)},
        )
        return {lane for lane, ours in locked if ours}

    def waiting(
        self, road: str, limit: int, channels: Collection[str], lanes: Collection[int] | None = None
    ) -> list[Waiting]:
        """The oldest messages of some channels, and lanes, that wait on a road; takes nothing."""
        query = (
            select(
                col(InboundRow.id),
                col(InboundRow.channel),
                col(InboundRow.lane),
                col(InboundRow.chat),
                col(InboundRow.kind),
                col(InboundRow.attempts),
                col(InboundRow.raw),
            )
            .where(_STORED, col(InboundRow.road) == road, col(InboundRow.channel).in_(channels))
            .order_by(col(InboundRow.id))
            .limit(limit)
        )
        if lanes is not None:
            query = query.where(col(InboundRow.lane).in_(lanes))
        return [
            Waiting(row_id, channel, lane, chat, kind, attempts, raw or b"")
            for row_id, channel, lane, chat, kind, attempts, raw in self._session.execute(query)
        ]

    def take(self, waiting: Sequence[Waiting], road: str) -> list[Waiting]:
        """Those of the given messages that are ours to handle now, for as long as this transaction lasts.

        On PostgreSQL the lanes are locked in one statement and read in the next one, whose snapshot is younger than
        the lock; in a single statement it would be older, and two workers would handle the same message.
        """
        ids = [one.id for one in waiting]
        lanes = {one.lane for one in waiting}
        if not self._sqlite:
            lanes = self._locked(lanes, LOCK_SPACE)
        rows = self._session.execute(
            select(col(InboundRow.id), col(InboundRow.lane)).where(
                _STORED,
                col(InboundRow.road) == road,
                col(InboundRow.channel).in_({one.channel for one in waiting}),
                col(InboundRow.lane).in_(lanes),
                col(InboundRow.id) <= max(ids, default=0),
            )
        ).all()
        known = set(ids)
        behind = {lane for row_id, lane in rows if row_id not in known}  # an older one arrived late: next round
        still = {row_id for row_id, lane in rows if lane not in behind}
        return [one for one in waiting if one.id in still]

    def done(self, handled: Sequence[Handled]) -> None:
        """Mark messages as handled."""
        if not handled:
            return
        self._session.flush()
        self._session.connection().execute(
            update(_INBOUND)
            .where(_INBOUND.c.id == bindparam("row_id"))
            .values(
                state="done",
                outcome=bindparam("b_outcome"),
                contact_id=bindparam("b_contact"),
                ticket_id=func.coalesce(bindparam("b_ticket", type_=_INBOUND.c.ticket_id.type), _INBOUND.c.ticket_id),
            ),
            [
                {"row_id": one.id, "b_outcome": one.outcome, "b_contact": one.contact_id, "b_ticket": one.ticket_id}
                for one in handled
            ],
        )

    def quarantine(self, row_id: int, error: str) -> None:
        """Set a message aside that cannot be handled; it stays readable and can be retried."""
        self._session.execute(
            update(InboundRow)
            .where(col(InboundRow.id) == row_id)
            .values(state="quarantined", outcome="quarantined", error=error)
        )

    def outcomes(self) -> dict[str, int]:
        """How many stored messages had which outcome; "" are those that wait."""
        rows = self._session.execute(select(col(InboundRow.outcome), func.count()).group_by(col(InboundRow.outcome)))
        return dict(iter(rows))

    def oldest_stored(self) -> datetime | None:
        """When the oldest message that nobody handled was received."""
        return self._session.execute(select(func.min(col(InboundRow.received_at))).where(_STORED)).scalar()


class Outbox:
    """Calls to the platforms that wait to be made. Rows of one queue go in the order of their ids."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def heads(self, channel: str, now: datetime, limit: int) -> list[OutboundRow]:
        """The first row of each queue that has one due, the most urgent first; takes nothing.

        A row that waits (for its time, for an answer under way, for the reply window) holds up only its own queue.
        """
        earlier = aliased(OutboundRow, name="earlier")
        query = (
            select(OutboundRow)
            .where(
                _PENDING,
                col(OutboundRow.channel) == channel,
                col(OutboundRow.due_at) <= now,
                ~exists().where(
                    col(earlier.queue) == col(OutboundRow.queue),
                    text(f"earlier.{LIVE}"),
                    col(earlier.id) < col(OutboundRow.id),
                ),
            )
            .order_by(col(OutboundRow.priority), col(OutboundRow.id))
            .limit(limit)
        )
        return list(self._session.scalars(query))

    def behind(self, row: OutboundRow, now: datetime, limit: int) -> list[OutboundRow]:
        """What stands right behind a row in its queue, in order, up to the first one that is not due."""
        query = (
            select(OutboundRow)
            .where(col(OutboundRow.queue) == row.queue, text(f"outbound.{LIVE}"), col(OutboundRow.id) > row.id)
            .order_by(col(OutboundRow.id))
            .limit(limit)
        )
        found = self._session.scalars(query)
        return list(takewhile(lambda one: one.state == "pending" and one.due_at <= now, found))

    def sending(self, ids: Collection[int]) -> set[int]:
        """Mark rows as under way; returns those that were still waiting, and so are the caller's to send.

        A process that dies from here on leaves them to ``left_in_flight``.
        """
        taken = self._session.connection().execute(
            update(_OUTBOUND)
            .where(_OUTBOUND.c.id.in_(ids), _OUTBOUND.c.state == "pending")
            .values(state="sending", attempts=_OUTBOUND.c.attempts + 1)
            .returning(_OUTBOUND.c.id)
        )
        return set(taken.scalars())

    def not_sent(self, ids: Collection[int]) -> None:
        """Give rows back that were marked and never tried."""
        self._session.connection().execute(
            update(_OUTBOUND)
            .where(_OUTBOUND.c.id.in_(ids), _OUTBOUND.c.state == "sending")
            .values(state="pending", attempts=_OUTBOUND.c.attempts - 1)
        )

    def postpone(self, rows: Sequence[tuple[int, datetime]]) -> None:
        """Put rows off to a time each."""
        self._session.connection().execute(
            update(_OUTBOUND).where(_OUTBOUND.c.id == bindparam("row_id")).values(due_at=bindparam("b_due")),
            [{"row_id": row_id, "b_due": due} for row_id, due in rows],
        )

    def next_due(self, channel: str, now: datetime) -> datetime | None:
        """When the next row that waits for its time is due. Rows that wait for others are woken by those."""
        return self._session.execute(
            select(func.min(col(OutboundRow.due_at))).where(
                _PENDING, col(OutboundRow.channel) == channel, col(OutboundRow.due_at) > now
            )
        ).scalar()

    def sent(self, results: Sequence[tuple[int, str]], now: datetime) -> None:
        """Mark rows as sent, each with the platform's id."""
        if not results:
            return
        self._session.connection().execute(
            update(_OUTBOUND)
            .where(_OUTBOUND.c.id == bindparam("row_id"))
            .values(state="sent", sent_at=now, external_id=bindparam("b_external"), error=""),
            [{"row_id": row_id, "b_external": external} for row_id, external in results],
        )

    def left_in_flight(self, channel: str) -> list[OutboundRow]:
        """Rows that a process was sending when it ended: nobody knows whether they arrived."""
        return list(
            self._session.scalars(
                select(OutboundRow).where(col(OutboundRow.state) == "sending", col(OutboundRow.channel) == channel)
            )
        )

    def receipts_given(self, before: datetime, limit: int) -> list[OutboundRow]:
        """Rows that gave a secret receipt and were sent before a time."""
        query = select(OutboundRow).where(
            text(f"outbound.{GIVEN}"), col(OutboundRow.state) == "sent", col(OutboundRow.sent_at) < before
        )
        return list(self._session.scalars(query.limit(limit)))

    def receipts(self, rows: Sequence[tuple[int, str]]) -> None:
        """Move receipts forward only: sent < delivered < read."""
        for status, allowed in (("delivered", ["", "sent"]), ("read", ["", "sent", "delivered"])):
            ids = [row_id for row_id, said in rows if said == status]
            if ids:
                self._session.execute(
                    update(OutboundRow)
                    .where(col(OutboundRow.id).in_(ids), col(OutboundRow.receipt).in_(allowed))
                    .values(receipt=status)
                    .execution_options(synchronize_session=None)
                )

    def oldest_waiting(self, now: datetime) -> datetime | None:
        """When the oldest row that is due and not sent was written; what waits until a citizen writes is not due."""
        held = aliased(OutboundRow, name="held")
        behind = exists().where(
            col(held.queue) == col(OutboundRow.queue), text("held.state = 'held'"), col(held.id) < col(OutboundRow.id)
        )
        return self._session.execute(
            select(func.min(col(OutboundRow.created_at))).where(
                text(f"outbound.{LIVE}"), col(OutboundRow.state) != "held", col(OutboundRow.due_at) <= now, ~behind
            )
        ).scalar()
