"""Which acts stand in the audit trail, and what `chatbot audit` says of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatbot import cli
from chatbot.store.audit import digest
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.audit_bench import CRY, FAQ, acts, open_ticket, tamper, trail, verdict
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import COLLEAGUE, OFFICER, STORY, DeskBench

# What is written down


async def test_every_act_on_a_complaint_stands_in_the_trail_and_none_of_its_words(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.press("d:take:1")
    await bench.press("d:takeover:1", COLLEAGUE)
    await bench.officer(f"/lepas #{number}", COLLEAGUE)
    await bench.officer(f"/catat #{number} periksa kamera")
    await bench.officer(f"/tanya #{number} Nomor platnya berapa?")
    await bench.hear(text="Platnya B 1234 XYZ")
    answered = await bench.officer(f"/jawab #{number} Terima kasih")
    await bench.officer(
        f"/jawab #{number} Terima kasih banyak", update="edited_message", message_id=answered, edit_date=1
    )
    await bench.officer(f"/batal #{number}")
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    bench.now += timedelta(minutes=1)
    await bench.officer(f"/buka #{number}")
    await bench.officer(f"/tutup #{number} Motor dikembalikan")

    one, two = str(OFFICER), str(COLLEAGUE)
    assert await acts(bench.store) == [
        ("opened", "citizen"),
        ("assigned", one),
        ("assigned", two),
        ("released", two),
        ("noted", one),
        ("asked", one),
        ("added", "citizen"),
        ("answered", one),
        ("corrected", one),
        ("recalled", one),
        ("closed", one),
        ("reopened", one),
        ("closed", one),
    ]
    rows = await trail(bench.store)
    events = {row.id: row for row in await bench.store.read(lambda uow: uow.events(1))}
    assert all(digest(events[row.event_id].text) in row.detail for row in rows if row.event_id)
    assert f'"before":"{OFFICER}"' in rows[2].detail
    written = " ".join(str(row) for row in rows)
    for word in (STORY, "kamera", "1234 XYZ", "Terima", "Motor", "Warga", "Petugas", number):
        assert word not in written
    assert await verdict(bench.store) == (13, [])


async def test_citizens_edit_names_the_message_that_it_changes(bench: DeskBench) -> None:
    await bench.complain()
    await bench.hear(text="Warnanya merah")
    said = bench.updates
    await bench.hear("edited_message", message_id=said, edit_date=1, text="Warnanya biru")

    rows = await trail(bench.store)
    events = await bench.store.read(lambda uow: uow.events(1))
    assert [row.act for row in rows] == ["opened", "added", "edited"]
    assert f'"original":{events[1].inbound_id}' in rows[2].detail


async def test_answer_that_is_made_a_note_is_written_down(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/jawab #{number} hanya untuk kita")
    await bench.officer(f"/catat #{number} hanya untuk kita", update="edited_message", message_id=said, edit_date=1)

    me = str(OFFICER)
    written = [("answered", me), ("withdrawn", me), ("recalled", me), ("corrected", me), ("noted", me)]
    assert (await acts(bench.store))[-5:] == written
    assert '"late":false' in (await trail(bench.store))[-4].detail


async def test_alert_that_is_pressed_says_who_pressed_it_once(bench: DeskBench) -> None:
    await bench.hear(text=CRY)
    await bench.press("d:take:1")
    await bench.press("d:take:1", COLLEAGUE)

    assert await acts(bench.store) == [("opened", "citizen"), ("pressed", str(OFFICER)), ("assigned", str(OFFICER))]
    assert '"alert":true' in (await trail(bench.store))[0].detail


async def test_ticket_that_comes_to_another_group_says_from_where_to_where(bench: DeskBench) -> None:
    await bench.store.write(partial(open_ticket, events=["satu"]))
    await bench.store.write(_leave)
    await bench.later(1)

    last = (await trail(bench.store))[-1]
    assert (last.act, last.actor) == ("moved", "system")
    assert last.detail == f'{{"after":"{OFFICERS}","before":"-555"}}'


def _leave(uow: UnitOfWork) -> None:
    row = uow.ticket(1)
    assert row
    row.chat = "-555"


# chatbot audit


Audit = Callable[[], tuple[int, str]]


def shown(said: str) -> dict[str, str]:
    """What stands behind each label."""
    return dict(re.split(r" {2,}", line, maxsplit=1) for line in said.splitlines())


@pytest.fixture
def audit(store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Audit:
    """Run the verb; its status and what it printed."""
    monkeypatch.setenv("CHATBOT_DATABASE_URL", store_url)
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", "7:placeholder")
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(FAQ))

    def run() -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["audit"])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out + said.err

    return run


async def test_audit_says_that_the_trail_holds_and_its_last_hash(store: Store, audit: Audit) -> None:
    await store.write(open_ticket)
    status, said = await asyncio.to_thread(audit)

    assert status == 0
    found = shown(said)
    assert (found["Baris jejak audit"], found["Rantai"]) == ("3", "utuh")
    assert found["SHA-256 baris terakhir"] == (await trail(store))[-1].hash


async def test_audit_of_a_broken_trail_names_the_first_row_and_fails(store: Store, audit: Audit) -> None:
    await store.write(open_ticket)
    tamper(store, "update audit set actor = '901' where id = 2", "update audit set actor = '901' where id = 3")
    status, said = await asyncio.to_thread(audit)

    assert status == 1
    assert shown(said)["Selisih"] == "0"
    assert shown(said)["Rantai"] == "PUTUS: baris 2 tidak lagi seperti saat ditulis"


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL takes nothing else for a time
async def test_audit_of_a_time_that_is_none_says_that_rows_cannot_be_read(store: Store, audit: Audit) -> None:
    await store.write(open_ticket)
    tamper(store, "update audit set at = 'kemarin' where id = 2")
    status, said = await asyncio.to_thread(audit)

    assert status == 2
    assert said.startswith("Isi basis data tidak dapat dibaca (ValueError)")


async def test_audit_creates_nothing(tmp_path: Path, audit: Audit, store_url: str) -> None:
    store = Store(store_url)
    store.open()
    store.close()
    before = sorted(tmp_path.iterdir())
    status, said = await asyncio.to_thread(audit)

    assert (status, sorted(tmp_path.iterdir())) == (0, before)
    assert shown(said)["Baris jejak audit"] == "0"


def test_audit_of_an_older_schema_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, audit: Audit) -> None:
    (tmp_path / "empty.db").touch()
    monkeypatch.setenv("CHATBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    status, said = audit()

    assert status == 2
    assert "Skema basis data lebih lama" in said


@pytest.mark.parametrize(
    ("who", "content", "actor", "why"),
    [
        (
            OFFICER,
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
            "901",
            "forwarded_command",
        ),
        (77, {}, "77", "not_allowed"),
        (5, {"from": {"id": 5, "is_bot": True, "first_name": "Bot lain"}}, "nobody", "anonymous"),
        (OFFICER, {"sender_chat": {"id": int(OFFICERS), "type": "supergroup", "title": "x"}}, "nobody", "anonymous"),
    ],
)
async def test_command_that_is_refused_is_written_down_without_its_words(
    bench: DeskBench, who: int, content: dict[str, Any], actor: str, why: str
) -> None:
    number = await bench.complain()
    bench.strangers.add(77)
    await bench.officer(f"/tutup #{number} rahasia", who, **content)

    last = (await trail(bench.store))[-1]
    assert (last.act, last.actor) == ("refused", actor)
    assert f'"why":"{why}"' in last.detail
    assert "rahasia" not in str(last)
    assert await bench.store.read(lambda uow: [event.event for event in uow.events(1)]) == ["opened"]
    assert (await verdict(bench.store))[1] == []
