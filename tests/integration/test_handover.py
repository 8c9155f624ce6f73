"""A shift is handed over, and what somebody held is given back."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from chatbot.channels.base import Standing
from chatbot.core.message import Inbound, Kind
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.desk import Desk
from chatbot.services.dialogue import Dialogue
from chatbot.store.duty_tables import DutyRow
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import COLLEAGUE, NAMES, OFFICER, DeskBench
from tests.integration.duty_bench import (
    HEAD,
    holders,
    new,
    presses,
    says,
    shifts,
    three_taken,
    under_a_head,
)

# Taking over


async def test_next_on_duty_takes_over_everything_and_it_is_in_the_audit_trail(bench: DeskBench) -> None:
    numbers = await three_taken(bench)
    await bench.officer("/piket masuk")
    await bench.officer("/piket keluar")
    assert "Hanya petugas piket" in (await presses(bench, "d:handover:1", COLLEAGUE))[0]

    await bench.officer("/piket masuk", COLLEAGUE)
    told = await presses(bench, "d:handover:1", COLLEAGUE)
    assert any(f"Petugas 2 menerima 3 aduan dari Petugas 1: #{', #'.join(numbers)}." in text for text in told)
    assert await holders(bench) == ["Petugas 2"] * 3
    for ticket_id in (1, 2, 3):
        event = (await bench.store.read(partial(events_of, ticket_id)))[-1]
        assert event == ("assigned", str(COLLEAGUE))
        row = (await bench.store.read(partial(audit_of, ticket_id)))[-1]
        assert f'"before":"{OFFICER}"' in row
    assert (await bench.store.read(lambda uow: uow.audit.verify())).broken == []

    await bench.officer("/piket masuk")
    told = await presses(bench, "d:handover:1", COLLEAGUE)
    assert any("Petugas 1 piket lagi" in text for text in told)


def events_of(ticket_id: int, uow: UnitOfWork) -> list[tuple[str, str]]:
    return [(event.event, event.actor) for event in uow.events(ticket_id)]


def audit_of(ticket_id: int, uow: UnitOfWork) -> list[str]:
    return [row.detail for row in uow.audit.of_ticket(ticket_id)]


async def test_ticket_that_somebody_took_before_is_not_taken_over(bench: DeskBench) -> None:
    numbers = await three_taken(bench)
    await bench.officer("/piket masuk")
    await bench.officer("/piket keluar")
    await bench.press("d:takeover:1", COLLEAGUE)
    await bench.officer(f"/tutup #{numbers[1]} Selesai")
    await bench.officer("/piket masuk", COLLEAGUE)

    told = await presses(bench, "d:handover:1", COLLEAGUE)
    assert any(f"menerima 1 aduan dari Petugas 1: #{numbers[2]}." in text for text in told)
    assert any("Sudah diterima Petugas 2" in text for text in await presses(bench, "d:handover:1", COLLEAGUE))


@pytest.mark.parametrize("payload", ["d:handover:1", "d:handover:99"])
async def test_press_for_a_shift_that_goes_on_or_never_was_changes_nothing(bench: DeskBench, payload: str) -> None:
    await three_taken(bench)
    await bench.officer("/piket masuk")
    await bench.officer("/piket masuk", COLLEAGUE)
    told = await presses(bench, payload, COLLEAGUE)

    assert any("Tidak ada aduan yang perlu diserahterimakan" in text for text in told)
    assert await holders(bench) == ["Petugas 1"] * 3


async def test_of_two_who_press_at_once_one_takes_all_and_the_other_is_told_who(
    postgres_url: str, tmp_path: Path
) -> None:
    stores = [Store(postgres_url), Store(postgres_url)]
    for store in stores:
        store.open()
    try:
        bench = DeskBench(stores[0], tmp_path)
        await three_taken(bench)
        await bench.store.write(lambda uow: end_one(bench, uow))
        for who in NAMES:
            await bench.officer("/piket masuk", who)
        both = threading.Barrier(2)
        told = await new(
            bench,
            lambda: asyncio.gather(
                *(
                    store.write(partial(press_at_once, bench, both, who))
                    for store, who in zip(stores, NAMES, strict=True)
                )
            ),
        )

        winner = (await holders(bench))[0]
        assert await holders(bench) == [winner] * 3
        assert sum(f"{winner} menerima 3 aduan" in text for text in told) == 2  # to who pressed, and to the group
        assert sum(f"Sudah diterima {winner}" in text for text in told) == 1
        assigned = [
            [actor for event, actor in await bench.store.read(partial(events_of, number)) if event == "assigned"]
            for number in (1, 2, 3)
        ]
        assert [len(one) for one in assigned] == [2, 2, 2]  # by who held it, and by who took it over
        assert (await bench.store.read(lambda uow: uow.audit.verify())).broken == []
    finally:
        for store in stores:
            store.close()


def end_one(bench: DeskBench, uow: UnitOfWork) -> None:
    """The shift of an officer who held three tickets is over, under another id than those who press."""
    for ticket in uow.tickets.open_in(OFFICERS):
        ticket.officer_id, ticket.officer_name = "900", "Petugas 0"
    hour = timedelta(hours=1)
    row = DutyRow(chat=OFFICERS, officer_id="900", officer_name="Petugas 0", since=bench.now - hour, until=bench.now)
    row.ended_at = bench.now
    uow.add(row)


def press_at_once(bench: DeskBench, both: threading.Barrier, who: int, uow: UnitOfWork) -> None:
    uow.duty.held(OFFICERS, "900")  # both have seen the tickets before one of them changes any
    both.wait(30)
    dialogue = Dialogue(uow, bench.office, bench.now)
    acts = Acts(uow, bench.office, bench.now, dialogue, bench.respond.reread)
    arrival = Arrival(uow, bench.office, bench.now, acts, bench.folder)
    press = Inbound(
        channel="telegram",
        account="7",
        external_id=f"update:{who}",
        at=bench.now,
        kind=Kind.PRESS,
        chat=OFFICERS,
        private=False,
        author=str(who),
        author_name=NAMES[who],
        choice="d:handover:1",
        press_id=str(who),
    )
    Desk(uow, bench.office, Standing.MEMBER, bench.now, acts, arrival).handle(press, 0)


# Giving back


async def test_officer_gives_back_everything_at_once(bench: DeskBench) -> None:
    numbers = await three_taken(bench)
    await bench.press("d:takeover:3", COLLEAGUE)
    (told,) = await says(bench, "/lepas semua")

    assert f"2 aduan dilepas dan dapat diambil petugas lain: #{numbers[0]}, #{numbers[1]}." in told
    assert await holders(bench) == ["", "", "Petugas 2"]
    assert (await bench.store.read(partial(events_of, 1)))[-1] == ("released", str(OFFICER))
    assert "tidak memegang aduan" in (await says(bench, "/lepas semua"))[0]


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_what_an_officer_held_who_left_is_free_and_the_group_is_told(bench: DeskBench, status: str) -> None:
    under_a_head(bench)
    numbers = await three_taken(bench)
    await bench.officer("/piket masuk")
    told = await new(bench, partial(bench.leave, OFFICER, status))

    assert len(told) == 2
    assert "Petugas 1 keluar dari grup ini" in told[0]
    assert f"#{', #'.join(numbers)}." in told[0]
    assert "Tidak ada petugas piket sekarang" in told[0]
    assert told[1].startswith(HEAD)
    assert await holders(bench) == ["", "", ""]
    assert (await bench.store.read(partial(events_of, 1)))[-1] == ("released", "desk")
    assert [shift.ended_at for shift in await shifts(bench)] == [bench.now]
    assert (await bench.store.read(lambda uow: uow.audit.verify())).broken == []
    assert not [text for text in await bench.later(8 * 60) if "selesai piket" in text]


async def test_nothing_is_said_of_a_member_who_leaves_with_empty_hands(bench: DeskBench) -> None:
    await three_taken(bench)
    assert await new(bench, partial(bench.leave, COLLEAGUE)) == []
    assert await holders(bench) == ["Petugas 1"] * 3
