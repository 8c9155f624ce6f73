"""What the desk knows beside a person's words: their tickets, what a number or a receipt names, their block.

Owns looking it up for one message. Refuses to decide anything with it (``core``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chatbot.core import receipt
from chatbot.core import ticket as tickets
from chatbot.core.commands import Command, command_of
from chatbot.core.complaint import AREA
from chatbot.core.intent import fold
from chatbot.core.message import Inbound
from chatbot.core.state import Conversation, Facts
from chatbot.core.ticket import ENDED, TicketStatus, TicketView
from chatbot.services.dialogue import Dialogue
from chatbot.services.office import Office
from chatbot.store.tables import ContactRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_INVITED = timedelta(days=30)  # how long after the template its word is still taken for an answer to it


class Known:
    """Looks up facts, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, dialogue: Dialogue, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._dialogue = dialogue
        self._now = now

    def of(
        self,
        contact_id: int,
        message: Inbound,
        text: str,
        state: Conversation,
        theirs: Sequence[TicketRow],
        *,
        replied: int | None,
        blocked: ContactRow | None,
    ) -> Facts:
        """The facts for one message.

        Args:
            contact_id: who wrote it.
            message: the message.
            text: its words, cleaned.
            state: the dialogue before it.
            theirs: the contact's tickets, newest first.
            replied: the ticket of the message of ours that it replies to.
            blocked: the contact, while blocked.
        """
        written = [ticket for ticket in theirs if ticket.written_at and ticket.status not in ENDED]
        last = max(written, key=lambda ticket: ticket.written_at or self._now, default=None)
        filed = max((ticket.opened_at for ticket in theirs if ticket.status not in ENDED), default=self._now)
        # What was filed after the officer's last word may be what the person goes on about.
        talked = last if last and last.written_at and last.written_at >= filed else None
        views = {ticket.id: self._view(ticket, last_written=ticket is talked) for ticket in theirs}
        number = tickets.find_number(text) if text else None
        asked = self._uow.own_ticket(number, contact_id) if number else None
        return Facts(
            region=self._office.region,
            tickets=tuple(views[ticket.id] for ticket in theirs if ticket.status not in ENDED),
            closed=tuple(views[ticket.id] for ticket in theirs if ticket.status in ENDED),
            replied_ticket=replied if replied in views else None,
            asked=views.get(asked.id) or self._view(asked) if asked else None,
            receipt=self._by_receipt(text),
            alert_live=any(ticket.alert_live for ticket in theirs),
            propam=bool(self._office.propam),
            officers=bool(self._office.officers),
            locale=self._office.locale,
            languages=self._office.plan.region.languages,
            related=self._office.faq.related,
            areas=self._areas(message, text, state),
            officer_wrote_at=last.written_at if last else None,
            labels=self._dialogue.labels(state) if state.offered and text else (),
            ahead_of_utc=self._now.astimezone(self._office.timezone).utcoffset() or timedelta(),
            invited=self._invited(contact_id, message, text),
            channel=message.channel,
            blocked=self._until(blocked) if blocked else "",
            appealed=blocked is not None and blocked.appealed_at is not None,
            inbox_days=self._office.inbox_days,
            retention_days=self._office.plan.region.retention_days,
            watched=state.unsafe or self._watched(contact_id, message),
        )

    def _by_receipt(self, text: str) -> TicketView | None:
        found = receipt.find(text)
        ticket = self._uow.people.ticket_by_receipt(receipt.digest(found)) if found else None
        return self._view(ticket) if ticket else None

    def _invited(self, contact_id: int, message: Inbound, text: str) -> bool:
        """Asked for that one word only: there are many messages, and few who were told so."""
        if message.channel not in self._office.templates or command_of(text, fold(text)) != Command.READ:
            return False
        return self._uow.template_sent(contact_id, message.chat, self._now - _INVITED)

    def _watched(self, contact_id: int, message: Inbound) -> bool:
        """Asked for who wants his own data only, whatever was pressed or typed for it."""
        asks = message.choice.startswith("data:") or self._dialogue.offers(contact_id, "data:send")
        return asks and bool(self._uow.guards.unsafe_tickets([contact_id]))

    def _until(self, blocked: ContactRow) -> str:
        until, locale = blocked.blocked_until or self._now, self._dialogue.locale_of(blocked.id)
        return self._office.catalogues.format_time(until, self._office.timezone, locale)

    def _areas(self, message: Inbound, text: str, state: Conversation) -> tuple[tuple[str, str, str], ...]:
        """Where a message may say that it happened, while a form asks that."""
        if state.form is None or state.form.step not in {"where", AREA}:
            return ()
        plan, place = self._office.plan, message.place
        if place:
            lies_in = plan.area_at(place.latitude, place.longitude)
            found = [lies_in] if lies_in else []
        else:
            found = list(plan.areas_in(text))
        return tuple((area.code, area.kecamatan, area.kabupaten) for area in found)

    def _view(self, ticket: TicketRow, *, last_written: bool = False) -> TicketView:
        when = self._office.catalogues.format_time
        zone, locale = self._office.timezone, self._dialogue.locale_of(ticket.contact_id)
        return TicketView(
            id=ticket.id,
            number=ticket.number,
            status=TicketStatus(ticket.status),
            category=ticket.category,
            opened_at=when(ticket.opened_at, zone, locale),
            updated_at=when(ticket.updated_at, zone, locale),
            alert=ticket.alert,
            last_written=last_written,
        )
