"""Who is named in a group so that phones ring: those on duty there.

Owns nothing but that choice. Where nobody is on duty, who is called instead is up to whoever asks.
"""

from __future__ import annotations

from datetime import datetime

from chatbot.core.message import Mention
from chatbot.core.privacy import inert
from chatbot.store.unit_of_work import UnitOfWork


def on_duty(uow: UnitOfWork, chat: str, now: datetime) -> tuple[Mention, ...]:
    """Those on duty in a group, as they are to be named there."""
    return tuple(Mention(shift.officer_id, inert(shift.officer_name)) for shift in uow.duty.now(chat, now))
