"""A world whose program is hurt, and the crowd that goes on writing to it meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from chatbot.sandbox.process import BotProcess
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from tests.e2e.world import APP_SECRET, OFFICER, OFFICERS, PHONE_ID, World, text_of
from tests.fault.ledger import Ledger, Who
from tests.fault.looking import seen
from tests.forked import ForkedBot

_REPEATS = (0.05, 0.1, 0.2, 0.4, *(0.5,) * 2_000)  # seconds; Meta goes on for days, so this never gives up either
_FAST = "1000"  # calls a second; that a rate is kept is shown elsewhere

# Questions and words that stand in the answer to each and in no other one.
QUESTIONS = (
    ("sim ilang gmn ngurusnya", "surat keterangan kehilangan di SPKT"),
    ("sim mati apakah masih bisa diperpanjang", "walaupun hanya lewat satu hari"),
    ("umur berapa boleh bikin SIM", "Usia minimal menurut golongan"),
    ("sim gratis hari bhayangkara", "Jika tidak ada pengumuman"),
    ("nembak sim bayar berapa", "diberikan setelah ujian teori"),
    ("apa saja golongan SIM dan untuk kendaraan apa", "golongan sesuai kendaraan"),
)
# Emergencies that are not alike, so that each is an incident of its own.
CRIES = (
    "tolong pak ada maling masuk rumah saya sekarang bawa golok",
    "tolong kebakaran di rumah tetangga, ada anak di dalam",
    "tolong pak saya dirampok di jalan, pelakunya bawa pistol",
    "tolong ada tabrakan parah, korban tidak sadar dan berdarah",
)
_ALERT = re.compile(r"DARURAT #([\d-]+)")
FORWARDED = "sudah kami teruskan"


class FaultWorld(World):
    """Telegram by polling or by webhooks, WhatsApp by webhooks that are repeated until they are taken.

    Args:
        folder: for everything that the program keeps.
        command: how Python starts the program.
        webhook: whether Telegram calls.
        rate: calls a second to each platform.
        log: where the program's output goes; a file in the folder unless said otherwise.
        settings: beside those of every world.
    """

    patience = 60.0

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] = ("-m", "chatbot"),
        webhook: bool = False,
        rate: str = _FAST,
        log: Path | None = None,
        **settings: str,
    ) -> None:
        rates = {"CHATBOT_TELEGRAM_RATE": rate, "CHATBOT_WHATSAPP_RATE": rate}
        super().__init__(folder, forum=True, webhook=webhook, **rates, **settings)
        self.whatsapp = WhatsAppSandbox("wa-token", APP_SECRET, PHONE_ID, retry_delays=_REPEATS)
        self.command = tuple(command)
        self.log = log or folder / "bot.log"

    async def start_bot(self) -> None:
        kind = BotProcess if self.command[0] == "-c" else ForkedBot
        self.bot = kind(self.settings, self.log, command=self.command)
        await self.bot.start()

    async def kill_one(self, chance: random.Random) -> None:  # noqa: ARG002  there is but one
        """Kill a process, and start it again as it is."""
        await self.bot.kill()
        await self.start_bot()

    async def until(self, check: Callable[[], Any]) -> Any:
        """Wait for something, such as a row, of which no platform may tell; asked again and again."""
        return await seen(check, self.patience)


class ProcessesWorld(FaultWorld):
    """Web and workers apart, on PostgreSQL; everything comes by webhooks.

    Args:
        folder: for everything that the program keeps.
        url: the database, as the program reaches it.
        workers: how many.
    """

    patience = 90.0

    def __init__(self, folder: Path, url: str, workers: int = 1) -> None:
        super().__init__(folder, webhook=True, CHATBOT_DATABASE_URL=url)
        self._url = url
        self._names = ["web", *(f"worker{number}" for number in range(workers))]
        self._running: dict[str, BotProcess] = {}

    async def start_bot(self) -> None:
        for name in self._names:
            await self._start(name)

    async def _start(self, name: str, **more: str) -> None:
        """Start one of the processes, with more settings if need be."""
        started = ForkedBot(
            self.settings | more, self.folder / f"{name}.log", name.rstrip("0123456789"), command=self.command
        )
        await started.start()
        self._running[name] = started
        self.bot = self._running["web"]

    async def kill_one(self, chance: random.Random) -> None:
        name = chance.choice(self._names)
        await self._running[name].kill()
        await self._start(name)

    @property
    def ended(self) -> list[int]:
        """Statuses of processes that ended."""
        return [bot.status for bot in self._running.values() if bot.status is not None]

    async def close(self) -> None:
        for bot in self._running.values():
            await bot.stop()
        await super().close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(sql.encode(), values).fetchall()


class Crowd:
    """People who ask, people in need, and the officer who answers them; all through the ledger.

    Args:
        world: opened.
        ledger: of that world.
        each: how many people on each platform ask at the same time; others follow, for who asks very much is slowed.
        seed: of the order in which they speak.
    """

    def __init__(self, world: World, ledger: Ledger, each: int = 10, seed: int = 0) -> None:
        self._world = world
        self._ledger = ledger
        self._random = random.Random(seed)
        self._numbers = itertools.count(1)
        self._turns = self._turn(each)
        self._answered: set[Who] = set()

    def _newcomer(self, channel: str) -> Who:
        number = next(self._numbers)
        if channel == "telegram":
            self._world.telegram.add_user(10_000 + number, f"Warga {number}")
            return 10_000 + number
        return self._world.whatsapp.add_person(f"62812{number:08}", f"Warga {number}")

    def _turn(self, each: int) -> Iterator[tuple[Who, tuple[str, str]]]:
        while True:
            people = [self._newcomer(channel) for channel in ("telegram", "whatsapp") for _ in range(each)]
            turns = list(itertools.product(people, QUESTIONS))
            self._random.shuffle(turns)
            yield from turns

    def ask(self) -> None:
        """One of the people asks one of the questions."""
        who, (text, expects) = next(self._turns)
        self._ledger.say(who, text, expects)

    def cry(self, on: str = "telegram") -> Who:
        """Somebody new is in need, on a platform."""
        number = next(self._numbers)
        who = self._newcomer(on)
        self._ledger.say(who, CRIES[number % len(CRIES)], FORWARDED)
        return who

    def answer(self) -> int:
        """The officer answers every alert that stands in the group and has no answer yet; how many."""
        count = 0
        for message in self._world.telegram.bot_messages(OFFICERS):
            who, alert = self._ledger.owner_in(text_of(message)), _ALERT.search(text_of(message))
            if who is None or who in self._answered or alert is None:
                continue
            self._answered.add(who)
            # By its number: the program does not know the id of a message whose sending it did not survive.
            self._ledger.answer(OFFICER, who, f"/jawab #{alert[1]} Kami menuju lokasi", chat_id=OFFICERS)
            count += 1
        return count

    async def talk(self, pause: float) -> None:
        """Ask without end, until cancelled; ``pause`` is in seconds."""
        while True:
            self.ask()
            await asyncio.sleep(pause)
