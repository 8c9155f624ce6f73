"""Bodies and messages that nobody can read or handle: refused or set aside, and everybody else is served meanwhile."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.test_bad_input import signed
from tests.e2e.world import CITIZEN, OFFICER, OFFICERS, OTHER
from tests.fault.breaking import POISON
from tests.fault.conftest import Tell
from tests.fault.fault_world import QUESTIONS, Crowd, FaultWorld
from tests.fault.ledger import Ledger

ALL = bool(os.environ.get("ALL_FAULTS"))
_BREAKING = str(Path(__file__).parent / "breaking.py")
_HUGE = 10 * 1024 * 1024  # bytes
_DEEP = b"[" * 100_000 + b"]" * 100_000
_TIMES = 100 if ALL else 10  # of each on each webhook
_AT_ONCE = 20
_MOST_MEMORY = 384 * 1024  # KiB that all of it may take beside what the program takes anyhow
_SECRET = {"X-Telegram-Bot-Api-Secret-Token": "placeholder-secret"}


def _peak(pid: int) -> int:
    """KiB that a process has had in memory at most."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


def _huge_message() -> bytes:
    """A body that would be read, were it shorter."""
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": ["x" * _HUGE]}]}
    ).encode()


@pytest.mark.timeout(600)
async def test_huge_and_bottomless_bodies_are_refused_or_set_aside_while_everybody_is_answered(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path, webhook=True)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger, each=5)
        crowd.ask()
        await ledger.settled()
        before = _peak(world.bot.pid)
        gate = asyncio.Semaphore(_AT_ONCE)
        huge = _huge_message()
        nested = b'{"object": "whatsapp_business_account", "entry": [{"changes": %s}]}' % _DEEP
        update = b'{"update_id": %d, "message": %s}'

        async with aiohttp.ClientSession() as session:

            async def post(path: str, body: bytes, headers: dict[str, str]) -> int:
                async with gate:
                    url = f"http://127.0.0.1:{world.port}/webhooks/{path}"
                    async with session.post(url, data=io.BytesIO(body), headers=headers) as answer:
                        return answer.status

            talking = asyncio.create_task(crowd.talk(0.02))
            too_long = await asyncio.gather(
                *(post("whatsapp", huge, signed(huge)) for _ in range(_TIMES)),
                *(post("telegram", huge, _SECRET) for _ in range(_TIMES)),
            )
            too_deep = await asyncio.gather(
                *(post("whatsapp", nested, signed(nested)) for _ in range(_TIMES)),
                *(post("telegram", update % (n, _DEEP), _SECRET) for n in range(_TIMES)),
            )
            talking.cancel()
        await ledger.settled()

        proof = ledger.proof()
        tell("bodies of 10 MB, bodies nested 100 000 deep, on both webhooks", 4 * _TIMES, proof)
        assert not proof.faults
        assert set(too_long) == {413}
        assert set(too_deep) == {200}
        set_aside = world.rows(
            "select channel, count(*) from inbound where state = 'quarantined' group by 1 order by 1"
        )
        assert set_aside == [("telegram", _TIMES), ("whatsapp", 1)]
        assert _peak(world.bot.pid) - before < _MOST_MEMORY
    finally:
        await world.close()


@pytest.mark.timeout(600)
async def test_updates_that_cannot_be_read_and_messages_that_break_the_program_hold_nobody_up(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path, command=(_BREAKING,))
    await world.open()
    try:
        ledger = Ledger(world)
        ledger.say(CITIZEN, *QUESTIONS[4])
        await ledger.settled()
        before = _peak(world.bot.pid)
        rounds = 5 if ALL else 1
        for number in range(rounds):
            for who in (CITIZEN, OTHER):
                ledger.say(who, *QUESTIONS[number % 4])
                world.telegram.say(who, f"kata {POISON} {number}")
                ledger.say(who, *QUESTIONS[(number + 1) % 4])
            world.telegram.say(OFFICER, f"/tiket {POISON}", chat_id=OFFICERS)
            world.telegram.say(OFFICER, "/antrean", chat_id=OFFICERS)
            next_id = world.telegram.updates.sent[-1]["update_id"] + 1
            for update_id, content in ((next_id, _DEEP), (next_id + 1, b'"%s"' % (b"x" * _HUGE))):
                world.telegram.raw_update({}, b'{"update_id": %d, "message": %s}' % (update_id, content))
            ledger.say(CITIZEN, *QUESTIONS[(number + 2) % 4])
            ledger.say(OTHER, *QUESTIONS[(number + 3) % 4])
            await ledger.settled()
        await world.in_group("Tidak ada")

        set_aside = world.rows("select kind, count(*) from inbound where state = 'quarantined' group by 1 order by 1")
        assert set_aside == [("broken", rounds), ("text", 3 * rounds)]
        proof = ledger.proof()
        tell("updates nobody can read, messages that break the program", 5 * rounds, proof)
        assert _peak(world.bot.pid) - before < _MOST_MEMORY
        assert not proof.faults
    finally:
        await world.close()
