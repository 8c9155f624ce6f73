"""People's words at rest: nothing of them can be read without the key, and all goes on as ever with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Text, literal_column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from chatbot.services.backup import take
from chatbot.services.restore import bring_back
from chatbot.store.audit import Break
from chatbot.store.encryption import MARK, WrongKeys, new_key
from chatbot.store.reencryption import encrypt_all
from chatbot.store.store import Store
from chatbot.store.writer import StoreUnavailable
from tests.integration.desk_bench import STORY, DeskBench
from tests.integration.rows import NOW
from tests.integration.view_rows import HOUR, Rows

_OLD, _NEW = new_key(), new_key()
_ANSWER = "Kami periksa kamera di sana"
_NAME = "Siti Contoh"
_SECRETS = (STORY, "Pasar Contoh", _ANSWER, _NAME, "Petugas 1")


# What anybody can read who has the database, by table: what people are found by, what is counted, compared, and chosen
# by. A new column of text or bytes is encrypted, or stands here.
_READABLE = {
    "address": "channel external_id",
    "alarm": "what",
    "audit": "actor act detail prev hash",
    "conversation": "locale",
    "duty": "chat officer_id taker_id",
    "encryption": "probe",
    "faq_edit": "chat message_id author state files before approver",
    "faq_file": "name data",
    "faq_gap": "text locale offered",
    "inbound": "channel account external_id body_hash road kind chat message_id state outcome error",
    "media": "channel bound_for same picture state sha256 mime error",
    "moved_chat": "old new",
    "outbound": "channel chat queue task purpose state receipt external_id error",
    "record": "fact detail",
    "sent_message": "channel chat message_id purpose",
    "stranger_group": "chat",
    "ticket": "number channel address status category identity receipt unit area chat thread card_message officer_id"
    " clock_said",
    "ticket_event": "event actor",
    "topic": "chat thread",
}


@pytest.fixture
def encrypted(store_url: str) -> Iterator[Store]:
    store = Store(store_url, [_OLD])
    store.open()
    yield store
    store.close()


def _person(name: str) -> dict[str, Any]:
    return {"from": {"id": 501, "is_bot": False, "first_name": name}}


async def _talk(store: Store, folder: Path) -> str:
    """A complaint and an officer's answer to it; the complaint's number."""
    bench = DeskBench(store, folder)
    number = await bench.complain(**_person(_NAME))
    await bench.officer(f"/jawab #{number} {_ANSWER}")
    return number


def _stored(store: Store) -> str:
    """All that lies in the tables, as whoever copies the database sees it."""
    with store.engine.connect() as connection:
        names = ("inbound", "contact", "conversation", "ticket", "ticket_event", "outbound", "media")
        everything = literal_column("*", type_=Text)
        rows = [row for name in names for row in connection.execute(select(everything).select_from(table(name)))]
    return "\n".join(
        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
        for row in rows
        for value in row
    )


def _said(store: Store) -> set[str]:
    with store.reading() as uow:
        ticket = uow.ticket(1)
        assert ticket
        names = {uow.people.contact(1).name, ticket.officer_name}
        return names | {event.text for event in uow.events(1)} | {ticket.complaint.decode()}


def test_every_column_is_encrypted_or_readable_on_purpose() -> None:
    readable = {
        table.name: " ".join(column.name for column in table.columns if isinstance(column.type, Text | LargeBinary))
        for table in SQLModel.metadata.sorted_tables
    }
    assert {name: columns for name, columns in readable.items() if columns} == _READABLE


async def test_nothing_that_people_said_can_be_read_without_the_key(encrypted: Store, tmp_path: Path) -> None:
    await _talk(encrypted, tmp_path)

    stored = _stored(encrypted)
    assert [secret for secret in _SECRETS if secret in stored] == []
    assert stored.count(MARK) > 20
    said = "\n".join(_said(encrypted))
    assert [secret for secret in _SECRETS if secret not in said] == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_neither_the_file_nor_its_log_holds_a_word(encrypted: Store, store_url: str, tmp_path: Path) -> None:
    await _talk(encrypted, tmp_path)

    database = Path(store_url.removeprefix("sqlite:///"))
    held = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert len(held) > 100_000
    assert [secret for secret in _SECRETS if secret.encode() in held] == []


async def test_plain_words_stay_readable_and_are_encrypted_at_rest_by_going_through_them(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    await _talk(store, tmp_path)
    said = _said(store)
    assert all(secret in _stored(store) for secret in _SECRETS)
    store.close()

    first = Store(store_url, [_OLD])
    first.open()
    try:
        assert _said(first) == said
        assert encrypt_all(first.engine).changed > 20
        assert [secret for secret in _SECRETS if secret in _stored(first)] == []
        assert _said(first) == said
        assert encrypt_all(first.engine)[:2] == (0, 0)
        with first.reading() as uow:
            assert uow.audit.verify().broken == []
    finally:
        first.close()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_what_was_plain_is_left_in_no_page_and_no_log(store: Store, store_url: str, tmp_path: Path) -> None:
    await _talk(store, tmp_path)
    store.close()
    with closing(Store(store_url, [_OLD])) as first:
        first.open()
        encrypt_all(first.engine)
        database = Path(store_url.removeprefix("sqlite:///"))
        held = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert [secret for secret in _SECRETS if secret.encode() in held] == []


async def test_older_key_can_go_once_everything_was_gone_through(
    encrypted: Store, store_url: str, tmp_path: Path
) -> None:
    await _talk(encrypted, tmp_path)
    said = _said(encrypted)
    encrypted.close()

    with closing(Store(store_url, [_NEW, _OLD])) as rotated:
        rotated.open()
        assert _said(rotated) == said
        assert encrypt_all(rotated.engine).changed > 20
    with closing(Store(store_url, [_NEW])) as renewed:
        renewed.open()
        assert _said(renewed) == said
        with renewed.reading() as uow:
            assert uow.audit.verify().broken == []
    with closing(Store(store_url, [_OLD])) as former, pytest.raises(WrongKeys, match="wrong"):
        former.open()


@pytest.mark.parametrize(("keys", "why"), [([], "missing"), ([_NEW], "wrong")])
async def test_without_the_right_key_nothing_is_served(
    encrypted: Store, store_url: str, keys: list[str], why: str
) -> None:
    encrypted.close()
    with closing(Store(store_url, keys)) as store, pytest.raises(WrongKeys, match=why):
        store.open()


def test_tickets_are_found_by_words_that_are_encrypted(encrypted: Store) -> None:
    rows = Rows(encrypted)
    number = rows("Motor dicuri orang", ("noted", HOUR, "Kamera toko rusak"))
    rows("Motor mogok")

    assert rows.found("motor kamera") == rows.found("DICURI") == {number}
    assert rows.found("kapal") == rows.found(MARK + "gAAAA") == set()


def test_search_does_without_a_complaint_that_is_damaged(encrypted: Store) -> None:
    rows = Rows(encrypted)
    whole, damaged = rows("Motor dicuri orang"), rows("Motor dicuri lagi")
    with encrypted.engine.begin() as connection:
        cut = {"cut": MARK.encode() + b"gAAAA"}
        connection.execute(text("update ticket set complaint = :cut where id = 2"), cut)

    assert rows.found("dicuri") == {whole, damaged}  # its history says it too


async def test_an_event_is_still_only_added_to(encrypted: Store, tmp_path: Path) -> None:
    await _talk(encrypted, tmp_path)
    changed = text("update ticket_event set text = :text, actor = coalesce(:actor, actor) where id = 1")
    for words, actor in (("lain", None), (f"{MARK}lain", "x"), ("", None)):
        with pytest.raises(DBAPIError, match="only added to"), encrypted.engine.begin() as connection:
            connection.execute(changed, {"text": words, "actor": actor})
    with encrypted.engine.begin() as connection:
        connection.execute(text("update ticket_event set text = :lie where id = 1"), {"lie": f"{MARK}lain"})
    with encrypted.reading() as uow:
        assert [broken.reason for broken in uow.audit.verify().broken] == [Break.EVENT]


async def test_one_damaged_value_keeps_nothing_else_from_being_read(encrypted: Store, tmp_path: Path) -> None:
    bench = DeskBench(encrypted, tmp_path)
    for text_ in ("halo", "apa kabar"):
        await bench.arrive(text=text_, **_person(_NAME))
    with encrypted.engine.begin() as connection:
        cut = connection.execute(text("select raw from inbound where id = 1")).scalar_one()[:-4]
        connection.execute(text("update inbound set raw = :cut where id = 1"), {"cut": cut})

    waiting = await encrypted.read(lambda uow: uow.inbox.waiting("citizen", 5, ["telegram"]))
    ready, unreadable = bench.respond.prepare(waiting)
    assert [one.message.text for one in ready] == ["apa kabar"]
    assert unreadable == [1]
    assert encrypt_all(encrypted.engine).closed == 1


async def test_process_without_the_key_stands_still_and_sets_nothing_aside(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    bench = DeskBench(store, tmp_path)
    await bench.hear(text="halo", **_person(_NAME))
    with closing(Store(store_url, [_OLD])) as begun:
        encrypt_all(begun.engine)
    await bench.arrive(text="apa kabar", **_person(_NAME))

    with pytest.raises(StoreUnavailable):
        await bench.handle()
    assert await store.read(lambda uow: uow.inbox.outcomes()) == {"answered": 1, "": 1}


async def test_older_key_can_go_though_a_value_is_damaged(encrypted: Store, store_url: str, tmp_path: Path) -> None:
    await _talk(encrypted, tmp_path)
    with encrypted.engine.begin() as connection:
        connection.execute(text("update contact set name = :cut"), {"cut": f"{MARK}gAAAA"})
    encrypted.close()
    with closing(Store(store_url, [_NEW, _OLD])) as rotated:
        rotated.open()
        assert encrypt_all(rotated.engine).closed == 1
    with closing(Store(store_url, [_NEW])) as renewed:
        renewed.open()


async def test_person_whose_dialogue_is_damaged_is_heard(encrypted: Store, tmp_path: Path) -> None:
    bench = DeskBench(encrypted, tmp_path)
    await bench.hear(text="halo", **_person(_NAME))
    with encrypted.engine.begin() as connection:
        connection.execute(text("update conversation set state = :cut"), {"cut": MARK.encode() + b"gAAAA"})

    await bench.hear(text="tolong rumah saya kebakaran", **_person(_NAME))
    assert any("110" in said for said in await bench.texts())
    assert await encrypted.read(lambda uow: uow.live_alerts())


async def test_words_that_begin_like_encrypted_ones_lose_that_sign(store: Store, tmp_path: Path) -> None:
    bench = DeskBench(store, tmp_path)
    await bench.hear(text="halo", **_person(f"{MARK}{MARK}Budi"))
    with store.reading() as uow:
        assert uow.people.contact(1).name == "Budi"


async def test_postgres_is_not_filled_with_what_the_keys_do_not_open(
    postgres_tools: None, postgres_url: str, bare_postgres_url: str, tmp_path: Path
) -> None:
    _ = postgres_tools
    with closing(Store(postgres_url, [_OLD])) as store:
        store.open()
        await _talk(store, tmp_path)
        said = _said(store)
    backup = take(postgres_url, tmp_path / "media", tmp_path / "backup", NOW)
    for keys in ([], [_NEW]):
        with pytest.raises(WrongKeys):
            bring_back(backup.folder, bare_postgres_url, tmp_path / "media", NOW, keys)
    bring_back(backup.folder, bare_postgres_url, tmp_path / "media", NOW, [_NEW, _OLD])
    with closing(Store(bare_postgres_url, [_OLD])) as again:
        again.open()
        assert _said(again) == said


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_backup_is_as_secret_and_needs_the_key_to_be_restored(
    encrypted: Store, store_url: str, tmp_path: Path
) -> None:
    await _talk(encrypted, tmp_path)
    said = _said(encrypted)
    backup = take(store_url, tmp_path / "media", tmp_path / "backup", NOW)
    held = (backup.folder / backup.manifest.database).read_bytes()
    assert [secret for secret in _SECRETS if secret.encode() in held] == []

    restored = tmp_path / "restored.db"
    for keys in ([], [_NEW]):
        with pytest.raises(WrongKeys):
            bring_back(backup.folder, f"sqlite:///{restored}", tmp_path / "media", NOW, keys)
        assert not restored.exists()
    bring_back(backup.folder, f"sqlite:///{restored}", tmp_path / "media", NOW, [_OLD])
    with closing(Store(f"sqlite:///{restored}", [_OLD])) as again:
        again.open()
        assert _said(again) == said
    with closing(sqlite3.connect(restored)) as connection:
        assert connection.execute("select count(*) from inbound where raw like '%Motor%'").fetchone() == (0,)
