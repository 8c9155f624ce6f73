"""The process is stopped for a while, or asked to end with much to do: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fault.conftest import Tell
from tests.fault.fault_world import Crowd, FaultWorld
from tests.fault.ledger import Ledger

_STOPPED = float(os.environ.get("STOP_SECONDS", "60" if os.environ.get("ALL_FAULTS") else "3"))
_QUEUED = 500


@pytest.mark.timeout(300 + _STOPPED)
async def test_stopped_and_continued_it_doubles_nothing_and_its_clocks_are_right(tmp_path: Path, tell: Tell) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        talking = asyncio.create_task(crowd.talk(0.05))
        await world.until(lambda: len(world.telegram.calls_of("sendMessage")) > 10)
        os.kill(world.bot.pid, signal.SIGSTOP)
        crowd.cry()
        cried_at = datetime.now(UTC)
        await asyncio.sleep(_STOPPED)
        os.kill(world.bot.pid, signal.SIGCONT)
        talking.cancel()
        await ledger.settled()
        crowd.answer()
        await ledger.settled()

        proof = ledger.proof()
        tell(f"SIGSTOP for {_STOPPED:g} s, SIGCONT", 1, proof)
        assert not proof.faults
        assert _STOPPED > 10 or proof.figures["repeated"] == 0
        ((opened_at,),) = world.rows("select opened_at from ticket")
        assert datetime.fromisoformat(f"{opened_at}+00:00") >= cried_at + timedelta(seconds=_STOPPED)
    finally:
        await world.close()


async def test_asked_to_end_with_500_queued_it_ends_by_itself_and_the_next_start_goes_on(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path, rate="10")
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger, each=_QUEUED // 2)
        for _ in range(_QUEUED):
            crowd.ask()
        await world.until(lambda: world.rows("select count(*) from inbound where kind = 'text'") == [(_QUEUED,)])
        assert await world.bot.stop() == 0
        waiting = world.rows(
            "select (select count(*) from inbound where state = 'stored'), "
            "(select count(*) from outbound where state in ('pending', 'sending'))"
        )
        world.settings |= {"CHATBOT_TELEGRAM_RATE": "1000", "CHATBOT_WHATSAPP_RATE": "1000"}
        await world.start_bot()
        await ledger.settled()

        proof = ledger.proof()
        tell("SIGTERM with 500 queued", 1, proof)
        assert sum(waiting[0]) > _QUEUED // 2
        assert not proof.faults
        assert proof.figures["repeated"] == 0
        assert world.rows("select 1 from outbound where uncertain") == []
    finally:
        await world.close()
