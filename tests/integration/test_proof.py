"""Photos that officers give as proof: one that was given on another ticket is spoken of, and nothing is held up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from chatbot.channels.base import FetchError
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.complaint import MEMBERS
from chatbot.core.message import Attachment
from chatbot.core.region import Unit
from chatbot.services.cards import card_text
from chatbot.services.media import Media
from chatbot.services.proof import Proofs
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, behind, telegram
from tests.integration.desk_bench import DeskBench
from tests.integration.rows import meet, ticket
from tests.unit.pictures import copied, jpeg, scene

ONE, TWO, THREE = "1111111111", "2222222222", "3333333333"
ABOVE = "-300"


class Files(TelegramChannel):
    """Telegram, whose files are here: each under its id."""

    held: dict[str, bytes]

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        if attachment.ref not in self.held:
            raise FetchError("gone", permanent=True)
        yield self.held[attachment.ref]


class ProofBench(DeskBench):
    """A desk with three tickets, whose officers send photos."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__(store, folder)
        self.files = telegram(Files, self.clock)
        self.files.held = {}
        self.media = Media(store, self.office, {"telegram": self.files}, folder / "media", asyncio.Event())
        self.media.prepare()

    async def give(self, number: str, data: bytes | None, *, same: str = "", text: str = "/jawab") -> int:
        """A photo with a command; it is fetched and compared, or lost where there are no data."""
        ref = f"file{self.updates}"
        if data is not None:
            self.files.held[ref] = data
        size = {"file_id": ref, "file_unique_id": same or f"u{self.updates}", "width": 90, "height": 90}
        sent = await self.officer(photo=[size], caption=f"{text} #{number} Sudah dikerjakan")
        await self.compare()
        return sent

    async def compare(self) -> None:
        later = self.now + timedelta(minutes=1)
        for row in await self.store.read(lambda uow: uow.media.wanted(later, 10)):
            await self.media.fetch(row)
        await Proofs(self.store, self.office, self.folder / "media").work()

    async def flags(self) -> list[str]:
        return [text for text in await self.texts() if "pernah dipakai" in text]

    async def written(self) -> list[str]:
        rows = [row for one in (1, 2, 3) for row in await self.store.read(partial(trail_of, one))]
        return [detail for act, detail in rows if act == "photo_reused"]


def trail_of(ticket_id: int, uow: UnitOfWork) -> list[tuple[str, str]]:
    return [(row.act, row.detail) for row in uow.audit.of_ticket(ticket_id)]


def three_tickets(uow: UnitOfWork) -> None:
    person = meet(uow, "501")
    for number in (ONE, TWO, THREE):
        uow.add(ticket(person.contact_id, number))


@pytest.fixture
async def bench(store: Store, tmp_path: Path) -> ProofBench:
    bench = ProofBench(store, tmp_path)
    await store.write(three_tickets)
    return bench


async def test_same_photo_on_another_ticket_is_spoken_of_under_the_photo_and_written_down(bench: ProofBench) -> None:
    await bench.give(ONE, jpeg(scene(1)))
    assert await bench.flags() == []
    bench.now += timedelta(days=3)
    sent = await bench.give(TWO, jpeg(scene(1)), text="/tutup")

    (told,) = await bench.flags()
    assert told.startswith(f"{OFFICERS}: ")
    assert "#111-111-1111, 24 November 2026 08.00 WIB" in told
    rows = await bench.store.write(behind)
    assert f'"reply_to":"{sent}"'.encode() in rows[-1].payload
    (detail,) = await bench.written()
    assert '"earlier":1' in detail
    assert await bench.store.read(lambda uow: [row.status for row in (uow.ticket(2),) if row]) == ["closed"]


@pytest.mark.parametrize("way", ["copy", "same file", "same file, lost"])
async def test_copy_and_the_same_file_of_the_platform_are_found_too(bench: ProofBench, way: str) -> None:
    await bench.give(ONE, jpeg(scene(1)), same="A")
    data = copied(scene(1)) if way == "copy" else None if "lost" in way else jpeg(scene(2))
    await bench.give(TWO, data, same="B" if way == "copy" else "A")

    assert len(await bench.flags()) == 1


