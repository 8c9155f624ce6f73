"""kill -9 at random moments while people write: nothing lost, and what repeats is marked."""

from __future__ import annotations

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from tests.fault.conftest import Tell
from tests.fault.fault_world import Crowd, FaultWorld, ProcessesWorld
from tests.fault.ledger import Ledger

_ALL = bool(os.environ.get("ALL_FAULTS"))
_DEATHS = {"SQLite": 100, "PostgreSQL": 50} if _ALL else {"SQLite": 3, "PostgreSQL": 2}
_SOAK_SECONDS = float(os.environ.get("SOAK_SECONDS", "0"))  # so long instead, whatever the number
_DEATHS_A_CRY = 60 if _SOAK_SECONDS else 12 if _ALL else 1  # a group gets only so much a minute
_PAUSE = 0.2 if _SOAK_SECONDS else 0.05  # seconds between two questions


@pytest.mark.timeout(900 + _SOAK_SECONDS)
@pytest.mark.parametrize("engine", _DEATHS)
async def test_killed_at_random_under_load_it_loses_nothing_and_marks_what_it_repeats(
    request: pytest.FixtureRequest, tmp_path: Path, tell: Tell, engine: str
) -> None:
    chance = random.Random(_DEATHS[engine])
    on_postgres = engine == "PostgreSQL"
    world = ProcessesWorld(tmp_path, request.getfixturevalue("postgres_url")) if on_postgres else FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        talking = asyncio.create_task(crowd.talk(_PAUSE))
        died, until = 0, time.monotonic() + _SOAK_SECONDS
        while died < _DEATHS[engine] or time.monotonic() < until:
            if died % _DEATHS_A_CRY == 0:
                crowd.cry(on=chance.choice(["telegram", "whatsapp"]))
            await asyncio.sleep(chance.uniform(0.05, 1.2))
            crowd.answer()
            await world.kill_one(chance)
            died += 1
        talking.cancel()
        await ledger.settled()
        while crowd.answer():
            await ledger.settled()
        proof = ledger.proof()
        tell(f"kill -9 at random under load, {engine}", died, proof)
        assert not proof.faults
    finally:
        await world.close()
