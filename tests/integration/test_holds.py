"""Legal holds: who sets and lifts them, what is written down, and what the citizen reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatbot.core.ticket import spoken
from chatbot.services.outgoing import payload_of
from tests.integration.desk_bench import CHIEF, OFFICER, DeskBench
from tests.integration.erasure_bench import ME, MINE, PERIOD, all_sent, asks, everything, keep_for, sent, story


@pytest.mark.parametrize(
    ("who", "command", "words", "held"),
    [
        (CHIEF, "/tahan gugatan praperadilan", "ditahan untuk proses hukum", True),
        (CHIEF, "/tahan", "paling sedikit 10 huruf", False),
        (OFFICER, "/tahan gugatan praperadilan", "Hanya admin grup ini", False),
        (CHIEF, "/lepas-tahan", "tidak ditahan", False),
        (CHIEF, "/lepas tahan", "tidak ditahan", False),
    ],
)
async def test_administrators_hold_a_ticket_for_a_reason(
    bench: DeskBench, who: int, command: str, words: str, held: bool
) -> None:
    number = await bench.complain()
    verb, _, rest = command.partition(" ")
    if rest == "tahan":
        verb, rest = command, ""
    await bench.officer(f"{verb} #{number} {rest}", who)
    rows = [payload_of(row).text for row in await sent(bench) if row.for_group]
    row = await bench.store.read(lambda uow: uow.ticket(1))
    assert row
    assert row.legal_hold is held
    assert [said for said in rows if words in said]


async def test_hold_and_its_end_stand_in_history_trail_and_card(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tahan #{number} gugatan praperadilan", CHIEF)
    await bench.officer(f"/tahan #{number} gugatan praperadilan", CHIEF)
    await bench.officer(f"/hold #{number}", OFFICER)
    await bench.officer(f"/lepas-tahan #{number} perkara selesai", CHIEF)
    events = await bench.store.read(lambda uow: [(one.event, one.text) for one in uow.events(1)][1:])
    acts = await bench.store.read(lambda uow: [(row.act, row.actor) for row in uow.audit.of_ticket(1)][1:])

    assert events == [("hold_set", "gugatan praperadilan"), ("hold_lifted", "perkara selesai")]
    assert acts == [("hold_set", str(CHIEF)), ("refused", str(OFFICER)), ("hold_lifted", str(CHIEF))]


async def test_citizen_reads_that_a_held_ticket_stays(bench: DeskBench) -> None:
    keep_for(bench)
    number = await story(bench, MINE, 1, **ME)
    await bench.officer(f"/tahan #{number} gugatan praperadilan", CHIEF)
    all_sent(bench)
    bench.now += timedelta(days=PERIOD + 1)
    said = await asks(bench, "3", "ya", **ME)
    assert f"<b>{spoken(number)}</b>: diperlukan dalam proses hukum (UU 27/2022)" in said[-1]
    assert "praperadilan" not in "".join(said)
    assert MINE in everything(bench.store)
