"""The disk is full, does not take what is written, or the database is locked: the platforms repeat, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, closing
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.story import photo
from tests.e2e.world import OFFICERS
from tests.fault.conftest import Tell
from tests.fault.fault_world import FORWARDED, Crowd, FaultWorld
from tests.fault.ledger import Ledger, Proof
from tests.fault.strace import under_strace

_ALL = bool(os.environ.get("ALL_FAULTS"))
_LOCKED = 30.0 if _ALL else 6.0  # seconds; the program waits for five
_FAILING = Path(__file__).parent / "failing.py"
_TIMES = 5 if _ALL else 1
_DISK = 24 * 1024 * 1024

Open = Callable[..., Awaitable[FaultWorld]]


@pytest.fixture
async def open_world() -> AsyncIterator[Open]:
    async with AsyncExitStack() as worlds:

        async def open_one(folder: Path, **options: Any) -> FaultWorld:
            folder.mkdir(exist_ok=True)
            world = FaultWorld(folder, **options)
            worlds.push_async_callback(world.close)
            await world.open()
            return world

        yield open_one


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]
    if not mount or not umount or subprocess.run([mount, *options], check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here: that needs root")
    yield folder
    subprocess.run([umount, "--lazy", str(folder)], check=True)


def _fill(folder: Path) -> Path:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filler
    raise AssertionError("no end to the disk")


def _fetched(world: FaultWorld) -> int:
    return len([call for call in world.whatsapp.calls if call.method == "GET" and call.status == HTTPStatus.OK])


def _has_fetched(world: FaultWorld, before: int) -> bool:
    return _fetched(world) > before


async def _refused(world: FaultWorld, since: int = 0) -> None:
    """A webhook was answered 503, of those behind so many."""
    await world.until(lambda: any(503 in webhook.attempts for webhook in world.whatsapp.webhooks[since:]))


async def _taken(world: FaultWorld, since: int) -> None:
    """A webhook was answered 200, of those behind so many: the newest may always be under way."""
    await world.until(lambda: any(webhook.accepted for webhook in world.whatsapp.webhooks[since:]))


async def _ended(world: FaultWorld, ledger: Ledger) -> Proof:
    """The trouble is over: everything goes on, for the process never ended."""
    await ledger.settled()
    proof = ledger.proof()
    assert not proof.faults
    assert world.bot.status is None
    return proof


async def test_disk_that_is_full_has_the_platforms_repeat_and_the_photo_fetched_later(
    small_disk: Path, tmp_path: Path, open_world: Open, tell: Tell
) -> None:
    world = await open_world(small_disk, log=tmp_path / "bot.log")
    ledger = Ledger(world)
    crowd = Crowd(world, ledger)
    who = crowd.cry(on="whatsapp")
    await world.told_on_whatsapp(str(who), FORWARDED)
    talking = asyncio.create_task(crowd.talk(0.03))  # so that what comes in shares commits with what goes out
    for time in range(_TIMES):
        world.whatsapp.fail_next(status=500, times=10_000)  # so that the photo waits to be fetched
        world.whatsapp.send_image(str(who), photo((time, 0, 0)))
        await world.until(lambda: world.rows("select 1 from media where state = 'wanted'"))
        filler, since = _fill(small_disk), len(world.whatsapp.webhooks)
        world.whatsapp.repair()
        await _refused(world, since)
        fetched = _fetched(world)
        await world.whatsapp.wait_for(partial(_has_fetched, world, fetched), world.patience)
        filler.unlink()
        await world.until(lambda: not world.rows("select 1 from media where state = 'wanted'"))
    talking.cancel()
    proof = await _ended(world, ledger)
    tell("disk full, SQLite and files", _TIMES, proof)
    assert world.rows("select count(*) from media where state = 'kept'") == [(_TIMES,)]
    assert len([call for call in world.telegram.calls if call.files and call.chat_id == OFFICERS]) == _TIMES


async def test_log_that_cannot_be_written_stops_nothing(tmp_path: Path, open_world: Open, tell: Tell) -> None:
    world = await open_world(tmp_path / "world", log=Path("/dev/full"))
    ledger = Ledger(world)
    crowd = Crowd(world, ledger)
    world.telegram.fail_next("sendMessage", status=500, times=3)
    world.whatsapp.fail_next(status=500, times=3)
    for _ in range(20):
        crowd.ask()
    crowd.cry()
    await ledger.settled()
    crowd.answer()
    tell("log on a full disk", 1, await _ended(world, ledger))


@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
async def test_disk_that_does_not_take_a_commit_has_the_platforms_repeat(
    tmp_path: Path, open_world: Open, tell: Tell, call: str
) -> None:
    database = tmp_path / "world" / "tanggap.db"
    files = [option for name in ("", "-wal") for option in ("-P", f"{database}{name}")]
    when = "60..90" if call == "fdatasync" else "400..500"
    command = under_strace(
        *files, "-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when={when}", "-o", "/dev/null"
    )
    world = await open_world(tmp_path / "world", command=command)
    ledger = Ledger(world)
    crowd = Crowd(world, ledger)
    talking = asyncio.create_task(crowd.talk(0.05))
    crowd.cry()
    await _refused(world)
    crowd.cry()
    await _taken(world, len(world.whatsapp.webhooks))
    talking.cancel()
    await ledger.settled()
    crowd.answer()
    tell(f"I/O error of {call}, SQLite", 1, await _ended(world, ledger))


async def test_commits_that_break_in_a_way_nobody_foresaw_lose_nothing(
    tmp_path: Path, open_world: Open, tell: Tell
) -> None:
    folder = tmp_path / "world"
    world = await open_world(folder, command=(str(_FAILING),), FAIL_FROM="10", FAIL_TO="40")
    ledger = Ledger(world)
    crowd = Crowd(world, ledger)
    talking = asyncio.create_task(crowd.talk(0.05))
    await _refused(world)
    crowd.cry()
    await _taken(world, len(world.whatsapp.webhooks))
    talking.cancel()
    tell("unforeseen error of 30 commits of what came in, SQLite", 1, await _ended(world, ledger))


async def test_database_that_another_process_locks_has_the_platforms_repeat(
    tmp_path: Path, open_world: Open, tell: Tell
) -> None:
    world = await open_world(tmp_path / "world")
    ledger = Ledger(world)
    crowd = Crowd(world, ledger)
    for _ in range(10):
        crowd.ask()
    await world.until(lambda: len(world.telegram.calls_of("sendMessage")) > 1)
    with closing(sqlite3.connect(world.folder / "tanggap.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        crowd.cry()
        for _ in range(20):
            crowd.ask()
        await asyncio.sleep(_LOCKED)
        await _refused(world)
        other.execute("rollback")
    await ledger.settled()
    crowd.answer()
    tell(f"database locked for {_LOCKED:g} s", 1, await _ended(world, ledger))
