"""Carrying out what the core decided for one citizen's message, in the unit of work that also stores the new state.

Owns opening tickets, joining alerts, adding to tickets, ratings and objections. Refuses to decide, and to know how a
ticket comes to its group (``arrival``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from chatbot import metrics
from chatbot.channels.base import plain
from chatbot.core import ticket as tickets
from chatbot.core.complaint import EMERGENCY, MEMBERS, Complaint, is_about_members
from chatbot.core.decision import (
    AddToTicket,
    Alert,
    Answer,
    Appeal,
    ClaimTicket,
    CloseGap,
    Decision,
    MarkSafety,
    NoteGap,
    ObjectToClosing,
    OpenTicket,
    OwnDataEffect,
    RateTicket,
    Record,
    Say,
)
from chatbot.core.intent import clean
from chatbot.core.message import Inbound, Phrase
from chatbot.core.privacy import for_group
from chatbot.core.ticket import ENDED, TicketEvent, TicketStatus, advance
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.blocks import Blocks
from chatbot.services.cards import complaint_of, left_out
from chatbot.services.dialogue import Dialogue
from chatbot.services.faq_gaps import Gaps
from chatbot.services.mentions import on_duty
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outgoing import Purpose, Recipient
from chatbot.services.own_data import OwnData
from chatbot.services.receipts import Receipts
from chatbot.services.relay import Relay, want
from chatbot.services.safety import Safety
from chatbot.services.window import Windows
from chatbot.store.tables import RecordRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_encoder = msgspec.json.Encoder()
_NUMBERS_TRIED = 20


@dataclass(slots=True)
class Carried:
    """What carrying out a decision led to."""

    outcome: str = "ignored"
    ticket_id: int | None = None


class Effects:
    """Carries out decisions. ``known`` are the contact's tickets, kept up to date for its next message."""

    def __init__(
        self, uow: UnitOfWork, office: Office, dialogue: Dialogue, acts: Acts, media_dir: Path, now: datetime
    ) -> None:
        self._uow = uow
        self._office = office
        self._dialogue = dialogue
        self.acts = acts
        self.arrival = Arrival(uow, office, now, acts, media_dir)
        self._now = now
        self._post = Post(uow, office, now)
        self._relay = Relay(uow, office, self._post, media_dir)
        self._receipts = Receipts(uow, office, now, acts)
        self._own_data = OwnData(uow, office, now, acts, media_dir)

    def carry_out(  # noqa: C901, PLR0912  one line for each effect
        self, decision: Decision, to: Recipient, message: Inbound, inbound_id: int, known: list[TicketRow]
    ) -> Carried:
        """Everything that a decision asks for, in its order."""
        carried = Carried()
        locale = decision.state.locale or self._office.locale
        values: dict[str, str | Phrase] = {}
        ticket_of_say: int | None = None
        if message.attachment:
            want(self._uow, message, inbound_id, to.contact_id, self._now)
        for effect in decision.effects:
            if isinstance(effect, Say):
                self._dialogue.say(to, effect, locale, values, ticket_id=ticket_of_say)
                carried.outcome = "ticketed" if carried.outcome == "ticketed" else "answered"
            elif isinstance(effect, Answer):
                self._answer(to, effect, locale, carried)
            elif isinstance(effect, OpenTicket):
                ticket = self._open(effect.complaint, to, known)
                values = self.values_of(ticket, locale)
                if ticket.identity == "anonymous":
                    values["receipt"] = self._receipts.give(ticket)
                ticket_of_say = ticket.id
                carried.outcome, carried.ticket_id = "ticketed", ticket.id
            elif isinstance(effect, Alert):
                ticket = self._alert(effect, to, message, inbound_id, known)
                carried.outcome, carried.ticket_id = "ticketed", ticket.id
            elif isinstance(effect, AddToTicket):
                self._add(effect, to, message, inbound_id, known, carried)
            elif isinstance(effect, RateTicket):
                self._rate(effect, known, inbound_id, carried)
            elif isinstance(effect, ObjectToClosing):
                self._object(effect, message, inbound_id, known, carried)
            elif isinstance(effect, MarkSafety | Appeal | ClaimTicket):
                self._guard(effect, to, inbound_id, known, carried)
            elif isinstance(effect, OwnDataEffect):
                carried.ticket_id = self._own_data.carry_out(effect, to, message, inbound_id, known)
                carried.outcome = "ticketed" if carried.ticket_id else "answered"
            else:
                self._remember(effect, to, message, locale)
        return carried

    def _remember(self, effect: Record | NoteGap | CloseGap, to: Recipient, message: Inbound, locale: str) -> None:
        """What is kept to be counted. Of a gap no row says whose question it was."""
        gaps = Gaps(self._uow, self._office, self._now)
        if isinstance(effect, NoteGap):
            gaps.note(clean(message.text), locale, effect.offered)
        elif isinstance(effect, CloseGap):
            row = self._uow.inbound(effect.inbound_id)
            asked = self.acts.reread(row) if row else None
            if asked:
                gaps.close(clean(asked.text), effect.offered)
        else:
            detail = effect.detail[:200]
            self._uow.add(RecordRow(fact=effect.fact, detail=detail, contact_id=to.contact_id, at=self._now))

    def _guard(
        self,
        effect: MarkSafety | Appeal | ClaimTicket,
        to: Recipient,
        inbound_id: int,
        known: list[TicketRow],
        carried: Carried,
    ) -> None:
        """What stands between the person and the desk: whether we may write first, a receipt, a block."""
        if isinstance(effect, MarkSafety):
            Safety(self._uow, self._office, self._now, self.acts).said(known, unsafe=effect.unsafe)
            return
        carried.outcome = "ticketed"
        if isinstance(effect, ClaimTicket):
            self._receipts.shown(effect.ticket_id, to, known)
            if effect.alone:
                self._uow.erasures.empty_bodies([inbound_id])  # it opens the ticket
            carried.ticket_id = effect.ticket_id
        else:
            blocks = Blocks(self._uow, self._office, self._now, self.acts)
            carried.ticket_id = blocks.appeal(to.contact_id, inbound_id, effect.text).id

    def _answer(self, to: Recipient, answer: Answer, locale: str, carried: Carried) -> None:
        if not self._dialogue.answer(to, answer, locale):
            self._dialogue.say(to, Say(Phrase("citizen.no_answer")), locale, {})
        metrics.faq_answers.inc()
        if carried.outcome == "ignored":
            carried.outcome = "answered"

    # Tickets

    def values_of(self, ticket: TicketRow, locale: str) -> dict[str, str | Phrase]:
        """What the phrases about a new ticket speak of."""
        return {
            "number": tickets.spoken(ticket.number),
            "time": self._office.catalogues.format_time(ticket.opened_at, self._office.timezone, locale),
            "unit": self._dialogue.unit(ticket, locale),
        }

    def new_ticket(self, complaint: Complaint, to: Recipient, *, alert: bool = False, live: bool = True) -> TicketRow:
        """A numbered ticket for a filled form, with its history begun; ``to_officers`` brings it to its group."""
        chat, sealed, unit = self._place(complaint.category, complaint.area)
        restore = self._uow.restores.last()
        ticket = TicketRow(
            number=self._number(restore.at if restore else None),
            contact_id=to.contact_id,
            channel=to.channel,
            address=to.external_id,
            status=str(TicketStatus.RECEIVED),
            category=complaint.category,
            identity=complaint.identity,
            complaint=_encoder.encode(complaint),
            unit=unit,
            area=complaint.area,
            chat=chat,
            sealed=sealed,
            unsafe=complaint.unsafe,
            opened_at=self._now,
            updated_at=self._now,
            clock_at=self._now,
            alert=alert,
            alert_live=alert and live,
            window_at=Windows(self._uow, self._office, self._now).first_look(to),
        )
        if restore and (row_id := self._uow.restores.next_ticket_id(restore)):
            ticket.id = row_id
        self._uow.add(ticket)
        self._uow.flush()
        self._uow.audit.happened(
            ticket,
            TicketEvent.OPENED,
            "citizen",
            self._now,
            text=complaint.what,
            category=ticket.category,
            identity=ticket.identity,
            sealed=sealed,
            unsafe=ticket.unsafe,
            alert=alert,
        )
        metrics.tickets.inc()
        return ticket

    def _number(self, restored_at: datetime | None) -> str:
        among = tickets.numbers_since(restored_at, self._now) if restored_at else tickets.NUMBERS
        for _ in range(_NUMBERS_TRIED):
            number = tickets.new_number(self._office.randbelow, among)
            if not self._uow.number_taken(number):
                return number
            if restored_at:  # more tickets than seconds since the restore: those of the next ones are taken ahead
                among = range(among.start, among.stop + len(among))
        raise RuntimeError("no free ticket number found")

    def _place(self, category: str, area: str = "") -> tuple[str, bool, str]:
        """The group and the unit that serve a category. About members: Propam's only; sealed where it has no group."""
        unit = self._office.plan.unit_for(category, area)
        group = self._office.plan.group_of(unit)
        return (self._uow.groups.current_chat(group) if group else "", unit.members and not group, unit.id)

    def _open(self, complaint: Complaint, to: Recipient, known: list[TicketRow]) -> TicketRow:
        raised = (one for one in known if one.alert and one.status not in ENDED)
        alert = next((one for one in raised if (one.category == MEMBERS) == is_about_members(complaint)), None)
        if complaint.alerted and alert:
            self._fill(alert, complaint)
            return alert
        ticket = self.new_ticket(complaint, to)
        known.insert(0, ticket)
        self.arrival.to_officers(ticket, complaint)
        return ticket

    def _fill(self, ticket: TicketRow, complaint: Complaint) -> None:
        """The form that an alert interrupted belongs to it: one report, one ticket. The cry and its place stay."""
        cry = complaint_of(ticket)
        what = complaint.what if cry.what in complaint.what else f"{cry.what}\n{complaint.what}".strip()
        place = complaint.place or (None if complaint.where_text else cry.place)
        ticket.complaint = _encoder.encode(replace(complaint, what=what, place=place))
        ticket.identity = complaint.identity
        ticket.updated_at = self._now
        self._uow.audit.happened(
            ticket, TicketEvent.ADDED, "citizen", self._now, text=complaint.what, identity=ticket.identity
        )
        self._uow.keep_with_ticket(complaint.evidence, ticket.id)
        self._post.to_desk(ticket, self._office.words("desk.form_joined"), purpose=Purpose.RELAY, urgent=True)
        for field in left_out(ticket, self._office):
            self._post.to_desk(ticket, field, purpose=Purpose.RELAY)
        self._relay.files(ticket, self._uow.media.of_messages(complaint.evidence))
        self._post.card_changed(ticket)

    # Emergencies

    def _alert(
        self, alert: Alert, to: Recipient, message: Inbound, inbound_id: int, known: list[TicketRow]
    ) -> TicketRow:
        category = MEMBERS if alert.about_members else EMERGENCY
        live = next((one for one in known if one.alert_live), None)
        raised = [one for one in known if one.alert and one.status not in ENDED] if live else []
        # It goes to those who have the first one, wherever that was forwarded; what is about members to theirs alone.
        there = next((one for one in raised if (one.category == MEMBERS) == alert.about_members), None)
        joined = live if alert.follows else there
        if joined:
            self._join(joined, to, message, inbound_id)
            self.add_held(joined, to, alert.earlier)
            return joined
        complaint = Complaint(
            category=category,
            what=plain(message.text),
            place=message.place,
            identity=alert.identity,
            unsafe=alert.unsafe,
        )
        # One live alert a person: where one is, this one is for another group and is not said again.
        ticket = self.new_ticket(complaint, to, alert=True, live=live is None)
        known.insert(0, ticket)
        metrics.alerts.inc()
        if ticket.chat:
            self.arrival.raise_alarm(ticket, "desk.alert", mention=False)
            self._post.card(ticket)
        elif self._office.admins:
            self.arrival.tell_admins(ticket, urgent=True)
        if message.attachment:
            self._relay.message(ticket, message, inbound_id, answered=False, now=self._now)
        self.add_held(ticket, to, alert.earlier)
        return ticket

    def _join(self, ticket: TicketRow, to: Recipient, message: Inbound, inbound_id: int) -> None:
        if message.place:
            ticket.complaint = _encoder.encode(replace(complaint_of(ticket), place=message.place))
            self._post.card_changed(ticket)
        self._to_ticket(ticket, to, message, inbound_id, answered=False)

    # Later messages

    def _add(
        self,
        effect: AddToTicket,
        to: Recipient,
        message: Inbound,
        inbound_id: int,
        known: list[TicketRow],
        carried: Carried,
    ) -> None:
        ticket = next((one for one in known if one.id == effect.ticket_id), None)
        if ticket is None or ticket.contact_id != to.contact_id:
            return
        carried.outcome, carried.ticket_id = "ticketed", ticket.id
        if effect.inbound_ids:
            self.add_held(ticket, to, effect.inbound_ids)
        else:
            self._to_ticket(ticket, to, message, inbound_id, answered=effect.answered)

    def add_held(self, ticket: TicketRow, to: Recipient, inbound_ids: tuple[int, ...]) -> None:
        """Bring earlier messages of the person to a ticket."""
        if not inbound_ids:
            return
        for row in self._uow.inbounds(inbound_ids):
            held = self.acts.reread(row)
            if held and row.contact_id == to.contact_id:
                self._to_ticket(ticket, to, held, row.id, answered=False)
        self._uow.keep_with_ticket(inbound_ids, ticket.id)

    def _to_ticket(
        self, ticket: TicketRow, to: Recipient, message: Inbound, inbound_id: int, *, answered: bool
    ) -> None:
        ticket.channel, ticket.address = to.channel, to.external_id
        if ticket.status in ENDED:
            self.acts.reopen(ticket, "citizen", inbound_id=inbound_id)
        said = self._relay.message(ticket, message, inbound_id, answered=answered, now=self._now)
        waited = ticket.status == TicketStatus.WAITING
        ticket.asked_until = self._now if waited else ticket.asked_until
        ticket.status = str(advance(TicketStatus(ticket.status), TicketEvent.ADDED))
        if waited and not ticket.officer_id:
            ticket.status = str(TicketStatus.RECEIVED)
        ticket.updated_at = self._now
        self._uow.audit.happened(ticket, TicketEvent.ADDED, "citizen", self._now, inbound_id=inbound_id, text=said)
        if waited:
            self._post.card_changed(ticket)

    def _rate(self, effect: RateTicket, known: list[TicketRow], inbound_id: int, carried: Carried) -> None:
        ticket = next((one for one in known if one.id == effect.ticket_id), None)
        if ticket is None or ticket.status != TicketStatus.CLOSED:
            return
        ticket.confirmed_at = ticket.confirmed_at or self._now
        if effect.score is None:
            self.acts.event(ticket, TicketEvent.CONFIRMED, "citizen", inbound_id=inbound_id)
        else:
            ticket.rating = effect.score
            self.acts.event(ticket, TicketEvent.RATED, "citizen", inbound_id=inbound_id, text=str(effect.score))
        self._post.card_changed(ticket)
        carried.outcome, carried.ticket_id = "ticketed", ticket.id

    def _object(
        self, effect: ObjectToClosing, message: Inbound, inbound_id: int, known: list[TicketRow], carried: Carried
    ) -> None:
        ticket = next((one for one in known if one.id == effect.ticket_id), None)
        if ticket is None or ticket.status not in ENDED:
            return
        reason = message.text if effect.with_reason and not message.choice else ""
        self.acts.reopen(ticket, "citizen", inbound_id=inbound_id, text=reason)
        said = for_group(reason, ticket.address)
        here = on_duty(self._uow, ticket.chat, self._now)
        words = self._office.words("desk.objection", text=said)
        self._post.to_desk(ticket, words, purpose=Purpose.RELAY, source_id=inbound_id, urgent=True, mentions=here)
        carried.outcome, carried.ticket_id = "ticketed", ticket.id
