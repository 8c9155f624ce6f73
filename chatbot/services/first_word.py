"""Who has the first word: to a citizen who may be watched we write only when he has just written.

Owns how long an answer still is one, and holding back what would be a first word. What is held goes when the citizen
writes (``respond``), or when he may be written to again (``safety``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from chatbot.core.conversation import Conversation
from chatbot.core.message import Task
from chatbot.store.tables import OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

ANSWERED_WITHIN = timedelta(minutes=10)  # so long somebody who wrote most likely holds the phone
HELD_BACK = "/unsafe"  # ends the queue of what waits until the citizen writes
_URGENT = "!"  # ends the queue of what is urgent
_ANSWERS = 2  # the priority of what is not

_decoder = msgspec.json.Decoder(Conversation)


def waits(uow: UnitOfWork, ticket: TicketRow, now: datetime) -> bool:
    """Whether a word about a ticket has to wait until its citizen writes."""
    return ticket.unsafe and not _wrote_lately(uow, ticket.contact_id, now)


def keep_back(uow: UnitOfWork, rows: Sequence[OutboundRow], now: datetime) -> set[int]:
    """Hold those of the rows that are due and would be a first word by now; an outage may have kept them for long.

    The 110 notice in answer to a cry belongs to no ticket, and goes however late it is.

    Returns:
        The ids of the rows that are held.
    """
    contacts = {row.contact_id for row in rows if row.contact_id is not None}
    unsafe = uow.guards.unsafe_tickets(contacts) if contacts else {}
    kept: set[int] = set()
    for row in rows:
        theirs = unsafe.get(row.contact_id, set()) if row.contact_id is not None else set()
        if not theirs or row.contact_id is None or row.task == Task.ANSWER_PRESS:
            continue
        about = row.ticket_id in theirs if row.ticket_id is not None else row.priority > 0
        if about and not _wrote_lately(uow, row.contact_id, now):
            # In its own queue it would hold up what may go: the next 110 notice, a word about another ticket.
            row.state, row.queue = "held", row.queue.removesuffix(_URGENT).removesuffix(HELD_BACK) + HELD_BACK
            row.priority = max(row.priority, _ANSWERS)
            kept.add(row.id)
    return kept


def _wrote_lately(uow: UnitOfWork, contact_id: int, now: datetime) -> bool:
    row = uow.conversations([contact_id]).get(contact_id)
    wrote_at = _decoder.decode(row.state).wrote_at if row else None
    return wrote_at is not None and now - wrote_at < ANSWERED_WITHIN
