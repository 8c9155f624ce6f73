"""The mark that a ticket's citizen must not be written to first: set by the citizen, changed by an officer.

Owns the mark, its place in the audit trail and what each side hears of it. Refuses to hold anything back
(``first_word``).
"""

from __future__ import annotations

from collections.abc import Iterable

from chatbot.core.message import Inbound
from chatbot.core.officer import Act, OfficerCommand
from chatbot.services.desk_part import DeskPart
from chatbot.store.tables import TicketRow

_SAID = {True: "desk.unsafe_by_citizen", False: "desk.safe_by_citizen"}


class Safety(DeskPart):
    """Marks tickets, inside a unit of work."""

    def said(self, tickets: Iterable[TicketRow], *, unsafe: bool) -> None:
        """The citizen says whether we may write first; it counts for all of his tickets."""
        for ticket in tickets:
            if self._mark(ticket, "citizen", unsafe=unsafe):
                self._post.to_desk(ticket, self._office.words(_SAID[unsafe]))

    def obey(self, message: Inbound, command: OfficerCommand, ticket: TicketRow) -> None:
        """An officer found out more."""
        unsafe = command.act == Act.UNSAFE
        changed = self._mark(ticket, message.author, unsafe=unsafe)
        key = ("desk.unsafe_set" if unsafe else "desk.safe_set") if changed else "desk.safety_already"
        self._acts.word(message, key)

    def _mark(self, ticket: TicketRow, actor: str, *, unsafe: bool) -> bool:
        if ticket.unsafe == unsafe:
            return False
        ticket.unsafe = unsafe
        self._uow.audit.add("unsafe" if unsafe else "safe", actor, self._now, ticket.id)
        self._post.card_changed(ticket)
        if not unsafe:
            self._uow.guards.release_ticket(ticket.id, self._now)
        return True
