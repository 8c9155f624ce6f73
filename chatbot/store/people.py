"""Citizens and their addresses: who is reached where, and what happens when that changes.

Owns meeting people and moving them to another id. Refuses tickets, but for where they lead, and groups (``groups``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, text, update
from sqlmodel import Session, col

from chatbot.store.tables import RECEIPT, AddressRow, ContactRow, OutboundRow, TicketRow

# Made once, as in ``queue``.
_ADDRESSES = select(AddressRow).where(
    col(AddressRow.channel) == bindparam("channel"),
    col(AddressRow.external_id).in_(bindparam("external_ids", expanding=True)),
)


def follow(row: OutboundRow, ticket: TicketRow) -> None:
    """Words for a ticket's reporter go where that is reached now."""
    row.ticket_id, row.left_ticket_id, row.contact_id = ticket.id, None, ticket.contact_id
    row.channel, row.chat = ticket.channel, ticket.address
    row.queue = f"{row.channel}:{row.chat}"


class People:
    """The citizens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def addresses(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], AddressRow]:
        """Known addresses among (channel, id) pairs."""
        found: dict[tuple[str, str], AddressRow] = {}
        for channel in {channel for channel, _ in keys}:
            ids = [external_id for name, external_id in keys if name == channel]
            rows = self._session.scalars(_ADDRESSES, {"channel": channel, "external_ids": ids})
            found.update({(row.channel, row.external_id): row for row in rows})
        return found

    def meet(self, names: Mapping[tuple[str, str], str], now: datetime) -> dict[tuple[str, str], AddressRow]:
        """New contacts with one address each.

        Args:
            names: display name for each (channel, id).
            now: the time.
        """
        contacts = {key: ContactRow(name=name[:200], created_at=now) for key, name in names.items()}
        self._session.add_all(contacts.values())
        self._session.flush()
        addresses = {
            (channel, external_id): AddressRow(contact_id=contact.id, channel=channel, external_id=external_id)
            for (channel, external_id), contact in contacts.items()
        }
        self._session.add_all(addresses.values())
        self._session.flush()
        return addresses

    def contact(self, contact_id: int) -> ContactRow:
        """One contact, which must exist."""
        return self._session.get_one(ContactRow, contact_id)

    def reached_at(self, contact_id: int) -> list[AddressRow]:
        """Every address of one contact."""
        return list(self._session.scalars(select(AddressRow).where(col(AddressRow.contact_id) == contact_id)))

    def ticket_by_receipt(self, digest: str) -> TicketRow | None:
        """The ticket that a receipt was given for."""
        return self._session.scalars(
            select(TicketRow).where(col(TicketRow.receipt) == digest, text(RECEIPT))
        ).one_or_none()

    def hand_over(self, ticket: TicketRow, contact_id: int, channel: str, external_id: str) -> list[OutboundRow]:
        """A ticket is another contact's from now on; what was sent to the first one is no part of it any more.

        Returns:
            What waits to be sent to its reporter, now at the new address.
        """
        theirs = select(OutboundRow).where(
            col(OutboundRow.ticket_id) == ticket.id, col(OutboundRow.contact_id) == ticket.contact_id
        )
        rows = self._session.scalars(theirs.order_by(col(OutboundRow.id))).all()
        for row in rows:  # a row of one contact carries no ticket of another: the database holds to that at each step
            row.ticket_id, row.left_ticket_id = None, ticket.id
        self._session.flush()
        ticket.contact_id, ticket.channel, ticket.address = contact_id, channel, external_id
        self._session.flush()
        waiting = [row for row in rows if row.state in {"pending", "held"}]
        for row in waiting:
            follow(row, ticket)
        self._session.flush()
        return waiting

    def move_address(self, old: AddressRow, external_id: str) -> bool:
        """A person is reached at another id on the same channel; the next owner of the old one is a stranger.

        Where the new id is somebody's already, the person is reached nowhere until he writes again: that the two are
        one is not for us to say.

        Returns:
            Whether the person is reached at the new id.
        """
        free = not self.addresses([(old.channel, external_id)])
        target = external_id if free and external_id else f"moved:{old.external_id}:{old.id}"
        contact_id, channel, was = old.contact_id, old.channel, old.external_id
        self._session.add(AddressRow(contact_id=contact_id, channel=channel, external_id=target))
        self._session.flush()
        theirs = (col(TicketRow.contact_id) == contact_id, col(TicketRow.channel) == channel)
        self._session.execute(update(TicketRow).where(*theirs, col(TicketRow.address) == was).values(address=target))
        for row in self._session.scalars(
            select(OutboundRow).where(
                col(OutboundRow.contact_id) == contact_id,
                col(OutboundRow.channel) == channel,
                col(OutboundRow.chat) == was,
            )
        ):
            row.chat, row.queue = target, row.queue.replace(was, target, 1)
        self._session.flush()
        self._session.delete(old)
        self._session.flush()
        self._session.expire_all()
        return target == external_id

    def stop_address(self, contact_id: int, channel: str, external_id: str, now: datetime | None) -> None:
        """Mark that a citizen cannot be reached at an address, or can again."""
        self._session.execute(
            update(AddressRow)
            .where(
                col(AddressRow.contact_id) == contact_id,
                col(AddressRow.channel) == channel,
                col(AddressRow.external_id) == external_id,
            )
            .values(stopped_at=now)
        )
