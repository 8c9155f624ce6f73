"""``chatbot db backup`` and ``restore``: what they make, what they refuse, and what a restored database does not do."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from sqlalchemy import Integer, column, select, table, text

from chatbot import cli
from chatbot.core.message import File, Kind, Outbound, Task
from chatbot.services.backup import take
from chatbot.services.outgoing import payload_of
from chatbot.services.restore import bring_back
from chatbot.services.restored import tell_restored
from chatbot.store.backup import Unusable, fill_postgres, filled
from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import _config, is_ready
from chatbot.store.store import Store
from chatbot.store.tables import MediaRow, OutboundRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import ROOT
from tests.integration.desk_bench import DeskBench
from tests.integration.rows import NOW, inbound, meet, outbound, ticket

Verb = Callable[..., tuple[int, str]]
DATA = b"a photo"
SHA256 = hashlib.sha256(DATA).hexdigest()
EARLIER = NOW - timedelta(hours=5)


@pytest.fixture
def media_dir(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def db(
    store_url: str,
    media_dir: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Verb:
    """Run ``chatbot db`` on the store's database, or on another; its status and what it printed."""
    if store_url.startswith("postgresql"):
        request.getfixturevalue("postgres_tools")
    monkeypatch.setenv("CHATBOT_MEDIA_DIR", str(media_dir))
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(ROOT / "faq"))

    def run(*arguments: str | Path, url: str = store_url) -> tuple[int, str]:
        monkeypatch.setenv("CHATBOT_DATABASE_URL", url)
        with pytest.raises(SystemExit) as ended:
            cli.main(["db", *map(str, arguments)])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out + said.err

    return run


def _kept(uow: UnitOfWork, **fields: Any) -> MediaRow:
    values = {"inbound_id": 1, "state": "kept", "sha256": SHA256, "size": len(DATA), "due_at": NOW, "created_at": NOW}
    row = MediaRow(**{**values, **fields})
    uow.add(row)
    uow.flush()
    return row


def _shelve(media_dir: Path, ending: str = "") -> Path:
    path = media_dir / SHA256[:2] / f"{SHA256}{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(DATA)
    return path


async def test_backup_beside_an_open_store_is_private_whole_and_takes_no_other_ones_place(
    store: Store, db: Verb, media_dir: Path, tmp_path: Path
) -> None:
    await store.write(lambda uow: [uow.inbox.add([[inbound("update:1")]]), _kept(uow)])
    shelved = [_shelve(media_dir), _shelve(media_dir, ".clean")]
    folder = tmp_path / "nightly"

    status, said = await asyncio.to_thread(db, "backup", folder)
    again, refused = await asyncio.to_thread(db, "backup", folder)

    assert status == 0, said
    assert said.startswith(f"{folder}: ")
    assert "1 pesan, 0 aduan, 1 berkas, per 20" in said
    assert said.count("\n") == 1
    assert (again, f"{folder} sudah ada" in refused) == (2, True)
    made = [path for path in folder.rglob("*") if not path.is_relative_to(folder / "media") or path.is_dir()]
    assert {path.stat().st_mode & 0o077 for path in [folder, *made]} == {0}
    assert sorted(path.name for path in (folder / "media" / SHA256[:2]).iterdir()) == [SHA256, f"{SHA256}.clean"]
    assert [path.stat().st_nlink for path in shelved] == [2, 2]
    assert not list(tmp_path.glob(".nightly*"))  # what it was made in


async def test_backup_into_a_folder_is_named_by_its_moment_and_says_what_is_missing(
    store: Store, db: Verb, tmp_path: Path
) -> None:
    await store.write(_kept)
    (tmp_path / "all").mkdir()

    status, said = await asyncio.to_thread(db, "backup", tmp_path / "all")

    assert status == 1
    assert "1 berkas hilang atau berubah di CHATBOT_MEDIA_DIR" in said
    (made,) = (tmp_path / "all").iterdir()
    assert made.name.startswith("tanggap-2")
    assert json.loads((made / "manifest.json").read_bytes())["files"] == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_file_that_is_not_what_was_kept_is_missing_and_a_backup_on_another_disk_is_a_copy(
    store: Store, store_url: str, media_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object) -> None:
        raise OSError("another disk")

    await store.write(_kept)
    shelved = _shelve(media_dir)
    monkeypatch.setattr(os, "link", no_link)  # only a second disk has none
    good = await asyncio.to_thread(take, store_url, media_dir, tmp_path / "good", NOW)
    shelved.write_bytes(DATA[::-1])
    bad = await asyncio.to_thread(take, store_url, media_dir, tmp_path / "bad", NOW)

    assert (good.missing, bad.missing) == (0, 1)
    assert (tmp_path / "good" / "media" / SHA256[:2] / SHA256).read_bytes() == DATA


