"""One call to a platform, and the rows that it sends.

Owns what may be said together in one message, and what is left of one whose form was refused. Refuses when a call is
made (``services.deliver``).
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.channels.base import plain, utf16_length
from chatbot.core.message import Outbound, Task
from chatbot.services.outgoing import Purpose, payload_of
from chatbot.store.tables import OutboundRow

MOST_JOINED = 20  # messages behind another one
_JOINED = {Purpose.RELAY, Purpose.DESK}


@dataclass(frozen=True, slots=True)
class Job:
    """One call that is to be made now."""

    row: OutboundRow
    message: Outbound
    topic: str = ""  # the title of a topic that has to be made first
    number: str = ""  # said ahead of the words where neither a topic nor a card says whose they are
    along: tuple[OutboundRow, ...] = ()  # rows whose words the message says too

    @property
    def rows(self) -> tuple[OutboundRow, ...]:
        """Every row that this call sends."""
        return (self.row, *self.along)


def bare(message: Outbound) -> Outbound:
    """The words of a message alone."""
    words = html.escape(plain(message.text), quote=False)
    return replace(message, text=words, choices=(), reply_to="", mention_admins=False, mentions=(), asks_place=False)


def joined(job: Job, behind: Sequence[OutboundRow], longest: int) -> Job:
    """A message, and what waits right behind it at the same place, in one: a busy group may get few a minute.

    Args:
        job: the message.
        behind: what stands behind it in its queue, in order.
        longest: UTF-16 units that one message may have.
    """
    place = _place(job.row)
    if not place:
        return job
    along: list[OutboundRow] = []
    words = job.message.text
    for row in behind:
        more = f"{words}\n\n{payload_of(row).text}"
        if _place(row) != place or utf16_length(plain(more)) > longest:
            break
        along.append(row)
        words = more
    return replace(job, message=replace(job.message, text=words), along=tuple(along))


def ids_of(jobs: Sequence[Job]) -> list[int]:
    """The rows that these calls send."""
    return [row.id for job in jobs for row in job.rows]


def _place(row: OutboundRow) -> tuple[object, ...]:
    """Where words stand and what a reply to them means, of words that others may join; empty: they stand alone.

    What the platform refused is bare since, and goes by itself: together with others it may have been the one at fault.
    """
    message = payload_of(row)
    bare = replace(message, text="", thread="", reply_to="", urgent=False)
    if row.purpose not in _JOINED or bare != Outbound(id=0, to=message.to, task=Task.TEXT):
        return ()
    return (row.purpose, row.ticket_id, message.thread, message.reply_to, message.urgent)
