"""The copy of a person's own data: plain text, in the person's language.

Owns what stands in it: what the person said and was told, and nothing else. Refuses officers' names and notes, other
reporters of an incident, tickets of anybody else, what is sealed, and secret receipts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from chatbot.channels.base import plain
from chatbot.core import receipt
from chatbot.core import ticket as tickets
from chatbot.core.message import Inbound, Phrase
from chatbot.core.ticket import AMENDED, TicketEvent
from chatbot.services.cards import complaint_of
from chatbot.services.dialogue import Dialogue
from chatbot.services.office import Office
from chatbot.services.relay import attachment_of
from chatbot.store.tables import CORRECTED, InboundRow, MediaRow, TicketEventRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_SAID = frozenset({TicketEvent.ADDED, TicketEvent.REOPENED, AMENDED, "edited", "appealed"})  # in the person's own words
_TOLD = frozenset({TicketEvent.ANSWERED, TicketEvent.ASKED, TicketEvent.CLOSED, TicketEvent.REJECTED})
_MOST_MESSAGES = 200  # of no ticket; the last ones


class OwnCopy:
    """Writes a copy, inside a unit of work that it only reads."""

    def __init__(
        self,
        uow: UnitOfWork,
        office: Office,
        dialogue: Dialogue,
        reread: Callable[[InboundRow], Inbound | None],
        locale: str,
    ) -> None:
        self._uow = uow
        self._office = office
        self._dialogue = dialogue
        self._reread = reread
        self._locale = locale

    def text(self, contact_id: int, now: datetime) -> str:
        """All of it."""
        parts = ["\n".join(self._person(contact_id, now))]
        parts += ["\n".join(self._ticket(ticket)) for ticket in self._uow.erasures.of_contact(contact_id)]
        if others := list(self._messages(contact_id)):
            parts.append("\n".join((self._words("citizen.copy_messages"), *others)))
        return "\n\n".join(parts) + "\n"

    def _words(self, key: str, **values: str | Phrase) -> str:
        return plain(self._office.words(key, self._locale, **values))

    def _time(self, at: datetime) -> str:
        return self._office.catalogues.format_time(at, self._office.timezone, self._locale)

    def _person(self, contact_id: int, now: datetime) -> Iterator[str]:
        contact, state = self._uow.people.contact(contact_id), self._dialogue.state(contact_id)
        yield self._words("citizen.copy_head", region=self._office.region)
        yield self._words("citizen.copy_made", time=self._time(now))
        yield self._words("citizen.copy_name", name=contact.name or Phrase("desk.unnamed"))
        for address in self._uow.people.reached_at(contact_id):
            channel = Phrase(f"channel.{address.channel}")
            yield self._words("citizen.copy_account", channel=channel, account=address.external_id)
        language = Phrase("choice.english" if self._locale == "en" else "choice.indonesian")
        yield self._words("citizen.copy_language", language=language)
        yield self._words("citizen.copy_since", time=self._time(contact.created_at))
        if state.consented_at:
            yield self._words("citizen.copy_consent", time=self._time(state.consented_at))

    def _ticket(self, ticket: TicketRow) -> Iterator[str]:
        yield self._words("citizen.copy_ticket", number=tickets.spoken(ticket.number))
        yield self._words("citizen.copy_category", category=Phrase(f"category.{ticket.category}"))
        yield self._words("citizen.copy_status", status=Phrase(f"status.{ticket.status}"))
        yield self._words("citizen.copy_opened", time=self._time(ticket.opened_at))
        if ticket.closed_at:
            yield self._words("citizen.copy_closed", time=self._time(ticket.closed_at))
        if ticket.erased_at:
            yield self._words("citizen.copy_erased", time=self._time(ticket.erased_at))
        elif ticket.sealed:
            yield self._words("citizen.copy_sealed")
        else:
            yield from self._contents(ticket)

    def _contents(self, ticket: TicketRow) -> Iterator[str]:
        form = complaint_of(ticket)
        yield self._words("citizen.copy_identity", identity=Phrase(f"choice.identity_{ticket.identity}"))
        told = {"what": form.what, "where": form.where_text, "when": form.when, "who": form.who}
        for name, text in told.items():
            if text:
                yield self._words(f"citizen.copy_{name}", text=receipt.struck(text))
        if form.place:
            pin = f"{form.place.latitude:.6f}, {form.place.longitude:.6f}"
            yield self._words("citizen.copy_where", text=pin)
        if ticket.rating:
            yield self._words("citizen.copy_rating", score=str(ticket.rating))
        yield from self._talk(ticket)
        for row in self._uow.media.of_ticket(ticket.id):
            yield self._file(row, plain(self._dialogue.unit(ticket, self._locale)))

    def _talk(self, ticket: TicketRow) -> Iterator[str]:
        """What was said both ways; of an officer's message what it says after its last correction here."""
        events = self._uow.standing_events(ticket.id)
        # Of this ticket's history alone: one message reaches several reporters, each with words of his own.
        corrected = {event.inbound_id: event.text for event in events if event.event == CORRECTED}
        unit = plain(self._dialogue.unit(ticket, self._locale))
        for event in events:
            if event.actor == "citizen" and event.event in _SAID and event.text:
                yield self._said(event, receipt.struck(event.text))
            elif event.event in _TOLD:
                text = corrected.get(event.inbound_id) or event.text
                yield self._words("citizen.copy_told", time=self._time(event.at), unit=unit, text=text)

    def _said(self, event: TicketEventRow | InboundRow, text: str) -> str:
        return self._words("citizen.copy_said", time=self._time(event.at), text=text)

    def _file(self, row: MediaRow, unit: str) -> str:
        attachment = attachment_of(row)
        values: dict[str, str | Phrase] = {
            "time": self._time(row.created_at),
            "kind": Phrase(f"citizen.kind_{attachment.kind}"),
            "name": attachment.name or row.mime or "-",
        }
        if row.contact_id is None:
            return self._words("citizen.copy_file_told", unit=unit, **values)
        line = self._words("citizen.copy_file", **values)
        return f"{line}: {receipt.struck(row.caption)}" if row.caption else line

    def _messages(self, contact_id: int) -> Iterator[str]:
        """The person's words that belong to no ticket and are still kept.

        Those from before a sealed report, and one that another account goes on with, may tell it: they are left out.
        """
        since = self._uow.erasures.filed_in_secret(contact_id)
        for row in self._uow.inbounds(self._uow.erasures.messages_of(contact_id)[-_MOST_MESSAGES:]):
            message = None if since and row.received_at <= since else self._reread(row)
            if message and message.text:
                yield self._said(row, receipt.struck(message.text))
