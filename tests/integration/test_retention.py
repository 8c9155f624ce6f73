"""What is forgotten after its days, and what is not, on real databases and a real folder."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Attachment, Kind
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.services.media import Media
from chatbot.services.retention import Retention
from chatbot.store.store import Store
from chatbot.store.tables import InboundRow, MediaRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import Bench
from tests.integration.rows import NOW, inbound, meet, ticket

DAYS = 30
CONTENT = b"berkas"
SHA = "ab" + "0" * 62


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


def shelve(folder: Path, sha256: str = SHA, *, days_old: float = 40) -> Path:
    """A kept file with its cleaned copy, as old as it says."""
    path = folder / sha256[:2] / sha256
    path.parent.mkdir(exist_ok=True)
    for file in (path, path.with_suffix(".clean")):
        file.write_bytes(CONTENT)
        then = file.stat().st_mtime - days_old * 86400
        os.utime(file, (then, then))
    return path


def kept(inbound_id: int, **fields: Any) -> MediaRow:
    attachment = b'{"kind":"photo","ref":"f"}'
    values: dict[str, Any] = {"channel": "telegram", "attachment": attachment, "state": "kept", "sha256": SHA}
    return MediaRow(**{"inbound_id": inbound_id, "due_at": NOW, "created_at": NOW, **values, **fields})


async def bodies(store: Store) -> list[bool]:
    rows = await store.read(lambda uow: [uow.inbound(number) for number in range(1, 20)])
    return [row.raw is not None for row in rows if row]


async def pass_days(bench: Bench, days: int = DAYS + 1) -> None:
    bench.now += timedelta(days=days)
    await Retention(bench.office, bench.folder, DAYS).run(bench.store)


async def test_chat_without_a_ticket_is_emptied_and_its_dialogue_forgotten(bench: Bench) -> None:
    await bench.hear(text="halo")
    await bench.hear(text="motor saya dicuri kemarin di pasar Contoh")
    await pass_days(bench, DAYS - 1)
    assert await bodies(bench.store) == [True, True]

    await pass_days(bench, 2)
    assert await bodies(bench.store) == [False, False]
    assert not await bench.store.read(lambda uow: uow.conversations([1]))


async def test_what_a_form_that_goes_on_has_kept_is_not_forgotten(bench: Bench) -> None:
    photo = {"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 10}
    await bench.hear(photo=[photo])
    await bench.hear(text="aduan")
    await bench.hear(text="setuju")
    await bench.store.write(lambda uow: _mark_kept(uow, bench.folder))
    path = shelve(bench.folder)
    bench.now += timedelta(days=20)
    await bench.hear(text="lanjut")
    await pass_days(bench, 15)

    assert await bodies(bench.store) == [True, False, False, True]
    assert path.exists()


def _mark_kept(uow: UnitOfWork, _folder: Path) -> None:
    (row,) = uow.media.of_messages([1])
    row.state, row.sha256 = "kept", SHA


async def test_dialogue_of_a_person_whose_ticket_is_open_is_kept(bench: Bench) -> None:
    await bench.hear(text="halo")
    await bench.store.write(lambda uow: uow.add(ticket(1)))
    await pass_days(bench)

    assert await bench.store.read(lambda uow: uow.conversations([1]))


async def test_file_of_no_ticket_goes_and_a_tickets_file_of_the_same_content_stays(bench: Bench) -> None:
    def fill(uow: UnitOfWork) -> None:
        uow.inbox.add([[inbound(f"update:{n}") for n in (1, 2)]])
        row = ticket(meet(uow, "501").contact_id)
        uow.add(row)
        uow.flush()
        uow.add(kept(1))
        uow.add(kept(2, ticket_id=row.id, bound_for="desk"))
        for number in (1, 2):
            message = uow.inbound(number)
            assert message
            message.state, message.ticket_id = "done", row.id if number == 2 else None

    await bench.store.write(fill)
    path = shelve(bench.folder)
    await pass_days(bench)
    assert path.exists()
    assert not await bench.store.read(lambda uow: uow.media.of_messages([1]))
    assert await bench.store.read(lambda uow: uow.media.of_messages([2]))


def _keep_nobodys_file(uow: UnitOfWork) -> None:
    uow.inbox.add([[inbound("update:1")]])
    uow.add(kept(1))
    message = uow.inbound(1)
    assert message
    message.state = "done"


async def test_file_of_nobody_goes_with_its_cleaned_copy(bench: Bench) -> None:
    await bench.store.write(_keep_nobodys_file)
    path = shelve(bench.folder)
    await pass_days(bench)

    assert not path.exists()
    assert not path.with_suffix(".clean").exists()


async def test_more_than_one_step_is_forgotten_at_once(bench: Bench) -> None:
    await bench.store.write(lambda uow: uow.inbox.add([[inbound(f"update:{n}") for n in range(500)]]))

    def handled(uow: UnitOfWork) -> None:
        for number in range(1, 501):
            row = uow.inbound(number)
            assert isinstance(row, InboundRow)
            row.state = "done"

    await bench.store.write(handled)
    await pass_days(bench)

    assert not any(await bodies(bench.store))


async def test_file_that_cannot_be_written_down_is_not_fetched_again_at_once(bench: Bench) -> None:
    def fill(uow: UnitOfWork) -> None:
        uow.inbox.add([[inbound("update:1")]])
        row = ticket(meet(uow, "501").contact_id)
        uow.add(row)
        uow.flush()
        wanted = kept(1, state="wanted", sha256="", bound_for="citizen", ticket_id=row.id)
        uow.add(wanted)

    await bench.store.write(fill)
    box = TelegramSandbox("7:placeholder")
    url = await box.start()
    channel = TelegramChannel(
        token="7:placeholder", api_url=url, polling=True, webhook_url="", secret="", clock=bench.clock
    )
    await channel.open()
    office = replace(bench.office, capabilities={})  # so that writing down breaks
    media = Media(bench.store, office, {"telegram": channel}, bench.folder, bench.woken)
    media.prepare()
    box.add_user(501, "Warga")
    photo = box.send_photo(501, CONTENT)["photo"][-1]["file_id"]
    row = await bench.store.read(lambda uow: uow.media.wanted(bench.now, 1)[0])
    row.attachment = msgspec.json.encode(Attachment(Kind.PHOTO, photo))
    await media.fetch(row)
    await channel.close()
    await box.stop()

    after = await bench.store.read(lambda uow: uow.media.get(row.id))
    assert after is not None
    assert (after.state, after.attempts, after.error) == ("wanted", 1, "KeyError")
    assert after.due_at > bench.now
