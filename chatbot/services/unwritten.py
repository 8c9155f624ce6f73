"""Words about a message of ours of which it is not written down yet where it stands: they wait for that.

A platform shows a message before its answer to us is stored; whoever replies to it, or edits what it was made of,
within that moment speaks of a message that nobody knows. Owns that question. Refuses what follows from the words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chatbot.core.message import Inbound, Kind
from chatbot.store.unit_of_work import UnitOfWork

_LONGEST = timedelta(seconds=5)  # officers also reply to each other, in groups to which something is always being sent


def is_unwritten(uow: UnitOfWork, message: Inbound, now: datetime) -> bool:
    """Whether what an officer's message is about is being sent right now, so that it cannot be known yet."""
    if abs(now - message.at) > _LONGEST:  # by a clock that is wrong nobody waits
        return False
    if message.kind == Kind.EDIT:
        original = uow.inbound_of_message(message.channel, message.chat, message.target)
        return original is not None and any(row.state == "sending" for row in uow.outbound_from(original.id))
    if not message.reply_to or uow.sent_messages([(message.channel, message.chat, message.reply_to)]):
        return False
    return uow.outbox.is_sending(message.channel, message.chat)
