"""What the platforms answer when they are busy, broken or dumb: only what is concerned waits, nothing is lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.world import CITIZEN, OFFICERS, OTHER, text_of
from tests.fault.conftest import Tell
from tests.fault.fault_world import CRIES, FORWARDED, QUESTIONS, FaultWorld
from tests.fault.ledger import Ledger, Who

ALL = bool(os.environ.get("ALL_FAULTS"))
_HOUR = 3_600
_MINUTES = 200  # seconds: what waits behind what was refused is looked at again before the hour is over
# Each strikes one person's next message, by turns on each platform. Times: how many calls in a row.
_ON_TELEGRAM: list[dict[str, Any]] = [
    {"status": 429, "parameters": {"retry_after": 1}},
    {"status": 429, "parameters": {"retry_after": 2.5}},
    {"status": 500, "description": "Internal Server Error", "times": 2},
    {"mode": "empty"},
    {"mode": "half_json"},
    {"mode": "reset_after"},
    {"mode": "drop_before"},
]
_ON_WHATSAPP: list[dict[str, Any]] = [
    {"code": 131056},
    {"code": 131000, "times": 2},
    {"status": 503, "code": 2},
    {"mode": "empty"},
    {"mode": "half_json"},
    {"mode": "reset_after"},
    {"mode": "drop_before"},
]
_IN_THE_GROUP: list[dict[str, Any]] = [
    {"status": 429, "parameters": {"retry_after": 1}},
    {"status": 500},
    {"mode": "half_json"},
]
_POLLS: list[dict[str, Any]] = [{"status": 502}, {"mode": "half_json"}, {"mode": "reset_after"}]
_NONSENSE = (None, -5, "soon", 10**12)
if ALL:
    _ON_TELEGRAM += [{"status": 429, "parameters": {} if one is None else {"retry_after": one}} for one in _NONSENSE]
    _ON_TELEGRAM += [{"status": status, "times": times} for status in (500, 502, 503, 504) for times in (1, 4)]
    _ON_TELEGRAM += [{"mode": mode, "times": 3} for mode in ("empty", "half_json", "reset_after", "drop_before")]
    _ON_WHATSAPP += [{"code": code, "times": 2} for code in (1, 2, 131016, 131057)]
    _ON_WHATSAPP += [
        {"status": 429, "code": 130429, "retry_after": one} for one in ("1", "-5", "soon", "2.5", "1000000")
    ]
    _ON_WHATSAPP += [{"mode": mode, "times": 3} for mode in ("empty", "half_json", "reset_after", "drop_before")]
    _POLLS += [{"status": 429, "parameters": {"retry_after": one}} for one in (1, *_NONSENSE[1:])]
    _POLLS += [{"mode": "empty"}, {"mode": "drop_before"}, {"status": 500}]
# Modes after which the message may stand at the platform already.
_MAY_STAND = {"empty", "half_json", "reset_after"}


def _times(faults: list[dict[str, Any]]) -> int:
    return sum(fault.get("times", 1) for fault in faults)


def _people(world: FaultWorld, count: int) -> tuple[list[int], list[str]]:
    """So many new persons on each platform."""
    on_telegram = list(range(20_001, 20_001 + count))
    for number in on_telegram:
        world.telegram.add_user(number, f"Warga {number}")
    return on_telegram, [world.whatsapp.add_person(f"62813{n:08}", f"Warga {n}") for n in range(count)]


@pytest.mark.timeout(400)
async def test_answers_that_are_refused_spoilt_or_cut_off_reach_each_citizen_all_the_same(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    world.patience = 120
    await world.open()
    try:
        ledger = Ledger(world)
        count = max(len(_ON_TELEGRAM), len(_ON_WHATSAPP)) + 1
        on_telegram, on_whatsapp = _people(world, count)
        for fault in _POLLS:
            world.telegram.fail_next("getUpdates", **fault)
        for citizen, fault in zip(on_telegram, _ON_TELEGRAM, strict=False):
            world.telegram.fail_next("sendMessage", chat_id=citizen, **{"description": "Too Many Requests", **fault})
        for person, fault in zip(on_whatsapp, _ON_WHATSAPP, strict=False):
            world.whatsapp.fail_next(person=person, **fault)
        for fault in _IN_THE_GROUP:
            world.telegram.fail_next("sendMessage", chat_id=OFFICERS, **fault)
        world.telegram.fail_next("createForumTopic", mode="reset_after")
        ledger.say(CITIZEN, CRIES[0], FORWARDED)
        everybody: list[Who] = [*on_telegram, *on_whatsapp]
        for who in everybody:
            ledger.say(who, *QUESTIONS[0])
        await ledger.settled()

        proof = ledger.proof()
        tried = _times(_ON_TELEGRAM) + _times(_ON_WHATSAPP) + len(_POLLS) + len(_IN_THE_GROUP) + 1
        tell("429, 5xx, empty, half and no answers to sends and getUpdates", tried, proof)
        assert not proof.faults
        may_stand = [
            fault for fault in (*_ON_TELEGRAM, *_ON_WHATSAPP, *_IN_THE_GROUP) if fault.get("mode") in _MAY_STAND
        ]
        assert proof.figures["repeated"] == _times(may_stand)
        assert world.rows("select count(*) from outbound where uncertain and attempts = 1") == [(0,)]
        assert not world.telegram.failures_left("sendMessage", 429)
        assert not world.whatsapp.failures_left
    finally:
        await world.close()


def _alerts(world: FaultWorld) -> int:
    return sum("DARURAT" in text_of(message) for message in world.telegram.bot_messages(OFFICERS))


def _waiting(world: FaultWorld) -> set[str]:
    """Citizens who have something left to come."""
    return {chat for (chat,) in world.rows("select chat from outbound where state <> 'sent' and not for_group")}


def _waits(world: FaultWorld) -> list[float]:
    """Seconds that the first row of each citizen's queue has to wait."""
    now = datetime.now(UTC)
    due = world.rows("select due_at, min(id) from outbound where state = 'pending' and not for_group group by queue")
    return [(datetime.fromisoformat(one).replace(tzinfo=UTC) - now).total_seconds() for one, _ in due]


