"""Intake, respond and sweep on a real database, with a clock of the test's own."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from chatbot.channels.telegram import TelegramChannel
from chatbot.services.faq import Faq
from chatbot.services.i18n import Catalogues
from chatbot.services.intake import Intake
from chatbot.services.office import Office
from chatbot.services.outgoing import payload_of
from chatbot.services.plan import Plan, plain_region
from chatbot.services.respond import Respond
from chatbot.services.saved_answers import SavedAnswers
from chatbot.services.sweep import Sweep
from chatbot.store.store import Store
from tests.integration.rows import NOW

ROOT = Path(__file__).parents[2]
OFFICERS = "-100"
T = TypeVar("T", bound=TelegramChannel)


@cache
def shipped_faq() -> Faq:
    """The FAQ as it is shipped, learnt once for all tests of a process; none changes it."""
    faq = Faq(ROOT / "faq", lambda: date(2026, 6, 1))
    faq.load({})
    return faq


def telegram(kind: type[T], clock: Callable[[], datetime]) -> T:
    """Telegram, of a kind, where nobody listens."""
    return kind(
        token="7:placeholder", api_url="http://127.0.0.1:9", polling=True, webhook_url="", secret="", clock=clock
    )


class Bench:
    """Intake, respond and sweep on one store, with a clock that stands still until it is moved."""

    def __init__(self, store: Store, folder: Path, admins: str = "") -> None:
        self.now = NOW
        self.store = store
        self.folder = folder
        self.woken = asyncio.Event()
        self.telegram = telegram(TelegramChannel, self.clock)
        self.office = Office(
            plan=Plan(plain_region("Polres Contoh", ZoneInfo("Asia/Jakarta"), ("id", "en"), OFFICERS, "")),
            locale="id",
            admins=admins,
            desk_channel="telegram",
            catalogues=Catalogues(ROOT / "locales"),
            faq=shipped_faq(),
            saved_answers=SavedAnswers(ROOT / "faq"),
            capabilities={"telegram": self.telegram.capabilities},
            failures={},
            templates=frozenset(),
            inbox_days=30,
            clock=self.clock,
            randbelow=random.Random(1).randrange,
        )
        channels = {"telegram": self.telegram}
        self.respond = Respond(self.office, channels, folder)
        self.sweeper = Sweep(self.office, channels, folder)
        self.intake = Intake(store, self.clock, lambda _: None)
        self.updates = 0

    def clock(self) -> datetime:
        return self.now

    async def hear(self, update: str = "message", **content: Any) -> None:
        """A citizen's message (or "edited_message"), stored and handled."""
        await self.arrive(update, **content)
        await self.handle()

    async def arrive(self, update: str = "message", **content: Any) -> None:
        """A citizen's message is stored, and waits."""
        self.updates += 1
        message = {
            "message_id": self.updates,
            "date": int(self.now.timestamp()),
            "chat": {"id": 501, "type": "private", "first_name": "Warga"},
            "from": {"id": 501, "is_bot": False, "first_name": "Warga"},
            **content,
        }
        await self.intake.store(self.telegram, json.dumps({"update_id": self.updates, update: message}).encode())

    async def handle(self) -> None:
        """All that waits, in one batch."""
        waiting = await self.store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
        ready, unreadable = self.respond.prepare(waiting)
        assert not unreadable
        await self.store.write(lambda uow: self.respond.batch(uow, ready))

    async def later(self, minutes: float) -> list[str]:
        """Let time pass and sweep; the new outgoing texts, each with where it goes."""
        before = await self.texts()
        self.now += timedelta(minutes=minutes)
        for duty in await self.store.read(self.sweeper.duties):
            await self.store.write(duty)
        return (await self.texts())[len(before) :]

    async def texts(self) -> list[str]:
        rows = await self.store.write(lambda uow: uow.outbox.heads("telegram", self.now + timedelta(days=1), 1000))
        rows += [row for row in await self.store.write(behind) if row.id not in {one.id for one in rows}]
        return [f"{row.chat}: {payload_of(row).text}" for row in sorted(rows, key=lambda row: row.id)]


def behind(uow: Any) -> list[Any]:
    return [row for n in range(1, 200) if (row := uow.outbound(n))]
