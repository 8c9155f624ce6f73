"""A backup while the program serves, a crash, a restore elsewhere: what the people on both sides see of it."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chatbot.core.ticket import NUMBERS
from chatbot.sandbox.process import settings_only
from tests.e2e.story import card, file_complaint
from tests.e2e.world import CITIZEN, OFFICER, OFFICERS, OTHER, STRANGER, World, text_of

REPORT = "lapor, motor saya dicuri kemarin jam 07.00 di pasar Contoh"
LATE = "Mohon datang ke loket besok pagi."


class Place(World):
    """A world whose program can be put into another place: another database, another media folder."""

    patience = 30.0

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, CHATBOT_DATABASE_URL=url, CHATBOT_WHATSAPP_TOKEN="")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        url = self.settings["CHATBOT_DATABASE_URL"]
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                return connection.execute(sql, values).fetchall()
        with psycopg.connect(url) as connection:
            return connection.execute(sql.encode(), values or None).fetchall()

    async def verb(self, *arguments: str) -> tuple[int, str]:
        """Run a verb beside the program, with its settings; the status and all that it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "chatbot",
            *arguments,
            env=settings_only(self.settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    async def report(self, user: int) -> str:
        """A report in one message from somebody who never wrote before; its number, as people read it."""
        await self.ask(REPORT, "aduan", user)
        await self.ask("1", "setuju", user)
        await self.ask("setuju", "Siapa", user)
        await self.ask("lewati", "bukti", user)
        await self.ask("lewati", "identitas", user)
        await self.ask("terbuka", "periksa", user)
        told = await self.ask("kirim", "bukan Laporan Polisi", user)
        found = re.search(r"\d{3}-\d{3}-\d{4}", text_of(told))
        assert found
        return found[0]

    def move(self, url: str) -> None:
        self.settings |= {"CHATBOT_DATABASE_URL": url, "CHATBOT_MEDIA_DIR": str(self.folder / "other" / "media")}


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    url = f"sqlite:///{tmp_path / 'tanggap.db'}"
    if request.param == "postgresql":
        request.getfixturevalue("postgres_tools")
        url = request.getfixturevalue("postgres_url")
    world = Place(tmp_path, url)
    await world.open()
    yield world
    await world.close()


@pytest.fixture
def elsewhere(place: Place, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if place.settings["CHATBOT_DATABASE_URL"].startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'other' / 'tanggap.db'}"
    url: str = request.getfixturevalue("bare_postgres_url")
    return url


def _said(world: Place, user: int) -> list[str]:
    return [text_of(message) for message in world.telegram.bot_messages(user)]


async def test_restored_program_repeats_no_answer_and_no_number_and_keeps_what_the_backup_held(
    place: Place, elsewhere: str
) -> None:
    first = await file_complaint(place)
    old_card = await card(place)
    await place.until(lambda: place.rows("select 1 from media where state = 'kept'"))

    # An answer cannot be sent, and citizens write, while the backup is taken.
    place.telegram.fail_next("sendMessage", status=502, times=1000, chat_id=CITIZEN)
    place.telegram.say(OFFICER, f"/jawab {LATE}", chat_id=OFFICERS, thread=old_card["message_thread_id"])
    await place.until(lambda: place.rows("select 1 from outbound where error <> '' and attempts > 1"))
    for _ in range(20):
        place.telegram.say(OTHER, "halo")
    status, said = await place.verb("db", "backup", str(place.folder))
    assert (status, "1 aduan, 1 berkas" in said) == (0, True), said
    backup = next(place.folder.glob("tanggap-*Z"))

    # Life goes on, and is lost.
    place.telegram.repair()
    await place.told(LATE)
    lost = await place.report(STRANGER)
    lost_card = await place.in_group(lost)
    lost_ids = place.rows("select max(id) from ticket union all select max(id) from inbound")
    await place.bot.kill()
    place.move(elsewhere)
    status, said = await place.verb("db", "restore", str(backup))
    assert status == 0, said

    place.telegram.say(OTHER, "jam buka loket sim kapan?")  # while nobody serves
    before, group_before = _said(place, CITIZEN), len(place.telegram.bot_messages(OFFICERS))
    talked = len(_said(place, OTHER))
    await place.start_bot()
    await place.told("", OTHER, after=talked)
    await place.in_group("dipulihkan dari cadangan", after=group_before)
    warned = await place.in_group("Mungkin belum sampai", after=group_before)
    assert first in text_of(warned).replace("-", "")

    # A button under a card that nobody knows any more does nothing, to nobody.
    press = place.press(OFFICER, lost_card, "Ambil")
    assert "tidak" in (await place.telegram.answer_to(press, place.patience))["text"]
    new = (await place.report(OTHER)).replace("-", "")
    assert new not in {first, lost.replace("-", "")}
    assert int(new[:-1]) >= NUMBERS.stop
    ids = place.rows("select max(id) from ticket union all select max(id) from inbound")
    assert all(now[0] > then[0] + 1000 for now, then in zip(ids, lost_ids, strict=True))
    assert place.rows("select count(*) from ticket where officer_id <> ''") == [(1,)]

    assert _said(place, CITIZEN) == before  # by now whatever would have gone by itself has gone
    ((sha256,),) = place.rows("select sha256 from media where state = 'kept'")
    kept = place.folder / "other" / "media" / sha256[:2]
    assert sorted(path.name for path in kept.iterdir()) == [sha256, f"{sha256}.clean"]
    assert (await place.verb("audit"))[0] == 0

    # What is doubtful waits for an operator, who may send it after all; once.
    ((held,),) = place.rows(
        "select id from outbound where state = 'dead' and error = 'restored' and purpose = 'answer'"
    )
    status, said = await place.verb("queue", "retry", f"out:{held}")
    assert status == 0, said
    await place.told(LATE, after=len(before))
    await place.until(lambda: place.rows("select 1 from outbound where purpose = 'card_edit' and state = 'sent'"))
    assert len([text for text in _said(place, CITIZEN)[len(before) :] if LATE in text]) == 1
