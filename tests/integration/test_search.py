"""What a group finds among its tickets, on real rows of both engines; and that no view reads all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as listening

from chatbot.channels.base import plain
from chatbot.core.message import Place
from chatbot.store.store import Store
from chatbot.store.tickets import Sought
from tests.integration.rows import NOW, meet
from tests.integration.view_rows import HERE, HOUR, OFFICE, PROPAM, Rows


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


def test_search_finds_what_holds_all_words_wherever_they_stand(rows: Rows) -> None:
    number = rows(
        "Motor dicuri orang",
        ("noted", HOUR, "Kamera toko ÉMAS rusak"),
        complaint={"where_text": "Pasar Contoh", "who": "dua orang", "place": Place(-6.2, 106.8, "Gang Mawar")},
        category="kriminal",
        status="closed",
        age=100 * HOUR,
    )
    rows("Motor mogok", category="lalin")

    for words in ("motor pasar", "MOTOR dicuri", "kejahatan kamera", "mawar", "émas", "Émas dua", "pasar, orang!"):
        assert rows.found(words) == {number}, words
    for words in ("motor bandung", "kriminal", "open", "where_text", "place", "dicuriorang"):
        assert rows.found(words) == set(), words
    assert rows.search("kamera")[1:] == [
        f"#{number} · Kejahatan · Selesai · 20 November 2026",
        "Kamera toko ÉMAS rusak",
    ]


def test_wildcards_quotes_and_patterns_are_sought_as_they_stand(rows: Rows) -> None:
    percent, under, path, quoted = rows("diskon 100%mu"), rows("nama_akun"), rows("C:\\data"), rows('si "bos" itu')
    rows("diskon 100 persenmu, namaXakun, C:data, si bos, aaa")

    assert rows.found("100%mu") == {percent}
    assert rows.found("nama_akun") == {under}
    assert rows.found("c:\\data") == {path}
    assert rows.found('si "bos"') >= {quoted}
    assert rows.found("a{3}") == rows.found("(a+)+$") == rows.found("' or '1'='1") == rows.found("%%%") == set()


def test_search_shows_the_newest_ten_with_a_short_piece_around_the_hit(rows: Rows) -> None:
    numbers = [rows(f"{'awal ' * 40}zebra{n} {'akhir ' * 40}", age=(60 - n) * HOUR) for n in range(12)]
    lines = rows.search("zebra")

    assert lines[0] == "Aduan yang memuat “zebra”"
    assert [line[1:13] for line in lines[1:-1:2]] == numbers[:1:-1]
    assert lines[-1] == "Ada lagi yang lebih lama. Tambahkan kata agar hasilnya lebih sedikit."
    assert lines[2].startswith("…")
    assert lines[2].endswith("…")
    assert "zebra11" in lines[2]
    assert len(lines[2]) < 100


def test_search_goes_on_behind_tickets_that_only_seemed_to_hold_the_word(rows: Rows) -> None:
    wanted = rows("kafe É tutup, kafé ramai", age=500 * HOUR)
    for n in range(101):  # the engine takes these for hits: it does not fold what is no ASCII letter
        rows("kafe ramai", age=timedelta(minutes=n))

    assert rows.found("kafé") == {wanted}


def test_propams_tickets_are_found_in_propams_group_only(rows: Rows) -> None:
    number = rows("Oknum memeras", chat=PROPAM, category="anggota")
    rows("Oknum memeras", chat="", sealed=True, category="anggota")

    assert rows.found("memeras") == rows.found("anggota") == set()
    assert rows.found("memeras", PROPAM) == rows.found("anggota", PROPAM) == {number}


def test_citizens_own_number_is_neither_found_nor_shown(rows: Rows, store: Store) -> None:
    with store.begin() as uow:
        rows.contact = meet(uow, "6281234567890").contact_id
    number = rows("Hubungi 0812-3456-7890 soal loket", address="6281234567890")

    assert rows.found("0812-3456-7890") == rows.found("3456") == set()
    assert rows.found("loket") == {number}
    assert rows.search("loket")[2] == "Hubungi ••• soal loket"


@pytest.mark.parametrize("words", ["", "ab", "a b c d", "a" * 61, "satu dua tiga empat lima enam tujuh delapan x y z"])
def test_search_for_too_little_or_too_much_is_explained(rows: Rows, words: str) -> None:
    rows("ab satu dua tiga")

    assert rows.search(words) == [plain(OFFICE.words("desk.search_how"))]


def test_what_was_sought_is_said_so_that_nobody_is_called_by_it(rows: Rows) -> None:
    assert rows.search("<b>@petugas</b>") == [
        "Tidak ada aduan di grup ini yang memuat “<b>@\N{WORD JOINER}petugas</\N{WORD JOINER}b>”."
    ]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by what is in the tables
def test_no_view_reads_all_tickets(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: Any) -> None:
        asked.append((statement, values))

    listening.listen(store.engine, "before_cursor_execute", note)
    since, until = NOW - 24 * HOUR, NOW
    with store.reading() as uow:
        uow.tickets.count_open(HERE)
        uow.tickets.first_open(HERE, 30)
        uow.tickets.waiting(HERE)
        uow.tickets.opened(HERE, since, until)
        uow.tickets.ended(HERE, "closed", since, until)
        uow.tickets.marks(HERE, since, until)
        uow.tickets.holding(HERE, [Sought("abc", ("lalin",))], 100)
        uow.tickets.events_of([1, 2])
    listening.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        plans = [
            [row[3] for row in connection.exec_driver_sql(f"explain query plan {statement}", values)]
            for statement, values in asked
            if statement.startswith("SELECT")
        ]

    assert len(plans) == 10
    assert [step for plan in plans for step in plan if step.startswith("SCAN ticket")] == []
    assert all("ticket_open" in plan[0] for plan in plans[:5])
    assert [("ticket_group" in plan[0], "ticket_event_at" in " ".join(plan)) for plan in plans[5:9]] == [
        (True, False),
        (False, True),
        (False, True),
        (True, False),
    ]
