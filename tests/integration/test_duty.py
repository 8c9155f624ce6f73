"""The duty roster on a real database: who is on duty, what a shift leaves, and who takes it over."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatbot.services.acts import Acts
from chatbot.services.dialogue import Dialogue
from chatbot.services.duty import Roster
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import COLLEAGUE, NAMES, OFFICER, DeskBench
from tests.integration.duty_bench import (
    HEAD,
    STRANGER,
    new,
    presses,
    says,
    sent,
    shifts,
    three_taken,
    under_a_head,
)

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
