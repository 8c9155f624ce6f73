"""An officer's acts on a ticket: take, verify, answer, note, ask, close, reject, reopen.

Owns the transition, the history and what is written to the citizen, all in one unit of work. The citizen reads the
unit, never the officer's name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chatbot.channels.base import plain
from chatbot.core import ticket as tickets
from chatbot.core.message import Choice, Inbound, Kind, Phrase, Task
from chatbot.core.officer import Act, OfficerCommand
from chatbot.core.ticket import ENDED, TicketEvent, TicketStatus, advance
from chatbot.services.cards import desk_choice
from chatbot.services.dialogue import Dialogue
from chatbot.services.office import Office
from chatbot.services.outbox import RECALL, Post
from chatbot.services.outgoing import Purpose, reporter
from chatbot.services.proof import is_photo
from chatbot.services.relay import want
from chatbot.services.window import Windows
from chatbot.store.tables import InboundRow, MediaRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

WORDS_FOR_CITIZEN = {Act.ANSWER: "citizen.officer_reply", Act.ASK: "citizen.officer_asks"}
_EVENTS = {Act.ANSWER: TicketEvent.ANSWERED, Act.ASK: TicketEvent.ASKED}
_ENDS = {
    Act.CLOSE: (TicketEvent.CLOSED, "desk.prompt_close", Purpose.PROMPT_CLOSE),
    Act.REJECT: (TicketEvent.REJECTED, "desk.prompt_reject", Purpose.PROMPT_REJECT),
}
ACTS = {str(event): act for act, event in _EVENTS.items()}
_SENDABLE = {Kind.PHOTO, Kind.VIDEO, Kind.VOICE, Kind.AUDIO, Kind.DOCUMENT}
_REMIND = timedelta(days=2)  # before the time to answer is over
_ALBUM = 9  # items of an album beside one of them


class Acts:
    """Carries out commands of officers whose right was checked."""

    def __init__(
        self,
        uow: UnitOfWork,
        office: Office,
        now: datetime,
        dialogue: Dialogue,
        reread: Callable[[InboundRow], Inbound | None],
    ) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._post = Post(uow, office, now)
        self.dialogue = dialogue
        self.reread = reread

    def obey(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        """One command on one ticket."""
        act = command.act
        if ticket.alert and ticket.alert_pressed_at is None:
            ticket.alert_pressed_at = self._now  # whatever is done with it: somebody has it
            self._uow.audit.add("pressed", message.author, self._now, ticket.id, by=str(act))
        if act == Act.TAKE:
            self._take(message, ticket)
        elif act == Act.RELEASE:
            self._release(message, ticket)
        elif act == Act.NOTE:
            self._note(message, inbound_id, command, ticket)
        elif act == Act.REOPEN:
            self._reopen(message, ticket)
        elif act == Act.VERIFY:
            self._verify(message, ticket)
        elif act in _ENDS:
            self._end(message, inbound_id, command, ticket)
        elif act == Act.TAKE_OVER:
            self._take_over(message, ticket)
        elif act in _EVENTS:
            self._write(message, inbound_id, command, ticket)

    def event(
        self,
        ticket: TicketRow,
        event: TicketEvent,
        actor: str,
        *,
        inbound_id: int | None = None,
        text: str = "",
        before: str | None = None,
    ) -> None:
        """Something happens to a ticket: its status follows, and its history keeps it."""
        ticket.status = advance(TicketStatus(ticket.status), event)
        ticket.updated_at = self._now
        self._uow.audit.happened(ticket, event, actor, self._now, inbound_id=inbound_id, text=text, before=before)

    def word(self, message: Inbound, key: str, choices: tuple[Choice, ...] = (), **values: str | Phrase) -> None:
        """Say a short word to the officer, where he wrote or pressed."""
        text = self._office.words(key, **values)
        if message.press_id:
            self._post.press_answer(message.chat, message.press_id, plain(text))
        else:
            self._post.to_group(message.chat, text, choices, thread=message.thread, reply_to=message.message_id)

    def _take(self, message: Inbound, ticket: TicketRow) -> None:
        if ticket.status in ENDED:
            self.word(message, "desk.is_closed")
        elif ticket.officer_id == message.author:
            self.word(message, "desk.yours_already")
        elif ticket.officer_id:
            # He may be away, or his shift is over: whoever types it can have the ticket.
            take_over = desk_choice("takeover", ticket.id, self._office)
            self.word(message, "desk.taken_by", (take_over,), officer=ticket.officer_name)
        else:
            self._give_to(ticket, message)
            words = self.citizen_words(ticket, "citizen.taken")
            self._post.to_citizen(reporter(ticket), words, ticket_id=ticket.id)

    def _take_over(self, message: Inbound, ticket: TicketRow) -> None:
        if ticket.status in ENDED:
            self.word(message, "desk.is_closed")
        elif ticket.officer_id == message.author:
            self.word(message, "desk.yours_already")
        else:
            self._give_to(ticket, message)

    def _give_to(self, ticket: TicketRow, message: Inbound) -> None:
        self.give(ticket, message)
        self.word(message, "desk.taken", number=tickets.spoken(ticket.number))

    def give(self, ticket: TicketRow, message: Inbound) -> None:
        """An open ticket is the writer's from now on, whoever held it."""
        before = ticket.officer_id or None
        self._assign(ticket, message)
        self.event(ticket, TicketEvent.ASSIGNED, message.author, before=before)
        self._post.card_changed(ticket)

    def _assign(self, ticket: TicketRow, message: Inbound) -> None:
        ticket.officer_id = message.author
        ticket.officer_name = message.author_name[:64]

    def _release(self, message: Inbound, ticket: TicketRow) -> None:
        if ticket.officer_id != message.author:
            self.word(message, "desk.not_yours")
            return
        if ticket.status in ENDED:
            self.word(message, "desk.is_closed")
            return
        self.give_back(ticket, message.author)
        self.word(message, "desk.released")

    def give_back(self, ticket: TicketRow, actor: str, *, before: str | None = None) -> None:
        """An open ticket that somebody held is nobody's; ``before`` is who, where that is another than the actor."""
        self.event(ticket, TicketEvent.RELEASED, actor, before=before)
        ticket.officer_id = ticket.officer_name = ""
        self._post.card_changed(ticket)

    def _note(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        self.event(ticket, TicketEvent.NOTED, message.author, inbound_id=inbound_id, text=command.text)
        items = sorted(self.album(message), key=lambda item: (not item[1].text, item[0]))
        if not command.explicit and (not items or items[0][0] == inbound_id):  # of an album it is said once
            self.word(message, "desk.is_note", (desk_choice("send", inbound_id, self._office),))

    def _reopen(self, message: Inbound, ticket: TicketRow) -> None:
        if ticket.status not in ENDED:
            self.word(message, "desk.is_open")
            return
        self.reopen(ticket, message.author)
        self.word(message, "desk.reopened")
        self._post.to_citizen(reporter(ticket), self.citizen_words(ticket, "citizen.reopened"), ticket_id=ticket.id)

    def reopen(self, ticket: TicketRow, actor: str, *, inbound_id: int | None = None, text: str = "") -> None:
        """A closed ticket is open again, and free to be taken."""
        self.event(ticket, TicketEvent.REOPENED, actor, inbound_id=inbound_id, text=text)
        ticket.objected = actor == "citizen"
        ticket.officer_id = ticket.officer_name = ""
        ticket.clock_at, ticket.clock_said = self._now, ""  # a new duty, with clocks of its own
        self.open_again(ticket)

    def open_again(self, ticket: TicketRow) -> None:
        """Undo what an ending left on a ticket and at its place."""
        ticket.closed_at, ticket.confirmed_at, ticket.result = None, None, ""
        groups = {self._uow.groups.current_chat(one) for one in self._office.desk_groups()}
        if ticket.chat not in groups:  # that group is nobody's now: the sweep brings it whole to the right one
            self._uow.groups.forget_topic(ticket)
            ticket.chat = ""
        ticket.window_at = Windows(self._uow, self._office, self._now).first_look(reporter(ticket))
        self._post.topic_state(ticket, Task.REOPEN_TOPIC)
        self._post.card_changed(ticket)

    def _verify(self, message: Inbound, ticket: TicketRow) -> None:
        """An officer looked at it: it is complete, and this unit's. Who takes or answers it has looked as well."""
        if ticket.status in ENDED:
            self.word(message, "desk.is_closed")
        elif (TicketStatus(ticket.status), TicketEvent.VERIFIED) not in tickets.TRANSITIONS:
            self.word(message, "desk.verified_already")
        else:
            self.event(ticket, TicketEvent.VERIFIED, message.author)
            self.word(message, "desk.verified")
            words = self.citizen_words(ticket, "citizen.verified")
            self._post.to_citizen(reporter(ticket), words, ticket_id=ticket.id)
            self._post.card_changed(ticket)

    def _end(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        """Close or reject, with words that the citizen reads."""
        event, key, purpose = _ENDS[command.act]
        if ticket.status in ENDED:
            self.word(message, "desk.is_closed")
        elif not command.text:
            self._prompt(message, ticket, key, purpose)
        else:
            # Whether a report is ours to work on is judged by itself.
            together = self.together(ticket) if command.act == Act.CLOSE else [ticket]
            if message.kind in _SENDABLE:  # what shows the work goes ahead of its words
                self.send(message, inbound_id, OfficerCommand(Act.ANSWER), together)
            for one in together:
                self._end_one(one, event, message, inbound_id, command.text)
            self.tell_others(together, command)

    def _end_one(self, ticket: TicketRow, event: TicketEvent, message: Inbound, inbound_id: int, result: str) -> None:
        self.event(ticket, event, message.author, inbound_id=inbound_id, text=result)
        ticket.objected = False
        ticket.closed_at, ticket.result, ticket.alert_live = self._now, result, False
        ticket.confirmed_at = None
        ticket.written_at = self._now
        self.dialogue.ended(ticket, inbound_id, self._now)
        self._tell_waiting(message, ticket)
        self._post.topic_state(ticket, Task.CLOSE_TOPIC)
        self._post.card_changed(ticket)

    def _prompt(self, message: Inbound, ticket: TicketRow, key: str, purpose: Purpose) -> None:
        if message.press_id:
            self._post.press_answer(message.chat, message.press_id)
        meant = [ticket] if purpose == Purpose.PROMPT_REJECT else self.together(ticket)
        numbers = ", #".join(tickets.spoken(one.number) for one in meant)
        self._post.to_desk(ticket, self._office.words(key, number=numbers), purpose=purpose)

    def _write(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        act = command.act
        if not command.text and message.kind not in _SENDABLE:
            if act == Act.ASK:
                self._prompt(message, ticket, "desk.prompt_ask", Purpose.PROMPT_ASK)
            elif message.kind == Kind.TEXT:
                self.word(message, "desk.empty_answer")
            else:
                self.word(message, "desk.cannot_send")
            return
        if ticket.status in ENDED and not command.with_closing:
            self.word(message, "desk.closed_ticket", (desk_choice("resend", inbound_id, self._office),))
            return
        together = [ticket] if command.alone else self.together(ticket)
        self.send(message, inbound_id, command, together)
        self.tell_others(together, command)

    def together(self, ticket: TicketRow) -> list[TicketRow]:
        """A ticket, and those of its incident that an officer's word reaches too: open ones; else closed in one act."""
        ended = ticket.status in ENDED
        ours = [one for one in self._uow.incidents.of(ticket.incident_id) if one.chat == ticket.chat]
        reached = [one for one in ours if (one.closed_at == ticket.closed_at if ended else one.status not in ENDED)]
        return [ticket, *(one for one in reached if one.id != ticket.id)]

    def tell_others(self, together: Sequence[TicketRow], command: OfficerCommand) -> None:
        """At the places of the others: what their reporters were told, and from where."""
        for one in together[1:] if command.text else ():
            number, text = tickets.spoken(together[0].number), self.dialogue.spelled_out(command, one)
            self._post.to_desk(one, self._office.words("desk.incident_told", number=number, text=text))

    def send(self, message: Inbound, inbound_id: int, command: OfficerCommand, together: Sequence[TicketRow]) -> None:
        """Send to each reporter, under the own number; the first ticket is the one that the officer wrote in.

        A file that the platform cannot copy is fetched for that one alone; the others get its words. It is kept as
        that ticket's in any case.
        """
        without = []
        for one in together:
            sent, text = message, self.dialogue.spelled_out(command, one)
            if one is not together[0] and message.kind in _SENDABLE and one.channel != message.channel:
                without.append(f"#{tickets.spoken(one.number)}")
                sent = replace(message, kind=Kind.TEXT, attachment=None)
            if text or sent is message:
                self._send_one(sent, inbound_id, command.act, text, one, keeps=one is together[0])
        if without:
            self._post.to_desk(together[0], self._office.words("desk.file_not_to", numbers=", ".join(without)))

    def _send_one(
        self, message: Inbound, inbound_id: int, act: Act, text: str, ticket: TicketRow, *, keeps: bool
    ) -> None:
        if not ticket.officer_id:
            self._assign(ticket, message)
        if ticket.status not in ENDED:  # else it is a file that belongs to the closing
            self.event(ticket, _EVENTS[act], message.author, inbound_id=inbound_id, text=text)
            if act == Act.ASK:
                self.wait_for_answer(ticket, self._now)
        else:
            self._uow.audit.add("attached", message.author, self._now, ticket.id, inbound=inbound_id)
        ticket.written_at = self._now
        to = reporter(ticket)
        words = self.citizen_words(ticket, WORDS_FOR_CITIZEN[act], text=text)
        if message.kind not in _SENDABLE:
            self._post.to_citizen(
                to, words, ticket_id=ticket.id, purpose=Purpose.ANSWER, source_id=inbound_id, wait=RECALL
            )
        elif to.channel == message.channel:
            self._post.copy_to_citizen(to, message.chat, message.message_id, words, ticket, inbound_id)
            if keeps and is_photo(message):
                self._keep(message, inbound_id, ticket, "proof")
        else:
            media = self._keep(message, inbound_id, ticket, "citizen")
            if media:
                media.caption = words
        if ticket.status not in ENDED and (text or not message.album):
            self._tell_waiting(message, ticket)
        self._post.card_changed(ticket)

    def wait_for_answer(self, ticket: TicketRow, asked_at: datetime) -> None:
        """The citizen was asked: until when the answer is waited for, and when it is asked for once more."""
        given = timedelta(days=self._office.plan.region.days_to_answer)
        ticket.asked_until = asked_at + given
        ticket.remind_at = ticket.asked_until - min(_REMIND, given / 2)

    def _tell_waiting(self, message: Inbound, ticket: TicketRow) -> None:
        if self._post.waits(ticket):
            self.word(message, "desk.waits_for_citizen")

    def _keep(self, message: Inbound, inbound_id: int, ticket: TicketRow, bound_for: str) -> MediaRow | None:
        """Have an officer's file fetched: to be sent, or, where the platform brings it, to be compared only."""
        media = want(self._uow, message, inbound_id, None, self._now)
        if media:
            media.ticket_id, media.bound_for, media.proof = ticket.id, bound_for, is_photo(message)
            media.relayed = media.relayed or bound_for == "proof"
            media.due_at = self._now + RECALL
        return media

    def citizen_words(self, ticket: TicketRow, key: str, **values: str | Phrase) -> str:
        """A phrase about a ticket in its citizen's language."""
        locale = self.dialogue.locale_of(ticket.contact_id)
        return self._office.words(
            key, locale, number=tickets.spoken(ticket.number), unit=self.dialogue.unit(ticket, locale), **values
        )

    def album(self, message: Inbound) -> list[tuple[int, Inbound]]:
        """The items of a message's album that are here by now, each with its row's id; none for a single message."""
        if not message.album or not message.message_id.isdigit():
            return []
        here = int(message.message_id)
        near = [str(number) for number in range(here - _ALBUM, here + _ALBUM + 1)]
        rows = self._uow.inbounds_of_messages(message.channel, message.chat, near)
        read = [(row.id, self.reread(row)) for row in rows]
        return [(row_id, item) for row_id, item in read if item and item.album == message.album]
