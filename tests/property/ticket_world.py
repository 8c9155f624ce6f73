"""Citizens and officers around one real database, and a platform that takes what is due."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chatbot.channels.base import SendResult
from chatbot.core.region import Unit
from chatbot.services import first_word
from chatbot.services.outcome import Outcomes
from chatbot.store.store import Store
from chatbot.store.tables import OutboundRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench
from tests.property.ticket_model import ANSWERED_WITHIN, ELSEWHERE


class World(DeskBench):
    """A bench whose rows are read from outside, and whose messages leave when they are due."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__(store, folder)
        region = self.office.plan.region
        self.office.plan.take(replace(region, units=(*region.units, Unit("polsek", "Polsek Contoh", ELSEWHERE))))
        self.outside = sqlite3.connect(store.url.database or "")
        self.outside.row_factory = sqlite3.Row
        self.runner = asyncio.Runner()
        self.wrote: defaultdict[int, list[datetime]] = defaultdict(list)

    def run(self, deed: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(deed)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self.outside.execute(sql, values).fetchall()

    def row_of(self, message: int) -> int:
        """The row of a group's message, or of its latest edit."""
        found = self.rows("select max(id) from inbound where chat = ? and message_id = ?", OFFICERS, str(message))
        return int(found[0][0])

    def fills_in(self, who: int) -> bool:
        """Whether a form of this person is begun."""
        rows = self.rows("select state from conversation join address using (contact_id) where external_id = ?", who)
        return bool(rows) and json.loads(rows[0]["state"])["form"] is not None

    def close(self) -> None:
        self.runner.close()
        self.outside.close()
        self.store.close()
        shutil.rmtree(self.folder)

    async def citizen(self, who: int, **content: Any) -> None:
        person = {"id": who, "type": "private", "first_name": f"Warga {who}"}
        self.wrote[who].append(self.now)
        sender: dict[str, Any] = {"chat": person, "from": {**person, "is_bot": False}}
        await self.hear(**sender, **content)

    async def passes(self, wait: timedelta) -> None:
        """Time passes: what is due leaves, and the sweep does its duties."""
        self.now += wait
        await self.send_due()
        for duty in await self.store.read(self.sweeper.duties):
            await self.store.write(duty)
        await self.send_due()

    async def send_due(self) -> None:
        """Everything that is due is taken by the platform, in the order of its queue."""
        while await self.store.write(self._send):
            pass

    def _send(self, uow: UnitOfWork) -> bool:
        heads = uow.outbox.heads("telegram", self.now, 1000)
        kept = first_word.keep_back(uow, heads, self.now)
        going = [row for row in heads if row.id not in kept]
        for row in going:
            self._is_no_first_word(uow, row)
        uow.outbox.sending([row.id for row in going])
        results = [(row, SendResult((str(100_000 + row.id),))) for row in going]
        Outcomes(uow, self.office, self.now).sent(results)
        return bool(going)

    def _is_no_first_word(self, uow: UnitOfWork, row: OutboundRow) -> None:
        ticket = uow.ticket(row.ticket_id) if row.ticket_id and row.contact_id else None
        if ticket and ticket.unsafe:
            assert self.now - self.wrote[int(row.chat)][-1] < ANSWERED_WITHIN


FORM = ("aduan", "setuju", "Kejahatan", "Motor saya dicuri orang di pasar {}", "Pasar Contoh", "kemarin")
FORM_ENDS = ("tidak tahu", "selesai", "terbuka", "kirim")
FIRST_MARKS = {501: "qz1zq", 502: "qz2zq"}


def _world(folder: Path) -> World:
    store = Store(f"sqlite:///{folder / 'tanggap.db'}")
    store.open()
    return World(store, folder)


@cache
def _two_reports() -> tuple[bytes, int]:
    """A database in which two citizens have just filed a report each, and the number of updates until then."""
    world = _world(Path(tempfile.mkdtemp()))
    for who, mark in FIRST_MARKS.items():
        for text in (*FORM, *FORM_ENDS):
            world.run(world.citizen(who, text=text.format(mark)))
    world.store.close()
    data, updates = (world.folder / "tanggap.db").read_bytes(), world.updates
    world.close()
    return data, updates


def new_world() -> World:
    """A world of its own, with those two reports; they are filed once for all."""
    folder = Path(tempfile.mkdtemp())
    data, updates = _two_reports()
    (folder / "tanggap.db").write_bytes(data)
    world = _world(folder)
    world.updates = updates
    world.wrote.update({who: [world.now] * len((*FORM, *FORM_ENDS)) for who in FIRST_MARKS})
    return world
