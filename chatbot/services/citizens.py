"""The citizens' road: batch after batch, the next one found and matched while the one before is written.

Owns the order of two batches in hand. Refuses what a message means (``respond``) and how one that breaks is set aside
(``handling``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack
from functools import partial

from chatbot.logs import failure, log
from chatbot.services.first_batch import FirstBatch
from chatbot.services.handling import Handling, say
from chatbot.services.respond import Ready, Respond
from chatbot.store.queue import CITIZEN, Waiting
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_BATCH = 64  # messages, which share what a batch costs; a cry for help waits for two such batches at most
_MANY = 32  # chats in hand, from which on the next batch is found meanwhile


class Citizens:
    """Handles what citizens wrote. ``served`` is for two loops: while one writes its batch, the other finds the next.

    Args:
        store: where the messages wait.
        respond: handles a batch.
        handling: handles one message.
        takes_only_danger: whether everything else has to wait now.
        carried: told when messages carried files, which are to be fetched.
    """

    def __init__(
        self,
        store: Store,
        respond: Respond,
        handling: Handling,
        takes_only_danger: Callable[[], bool],
        carried: Callable[[], None],
    ) -> None:
        self._store = store
        self._respond = respond
        self._handling = handling
        self._takes_only_danger = takes_only_danger
        self._carried = carried
        self._first = FirstBatch(store, self._oldest, handling.set_aside)
        self._in_hand: set[str] = set()  # chats
        self._finding = asyncio.Lock()
        self._writing = asyncio.Lock()  # given in the order in which it is asked for: batches stay in theirs

    async def served(self) -> int:
        """Find what waits and nobody has in hand, and handle it; how many messages that were.

        Raises:
            StoreUnavailable: what was not handled waits on.
        """
        async with AsyncExitStack() as stack:
            async with self._finding:
                if len(self._in_hand) < _MANY:
                    async with self._writing:
                        pass  # soon done: what comes meanwhile had better share one batch than have two
                found = await stack.enter_async_context(
                    self._store.kept(partial(self._claim, in_hand=frozenset(self._in_hand)))
                )
                waiting = await self._first.pick(found)
                if not waiting:
                    return len(found)  # what was found was set aside
                chats = {one.chat for one in waiting}
                self._in_hand |= chats
                stack.callback(self._in_hand.difference_update, chats)
                ready, unreadable = await asyncio.to_thread(self._respond.prepare, waiting)
                await stack.enter_async_context(self._writing)
            await self._handling.set_aside(unreadable, "unreadable")
            return len(unreadable) + (await self._handle(ready) if ready else 0)

    async def _handle(self, ready: Sequence[Ready]) -> int:
        started = time.perf_counter()
        try:
            handled = await self._store.write(partial(self._respond.batch, ready=ready))
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  found alone below
            log().warning("batch_broke", count=len(ready), **failure(error))
            handled = []
            for one in ready:
                unit = partial(self._respond.batch, ready=[one])
                handled += await self._handling.alone(one.waiting.id, one.message.channel, unit)
        say(CITIZEN, {one.waiting.id: one.message for one in ready}, handled, time.perf_counter() - started)
        if any(one.message.attachment for one in ready):
            self._carried()
        return len(handled)

    def _claim(self, uow: UnitOfWork, in_hand: Collection[str]) -> list[Waiting]:
        """What waits of chats of which nothing is in hand: their next words would be taken for what overtakes."""
        limit, channels = 2 * _BATCH if in_hand else _BATCH, self._respond.channels
        found = uow.inbox.claim(CITIZEN, limit, channels, only_danger=self._takes_only_danger())
        return [one for one in found if one.chat not in in_hand][:_BATCH]

    def _oldest(self, uow: UnitOfWork) -> list[Waiting]:
        return uow.inbox.waiting(CITIZEN, 2 * _BATCH, self._respond.channels)
