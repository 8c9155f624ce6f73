"""Who shows an anonymous report's receipt is its reporter: on real rows, both ways, and for nobody else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chatbot.channels.base import SendError, Unreachable, WindowClosed
from chatbot.core.ticket import TicketStatus
from chatbot.services.outcome import Outcomes
from chatbot.services.outgoing import payload_of
from chatbot.services.retention import Retention
from chatbot.store.tables import OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench

CRY = "tolong ada maling bawa celurit di rumah saya"
_NEW: dict[str, Any] = {"id": 777, "type": "private", "first_name": "Lain"}
NEW: dict[str, Any] = {"chat": _NEW, "from": {**_NEW, "is_bot": False}}


async def ticket(bench: DeskBench) -> TicketRow:
    row = await bench.store.read(lambda uow: uow.ticket(1))
    assert row
    return row


async def anonymous(bench: DeskBench) -> tuple[str, str]:
    """An anonymous report; its number and its receipt."""
    return await bench.complain("anonim"), await given(bench)


async def given(bench: DeskBench) -> str:
    (told,) = [text for text in await bench.texts() if "Tanda terima rahasia" in text]
    found = re.search(r"<b>(.{14})</b>", told)
    assert found
    return found[1]


async def rows(bench: DeskBench) -> list[OutboundRow]:
    return await bench.store.read(lambda uow: [row for n in range(1, 200) if (row := uow.outbound(n))])


async def told(bench: DeskBench, who: int, begin: int = 0) -> list[str]:
    return [text for text in (await bench.texts())[begin:] if text.startswith(f"{who}: ")]


async def test_receipt_is_given_once_and_only_to_who_is_anonymous(bench: DeskBench) -> None:
    _, receipt = await anonymous(bench)
    assert len([text for text in await bench.texts() if receipt in text]) == 1
    assert receipt.replace("-", "") not in str(await ticket(bench))
    await bench.complain("rahasia", chat=_NEW, **{"from": NEW["from"]})
    assert not [text for text in await told(bench, 777) if "Tanda terima" in text]


async def test_holder_of_the_receipt_reads_and_writes_from_elsewhere_and_the_first_account_does_not(
    bench: DeskBench,
) -> None:
    number, receipt = await anonymous(bench)
    before = len(await bench.texts())
    await bench.hear(text=receipt, **NEW)
    (shown,) = [text for text in await told(bench, 777, before) if "tersambung" in text]
    assert number[:3] in shown

    await bench.hear(text="Pelakunya memakai jaket merah", **NEW)
    await bench.officer(f"/jawab #{number} Terima kasih, kami cari")
    assert [text for text in await told(bench, 777, before) if "kami cari" in text]
    assert await told(bench, 501, before) == []
    assert any("jaket merah" in text for text in await bench.texts() if text.startswith(OFFICERS))

    await bench.hear(text="status")
    await bench.hear(text=f"status {number}")
    assert not [text for text in await told(bench, 501, before) if "Kejahatan" in text]


async def test_answer_that_had_not_left_yet_goes_to_who_shows_the_receipt(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)

    def all_sent(uow: UnitOfWork) -> None:
        for row in filter(None, map(uow.outbound, range(1, 200))):
            row.state = "sent"

    await bench.store.write(all_sent)
    await bench.officer(f"/jawab #{number} Laptop Anda ditemukan")
    await bench.hear(text=receipt, **NEW)

    found = [
        row for row in await rows(bench) if row.task == "text" and "Laptop" in payload_of(row).text and row.contact_id
    ]
    assert [(row.chat, row.state, row.ticket_id) for row in found] == [("777", "pending", 1)]
    assert found[0].due_at > bench.now  # the officer may still take it back


async def test_first_account_says_nothing_to_the_ticket_any_more_even_in_the_same_batch(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)
    await bench.officer(f"/tanya #{number} Siapa pelakunya?")
    await bench.arrive(text=receipt, **NEW)
    await bench.arrive(text="Namanya Warga Lain")
    await bench.handle()
    assert (await ticket(bench)).status == TicketStatus.WAITING
    assert "added" not in [event.event for event in await bench.store.read(lambda uow: uow.events(1))]
    assert not [text for text in await bench.texts() if text.startswith(OFFICERS) and "Namanya" in text]


async def test_first_account_is_shown_no_status_any_more_even_in_the_same_batch(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)
    before = len(await bench.texts())
    await bench.arrive(text=receipt, **NEW)
    await bench.arrive(text="status")
    await bench.handle()
    (said,) = await told(bench, 501, before)
    assert "Tidak ada aduan" in said
    assert number[:3] not in said


async def test_wrong_receipt_opens_nothing(bench: DeskBench) -> None:
    _, receipt = await anonymous(bench)
    wrong = receipt[:-1] + ("2" if receipt[-1] != "2" else "3")
    await bench.hear(text=wrong, **NEW)
    row = await ticket(bench)
    assert (row.contact_id, row.address) == (1, "501")


async def test_history_and_group_know_that_the_reporter_went_elsewhere_but_not_where(bench: DeskBench) -> None:
    _, receipt = await anonymous(bench)
    before = len(await bench.texts())
    await bench.hear(text=receipt, **NEW)
    events = await bench.store.read(lambda uow: [(event.event, event.text) for event in uow.events(1)])
    assert ("continued", "") in events
    said = [text for text in (await bench.texts())[before:] if text.startswith(OFFICERS)]
    assert any("tanda terima rahasianya" in text for text in said)
    assert not any("777" in text or "Lain" in text or receipt in text for text in said)
    assert (await bench.store.read(lambda uow: uow.audit.verify())).broken == []


async def test_receipt_of_a_question_that_waits_lets_it_be_answered_from_there(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)
    await bench.officer(f"/tanya #{number} Siapa pelakunya?")
    await bench.hear(text=receipt, **NEW)
    assert (await ticket(bench)).status == TicketStatus.WAITING
    await bench.hear(text="Tetangga saya", **NEW)
    assert (await ticket(bench)).status == TicketStatus.ASSIGNED


async def test_same_account_may_show_its_own_receipt(bench: DeskBench) -> None:
    _, receipt = await anonymous(bench)
    await bench.hear(text=receipt)
    assert [text for text in await told(bench, 501) if "tersambung" in text]
    assert not [event for event in await bench.store.read(lambda uow: uow.events(1)) if event.event == "continued"]


async def test_receipt_stands_nowhere_once_it_is_given_and_shown(bench: DeskBench) -> None:
    _, receipt = await anonymous(bench)

    def all_sent(uow: UnitOfWork) -> None:
        for row in filter(None, map(uow.outbound, range(1, 200))):
            row.state, row.sent_at = "sent", bench.now

    await bench.store.write(all_sent)
    await bench.hear(text=receipt, **NEW)
    bench.now += timedelta(days=1, minutes=1)
    await Retention(bench.office, bench.folder, 30).run(bench.store)

    kept = " ".join(str(row.payload) for row in await rows(bench))
    raw = await bench.store.read(lambda uow: [row.raw for n in range(1, 60) if (row := uow.inbound(n))])
    assert receipt not in kept
    assert receipt not in str(raw)


async def test_receipt_of_an_emergency_shown_by_who_has_one_of_their_own_leaves_one_live(bench: DeskBench) -> None:
    begun, told_rest = ("aduan", "setuju", "Kejahatan", CRY, "lanjut"), ("Pasar Contoh", "kemarin", "tidak tahu")
    for text in (*begun, *told_rest, "selesai", "anonim", "kirim"):
        await bench.hear(text=text)
    receipt = await given(bench)
    assert (await ticket(bench)).alert_live
    await bench.hear(text=CRY, **NEW)
    await bench.hear(text=receipt, **NEW)
    second = await bench.store.read(lambda uow: uow.ticket(2))
    assert second
    assert (second.contact_id, second.alert_live) == (2, True)
    row = await ticket(bench)
    assert (row.contact_id, row.alert_live) == (2, False)


async def test_card_knows_the_reply_window_of_where_the_receipt_was_shown(bench: DeskBench) -> None:
    carries = replace(bench.telegram.capabilities, reply_window=timedelta(hours=24))
    bench.office = replace(bench.office, capabilities={"telegram": carries})
    bench.respond._office = bench.office
    _, receipt = await anonymous(bench)
    bench.now += timedelta(hours=30)
    assert (looked := (await ticket(bench)).window_at)
    await bench.hear(text=receipt, **NEW)
    row = await ticket(bench)
    assert row.window_at
    assert row.window_at > bench.now > looked


async def answered_and(bench: DeskBench, state: str) -> tuple[str, int]:
    """An answer that stands so when the receipt is shown elsewhere; the receipt, and the answer's row."""
    number, receipt = await anonymous(bench)
    await bench.officer(f"/jawab #{number} Laptop Anda ditemukan")

    def unit(uow: UnitOfWork) -> int:
        for row in filter(None, map(uow.outbound, range(1, 200))):
            row.state = "sent" if row.purpose != "answer" else state
        return next(row.id for row in map(uow.outbound, range(1, 200)) if row and row.purpose == "answer")

    row_id = await bench.store.write(unit)
    await bench.hear(text=receipt, **NEW)
    return receipt, row_id


