"""Secret receipts: given with an anonymous report, and shown by its reporter from wherever he writes.

Owns that a ticket follows its receipt, with what waits to be said to its reporter. Refuses to recognise a receipt and
to count wrong ones (``core``).
"""

from __future__ import annotations

from chatbot.core import receipt
from chatbot.core.message import Task
from chatbot.services.desk_part import DeskPart
from chatbot.services.outgoing import Recipient
from chatbot.services.window import Windows
from chatbot.store.tables import TicketRow


class Receipts(DeskPart):
    """Gives receipts and follows them, inside a unit of work."""

    def give(self, ticket: TicketRow) -> str:
        """A new receipt for a ticket, as its reporter reads it; from now on nobody can read it again."""
        made = receipt.new_receipt(self._office.randbelow)
        ticket.receipt = receipt.digest(made)
        return receipt.written(made)

    def shown(self, ticket_id: int, to: Recipient, known: list[TicketRow]) -> None:
        """Whoever shows the receipt of a ticket is its reporter, and reached there from now on.

        Args:
            ticket_id: the ticket.
            to: where the receipt was shown.
            known: the tickets of who showed it; the ticket becomes one of them.
        """
        ticket = self._uow.ticket(ticket_id)
        if ticket is None or (ticket.contact_id, ticket.channel, ticket.address) == (
            to.contact_id,
            to.channel,
            to.external_id,
        ):
            return
        ticket.alert_live = ticket.alert_live and not any(one.alert_live for one in known)  # one a person
        waiting = self._uow.people.hand_over(ticket, to.contact_id, to.channel, to.external_id)
        ticket.window_at, ticket.window_told_at = Windows(self._uow, self._office, self._now).first_look(to), None
        lost = 0
        for row in waiting:
            if row.task == Task.TEXT:
                row.state = "pending"  # when it is due stays: an officer may still take it back
            else:
                row.state = "recalled"
                lost += row.task in {Task.COPY, Task.MEDIA}
        self._uow.audit.happened(ticket, "continued", "citizen", self._now)
        key = "desk.receipt_shown_files" if lost else "desk.receipt_shown"
        self._post.to_desk(ticket, self._office.words(key, count=str(lost)))
        self._post.card_changed(ticket)
        if ticket not in known:
            known.insert(0, ticket)
