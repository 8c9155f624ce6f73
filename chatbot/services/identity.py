"""Opening the identity that a reporter asked to keep confidential: by whom, where, and what is written down of it.

Owns the rule, and that every opening and every refused try stands in the audit trail, with its reason and without the
name. Refuses anonymous reporters, whom nobody can open, and shows a display name only: no number, user name, address.
The citizen is not told, for an inquiry may depend on that; who opens answers for it by the trail.
"""

from __future__ import annotations

from chatbot.channels.base import Standing, shorten
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS
from chatbot.core.message import Inbound, Phrase
from chatbot.core.officer import OfficerCommand
from chatbot.core.privacy import inert, mask_name, mask_own_number, shows_name
from chatbot.services.desk_part import DeskPart
from chatbot.store.tables import TicketRow

_REASON_LETTERS = 10
_REASON_MOST = 500  # UTF-16 units
_NOBODY = "unknown"  # an actor whom the platform does not name
_WORDS = {
    "administrator": "desk.identity_administrators",
    "group": "desk.identity_propam",
    "anonymous": "desk.identity_anonymous",
    "open": "desk.identity_on_card",
    "reason": "desk.identity_reason",
}


class Identities(DeskPart):
    """Opens sealed identities, inside a unit of work."""

    def open(self, message: Inbound, command: OfficerCommand, ticket: TicketRow, standing: Standing) -> None:
        """Show the name of a confidential reporter in the group, or say why not; either way it is written down.

        Args:
            message: the officer's message.
            command: what it asks for; its text is the reason.
            ticket: the ticket, of the officer's own group.
            standing: what the officer is in that group.
        """
        cause = self._refusal(message, command, ticket, standing)
        if cause:
            self.refused(message, command, ticket, cause)
            self._acts.word(message, _WORDS[cause], count=str(_REASON_LETTERS))
            return
        reason = self._reason(command, ticket)
        self._uow.audit.add("identity_opened", message.author, self._now, ticket.id, reason=reason)
        self._acts.word(
            message,
            "desk.identity_opened",
            number=tickets.spoken(ticket.number),
            officer=message.author_name[:64],
            name=mask_name(self._uow.people.contact(ticket.contact_id).name) or Phrase("desk.unnamed"),
            reason=inert(reason),
        )

    def refused(self, message: Inbound, command: OfficerCommand, ticket: TicketRow, cause: str) -> None:
        """Write a refused try down."""
        self._uow.audit.add(
            "identity_refused",
            message.author or _NOBODY,
            self._now,
            ticket.id,
            refused=cause,
            reason=self._reason(command, ticket),
        )

    def _refusal(self, message: Inbound, command: OfficerCommand, ticket: TicketRow, standing: Standing) -> str:
        """Why an identity is not opened; empty: it is."""
        propam = self._uow.groups.current_chat(self._office.propam) if self._office.propam else ""
        if standing < Standing.ADMINISTRATOR:
            return "administrator"
        if ticket.category == MEMBERS and message.chat != propam:
            return "group"
        if shows_name(ticket.identity):
            return "open"
        if ticket.identity != "confidential":
            return "anonymous"
        return "" if sum(letter.isalpha() for letter in command.text) >= _REASON_LETTERS else "reason"

    def _reason(self, command: OfficerCommand, ticket: TicketRow) -> str:
        """The officer's reason, as it is shown and kept: the trail never forgets, so no number of the citizen's."""
        return shorten(mask_own_number(command.text, ticket.address), _REASON_MOST)