async def test_other_photo_the_same_ticket_and_plain_pictures_are_not_spoken_of(bench: ProofBench) -> None:
    await bench.give(ONE, jpeg(scene(1)))
    await bench.give(ONE, jpeg(scene(1)))
    await bench.give(TWO, jpeg(scene(2)))
    await bench.give(TWO, jpeg(Image.new("RGB", (640, 480), (0, 0, 0))))
    await bench.give(THREE, jpeg(Image.new("RGB", (320, 240), (9, 9, 9))))

    assert await bench.flags() == []
    assert await bench.written() == []


@pytest.mark.parametrize("data", [jpeg(scene(1)), copied(scene(1))], ids=["same", "copy"])
async def test_photo_of_more_than_two_years_ago_is_not_spoken_of(bench: ProofBench, data: bytes) -> None:
    await bench.give(ONE, jpeg(scene(1)))
    bench.now += timedelta(days=731)
    await bench.give(TWO, data)

    assert await bench.flags() == []


async def test_photo_that_was_taken_back_counts_for_nothing(bench: ProofBench) -> None:
    ref = {"file_id": "back", "file_unique_id": "back", "width": 90, "height": 90}
    bench.files.held["back"] = jpeg(scene(1))
    await bench.officer(photo=[ref], caption=f"/jawab #{ONE} Salah foto")
    await bench.officer(f"/batal #{ONE}")
    await bench.compare()
    await bench.give(TWO, jpeg(scene(1)))

    assert await bench.flags() == []


async def test_broken_file_is_compared_by_its_content_and_stops_nothing(bench: ProofBench) -> None:
    await bench.give(ONE, b"\xff\xd8 broken")
    await bench.give(TWO, b"\xff\xd8 broken")
    await bench.give(THREE, jpeg(scene(3)))

    assert len(await bench.flags()) == 1
    assert await bench.store.read(lambda uow: uow.media.uncompared(10)) == []


async def test_answer_is_copied_at_once_and_the_card_counts_the_citizens_files_alone(bench: ProofBench) -> None:
    ref = {"file_id": "f", "file_unique_id": "f", "width": 90, "height": 90}
    await bench.officer(photo=[ref], caption=f"/jawab #{ONE} Sudah dikerjakan")

    rows = await bench.store.write(behind)
    assert [row.task for row in rows if row.contact_id] == ["copy"]
    await bench.compare()  # the file cannot be had
    shown = await bench.store.read(lambda uow: [card_text(row, uow, bench.office) for row in (uow.ticket(1),) if row])
    assert "Berkas" not in shown[0]
    assert "berkas" not in shown[0]


async def test_superior_unit_hears_of_it_and_a_complaint_about_members_is_named_nowhere(bench: ProofBench) -> None:
    plain = bench.office.plan.region
    units = (
        Unit("polres", "Polres Contoh", ABOVE, default=True),
        Unit("polsek", "Polsek Contoh", OFFICERS, superior="polres"),
        Unit("propam", "Propam", "-200", members=True),
    )
    bench.office.plan.take(replace(plain, units=units))

    def places(uow: UnitOfWork) -> None:
        for number, unit, chat, category in ((1, "polsek", OFFICERS, "lainnya"), (2, "polsek", OFFICERS, "lainnya")):
            found = uow.ticket(number)
            assert found
            found.unit, found.chat, found.category = unit, chat, category

    await bench.store.write(places)
    await bench.give(ONE, jpeg(scene(1)))
    await bench.give(TWO, jpeg(scene(1)))
    here, above = await bench.flags()
    assert here.startswith(f"{OFFICERS}: ")
    assert above.startswith(f"{ABOVE}: ")
    assert "#222-222-2222 (Polsek Contoh) pernah dipakai pada #111-111-1111" in above

    await bench.give(THREE, jpeg(scene(4)))  # while its ticket is still here
    await bench.store.write(_to_propam)
    await bench.give(TWO, jpeg(scene(4)))
    assert len(await bench.flags()) == 4
    assert "333-333-3333" not in str(await bench.flags())


def _to_propam(uow: UnitOfWork) -> None:
    members = uow.ticket(3)
    assert members
    members.chat, members.unit, members.category = "-200", "propam", MEMBERS


async def test_similar_photo_is_found_behind_more_than_one_step_of_others(
    bench: ProofBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.services.proof._STEP", 2)
    await bench.give(ONE, jpeg(scene(1)))
    for seed in range(2, 7):
        await bench.give(ONE, jpeg(scene(seed)))
    await bench.give(TWO, copied(scene(1)))

    assert len(await bench.flags()) == 1
