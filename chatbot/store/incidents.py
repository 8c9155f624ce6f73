"""Tickets that tell of one incident, and those of a group among which the like of one is looked for.

Owns these queries. Refuses to say what is alike (``core.likeness``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import Session, col

from chatbot.store.tables import OPEN, TicketEventRow, TicketRow

_TOLD = ("answered", "asked", "closed", "rejected")  # events that a citizen reads


class IncidentTickets:
    """Tickets by incident, as a unit of work finds them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def recent(self, chat: str, since: datetime, limit: int) -> list[TicketRow]:
        """A group's open tickets that were opened since a time, the latest first."""
        query = select(TicketRow).where(col(TicketRow.chat) == chat, text(OPEN), col(TicketRow.opened_at) >= since)
        return list(
            self._session.scalars(
                query.order_by(col(TicketRow.opened_at).desc(), col(TicketRow.id).desc()).limit(limit)
            )
        )

    def of(self, incident_id: int | None) -> list[TicketRow]:
        """All tickets of an incident, the first one first; none for a ticket that has none."""
        if incident_id is None:
            return []
        query = select(TicketRow).where(
            text("ticket.incident_id is not null"), col(TicketRow.incident_id) == incident_id
        )
        return list(self._session.scalars(query.order_by(col(TicketRow.id))))

    def told_by(self, inbound_id: int) -> list[TicketRow]:
        """The tickets whose citizens were told what an officer's message says."""
        told = select(col(TicketEventRow.ticket_id)).where(
            col(TicketEventRow.inbound_id) == inbound_id, col(TicketEventRow.event).in_(_TOLD)
        )
        return list(
            self._session.scalars(select(TicketRow).where(col(TicketRow.id).in_(told)).order_by(col(TicketRow.id)))
        )
