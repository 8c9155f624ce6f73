"""How a ticket comes to its group: its card and files, what was said before, the alarm of an emergency.

Owns what stands at a ticket's place once it has one. Refuses to choose the group (``effects``, ``forwarding``).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from chatbot.channels.base import shorten
from chatbot.core import ticket as tickets
from chatbot.core.complaint import Complaint
from chatbot.core.message import Kind, Phrase
from chatbot.core.privacy import for_group
from chatbot.core.ticket import TicketEvent
from chatbot.services.acts import Acts
from chatbot.services.cards import complaint_of, desk_choice, left_out, map_link
from chatbot.services.desk_part import DeskPart
from chatbot.services.incidents import Incidents
from chatbot.services.mentions import on_duty
from chatbot.services.office import Office
from chatbot.services.outgoing import Purpose
from chatbot.services.relay import Relay
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_OFFICERS_WORDS = frozenset(
    {TicketEvent.ANSWERED, TicketEvent.ASKED, TicketEvent.NOTED, TicketEvent.CLOSED, TicketEvent.REJECTED}
)


class Arrival(DeskPart):
    """Brings tickets to groups, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime, acts: Acts, media_dir: Path) -> None:
        super().__init__(uow, office, now, acts)
        self.incidents = Incidents(uow, office, now, acts)
        self._relay = Relay(uow, office, self._post, media_dir)

    def to_officers(self, ticket: TicketRow, complaint: Complaint) -> None:
        """Bring a new ticket to its group: card and files; a sealed one is only known to exist."""
        self._uow.keep_with_ticket(complaint.evidence, ticket.id)
        media = self._uow.media.of_messages(complaint.evidence)
        if ticket.chat:
            for row in media:
                row.ticket_id = ticket.id
            self._uow.flush()
            self._post.card(ticket)
            for field in left_out(ticket, self._office):
                self._post.to_desk(ticket, field, purpose=Purpose.RELAY)
        self._relay.files(ticket, media)
        if not ticket.chat and self._office.admins:
            self.tell_admins(ticket)
        self.incidents.look(ticket)

    def bring_whole(self, ticket: TicketRow, complaint: Complaint) -> None:
        """Bring a ticket to a group that has nothing of it yet: with what the citizen added since."""
        for row in self._uow.media.of_citizen(ticket.id):
            row.relayed = False
        self.to_officers(ticket, complaint)
        self._relay.files(ticket, self._uow.media.of_citizen(ticket.id))
        self._tell_before(ticket)
        for event in self._uow.events(ticket.id):
            added = self._uow.inbound(event.inbound_id) if event.inbound_id and event.actor == "citizen" else None
            if event.event in {TicketEvent.ADDED, tickets.AMENDED} and added and added.kind in {Kind.TEXT, Kind.PLACE}:
                key = "desk.amended" if event.event == tickets.AMENDED else "desk.from_citizen"
                text = self._office.words(key, text=event.text)
                self._post.to_desk(ticket, text, purpose=Purpose.RELAY, source_id=event.inbound_id)

    def _tell_before(self, ticket: TicketRow) -> None:
        """What officers said and noted, and why the citizen objected, in one message of the ticket's new place."""
        words, lines = self._office.words, []
        for event in self._uow.standing_events(ticket.id):
            said = self._uow.corrected_text(event.inbound_id or 0) or event.text
            if said and (event.event in _OFFICERS_WORDS or event.event == TicketEvent.REOPENED):
                what = Phrase(f"desk.event_{event.event}")
                lines.append(words("desk.before", what=what, text=for_group(said, ticket.address)))
        if lines:
            self._post.to_desk(ticket, "\n".join([words("desk.before_head"), *lines]))

    def tell_admins(self, ticket: TicketRow, *, urgent: bool = False) -> None:
        """That a report waits which reaches no group, and nothing of what it says."""
        key = "desk.sealed_exists" if ticket.sealed else "desk.no_officers_group"
        admins = self._uow.groups.current_chat(self._office.admins)
        self._post.to_group(admins, self._office.words(key), urgent=urgent)

    def raise_alarm(self, ticket: TicketRow, key: str, *, mention: bool) -> None:
        """The alert itself, to the group as a whole and ahead of everything that waits.

        Args:
            ticket: the emergency.
            key: the phrase.
            mention: name those on duty; where nobody is, the group's administrators.
        """
        people = on_duty(self._uow, ticket.chat, self._now) if mention else ()
        complaint = complaint_of(ticket)
        text = self._office.words(
            key,
            number=tickets.spoken(ticket.number),
            text=shorten(for_group(complaint.what, ticket.address), 800),
            place=place_text_of(complaint, ticket.address) or Phrase("desk.place_unknown"),
        )
        self._post.to_group(
            ticket.chat,
            text,
            (desk_choice("take", ticket.id, self._office),),
            ticket_id=ticket.id,
            purpose=Purpose.ALERT,
            urgent=True,
            mention=mention and not people,
            mentions=people,
        )


def place_text_of(complaint: Complaint, address_id: str) -> str:
    """Where an emergency is, as far as it is known, as officers may see it."""
    place = complaint.place
    pin = f"{place.latitude:.6f}, {place.longitude:.6f} {map_link(complaint)}" if place else ""
    return " ".join(part for part in (shorten(for_group(complaint.where_text, address_id), 500), pin) if part)
