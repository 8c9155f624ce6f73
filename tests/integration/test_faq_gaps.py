"""Questions that the FAQ does not answer: what is kept of them, who hears of them, and when they are forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from chatbot.channels.base import Standing, plain
from chatbot.core.message import Inbound, Kind
from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import parse, render
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.desk import Desk
from chatbot.services.dialogue import Dialogue
from chatbot.services.retention import Retention
from chatbot.store.faq_tables import FaqGapRow
from chatbot.store.store import Store
from chatbot.store.tables import RecordRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, Bench

ADMINS = "-300"
ADMIN = "9"
DRONE = "apakah menerbangkan drone perlu izin?"
MONDAY = datetime.fromisoformat("2026-11-30T08:00:00+07:00")


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path, ADMINS)


def rows_of(uow: UnitOfWork, table: type[SQLModel]) -> list[Any]:
    return [row for number in range(1, 400) if (row := uow._session.get(table, number))]


async def gaps(bench: Bench) -> list[FaqGapRow]:
    return await bench.store.read(lambda uow: rows_of(uow, FaqGapRow))


def fill(uow: UnitOfWork, *rows: SQLModel) -> None:
    for row in rows:
        uow.add(row)


async def keep(bench: Bench, *rows: SQLModel) -> None:
    await bench.store.write(lambda uow: fill(uow, *rows))


def gap(bench: Bench, text: str, offered: str = "", *, days_old: int = 0) -> FaqGapRow:
    return FaqGapRow(text=text, locale="id", offered=offered, at=bench.now - timedelta(days=days_old))


def desk_unit(bench: Bench, text: str, chat: str, uow: UnitOfWork) -> None:
    message = Inbound(
        external_id="1",
        channel="telegram",
        account="7",
        kind=Kind.TEXT,
        at=bench.now,
        chat=chat,
        message_id="77",
        author=ADMIN,
        text=text,
        private=False,
    )
    dialogue = Dialogue(uow, bench.office, bench.now)
    acts = Acts(uow, bench.office, bench.now, dialogue, bench.respond.reread)
    arrival = Arrival(uow, bench.office, bench.now, acts, bench.folder)
    Desk(uow, bench.office, Standing.MEMBER, bench.now, acts, arrival).handle(message, 1)


async def told(bench: Bench, text: str, chat: str = ADMINS) -> list[str]:
    """What the group reads after a message of an admin in it."""
    before = await bench.texts()
    await bench.store.write(partial(desk_unit, bench, text, chat))
    return [plain(said.removeprefix(f"{chat}: ")) for said in (await bench.texts())[len(before) :]]


async def test_question_without_an_answer_is_kept_without_names_numbers_and_who_asked(bench: Bench) -> None:
    await bench.hear(text="nama saya Budi Santoso 081234567890, apakah menerbangkan drone perlu izin?")
    (row,) = await gaps(bench)
    assert row.text == "nama saya …, apakah menerbangkan drone perlu izin?"
    assert row.locale == "id"
    assert row.at.astimezone(bench.office.timezone).strftime("%H:%M:%S.%f") == "00:00:00.000000"
    assert not {"contact_id", "inbound_id", "address"} & set(FaqGapRow.model_fields)


async def test_chat_insult_report_and_what_is_about_members_is_not_kept(bench: Bench) -> None:
    for text in (
        "halo",
        "kamu lagi apa?",
        "dasar bot goblok ditanya apa jawabnya apa",
        "anak saya baru lulus sma",
        "kenapa oknum polisi minta uang damai ke saya?",
        "bagaimana caranya?",
        "tolong ada maling masuk rumah bawa golok",
    ):
        await bench.hear(text=text)
    assert await gaps(bench) == []


async def test_offer_is_a_gap_that_goes_when_one_of_it_is_chosen_and_another_persons_stays(bench: Bench) -> None:
    question = "apakah sim bisa ganti warna kartunya"
    other = {"id": 502, "type": "private", "first_name": "Tetangga"}
    neighbour: dict[str, Any] = {"chat": other, "from": {**other, "is_bot": False}}
    await bench.hear(text=question)
    await bench.hear(text=question, **neighbour)
    first, second = await gaps(bench)
    assert first.offered
    assert (first.text, first.offered, first.at) == (second.text, second.offered, second.at)

    await bench.hear(text="1")
    assert len(await gaps(bench)) == 1
    records = [row for row in await bench.store.read(lambda uow: rows_of(uow, RecordRow)) if row.fact == "faq_chosen"]
    assert records[0].detail == f"{first.offered.split()[0]} {first.offered}"
    await bench.hear(text="2")
    assert len(await gaps(bench)) == 1


async def test_admins_read_the_groups_with_what_was_offered_and_the_entries_that_failed(bench: Bench) -> None:
    await keep(
        bench,
        *(gap(bench, text) for text in (DRONE, "izin terbang drone gimana", DRONE)),
        gap(bench, "harga bakso <b> berapa @semua", "sim-biaya sim-baru"),
        gap(bench, "dulu sekali drone", days_old=9),
        *(RecordRow(fact="faq_unhelpful", detail="skck-syarat", at=bench.now) for _ in range(3)),
        RecordRow(fact="faq_helpful", detail="skck-syarat", at=bench.now),
        RecordRow(fact="faq_chosen", detail="sim-baru sim-biaya sim-baru", at=bench.now),
        RecordRow(fact="faq_unhelpful", detail="sim-lama", at=bench.now - timedelta(days=9)),
    )
    (said,) = await told(bench, "/faq celah")
    lines = said.splitlines()
    assert "4 pertanyaan, 2 pokok" in lines[0]
    assert lines[1] == f"1. {DRONE} (3 kali)"
    assert lines[2].startswith("2. harga bakso <b> berapa @")
    assert "@semua" not in lines[2]
    assert "sim-baru, sim-biaya" in lines[2]
    assert "/faq celah 1" in said
    assert "skck-syarat: tidak membantu 3 dari 4 penilaian; dilewati 0 dari 0 tawaran" in lines
    assert "sim-biaya: tidak membantu 0 dari 0 penilaian; dilewati 1 dari 1 tawaran" in lines
    assert "sim-lama" not in said
    assert await told(bench, "/faq gaps") == [said]


async def test_at_most_ten_groups_and_five_entries_are_listed(bench: Bench) -> None:
    topics = "bakso rendang gurame sepatu kulkas payung ember sapu kasur bantal lemari jendela".split()
    await keep(bench, *(gap(bench, f"harga {topic} berapa") for topic in topics))
    await keep(bench, *(RecordRow(fact="faq_unhelpful", detail=f"entri-{n}", at=bench.now) for n in range(7)))
    (said,) = await told(bench, "/faq celah")
    assert "\n10. " in said
    assert "\n11. " not in said
    assert said.count("tidak membantu 1 dari 1") == 5


async def test_without_gaps_a_friendly_line_is_said_and_another_group_is_sent_to_the_admins(bench: Bench) -> None:
    (said,) = await told(bench, "/faq celah")
    assert "Terima kasih" in said
    (said,) = await told(bench, "/faq celah", OFFICERS)
    assert "grup admin" in said


async def test_draft_is_an_entry_once_the_admin_completes_it(bench: Bench) -> None:
    await keep(
        bench, *(gap(bench, text) for text in (DRONE, DRONE, "izin terbang drone <gimana>", "# drone izin dong"))
    )
    intro, draft = await told(bench, "/faq celah 1")
    entry = parse("rancangan.md", draft.encode())
    assert (entry.status, entry.question) == ("draft", DRONE)
    assert set(entry.variants) == {"izin terbang drone <gimana>", "# drone izin dong"}
    assert entry.answer.startswith("**Rancangan, belum boleh dijawab.** Yang melengkapi: ")
    assert f"faq/local/{entry.id}.md" in intro

    completed = draft.replace("status: draft", "status: approved").partition("**Rancangan")[0] + "Ya, perlu izin.\n"
    for key, value in (("source", "PM 37/2020"), ("effective", "2026-01-01"), ("review_due", "2027-01-01")):
        completed = completed.replace(f"{key}:", f"{key}: {value}")
    corpus = assemble({f"local/{entry.id}.md": completed.encode()})
    assert corpus.faults == ()
    live = corpus.entries[entry.id, "id"]
    assert live.is_answered(date(2026, 6, 1))
    assert (live.answer, live.question, live.variants) == ("Ya, perlu izin.", DRONE, entry.variants)


async def test_draft_takes_no_id_that_an_entry_has(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(bench, gap(bench, DRONE))
    _, draft = await told(bench, "/faq celah 1")
    first = parse("x.md", draft.encode())
    files = {f"{first.id}.md": render(replace(first, id=first.id))}
    loaded = bench.office.faq.loaded
    monkeypatch.setattr(bench.office.faq, "loaded", replace(loaded, corpus=assemble(files)))
    _, draft = await told(bench, "/faq celah 1")
    assert parse("x.md", draft.encode()).id == f"{first.id}-2"


async def test_number_that_is_not_in_the_list_is_refused(bench: Bench) -> None:
    await keep(bench, gap(bench, DRONE))
    for which in ("0", "2", "99", "-1", "satu", "1 2", "²", "9" * 5000):
        (said,) = await told(bench, f"/faq celah {which}")
        assert "Tidak ada pokok dengan nomor itu" in said


async def until(bench: Bench, moment: datetime) -> list[str]:
    return await bench.later((moment - bench.now) / timedelta(minutes=1))


async def test_admins_get_the_list_once_on_monday_morning(bench: Bench) -> None:
    bench.now = MONDAY - timedelta(hours=1)
    await keep(bench, gap(bench, DRONE))
    assert await until(bench, MONDAY - timedelta(minutes=1)) == []

    (said,) = await until(bench, MONDAY)
    assert said.startswith(f"{ADMINS}: ")
    assert DRONE in said
    for minutes in (0, 1, 60, 15 * 60, 24 * 60):
        assert await until(bench, MONDAY + timedelta(minutes=minutes)) == []
    await keep(bench, gap(bench, DRONE, days_old=-6))
    assert await until(bench, MONDAY + timedelta(days=6, hours=23)) == []
    assert len(await until(bench, MONDAY + timedelta(days=7, hours=3))) == 1


async def test_week_without_gaps_is_passed_in_silence(bench: Bench) -> None:
    bench.now = MONDAY - timedelta(hours=1)
    assert await until(bench, MONDAY + timedelta(minutes=5)) == []
    await keep(bench, gap(bench, DRONE))
    assert await until(bench, MONDAY + timedelta(minutes=6)) == []


async def test_without_an_admins_group_nothing_is_due(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path)
    bench.now = MONDAY
    await keep(bench, gap(bench, DRONE))
    assert await bench.later(1) == []


async def test_gaps_are_forgotten_after_ninety_days(bench: Bench) -> None:
    await keep(bench, *(gap(bench, "lama", days_old=91) for _ in range(300)), gap(bench, "muda", days_old=89))
    await Retention(bench.office, bench.folder, 30).run(bench.store)
    assert [row.text for row in await asyncio.wait_for(gaps(bench), 10)] == ["muda"]
