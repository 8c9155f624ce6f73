"""Handling citizens' messages, a batch at a time: load, ask the core, write.

Owns the batch and its single transaction. Cleaning and matching need no rows and come first, outside it. A message
that breaks the batch is run again alone, and set aside if it breaks again; its neighbours go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from chatbot.channels.base import Channel, Unparsable
from chatbot.core import conversation, following, intent
from chatbot.core.complaint import MEMBERS
from chatbot.core.message import NO_MATCH, Inbound, Kind, Match, Phrase
from chatbot.core.privacy import for_group
from chatbot.core.ticket import ENDED
from chatbot.core.utterance import Utterance
from chatbot.logs import failure, log
from chatbot.services.acts import Acts
from chatbot.services.dialogue import Dialogue
from chatbot.services.effects import Effects
from chatbot.services.facts import Known
from chatbot.services.intake import delivery_receipt_of
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outcome import Outcomes
from chatbot.services.outgoing import Purpose, Recipient
from chatbot.services.window import Windows
from chatbot.store.queue import CITIZEN, Handled, Waiting
from chatbot.store.tables import AddressRow, ContactRow, InboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_ABOUT_ACCOUNT = frozenset({Kind.MEMBERSHIP, Kind.SYSTEM})  # what a platform says of an account, not its holder
_CLOSED_STAYS = timedelta(days=30)  # a closed ticket can be rated and objected to for this long
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ready:
    """A stored message, read and matched.

    Attributes:
        waiting: its row.
        message: as its channel read it.
        utterance: what its words tell.
        matches: by language; in every language where its words do not tell which one it is.
    """

    waiting: Waiting
    message: Inbound
    utterance: Utterance
    matches: dict[str, Match] = field(default_factory=dict)


class Respond:
    """Serves citizens."""

    def __init__(self, office: Office, channels: Mapping[str, Channel], media_dir: Path) -> None:
        self._office = office
        self._channels = channels
        self._media_dir = media_dir

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels served; what came on others waits until they are again."""
        return tuple(self._channels)

    def read(self, waiting: Waiting) -> Inbound | None:
        """A waiting message as its channel reads it; None when it cannot be read, whatever the reason."""
        return _unless_it_breaks(waiting, self.reread)

    def reread(self, row: InboundRow | Waiting) -> Inbound | None:
        """A stored message as its channel reads it; None when the body was purged or its channel is not served."""
        channel = self._channels.get(row.channel)
        if channel is None or not row.raw:
            return None
        try:
            messages = channel.parse(row.raw).messages
        except Unparsable:
            return None
        return messages[0] if messages else None

    def prepare(self, waiting: Sequence[Waiting]) -> tuple[list[Ready], list[int]]:
        """Read and match a batch; the second list are rows that cannot be read any more."""
        read = [(one.id, _unless_it_breaks(one, self._ready)) for one in waiting]
        ready = [one for _, one in read if one]
        self._match(ready)
        return ready, [row_id for row_id, one in read if not one]

    def _ready(self, waiting: Waiting) -> Ready | None:
        message = self.reread(waiting)
        return Ready(waiting, message, intent.read(waiting.id, message, emergency=waiting.urgent)) if message else None

    def _match(self, ready: Sequence[Ready]) -> None:
        by_locale: dict[str, list[Ready]] = {}
        for one in ready:
            if one.message.kind == Kind.TEXT and one.utterance.text and not one.utterance.emergency:
                told = one.utterance.language
                # Only the transaction knows the contact's own language, and must not wait for the matcher.
                for locale in [told] if told else {self._office.locale, *self._office.catalogues.locales}:
                    by_locale.setdefault(locale, []).append(one)
        for locale, asked in by_locale.items():
            texts = [one.utterance.text for one in asked]
            for one, match in zip(asked, self._office.faq.match_many(texts, locale), strict=True):
                one.matches[locale] = match

    def batch(self, uow: UnitOfWork, ready: Sequence[Ready]) -> list[Handled]:
        """Handle a batch in one transaction."""
        ours = {one.id for one in uow.inbox.take([one.waiting for one in ready], CITIZEN)}
        batch = _Batch(self, uow, [one for one in ready if one.waiting.id in ours])
        handled = batch.run()
        if handled:
            uow.inbox.done(handled)
        return handled

    @property
    def office(self) -> Office:
        """The account served."""
        return self._office

    @property
    def media_dir(self) -> Path:
        """Where kept files lie."""
        return self._media_dir


def _unless_it_breaks(waiting: Waiting, read: Callable[[Waiting], T | None]) -> T | None:
    """What is read of a message; None where that breaks, whatever the reason."""
    try:
        return read(waiting)
    except Exception as error:  # noqa: BLE001  one odd message must not block those behind it
        log().error("message_unreadable", inbound_id=waiting.id, channel=waiting.channel, **failure(error))
        return None


