"""The duty roster on a real database: who is on duty, what a shift leaves, and who takes it over."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.base import Standing
from chatbot.core.message import Inbound, Kind, Outbound
from chatbot.core.region import Unit
from chatbot.services.acts import Acts
from chatbot.services.desk import Desk
from chatbot.services.dialogue import Dialogue
from chatbot.services.duty import Roster
from chatbot.services.effects import Effects
from chatbot.services.outgoing import payload_of
from chatbot.store.duty_tables import DutyRow
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, behind
from tests.integration.desk_bench import COLLEAGUE, NAMES, OFFICER, DeskBench

HEAD = "-900"  # the group of the unit above
STRANGER = 903


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> DeskBench:
    return DeskBench(store, tmp_path)


async def new(bench: DeskBench, step: Callable[[], Any]) -> list[str]:
    """The texts that a step leads to, each with where it goes."""
    before = await bench.texts()
    await step()
    return [text for text in (await bench.texts())[len(before) :] if not text.endswith(": ")]


async def says(bench: DeskBench, text: str, who: int = OFFICER) -> list[str]:
    return await new(bench, partial(bench.officer, text, who))


async def presses(bench: DeskBench, choice: str, who: int = OFFICER) -> list[str]:
    return await new(bench, partial(bench.press, choice, who))


async def sent(bench: DeskBench) -> list[Outbound]:
    return [payload_of(row) for row in await bench.store.write(behind)]


def shifts_in(uow: UnitOfWork) -> list[DutyRow]:
    return [row for number in range(1, 10) if (row := uow.duty.shift(number))]


async def shifts(bench: DeskBench) -> list[DutyRow]:
    return await bench.store.read(shifts_in)


def holders_in(uow: UnitOfWork) -> list[str]:
    return [ticket.officer_name for ticket in uow.tickets.open_in(OFFICERS)]


async def holders(bench: DeskBench) -> list[str]:
    return await bench.store.read(holders_in)


async def three_taken(bench: DeskBench) -> list[str]:
    """Three tickets that the officer holds; their numbers as they are spoken."""
    for person in (601, 602, 603):
        chat: dict[str, Any] = {"id": person, "type": "private", "first_name": "Warga"}
        sender: dict[str, Any] = {"chat": chat, "from": {**chat, "is_bot": False}}
        await bench.complain(**sender)
    found = await bench.store.read(lambda uow: [ticket.number for ticket in uow.tickets.open_in(OFFICERS)])
    for number in found:
        await bench.officer(f"/ambil #{number}")
    return [f"{number[:3]}-{number[3:6]}-{number[6:]}" for number in found]


def under_a_head(bench: DeskBench) -> None:
    """The officers' unit gets a superior with a group of its own."""
    region = bench.office.plan.region
    units = tuple(replace(unit, superior="head") if unit.default else unit for unit in region.units)
    bench.office.plan.take(replace(region, units=(*units, Unit("head", "Kapolres Contoh", HEAD))))


# Who is on duty


async def test_roster_shows_who_is_on_duty_since_when_and_what_each_holds(bench: DeskBench) -> None:
    assert "Tidak ada petugas piket" in (await says(bench, "/piket"))[0]
    await three_taken(bench)
    await bench.officer("/piket masuk")
    await presses(bench, "duty:on", COLLEAGUE)

    shown = (await says(bench, "/piket"))[0]
    assert "Petugas 1: sejak 24 November 2026 08.00 WIB, sampai 24 November 2026 16.00 WIB, memegang 3" in shown
    assert "Petugas 2: sejak 24 November 2026 08.00 WIB, sampai 24 November 2026 16.00 WIB, memegang 0" in shown
    assert [choice.payload for choice in (await sent(bench))[-1].choices] == ["duty:on", "duty:off"]


async def test_shift_that_is_announced_is_shown_as_the_next_and_begins_by_itself(bench: DeskBench) -> None:
    told = await says(bench, "/piket masuk 20.00-06.00", COLLEAGUE)
    assert "mulai 24 November 2026 20.00 WIB sampai 25 November 2026 06.00 WIB" in told[0]
    shown = (await says(bench, "/piket"))[0]
    assert "Tidak ada petugas piket" in shown
    assert "Berikutnya: Petugas 2, mulai 24 November 2026 20.00 WIB" in shown

    await bench.later(12 * 60)
    assert "Petugas 2: sejak" in (await says(bench, "/piket"))[0]
    assert any("Petugas 2 selesai piket" in text for text in await bench.later(10 * 60))


async def test_announced_shift_can_be_taken_back_and_nothing_is_handed_over(bench: DeskBench) -> None:
    await bench.officer("/piket masuk 20.00-06.00")
    assert "dibatalkan" in (await says(bench, "/piket keluar"))[0]
    assert await bench.later(24 * 60) == []


