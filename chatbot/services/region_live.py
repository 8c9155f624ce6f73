"""Taking up a changed region file while the program runs, as a whole or not at all.

Owns that the administrators hear of a file that is refused. Refuses to read the file's form (``region_file``) and to
wait for changes (``worker``).
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from chatbot.channels.base import plain
from chatbot.core.complaint import MEMBERS
from chatbot.logs import log
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.region_fault import RegionFaults
from chatbot.services.region_file import read_region
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork

_TOLD = 3  # faults of one file


class RegionLive:
    """The region's file, and what was last seen of it."""

    def __init__(self, path: Path, store: Store, office: Office) -> None:
        self.folder = path.parent
        self._path = path
        self._store = store
        self._office = office
        self._seen = self._look()

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        """The region's file and those beside it, which it may name."""
        stats = [(one.name, one.stat()) for one in sorted(self.folder.iterdir()) if one.is_file()]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    async def refresh(self) -> None:
        """Take up what changed since the last look. The old region serves on where the new one has a fault."""
        try:
            seen = await asyncio.to_thread(self._look)
        except OSError:  # the folder is gone: a copy half done, a mount that is away; the old region serves on
            return
        if seen == self._seen:
            return
        self._seen = seen
        try:
            region = await asyncio.to_thread(read_region, self._path)
        except RegionFaults as found:
            log().warning("region_refused", faults=len(found.faults))
            await self._store.write(partial(self._tell, found))
            return
        if self._office.admins and region.members.group == self._office.admins:
            log().warning("region_refused", faults=1)
            await self._store.write(partial(self._alarm, self._office.words("desk.region_admins")))
            return
        if region != self._office.plan.region:
            self._office.plan.take(region)
            await self._store.write(partial(leave_others, self._office))
            log().info("region_taken", units=len(region.units))

    def _tell(self, found: RegionFaults, uow: UnitOfWork) -> None:
        words = self._office.words
        lines = [
            plain(words("region.check.fault", file=fault.file, line=str(fault.line), reason=fault.phrase()))
            for fault in found.faults[:_TOLD]
        ]
        more = ["…"] if len(found.faults) > _TOLD else []
        self._alarm("\n".join([*lines, *more]), uow)

    def _alarm(self, about: str, uow: UnitOfWork) -> None:
        Post(uow, self._office, self._office.clock()).alarm("desk.region_refused", plain(about))


def leave_others(office: Office, uow: UnitOfWork) -> None:
    """Take what is about members out of every group that is not theirs now; the sweep brings what is open to theirs.

    To be called before anything is said or shown by a region that was not served a moment ago.
    """
    members = office.plan.region.members
    home = uow.groups.current_chat(office.plan.group_of(members))
    for ticket in uow.strayed(MEMBERS, home):
        uow.audit.add("moved", "system", office.clock(), ticket.id, before=ticket.chat, after="", unit=members.id)
        uow.drop_waiting(ticket.id, ticket.chat)
        uow.groups.forget_topic(ticket)
        ticket.chat, ticket.unit, ticket.sealed = "", members.id, not home
