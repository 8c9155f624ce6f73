"""The power goes while people write: whatever was acknowledged is there, and what was sent is known to have been.

``make faults`` looks at more of the moments at which something became safe than ``make test``.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatbot.sandbox.whatsapp import Webhook
from chatbot.services.jpeg import without_metadata
from tests.e2e.story import photo
from tests.fault.conftest import Tell
from tests.fault.fault_world import FORWARDED, Crowd, FaultWorld
from tests.fault.ledger import Ledger, items_of
from tests.fault.power import OPTIONS, Disk, events_of
from tests.fault.strace import under_strace

_ALL = bool(os.environ.get("ALL_FAULTS"))
_CUTS = 10 if _ALL else 1
_NOTED = 0.01  # seconds between looks at what was acknowledged
_MOMENTS = 50 if _ALL else 15  # looked at twice, of each life of the program


class PoweredWorld(FaultWorld):
    """A world whose program is watched as it writes to its disk."""

    patience = 120.0

    def __init__(self, folder: Path) -> None:
        self.disk = folder / "disk"
        self.disk.mkdir()
        super().__init__(
            folder,
            CHATBOT_DATABASE_URL=f"sqlite:///{self.disk / 'tanggap.db'}",
            CHATBOT_MEDIA_DIR=str(self.disk / "media"),
        )
        self.acknowledged: dict[str, float] = {}  # when it was seen to be
        self.looks = 0
        self.model: Disk
        self._lives = 0

    @property
    def _trace(self) -> Path:
        return self.folder / f"trace{self._lives}"

    async def start_bot(self) -> None:
        self._lives += 1
        self.command = under_strace(*OPTIONS, str(self._trace))
        self.model = Disk(self.disk)
        await super().start_bot()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return _rows(self.disk, sql, *values)

    async def note(self) -> None:
        """Write down when each update was acknowledged, until cancelled."""
        known = 0
        open_hooks: list[Webhook] = []
        while True:
            waiting = {pending.body["update_id"] for pending in self.telegram.updates.waiting()}
            taken = [
                f"update:{body['update_id']}" for body in self.telegram.updates.sent if body["update_id"] not in waiting
            ]
            open_hooks += self.whatsapp.webhooks[known:]
            known = len(self.whatsapp.webhooks)
            for hook in [hook for hook in open_hooks if hook.accepted]:
                taken += items_of(hook.body)
                open_hooks.remove(hook)
            for external_id in taken:
                self.acknowledged.setdefault(external_id, time.time())
            await asyncio.sleep(_NOTED)

    async def lose_power(self, chance: random.Random) -> None:
        """Kill it, look at what would have been left at earlier moments, and leave what is left now."""
        await self.bot.kill()
        await self.until(self._is_traced)
        events = events_of(self._trace, self.disk)
        moments = [number for number, event in enumerate(events) if event.kind == "synced"]
        looked_at = set(chance.sample(moments, min(_MOMENTS, len(moments))))
        for number, event in enumerate(events):
            self.model.play(event)
            if number in looked_at:
                self._look(event.at, None)
                self._look(event.at, chance)
        shutil.rmtree(self.disk)
        self.disk.mkdir()
        self.model.write_to(self.disk, chance if chance.random() < 1 / 2 else None)

    def _is_traced(self) -> bool:
        files = list(self.folder.glob(f"{self._trace.name}.*"))
        return all(file.read_bytes().endswith(b"+++\n") for file in files)

    def _look(self, at: float, chance: random.Random | None) -> None:
        """What would have been left at a moment holds everything that anybody was told until then."""
        self.looks += 1
        left = self.folder / "left"
        left.mkdir()
        self.model.write_to(left, chance)
        taken = {external_id for external_id, moment in self.acknowledged.items() if moment < at}
        sent = {
            int(call.params["biz_opaque_callback_data"])
            for call in self.whatsapp.calls
            if "biz_opaque_callback_data" in call.params and call.time.timestamp() < at
        }
        if taken:
            assert _rows(left, "pragma integrity_check") == [("ok",)]
            assert taken <= {name for (name,) in _rows(left, "select external_id from inbound")}
            assert sent <= {row for (row,) in _rows(left, "select id from outbound where attempts > 0")}
            for (sha256,) in _rows(left, "select sha256 from media where state = 'kept'"):
                self._look_at_file(left / "media" / sha256[:2] / sha256)
        shutil.rmtree(left)

    @staticmethod
    def _look_at_file(file: Path) -> None:
        assert file.is_file(), "a file that counts as kept is gone"
        data = file.read_bytes()
        assert hashlib.sha256(data).hexdigest() == file.name
        assert file.with_suffix(".clean").read_bytes() == without_metadata(data)


def _rows(folder: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "tanggap.db")) as connection:
        return connection.execute(sql, values).fetchall()


def _has_files(world: PoweredWorld, count: int) -> bool:
    return world.rows("select count(*) from media") == [(count,)]


@pytest.mark.timeout(900)
async def test_power_cut_loses_nothing_that_was_acknowledged_nor_that_a_message_was_sent(
    tmp_path: Path, tell: Tell
) -> None:
    under_strace()  # where it may not trace, the test is skipped before anything is open
    chance = random.Random(_CUTS)
    world = PoweredWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        noting = asyncio.create_task(world.note())
        talking = asyncio.create_task(crowd.talk(0.1))
        for cut in range(_CUTS):
            who = str(crowd.cry(on="whatsapp"))
            await world.told_on_whatsapp(who, FORWARDED)
            world.whatsapp.send_image(who, photo((cut, 0, 0)))
            await world.until(partial(_has_files, world, cut + 1))
            await asyncio.sleep(chance.uniform(0, 1))
            await world.lose_power(chance)
            await world.start_bot()
        talking.cancel()
        noting.cancel()
        await ledger.settled()
        while crowd.answer():
            await ledger.settled()
        proof = ledger.proof()
        tell("power cut, then started again", _CUTS, proof)
        tell("power cut, what was left looked at", world.looks)
        assert not proof.faults
    finally:
        await world.close()
