"""Tickets whose time has come: a clock, the end of a reply window, a question without an answer, a result unconfirmed.

Owns the queries of the sweep that go by a time. Refuses what is done then (``services.sweep``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import Session, col

from chatbot.store.tables import OPEN, WAITING, WINDOW, TicketRow

_STEP = 200  # rows that one sweep looks at


class DueTickets:
    """The longest overdue come first."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def clocks(self, now: datetime, limit: int) -> list[TicketRow]:
        """Open tickets whose clocks may have something to say."""
        query = select(TicketRow).where(text("ticket.clock_at is not null"), col(TicketRow.clock_at) <= now, text(OPEN))
        return list(self._session.scalars(query.order_by(col(TicketRow.clock_at)).limit(limit)))

    def windows(self, now: datetime) -> list[TicketRow]:
        """Open tickets whose citizen's reply window is to be looked at."""
        query = select(TicketRow).where(text(f"ticket.{WINDOW}"), col(TicketRow.window_at) <= now, text(OPEN))
        return list(self._session.scalars(query.order_by(col(TicketRow.window_at)).limit(_STEP)))

    def unanswered(self, now: datetime) -> list[TicketRow]:
        """Tickets whose citizen is to be reminded of a question, or is not waited for any longer."""
        query = select(TicketRow).where(text(f"ticket.{WAITING}"), col(TicketRow.remind_at) <= now)
        return list(self._session.scalars(query.order_by(col(TicketRow.remind_at)).limit(_STEP)))

    def unconfirmed(self, before: datetime) -> list[TicketRow]:
        """Tickets closed before a time of which the citizen did not say whether all is done."""
        closed = text("ticket.status = 'closed' and ticket.confirmed_at is null")
        query = select(TicketRow).where(closed, col(TicketRow.closed_at) <= before)
        return list(self._session.scalars(query.order_by(col(TicketRow.closed_at)).limit(_STEP)))
