"""Blocking a person who abuses the desk, for a term and with a reason; ending that; and the person's appeal.

Owns who may block whom, what is written down, and where an appeal goes. Refuses to decide what a blocked person is
still heard with (``core.conversation``).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from chatbot.core import blocking, narrative, region
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS
from chatbot.core.intent import fold
from chatbot.core.message import Inbound, Phrase
from chatbot.core.officer import Act, OfficerCommand
from chatbot.core.privacy import for_group
from chatbot.services.desk_part import DeskPart
from chatbot.services.outgoing import reporter
from chatbot.store.guards import BLOCKED
from chatbot.store.tables import ContactRow, TicketRow


class Blocks(DeskPart):
    """Blocks and hears appeals, inside a unit of work."""

    def obey(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        """Block the reporter of a ticket, or end that."""
        contact = self._uow.people.contact(ticket.contact_id)
        if command.act == Act.UNBLOCK:
            self._end(message, inbound_id, ticket, contact)
            return
        block = blocking.read_block(command.text)
        if ticket.category != MEMBERS and self._uow.guards.complained_of_members(contact.id):
            # Who complains of members is not to be silenced by their colleagues, and they do not learn why.
            self._acts.word(message, "desk.block_not_here")
        elif not block.reason:
            self._acts.word(message, "desk.block_reason")
        elif not block.is_within_limits:
            self._acts.word(message, "desk.block_term", most=str(blocking.LONGEST.days))
        else:
            self._begin(message, inbound_id, block, ticket, contact)

    def _begin(
        self, message: Inbound, inbound_id: int, block: blocking.Block, ticket: TicketRow, contact: ContactRow
    ) -> None:
        until = self._now + block.term
        contact.blocked_until, contact.block_reason, contact.appealed_at = until, block.reason, None
        proved = {"until": until.isoformat(timespec="seconds")}
        happened = partial(self._uow.audit.happened, ticket, BLOCKED, message.author, self._now)
        happened(inbound_id=inbound_id, text=block.reason, **proved)
        self._acts.dialogue.told_of_block(contact.id)
        locale = self._acts.dialogue.locale_of(contact.id)
        words = self._acts.citizen_words(ticket, "citizen.blocked", until=self._time(until, locale))
        self._post.to_citizen(reporter(ticket), words, ticket_id=ticket.id)
        self._acts.word(message, "desk.blocked", until=self._time(until, self._office.locale))

    def _end(self, message: Inbound, inbound_id: int, ticket: TicketRow, contact: ContactRow) -> None:
        if contact.blocked_until is None or contact.blocked_until <= self._now:
            self._acts.word(message, "desk.not_blocked")
            return
        contact.blocked_until, contact.block_reason, contact.appealed_at = None, "", None
        self._uow.audit.happened(ticket, "unblocked", message.author, self._now, inbound_id=inbound_id)
        words = self._acts.citizen_words(ticket, "citizen.unblocked")
        self._post.to_citizen(reporter(ticket), words, ticket_id=ticket.id)
        self._acts.word(message, "desk.unblocked")

    def appeal(self, contact_id: int, inbound_id: int, text: str) -> TicketRow:
        """A blocked person objects; once a block.

        Returns:
            The ticket in whose place the person was blocked.
        """
        contact, ticket = self._uow.people.contact(contact_id), self._uow.guards.blocked_for(contact_id)
        contact.appealed_at = self._now
        self._uow.audit.happened(ticket, "appealed", "citizen", self._now, inbound_id=inbound_id, text=text)
        until = contact.blocked_until or self._now
        members = ticket.category == MEMBERS or narrative.concerns_members(fold(text))
        chat = self._members_place(ticket) if members else ""
        withheld = members and not chat
        self._post.to_group(
            chat or self._place_above(ticket),
            self._office.words(
                "desk.appeal",
                number=tickets.spoken(ticket.number),
                until=self._time(until, self._office.locale),
                text=Phrase("desk.appeal_withheld") if withheld else for_group(text, ticket.address),
            ),
        )
        return ticket

    def _members_place(self, ticket: TicketRow) -> str:
        if ticket.category == MEMBERS:
            return ticket.chat
        return self._uow.groups.current_chat(self._office.propam) if self._office.propam else ""

    def _place_above(self, ticket: TicketRow) -> str:
        """The administrators, else whoever stands above the unit that blocked; where nobody does, that unit."""
        plan = self._office.plan
        above = region.superiors(plan.region.by_id, plan.unit(ticket.unit))
        groups = (self._office.admins, *(plan.group_of(unit) for unit in above))
        group = next((one for one in groups if one), "")
        return self._uow.groups.current_chat(group) if group else ticket.chat

    def _time(self, moment: datetime, locale: str) -> str:
        return self._office.catalogues.format_time(moment, self._office.timezone, locale)