async def test_without_pg_dump_or_with_an_old_one_nothing_is_done_and_the_cure_is_said(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBOT_DATABASE_URL", postgres_url)
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(ROOT / "faq"))
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))

    def run() -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["db", "backup", str(tmp_path / "b")])
        return ended.value.code, capsys.readouterr().err

    status, said = run()
    assert (status, said.startswith("Perintah dibatalkan: ")) == (2, True)
    assert said.endswith("pg_dump belum terpasang: pasang program klien PostgreSQL versi 18 atau lebih baru.\n")
    (tools / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    (tools / "pg_dump").chmod(0o700)
    status, said = run()
    assert status == 2
    assert "pg_dump versi 9, padahal perlu 18 atau lebih baru" in said
    assert not [path for path in tmp_path.iterdir() if path != tools]


async def test_restore_refuses_a_database_that_is_not_empty_or_not_its_own(
    store: Store, db: Verb, tmp_path: Path
) -> None:
    await store.write(lambda uow: uow.inbox.add([[inbound("update:1")]]))
    backup = tmp_path / "backup"
    await asyncio.to_thread(db, "backup", backup)
    other = "postgresql://nobody@127.0.0.1:9/x" if store.is_sqlite else f"sqlite:///{tmp_path / 'x.db'}"

    served, said = await asyncio.to_thread(db, "restore", backup)
    assert served == 2
    assert "sedang dipakai" in said if store.is_sqlite else "tidak kosong" in said
    store.close()
    filled, said = await asyncio.to_thread(db, "restore", backup)
    assert (filled, "tidak menimpa apa pun" in said or "tidak kosong" in said) == (2, True)
    foreign, said = await asyncio.to_thread(lambda: db("restore", backup, url=other))
    assert (foreign, "menyebut jenis basis data lain" in said) == (2, True)
    nothing, said = await asyncio.to_thread(db, "restore", tmp_path)
    assert (nothing, "bukan cadangan" in said) == (2, True)
    copy = next(backup.glob("database.*"))
    copy.write_bytes(copy.read_bytes()[:-1])
    damaged, said = await asyncio.to_thread(db, "restore", backup)
    assert (damaged, "rusak: isinya" in said) == (2, True)

    store.open()
    assert (await store.read(lambda uow: uow.inbox.outcomes())) == {"": 1}


def test_backup_of_an_older_version_is_brought_up_to_date_and_one_of_a_newer_is_refused(
    tmp_path: Path, media_dir: Path
) -> None:
    engine = make_engine(database_url(f"sqlite:///{tmp_path / 'old.db'}"))
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
    engine.dispose()
    old = take(f"sqlite:///{tmp_path / 'old.db'}", media_dir, tmp_path / "backup", NOW)

    new = f"sqlite:///{tmp_path / 'new.db'}"
    bring_back(old.folder, new, media_dir, NOW)
    engine = make_engine(database_url(new))
    assert is_ready(engine)
    engine.dispose()

    manifest = old.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"schema":"0011"', b'"schema":"9999"'))
    with pytest.raises(Unusable, match="newer_schema") as refused:
        bring_back(old.folder, f"sqlite:///{tmp_path / 'newer.db'}", media_dir, NOW)
    assert refused.value.values["schema"] == "9999"
    assert not (tmp_path / "newer.db").exists()


def test_database_that_is_not_wholly_restored_yet_is_nobodys(
    postgres_tools: None, postgres_url: str, bare_postgres_url: str, media_dir: Path, tmp_path: Path
) -> None:
    _ = postgres_tools
    backup = take(postgres_url, media_dir, tmp_path / "backup", NOW)
    url = database_url(bare_postgres_url)
    fill_postgres(url, backup.folder / "database.dump", made_by=backup.manifest.made_by)

    engine = make_engine(url)
    assert not is_ready(engine)
    with filled(url, backup.manifest.schema) as uow:
        assert uow.restores.last() is None
    assert is_ready(engine)
    engine.dispose()


def _about_to_be_restored(uow: UnitOfWork) -> None:
    """A ticket with all that may be under way: to its citizen, to its officers, in either direction."""
    uow.inbox.add([[inbound("update:1"), inbound("update:2", road="desk", chat="-100")]])
    about = ticket(meet(uow, "501").contact_id, status="waiting", remind_at=EARLIER, asked_until=NOW, undelivered=1)
    uow.add(about)
    uow.flush()
    said = {"payload": msgspec.json.encode(Outbound(id=0, to="501", task=Task.TEXT, text="Halo"))}
    citizen = {**said, "chat": "501", "for_group": False, "contact_id": about.contact_id, "queue": "telegram:501"}
    file = File(f"/old/media/{SHA256[:2]}/{SHA256}", "image/jpeg", "bukti", Kind.PHOTO, 7)
    album = Outbound(id=0, to="-100", task=Task.MEDIA, file=file)
    for row in (
        outbound(**citizen, ticket_id=about.id, purpose="answer", state="sending"),
        outbound(**citizen, ticket_id=about.id, purpose="answer", state="held", error="WindowClosed 131047"),
        outbound(**citizen, priority=0, created_at=EARLIER),
        outbound(**citizen, priority=0),  # the 110 notice
        outbound(**citizen, state="sent"),
        outbound(ticket_id=about.id, task="media", payload=msgspec.json.encode(album)),
    ):
        uow.add(row)
        uow.flush()
    _kept(uow, state="wanted", ticket_id=about.id, bound_for="citizen")


def _restored(uow: UnitOfWork) -> None:
    _about_to_be_restored(uow)
    uow.restores.begin(NOW, EARLIER, urgent_since=NOW - timedelta(hours=1))


async def test_restored_database_holds_back_what_citizens_may_have_and_sets_aside_what_may_be_done(
    store: Store,
) -> None:
    await store.write(_restored)

    def states(uow: UnitOfWork) -> list[tuple[str, str]]:
        return [(row.state, row.error) for n in range(1, 7) if (row := uow.outbound(n))]

    held = ("dead", "restored")
    expected = [held, held, held, ("pending", ""), ("sent", ""), ("pending", "")]
    assert await store.read(states) == expected
    restore = await store.read(lambda uow: uow.restores.last())
    assert restore
    assert (restore.held, restore.aside) == (4, 2)
    about, file, heads = await store.read(
        lambda uow: (uow.ticket(1), uow.media.get(1), uow.outbox.heads("telegram", NOW, 9))
    )
    assert about
    assert file
    assert (about.undelivered, about.remind_at, file.bound_for) == (3, NOW, "proof")
    assert {row.id for row in heads} == {4, 6}
    assert not await store.read(lambda uow: uow.inbox.waiting("citizen", 9, ["telegram"]))
    assert await store.read(lambda uow: uow.inbox.outcomes()) in ({"quarantined": 2}, {"quarantined": 2, "ignored": 1})


async def test_rows_written_after_a_restore_have_numbers_that_none_had_before(store: Store, bench: DeskBench) -> None:
    await bench.complain()
    await bench.officer("/piket masuk")
    await store.write(lambda uow: uow.restores.begin(NOW, EARLIER, urgent_since=NOW))
    await bench.officer("/piket keluar")
    await bench.officer("/piket masuk")
    for words in ("aduan", "Kejahatan", "Dompet hilang", "Pasar", "kemarin", "tidak", "selesai", "terbuka", "kirim"):
        await bench.hear(text=words)

    first = int(NOW.timestamp() * 1_000_000)
    with store.engine.connect() as connection:
        for name in ("ticket", "inbound", "outbound", "duty"):
            number = column("id", Integer)
            ids = connection.execute(select(number).select_from(table(name)).order_by(number)).scalars().all()
            assert [row_id for row_id in ids if row_id < first][-1] < 1000
            assert ids[-1] >= first, name
        numbers = connection.execute(text("select number from ticket order by id")).scalars().all()
    assert [number < "5" for number in numbers] == [True, False]


async def test_groups_hear_of_a_restore_once_and_which_tickets_are_doubtful(store: Store, tmp_path: Path) -> None:
    bench = DeskBench(store, tmp_path, admins="-300")
    await store.write(_restored)
    for _ in range(2):
        await store.write(lambda uow: tell_restored(bench.office, uow))

    def written(uow: UnitOfWork) -> list[OutboundRow]:
        first = uow.restores.last()
        assert first
        return [row for n in range(9) if (row := uow.outbound(first.first_id + n)) and row.state == "pending"]

    card, group, admins = await store.read(written)
    assert (card.purpose, card.ticket_id) == ("card_edit", 1)
    assert (group.chat, admins.chat) == ("-100", "-300")
    assert "dipulihkan dari cadangan 24 Nov" in payload_of(group).text
    assert "Mungkin belum sampai ke warga, mohon diperiksa: #123-456-7890" in payload_of(group).text
    assert "4 pesan ke warga" in payload_of(admins).text


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_files_of_a_restored_database_are_sent_from_where_they_lie_now(
    store: Store, db: Verb, tmp_path: Path
) -> None:
    await store.write(_about_to_be_restored)
    await asyncio.to_thread(db, "backup", tmp_path / "backup")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    await asyncio.to_thread(bring_back, tmp_path / "backup", other, tmp_path / "elsewhere", NOW)
    moved = Store(other)
    with moved.reading() as uow:
        row = uow.outbound(6)
    moved.close()

    assert row
    file = payload_of(row).file
    assert file
    assert file.path == str(tmp_path / "elsewhere" / SHA256[:2] / SHA256)
