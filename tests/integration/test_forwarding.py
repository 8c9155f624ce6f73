"""A ticket goes to another unit: which one is meant, what goes along, who hears of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.core.complaint import MEMBERS
from chatbot.core.region import Unit
from chatbot.core.ticket import TicketStatus
from chatbot.services.region_live import leave_others
from chatbot.store.store import Store
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench

POLSEK, SUKAMAJU, PROPAM, TOP = "-301", "-302", "-303", "-304"


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> DeskBench:
    bench = DeskBench(store, tmp_path)
    spkt = replace(bench.office.plan.region.default, superior="kapolres")
    units = (
        spkt,
        Unit("kapolres", "Kapolres", TOP),
        Unit("polsek", "Polsek", POLSEK, superior="kapolres"),
        Unit("polsek-sukamaju", "Polsek Sukamaju", SUKAMAJU, superior="kapolres"),
        Unit("propam", "Propam", PROPAM, members=True, superior="kapolres"),
    )
    bench.office.plan.take(replace(bench.office.plan.region, units=units))
    return bench


async def ticket(bench: DeskBench) -> TicketRow:
    def first(uow: UnitOfWork) -> TicketRow:
        found = uow.ticket(1)
        assert found
        return found

    return await bench.store.read(first)


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("polsek wilayahnya sana", "polsek"),
        ("polsek-sukamaju wilayahnya sana", "polsek-sukamaju"),
        ("Polsek Sukamaju: wilayahnya sana", "polsek-sukamaju"),
        ("POLSEK, wilayahnya sana", "polsek"),
    ],
)
async def test_longest_name_that_fits_is_the_unit_that_is_meant(bench: DeskBench, said: str, unit: str) -> None:
    number = await bench.complain()
    await bench.officer(f"/teruskan #{number} {said}")

    assert ((await ticket(bench)).unit, (await ticket(bench)).status) == (unit, TicketStatus.FORWARDED)
    assert any("Alasan: wilayahnya sana" in text for text in await bench.texts())


@pytest.mark.parametrize("said", ["polseksukamaju", "polsek-lain alasan", "satlantas"])
async def test_name_that_is_no_units_moves_nothing(bench: DeskBench, said: str) -> None:
    number = await bench.complain()
    await bench.officer(f"/teruskan #{number} {said}")
    assert (await ticket(bench)).chat == OFFICERS
    assert any("Satuan itu tidak dikenal" in text for text in await bench.texts())


async def test_unit_that_has_it_already_is_named(bench: DeskBench) -> None:
    number = await bench.complain()
    own = (await ticket(bench)).unit
    await bench.officer(f"/teruskan #{number} {own}")
    assert any("Aduan ini sudah di" in text for text in await bench.texts())


async def test_notes_and_answers_go_along_but_not_what_was_taken_back(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/catat #{number} pelapor pernah ke sini")
    await bench.officer(f"/jawab #{number} kami periksa")
    await bench.officer(f"/jawab #{number} saksi bernama rahasia")
    await bench.officer("/batal")
    await bench.officer(f"/teruskan #{number} polsek")

    there = [text for text in await bench.texts() if text.startswith(f"{POLSEK}: ")]
    assert any("pelapor pernah ke sini" in text and "kami periksa" in text for text in there)
    assert not any("rahasia" in text for text in there)


async def test_live_emergency_is_raised_anew_where_it_goes(bench: DeskBench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    number = (await ticket(bench)).number
    await bench.officer(f"/ambil #{number}")
    await bench.officer(f"/teruskan #{number} polsek")

    assert any(text.startswith(f"{POLSEK}: ") and "DARURAT" in text for text in await bench.texts())
    assert (await ticket(bench)).alert_pressed_at is None
    again = await bench.later(2.5)
    assert any("belum diambil" in text for text in again)


async def test_members_matter_is_warned_of_in_propams_group_alone(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/teruskan #{number} propam ada oknum")
    assert (await ticket(bench)).category == MEMBERS

    told = await bench.later(60 * 24 * 60)
    assert told
    assert {text.partition(":")[0] for text in told} == {PROPAM}


async def test_warnings_begin_anew_where_it_goes_and_each_is_said_once(bench: DeskBench) -> None:
    number = await bench.complain()
    assert any("jatuh tempo sekarang" in text for text in await bench.later(8 * 60 + 1))
    assert (await ticket(bench)).clock_said
    await bench.officer(f"/teruskan #{number} propam")
    assert (await ticket(bench)).clock_said == ""

    told = [text for _ in range(20) for text in await bench.later(12 * 60) if "jawaban pertama" in text]
    assert {text.partition(":")[0] for text in told} == {PROPAM}
    assert len([text for text in told if "jatuh tempo sekarang" in text]) == 1


async def test_closed_members_matter_leaves_a_group_that_is_not_theirs_any_more(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/teruskan #{number} propam")
    region = bench.office.plan.region
    units = tuple(replace(unit, group="-309") if unit.members else unit for unit in region.units)
    bench.office.plan.take(replace(region, units=units))
    await bench.store.write(lambda uow: leave_others(bench.office, uow))

    assert (await ticket(bench)).chat == ""
    told = await bench.later(1)
    assert any(text.startswith("-309: ") for text in told)
    assert not any(text.startswith(f"{PROPAM}: ") for text in told)


async def test_second_cry_goes_to_the_unit_that_has_the_alert(bench: DeskBench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    number = (await ticket(bench)).number
    await bench.officer(f"/teruskan #{number} polsek")
    before = len(await bench.texts())
    await bench.hear(text="tolong cepat malingnya masuk kamar bawa golok")

    there = [text.partition(": ")[0] for text in (await bench.texts())[before:] if "masuk kamar" in text]
    assert there == [POLSEK]
    assert await bench.store.read(lambda uow: uow.ticket(2)) is None


async def test_note_that_an_edited_answer_became_goes_along_with_its_own_words(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/jawab #{number} saksi bernama rahasia")
    for text in (f"/jawab #{number} saksi bernama rahasiaa", f"/catat #{number} tanyakan ke RT"):
        await bench.officer(text, update="edited_message", message_id=said, edit_date=1)
    await bench.officer(f"/teruskan #{number} polsek")

    there = [text for text in await bench.texts() if text.startswith(f"{POLSEK}: ")]
    assert any("tanyakan ke RT" in text for text in there)
    assert not any("rahasia" in text for text in there)
