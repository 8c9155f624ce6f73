"""Places that vanish, move or shut the bot out while people write: no word is lost, none reaches anybody else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.world import CITIZEN, OFFICER, OFFICERS, OTHER, text_of
from tests.fault.conftest import Tell
from tests.fault.fault_world import CRIES, FORWARDED, QUESTIONS, Crowd, FaultWorld
from tests.fault.ledger import Ledger

ALL = bool(os.environ.get("ALL_FAULTS"))
_ROUNDS = 5 if ALL else 1
_MESSAGES = 20
_SMALL, _BIG = -4001, -1004000000001


async def _in_need(world: FaultWorld, ledger: Ledger, who: int, cry: str) -> None:
    """A citizen with a ticket, whose next words go to the officers."""
    ledger.say(who, cry, FORWARDED)
    await world.told(FORWARDED, who)


def _brought(world: FaultWorld, said: Sequence[str], *chats: int) -> list[int]:
    """How often the platform took each of these words for the officers' group."""
    taken = [call for call in world.telegram.calls_of("sendMessage") if call.chat_id in chats and call.status == 200]
    return [sum(mark in call.params["text"] for call in taken) for mark in said]


async def _some_brought(world: FaultWorld, said: Sequence[str], chat: int) -> None:
    await world.telegram.wait_for(lambda _: any(_brought(world, said, chat)), world.patience)


@pytest.mark.timeout(600)
async def test_topic_that_is_deleted_under_twenty_messages_loses_none_and_a_citizen_who_blocks_us_is_told_of(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    world.patience = 150
    await world.open()
    try:
        ledger = Ledger(world)
        await _in_need(world, ledger, CITIZEN, CRIES[0])
        await _in_need(world, ledger, OTHER, CRIES[1])
        said: list[str] = []
        for _ in range(_ROUNDS):
            said += [ledger.say(CITIZEN, f"keterangan ke-{number}") for number in range(_MESSAGES // 2)]
            await _some_brought(world, said[-10:], OFFICERS)
            ((thread,),) = world.rows("select thread from ticket where address = ?", str(CITIZEN))
            world.telegram.delete_topic(OFFICERS, int(thread))
            said += [ledger.say(CITIZEN, f"keterangan lanjutan ke-{number}") for number in range(_MESSAGES // 2)]
            await ledger.settled()
        world.telegram.block_bot(OTHER)
        ((number,),) = world.rows("select number from ticket where address = ?", str(OTHER))
        world.telegram.say(OFFICER, f"/jawab #{number} Kami menuju lokasi", chat_id=OFFICERS)
        await world.in_group("memblokir")
        world.telegram.unblock_bot(OTHER)
        ledger.say(OTHER, *QUESTIONS[0])
        await ledger.settled()

        proof = ledger.proof()
        tell("a topic deleted under 20 messages, a citizen who blocks the bot", _ROUNDS + 1, proof)
        assert not proof.faults
        assert _brought(world, said, OFFICERS) == [1] * len(said)
        assert world.rows("select count(*) from ticket") == [(2,)]
    finally:
        await world.close()


@pytest.mark.timeout(600)
async def test_group_that_moves_under_load_takes_everything_along(tmp_path: Path, tell: Tell) -> None:
    world = FaultWorld(tmp_path, CHATBOT_OFFICERS_CHAT_ID=str(_SMALL))
    world.patience = 150
    await world.open()
    try:
        world.telegram.add_group(_SMALL, "Petugas", supergroup=False)
        world.telegram.add_member(_SMALL, OFFICER, "administrator")
        ledger = Ledger(world)
        crowd = Crowd(world, ledger, each=3)
        people = (CITIZEN, OTHER)
        for who in people:
            await _in_need(world, ledger, who, CRIES[people.index(who)])
        said = [ledger.say(who, f"keterangan {n}") for n in range(_MESSAGES // 4) for who in people]
        await _some_brought(world, said, _SMALL)
        world.telegram.migrate_group(_SMALL, _BIG)
        for _ in range(_MESSAGES):
            crowd.ask()
        said += [ledger.say(who, f"keterangan lagi {n}") for n in range(_MESSAGES // 4) for who in people]
        for who in people:
            ((number,),) = world.rows("select number from ticket where address = ?", str(who))
            ledger.answer(OFFICER, who, f"/jawab #{number} Kami menuju lokasi", chat_id=_BIG)
        await ledger.settled()

        proof = ledger.proof()
        tell("a group that becomes a supergroup under load", 1, proof)
        assert not proof.faults
        assert _brought(world, said, _SMALL, _BIG) == [1] * len(said)
        assert world.rows("select distinct chat from ticket") == [(str(_BIG),)]
        assert "110" in text_of(world.telegram.bot_messages(CITIZEN)[0])
    finally:
        await world.close()
