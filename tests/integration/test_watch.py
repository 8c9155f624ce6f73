"""What administrators are told while the program runs: once a cause, again after a day, and once when it is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import event as listening

from chatbot.channels.base import ChannelDown, ContactStopped, Rejected, SendError
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Outbound, Task
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.services import disk, doctor, watch
from chatbot.services.outcome import Outcomes
from chatbot.services.outgoing import payload_of
from chatbot.services.watch import Watch
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, Bench, behind
from tests.integration.rows import meet, outbound

ADMINS = "-300"
GIB = 1024**3


class WatchBench(Bench):
    """The bench, and a watch over it. Telegram is asked only where a test says so."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__(store, folder, admins=ADMINS)
        self.free = 100 * GIB
        self.begin()

    def begin(self, telegram: TelegramChannel | None = None, **groups: str) -> None:
        """A process begins to watch, as after a restart."""
        self.watch = Watch(
            self.store,
            self.office,
            channels=["telegram"],
            groups=lambda: groups,
            examine=partial(doctor.platforms, telegram, None),
            room=lambda low: [disk.judged("var/media", 200 * GIB, self.free, was_low=bool(low))],
        )

    async def look(self, minutes: float = 0) -> list[str]:
        """Let time pass and look twice, as happens within seconds; what the administrators are told."""
        before = len(await self.store.read(told))
        self.now += timedelta(minutes=minutes)
        if self.watch._asked_at is None:
            await self.watch.examine()
        for _ in range(2):
            await self.watch.look()
        news = (await self.store.read(told))[before:]
        await self.store.write(self._sent)
        return news

    def _sent(self, uow: UnitOfWork) -> None:
        """What the program itself wrote is delivered at once; rows of the tests stay."""
        uow.outbox.sent([(row.id, "") for row in behind(uow) if row.purpose and row.state == "pending"], self.now)

    async def fails(self, error: SendError) -> None:
        """A call is made that fails so."""
        call = msgspec.json.encode(Outbound(id=0, to=OFFICERS, task=Task.EDIT))
        row = outbound(task="edit", payload=call)

        def unit(uow: UnitOfWork) -> None:
            uow.add(row)
            uow.flush()
            Outcomes(uow, self.office, self.now).failed(row, error)

        await self.store.write(unit)


def told(uow: UnitOfWork) -> list[str]:
    return [payload_of(row).text for row in behind(uow) if row.chat == ADMINS]


@pytest.fixture
async def bench(store: Store, tmp_path: Path) -> WatchBench:
    bench = WatchBench(store, tmp_path)
    assert await bench.look() == []
    return bench


async def test_message_that_waits_is_told_once_again_after_a_day_and_when_it_is_over(bench: WatchBench) -> None:
    await bench.arrive(text="halo")
    assert await bench.look(0.5) == []
    (told,) = await bench.look(1)
    assert told.startswith("⚠ <b>Pesan yang masuk belum diolah lebih dari satu menit</b>\n")
    assert await bench.look(60) == []

    bench.begin()
    assert await bench.look() == []
    again, _silent = await bench.look(23 * 60)
    assert "Masih berlangsung" in again
    assert await bench.look(60) == []

    await bench.handle()
    assert await bench.look(1) == []  # it may come again at once
    assert await bench.look(5) == ["✅ Sudah beres: Pesan yang masuk belum diolah lebih dari satu menit"]
    assert await bench.look(60) == []


async def test_what_waited_before_the_watch_began_is_given_a_minute(bench: WatchBench) -> None:
    await bench.arrive(text="halo")
    bench.now += timedelta(hours=1)
    bench.begin()
    assert await bench.look() == []
    assert len(await bench.look(1)) == 1


async def test_row_that_is_tried_in_vain_is_told_and_one_that_waits_for_its_citizen_is_not(bench: WatchBench) -> None:
    def unit(uow: UnitOfWork) -> None:
        contact = meet(uow, "501").contact_id
        uow.flush()
        mine = {"chat": "501", "for_group": False, "contact_id": contact, "queue": "telegram:501", "due_at": bench.now}
        uow.add(outbound(**mine, state="held"))
        uow.flush()
        uow.add(outbound(**mine))

    await bench.store.write(unit)
    assert await bench.look(10) == []

    await bench.store.write(lambda uow: uow.add(outbound(due_at=bench.now + timedelta(minutes=3), attempts=1)))
    await bench.store.write(lambda uow: uow.add(outbound(due_at=bench.now + timedelta(hours=1), attempts=0)))
    (told,) = await bench.look(2)
    assert told.startswith("⚠ <b>Kiriman Telegram tertahan lebih dari satu menit</b>\n")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Rejected("400"), "Ada kiriman Telegram yang ditolak untuk selamanya"),
        (ChannelDown("401"), "Kanal Telegram berhenti"),
    ],
)
async def test_call_that_fails_is_told_once(bench: WatchBench, error: SendError, words: str) -> None:
    await bench.fails(error)
    (told,) = await bench.look(0.5)
    assert words in told
    await bench.fails(error)
    assert await bench.look(0.5) == []


async def test_citizen_who_blocked_the_bot_is_no_alarm(bench: WatchBench) -> None:
    await bench.fails(ContactStopped("403"))
    assert await bench.look(2) == []


