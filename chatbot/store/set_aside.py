"""What was set aside: messages that could not be handled, calls that were given up; and putting them back.

Owns these queries, and the count of tries by which a message is known that ends the process. Refuses
to say what may go again (``services.retry``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select, text, update
from sqlmodel import Session, col

from chatbot.store.tables import CORRECTED, DEAD, QUARANTINED, RECALLED, InboundRow, OutboundRow, TicketEventRow
from chatbot.store.wakes import INBOUND, OUTBOUND, wrote

MOVED = "moved"  # why a row is dead whose ticket went to another group, where everything was brought anew
_STEP = 500  # rows to one query


class Aside(NamedTuple):
    """One row that was set aside: nothing of what it says, and not whose it is."""

    id: int
    channel: str
    what: str
    since: datetime
    attempts: int
    cause: str


class SetAside:
    """Rows that wait for an operator."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def inbound(self) -> Iterator[Aside]:
        """Messages in quarantine, in order; "what" is their kind."""
        query = select(
            col(InboundRow.id),
            col(InboundRow.channel),
            col(InboundRow.kind),
            col(InboundRow.received_at),
            col(InboundRow.attempts),
            col(InboundRow.error),
        )
        return self._steps(query.where(text(f"inbound.{QUARANTINED}")), col(InboundRow.id))

    def outbound(self) -> Iterator[Aside]:
        """Calls that were given up, in order; "what" is their task. What went another way instead is none of them."""
        query = select(
            col(OutboundRow.id),
            col(OutboundRow.channel),
            col(OutboundRow.task),
            col(OutboundRow.created_at),
            col(OutboundRow.attempts),
            col(OutboundRow.error),
        )
        return self._steps(query.where(text(f"outbound.{DEAD}"), col(OutboundRow.error) != MOVED), col(OutboundRow.id))

    def _steps(self, query: Select[int, str, str, datetime, int, str], row_id: Any) -> Iterator[Aside]:
        query, last_id = query.order_by(row_id).limit(_STEP), 0
        while rows := self._session.execute(query.where(row_id > last_id)).all():
            yield from (Aside(*row) for row in rows)
            last_id = rows[-1].id

    def tried(self, row_id: int) -> None:
        """Count a try of a message before it is made, because it may end the process."""
        row = update(InboundRow).where(col(InboundRow.id) == row_id)
        self._session.connection().execute(row.values(attempts=col(InboundRow.attempts) + 1))

    def message(self, row_id: int) -> InboundRow | None:
        """A message that is to be put back; nobody else changes it until the transaction ends."""
        wrote(self._session, INBOUND)
        return self._session.get(InboundRow, row_id, with_for_update=True)

    def call(self, row_id: int) -> OutboundRow | None:
        """A call, likewise."""
        wrote(self._session, OUTBOUND)
        return self._session.get(OutboundRow, row_id, with_for_update=True)

    def is_overtaken(self, row: OutboundRow) -> bool:
        """Whether the officer took back or corrected since what a row says."""
        since = select(col(TicketEventRow.id)).where(
            col(TicketEventRow.inbound_id) == row.source_id,
            col(TicketEventRow.event).in_([CORRECTED, RECALLED]),
            col(TicketEventRow.at) >= row.created_at,
        )
        later_edit = exists().where(
            col(OutboundRow.chat) == row.chat,
            col(OutboundRow.task) == "edit",
            col(OutboundRow.ticket_id) == row.ticket_id,
            col(OutboundRow.id) > row.id,
        )
        if row.source_id is not None and self._session.scalars(since.limit(1)).first() is not None:
            return True
        return row.task == "edit" and bool(self._session.scalar(select(later_edit)))
