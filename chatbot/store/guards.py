"""Who must not be written to first, and who is blocked.

Owns these questions to tables that others own. Refuses to decide what follows (``services.first_word`` and
``services.blocks``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, select, text, update
from sqlmodel import Session, col

from chatbot.core.complaint import MEMBERS
from chatbot.store.tables import HELD, UNSAFE, ContactRow, OutboundRow, TicketEventRow, TicketRow

BLOCKED = "blocked"  # the event of a ticket's history by which its reporter was blocked

# Made once, as in ``queue``.
_UNSAFE = select(col(TicketRow.contact_id), col(TicketRow.id)).where(
    text(f"ticket.{UNSAFE}"), col(TicketRow.contact_id).in_(bindparam("contact_ids", expanding=True))
)
_BLOCKED = select(ContactRow).where(
    col(ContactRow.id).in_(bindparam("contact_ids", expanding=True)), col(ContactRow.blocked_until) > bindparam("now")
)
_RELEASE = (
    update(OutboundRow)
    .where(text(f"outbound.{HELD}"))
    .values(state="pending", due_at=bindparam("now"))
    .execution_options(synchronize_session=None)
)
_RELEASE_HELD = _RELEASE.where(
    col(OutboundRow.channel) == bindparam("to_channel"),
    col(OutboundRow.chat).in_(bindparam("chats", expanding=True)),
)


class Guards:
    """What stands between a person and the desk."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def unsafe_tickets(self, contact_ids: Collection[int]) -> dict[int, set[int]]:
        """The tickets, open or not, about which these contacts must not be written to first; by contact."""
        found: dict[int, set[int]] = {}
        for contact_id, ticket_id in self._session.execute(_UNSAFE, {"contact_ids": contact_ids}):
            found.setdefault(contact_id, set()).add(ticket_id)
        return found

    def release_held(self, channel: str, chats: Collection[str], now: datetime) -> None:
        """These people wrote: what waited for that may go."""
        self._session.execute(_RELEASE_HELD, {"to_channel": channel, "chats": chats, "now": now})

    def release_ticket(self, ticket_id: int, now: datetime) -> None:
        """A ticket's citizen may be written to first: what waited may go, and what belongs to no ticket."""
        query = select(col(TicketRow.contact_id)).where(col(TicketRow.id) == ticket_id)
        contact_id = self._session.scalars(query).one()
        self._release(now, col(OutboundRow.ticket_id) == ticket_id)
        if not self.unsafe_tickets([contact_id]).get(contact_id, set()) - {ticket_id}:
            self._release(now, col(OutboundRow.ticket_id).is_(None), col(OutboundRow.contact_id) == contact_id)

    def _release(self, now: datetime, *which: ColumnElement[bool]) -> None:
        self._session.execute(_RELEASE.where(*which), {"now": now})

    def blocked(self, contact_ids: Collection[int], now: datetime) -> dict[int, ContactRow]:
        """Those of these contacts who are blocked now."""
        return {row.id: row for row in self._session.scalars(_BLOCKED, {"contact_ids": contact_ids, "now": now})}

    def blocked_for(self, contact_id: int) -> TicketRow:
        """The ticket in whose place a contact was blocked last, which must exist."""
        query = (
            select(TicketRow)
            .join(TicketEventRow, col(TicketEventRow.ticket_id) == col(TicketRow.id))
            .where(col(TicketRow.contact_id) == contact_id, col(TicketEventRow.event) == BLOCKED)
            .order_by(col(TicketEventRow.id).desc())
        )
        return self._session.scalars(query.limit(1)).one()

    def complained_of_members(self, contact_id: int) -> bool:
        """Whether a contact ever filed a complaint about police members."""
        theirs = exists().where(col(TicketRow.contact_id) == contact_id, col(TicketRow.category) == MEMBERS)
        return bool(self._session.scalar(select(theirs)))
