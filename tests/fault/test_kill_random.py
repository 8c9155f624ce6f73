"""kill -9 at random moments while people write: nothing lost, and what repeats is marked."""

from __future__ import annotations

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from tests.fault.conftest import Tell
from tests.fault.fault_world import Crowd, FaultWorld
from tests.fault.ledger import Ledger

_DEATHS = 100 if os.environ.get("ALL_FAULTS") else 3
_SOAK_SECONDS = float(os.environ.get("SOAK_SECONDS", "0"))  # so long instead, whatever the number
_PAUSE = 0.05  # seconds between two questions


@pytest.mark.timeout(900 + _SOAK_SECONDS)
async def test_killed_at_random_under_load_it_loses_nothing_and_marks_what_it_repeats(
    tmp_path: Path, tell: Tell
) -> None:
    chance = random.Random(_DEATHS)
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        talking = asyncio.create_task(crowd.talk(_PAUSE))
        died, until = 0, time.monotonic() + _SOAK_SECONDS
        while died < _DEATHS or time.monotonic() < until:
            if died % 10 == 0:
                crowd.cry()
            await asyncio.sleep(chance.uniform(0.05, 0.6))
            crowd.answer()
            await world.bot.kill()
            died += 1
            await world.start_bot()
        talking.cancel()
        await ledger.settled()
        while crowd.answer():
            await ledger.settled()
        proof = ledger.proof()
        tell("kill -9 at random under load", died, proof)
        assert not proof.faults
    finally:
        await world.close()
