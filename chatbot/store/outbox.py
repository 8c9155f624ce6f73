"""The queue of what is to go out: calls to the platforms that wait to be made.

Owns claim, postponement, outcome, receipts. Set-based statements, because every message passes here. Refuses to know
what a message means, and which rows wait for others' leave (``guards``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from chatbot.store.tables import GIVEN, HELD, LIVE, PENDING, OutboundRow

_OUTBOUND: Table = SQLModel.metadata.tables["outbound"]
_PENDING = text(f"outbound.{PENDING}")
FAR_OFF = timedelta(minutes=10)  # longer than anything waits that we put off


def _due() -> ColumnElement[bool]:
    """Which rows' time has come. One that is beyond all that we put off was written before the clock was put back."""
    due_at, error = col(OutboundRow.due_at), col(OutboundRow.error)
    # A platform may ask for any rest.
    return or_(due_at <= bindparam("now"), and_(due_at > bindparam("far_off"), ~error.startswith("Throttled")))


def _heads() -> Select[OutboundRow]:
    """The first row of each queue of a channel that has one due."""
    earlier = aliased(OutboundRow, name="earlier")
    ahead = exists().where(
        col(earlier.queue) == col(OutboundRow.queue), text(f"earlier.{LIVE}"), col(earlier.id) < col(OutboundRow.id)
    )
    due = (_PENDING, ~ahead, col(OutboundRow.channel) == bindparam("channel"), _due())
    in_turn = select(OutboundRow).where(*due).order_by(col(OutboundRow.priority), col(OutboundRow.id))
    return in_turn.limit(bindparam("limit"))


# Made once, as in ``queue``.
_HEADS = _heads()
_SENDING = (
    update(_OUTBOUND)
    .where(_OUTBOUND.c.id.in_(bindparam("ids", expanding=True)), _OUTBOUND.c.state == "pending")
    .values(state="sending", attempts=_OUTBOUND.c.attempts + 1)
    .returning(_OUTBOUND.c.id)
)
_SENT = (
    update(_OUTBOUND)
    .where(_OUTBOUND.c.id == bindparam("row_id"))
    .values(state="sent", sent_at=bindparam("now"), external_id=bindparam("b_external"), error="")
)
# Equations, for "in" cannot be carried out for many rows at once.
_ARRIVED = {
    status: (
        update(_OUTBOUND)
        .where(
            _OUTBOUND.c.id == bindparam("row_id"),
            or_(_OUTBOUND.c.external_id == "", _OUTBOUND.c.external_id == bindparam("b_external")),
            or_(*(_OUTBOUND.c.receipt == earlier for earlier in before)),
        )
        .values(receipt=status)
    )
    for status, before in (("delivered", ["", "sent"]), ("read", ["", "sent", "delivered"]))
}
_NEXT_DUE = select(func.min(col(OutboundRow.due_at))).where(
    _PENDING, col(OutboundRow.channel) == bindparam("channel"), col(OutboundRow.due_at) > bindparam("now")
)


class DeliveryReceipt(NamedTuple):
    """A platform's word that a message of ours came on: the row, "delivered" or "read", the platform's id of it."""

    row_id: int
    status: str
    external_id: str


class Outbox:
    """Calls to the platforms that wait to be made. Rows of one queue go in the order of their ids."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def heads(self, channel: str, now: datetime, limit: int) -> list[OutboundRow]:
        """The first row of each queue that has one due, the most urgent first; takes nothing.

        A row that waits (for its time, for an answer under way, for the reply window) holds up only its own queue.
        """
        asked = {"channel": channel, "now": now, "far_off": now + FAR_OFF, "limit": limit}
        return list(self._session.scalars(_HEADS, asked))

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
        return set(self._session.connection().execute(_SENDING, {"ids": ids}).scalars())

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
        return self._session.execute(_NEXT_DUE, {"channel": channel, "now": now}).scalar()

    def sent(self, results: Sequence[tuple[int, str]], now: datetime) -> None:
        """Mark rows as sent, each with the platform's id."""
        if not results:
            return
        self._session.connection().execute(
            _SENT,
            [{"row_id": row_id, "now": now, "b_external": external} for row_id, external in sorted(results)],
        )

    def left_in_flight(self, channel: str) -> list[OutboundRow]:
        """Rows that a process was sending when it ended: nobody knows whether they arrived."""
        return list(
            self._session.scalars(
                select(OutboundRow).where(
                    text(f"outbound.{LIVE}"), col(OutboundRow.state) == "sending", col(OutboundRow.channel) == channel
                )
            )
        )

    def is_sending(self, channel: str, chat: str) -> bool:
        """Whether a row is under way to a chat."""
        query = select(col(OutboundRow.id)).where(
            text(f"outbound.{LIVE}"),
            col(OutboundRow.state) == "sending",
            col(OutboundRow.channel) == channel,
            col(OutboundRow.chat) == chat,
        )
        return self._session.scalars(query.limit(1)).first() is not None

    def receipts_given(self, before: datetime, limit: int) -> list[OutboundRow]:
        """Rows that gave a secret receipt and were sent before a time."""
        query = select(OutboundRow).where(
            text(f"outbound.{GIVEN}"), col(OutboundRow.state) == "sent", col(OutboundRow.sent_at) < before
        )
        return list(self._session.scalars(query.limit(limit)))

    def arrived(self, receipts: Collection[DeliveryReceipt]) -> None:
        """Move receipts forward only: sent < delivered < read; one that names another message moves nothing.

        A receipt can be here before what the platform answered to the call: then the row knows no id yet.
        """
        for status, statement in _ARRIVED.items():
            # In the order of their ids, as ``sent``: two processes that change the same rows must not meet halfway.
            told = sorted({(one.row_id, one.external_id) for one in receipts if one.status == status})
            if told:
                self._session.connection().execute(
                    statement, [{"row_id": row_id, "b_external": external} for row_id, external in told]
                )

    def oldest_waiting(self, now: datetime) -> datetime | None:
        """When the oldest row that is due and not sent was written; what waits until a citizen writes is not due."""
        held = aliased(OutboundRow, name="held")
        behind = exists().where(
            col(held.queue) == col(OutboundRow.queue),
            text(f"held.{LIVE}"),  # the index that knows queues is over all that is live
            text(f"held.{HELD}"),
            col(held.id) < col(OutboundRow.id),
        )
        return self._session.execute(
            select(func.min(col(OutboundRow.created_at))).where(
                text(f"outbound.{LIVE}"), col(OutboundRow.state) != "held", col(OutboundRow.due_at) <= now, ~behind
            )
        ).scalar()