async def test_shift_may_end_past_midnight_and_is_made_longer_by_saying_it_again(bench: DeskBench) -> None:
    bench.now += timedelta(hours=13)  # 21.00 WIB
    assert "sampai 25 November 2026 05.00 WIB" in (await says(bench, "/piket masuk"))[0]
    bench.now += timedelta(hours=1)
    assert "sampai 25 November 2026 07.00 WIB" in (await says(bench, "/piket masuk 07.00"))[0]

    (shift,) = await shifts(bench)
    assert (shift.since, shift.until) == (bench.now - timedelta(hours=1), bench.now + timedelta(hours=9))
    assert await bench.later(8 * 60) == []


@pytest.mark.parametrize("text", ["/piket masuk nanti", "/piket masuk 25.00", "/piket besok", "/piket masuk 20.00 WIT"])
async def test_nonsense_is_refused_with_an_example(bench: DeskBench, text: str) -> None:
    (told,) = await says(bench, text)
    assert "/piket masuk 20.00" in told
    assert await shifts(bench) == []


async def test_only_members_are_on_duty(bench: DeskBench) -> None:
    await says(bench, "/piket masuk", STRANGER)
    assert await shifts(bench) == []
    assert "tidak sedang piket" in (await says(bench, "/piket keluar"))[0]


async def test_name_of_an_officer_is_cut_and_inert(bench: DeskBench) -> None:
    name = "<b>@semua</b> " + "x" * 100
    sender: dict[str, Any] = {"from": {"id": OFFICER, "is_bot": False, "first_name": name}}
    told = await new(bench, lambda: bench.officer("/piket masuk", **sender))
    (shift,) = await shifts(bench)

    assert shift.officer_name == name[:64]
    assert "&lt;b&gt;@\N{WORD JOINER}semua" in told[0]


async def test_group_that_moves_takes_its_roster_along(bench: DeskBench) -> None:
    await bench.officer("/piket masuk")
    await bench.store.write(lambda uow: uow.groups.move_chat(OFFICERS, "-200"))

    assert [shift.chat for shift in await shifts(bench)] == ["-200"]


async def test_officer_on_the_new_groups_roster_already_stays_there_as_announced(bench: DeskBench) -> None:
    await bench.officer("/piket masuk")
    await bench.officer("/piket masuk", COLLEAGUE)
    hour = timedelta(hours=1)
    await bench.store.write(
        lambda uow: uow.duty.begin("-200", str(OFFICER), "Petugas 1", bench.now + hour, bench.now + 2 * hour)
    )
    await bench.store.write(lambda uow: uow.groups.move_chat(OFFICERS, "-200"))

    there = await bench.store.read(lambda uow: uow.duty.now("-200", bench.now))
    assert [shift.officer_name for shift in there] == ["Petugas 2"]
    assert (await bench.store.read(lambda uow: uow.duty.next("-200", bench.now))) is not None
    told = await bench.later(24 * 60)
    assert len(told) == 2
    assert all(text.startswith("-200: ") for text in told)


# Who is named


async def test_alert_that_nobody_pressed_names_those_on_duty_and_else_the_administrators(bench: DeskBench) -> None:
    await bench.officer("/piket masuk")
    await bench.officer("/piket masuk", COLLEAGUE)
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    await bench.later(2.5)

    again = next(one for one in await sent(bench) if "belum diambil" in one.text)
    assert [(one.id, one.name) for one in again.mentions] == [(str(who), name) for who, name in NAMES.items()]
    assert not again.mention_admins


async def test_warning_of_a_clock_names_those_on_duty(bench: DeskBench) -> None:
    await bench.officer("/piket masuk", COLLEAGUE)
    await bench.complain()  # a crime: 8 hours to the first answer
    await bench.later(7 * 60)
    warning = (await sent(bench))[-1]

    assert "jatuh tempo" in warning.text
    assert [one.name for one in warning.mentions] == ["Petugas 2"]


# The end of a shift


