"""The sender on a real database that does not answer for what it did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from chatbot.channels.base import SendResult
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Outbound
from chatbot.services.deliver import Deliver
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable
from tests.integration.bench import Bench, telegram

T = TypeVar("T")


class Unanswered(Store):
    """A database whose connection ends between a commit and its answer: the next time."""

    is_next = True

    async def write(self, unit: Callable[[UnitOfWork], T]) -> T:
        done = await super().write(unit)
        if self.is_next:
            self.is_next = False
            raise StoreUnavailable
        return done


class Phone(TelegramChannel):
    """Telegram that delivers to a queue."""

    arrived: asyncio.Queue[Outbound]

    async def send(self, message: Outbound) -> SendResult:
        await self.arrived.put(message)
        return SendResult((str(message.id),))


async def test_rows_taken_in_a_commit_whose_answer_was_lost_are_sent_at_once(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path)
    await bench.hear(text="berapa biaya sim c")
    rows = await bench.texts()
    phone = telegram(Phone, bench.clock)
    phone.arrived = asyncio.Queue()
    unanswered = Unanswered(store.url.render_as_string(hide_password=False))
    unanswered._writer.start()
    deliver = Deliver(unanswered, bench.office, phone, 30)
    running = asyncio.gather(deliver.run(), deliver.write_down())
    try:
        async with asyncio.timeout(20):
            sent = [await phone.arrived.get() for _ in rows]
        assert len({message.id for message in sent}) == len(rows)
    finally:
        running.cancel()
        await asyncio.wait([running])
        await deliver.drain()
        unanswered.close()
