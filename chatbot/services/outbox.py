"""Writing what is to be sent: rows for citizens, for a ticket's place in the group, for the group as a whole.

Owns queues, priorities and purposes of outgoing rows. Refuses to send (``deliver``) and to decide (``core``).

A queue is sent in order: a citizen's chat, a ticket's place in the group, the group as a whole. What is urgent has a
queue of its own beside the citizen's, so that no answer that waits holds up the 110 notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chatbot.channels.base import plain, split_text, utf16_length
from chatbot.core.message import Choice, File, Kind, Mention, Outbound, Task
from chatbot.services import first_word
from chatbot.services.office import Office
from chatbot.services.outgoing import Purpose, Recipient, desk_queue
from chatbot.store.tables import OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

RECALL = timedelta(seconds=5)  # how long an officer may take an answer back
_ALARM_EVERY = timedelta(hours=1)
_GATHER = timedelta(seconds=2)  # changes of a card within this time are one edit


def change_card(uow: UnitOfWork, ticket: TicketRow, channel: str, now: datetime) -> None:
    """Have a ticket's card brought up to date, unless that is about to happen."""
    queue = f"{desk_queue(channel, ticket.chat, ticket.id)}/card"
    if not ticket.chat or uow.has_pending(queue, Purpose.CARD_EDIT):
        return
    message = Outbound(id=0, to=ticket.chat, task=Task.EDIT)
    uow.add(
        OutboundRow(
            channel=channel,
            chat=ticket.chat,
            queue=queue,
            priority=6,
            task=str(message.task),
            purpose=str(Purpose.CARD_EDIT),
            payload=msgspec.json.encode(message),
            ticket_id=ticket.id,
            for_group=True,
            due_at=now + _GATHER,
            created_at=now,
        )
    )