class _Batch:
    """One batch in its transaction."""

    def __init__(self, respond: Respond, uow: UnitOfWork, ready: Sequence[Ready]) -> None:
        self._uow = uow
        self._office = office = respond.office
        self._now = office.clock()
        self._ready = ready
        self._dialogue = Dialogue(uow, office, self._now)
        self._post = Post(uow, office, self._now)
        self._reread = respond.reread
        acts = Acts(uow, office, self._now, self._dialogue, respond.reread)
        self._effects = Effects(uow, office, self._dialogue, acts, respond.media_dir, self._now)
        self._known = Known(uow, office, self._dialogue, self._now)
        self._addresses: dict[tuple[str, str], AddressRow] = {}
        self._tickets: dict[int, list[TicketRow]] = {}
        self._blocked: dict[int, ContactRow] = {}

    def run(self) -> list[Handled]:
        citizens = [one for one in self._ready if one.message.private and one.message.kind != Kind.RECEIPT]
        self._prefetch(citizens)
        handled = []
        receipts = [one for one in self._ready if one.message.kind == Kind.RECEIPT and self._may_take(one.message)]
        for one in self._ready:
            if one.message.kind == Kind.RECEIPT:
                if self._may_take(one.message):
                    handled.append(Handled(one.waiting.id, "ignored"))
            elif one.message.private:
                handled.append(self._one(one))
            else:
                handled.append(Handled(one.waiting.id, "ignored"))  # a WhatsApp group is nobody's private report
        self._receipts(receipts)
        return handled

    def _may_take(self, receipt: Inbound) -> bool:
        """Whether a receipt can be taken now: a failure told before the send was written down waits for that."""
        if receipt.status != "failed" or receipt.outbound_id is None:
            return True
        row = self._uow.outbound(receipt.outbound_id)
        return row is None or row.state != "sending"

    def _prefetch(self, citizens: Sequence[Ready]) -> None:
        keys = {(one.message.channel, one.message.chat) for one in citizens}
        if not keys:
            return
        self._addresses = self._uow.people.addresses(keys)
        new = {key: "" for key in keys if key not in self._addresses}
        for one in citizens:
            key = (one.message.channel, one.message.chat)
            if key in new:
                new[key] = one.message.author_name or new[key]
        if new:
            self._addresses.update(self._uow.people.meet(new, self._now))
        contact_ids = {address.contact_id for address in self._addresses.values()}
        self._dialogue.load(list(contact_ids))
        self._tickets = self._uow.tickets_of(contact_ids, self._now - _CLOSED_STAYS)
        self._sent = self._uow.sent_messages(
            {(one.message.channel, one.message.chat, one.message.reply_to) for one in citizens if one.message.reply_to}
        )
        self._blocked = self._uow.guards.blocked(contact_ids, self._now)
        heard = {(one.message.channel, one.message.chat) for one in citizens if one.message.kind not in _ABOUT_ACCOUNT}
        for channel in {channel for channel, _ in heard}:
            chats = [chat for name, chat in heard if name == channel]
            self._uow.guards.release_held(channel, chats, self._now)

    def _one(self, one: Ready) -> Handled:
        message = one.message
        address = self._addresses[message.channel, message.chat]
        to = Recipient(address.contact_id, address.channel, address.external_id)
        if message.kind == Kind.MEMBERSHIP:
            address.stopped_at = self._now if message.status == "blocked" else None
            return Handled(one.waiting.id, "ignored", to.contact_id)
        if message.kind == Kind.SYSTEM:
            return self._moved(one, address)
        if address.stopped_at:
            address.stopped_at = None
        windows = Windows(self._uow, self._office, self._now)
        windows.heard(address, message)
        if message.press_id:
            self._post.citizen_press_answer(to, message.press_id)
        before = self._dialogue.state(to.contact_id)
        heard = replace(before, wrote_at=self._now)
        if message.kind in {Kind.EDIT, Kind.REVOKE} and not one.utterance.emergency:
            if message.kind == Kind.EDIT and to.contact_id in self._blocked:
                return Handled(one.waiting.id, "ignored", to.contact_id)
            self._dialogue.save(to.contact_id, heard)
            return self._changed(one, to)
        known = self._tickets.setdefault(to.contact_id, [])
        known[:] = [ticket for ticket in known if ticket.contact_id == to.contact_id]  # a receipt may have moved one
        utterance = one.utterance
        if message.kind == Kind.EDIT:
            utterance = replace(utterance, kind=Kind.TEXT)
        replied = self._sent.get((message.channel, message.chat, message.reply_to)) if message.reply_to else None
        facts = self._known.of(
            to.contact_id,
            message,
            one.utterance.text,
            before,
            known,
            replied=replied.ticket_id if replied else None,
            blocked=self._blocked.get(to.contact_id),
        )
        decision = conversation.decide(heard, utterance, self._match(one, before.locale), facts, self._now)
        # First the state: by it what is written now is known to answer somebody who has just written.
        self._dialogue.save(to.contact_id, decision.state)
        carried = self._effects.carry_out(decision, to, message, one.waiting.id, known)
        windows.opened(to, known)
        return Handled(one.waiting.id, carried.outcome, to.contact_id, carried.ticket_id)

    def _match(self, one: Ready, locale: str) -> Match:
        """The match in the language of its words; where they do not tell, in the contact's own."""
        spoken = (one.utterance.language, locale, self._office.locale)
        return next((one.matches[language] for language in spoken if language in one.matches), NO_MATCH)

    def _changed(self, one: Ready, to: Recipient) -> Handled:
        """An edit or a withdrawal: the officers see it beside the original, which is never overwritten."""
        message = one.message
        original = self._uow.inbound_of_message(message.channel, message.chat, message.target)
        event = self._uow.event_of(original.id) if original else None
        ticket = self._uow.ticket(event.ticket_id) if event else None
        if ticket is None and original and original.ticket_id:
            ticket = self._uow.ticket(original.ticket_id)
        locale = self._dialogue.locale_of(to.contact_id)
        if message.kind == Kind.EDIT and not message.text:
            return Handled(one.waiting.id, "ignored", to.contact_id)  # a live location that moved on
        known = self._tickets.get(to.contact_id, [])
        waiting = [kept for kept in known if kept.status not in ENDED]
        members = following.speaks_of_members(one.utterance.folded, waiting)
        if ticket is None or ticket.contact_id != to.contact_id or (members and ticket.category != MEMBERS):
            if message.kind == Kind.EDIT:
                used = original is not None and self._reword(to.contact_id, original, one.utterance.text)
                key = "citizen.edit_used" if used else "citizen.edit_unused"
                self._post.to_citizen(to, self._office.words(key, locale))
                return Handled(one.waiting.id, "answered", to.contact_id)
            if original:
                self._withdraw(to.contact_id, original.id)
            return Handled(one.waiting.id, "ignored", to.contact_id)
        edited = message.kind == Kind.EDIT
        key = "desk.edited" if edited else "desk.revoked"
        relayed = self._uow.outbound_from(original.id) if original else []
        reply_to = next((row.external_id for row in relayed if row.for_group and row.external_id), "")
        words = self._office.catalogues.render(
            Phrase(key, {"text": for_group(one.utterance.text, to.external_id)}), self._office.locale
        )
        self._post.to_desk(ticket, words, purpose=Purpose.RELAY, source_id=one.waiting.id, reply_to=reply_to)
        self._uow.audit.happened(
            ticket,
            "edited" if edited else "revoked",
            "citizen",
            self._now,
            inbound_id=one.waiting.id,
            text=one.utterance.text,
            original=original.id if original else None,
        )
        return Handled(one.waiting.id, "ticketed", to.contact_id, ticket.id)

    def _moved(self, one: Ready, address: AddressRow) -> Handled:
        """The platform says that a person has another number or id: the old one may be a stranger's tomorrow."""
        message, contact_id = one.message, address.contact_id
        if not message.status.startswith("user_changed"):
            return Handled(one.waiting.id, "ignored", contact_id)
        reached = self._uow.people.move_address(address, message.moved_to)
        self._addresses.pop((message.channel, message.chat), None)
        key = "desk.number_changed" if reached else "desk.number_lost"
        for ticket in self._uow.tickets_of([contact_id], self._now).get(contact_id, []):
            if ticket.status not in ENDED:
                self._post.to_desk(ticket, self._office.words(key))
        return Handled(one.waiting.id, "ignored", contact_id)

    def _reword(self, contact_id: int, original: InboundRow, text: str) -> bool:
        """Put a message's new words into the form that holds its old ones; whether there was one."""
        message = self._reread(original)
        before = self._dialogue.state(contact_id)
        after = conversation.reworded(before, intent.clean(message.text), text) if message else before
        if after == before:
            return False
        self._dialogue.save(contact_id, after)
        return True

    def _withdraw(self, contact_id: int, inbound_id: int) -> None:
        before = self._dialogue.state(contact_id)
        after = conversation.withdrawn(before, inbound_id)
        if after != before:
            self._dialogue.save(contact_id, after)

    def _receipts(self, receipts: Sequence[Ready]) -> None:
        """What the platforms say of our messages later: the failures. What came on is written down by the intake."""
        # But by a version that ran before, or runs beside this one.
        self._uow.outbox.arrived([receipt for one in receipts if (receipt := delivery_receipt_of(one.message))])
        for one in receipts:
            message = one.message
            if message.status != "failed":
                continue
            if message.outbound_id is None:  # each message of ours carries its row's number
                log().warning("receipt_unknown", channel=message.channel, code=message.error)
                continue
            row = self._uow.outbound(message.outbound_id)
            # A late "failed" never undoes "delivered", and another message's id never touches this row.
            if (
                row
                and row.payload  # else it is so old that its words are gone
                and row.state == "sent"
                and row.external_id == message.target
                and row.receipt not in {"delivered", "read"}
            ):
                row.receipt = "failed"
                error = self._office.failures[message.channel](message.error)
                Outcomes(self._uow, self._office, self._now).failed(row, error)
