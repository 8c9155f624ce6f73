"""The process that matches questions is killed, or hangs, under load: nobody's question is lost, nor an emergency."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psutil
import pytest

from tests.e2e.world import FAQ
from tests.fault.conftest import Tell
from tests.fault.fault_world import Crowd, FaultWorld
from tests.fault.ledger import Ledger

_FATES = ("kill", "suspend") if os.environ.get("ALL_FAULTS") else ("kill",)


@pytest.mark.parametrize("fate", _FATES)
async def test_matcher_that_is_lost_loses_no_question(tmp_path: Path, tell: Tell, fate: str) -> None:
    world = FaultWorld(tmp_path, CHATBOT_FAQ_DIR=str(FAQ))
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        (matcher,) = psutil.Process(world.bot.pid).children()
        talking = asyncio.create_task(crowd.talk(0.2))
        await world.until(lambda: len(world.telegram.calls_of("sendMessage")) > 10)
        getattr(matcher, fate)()
        crowd.cry()
        await world.until(lambda: "matcher_lost" in world.log.read_text())
        crowd.cry()
        talking.cancel()
        await ledger.settled()
        crowd.answer()
        await ledger.settled()

        proof = ledger.proof()
        tell("the matcher's process killed, and hanging", 1, proof)
        assert not proof.faults
        assert proof.figures["repeated"] == 0
        assert world.bot.status is None
        assert not matcher.is_running()
    finally:
        await world.close()
