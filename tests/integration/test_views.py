"""A group's queue and its single tickets, on real rows of both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.base import Standing, plain, utf16_length
from chatbot.core.message import Inbound
from chatbot.core.officer import Situation, read
from chatbot.core.ticket import TicketEvent
from chatbot.services.lookout import Lookout
from chatbot.services.views import View, Views
from chatbot.store.store import Store
from chatbot.store.tables import InboundRow, SentMessageRow, TicketEventRow
from tests.integration.rows import NOW, inbound, outbound
from tests.integration.view_rows import COLLEAGUE, HERE, HOUR, OFFICE, OFFICER, PROPAM, Rows, message, of
from tests.unit.dialogue_script import CATALOGUES
from tests.unit.small_office import small_office


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


def shown(rows: Rows, text: str, chat: str = HERE, **fields: Any) -> str:
    """What "/tiket" with this text shows."""
    said = message(text, chat=chat, **fields)
    return plain(rows.seen(lambda views: views.ticket(said, read(said.text, Situation())), chat))


def test_queue_is_emergencies_then_the_oldest_with_marks_for_what_is_left_alone(rows: Rows) -> None:
    old = rows(age=72 * HOUR)
    asked = rows("x", ("asked", HOUR, "Di mana?"), age=71 * HOUR, officer_id=OFFICER, officer_name="Petugas 1")
    rows(age=90 * HOUR, status="closed")
    rows(chat=PROPAM, category="anggota")
    alert = rows(category="darurat", alert=True)

    assert rows.queue() == [
        "Aduan terbuka: 3",
        f"🚨 #{alert} · Darurat · belum ada petugas · 24 November 2026 07.00 WIB · lewat batas waktu",
        f"#{old} · Lainnya · belum ada petugas · 21 November 2026 08.00 WIB · lebih dari 2 hari tanpa jawaban",
        f"#{asked} · Lainnya · Petugas 1 · 21 November 2026 09.00 WIB",
    ]


def test_queue_shows_thirty_and_counts_the_others_in_one_message(rows: Rows) -> None:
    for _ in range(32):
        rows(officer_id=OFFICER, officer_name="Petugas dengan nama yang sangat panjang sekali di grup ini" * 2)
    lines = rows.queue()

    assert (lines[0], len(lines), lines[-1]) == ("Aduan terbuka: 32", 32, "dan 2 lagi")
    assert utf16_length("\n".join(lines)) < OFFICE.capabilities["telegram"].max_text


def test_empty_queue_is_said(rows: Rows) -> None:
    rows(chat=PROPAM)

    assert rows.queue() == ["Tidak ada aduan terbuka."]


def test_answer_that_was_recalled_is_none(rows: Rows, store: Store) -> None:
    rows("x", age=72 * HOUR)
    with store.begin() as uow:
        for name in ("answered", "recalled"):
            uow.add(TicketEventRow(ticket_id=1, event=name, at=NOW - 71 * HOUR, actor=OFFICER, inbound_id=5))
            uow.flush()
    assert "tanpa jawaban" in rows.queue()[1]
    with store.begin() as uow:  # the same note, sent after all
        uow.add(TicketEventRow(ticket_id=1, event="answered", at=NOW - 70 * HOUR, actor=OFFICER, inbound_id=5))

    assert "tanpa jawaban" not in rows.queue()[1]


@pytest.mark.parametrize("way", ["/tiket {}", "/tiket #{}", "#{} /tiket", "/aduan {plain}", "/tiket #{plain}"])
def test_ticket_is_found_however_its_number_is_written(rows: Rows, way: str) -> None:
    number = rows("Loket lambat")

    assert f"#{number}" in shown(rows, way.format(number, plain=number.replace("-", "")))


def test_ticket_is_its_card_with_its_history_in_plain_words(rows: Rows) -> None:
    number = rows(
        "Loket lambat",
        ("assigned", HOUR, ""),
        ("answered", 2 * HOUR, "Kami periksa\nhari ini"),
        ("added", 3 * HOUR, "Masih lambat, hubungi @warga"),
        ("noted", 4 * HOUR, "cek kamera"),
        ("transferred", 5 * HOUR, ""),  # a kind that a later version knows
        age=72 * HOUR,
        officer_id=OFFICER,
        officer_name="Petugas 1",
    )
    lines = shown(rows, f"/tiket {number}").splitlines()

    assert lines[0] == f"#{number} · Lainnya"
    assert "Kejadian: Loket lambat" in lines
    assert lines[lines.index("Riwayat") + 1 :] == [
        "21 November 2026 08.00 WIB · aduan masuk · warga",
        "21 November 2026 09.00 WIB · ditangani · Petugas 1",
        "21 November 2026 10.00 WIB · dijawab · Petugas 1: Kami periksa hari ini",
        "21 November 2026 11.00 WIB · ditambah · warga: Masih lambat, hubungi @\N{WORD JOINER}warga",
        "21 November 2026 12.00 WIB · catatan internal · Petugas 1: cek kamera",
        "21 November 2026 13.00 WIB · diubah · Petugas 1",
    ]


def test_officer_who_no_longer_holds_a_ticket_is_named_by_what_he_wrote(rows: Rows, store: Store) -> None:
    number = rows("x", officer_id=OFFICER, officer_name="Petugas 1")
    with store.begin() as uow:
        uow.inbox.add([[inbound("update:1", chat=HERE, road="desk")]])
        for actor, name, inbound_id in ((COLLEAGUE, "noted", 1), (COLLEAGUE, "assigned", None), ("903", "asked", None)):
            uow.add(TicketEventRow(ticket_id=1, event=name, at=NOW, actor=actor, inbound_id=inbound_id))
            uow.flush()

    def reread(_: InboundRow) -> Inbound:
        return message("x", author=COLLEAGUE, author_name="Petugas 2")

    with store.reading() as uow:
        text = Views(uow, OFFICE, NOW, HERE, reread).ticket(message(""), read(f"/tiket {number}", Situation()))
    assert [line.split(" · ")[1:] for line in plain(text).splitlines()[-3:]] == [
        ["catatan internal", "Petugas 2"],
        ["ditangani", "Petugas 2"],
        ["keterangan diminta", "petugas"],
    ]


def test_long_history_fits_one_message_and_its_newest_steps_are_kept(rows: Rows) -> None:
    steps = [("added", n * HOUR, f"langkah-{n} {'😀 <panjang> & ' * 60}") for n in range(1, 60)]
    number = rows("a" * 5000, *steps, complaint={"where_text": "b" * 900, "who": "c" * 900}, result="d" * 900)
    text = shown(rows, f"/tiket {number}")

    assert utf16_length(text) <= OFFICE.capabilities["telegram"].max_text
    assert "langkah-59" in text.splitlines()[-1]
    assert "langkah sebelumnya tidak ditampilkan" in text
    count = int(text.partition("… ")[2].split()[0]) if "langkah-1 " not in text else 0
    assert count + text.count("langkah-") == 60


def test_ticket_leads_to_its_topic_where_it_has_one(rows: Rows) -> None:
    assert "Topik: https://t.me/c/123/45" in shown(rows, f"/tiket {rows(thread='45', has_topic=True)}")
    assert "Topik" not in shown(rows, f"/tiket {rows()}")
    assert "Topik" not in shown(rows, f"/tiket {rows(thread='45', chat='-77')}", "-77")  # no link names such a group


def test_another_groups_ticket_is_as_one_that_does_not_exist(rows: Rows) -> None:
    number = rows("Oknum memeras", chat=PROPAM, category="anggota")
    sealed = rows("Oknum memeras", chat="", sealed=True, category="anggota")
    unknown = shown(rows, "/tiket 999-999-9999")

    assert shown(rows, f"/tiket {number}") == shown(rows, f"/tiket {sealed}") == unknown
    assert shown(rows, "/tiket bukan nomor") == unknown
    assert number in shown(rows, f"/tiket {number}", PROPAM)


def test_ticket_without_a_number_is_the_one_in_whose_place_it_is_asked_for(rows: Rows, store: Store) -> None:
    topic, replied = rows(), rows()
    with store.begin() as uow:
        uow.groups.remember_topic(of(uow, 1), "45")
        uow.add(outbound(ticket_id=2, chat=HERE))
        uow.flush()
        uow.remember_sent(
            SentMessageRow(channel="telegram", chat=HERE, message_id="77", outbound_id=1, ticket_id=2, purpose="card")
        )

    assert f"#{topic}" in shown(rows, "/tiket", thread="45")
    assert f"#{replied}" in shown(rows, "/tiket", reply_to="77")
    assert f"#{replied}" in shown(rows, f"/tiket {replied}", thread="45")
    assert shown(rows, "/tiket") == shown(rows, "/tiket", reply_to="78") == plain(OFFICE.words("desk.no_ticket"))


@pytest.mark.parametrize("event", [*TicketEvent, "corrected", "recalled"])
def test_every_event_has_words_of_its_own(event: str) -> None:
    assert f"desk.event_{event}" in CATALOGUES.keys("id")


async def looked(
    store: Store, shelf: Path, text: str, standing: Standing = Standing.MEMBER, **fields: Any
) -> View | None:
    office = small_office(NOW)
    return await Lookout(store, office, lambda _: None, shelf).view(message(text, **fields), standing, "tanggap_bot")


async def test_recap_comes_with_its_picture_and_in_words_alone_where_no_file_can_be_kept(
    store: Store, tmp_path: Path
) -> None:
    view = await looked(store, tmp_path / "rekap", "/rekap")
    assert view is not None
    assert view.picture is not None
    assert Path(view.picture.path).read_bytes().startswith(b"\x89PNG")
    assert "Rekap 24 November 2026" in view.text
    (tmp_path / "file").write_bytes(b"")

    assert await looked(store, tmp_path / "file", "/rekap") == View(view.text)
    assert await looked(store, tmp_path / "rekap", "/rekap bulan") == View(OFFICE.words("desk.recap_how"))


@pytest.mark.parametrize(
    ("text", "standing", "fields"),
    [
        ("/antrean", Standing.STRANGER, {}),
        ("/antrean", Standing.MEMBER, {"forwarded": True}),
        ("/antrean@lain_bot", Standing.MEMBER, {}),
        ("antrean", Standing.MEMBER, {}),
        ("/jawab baik", Standing.MEMBER, {}),
    ],
)
async def test_nothing_is_looked_up_for_strangers_and_for_what_asks_for_nothing(
    store: Store, tmp_path: Path, text: str, standing: Standing, fields: dict[str, Any]
) -> None:
    assert await looked(store, tmp_path, text, standing, **fields) is None


async def test_ticket_that_cannot_be_shown_holds_up_nothing(rows: Rows, store: Store, tmp_path: Path) -> None:
    number = rows("x")
    with store.begin() as uow:
        of(uow, 1).complaint = b"no form"

    assert await looked(store, tmp_path, f"/tiket {number}") == View(OFFICE.words("desk.view_broke"))


async def test_group_that_moved_still_sees_its_tickets(rows: Rows, store: Store, tmp_path: Path) -> None:
    number = rows("x", chat="-55")
    with store.begin() as uow:
        uow.groups.move_chat("-55", HERE)
    view = await looked(store, tmp_path, "/antrean", chat="-55")

    assert view is not None
    assert number in view.text