async def test_shift_that_ends_by_command_leaves_one_summary(bench: DeskBench) -> None:
    numbers = await three_taken(bench)
    await bench.officer(f"/jawab #{numbers[0]} Kami periksa")
    await bench.officer(f"/tanya #{numbers[1]} Apa nomor polisinya?")
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    await bench.officer("/piket masuk")
    await bench.officer("/piket masuk", COLLEAGUE)

    (summary,) = await says(bench, "/piket keluar")
    assert "Petugas 1 selesai piket" in summary
    assert "Masih dipegang: 3 aduan" in summary
    answered, asked, taken = (next(line for line in summary.split("\n") if f"• #{one}" in line) for one in numbers)
    assert "Kejahatan · Ditangani · 11 Desember 2026 16.00 WIB" in answered
    assert "Menunggu keterangan warga · tanpa batas waktu" in asked
    assert "24 November 2026 16.00 WIB" in taken
    alert = (await bench.store.read(lambda uow: uow.tickets.open_in(OFFICERS)))[-1].number
    alert = f"#{alert[:3]}-{alert[3:6]}-{alert[6:]}"
    assert f"Belum dijawab: #{numbers[2]}, {alert}" in summary
    assert f"berlangsung: {alert}" in summary
    assert "Tidak ada petugas piket" not in summary

    last = (await sent(bench))[-1]
    assert [choice.payload for choice in last.choices] == ["d:handover:1"]
    assert [one.name for one in last.mentions] == ["Petugas 2"]
    assert "tidak sedang piket" in (await says(bench, "/piket keluar"))[0]


async def test_shift_that_ends_by_time_names_what_is_overdue(bench: DeskBench) -> None:
    numbers = await three_taken(bench)
    await bench.officer("/piket masuk")
    await bench.officer(f"/jawab #{numbers[0]} Kami periksa")
    told = [text for text in await bench.later(8 * 60) if "selesai piket" in text]

    assert len(told) == 1
    assert f"Lewat batas waktu: #{numbers[1]}, #{numbers[2]}" in told[0]
    assert "Tidak ada petugas piket sekarang" in told[0]
    assert not [text for text in await bench.later(1) if "selesai piket" in text]


async def test_another_shift_that_is_announced_does_not_swallow_the_summary_of_one_that_is_over(
    bench: DeskBench,
) -> None:
    await bench.officer("/piket masuk 8 jam")
    assert "Anda sedang piket sampai" in (await says(bench, "/piket masuk 22.00-06.00"))[0]
    bench.now += timedelta(hours=8)
    told = await says(bench, "/piket masuk 22.00-06.00")

    assert ["selesai piket" in text for text in told] == [True, False]
    assert "mulai 24 November 2026 22.00 WIB" in told[1]
    assert await bench.later(1) == []


async def test_shift_that_two_end_at_once_leaves_one_summary(postgres_url: str, tmp_path: Path) -> None:
    stores = [Store(postgres_url), Store(postgres_url)]
    for store in stores:
        store.open()
    try:
        bench = DeskBench(stores[0], tmp_path)
        await bench.officer("/piket masuk")
        bench.now += timedelta(hours=8)
        both = threading.Barrier(2)
        told = await new(
            bench, lambda: asyncio.gather(*(store.write(partial(end_at_once, bench, both)) for store in stores))
        )
        assert len(told) == 1
    finally:
        for store in stores:
            store.close()


def end_at_once(bench: DeskBench, both: threading.Barrier, uow: UnitOfWork) -> None:
    assert uow.duty.over(bench.now)
    both.wait(30)
    acts = Acts(uow, bench.office, bench.now, Dialogue(uow, bench.office, bench.now), bench.respond.reread)
    Roster(uow, bench.office, bench.now, acts).over(1)


async def test_shift_that_leaves_nothing_has_no_button(bench: DeskBench) -> None:
    await bench.officer("/piket masuk")
    (summary,) = await presses(bench, "duty:off")
    assert "Tidak ada aduan yang dipegang" in summary
    assert (await sent(bench))[-1].choices == ()


async def test_unit_above_hears_once_that_nobody_is_on_duty(bench: DeskBench) -> None:
    under_a_head(bench)
    await bench.officer("/piket masuk")
    await bench.officer("/piket masuk", COLLEAGUE)
    told = await bench.later(8 * 60)
    assert sum("selesai piket" in text for text in told) == 2
    assert [text for text in told if text.startswith(HEAD)] == [
        f"{HEAD}: ⚠ Polres Contoh: tidak ada petugas piket sekarang. Aduan terbuka: 0."
    ]

    await bench.later(1)
    await bench.officer("/piket masuk 2 jam")
    assert [text for text in await bench.later(2 * 60) if text.startswith(HEAD)]


async def test_unit_above_hears_nothing_while_a_colleague_is_on_duty(bench: DeskBench) -> None:
    under_a_head(bench)
    await bench.officer("/piket masuk")
    await bench.officer("/piket masuk 12 jam", COLLEAGUE)
    assert not [text for text in await bench.later(9 * 60) if text.startswith(HEAD)]


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
    effects = Effects(uow, bench.office, dialogue, acts, bench.folder, bench.now)
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
    Desk(uow, bench.office, {(OFFICERS, str(who)): Standing.MEMBER}, bench.now, acts, effects).handle(press, 0)


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