@pytest.mark.parametrize(
    ("state", "error"), [("sending", Unreachable("502")), ("sent", WindowClosed("131047")), ("sending", None)]
)
async def test_answer_under_way_at_the_showing_follows_if_it_does_not_arrive(
    bench: DeskBench, state: str, error: SendError | None
) -> None:
    _, row_id = await answered_and(bench, state)

    def fails(uow: UnitOfWork) -> None:
        row = uow.outbound(row_id)
        assert row
        outcomes = Outcomes(uow, bench.office, bench.now)
        if error:
            outcomes.failed(row, error)
        else:
            outcomes.interrupted(row)

    await bench.store.write(fails)
    row = await bench.store.read(lambda uow: uow.outbound(row_id))
    assert row
    assert (row.chat, row.contact_id, row.ticket_id, row.state) == ("777", 2, 1, "pending")


async def test_correction_after_the_showing_reaches_the_reporter_where_he_is_now(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)
    said = await bench.officer(f"/jawab #{number} Datang ke loket 3")

    def sent(uow: UnitOfWork) -> None:
        for row in filter(None, map(uow.outbound, range(1, 200))):
            row.state, row.external_id = "sent", "9"

    await bench.store.write(sent)
    await bench.hear(text=receipt, **NEW)
    text = f"/jawab #{number} Datang ke loket 5"
    await bench.officer(text, update="edited_message", message_id=said, edit_date=1)
    assert [text for text in await told(bench, 777) if "loket 5" in text]
    assert not [text for text in await told(bench, 501) if "loket 5" in text]


