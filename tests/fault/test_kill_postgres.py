"""kill -9 of web and worker at the commits of a story on PostgreSQL: nothing lost, and what repeats is marked.

``make faults`` kills each at every commit, ``make test`` each at two, by turns just before and just after it.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psycopg
import pytest

from tests.e2e.story import short_story
from tests.fault.conftest import Tell
from tests.fault.fault_world import ProcessesWorld
from tests.fault.ledger import Ledger

_KILLER = Path(__file__).parent / "killed.py"
_COMMITS = {"web": 14, "worker": 47}  # of the story; some few come or go with what falls together
_ALL = bool(os.environ.get("ALL_FAULTS"))
_AT_ONCE = 4


class KilledProcessesWorld(ProcessesWorld):
    """Web and worker apart, of which one dies once, at a commit, and is started again as it is."""

    def __init__(self, folder: Path, url: str, victim: str, at: int, when: str) -> None:
        super().__init__(folder, url)
        self._victim = victim
        self._dying = {"KILL_AT": str(at), "KILL_WHEN": when}
        self._supervisor: asyncio.Task[None] | None = None
        self.deaths = 0

    async def _start(self, name: str, **more: str) -> None:
        if self._supervisor or not name.startswith(self._victim):
            await super()._start(name, **more)
            return
        whole, self.command = self.command, (str(_KILLER),)
        await super()._start(name, **more, **self._dying)
        self.command = whole
        self._supervisor = asyncio.create_task(self._watch(name))

    async def _watch(self, name: str) -> None:
        if await self._running[name].wait() == -9:
            self.deaths += 1
            await self._start(name)

    async def close(self) -> None:
        if self._supervisor:
            self._supervisor.cancel()
        await super().close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("victim", ["web", "worker"])
@pytest.mark.parametrize("share", range(2 if _ALL else 1))
async def test_process_killed_at_a_commit_loses_nothing_and_marks_what_is_repeated(
    postgres: str, postgres_template: str, tmp_path: Path, tell: Tell, victim: str, share: int
) -> None:
    commits = range(1 + share, _COMMITS[victim], 2) if _ALL else (_COMMITS[victim] // 3, _COMMITS[victim] // 2)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(at: int) -> int:
        async with gate:
            folder = tmp_path / str(at)
            folder.mkdir()
            name = f"{victim}{at}"
            with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
                connection.execute(f'create database "{name}" template {postgres_template}'.encode())
            world = KilledProcessesWorld(folder, postgres.format(name), victim, at, ("before", "after")[at // 2 % 2])
            await world.open()
            try:
                ledger = Ledger(world)
                await short_story(world)
                await ledger.settled()
                proof = ledger.proof()
                tell(f"kill -9 of the {victim} at a commit, PostgreSQL", world.deaths, proof)
                assert not proof.faults, (at, proof.faults)
                assert world.rows("select count(*), max(rating) from ticket") == [(1, 5)]
                return world.deaths
            finally:
                await world.close()

    deaths = await asyncio.gather(*(one(at) for at in commits))
    assert sum(deaths) >= len(deaths) * 3 // 4  # the story really has so many commits, but for some that fall together
