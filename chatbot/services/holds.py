"""Legal holds: a ticket that a procedure needs is not erased, whoever asks and however long ago it ended.

Owns who may set and lift a hold, and that both stand in the ticket's history and in the audit trail. Refuses to judge
the reason, and to erase (``erasure``).
"""

from __future__ import annotations

from chatbot.channels.base import Standing, shorten
from chatbot.core.message import Inbound
from chatbot.core.officer import Act, OfficerCommand
from chatbot.core.privacy import mask_own_number
from chatbot.services.desk_part import DeskPart
from chatbot.store.tables import TicketRow

_REASON_LETTERS = 10  # as many as are asked for where an identity is opened
_REASON_MOST = 500  # UTF-16 units


class Holds(DeskPart):
    """Sets and lifts holds, inside a unit of work."""

    def obey(
        self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow, standing: Standing
    ) -> None:
        """Set a hold with its reason, or lift it.

        Args:
            message: the officer's message.
            inbound_id: its row.
            command: what it asks for; its text is the reason.
            ticket: the ticket, of the officer's own group, open or ended.
            standing: what the officer is in that group.
        """
        holds = command.act == Act.HOLD
        if standing < Standing.ADMINISTRATOR:
            self._uow.audit.add(
                "refused", message.author, self._now, ticket.id, command=str(command.act), why="administrator"
            )
            self._acts.word(message, "desk.hold_administrators")
        elif ticket.legal_hold == holds:
            self._acts.word(message, "desk.hold_already" if holds else "desk.hold_none")
        elif holds and sum(letter.isalpha() for letter in command.text) < _REASON_LETTERS:
            self._acts.word(message, "desk.hold_reason", count=str(_REASON_LETTERS))
        else:
            ticket.legal_hold = holds
            reason = shorten(mask_own_number(command.text, ticket.address), _REASON_MOST)
            event = "hold_set" if holds else "hold_lifted"
            self._uow.audit.happened(ticket, event, message.author, self._now, inbound_id=inbound_id, text=reason)
            self._acts.word(message, f"desk.{event}")
            self._post.card_changed(ticket)
