"""Fetching Telegram's updates, where it does not bring them.

Owns that the offset moves past updates only after they are stored, and what is done where Telegram refuses. Refuses to
know what an update says.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from chatbot.channels.base import ChannelDown, SendError
from chatbot.channels.telegram import TelegramChannel
from chatbot.logs import log
from chatbot.services.intake import Intake
from chatbot.services.office import Office
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_REST = 3.0  # seconds after a failure
_LONGEST_REST = 60.0  # whatever Telegram asks for: deaf for an hour, we would hear no cry for help
_PATIENCE = 10.0  # seconds of refusals that mean a stopped channel: at a change from webhook to polling the first fail
_STORE_REST = 0.5


class Poller:
    """Polls one bot, for as long as this process may."""

    def __init__(self, store: Store, office: Office, telegram: TelegramChannel, intake: Intake) -> None:
        self.role = f"poller {telegram.name}"
        self._store = store
        self._office = office
        self._telegram = telegram
        self._intake = intake

    async def run(self) -> None:
        """Fetch updates and store them; returns when another process has that role."""
        well_at = time.monotonic()
        while await self._store.hold(self.role):
            try:
                updates = await self._telegram.poll()
                well_at = time.monotonic()
            except SendError as error:
                log().warning("poll_failed", channel=self._telegram.name, kind=type(error).__name__, code=error.code)
                if isinstance(error, ChannelDown) and time.monotonic() - well_at > _PATIENCE:
                    await self._store.write(self._note)
                rest = error.retry_after.total_seconds() if error.retry_after else _REST
                await asyncio.sleep(min(rest, _LONGEST_REST))
                continue
            try:
                await self._keep(updates)
            except BaseException:
                self._telegram.rewind()
                raise

    def _note(self, uow: UnitOfWork) -> None:
        uow.alarms.note(f"down {self._telegram.name}", self._office.clock())

    async def _keep(self, updates: Sequence[bytes]) -> None:
        while True:
            try:
                await asyncio.gather(*(self._intake.store(self._telegram, update) for update in updates))
            except StoreUnavailable:
                await asyncio.sleep(_STORE_REST)  # stored twice is recognised; forgotten is not
            else:
                return
