"""What becomes of a call to a platform: the one table of outcomes, for answers at once and for receipts later.

Owns retry, hold, dead, heal. Each way of failing has one method; the kinds are the closed list of ``channels.base``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from chatbot import metrics
from chatbot.channels.base import (
    ChannelDown,
    ContactStopped,
    PlaceGone,
    Rejected,
    SendError,
    SendResult,
    Throttled,
    TooLarge,
    Uncertain,
    WindowClosed,
)
from chatbot.core.complaint import MEMBERS
from chatbot.core.message import Task
from chatbot.core.ticket import spoken
from chatbot.logs import log
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outgoing import Purpose, Recipient, desk_queue, payload_of, reporter
from chatbot.store.people import follow
from chatbot.store.tables import OutboundRow, SentMessageRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_LONGEST = timedelta(minutes=5)
_MEDIA_PATIENCE = timedelta(minutes=2)  # then the text behind a file goes ahead of it
_MANY_TRIES = 8  # after so many a place that keeps vanishing is tried at long intervals only
_TEMPLATE_PAUSE = timedelta(hours=24)
_MEDIA_TASKS = {Task.MEDIA, Task.ALBUM, Task.COPY}


def backoff(attempts: int) -> timedelta:
    """How long to wait before the next try: doubling, with jitter, at most five minutes."""
    seconds = min(2 ** min(attempts, 9), _LONGEST.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.5, 1.0))  # noqa: S311  spreads load, guards nothing


class Outcomes:
    """Writes what became of rows, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._post = Post(uow, office, now)

    def sent(self, results: Sequence[tuple[OutboundRow, SendResult]]) -> None:
        """The platform took these."""
        self._uow.outbox.sent(
            [(row.id, result.external_ids[0] if result.external_ids else "") for row, result in results], self._now
        )
        for row, result in results:
            metrics.sent.labels(row.channel, row.task).inc()
            if row.ticket_id is not None and row.task not in {Task.EDIT, Task.ANSWER_PRESS}:
                self._remember(row, result, row.ticket_id)

    def _remember(self, row: OutboundRow, result: SendResult, ticket_id: int) -> None:
        for external_id in result.external_ids:
            self._uow.remember_sent(
                SentMessageRow(
                    channel=row.channel,
                    chat=row.chat,
                    message_id=external_id,
                    outbound_id=row.id,
                    ticket_id=ticket_id,
                    purpose=row.purpose,
                )
            )
        ticket = self._uow.ticket(ticket_id)
        if ticket is None:
            return
        if row.purpose == Purpose.CARD and result.external_ids:
            ticket.card_message = result.external_ids[0]
        if row.purpose == Purpose.ALERT and not ticket.alert_told:
            self._alert_delivered(ticket)
        if result.skipped:
            self._post.to_desk(ticket, self._office.words("desk.files_skipped", count=str(result.skipped)))

    def _alert_delivered(self, ticket: TicketRow) -> None:
        ticket.alert_told = True
        locale = self._uow.locale_of(ticket.contact_id, self._office.locale)
        propam = "_propam" if ticket.category == MEMBERS else ""
        words = self._office.words(f"citizen.emergency_forwarded{propam}", locale, number=spoken(ticket.number))
        self._post.to_citizen(reporter(ticket), words, ticket_id=ticket.id, urgent=True)

    def _followed(self, row: OutboundRow) -> bool:
        """Whether what did not arrive was for a reporter who has gone elsewhere since, and so goes after him."""
        ticket = self._uow.ticket(row.left_ticket_id) if row.left_ticket_id else None
        if ticket is None:
            return False
        if row.task == Task.TEXT and row.purpose in {Purpose.ANSWER, Purpose.REPLY}:
            follow(row, ticket)
            row.state, row.due_at = "pending", self._now
        else:
            row.left_ticket_id = None
            self._dead(row)
            if row.task in _MEDIA_TASKS:
                self._post.to_desk(ticket, self._office.words("desk.receipt_shown_files", count="1"))
        return True

    def interrupted(self, row: OutboundRow) -> None:
        """A process ended while it was sending this: it may have arrived, and goes again."""
        if self._followed(row):
            return
        self._again(row, timedelta())
        self._doubt(row)

    def failed(self, row: OutboundRow, error: SendError) -> None:
        """The platform did not take this, or took it and could not deliver it."""
        metrics.send_errors.labels(row.channel, type(error).__name__).inc()
        row.error = f"{type(error).__name__} {error.code}"[:200]
        log().warning(
            "send_failed",
            channel=row.channel,
            outbound_id=row.id,
            task=row.task,
            kind=type(error).__name__,
            code=error.code,
            attempts=row.attempts,
        )
        if self._followed(row):
            return
        if isinstance(error, Throttled):
            self._again(row, error.retry_after or backoff(row.attempts))
        elif isinstance(error, Uncertain):
            self._doubt(row)
            self._again(row, backoff(row.attempts))
        elif isinstance(error, WindowClosed):
            self._hold(row)
        elif isinstance(error, ContactStopped):
            self._stopped(row)
        elif isinstance(error, PlaceGone):
            self._place_gone(row, error)
        elif isinstance(error, Rejected):
            self._rejected(row, error)
        elif isinstance(error, ChannelDown):
            self._uow.alarms.note(f"down {row.channel}", self._now)
            self._again(row, timedelta(seconds=30))
        else:
            self._again(row, backoff(row.attempts))

    def _again(self, row: OutboundRow, wait: timedelta) -> None:
        row.state = "pending"
        row.due_at = self._now + wait
        if row.task in _MEDIA_TASKS and self._now - row.created_at > _MEDIA_PATIENCE and "/file" not in row.queue:
            row.queue = f"{row.queue}/file{row.id}"

    def _doubt(self, row: OutboundRow) -> None:
        if not row.uncertain:
            row.uncertain = True
            metrics.possibly_repeated.labels(row.channel).inc()
        ticket = self._uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket and row.task not in {Task.EDIT, Task.ANSWER_PRESS}:
            ticket.uncertain += 1
            self._post.card_changed(ticket)

    def _dead(self, row: OutboundRow) -> None:
        row.state = "dead"
        log().error(
            "send_dead", channel=row.channel, outbound_id=row.id, task=row.task, purpose=row.purpose, code=row.error
        )

    def _broken(self, row: OutboundRow) -> None:
        """Dead for a reason that nobody hears of otherwise."""
        self._dead(row)
        self._uow.alarms.note(f"dead {row.channel}", self._now)

    def _undelivered(self, row: OutboundRow, key: str) -> None:
        ticket = self._uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket is None or row.for_group or row.purpose != Purpose.ANSWER:
            return
        ticket.undelivered += 1
        source = self._uow.inbound(row.source_id) if row.source_id else None
        self._post.to_desk(ticket, self._office.words(key), reply_to=source.message_id if source else "", urgent=True)
        self._post.card_changed(ticket)

    def _hold(self, row: OutboundRow) -> None:
        if row.contact_id is None:
            self._dead(row)
            return
        row.state = "held"
        self._undelivered(row, "desk.window_closed")
        if self._uow.guards.unsafe_tickets([row.contact_id]):
            return  # a template would be a first word too
        if row.channel not in self._office.templates:
            return
        if not self._uow.template_sent(row.contact_id, row.chat, self._now - _TEMPLATE_PAUSE):
            self._post.template(Recipient(row.contact_id, row.channel, row.chat), row.ticket_id)

    def _stopped(self, row: OutboundRow) -> None:
        self._dead(row)
        if row.contact_id is not None:
            self._uow.people.stop_address(row.contact_id, row.channel, row.chat, self._now)
            self._undelivered(row, "desk.contact_stopped")

    def _rejected(self, row: OutboundRow, error: Rejected) -> None:
        message = payload_of(row)
        if row.task == Task.TEXT and not message.bare:
            row.payload = msgspec.json.encode(replace(message, bare=True))
            self._again(row, timedelta())  # its words may get through where its form did not
            return
        if row.task == Task.MEDIA and message.as_picture and message.text:
            row.task = str(Task.TEXT)
            row.payload = msgspec.json.encode(replace(message, task=Task.TEXT, file=None, as_picture=False))
            self._again(row, timedelta())  # its caption says the same
            return
        if row.purpose in {Purpose.CARD, Purpose.ALERT}:
            self._dead(row)
            self._post.alarm(*self._refused_card(row))
        else:
            self._broken(row)
        if row.task == Task.TEMPLATE:
            return
        if row.task == Task.COPY and row.for_group and row.source_id:
            self._uow.media.give_back(row.source_id)  # gone on the platform, but it lies on our shelf
            return
        self._undelivered(row, "desk.too_large_for_citizen" if isinstance(error, TooLarge) else "desk.not_delivered")
        ticket = self._uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket and row.purpose == Purpose.CARD_EDIT:
            ticket.card_message = ""  # it was deleted: another one is sent
            self._post.card_changed(ticket)
        if ticket and row.for_group and row.task in _MEDIA_TASKS:
            key = "desk.file_too_large" if isinstance(error, TooLarge) else "desk.file_refused"
            self._post.to_desk(ticket, self._office.words(key))

    def _place_gone(self, row: OutboundRow, error: PlaceGone) -> None:
        if error.what == "chat":
            if error.new_address and row.for_group:
                self._uow.flush()
                self._uow.groups.move_chat(row.chat, error.new_address)
                old, row.chat = row.chat, self._uow.groups.current_chat(row.chat)
                row.queue = row.queue.replace(old, row.chat, 1)
            elif row.for_group:
                self._uow.alarms.note(f"gone {row.chat}", self._now)
            self._again(row, timedelta() if error.new_address else timedelta(minutes=1))
            return
        ticket = self._uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket is None or row.task in {Task.CLOSE_TOPIC, Task.REOPEN_TOPIC}:
            row.state = "sent"  # there is nothing left to close or open
            return
        if ticket.thread:
            self._uow.groups.forget_topic(ticket)
            if row.purpose != Purpose.CARD:
                self._post.card_changed(ticket)
        self._again(row, timedelta() if row.attempts <= _MANY_TRIES else _LONGEST)

    def _refused_card(self, row: OutboundRow) -> tuple[str, str]:
        """What the administrators hear; of a report about members not even its number."""
        ticket = self._uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket is None or ticket.category == MEMBERS:
            return "desk.card_refused_propam", ""
        return "desk.card_refused", spoken(ticket.number)


def card_queue(row: OutboundRow) -> bool:
    """Whether a row changes a card, and so waits for the card itself."""
    return row.queue.endswith("/card")


def is_desk_place(row: OutboundRow) -> bool:
    """Whether a row goes to a ticket's own place in a group."""
    return row.ticket_id is not None and row.queue.startswith(desk_queue(row.channel, row.chat, row.ticket_id))
