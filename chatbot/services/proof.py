"""Photos that officers give as proof of work: whether the same one was given on another ticket before.

Owns the comparison and who hears of it. Refuses to block anything: officers may have good reasons, and a perceptual
hash is a hint. Photos are compared one after the other, when they lie on the shelf and the answer is on its way.

An exact match is found by index. For a similar one the hashes of two years are read, 2,000 to a query and beside the
writer: 100,000 photos are 50 queries, and no photo is compared with more than 200,000.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from chatbot.core import region as regions
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS
from chatbot.core.message import Inbound
from chatbot.logs import failure, log
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.picture import distance, picture_hash
from chatbot.store.store import Store
from chatbot.store.tables import MediaRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_BACK = timedelta(days=730)
_NEAR = 4  # bits of 64; a copy of a copy differs in fewer
_AT_ONCE = 20  # photos to one round
_STEP = 2000  # hashes to one query
_STEPS = 100
_LAST = 2**62  # above every number of a row


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A photo that was given before, and in how many bits it differs."""

    media_id: int
    bits: int = 0


def is_photo(message: Inbound) -> bool:
    """Whether a message carries a picture, sent as a photo or as a file."""
    return message.attachment is not None and message.attachment.mime.startswith("image/")


class Proofs:
    """Compares officers' photos with those of other tickets.

    Args:
        store: the rows.
        office: the account.
        folder: where kept files lie.
    """

    def __init__(self, store: Store, office: Office, folder: Path) -> None:
        self._store = store
        self._office = office
        self._folder = folder

    async def work(self) -> None:
        """Compare what waits for it. A database that is away leaves it waiting."""
        try:
            for row in await self._store.read(lambda uow: uow.media.uncompared(_AT_ONCE)):
                await self._compare(row)
        except StoreUnavailable:
            return

    async def _compare(self, row: MediaRow) -> None:
        picture, earlier = "", None
        try:
            if row.state == "kept":
                picture = await asyncio.to_thread(picture_hash, self._folder / row.sha256[:2] / row.sha256)
            earlier = await self._earlier(row, picture)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  one odd photo must not hold up the next
            log().error("media_broke", channel=row.channel, media_id=row.id, **failure(error))
        await self._store.write(partial(self._compared, row.id, picture, earlier))

    async def _earlier(self, row: MediaRow, picture: str) -> _Earlier | None:
        """The first that is the same, else the one that is most like it."""
        since = row.created_at - _BACK
        same = await self._store.read(lambda uow: uow.media.same_photo(row, picture, since))
        if same:
            return _Earlier(same.id)
        nearest, before_id = None, _LAST
        for _ in range(_STEPS if picture else 0):
            given = await self._store.read(partial(_photos_before, row, before_id))
            for media_id, at, other in given:
                bits = distance(picture, other)
                if at >= since and bits <= _NEAR and (nearest is None or bits <= nearest.bits):
                    nearest = _Earlier(media_id, bits)
            if len(given) < _STEP or given[-1][1] < since:
                break
            before_id = given[-1][0]
        return nearest

    def _compared(self, media_id: int, picture: str, found: _Earlier | None, uow: UnitOfWork) -> None:
        row = uow.media.get(media_id)
        if row is None or row.compared_at or not row.bound_for:
            return  # taken back meanwhile
        row.picture, row.compared_at = picture, self._office.clock()
        ticket = uow.ticket(row.ticket_id) if row.ticket_id else None
        earlier = uow.media.get(found.media_id) if found else None
        other = uow.ticket(earlier.ticket_id) if earlier and earlier.ticket_id else None
        if ticket and found and earlier and other:
            uow.audit.add(
                "photo_reused",
                "system",
                self._office.clock(),
                ticket.id,
                inbound=row.inbound_id,
                earlier=other.id,
                earlier_inbound=earlier.inbound_id,
                bits=found.bits,
            )
            self._tell(uow, ticket, row, other, earlier)

    def _tell(self, uow: UnitOfWork, ticket: TicketRow, row: MediaRow, other: TicketRow, earlier: MediaRow) -> None:
        """The ticket's place hears of it, and the group above. Of what is about members only their own group."""
        office = self._office
        post = Post(uow, office, office.clock())
        hidden = other.category == MEMBERS and other.chat != ticket.chat
        values = {
            "number": tickets.spoken(ticket.number),
            "unit": office.plan.unit(ticket.unit).name,
            "other": "" if hidden else tickets.spoken(other.number),
            "time": office.catalogues.format_time(earlier.created_at, office.timezone, office.locale),
        }
        suffix = "_elsewhere" if hidden else ""
        source = uow.inbound(row.inbound_id)
        reply_to = source.message_id if source and source.chat == ticket.chat else ""
        post.to_desk(ticket, office.words(f"desk.photo_reused{suffix}", **values), reply_to=reply_to)
        above = self._above(uow, ticket)
        if above and above != ticket.chat:
            post.to_group(above, office.words(f"desk.photo_reused_above{suffix}", **values))

    def _above(self, uow: UnitOfWork, ticket: TicketRow) -> str:
        """The group of the superior unit; empty: there is none, or it must not know."""
        plan = self._office.plan
        unit = plan.unit(ticket.unit)
        superiors = regions.superiors(plan.region.by_id, unit)
        if ticket.category == MEMBERS or unit.members or not superiors:
            return ""
        group = plan.group_of(superiors[0])
        return uow.groups.current_chat(group) if group else ""


def _photos_before(row: MediaRow, before_id: int, uow: UnitOfWork) -> list[tuple[int, datetime, str]]:
    return uow.media.photos_before(row, before_id, _STEP)
