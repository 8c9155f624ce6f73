"""Putting back what was set aside: messages to be handled again, calls to be made again.

Owns what may go again and what must not. Refuses to handle and to send: the running program does, which finds the row
where it always looks. A row that did its work once is not set aside, so that nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from chatbot.channels.base import Channel
from chatbot.core.message import Task
from chatbot.services.intake import read, row_of
from chatbot.services.outbox import change_card
from chatbot.services.outcome import is_desk_place
from chatbot.services.outgoing import Purpose
from chatbot.store.restores import RESTORED
from chatbot.store.set_aside import MOVED
from chatbot.store.tables import InboundRow, OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_REFUSED = ("Rejected", "TooLarge")  # what the platform would not copy goes from our shelf
_ARRIVED = ("delivered", "read")  # said of a row that was held back by a restore, and had been sent before it
BROKEN = "broken"  # the kind of a body that could not be read when it came


class Refusal(StrEnum):
    """Why a row is not put back; the words are the catalogues'."""

    UNKNOWN = "unknown"  # there is no such row
    NOT_ASIDE = "not_aside"  # it was handled, or waits already
    EMPTIED = "emptied"  # its body was forgotten
    UNREADABLE = "unreadable"  # by this version either
    NOT_SERVED = "not_served"  # its channel is not
    STOPPED = "stopped"  # the citizen blocked the account, or has none any more
    OTHER_REPORTER = "other_reporter"  # its ticket has another one now
    TICKET_MOVED = "ticket_moved"  # to another group, which got everything anew
    DELIVERED = "delivered"  # it arrived: the platform said so
    OVERTAKEN = "overtaken"  # its officer took it back or corrected it since
    HAS_CARD = "has_card"  # the ticket has another one by now
    TOO_LATE = "too_late"  # it answers a press, whose time is over
    OTHERWISE = "otherwise"  # the file goes from the media folder instead


class Retry:
    """Puts rows back, inside a unit of work.

    Args:
        uow: the unit of work.
        channels: those that are served, by name.
        desk_channel: the channel on which the groups live.
        now: the time.
    """

    def __init__(self, uow: UnitOfWork, channels: Mapping[str, Channel], desk_channel: str, now: datetime) -> None:
        self._uow = uow
        self._channels = channels
        self._desk_channel = desk_channel
        self._now = now

    # In

    def message(self, inbound_id: int) -> Refusal | None:
        """Have a message handled again, in its place among those that wait; None: it will be."""
        row = self._uow.set_aside.message(inbound_id)
        if row is None:
            return Refusal.UNKNOWN
        refusal = self._unfit(row)
        if refusal:
            return refusal
        if row.kind == BROKEN:
            self._take_in(row)
        else:
            row.state, row.outcome = "stored", ""
        row.error, row.attempts = "", 0
        self._uow.audit.add("retried", "operator", self._now, inbound=row.id)
        return None

    def _unfit(self, row: InboundRow) -> Refusal | None:
        if row.state != "quarantined":
            return Refusal.NOT_ASIDE
        if not row.raw:
            return Refusal.EMPTIED
        channel = self._channels.get(row.channel)
        if channel is None:
            return Refusal.NOT_SERVED
        parsed = read(channel, row.raw)
        return Refusal.UNREADABLE if parsed.broken or not parsed.messages else None

    def _take_in(self, row: InboundRow) -> None:
        """A body that could not be read when it came: what it holds is stored as if it came now."""
        parsed = read(self._channels[row.channel], row.raw or b"")
        self._uow.inbox.add([[row_of(message, row.received_at) for message in parsed.messages]])
        row.state, row.outcome = "done", "ignored"

    # Out

    def send(self, outbound_id: int) -> Refusal | None:
        """Have a call made again, once; None: it will be, and the ticket's card follows."""
        row = self._uow.set_aside.call(outbound_id)
        if row is None:
            return Refusal.UNKNOWN
        if row.state != "dead":
            return Refusal.NOT_ASIDE
        ticket = self._uow.ticket(row.ticket_id) if row.ticket_id else None
        refusal = self._late(row, ticket) or self._unreachable(row) or self._astray(row, ticket)
        if refusal:
            return refusal
        doubtful = row.error == RESTORED
        if ticket:
            if row.purpose == Purpose.ANSWER and not row.for_group:
                ticket.undelivered = max(0, ticket.undelivered - 1)
            if doubtful and not row.uncertain:
                ticket.uncertain += 1
            change_card(self._uow, ticket, self._desk_channel, self._now)
        row.uncertain = row.uncertain or doubtful
        row.state, row.error, row.receipt, row.attempts, row.due_at = "pending", "", "", 0, self._now
        self._uow.audit.add("retried", "operator", self._now, ticket.id if ticket else None, outbound=row.id)
        return None

    def _late(self, row: OutboundRow, ticket: TicketRow | None) -> Refusal | None:
        """What came of it otherwise since."""
        if row.task == Task.ANSWER_PRESS:
            return Refusal.TOO_LATE
        if row.receipt in _ARRIVED:
            return Refusal.DELIVERED
        if row.error == MOVED:
            return Refusal.TICKET_MOVED
        if ticket and row.purpose == Purpose.CARD and ticket.card_message:
            return Refusal.HAS_CARD
        if row.task == Task.COPY and row.for_group and row.error.startswith(_REFUSED):
            return Refusal.OTHERWISE
        return Refusal.OVERTAKEN if not row.for_group and self._uow.set_aside.is_overtaken(row) else None

    def _unreachable(self, row: OutboundRow) -> Refusal | None:
        """Whether its citizen is not to be reached there."""
        if row.contact_id is None:
            return None
        if row.left_ticket_id is not None or (row.purpose == Purpose.ANSWER and row.ticket_id is None):
            return Refusal.OTHER_REPORTER
        address = self._uow.people.addresses([(row.channel, row.chat)]).get((row.channel, row.chat))
        return Refusal.STOPPED if address is None or address.stopped_at else None

    def _astray(self, row: OutboundRow, ticket: TicketRow | None) -> Refusal | None:
        """Bring a row for a group to where that is now; refuse one for a place that is no ticket's any more."""
        if not row.for_group:
            return None
        chat = self._uow.groups.current_chat(row.chat)
        if ticket and is_desk_place(row) and ticket.chat != chat:
            return Refusal.TICKET_MOVED
        if chat != row.chat:
            row.queue, row.chat = row.queue.replace(row.chat, chat, 1), chat
        return None
