"""The Procfile's three lines on a real PostgreSQL: upgrade, web, worker, each a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from chatbot.sandbox.process import BotProcess
from tests.e2e.story import file_complaint, work_on
from tests.e2e.world import World


class ProcessesWorld(World):
    """A world in which web and worker are apart, and there are two workers."""

    patience = 60.0

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, webhook=True, CHATBOT_DATABASE_URL=url)
        self.url = url
        self.workers: list[BotProcess] = []

    async def start_bot(self) -> None:
        self.bot = BotProcess(self.settings, self.folder / "web.log", "web")
        await self.bot.start()
        for number in range(2):
            worker = BotProcess(self.settings, self.folder / f"worker{number}.log", "worker")
            await worker.start()
            self.workers.append(worker)

    async def close(self) -> None:
        for worker in self.workers:
            await worker.stop()
        await super().close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.encode(), values).fetchall()


async def test_web_and_two_workers_serve_one_complaint_even_when_a_worker_is_killed(
    postgres_url: str, tmp_path: Path
) -> None:
    world = ProcessesWorld(tmp_path, postgres_url)
    await world.open()
    try:
        number = await file_complaint(world)
        await world.workers[0].kill()
        await work_on(world)

        assert world.rows("select number, status, rating from ticket") == [(number, "closed", 5)]
        assert not world.rows("select 1 from inbound where state = 'quarantined'")
    finally:
        await world.close()