async def test_receipt_is_shown_to_no_group_in_an_edit_an_emergency_or_another_spelling(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)
    await bench.officer(f"/ambil #{number}")
    await bench.hear(text="tambahan dari saya")
    said = bench.updates
    wide, wrong = receipt.replace("-", " \N{EN DASH} "), receipt[:-1] + ("2" if receipt[-1] != "2" else "3")
    await bench.hear("edited_message", message_id=said, edit_date=1, text=f"tambahan dari saya, kode {receipt}")
    for text in (wide, wrong, f"kodenya {wrong} ya"):
        await bench.hear(text=text)
    await bench.hear(text=f"{wide} tolong pelakunya datang bawa parang sekarang")
    here = " ".join(text for text in await bench.texts() if text.startswith(OFFICERS))
    for part in receipt.split("-")[:2]:
        assert part not in here
    assert "tambahan dari saya, kode •••" in here
    assert any("tidak kami kenal" in text for text in await told(bench, 501))


async def test_words_and_files_beside_a_receipt_reach_the_officers_without_it(bench: DeskBench) -> None:
    _, receipt = await anonymous(bench)
    await bench.hear(text=f"{receipt} pelakunya memakai jaket merah", **NEW)
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 90, "height": 90}]
    await bench.hear(caption=f"kode {receipt}", photo=photo, **NEW)
    assert any(
        text.startswith(OFFICERS) and "••• pelakunya memakai jaket merah" in text for text in await bench.texts()
    )
    assert len([row for row in await rows(bench) if row.task == "copy" and row.for_group]) == 1
    assert not any(text.startswith(OFFICERS) and receipt in text for text in await bench.texts())
    assert (await ticket(bench)).contact_id == 2


async def test_words_beside_the_receipt_of_a_closed_ticket_are_asked_about(bench: DeskBench) -> None:
    number, receipt = await anonymous(bench)
    await bench.officer(f"/tutup #{number} Selesai")
    await bench.hear(text=f"{receipt} barangnya belum kembali", **NEW)
    assert (await ticket(bench)).status == TicketStatus.CLOSED
    await bench.hear(text="keberatan", **NEW)
    assert (await ticket(bench)).status == TicketStatus.RECEIVED
    assert any(text.startswith(OFFICERS) and "barangnya belum kembali" in text for text in await bench.texts())