class Post:
    """Writes outgoing rows into a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._now = now

    def _row(
        self, message: Outbound, *, channel: str, queue: str, priority: int, purpose: Purpose, **fields: Any
    ) -> OutboundRow:
        due_at = fields.pop("due_at", self._now)
        row = OutboundRow(
            channel=channel,
            chat=message.to,
            queue=queue,
            priority=priority,
            task=str(message.task),
            purpose=str(purpose),
            payload=msgspec.json.encode(message),
            due_at=due_at,
            created_at=self._now,
            **fields,
        )
        self._uow.add(row)
        return row

    def to_citizen(
        self,
        to: Recipient,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        list_label: str = "",
        ticket_id: int | None = None,
        purpose: Purpose = Purpose.REPLY,
        urgent: bool = False,
        asks_place: bool = False,
        source_id: int | None = None,
        wait: timedelta = timedelta(),
    ) -> list[OutboundRow]:
        """Text to one citizen, in as many parts as the platform needs; the choices stand under the last."""
        parts = split_text(text, self._office.capabilities[to.channel].max_text)
        rows = []
        for position, part in enumerate(parts, 1):
            last = position == len(parts)
            message = Outbound(
                id=0,
                to=to.external_id,
                task=Task.TEXT,
                text=part,
                choices=tuple(choices) if last else (),
                list_label=list_label if last else "",
                urgent=urgent,
                asks_place=asks_place and last,
            )
            rows.append(
                self._citizen_row(to, message, ticket_id, purpose, urgent=urgent, source_id=source_id, wait=wait)
            )
        return rows

    def _citizen_row(
        self,
        to: Recipient,
        message: Outbound,
        ticket_id: int | None,
        purpose: Purpose,
        *,
        urgent: bool = False,
        source_id: int | None = None,
        wait: timedelta = timedelta(),
        media_id: int | None = None,
    ) -> OutboundRow:
        ticket = self._uow.ticket(ticket_id) if ticket_id else None
        waits = ticket is not None and self.waits(ticket)
        urgent = urgent and not waits  # in that queue it would hold up the next 110 notice
        return self._row(
            message,
            state="held" if waits else "pending",
            channel=to.channel,
            queue=f"{to.channel}:{to.external_id}{'!' if urgent else first_word.HELD_BACK if waits else ''}",
            priority=0 if urgent else 2,
            purpose=purpose,
            contact_id=to.contact_id,
            ticket_id=ticket_id,
            source_id=source_id,
            media_id=media_id,
            due_at=self._now + wait,
        )

    def waits(self, ticket: TicketRow) -> bool:
        """Whether what is written about a ticket waits until its citizen writes."""
        return first_word.waits(self._uow, ticket, self._now)

    def template(self, to: Recipient, ticket_id: int | None) -> None:
        """Tell a citizen whose reply window is closed that an answer waits; beside the queue, which is held."""
        self._row(
            Outbound(id=0, to=to.external_id, task=Task.TEMPLATE),
            channel=to.channel,
            queue=f"{to.channel}:{to.external_id}/template",
            priority=2,
            purpose=Purpose.REPLY,
            contact_id=to.contact_id,
            ticket_id=ticket_id,
        )

    def copy_to_citizen(
        self, to: Recipient, source: str, message_id: str, text: str, ticket: TicketRow, source_id: int
    ) -> None:
        """Have the platform copy an officer's file to the citizen; ``text`` is its caption."""
        text = self._fits(to, text, ticket, source_id, wait=RECALL)
        message = Outbound(id=0, to=to.external_id, task=Task.COPY, source=source, messages=(message_id,), text=text)
        self._citizen_row(to, message, ticket.id, Purpose.ANSWER, source_id=source_id, wait=RECALL)

    def file_to_citizen(
        self, to: Recipient, file: File, text: str, ticket: TicketRow, source_id: int, media_id: int
    ) -> None:
        """Send an officer's kept file to the citizen."""
        text = self._fits(to, text, ticket, source_id)
        message = Outbound(id=0, to=to.external_id, task=Task.MEDIA, file=file, text=text)
        self._citizen_row(to, message, ticket.id, Purpose.ANSWER, source_id=source_id, media_id=media_id)

    def own_file_to_citizen(self, to: Recipient, file: File, text: str) -> None:
        """Send a citizen a file of ours that is about nobody else; ``text`` is its caption."""
        message = Outbound(id=0, to=to.external_id, task=Task.MEDIA, file=file, text=text)
        self._citizen_row(to, message, None, Purpose.REPLY)

    def _fits(self, to: Recipient, text: str, ticket: TicketRow, source_id: int, wait: timedelta = timedelta()) -> str:
        """The caption of a file for the citizen; what is too long for one goes ahead as text."""
        if utf16_length(plain(text)) <= self._office.capabilities[to.channel].max_caption:
            return text
        self.to_citizen(to, text, ticket_id=ticket.id, purpose=Purpose.ANSWER, source_id=source_id, wait=wait)
        return ""

    def edit_for_citizen(self, to: Recipient, message_id: str, text: str, ticket: TicketRow, source_id: int) -> None:
        """Change what the citizen reads."""
        message = Outbound(id=0, to=to.external_id, task=Task.EDIT, target=message_id, text=text)
        self._citizen_row(to, message, ticket.id, Purpose.ANSWER, source_id=source_id)

    def to_desk(
        self,
        ticket: TicketRow,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        purpose: Purpose = Purpose.DESK,
        source_id: int | None = None,
        reply_to: str = "",
        urgent: bool = False,
        mentions: tuple[Mention, ...] = (),
    ) -> None:
        """Text at a ticket's place in its group. A sealed ticket has none, nor has one while no group is set."""
        if not ticket.chat:
            return
        for position, part in enumerate(parts := split_text(text, self._desk_limit()), 1):
            message = Outbound(
                id=0,
                to=ticket.chat,
                task=Task.TEXT,
                text=part,
                choices=tuple(choices) if position == len(parts) else (),
                reply_to=reply_to,
                urgent=urgent,
                mentions=mentions if position == len(parts) else (),
            )
            # What a citizen says comes ahead of what the bot has to say, where a group may get no more this minute.
            priority = 1 if urgent else 3 if purpose == Purpose.RELAY else 4
            self._desk_row(ticket, message, purpose, source_id=source_id, priority=priority)

    def _desk_row(
        self,
        ticket: TicketRow,
        message: Outbound,
        purpose: Purpose,
        *,
        source_id: int | None = None,
        media_id: int | None = None,
        priority: int = 4,
        wait: timedelta = timedelta(),
    ) -> None:
        if not ticket.chat:
            return
        channel = self._office.desk_channel
        self._row(
            message,
            channel=channel,
            queue=desk_queue(channel, ticket.chat, ticket.id),
            priority=priority,
            purpose=purpose,
            ticket_id=ticket.id,
            for_group=True,
            source_id=source_id,
            media_id=media_id,
            due_at=self._now + wait,
        )

    def _desk_limit(self) -> int:
        return self._office.capabilities[self._office.desk_channel].max_text

    def card(self, ticket: TicketRow) -> None:
        """The ticket's card; its words are rendered when it is sent."""
        message = Outbound(id=0, to=ticket.chat, task=Task.TEXT, urgent=ticket.alert)
        self._desk_row(ticket, message, Purpose.CARD, priority=1 if ticket.alert else 4)

    def card_changed(self, ticket: TicketRow) -> None:
        """The card is out of date. Changes that come close together are one edit."""
        change_card(self._uow, ticket, self._office.desk_channel, self._now)

    def topic_state(self, ticket: TicketRow, task: Task) -> None:
        """Close or reopen the ticket's topic, if it has one."""
        if ticket.has_topic is not False:
            self._desk_row(ticket, Outbound(id=0, to=ticket.chat, task=task), Purpose.DESK, priority=6)

    def close_topic(self, chat: str, thread: str) -> None:
        """Close a topic that is no ticket's place any more, after what was said in it."""
        channel = self._office.desk_channel
        message = Outbound(id=0, to=chat, task=Task.CLOSE_TOPIC, thread=thread, target=thread)
        self._row(message, channel=channel, queue=f"{channel}:{chat}", priority=4, purpose=Purpose.DESK, for_group=True)

    def copies_to_desk(
        self, ticket: TicketRow, source: str, message_ids: Sequence[str], caption: str, source_id: int | None
    ) -> None:
        """Have the platform copy a citizen's files into the ticket's place: never a forward, which names the sender."""
        caption = self._fits_desk(ticket, caption)
        message = Outbound(
            id=0, to=ticket.chat, task=Task.COPY, source=source, messages=tuple(message_ids), text=caption
        )
        self._desk_row(ticket, message, Purpose.RELAY, source_id=source_id)

    def files_to_desk(
        self, ticket: TicketRow, files: Sequence[File], caption: str, source_id: int | None, media_id: int | None
    ) -> None:
        """Kept files into the ticket's place: one as it is, several as one album."""
        caption = self._fits_desk(ticket, caption)
        task = Task.MEDIA if len(files) == 1 else Task.ALBUM
        message = Outbound(id=0, to=ticket.chat, task=task, file=files[0], files=tuple(files), text=caption)
        self._desk_row(ticket, message, Purpose.RELAY, source_id=source_id, media_id=media_id)

    def _fits_desk(self, ticket: TicketRow, caption: str) -> str:
        if utf16_length(plain(caption)) <= self._office.capabilities[self._office.desk_channel].max_caption:
            return caption
        self.to_desk(ticket, caption, purpose=Purpose.RELAY)
        return ""

    def to_group(
        self,
        chat: str,
        text: str,
        choices: Sequence[Choice] = (),
        *,
        ticket_id: int | None = None,
        purpose: Purpose = Purpose.DESK,
        thread: str = "",
        reply_to: str = "",
        urgent: bool = False,
        mention: bool = False,
        mentions: tuple[Mention, ...] = (),
    ) -> None:
        """Text to a group as a whole, or to a place in it that is no ticket's."""
        channel = self._office.desk_channel
        for part in split_text(text, self._desk_limit()):
            message = Outbound(
                id=0,
                to=chat,
                task=Task.TEXT,
                text=part,
                choices=tuple(choices),
                thread=thread,
                reply_to=reply_to,
                urgent=urgent,
                mention_admins=mention,
                mentions=mentions,
            )
            self._row(
                message,
                channel=channel,
                # No alert waits behind another one.
                queue=f"{channel}:{chat}!{ticket_id or ''}" if urgent else f"{channel}:{chat}",
                priority=0 if urgent else 4,
                purpose=purpose,
                ticket_id=ticket_id,
                for_group=True,
            )

    def file_to_group(self, chat: str, file: File, text: str, *, thread: str = "", reply_to: str = "") -> None:
        """A file to a group as a whole, or to a place in it that is no ticket's; ``text`` is its caption."""
        channel = self._office.desk_channel
        place: dict[str, Any] = {"to": chat, "thread": thread, "reply_to": reply_to}
        message = Outbound(id=0, task=Task.MEDIA, file=file, text=text, as_picture=file.kind == Kind.PHOTO, **place)
        self._row(message, channel=channel, queue=f"{channel}:{chat}", priority=4, purpose=Purpose.DESK, for_group=True)

    def alarm(self, key: str, about: str = "") -> None:
        """Tell the administrators of what only they can put right; of the same thing once an hour."""
        admins = self._uow.groups.current_chat(self._office.admins) if self._office.admins else ""
        if admins and self._uow.groups.alarm_due(f"{key} {about}", self._now, _ALARM_EVERY):
            self.to_group(admins, self._office.words(key, about=about))

    def leave(self, chat: str) -> None:
        """Leave a group that is not ours, after what was said there."""
        channel = self._office.desk_channel
        self._row(
            Outbound(id=0, to=chat, task=Task.LEAVE),
            channel=channel,
            queue=f"{channel}:{chat}",
            priority=6,
            purpose=Purpose.DESK,
            for_group=True,
        )

    def press_answer(self, chat: str, press_id: str, text: str = "") -> None:
        """Acknowledge a press in a group, with a short word for the one who pressed."""
        self._row(
            Outbound(id=0, to=chat, task=Task.ANSWER_PRESS, target=press_id, text=text[:200]),
            channel=self._office.desk_channel,
            queue=f"press:{press_id}",
            priority=1,
            purpose=Purpose.PRESS,
            for_group=True,
        )

    def citizen_press_answer(self, to: Recipient, press_id: str) -> None:
        """Acknowledge a citizen's press, so that the button stops turning."""
        message = Outbound(id=0, to=to.external_id, task=Task.ANSWER_PRESS, target=press_id)
        self._row(
            message,
            channel=to.channel,
            queue=f"press:{press_id}",
            priority=1,
            purpose=Purpose.PRESS,
            contact_id=to.contact_id,
        )
