"""What the platforms deliver too often, too late, in an odd order or to two at once: each is one row and one answer."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from chatbot.sandbox.process import free_port
from tests.e2e.world import CITIZEN, OTHER, TOKEN
from tests.fault.conftest import Tell
from tests.fault.fault_world import QUESTIONS, Crowd, FaultWorld
from tests.fault.ledger import Ledger
from tests.forked import ForkedBot

ALL = bool(os.environ.get("ALL_FAULTS"))
_DOUBLED = (
    "select (select count(*) from inbound), (select count(*) from outbound), (select count(*) from contact), "
    "(select count(*) from ticket), (select count(*) from ticket_event), (select count(*) from audit), "
    "(select count(*) from sent_message)"
)
_SIX_DAYS = 6 * 24 * 3600
_BATCHES = 20 if ALL else 2


def _age(world: FaultWorld, seconds: int) -> None:
    """Let everything that is stored be older: no clock of this machine may be turned back."""
    aged = f"strftime('%Y-%m-%d %H:%M:%f', %s, '-{seconds} seconds') || '000'"
    columns = {"inbound": ("at", "received_at"), "outbound": ("due_at", "created_at", "sent_at")}
    with closing(sqlite3.connect(world.folder / "tanggap.db")) as connection, connection:
        for table, names in columns.items():
            changes = ", ".join(f"{name} = {aged.replace('%s', name)}" for name in names)
            connection.execute(f"update {table} set {changes}")  # noqa: S608  our own names


@pytest.mark.timeout(300)
async def test_everything_delivered_again_six_days_later_in_an_odd_order_changes_nothing(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger, each=3)
        for _ in range(12):
            crowd.ask()
        for _ in range(2):
            crowd.cry()
        await ledger.settled()
        assert crowd.answer() == 2
        await ledger.settled()
        before = _everything(world)
        await world.bot.stop()
        _age(world, _SIX_DAYS)
        await world.start_bot()
        chance = random.Random(6)
        updates = [json.loads(json.dumps(update)) for update in world.telegram.updates.sent]
        bodies = [webhook.body for webhook in world.whatsapp.webhooks]
        for deliveries in (updates, bodies):
            chance.shuffle(deliveries)
        for update in updates:
            world.telegram.raw_update(update)
        assert {await world.whatsapp.raw_webhook(body) for body in bodies} == {200}
        await ledger.settled()

        assert _everything(world) == before
        proof = ledger.proof()
        tell("everything again, 6 days late and shuffled", len(updates) + len(bodies), proof)
        assert not proof.faults
    finally:
        await world.close()


def _everything(world: FaultWorld) -> list[tuple[object, ...]]:
    """How much there is of what a repeat could double."""
    return world.rows(_DOUBLED)


@pytest.mark.timeout(300)
async def test_batches_in_an_odd_order_and_ids_that_jump_are_each_answered_once(tmp_path: Path, tell: Tell) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        chance = random.Random(7)
        tried = 0
        for batch in range(_BATCHES):
            people = [world.whatsapp.add_person(f"62812{5 * batch + n:08}", "Warga") for n in range(5)]
            says = [(who, question) for who in people for question in QUESTIONS[:3]]
            chance.shuffle(says)
            world.whatsapp.batch([partial(ledger.say, who, *asked) for who, asked in says], shuffled=chance)
            tried += len(says)
            await ledger.settled()
        for text, expects in QUESTIONS[:2]:  # forward by a thousand million, then, after a quiet week, back
            for who in (CITIZEN, OTHER):
                ledger.say(who, text, expects)
            await ledger.settled()
            world.telegram.updates.go_on_at(1_700_000_000 if text == QUESTIONS[0][0] else 77)
            tried += 2
        for text, expects in QUESTIONS[2:4]:
            for who in (CITIZEN, OTHER):
                ledger.say(who, text, expects)
            tried += 2
            await ledger.settled()

        proof = ledger.proof()
        tell("batches in an odd order, update ids that jump", tried, proof)
        assert not proof.faults
        assert proof.figures["repeated"] == 0
    finally:
        await world.close()


@pytest.mark.timeout(300)
async def test_second_poller_and_second_program_take_nothing_from_the_first(tmp_path: Path, tell: Tell) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        second = ForkedBot({**world.settings, "CHATBOT_PORT": str(free_port())}, tmp_path / "second.log")
        with pytest.raises(RuntimeError, match="status 2"):
            await second.start()
        conflicts = 5 if ALL else 2
        await world.telegram.wait_for(lambda sandbox: sandbox.polling)
        async with aiohttp.ClientSession() as session:
            url = f"{world.telegram.url}/bot{TOKEN}/getUpdates"
            for number in range(conflicts):
                async with session.post(url, data={"timeout": 1}) as answer:  # confirms nothing
                    assert answer.status == 200
                ledger.say(CITIZEN, *QUESTIONS[number])
                await ledger.settled()
        refused = [call for call in world.telegram.calls_of("getUpdates") if call.status == 409]

        proof = ledger.proof()
        tell("a second poller, a second program on the file", conflicts + 1, proof)
        assert len(refused) >= conflicts
        assert not proof.faults
        assert "Basis data sedang dipakai" in (tmp_path / "second.log").read_text()
    finally:
        await world.close()
