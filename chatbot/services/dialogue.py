"""One citizen's side of a unit of work: the dialogue state, and saying things in the citizen's language.

Owns loading and saving the state and turning effects' phrases into outgoing rows. Refuses to decide
(``core.conversation``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from chatbot.channels.base import plain
from chatbot.core import conversation
from chatbot.core.complaint import MEMBERS
from chatbot.core.conversation import Conversation
from chatbot.core.decision import Answer, Option, Say
from chatbot.core.intent import fold
from chatbot.core.message import Phrase
from chatbot.core.officer import Act, OfficerCommand
from chatbot.core.ticket import TicketStatus, spoken
from chatbot.logs import log
from chatbot.services.office import Office
from chatbot.services.outbox import RECALL, Post
from chatbot.services.outgoing import Purpose, Recipient, reporter
from chatbot.store.tables import ConversationRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Conversation)


class Dialogue:
    """The dialogues that a unit of work touches."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._post = Post(uow, office, now)
        self._rows: dict[int, ConversationRow | None] = {}  # None: looked for, and there is none

    def load(self, contact_ids: Sequence[int]) -> None:
        """Read the states of many contacts at once."""
        self._rows.update(dict.fromkeys(contact_ids))
        self._rows.update(self._uow.conversations(contact_ids))

    def state(self, contact_id: int) -> Conversation:
        """A contact's state; a fresh one where there is none yet."""
        if contact_id not in self._rows:
            self.load([contact_id])
        row = self._rows.get(contact_id)
        try:
            return _decoder.decode(row.state) if row else Conversation(locale=self._office.locale)
        except msgspec.DecodeError:  # damaged: the person begins anew, rather than being heard no more
            log().error("state_unreadable", contact_id=contact_id)
            return Conversation(locale=self._office.locale)

    def save(self, contact_id: int, state: Conversation) -> None:
        """Write a state that changed."""
        row = self._rows.get(contact_id)
        if row is None:
            row = self._rows[contact_id] = ConversationRow(contact_id=contact_id, updated_at=self._now)
            self._uow.add(row)
        row.state = _encoder.encode(state)
        row.locale = state.locale
        row.held_since = state.held_since
        row.updated_at = self._now

    def told_of_block(self, contact_id: int) -> None:
        """A person is told now of being blocked; what was asked before is over."""
        self.save(contact_id, replace(self.state(contact_id), pending="", block_said_at=self._now))

    def locale_of(self, contact_id: int) -> str:
        """The language that a contact is spoken to in."""
        return self.state(contact_id).locale or self._office.locale

    def unit(self, ticket: TicketRow, locale: str) -> str:
        """The unit that serves a ticket, as the citizen reads it."""
        if ticket.category == MEMBERS:
            return self._office.words("citizen.unit_propam", locale, region=self._office.region)
        plan = self._office.plan
        unit = plan.unit(ticket.unit)
        if not plan.is_divided or unit.default:
            return self._office.region
        if fold(self._office.region) in fold(unit.name):
            return unit.name
        return self._office.words("citizen.unit_of", locale, unit=unit.name, region=self._office.region)

    def spelled_out(self, command: OfficerCommand, ticket: TicketRow) -> str:
        """What a ticket's citizen is to read of an officer's words: of a saved answer's key, its text for that ticket.

        To be asked for each ticket that the words reach: a saved answer names number, category and time.
        """
        if command.act != Act.ANSWER or not command.explicit:
            return command.text
        locale = self.locale_of(ticket.contact_id)
        words = self._office.saved_answers.text(command.text, locale)
        if words is None:
            return command.text
        values = {
            "nomor": spoken(ticket.number),
            "kategori": plain(self._office.words(f"category.{ticket.category}", locale)),
            "satuan": plain(self.unit(ticket, locale)),
            "waktu": self._office.catalogues.format_time(ticket.opened_at, self._office.timezone, locale),
        }
        return words.format_map(values)

    def offers(self, contact_id: int, payload: str) -> bool:
        """Whether a choice was last shown to a contact."""
        return any(option.payload == payload for option in self.state(contact_id).offered)

    def labels(self, state: Conversation) -> tuple[tuple[str, str], ...]:
        """What the choices last shown are called, folded, so that their words count as well as a press."""
        return self._office.catalogues.spoken_labels(state.offered, state.locale, self._office.faq.question)

    def say(
        self, to: Recipient, say: Say, locale: str, values: Mapping[str, str | Phrase], *, ticket_id: int | None = None
    ) -> None:
        """Say a phrase with its choices."""
        phrase = Phrase(say.phrase.key, {**say.phrase.values, **values}) if values else say.phrase
        text = self._office.catalogues.render(phrase, locale)
        purpose = Purpose.RECEIPT if say.secret else Purpose.REPLY
        self._write(
            to,
            text,
            say.options,
            locale,
            urgent=say.urgent,
            asks_place=say.asks_place,
            ticket_id=ticket_id,
            purpose=purpose,
        )

    def answer(self, to: Recipient, answer: Answer, locale: str) -> bool:
        """Answer from the FAQ; False when the entry has gone meanwhile."""
        entry = self._office.faq.entry(answer.entry_id, locale)
        if entry is None:
            return False
        today = self._now.astimezone(self._office.timezone).date()
        self._write(to, self._office.catalogues.render_answer(entry, locale, today), answer.options, locale)
        return True

    def _write(
        self,
        to: Recipient,
        text: str,
        options: Sequence[Option],
        locale: str,
        *,
        urgent: bool = False,
        asks_place: bool = False,
        ticket_id: int | None = None,
        purpose: Purpose = Purpose.REPLY,
        source_id: int | None = None,
        wait: timedelta = timedelta(),
    ) -> None:
        catalogues = self._office.catalogues
        choices = [catalogues.label(option, locale, self._office.faq.question) for option in options]
        self._post.to_citizen(
            to,
            catalogues.with_list(text, choices),
            choices,
            list_label=self._office.words("citizen.place_button" if asks_place else "citizen.list_button", locale),
            urgent=urgent,
            asks_place=asks_place,
            ticket_id=ticket_id,
            purpose=purpose,
            source_id=source_id,
            wait=wait,
        )

    def ended(self, ticket: TicketRow, source_id: int | None, now: datetime) -> None:
        """Tell the citizen that a ticket was closed or rejected, and why; an objection reopens it."""
        before = self.state(ticket.contact_id)
        state, options = conversation.after_closing(
            before, ticket.id, now, rejected=ticket.status == TicketStatus.REJECTED
        )
        if state != before and not self._post.waits(ticket):  # what was not read cannot be answered by a number
            self.save(ticket.contact_id, state)
        locale = state.locale or self._office.locale
        text = self._office.words(
            f"citizen.ticket_{ticket.status}",
            locale,
            number=spoken(ticket.number),
            result=ticket.result,
            unit=self.unit(ticket, locale),
        )
        self._write(
            reporter(ticket),
            text,
            options,
            locale,
            ticket_id=ticket.id,
            purpose=Purpose.ANSWER,
            source_id=source_id,
            wait=RECALL,
        )
