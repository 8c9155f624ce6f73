"""More than is usual: one who writes without end, and a backlog after an outage with emergencies at its end."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.world import CITIZEN
from tests.fault.conftest import Tell
from tests.fault.fault_world import CRIES, QUESTIONS, FaultWorld
from tests.fault.ledger import Ledger, Proof

ALL = bool(os.environ.get("ALL_FAULTS"))
_MINUTES = 2 if ALL else 1
_FLOOD = 500 if ALL else 150  # messages of one person, all at once; in a minute they would be fewer at any time
_PROMISED = 5.0  # seconds within which the others are served
_BACKLOG = 50_000 if ALL else 300
_IN_NEED = 50 if ALL else 3
_OUTAGE = timedelta(hours=2)
BATCH = 64  # messages that the program handles together
# What was written to others after each cry for help was stored and before its notice was.
OVERTAKEN = """
    with notice as (
        select cry.id, cry.chat, cry.received_at, min(said.created_at) as noticed_at
        from inbound cry join outbound said on said.chat = cry.chat where cry.urgent
        group by cry.id, cry.chat, cry.received_at
    )
    select notice.id, (
        select count(*) from outbound other
        where not other.for_group and other.chat <> notice.chat
        and other.created_at > notice.received_at and other.created_at < notice.noticed_at
    ) from notice
"""


def _are_handled(world: FaultWorld, said: int) -> bool:
    return world.rows(_HANDLED) == [(said,)]


@pytest.mark.timeout(600)
async def test_person_who_writes_without_end_keeps_nobody_waiting(tmp_path: Path, tell: Tell) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        world.whatsapp.report_statuses()  # none: what the flooder is sent goes on for a minute
        person = world.whatsapp.add_person("6281200000001", "Warga")
        others = [world.whatsapp.add_person(f"6281300000{n:03}", f"Warga {n}") for n in range(5)]
        said, slowest = 0, 0.0
        for _ in range(_MINUTES):
            for number in range(_FLOOD):
                world.telegram.say(CITIZEN, f"halo lagi {number}")
                world.whatsapp.say(person, f"halo lagi {number}")
            for other, question in zip(others, QUESTIONS, strict=False):
                started = time.monotonic()
                ledger.say(other, *question)
                await world.told_on_whatsapp(other, question[1])
                slowest = max(slowest, time.monotonic() - started)
            said += 2 * _FLOOD + len(others)
            await world.until(partial(_are_handled, world, said))

        # Answers to the flood are still on their way: stopped, the program has written down what it sent.
        await world.bot.stop()
        proof = ledger.proof()
        tell("one person who writes 500 messages at once, on each platform", _MINUTES * 2 * _FLOOD, proof)
        assert not proof.faults
        if ALL:  # on a machine that does nothing else
            assert slowest < _PROMISED
    finally:
        await world.close()


@pytest.mark.timeout(1_200)
async def test_emergencies_at_the_end_of_a_backlog_have_their_notice_before_the_questions_at_its_front_are_through(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    world.patience = 1_000
    await world.open()
    try:
        await world.bot.stop()
        world.telegram.world.clock = lambda: datetime.now(UTC) - _OUTAGE
        everybody = range(100_000, 100_000 + _BACKLOG + _IN_NEED)
        for who in everybody:
            world.telegram.add_user(who, "Warga")
            needs_help = who >= everybody[_BACKLOG]
            world.telegram.say(who, CRIES[who % len(CRIES)] if needs_help else QUESTIONS[who % len(QUESTIONS)][0])
        world.telegram.world.clock = lambda: datetime.now(UTC)
        await world.start_bot()
        await world.until(lambda: not world.rows(_LEFT) and not world.telegram.updates.waiting())

        proof = Proof()
        proof.figures["acknowledged"] = len(everybody)
        (proof.figures["answered"],) = world.rows("select count(*) from inbound where outcome = 'answered'")[0]
        (proof.figures["ticketed"],) = world.rows("select count(*) from inbound where outcome = 'ticketed'")[0]
        tell("updates at once after an outage, emergencies last", len(everybody), proof)
        assert (proof.figures["answered"], proof.figures["ticketed"]) == (_BACKLOG, _IN_NEED)
        overtaken = world.rows(OVERTAKEN)
        assert len(overtaken) == _IN_NEED
        assert max(count for _, count in overtaken) <= 2 * BATCH
    finally:
        await world.close()


_HANDLED = "select count(*) from inbound where kind = 'text' and state = 'done'"
_LEFT = (
    "select 1 from (select id from inbound where state = 'stored' limit 1) union all "  # each has an index
    "select 1 from (select id from outbound where state in ('pending', 'sending', 'held') and not for_group limit 1)"
)