async def test_body_that_cannot_be_read_is_told_until_a_day_has_passed_without_one(bench: WatchBench) -> None:
    await bench.intake.store(bench.telegram, b"no JSON")
    (told,) = await bench.look()
    assert "disisihkan karena tidak dapat diolah" in told
    assert await bench.look(23 * 60) == []
    _silent, over = await bench.look(61)
    assert over.startswith("✅ Sudah beres: ")


async def test_channel_that_was_heard_and_falls_silent_for_a_day_is_told(bench: WatchBench) -> None:
    assert await bench.look(48 * 60) == []  # nobody ever wrote
    await bench.hear(text="halo")
    assert await bench.look() == []
    bench.begin()
    assert await bench.look(23 * 60) == []
    (told,) = await bench.look(60)
    assert "Sehari penuh tidak ada pesan dari Telegram" in told

    await bench.hear(text="halo")
    assert await bench.look() == ["✅ Sudah beres: Sehari penuh tidak ada pesan dari Telegram"]


async def test_disk_that_fills_is_told_and_is_well_again_only_with_some_room_to_spare(bench: WatchBench) -> None:
    bench.free = 9 * GIB
    (told,) = await bench.look(1)
    assert "<b>Disk hampir penuh</b>" in told
    assert "sisa 9.0 GiB (4%)" in told
    bench.free = 11 * GIB
    assert await bench.look(1) == []
    bench.free = 13 * GIB
    assert await bench.look(1) == ["✅ Sudah beres: Disk hampir penuh"]


async def test_platform_that_is_away_is_one_alarm_whatever_waits_for_it(
    bench: WatchBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_AGAIN", 0.0)  # seconds of patience; nobody listens there at all
    await bench.telegram.open()
    bench.begin(bench.telegram)
    await bench.store.write(lambda uow: uow.add(outbound(attempts=1)))
    told = [*await bench.look(), *await bench.look(2), *await bench.look(5)]
    await bench.telegram.close()
    assert [text.partition("\n")[0] for text in told] == ["⚠ <b>Telegram tidak dapat dicapai</b>"]


@pytest.fixture
async def served(bench: WatchBench) -> AsyncIterator[TelegramSandbox]:
    """The bench asks a Telegram that answers, of the officers' group."""
    sandbox = TelegramSandbox("7:placeholder")
    url = await sandbox.start()
    sandbox.add_user(901, "Petugas")
    sandbox.add_group(-1001, "Petugas", forum=True)
    channel = type(bench.telegram)(
        token="7:placeholder", api_url=url, polling=True, webhook_url="", secret="", clock=bench.clock
    )
    sandbox.world.clock = bench.clock
    await channel.open()
    bench.begin(channel, officers="-1001")
    assert await bench.look() == []
    yield sandbox
    await channel.close()
    await sandbox.stop()


async def test_rights_that_are_lost_are_told_and_so_is_that_they_are_back(
    bench: WatchBench, served: TelegramSandbox
) -> None:
    served.set_bot_rights(901, -1001, can_manage_topics=False)
    await bench.store.write(lambda uow: uow.alarms.note("groups", bench.now + timedelta(minutes=1)))
    (told,) = await bench.look(1)
    assert told.startswith("⚠ <b>Bot kehilangan tempat atau hak di grup -1001</b>\n")
    assert "mengelola topik di grup petugas (-1001)" in told
    served.set_bot_rights(901, -1001, can_manage_topics=True)
    assert await bench.look(5) == ["✅ Sudah beres: Bot kehilangan tempat atau hak di grup -1001"]


@pytest.mark.usefixtures("served")
async def test_group_where_calls_fail_is_told_although_the_platform_finds_nothing_wrong(bench: WatchBench) -> None:
    await bench.store.write(lambda uow: uow.alarms.note("gone -1001", bench.now))
    await bench.store.write(lambda uow: uow.alarms.note("gone -999", bench.now))  # none of ours
    (told,) = await bench.look()
    assert "Grup -1001 tidak dapat dicapai bot" in told
    assert await bench.look(5) == ["✅ Sudah beres: Bot kehilangan tempat atau hak di grup -1001"]


async def test_revoked_token_and_wrong_clock_are_told_by_the_words_of_the_examination(
    bench: WatchBench, served: TelegramSandbox
) -> None:
    served.world.clock = lambda: bench.now + timedelta(minutes=3)
    (told,) = await bench.look(5)
    assert "Jam mesin ini 3 menit lebih lambat" in told
    served.revoke_token()
    (told,) = await bench.look(5)
    assert told.startswith("⚠ <b>Kanal Telegram berhenti</b>\nTelegram menolak token (401)")
    served.repair()
    served.world.clock = bench.clock
    over = await bench.look(5)
    assert sorted(over) == ["✅ Sudah beres: Jam mesin bot salah", "✅ Sudah beres: Kanal Telegram berhenti"]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by what is in the tables
async def test_no_look_reads_all_messages(bench: WatchBench) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: Any) -> None:
        asked.append((statement, values))

    listening.listen(bench.store.engine, "before_cursor_execute", note)
    await bench.watch.look()
    listening.remove(bench.store.engine, "before_cursor_execute", note)
    with bench.store.engine.connect() as connection:
        plans = [
            " ".join(row[3] for row in connection.exec_driver_sql(f"explain query plan {statement}", values))
            for statement, values in asked
            if " inbound" in statement or " outbound" in statement
        ]

    assert len(plans) == 5
    slow = ("SCAN inbound", "SCAN outbound", "rowid<", "autoindex", "TEMP B-TREE")
    assert [plan for plan in plans if any(way in plan for way in slow)] == []
