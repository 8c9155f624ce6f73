"""An officer's second thoughts: a note that is to be sent after all, an answer taken back, a message edited.

Owns what becomes of words that were obeyed already. Refuses new acts (``acts``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec

from chatbot.channels.base import plain, utf16_length
from chatbot.core import officer
from chatbot.core.message import Inbound, Task
from chatbot.core.officer import Act, OfficerCommand, Situation
from chatbot.core.ticket import ALERT_LIVES, ENDED, TicketEvent, TicketStatus, status_after
from chatbot.services.acts import ACTS, WORDS_FOR_CITIZEN
from chatbot.services.cards import desk_choice
from chatbot.services.desk_part import DeskPart
from chatbot.services.outbox import RECALL
from chatbot.services.outgoing import Purpose, Recipient, payload_of, reporter
from chatbot.store.tables import CORRECTED, RECALLED, InboundRow, OutboundRow, TicketEventRow, TicketRow

_WAITING = {"pending", "held"}  # rows that have not left
_GONE = {"recalled", "dead"}  # rows that reach nobody any more
_ENDS = {TicketEvent.CLOSED: Act.CLOSE, TicketEvent.REJECTED: Act.REJECT}
_CORRECTABLE = {*ACTS, TicketEvent.NOTED, *_ENDS}
_WORDS = {Act.ANSWER, Act.ASK}  # commands whose text is for the citizen
_SLACK = timedelta(seconds=2)  # between the officer's finger and our clock, in his favour


class SecondThoughts(DeskPart):
    """Changes what officers wrote, inside a unit of work."""

    def send_note(self, message: Inbound, command: OfficerCommand) -> int | None:
        """A note, or an answer to a closed ticket, is to reach the citizen after all."""
        row = self._uow.inbound(command.reference)
        event = self._uow.event_of(command.reference)
        original = self._acts.reread(row) if row and row.chat == message.chat else None
        ticket = None
        if original and event:
            ticket = self._uow.ticket(event.ticket_id)
        elif original and row:
            ticket = self._ticket_meant(original)
        if original is None or row is None or ticket is None or ticket.chat != message.chat:
            self._acts.word(message, "desk.no_ticket")
            return None
        # An edit may have made an answer of it meanwhile, which stands in another version.
        versions = self._uow.inbounds_of_messages(row.channel, row.chat, [row.message_id], edits=True) or [row]
        if any(sent.state not in _GONE for one in versions for sent in self._uow.outbound_from(one.id)):
            self._acts.word(message, "desk.sent_already")
            return ticket.id
        if ticket.status in ENDED:
            if command.act != Act.RESEND:
                self._acts.word(message, "desk.closed_ticket", (desk_choice("resend", row.id, self._office),))
                return ticket.id
            self._acts.reopen(ticket, message.author)
        together = self._acts.together(ticket)
        asked = officer.read(original.text, Situation(in_topic=True)).act == Act.ASK
        for item_id, item in self._acts.album(original) or [(row.id, original)]:
            said = officer.read(item.text, Situation(in_topic=True))
            meant = replace(said, act=Act.ASK if asked else Act.ANSWER)
            if corrected := self._uow.corrected_text(item_id):
                meant = replace(meant, text=corrected, explicit=False)
            sender = replace(item, author=message.author, author_name=message.author_name)
            self._acts.send(sender, item_id, meant, together)
            self._acts.tell_others(together, meant)
        self._acts.word(message, "desk.will_be_sent")
        return ticket.id

    def _ticket_meant(self, original: Inbound) -> TicketRow | None:
        """The ticket that an officer's message was for: by its topic, by what it replied to, or by number."""
        ticket_id = self._uow.groups.topic_ticket(original.chat, original.thread) if original.thread else None
        if ticket_id is None and original.reply_to:
            key = (original.channel, original.chat, original.reply_to)
            sent = self._uow.sent_messages([key]).get(key)
            ticket_id = sent.ticket_id if sent else None
        if ticket_id:
            return self._uow.ticket(ticket_id)
        number = officer.named_number(original.text)
        return self._uow.ticket_by_number(number) if number else None

    def recall(self, message: Inbound, ticket: TicketRow | None) -> int | None:
        """Take back the officer's last answer, if it has not left yet."""
        event = self._uow.last_answer(message.author, ticket.id if ticket else None, self._now - RECALL - _SLACK)
        ids = self._said_with(event) if event else []
        rows = [row for one in ids for row in self._uow.outbound_from(one) if row.state not in _GONE]
        waiting = [row for row in rows if row.state in _WAITING]
        unsent = [row for row in self._uow.media.of_messages(ids) if row.bound_for == "citizen" and not row.relayed]
        if event is None or (not waiting and not unsent) or len(waiting) != len(rows):
            self._acts.word(message, "desk.too_late")
            return ticket.id if ticket else None
        for one in ids:
            self.withdraw(one)
        for found in self._take_back(event, message.author):
            if found.id != event.ticket_id:
                self._post.to_desk(found, self._office.words("desk.recalled"))
        self._acts.word(message, "desk.recalled")
        return event.ticket_id

    def _take_back(self, event: TicketEventRow, actor: str) -> list[TicketRow]:
        """What an officer's message did to tickets is undone, as if it had not been written; those tickets."""
        told = self._uow.incidents.told_by(event.inbound_id or 0)
        for ticket in told:
            self._uow.audit.happened(ticket, RECALLED, actor, self._now, inbound_id=event.inbound_id)
            standing = self._uow.standing_events(ticket.id)
            ticket.status = str(status_after((one.event for one in standing), held=bool(ticket.officer_id)))
            asked = [one for one in standing if one.event == TicketEvent.ASKED]
            if ticket.status == TicketStatus.WAITING and asked:
                self._acts.wait_for_answer(ticket, asked[-1].at)
            elif event.event == TicketEvent.ASKED:
                ticket.asked_until = ticket.remind_at = None
            if event.event in {TicketEvent.CLOSED, TicketEvent.REJECTED} and ticket.status not in ENDED:
                self._acts.open_again(ticket)
                before = [one for one in standing if one.event in {*_ENDS, TicketEvent.REOPENED}][-1:]
                ticket.objected = [(one.event, one.actor) for one in before] == [(TicketEvent.REOPENED, "citizen")]
                alive = ticket.alert and self._now - ticket.opened_at < ALERT_LIVES
                ticket.alert_live = alive and not self._uow.has_live_alert(ticket.contact_id)
            self._post.card_changed(ticket)
        return told

    def _said_with(self, event: TicketEventRow) -> list[int]:
        """The messages that an answer consists of: one, or all items of its album."""
        row = self._uow.inbound(event.inbound_id) if event.inbound_id else None
        original = self._acts.reread(row) if row else None
        album = [item_id for item_id, _ in self._acts.album(original)] if original else []
        return album or ([event.inbound_id] if event.inbound_id else [])

    def withdraw(self, inbound_id: int) -> None:
        """Keep back what has not left yet of a message that is not for the citizen after all."""
        rows = self._uow.outbound_from(inbound_id)
        for row in rows:
            if row.state in _WAITING:
                row.state = "recalled"
        kept_back = all(row.state in _GONE for row in rows)
        for file in self._uow.media.of_messages([inbound_id]):
            if (file.bound_for == "citizen" and not file.relayed) or (file.bound_for == "proof" and kept_back):
                file.bound_for = ""

    def corrected(self, message: Inbound, inbound_id: int, command: OfficerCommand) -> int | None:
        """An officer edited a message: the citizen's copy changes, or a "Ralat" follows where none can be changed.

        Returns:
            The ticket; None where the original was obeyed as nothing, or as a note that now is a command, so that what
            is written now is to be obeyed.
        """
        original, event = self._obeyed_as(message, inbound_id)
        ticket = self._uow.ticket(event.ticket_id) if event else None
        if original is None or event is None or ticket is None:
            return None
        told = self._uow.incidents.told_by(original.id) or [ticket]
        here = [one for one in told if one.chat == message.chat]  # others are another unit's by now
        other_end = event.event in _ENDS and command.explicit and command.act not in _ENDS.values()
        if not here or event.event not in _CORRECTABLE or other_end:
            self._acts.word(message, "desk.edit_does_nothing" if here else "desk.edit_elsewhere")
            return ticket.id
        if command.explicit and event.event == TicketEvent.NOTED and command.act != Act.NOTE:
            return None
        between = officer.is_to_colleague(message.text)
        if event.event in ACTS and (between or (command.explicit and command.act not in _WORDS)):
            meant = replace(command, act=Act.NOTE, text=message.text) if between else command
            return self._turned(message, inbound_id, meant, event, ticket)
        said = command if command.explicit else replace(command, act=Act.NOTE, text=officer.body(message.text))
        if self._acts.dialogue.spelled_out(said, ticket) == (self._uow.corrected_text(original.id) or event.text):
            return ticket.id  # the platform tells of edits that change nothing
        # Beside the original, under its id: what is sent of it later is what it says now.
        refused = "" if len(here) == len(told) else "desk.edit_elsewhere"
        for one in here:
            text = self._acts.dialogue.spelled_out(said, one)
            self._uow.audit.happened(
                one, CORRECTED, message.author, self._now, inbound_id=original.id, text=text, edit=inbound_id
            )
            if text and event.event in {*ACTS, TicketEvent.CLOSED, TicketEvent.REJECTED}:
                refused = self._correct(inbound_id, original.id, event.event, text, one) or refused
        if refused:
            self._acts.word(message, refused)
        return ticket.id

    def _obeyed_as(self, message: Inbound, inbound_id: int) -> tuple[InboundRow | None, TicketEventRow | None]:
        """The version of an edited message that was obeyed last, the first one or an edit before this, and as what."""
        versions = self._uow.inbounds_of_messages(message.channel, message.chat, [message.target], edits=True)
        for row in reversed(versions):
            if row.id < inbound_id and (event := self._uow.event_of(row.id)):
                return row, event
        return None, None

    def _turned(
        self, message: Inbound, inbound_id: int, command: OfficerCommand, event: TicketEventRow, ticket: TicketRow
    ) -> int | None:
        """An answer was meant as something else: a note, or a command whose slash was forgotten."""
        if command.act == Act.NOTE:
            return self._turned_into_note(message, inbound_id, command, event, ticket)
        return self._turned_into_command(message, event, ticket)

    def _turned_into_note(
        self, message: Inbound, inbound_id: int, command: OfficerCommand, event: TicketEventRow, ticket: TicketRow
    ) -> int:
        """An answer is not for the citizen after all: taken back if it can be, and its new words are a note."""
        ids = self._said_with(event)
        for one in ids:
            self.withdraw(one)
        sent = [row for one in ids for row in self._uow.outbound_from(one) if row.state not in _GONE]
        proved = {"inbound": event.inbound_id, "edit": inbound_id, "late": bool(sent)}
        meant = self._ticket_meant(message)
        for told in self._uow.incidents.told_by(event.inbound_id or 0):
            ticket = told if meant and told.id == meant.id else ticket  # of several, the one that it was written in
            self._uow.audit.add("withdrawn", message.author, self._now, told.id, **proved)
        if not sent:
            self._take_back(event, message.author)
            noted, text = event.inbound_id, command.text
            self._uow.audit.happened(
                ticket, CORRECTED, message.author, self._now, inbound_id=noted, text=text, edit=inbound_id
            )
            self._acts.event(ticket, TicketEvent.NOTED, message.author, inbound_id=noted, text=text)
        self._acts.word(message, "desk.too_late_for_note" if sent else "desk.recalled")
        return ticket.id

    def _turned_into_command(self, message: Inbound, event: TicketEventRow, ticket: TicketRow) -> int | None:
        """An answer was a command without its slash: it is taken back if it can be, and then obeyed.

        Returns:
            The ticket; None where what is written now is to be obeyed.
        """
        ids = self._said_with(event)
        if any(row.state not in {*_WAITING, *_GONE} for one in ids for row in self._uow.outbound_from(one)):
            self._acts.word(message, "desk.edit_does_nothing")
            return ticket.id
        for one in ids:
            self.withdraw(one)
        for told in self._take_back(event, message.author):
            self._post.to_desk(told, self._office.words("desk.recalled"))
        return None

    def _correct(self, inbound_id: int, original_id: int, event: str, text: str, ticket: TicketRow) -> str:
        """Bring the new words to the citizen, in the place of the old ones if those can still be changed.

        Returns:
            The key of what the officer is to hear; empty: nothing.
        """
        written = [row for row in self._uow.outbound_from(original_id) if row.contact_id]
        rows = [row for row in written if ticket.id in {row.ticket_id, row.left_ticket_id}]
        files = [file for file in self._uow.media.of_messages([original_id]) if file.ticket_id == ticket.id]
        standing = [row for row in rows if row.state != "recalled"]
        recalled = (bool(rows) and not standing) or any(not file.bound_for for file in files)
        rows = standing
        if recalled or event in {TicketEvent.CLOSED, TicketEvent.REJECTED}:
            return "desk.recalled_not_edited" if recalled else "desk.close_not_edited"
        words = self._acts.citizen_words(ticket, WORDS_FOR_CITIZEN[ACTS[event]], text=text)
        here = len(rows) == 1 and rows[0].ticket_id == ticket.id  # else the reporter went elsewhere since
        row = rows[0] if here and self._fits(rows[0], words) else None
        if not rows:
            for file in files:
                file.caption = words  # it is still being fetched
        elif row and row.state in _WAITING:
            row.payload = msgspec.json.encode(replace(payload_of(row), text=words))
        elif row and row.state == "sent" and row.external_id and self._office.capabilities[row.channel].edits:
            where = Recipient(ticket.contact_id, row.channel, row.chat)
            self._post.edit_for_citizen(where, row.external_id, words, ticket, inbound_id)
        else:
            again = self._acts.citizen_words(ticket, "citizen.correction", text=text)
            self._post.to_citizen(
                reporter(ticket), again, ticket_id=ticket.id, purpose=Purpose.ANSWER, source_id=inbound_id
            )
        return ""

    def _fits(self, row: OutboundRow, words: str) -> bool:
        carries = self._office.capabilities[row.channel]
        return utf16_length(plain(words)) <= (carries.max_text if row.task == Task.TEXT else carries.max_caption)
