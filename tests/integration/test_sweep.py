"""What happens because time passes, on a real database with a clock of the test's own."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatbot.channels.telegram import TelegramChannel
from chatbot.services.faq import Faq
from chatbot.services.i18n import Catalogues
from chatbot.services.intake import Intake
from chatbot.services.office import Office
from chatbot.services.outbox import payload_of
from chatbot.services.respond import Respond
from chatbot.services.sweep import Sweep
from chatbot.store.store import Store
from tests.integration.rows import NOW

ROOT = Path(__file__).parents[2]
OFFICERS = "-100"


class Bench:
    """Intake, respond and sweep on one store, with a clock that stands still until it is moved."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.now = NOW
        self.store = store
        self.telegram = TelegramChannel(
            token="7:placeholder",
            api_url="http://127.0.0.1:9",
            polling=True,
            webhook_url="",
            secret="",
            clock=self.clock,
        )
        faq = Faq(ROOT / "faq")
        faq.load({})
        self.office = Office(
            region="Polres Contoh",
            timezone=ZoneInfo("Asia/Jakarta"),
            locale="id",
            officers=OFFICERS,
            propam="",
            admins="",
            desk_channel="telegram",
            catalogues=Catalogues(ROOT / "locales"),
            faq=faq,
            capabilities={"telegram": self.telegram.capabilities},
            failures={},
            templates=frozenset(),
            clock=self.clock,
            randbelow=random.Random(1).randrange,
        )
        channels = {"telegram": self.telegram}
        self.respond = Respond(self.office, channels, folder)
        self.sweeper = Sweep(self.office, channels, folder)
        self.intake = Intake(store, self.clock, lambda: None)
        self.updates = 0

    def clock(self) -> datetime:
        return self.now

    async def hear(self, **content: Any) -> None:
        """A citizen's message, stored and handled."""
        self.updates += 1
        message = {
            "message_id": self.updates,
            "date": int(self.now.timestamp()),
            "chat": {"id": 501, "type": "private", "first_name": "Warga"},
            "from": {"id": 501, "is_bot": False, "first_name": "Warga"},
            **content,
        }
        await self.intake.store(self.telegram, json.dumps({"update_id": self.updates, "message": message}).encode())
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
        rows += [row for row in await self.store.write(_behind) if row.id not in {one.id for one in rows}]
        return [f"{row.chat}: {payload_of(row).text}" for row in sorted(rows, key=lambda row: row.id)]


def _behind(uow: Any) -> list[Any]:
    return [row for n in range(1, 200) if (row := uow.outbound(n))]


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


async def test_alert_that_nobody_presses_is_repeated_by_name_and_the_citizen_hears_110_again(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    assert await bench.later(1) == []

    repeated = await bench.later(1.5)
    assert len(repeated) == 1
    assert repeated[0].startswith(f"{OFFICERS}: ")
    assert "belum diambil" in repeated[0]
    rows = await bench.store.write(_behind)
    assert payload_of(rows[-1]).mention_admins

    reminded = await bench.later(3)
    assert len(reminded) == 1
    assert reminded[0].startswith("501: ")
    assert "110" in reminded[0]
    assert await bench.later(10) == []


async def test_photo_that_nobody_explains_reaches_the_officers_after_a_quarter_of_an_hour(bench: Bench) -> None:
    photo = {"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 10}
    await bench.hear(photo=[photo])
    assert await bench.later(10) == []

    told = await bench.later(6)
    assert [text.split(":")[0] for text in told].count(OFFICERS) >= 1  # the card; the photo is copied beside it
    assert any(text.startswith("501: ") and "petugas" in text for text in told)
    ticket = await bench.store.read(lambda uow: uow.ticket(1))
    assert ticket is not None
    assert ticket.identity == "confidential"
    assert await bench.later(60) == []


async def test_silent_alert_ends_and_the_next_cry_is_an_alert_of_its_own(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    await bench.later(120)
    await bench.hear(text="tolong kebakaran rumah tetangga ada anak di dalam")

    second = await bench.store.read(lambda uow: uow.ticket(2))
    assert second is not None
    assert second.alert_live
