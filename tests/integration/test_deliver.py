"""The sender on a real database that does not answer for what it did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.exc import OperationalError

from chatbot.channels.base import SendResult
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Outbound
from chatbot.services.deliver import Deliver
from chatbot.store.store import Store
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable
from tests.integration.bench import Bench, behind, telegram

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


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


async def sent_by(deliver: Deliver, phone: Phone, count: int) -> set[int]:
    """The rows that the first so many messages are of."""
    running = asyncio.gather(deliver.run(), deliver.write_down())
    try:
        async with asyncio.timeout(20):
            return {(await phone.arrived.get()).id for _ in range(count)}
    finally:
        running.cancel()
        await asyncio.wait([running])
        await deliver.drain()


async def test_rows_taken_in_a_commit_whose_answer_was_lost_are_sent_at_once(bench: Bench) -> None:
    await bench.hear(text="berapa biaya sim c")
    rows = await bench.texts()
    unanswered = Unanswered(bench.store.url.render_as_string(hide_password=False))
    unanswered._writer.start()
    phone = telegram(Phone, bench.clock)
    phone.arrived = asyncio.Queue()
    sent = await sent_by(Deliver(unanswered, bench.office, phone, 30), phone, len(rows))
    unanswered.close()

    assert len(sent) == len(rows)


async def test_row_that_could_not_be_read_for_a_moment_is_sent_and_not_given_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    read, failing = UnitOfWork.ticket, iter([True, True])

    def ticket(uow: UnitOfWork, ticket_id: int) -> TicketRow | None:
        if next(failing, False):
            raise OperationalError("select", {}, OSError("disk I/O error"))
        return read(uow, ticket_id)

    monkeypatch.setattr(UnitOfWork, "ticket", ticket)
    phone = telegram(Phone, bench.clock)
    phone.arrived = asyncio.Queue()
    await sent_by(Deliver(bench.store, bench.office, phone, 30), phone, 3)

    assert [row.id for row in await bench.store.write(behind) if row.state == "dead"] == []