@pytest.mark.timeout(400)
async def test_person_to_whom_nothing_may_be_sent_for_an_hour_holds_up_nobody_and_the_notice_is_his_first_message(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        person = world.whatsapp.add_person("6281200000001", "Warga")
        world.telegram.fail_next("sendMessage", status=429, parameters={"retry_after": _HOUR}, chat_id=CITIZEN)
        world.whatsapp.fail_next(status=429, code=131056, retry_after=str(_HOUR), person=person)
        for who in (CITIZEN, person):
            ledger.say(who, *QUESTIONS[0])
        await world.until(lambda: world.rows("select 1 from outbound where error like 'Throttled%'") == [(1,), (1,)])
        for who in (CITIZEN, person):
            ledger.say(who, *QUESTIONS[1])
            ledger.say(who, CRIES[0 if who == CITIZEN else 1], FORWARDED)
        for who in (OTHER, world.whatsapp.add_person("6281200000002", "Warga lain")):
            ledger.say(who, *QUESTIONS[2])
            ledger.say(who, CRIES[2 if who == OTHER else 3], FORWARDED)

        # The officers hear of all four at once, the others are answered, and the two wait.
        await world.until(lambda: _alerts(world) >= 4 and _waiting(world) == {str(CITIZEN), "6281200000001"})
        await world.until(lambda: len(_waits(world)) == 4 and min(_waits(world)) > _MINUTES)
        assert not world.telegram.bot_messages(CITIZEN)
        assert not world.to_person(person)
        assert max(_waits(world)) <= _HOUR + 1

        await world.bot.stop()
        with closing(sqlite3.connect(world.folder / "tanggap.db")) as connection, connection:  # the hour is over
            connection.execute("update outbound set due_at = created_at where state = 'pending'")
        await world.start_bot()
        await ledger.settled()
        proof = ledger.proof()
        tell("429 that asks for an hour", 2, proof)
        assert not proof.faults
        assert "110" in text_of(world.telegram.bot_messages(CITIZEN)[0])
        assert "telepon 110" in str(world.to_person(person)[0].content)
    finally:
        await world.close()


@pytest.mark.timeout(400)
async def test_notice_goes_first_when_a_short_rest_is_over(tmp_path: Path, tell: Tell) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        ledger.say(CITIZEN, *QUESTIONS[5])
        await ledger.settled()
        read = len(world.telegram.bot_messages(CITIZEN))
        world.telegram.fail_next("sendMessage", status=429, parameters={"retry_after": 3}, chat_id=CITIZEN)
        for question in QUESTIONS[:3]:
            ledger.say(CITIZEN, *question)
        await world.until(lambda: world.rows("select 1 from outbound where error like 'Throttled%'"))
        ledger.say(CITIZEN, CRIES[0], FORWARDED)
        await ledger.settled()

        proof = ledger.proof()
        tell("429 that asks for seconds, and an emergency meanwhile", 1, proof)
        assert not proof.faults
        assert "telepon 110 sekarang" in text_of(world.telegram.bot_messages(CITIZEN)[read])
    finally:
        await world.close()


@pytest.mark.timeout(400)
async def test_channel_whose_token_was_revoked_stops_alone_and_goes_on_when_the_token_works(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    world.patience = 120
    await world.open()
    try:
        ledger = Ledger(world)
        on_telegram, on_whatsapp = _people(world, 3)
        for who in on_telegram:
            ledger.say(who, *QUESTIONS[0])
        world.telegram.fail_next("*", status=401, description="Unauthorized", times=10**6)
        await world.telegram.wait_for(lambda sandbox: any(call.status == 401 for call in sandbox.calls))
        for who in on_telegram:
            ledger.say(who, *QUESTIONS[1])
        for person in on_whatsapp:  # the other channel
            ledger.say(person, *QUESTIONS[0])
            await world.told_on_whatsapp(person, QUESTIONS[0][1])
        await world.bot.stop()
        await world.start_bot()
        refused = sum(call.status == 401 for call in world.telegram.calls)
        world.telegram.repair()
        await ledger.settled()

        proof = ledger.proof()
        tell("a token that was revoked", refused, proof)
        assert refused < 200  # it rests between its tries
        assert not proof.faults
    finally:
        await world.close()
