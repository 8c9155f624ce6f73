"""``chatbot ticket export`` on real databases, beside a bot that has them open."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chatbot import cli
from chatbot.core.ticket import check_digit, spoken
from chatbot.store.store import Store
from chatbot.store.tables import MediaRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.desk_bench import OFFICER, STORY, DeskBench
from tests.integration.erasure_bench import PERIOD, all_sent, forget, keep_for
from tests.integration.rows import NOW, inbound

FAQ = Path(__file__).parents[2] / "faq"
PHONE = "6281200000009"
NAMED = {"id": int(PHONE), "is_bot": False, "type": "private", "first_name": "Siti Contoh"}
WHO: dict[str, Any] = {"chat": NAMED, "from": NAMED}

Export = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def export(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Export:
    """Run the verb; its status and what it printed."""
    monkeypatch.setenv("CHATBOT_DATABASE_URL", store_url)
    monkeypatch.setenv("CHATBOT_MEDIA_DIR", str(tmp_path))
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(FAQ))

    def run(number: str, out: Path) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["ticket", "export", number, "--out", str(out)])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out + said.err

    async def export(number: str, out: Path | None = None) -> tuple[int, str]:
        return await asyncio.to_thread(run, number, out or tmp_path / "out")

    return export


def read(folder: Path, number: str) -> Any:
    return json.loads((folder / "out" / f"{number}.json").read_text())


def paper(folder: Path, number: str) -> list[str]:
    """The text of each page of the PDF, line by line."""
    data = (folder / "out" / f"{number}.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    pages = []
    for stream in re.findall(rb"FlateDecode.*?stream\n(.*?)\nendstream", data, re.DOTALL):
        shown = re.findall(rb"\((.*?)(?<!\\)\) Tj", zlib.decompress(stream))
        pages.append("\n".join(line.decode("latin-1").replace("\\", "") for line in shown))
    return pages


async def test_dossier_tells_the_whole_story_with_each_correction_beside_its_original(
    bench: DeskBench, export: Export
) -> None:
    number = await bench.complain()
    await bench.press("d:take:1")
    await bench.officer(f"/catat #{number} periksa kamera")
    await bench.hear(text="Warnanya merah")
    await bench.hear("edited_message", message_id=bench.updates, edit_date=1, text="Warnanya biru")
    answer = await bench.officer(f"/jawab #{number} Terima kasih")
    await bench.officer(
        f"/jawab #{number} Terima kasih banyak", update="edited_message", message_id=answer, edit_date=1
    )
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    status, said = await export(spoken(number))
    dossier = read(bench.folder, number)

    assert status == 0
    assert "Jejak audit utuh" in said
    told = [
        (one["act"], one["actor"], one["text"], [later["text"] for later in one["later"]]) for one in dossier["history"]
    ]
    officer = str(OFFICER)
    assert told == [
        ("opened", "citizen", STORY, []),
        ("assigned", officer, "", []),
        ("noted", officer, "periksa kamera", []),
        ("added", "citizen", "Warnanya merah", ["Warnanya biru"]),
        ("answered", officer, "Terima kasih", ["Terima kasih banyak"]),
        ("closed", officer, "Motor ditemukan", []),
    ]
    assert all(
        one["proved"] and one["sha256"] == hashlib.sha256(one["text"].encode()).hexdigest()
        for one in dossier["history"]
    )
    assert dossier["history"][0]["at"] == "2026-11-24T08:00:00+07:00"
    facts = {name: dossier[name] for name in ("number", "status", "category", "timezone", "result", "complaint")}
    assert facts == {
        "number": spoken(number),
        "status": "closed",
        "category": "kriminal",
        "timezone": "Asia/Jakarta",
        "result": "Motor ditemukan",
        "complaint": {"what": STORY, "where": "Pasar Contoh", "when": "23-11-2026"},
    }


async def test_export_itself_stands_in_the_trail_that_it_shows(bench: DeskBench, export: Export) -> None:
    number = await bench.complain()
    for _ in range(2):
        await export(number)
    dossier = read(bench.folder, number)

    assert [(row["act"], row["actor"]) for row in dossier["trail"]] == [
        ("opened", "citizen"),
        ("exported", "operator"),
        ("exported", "operator"),
    ]
    assert dossier["chain"] == {
        "holds": True,
        "rows": 3,
        "head": dossier["trail"][2]["hash"],
        "broken_id": None,
        "reason": "",
    }
    names = ("id", "at", "actor", "act", "ticket_id", "event_id", "detail", "prev")
    for row in dossier["trail"]:  # as the operations page says that it is checked by hand
        written = json.dumps([row[name] for name in names], separators=(",", ":"))
        assert hashlib.sha256(written.encode()).hexdigest() == row["hash"]


async def test_paper_says_it_in_words_page_by_page_and_shows_what_it_cannot_print(
    bench: DeskBench, export: Export
) -> None:
    number = await bench.complain()
    await bench.officer(f"/catat #{number} awal 🎥 “kamera” {'kata ' * 3000}akhir")
    await export(number)
    pages = paper(bench.folder, number)

    assert f"Riwayat aduan {spoken(number)}" in pages[0]
    assert "24 November 2026 08.00 WIB" in pages[0]
    assert 'awal [?] "kamera"' in "\n".join(pages)
    assert "Tanda [?] menggantikan" in pages[0]
    assert "kata akhir" in "\n".join(pages)
    assert len(pages) > 2
    assert [page.endswith(f"Halaman {at} dari \n{len(pages)}") for at, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


@pytest.mark.parametrize(("identity", "named"), [("terbuka", True), ("dirahasiakan", False), ("anonim", False)])
async def test_name_is_told_only_where_the_reporter_is_open_about_it_and_the_number_never(
    bench: DeskBench, export: Export, identity: str, named: bool
) -> None:
    number = await bench.complain(identity, **WHO)
    await bench.hear(text=f"Nomor saya 0{PHONE[2:]} atau +62 812-0000-0009", **WHO)
    await export(number)
    written, pages = json.dumps(read(bench.folder, number)), "\n".join(paper(bench.folder, number))

    for said in (written, pages):
        assert ("Siti Contoh" in said) is named
        assert PHONE[2:] not in said
        assert "0000-0009" not in said
    assert read(bench.folder, number)["reporter"] == ("Siti Contoh" if named else None)
    assert ("Nama pelapor tidak dicantumkan" in pages) is not named


async def test_files_are_named_by_their_hash_and_it_is_said_whether_they_still_lie_there(
    bench: DeskBench, export: Export
) -> None:
    number = await bench.complain()
    contents = {"intact": b"utuh", "changed": b"asli", "missing": b"hilang"}
    names = {state: hashlib.sha256(data).hexdigest() for state, data in contents.items()}

    def fill(uow: UnitOfWork) -> None:
        uow.inbox.add([[inbound(f"file:{at}") for at in range(4)]])
        for at, (state, sha256) in enumerate(names.items(), 101):
            uow.add(media(at, state="kept", sha256=sha256, size=len(contents[state])))
        uow.add(media(200, state="too_large", contact_id=None))

    await bench.store.write(fill)
    for state in ("intact", "changed"):
        path = bench.folder / names[state][:2] / names[state]
        path.parent.mkdir()
        path.write_bytes(b"utuh" if state == "intact" else b"lain")
    await export(number)
    files = read(bench.folder, number)["files"]

    assert [(one["shelf"], one["state"], one["sender"]) for one in files] == [
        ("intact", "kept", "citizen"),
        ("changed", "kept", "citizen"),
        ("missing", "kept", "citizen"),
        ("", "too_large", "officer"),
    ]
    assert [one["sha256"] for one in files] == [*names.values(), ""]
    assert [one["size"] for one in files] == [4, 4, 6, 0]
    assert "rahasia" not in json.dumps(files)
    assert "isinya BERUBAH" in "\n".join(paper(bench.folder, number))


def media(inbound_id: int, **fields: Any) -> MediaRow:
    attachment = b'{"kind":"document","ref":"f","name":"nama-rahasia.jpg"}'
    values = {"channel": "telegram", "attachment": attachment, "mime": "image/jpeg", "contact_id": 1, "ticket_id": 1}
    return MediaRow(**{"inbound_id": inbound_id, "due_at": NOW, "created_at": NOW, **values, **fields})


async def test_dossier_of_an_erased_ticket_says_so_and_what_proves_the_texts_that_are_gone(
    bench: DeskBench, export: Export
) -> None:
    keep_for(bench)
    number = await bench.complain(**WHO)
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    all_sent(bench)
    await forget(bench, PERIOD + 1)
    status, said = await export(number)
    dossier, pages = read(bench.folder, number), "\n".join(paper(bench.folder, number))

    assert status == 0
    assert dossier["erased_at"] == "2027-11-25T08:00:00+07:00"
    assert "ISI ADUAN INI TELAH DIHAPUS pada 25 November 2027 08.00 WIB" in said
    assert "ISI ADUAN INI TELAH DIHAPUS" in pages
    history = [(one["act"], one["text"], one["emptied"], one["proved"]) for one in dossier["history"]]
    assert history == [("opened", "", True, True), ("closed", "", True, True), ("erased", "", False, True)]
    assert dossier["history"][0]["sha256"] == hashlib.sha256(STORY.encode()).hexdigest()
    assert (dossier["complaint"], dossier["reporter"], dossier["officer"], dossier["result"]) == ({}, None, "", "")
    for gone in (STORY, "Siti Contoh", "Motor ditemukan"):
        assert gone not in pages
    assert "COCOK" not in pages


async def test_broken_trail_is_said_on_paper_and_by_the_status(bench: DeskBench, export: Export) -> None:
    number = await bench.complain()
    with bench.store.engine.begin() as connection:
        off = "drop trigger audit_no_update" if bench.store.is_sqlite else "alter table audit disable trigger user"
        connection.execute(text(off))
        connection.execute(text("update audit set actor = 'siapa?', detail = 'rusak' where id = 1"))
    status, said = await export(number)
    dossier = read(bench.folder, number)

    assert status == 1
    assert "JEJAK AUDIT TIDAK UTUH" in said
    assert (dossier["chain"]["holds"], dossier["chain"]["broken_id"], dossier["chain"]["reason"]) == (
        False,
        1,
        "changed",
    )
    assert not dossier["history"][0]["proved"]
    pages = "\n".join(paper(bench.folder, number))
    assert "JEJAK AUDIT TIDAK UTUH" in pages
    assert "TIDAK COCOK" in pages


async def test_files_are_for_their_owner_alone(bench: DeskBench, export: Export) -> None:
    number = await bench.complain()
    await export(number, bench.folder / "a" / "b")
    made = sorted((bench.folder / "a" / "b").iterdir())

    assert [path.name for path in made] == [f"{number}.json", f"{number}.pdf"]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}


# Bad input


OTHER = "000000001" + check_digit("000000001")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "bukan nomor aduan"),
        ("123", "bukan nomor aduan"),
        ("12345678901", "bukan nomor aduan"),
        ("١٢٣٤٥٦٧٨٩٠", "bukan nomor aduan"),
        ("<b>1</b>" * 99, "bukan nomor aduan"),
        ("000-000-0019", "angka pemeriksanya tidak cocok"),
        (OTHER, f"Tidak ada aduan bernomor {spoken(OTHER)}"),
        (f"#{spoken(OTHER)}", "Tidak ada aduan"),
    ],
)
async def test_number_that_leads_to_no_ticket_is_answered_with_one_sentence(
    store: Store, export: Export, written: str, words: str
) -> None:
    status, said = await export(written)

    assert status == 2
    assert words in said
    assert len(said.strip().splitlines()) == 1
    assert await store.read(lambda uow: uow.audit.verify().count) == 0


async def test_folder_that_cannot_be_written_to_is_named_and_nothing_is_recorded(
    bench: DeskBench, export: Export
) -> None:
    number = await bench.complain()
    (bench.folder / "file").touch()
    status, said = await export(number, bench.folder / "file" / "out")

    assert status == 2
    assert f"{bench.folder / 'file' / 'out'} tidak dapat ditulisi" in said
    assert await bench.store.read(lambda uow: uow.audit.verify().count) == 1


async def test_file_that_cannot_take_its_place_is_named_and_leaves_nothing_behind(
    bench: DeskBench, export: Export
) -> None:
    number = await bench.complain()
    (bench.folder / "out" / f"{number}.json").mkdir(parents=True)
    status, said = await export(number)

    assert status == 2
    assert f"{number}.json tidak dapat ditulisi" in said
    assert [path.name for path in (bench.folder / "out").iterdir()] == [f"{number}.json"]


async def test_export_that_cannot_be_recorded_does_not_happen(bench: DeskBench, export: Export) -> None:
    number = await bench.complain()
    with bench.store.engine.begin() as connection:
        connection.execute(text("alter table audit rename to away"))
    status, said = await export(number)

    assert status == 2
    assert "tidak ada yang diekspor" in said
    assert list((bench.folder / "out").iterdir()) == []


async def test_database_that_is_not_there_is_not_made(
    tmp_path: Path, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'missing' / 'x.db'}")
    status, said = await export(OTHER)

    assert (status, "belum ada dan dibuat saat bot pertama kali dimulai" in said) == (2, True)
    assert not (tmp_path / "missing").exists()


async def test_older_schema_is_said(tmp_path: Path, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.db").touch()
    monkeypatch.setenv("CHATBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    status, said = await export(OTHER)

    assert (status, "Skema basis data lebih lama" in said) == (2, True)
