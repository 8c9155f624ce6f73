"""The officers' side: what happens in their groups, and what of it reaches a citizen.

Owns finding the ticket, checking the right to act, and carrying out an officer's command in one transaction. The
grammar is ``core.officer``; acts on a ticket are ``services.acts``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chatbot import metrics
from chatbot.channels.base import Standing
from chatbot.core import faq_command, officer
from chatbot.core.complaint import MEMBERS
from chatbot.core.message import Inbound, Kind
from chatbot.core.officer import Act, OfficerCommand, Situation
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.blocks import Blocks
from chatbot.services.duty import Roster
from chatbot.services.faq_desk import FaqDesk, is_faq_file
from chatbot.services.forwarding import Forwarding
from chatbot.services.holds import Holds
from chatbot.services.identity import Identities
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.safety import Safety
from chatbot.services.second_thoughts import SecondThoughts
from chatbot.services.views import View, saved_answers
from chatbot.store.queue import Handled
from chatbot.store.tables import SentMessageRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork


class Desk:
    """Serves the groups, one message at a time, inside a unit of work.

    Args:
        uow: the unit of work.
        office: the account.
        standing: what the message's author is in its group now; None: the platform could not say, which means no.
        now: the time.
        acts: what officers do to tickets.
        arrival: how tickets come to their groups.
        bot_name: the bot's user name, where that is known.
        view: what the message asks to see.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        office: Office,
        standing: Standing | None,
        now: datetime,
        acts: Acts,
        arrival: Arrival,
        bot_name: str = "",
        view: View | None = None,
    ) -> None:
        self._uow = uow
        self._office = office
        self._standing = standing
        self._now = now
        self._post = Post(uow, office, now)
        self._acts = acts
        self._thoughts = SecondThoughts(uow, office, now, acts)
        self._incidents = arrival.incidents
        self._forwarding = Forwarding(uow, office, now, acts, arrival)
        self._identities = Identities(uow, office, now, acts)
        self._roster = Roster(uow, office, now, acts)
        self._safety = Safety(uow, office, now, acts)
        self._blocks = Blocks(uow, office, now, acts)
        self._holds = Holds(uow, office, now, acts)
        self._bot_name = bot_name
        self._view = view
        self._replied_to: SentMessageRow | None = None

    def handle(self, message: Inbound, inbound_id: int) -> Handled:
        """Carry out what one message in a group asks for."""
        if message.kind == Kind.MIGRATION:
            self._uow.groups.move_chat(message.chat, message.moved_to)
            return Handled(inbound_id, "ignored")
        if message.kind == Kind.MEMBERSHIP:
            self._membership(message)
            return Handled(inbound_id, "ignored")
        message = self._where_it_is_now(message)
        chat = message.chat
        groups = {self._uow.groups.current_chat(one) for one in self._office.desk_groups()}
        admins = self._uow.groups.current_chat(self._office.admins) if self._office.admins else ""
        if chat not in groups and chat != admins:
            self._stranger(message)
            return Handled(inbound_id, "ignored")
        if message.kind == Kind.UNSUPPORTED and message.status == "service":
            return Handled(inbound_id, "ignored")
        if self._about_the_faq(message, inbound_id, is_desk=chat in groups):
            return Handled(inbound_id, "ignored")
        ticket_id = self._officer(message, inbound_id, is_desk=chat in groups)
        return Handled(inbound_id, "ticketed" if ticket_id else "ignored", ticket_id=ticket_id)

    def _where_it_is_now(self, message: Inbound) -> Inbound:
        """A message that was stored before its group moved is answered where the group is now, under no older one."""
        self._replied_to = self._replied(message)  # what it replies to is known by the ids of that time
        chat = self._uow.groups.current_chat(message.chat)
        return message if chat == message.chat else replace(message, chat=chat, message_id="", thread="")

    # Groups that are not ours

    def _membership(self, message: Inbound) -> None:
        known = {
            self._uow.groups.current_chat(one) for one in (*self._office.desk_groups(), self._office.admins) if one
        }
        if message.status in {"bot_removed", "bot_rights", "bot_added"} and message.chat in known:
            self._uow.alarms.note("groups", self._now)
        if message.status == "member_left":
            self._roster.left(self._uow.groups.current_chat(message.chat), message.target)
        if message.status != "bot_added":
            return
        if message.chat in known:
            self._post.to_group(message.chat, self._office.words("desk.connected", region=self._office.region))
            return
        self._uow.groups.first_meeting(message.chat, self._now)
        self._post.to_group(
            message.chat, self._office.words("desk.chat_id", id=message.chat, region=self._office.region)
        )
        if self._office.officers:
            self._leave(message.chat)

    def _stranger(self, message: Inbound) -> None:
        if message.kind in {Kind.REACTION, Kind.EDIT, Kind.UNSUPPORTED}:
            return
        if message.text.startswith("/id") and not self._office.officers:
            self._post.to_group(
                message.chat, self._office.words("desk.chat_id", id=message.chat, region=self._office.region)
            )
            return
        if self._uow.groups.first_meeting(message.chat, self._now):
            self._post.to_group(message.chat, self._office.words("desk.stranger", region=self._office.region))
            if self._office.officers:
                self._leave(message.chat)

    def _leave(self, chat: str) -> None:
        self._post.leave(chat)
        metrics.strangers.inc()

    # Officers

    def _officer(self, message: Inbound, inbound_id: int, *, is_desk: bool) -> int | None:
        """Obey, if the writer may; returns the ticket that it was about."""
        ticket = self._ticket(message) if is_desk else None
        command = self._command(message, ticket)
        if message.kind == Kind.EDIT and self._allowed(message) and command.act != Act.SAVED:
            corrected = self._thoughts.corrected(message, inbound_id, command)
            if corrected or not command.explicit:
                return corrected
            message = self._with_its_file(message)
        # A forwarded one is somebody else's, from elsewhere.
        forwarded = message.forwarded and officer.read(message.text, Situation(bot_name=self._bot_name)).explicit
        if not forwarded and (command.act == Act.TALK or message.kind in {Kind.REACTION, Kind.REVOKE}):
            return None
        if forwarded or not self._allowed(message):
            self._refuse(message, command, ticket, forwarded=forwarded)
            if command.act == Act.IDENTITY and ticket:
                self._identities.refused(message, command, ticket, "standing")
            return None
        if self._about_the_group(message, command, is_desk=is_desk):
            return None
        if command.act == Act.RECALL and not command.number:
            return self._thoughts.recall(message, ticket)
        return self._on_ticket(message, inbound_id, command, ticket)

    def _with_its_file(self, message: Inbound) -> Inbound:
        """An edited caption that is a command now, under the file that it is about."""
        row = self._uow.inbound_of_message(message.channel, message.chat, message.target)
        original = self._acts.reread(row) if row else None
        return replace(original, text=message.text) if original and original.attachment else message

    def _about_the_faq(self, message: Inbound, inbound_id: int, *, is_desk: bool) -> bool:
        """Obey what is about the FAQ, where it is looked after; False: it is about something else."""
        here = self._uow.groups.current_chat(self._office.officers) == message.chat and not self._office.admins
        if is_desk and not here:
            return False
        pressed = faq_command.read_press(message.choice) if message.kind == Kind.PRESS else None
        command = officer.read(message.text, Situation(bot_name=self._bot_name))
        if message.kind == Kind.EDIT and command.act == Act.FAQ:
            return True  # a proposal quotes what it is about, so that a request edited afterwards says nothing
        sent = is_faq_file(message) and (not is_desk or command.act == Act.FAQ)
        if not pressed and not sent and (command.act != Act.FAQ or message.kind != Kind.TEXT):
            return False
        faq = FaqDesk(self._uow, self._office, self._now)
        if not self._allowed(message):
            self._refuse(message, OfficerCommand(Act.FAQ, explicit=True), None)
        elif is_desk and self._standing != Standing.ADMINISTRATOR:
            self._say(message, "desk.faq_administrators")
        elif pressed:
            faq.press(message, approved=pressed[0], edit_id=pressed[1])
        elif sent:
            faq.file(message, inbound_id)
        else:
            faq.obey(message, inbound_id, command.text)
        return True

    def _about_the_group(self, message: Inbound, command: OfficerCommand, *, is_desk: bool) -> bool:
        """Obey what is about no ticket; the administrators' group has nothing else. False: it is about a ticket."""
        if command.act == Act.CHAT_ID:
            self._say(message, "desk.this_chat", id=message.chat)
        elif command.act == Act.FAQ:
            self._say(message, "desk.faq_elsewhere")
        elif command.act == Act.HELP or not is_desk:
            self._say(message, "desk.help" if is_desk else "desk.help_admins")
        elif command.act in officer.VIEWS:
            self._show(message)
        elif command.act == Act.SAVED:
            text = saved_answers(self._office, command.text)
            self._post.to_group(message.chat, text, thread=message.thread, reply_to=message.message_id)
        elif command.act == Act.DUTY:
            self._roster.obey(message, command.text)
        elif command.act == Act.HAND_OVER:
            self._roster.hand_over(message, command.reference)
        elif officer.releases_all(command):
            self._roster.release_all(message)
        elif command.act == Act.UNKNOWN:
            self._say(message, "desk.unknown")
        else:
            return False
        return True

    def _on_ticket(
        self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow | None
    ) -> int | None:
        if command.act in {Act.SEND, Act.RESEND}:
            return self._thoughts.send_note(message, command)
        if command.reference:
            ticket = self._here(self._uow.ticket(command.reference), message.chat)
        if ticket is None:
            self._say(message, "desk.no_ticket")
            return None
        if command.number not in {"", ticket.number}:
            self._say(message, "desk.other_ticket")  # written in one ticket's place, addressed to another
            return ticket.id
        if command.act == Act.RECALL:
            return self._thoughts.recall(message, ticket)
        if self._on_others(message, inbound_id, command, ticket):
            return ticket.id
        self._acts.obey(message, inbound_id, command, ticket)
        if command.act == Act.NOTE:
            for item_id, _ in self._acts.album(message):
                self._thoughts.withdraw(item_id)  # it came before the words that make the album a note
        return ticket.id

    def _on_others(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> bool:
        """Obey what is about more than the ticket: another unit, its like, its reporter. False: it is an act on it."""
        if ticket.erased_at:
            self._say(message, "desk.is_erased")
        elif command.act == Act.FORWARD:
            self._forwarding.obey(message, inbound_id, command, ticket)
        elif command.act in {Act.JOIN, Act.DISTINCT, Act.SPLIT}:
            self._incidents.obey(message, inbound_id, command, ticket)
        elif command.act == Act.IDENTITY:
            self._identities.open(message, command, ticket, self._standing or Standing.STRANGER)
        elif command.act in {Act.SAFE, Act.UNSAFE}:
            self._safety.obey(message, command, ticket)
        elif command.act in {Act.BLOCK, Act.UNBLOCK}:
            self._blocks.obey(message, inbound_id, command, ticket)
        elif command.act in {Act.HOLD, Act.UNHOLD}:
            self._holds.obey(message, inbound_id, command, ticket, self._standing or Standing.STRANGER)
        else:
            return False
        return True

    def _allowed(self, message: Inbound) -> bool:
        return bool(message.author) and self._standing in {Standing.MEMBER, Standing.ADMINISTRATOR}

    def _refuse(
        self, message: Inbound, command: OfficerCommand, ticket: TicketRow | None, *, forwarded: bool = False
    ) -> None:
        """Say that and why nothing is done, and write down who tried what: nothing of the words."""
        if forwarded:
            why = "forwarded_command"
        elif not message.author:
            why = "anonymous"
        elif self._standing is None:
            why = "rights_unknown"  # a plain reply is refused too: its writer takes it for sent
        elif message.kind == Kind.PRESS or command.explicit:
            why = "not_allowed"
        else:
            return
        self._say(message, f"desk.{why}")
        actor, about = message.author or "nobody", ticket.id if ticket else None
        tried = str(command.act)
        self._uow.audit.add("refused", actor, self._now, about, command=tried, chat=message.chat, why=why)

    def _say(self, message: Inbound, key: str, **values: str) -> None:
        text = self._office.words(key, **values)
        if message.press_id:
            self._post.press_answer(message.chat, message.press_id, text)
        else:
            self._post.to_group(message.chat, text, thread=message.thread, reply_to=message.message_id)

    def _show(self, message: Inbound) -> None:
        """Show what was looked up for this message."""
        thread, reply_to = message.thread, message.message_id
        if self._view and self._view.picture:
            self._post.file_to_group(
                message.chat, self._view.picture, self._view.text, thread=thread, reply_to=reply_to
            )
        elif self._view:
            self._post.to_group(message.chat, self._view.text, thread=thread, reply_to=reply_to)

    def _replied(self, message: Inbound) -> SentMessageRow | None:
        if not message.reply_to:
            return None
        key = (message.channel, message.chat, message.reply_to)
        return self._uow.sent_messages([key]).get(key)

    def _ticket(self, message: Inbound) -> TicketRow | None:
        """Forum topic, else the message replied to, else the number that it begins with."""
        ticket_id = self._uow.groups.topic_ticket(message.chat, message.thread) if message.thread else None
        if ticket_id is None and self._replied_to:
            ticket_id = self._replied_to.ticket_id
        if ticket_id is not None:
            return self._here(self._uow.ticket(ticket_id), message.chat)
        number = officer.named_number(message.text)
        return self._here(self._uow.ticket_by_number(number), message.chat) if number else None

    def _here(self, ticket: TicketRow | None, chat: str) -> TicketRow | None:
        """A ticket, if it is this group's: another group's tickets do not exist here."""
        if ticket is None or ticket.chat != chat:
            return None
        # Belt and braces: what is about members exists in the members' group only.
        return ticket if ticket.category != MEMBERS or chat == self._members_chat() else None

    def _members_chat(self) -> str:
        return self._uow.groups.current_chat(self._office.propam)

    def _command(self, message: Inbound, ticket: TicketRow | None) -> OfficerCommand:
        if message.kind == Kind.PRESS:
            return officer.read_press(message.choice)
        in_topic = bool(message.thread and ticket and ticket.thread == message.thread)
        situation = Situation(
            in_topic=in_topic,
            holds=bool(ticket and message.author and ticket.officer_id == message.author),
            reply_purpose=self._replied_to.purpose if self._replied_to else "",
            is_reply=bool(message.reply_to),
            forwarded=message.forwarded,
            bot_name=self._bot_name,
        )
        if message.album and not message.text:
            return officer.part_of_album(self._read(self._album_text(message), situation, message))
        return self._read(message.text, situation, message)

    def _read(self, text: str, situation: Situation, message: Inbound) -> OfficerCommand:
        command = officer.read(text, situation)
        return self._office.saved_answers.sorted_out(command, has_file=message.attachment is not None)

    def _album_text(self, message: Inbound) -> str:
        """What an album says: its words stand under one of its items and count for all."""
        return next((item.text for _, item in self._acts.album(message) if item.text), "")
