"""Blocking somebody who abuses the desk: who may, what still gets through, and where an appeal goes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatbot.core.complaint import MEMBERS
from chatbot.services.plan import plain_region
from chatbot.store.store import Store
from chatbot.store.tables import ContactRow, InboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench

ADMINS = "-300"
CRY = "tolong ada maling bawa celurit di rumah saya"


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> DeskBench:
    return DeskBench(store, tmp_path, admins=ADMINS)


async def contact(bench: DeskBench) -> ContactRow:
    return await bench.store.read(lambda uow: uow.people.contact(1))


async def said_to_citizen(bench: DeskBench) -> list[str]:
    return [text for text in await bench.texts() if text.startswith("501: ") and text != "501: "]


async def blocked(bench: DeskBench) -> str:
    number = await bench.complain()
    await bench.officer(f"/blokir #{number} 3 mengirim makian berulang")
    return number


async def test_block_has_a_term_and_a_reason_and_the_citizen_is_told_once(bench: DeskBench) -> None:
    await blocked(bench)
    row = await contact(bench)
    assert (row.blocked_until, row.block_reason) == (bench.now + timedelta(days=3), "mengirim makian berulang")
    told = [text for text in await said_to_citizen(bench) if "BANDING" in text]
    assert len(told) == 1
    assert "110" in told[0]
    assert "makian" not in told[0]
    acts = await bench.store.read(lambda uow: [(one.act, one.actor) for one in uow.audit.of_ticket(1)])
    assert acts[-1] == ("blocked", "901")
    assert (await bench.store.read(lambda uow: uow.events(1)))[-1].text == "mengirim makian berulang"


async def test_block_without_days_is_for_a_week_and_one_without_a_reason_is_none(bench: DeskBench) -> None:
    number = await bench.complain()
    for words in ("", "7", "91 mengirim makian", "0 mengirim makian"):
        await bench.officer(f"/blokir #{number} {words}")
        assert (await contact(bench)).blocked_until is None
    await bench.officer(f"/blokir #{number} mengirim makian")
    assert (await contact(bench)).blocked_until == bench.now + timedelta(days=7)


async def test_blocked_messages_are_stored_and_reach_nobody(bench: DeskBench) -> None:
    await blocked(bench)
    before = await bench.texts()
    await bench.hear(text="hei balas dong")
    await bench.hear(text="lapor")
    assert await bench.texts() == before

    bench.now += timedelta(days=1)
    await bench.hear(text="hei balas dong")
    await bench.hear(text="hei balas dong")
    assert len(await bench.texts()) == len(before) + 1
    assert await bench.store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"])) == []
    rows = await bench.store.read(stored)
    assert [row.outcome for row in rows[-4:]] == ["ignored", "ignored", "answered", "ignored"]
    assert all(row.raw for row in rows)


def stored(uow: UnitOfWork) -> list[InboundRow]:
    return [row for number in range(1, 60) if (row := uow.inbound(number)) and row.road == "citizen"]


async def test_blocked_person_has_his_data_erased_and_stays_blocked(bench: DeskBench) -> None:
    await blocked(bench)
    await bench.hear(text="kata yang tidak perlu disimpan")
    for words in ("hapus data saya", "penghapusan", "ya hapus"):
        await bench.hear(text=words)

    assert any("telah dihapus" in text for text in await said_to_citizen(bench))
    rows = await bench.store.read(stored)
    assert not any(b"tidak perlu disimpan" in (row.raw or b"") for row in rows)
    assert (await contact(bench)).blocked_until == bench.now + timedelta(days=3)
    before = await said_to_citizen(bench)
    await bench.hear(text="hei balas dong")
    assert await said_to_citizen(bench) == before


async def test_emergency_of_a_blocked_person_is_answered_and_raised(bench: DeskBench) -> None:
    await blocked(bench)
    await bench.hear(text=CRY)
    texts = await bench.texts()
    assert any(text.startswith("501: ") and "110" in text and "darurat" in text.lower() for text in texts[-6:])
    assert any(text.startswith(f"{OFFICERS}: ") and "DARURAT" in text for text in texts)
    alert = await bench.store.read(lambda uow: uow.ticket(2))
    assert alert is not None
    assert alert.alert


async def test_block_ends_by_itself_and_by_an_officer(bench: DeskBench) -> None:
    number = await blocked(bench)
    bench.now += timedelta(days=3)
    await bench.hear(text="status")
    assert number[:3] in (await said_to_citizen(bench))[-1]

    await bench.officer(f"/buka-blokir #{number}")
    assert (await bench.texts())[-1].endswith("tidak sedang diblokir.")
    await bench.officer(f"/blokir #{number} mengirim makian")
    await bench.officer(f"/buka-blokir #{number}")
    row = await contact(bench)
    assert (row.blocked_until, row.block_reason) == (None, "")
    assert any("terbuka lagi" in text for text in await said_to_citizen(bench))
    acts = await bench.store.read(lambda uow: [one.act for one in uow.audit.of_ticket(1)])
    assert acts[-2:] == ["blocked", "unblocked"]


async def test_appeal_reaches_the_administrators_once_a_block(bench: DeskBench) -> None:
    number = await blocked(bench)
    await bench.hear(text="BANDING bukan saya yang menulis itu")
    await bench.hear(text="BANDING sekali lagi")
    heard = [text for text in await bench.texts() if text.startswith(f"{ADMINS}: ")]
    assert len(heard) == 1
    assert "bukan saya yang menulis itu" in heard[0]
    row = await contact(bench)
    assert row.appealed_at == bench.now

    await bench.officer(f"/blokir #{number} mengirim makian lagi")
    await bench.hear(text="BANDING masih bukan saya")
    assert len([text for text in await bench.texts() if text.startswith(f"{ADMINS}: ")]) == 2


async def test_appeal_without_administrators_reaches_the_officers_group(store: Store, tmp_path: Path) -> None:
    bench = DeskBench(store, tmp_path)
    await blocked(bench)
    await bench.hear(text="BANDING bukan saya yang menulis itu")
    assert any(text.startswith(f"{OFFICERS}: ") and "Banding" in text for text in await bench.texts())


async def test_appeal_about_members_is_not_shown_to_others(bench: DeskBench) -> None:
    await blocked(bench)
    await bench.hear(text="BANDING oknum polisi itu memeras saya")
    heard = next(text for text in await bench.texts() if text.startswith(f"{ADMINS}: "))
    assert "memeras" not in heard


async def test_who_complains_of_members_is_blocked_by_propam_only(bench: DeskBench) -> None:
    number = await bench.complain()

    def complain(uow: UnitOfWork) -> None:
        ours = uow.ticket(1)
        assert ours
        values: dict[str, Any] = {"contact_id": ours.contact_id, "channel": ours.channel, "address": ours.address}
        times: dict[str, Any] = {"opened_at": bench.now, "updated_at": bench.now}
        uow.add(TicketRow(**values, **times, number="0000000000", status="received", category=MEMBERS, sealed=True))

    await bench.store.write(complain)
    await bench.officer(f"/blokir #{number} mengirim makian")
    assert (await contact(bench)).blocked_until is None
    answer = (await bench.texts())[-1]
    assert answer.endswith("tidak dapat diblokir dari grup ini.")
    assert "anggota" not in answer


async def test_propam_blocks_the_reporter_of_its_own_ticket(bench: DeskBench) -> None:
    # The bench's one group stands for Propam's.
    bench.office.plan.take(plain_region("Polres Contoh", ZoneInfo("Asia/Jakarta"), ("id",), "", OFFICERS))
    for text in ("aduan", "setuju", "Anggota polisi"):
        await bench.hear(text=text)
    for text in ("oknum polisi minta uang", "Pasar Contoh", "kemarin", "tidak tahu", "selesai", "rahasia", "kirim"):
        await bench.hear(text=text)
    ticket = await bench.store.read(lambda uow: uow.ticket(1))
    assert ticket is not None
    assert ticket.category == MEMBERS
    await bench.officer(f"/blokir #{ticket.number} mengirim makian")
    assert (await contact(bench)).blocked_until is not None
    await bench.hear(text="BANDING oknum itu memeras saya")
    assert not [text for text in await bench.texts() if text.startswith(f"{ADMINS}: ") and "memeras" in text]
    assert any(text.startswith(f"{OFFICERS}: ") and "oknum itu memeras" in text for text in await bench.texts())


async def test_what_is_edited_while_blocked_reaches_nobody(bench: DeskBench) -> None:
    await blocked(bench)
    before = await bench.texts()
    await bench.hear("edited_message", text="makian", message_id=2, edit_date=int(bench.now.timestamp()))
    assert await bench.texts() == before


async def test_who_writes_very_much_is_told_and_every_word_reaches_the_ticket(bench: DeskBench) -> None:
    await bench.complain()
    for number in range(40):
        await bench.hear(text=f"keterangan tambahan nomor {number}")
    added = [event for event in await bench.store.read(lambda uow: uow.events(1)) if event.event == "added"]
    assert len(added) == 40
    slow = [text for text in await said_to_citizen(bench) if "banyak pesan" in text]
    assert len(slow) == 1


async def test_appeal_beside_a_live_alert_is_an_appeal(bench: DeskBench) -> None:
    await blocked(bench)
    await bench.hear(text="tolong ada maling bawa celurit di rumah saya")
    await bench.hear(text="BANDING bukan saya yang menulis itu")
    assert [text for text in await bench.texts() if text.startswith(f"{ADMINS}: ") and "bukan saya" in text]
