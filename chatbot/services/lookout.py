"""Looking up what an officer asks to see, ahead of the unit of work that answers.

Owns that reading and drawing happen beside the writer, so that a search through years holds up no citizen's message.
Refuses the words (``views``, ``recap``), and saying them: ``desk`` does, once it has checked the right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chatbot.channels.base import Standing
from chatbot.core import officer
from chatbot.core.message import File, Inbound, Kind
from chatbot.core.officer import Act, OfficerCommand, Situation
from chatbot.logs import failure, log
from chatbot.services.office import Office
from chatbot.services.recap import Figures, Recap, span
from chatbot.services.shelf import shelve
from chatbot.services.views import View, Views
from chatbot.store.store import Store
from chatbot.store.tables import InboundRow
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_SILENT = frozenset({Kind.PRESS, Kind.REACTION, Kind.REVOKE})  # messages that quote a text at most


@dataclass(frozen=True, slots=True)
class Lookout:
    """Looks at a group's work for its officers.

    Args:
        store: the rows.
        office: the account.
        reread: gives a stored message.
        shelf: where pictures to be sent are put.
    """

    store: Store
    office: Office
    reread: Callable[[InboundRow], Inbound | None]
    shelf: Path

    async def view(self, message: Inbound, standing: Standing | None, bot_name: str) -> View | None:
        """What a message asks to see; None where it asks for nothing of the kind, or its writer may not.

        Raises:
            StoreUnavailable: the database is locked or gone; try again.
        """
        situation = Situation(forwarded=message.forwarded, bot_name=bot_name)
        command = officer.read("" if message.kind in _SILENT else message.text, situation)
        if command.act not in officer.VIEWS or (standing or Standing.STRANGER) < Standing.MEMBER:
            return None
        try:
            return await self._looked(message, command)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  one odd ticket must not hold up what is behind the command
            log().error("view_broke", act=str(command.act), **failure(error))
            return View(self.office.words("desk.view_broke"))

    async def _looked(self, message: Inbound, command: OfficerCommand) -> View:
        if command.act == Act.RECAP:
            return await self._recap(message, command)
        return View(await self.store.read(lambda uow: self._words(uow, message, command)))

    def _words(self, uow: UnitOfWork, message: Inbound, command: OfficerCommand) -> str:
        chat = uow.groups.current_chat(message.chat)
        views = Views(uow, self.office, self.office.clock(), chat, self.reread)
        if command.act == Act.LIST:
            return views.queue()
        return views.ticket(message, command) if command.act == Act.TICKET else views.search(command.text)

    async def _recap(self, message: Inbound, command: OfficerCommand) -> View:
        now = self.office.clock()
        days = span(command.text, now.astimezone(self.office.timezone).date())
        if days is None:
            return View(self.office.words("desk.recap_how"))
        recap = Recap(self.office, now, days)

        def figures(uow: UnitOfWork) -> Figures:
            return recap.figures(uow, uow.groups.current_chat(message.chat))

        counted = await self.store.read(figures)
        picture = await asyncio.to_thread(recap.picture, counted)
        try:
            file = await asyncio.to_thread(self._shelved, picture)
        except OSError as error:
            log().warning("picture_not_kept", **failure(error))
            return View(recap.text(counted))
        return View(recap.text(counted), file)

    def _shelved(self, picture: bytes) -> File:
        return shelve(self.shelf, "rekap.png", "image/png", picture, Kind.PHOTO)
