"""Who an author is in a group now, as the platform says it.

Owns the question, its tries and how long an answer is believed. Refuses what follows from it (``services.desk``).
"""

from __future__ import annotations

import asyncio
import time

from chatbot.channels.base import PlaceGone, SendError, Standing
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Inbound
from chatbot.logs import fingerprint, log
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork

_KEPT = 30.0  # seconds that a membership is believed
_RETRIES = (0.5, 1.5, 0.0)  # seconds after each failure to learn it
_MOST = 5_000


class Members:
    """Memberships of the groups, asked of Telegram."""

    def __init__(self, store: Store, telegram: TelegramChannel | None) -> None:
        self._store = store
        self._telegram = telegram
        self._known: dict[tuple[str, str], tuple[Standing, float]] = {}

    async def standing(self, message: Inbound) -> Standing | None:
        """What a message's author is in its group now, whichever id that has; None where the platform cannot say."""
        chat = await self._store.read(lambda uow: uow.groups.current_chat(message.chat))
        key = (chat, message.author)
        if message.status in {"member", "member_left"}:
            self._known = {known: kept for known, kept in self._known.items() if known[0] != chat}
        if not message.author or self._telegram is None or message.channel != self._telegram.name:
            return None
        standing, asked_at = self._known.get(key, (Standing.STRANGER, -_KEPT))
        if time.monotonic() - asked_at < _KEPT:
            return standing
        for rest in _RETRIES:
            try:
                standing = await self._telegram.standing(*key)
            except PlaceGone as gone:
                if not gone.new_address:
                    return None
                await self._follow(chat, gone.new_address)
                return await self.standing(message)
            except SendError as error:
                log().warning("rights_unknown", chat=fingerprint(message.chat), code=error.code)
                await asyncio.sleep(rest)
            else:
                if len(self._known) > _MOST:
                    self._known.clear()
                self._known[key] = (standing, time.monotonic())
                return standing
        return None

    async def _follow(self, chat: str, new_address: str) -> None:
        def unit(uow: UnitOfWork) -> None:
            uow.groups.move_chat(chat, new_address)

        await self._store.write(unit)
