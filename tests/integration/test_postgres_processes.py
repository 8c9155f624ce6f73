"""The Procfile's three lines on a real PostgreSQL: upgrade, web, worker, each a process of its own.

In the first test web and workers run as the role with the least rights, that of ``docs/deploy/postgresql-role.sql``.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from chatbot.sandbox.process import BotProcess
from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import Standing, examine_database
from tests.e2e.story import RESULT, card, file_complaint
from tests.e2e.world import CITIZEN, OFFICER, OFFICERS, World

ROLES = {zlib.crc32(f"role:{role}".encode()): role for role in ("sender telegram", "poller telegram", "sweeper")}


class ProcessesWorld(World):
    """A world in which web and workers are apart; with Telegram by polling, there is no web."""

    patience = 60.0

    def __init__(self, folder: Path, url: str, *, webhook: bool, program_url: str = "") -> None:
        whatsapp = "wa-token" if webhook else ""
        database = program_url or url
        super().__init__(folder, webhook=webhook, CHATBOT_DATABASE_URL=database, CHATBOT_WHATSAPP_TOKEN=whatsapp)
        self.url = url
        self.workers: list[BotProcess] = []

    async def start_bot(self) -> None:
        if self.webhook:
            self.bot = self.kind(self.settings, self.folder / "web.log", "web")
            await self.bot.start()
        await self.add_worker()

    async def add_worker(self) -> BotProcess:
        worker = self.kind(self.settings, self.folder / f"worker{len(self.workers)}.log", "worker")
        await worker.start()
        self.workers.append(worker)
        return worker

    async def close(self) -> None:
        for worker in self.workers:
            await worker.stop()
        if self.webhook:
            await self.bot.stop()
        await self.telegram.stop()
        await self.whatsapp.stop()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def bring_schema_on(self) -> None:
        """As a later version might: what it adds is unknown here, and it takes nothing away."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            tables = "select relname from pg_stat_user_tables where relname <> 'alembic_version'"
            for (table,) in connection.execute(tables).fetchall():
                connection.execute(f"alter table {table} add column later text not null default ''".encode())
            connection.execute("update alembic_version set version_num = '9999'")

    async def played_by(self, worker: BotProcess) -> None:
        """Wait until a worker plays every role; who holds a lock of the database cannot be awaited."""
        names = "select objid, application_name from pg_locks join pg_stat_activity using (pid) where classid = 0"
        while True:
            holders = {ROLES[key]: name for key, name in self.rows(names) if key in ROLES}
            if len(holders) == len(ROLES) and all(name.endswith(f" {worker.pid}") for name in holders.values()):
                return
            assert worker.status is None
            await asyncio.sleep(0.05)


ROLE = Path(__file__).parents[2] / "docs" / "deploy" / "postgresql-role.sql"


@pytest.fixture
def least_url(postgres_url: str) -> Iterator[str]:
    """The same database for a role with the rights of the file; its name is another one in each test."""
    name = f"tanggap_{uuid4().hex}"
    made = re.sub(r"\btanggap\b", name, ROLE.read_text(encoding="utf-8"))
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        for _ in range(2):  # again does no harm
            owner.execute(made.encode())
        yield postgres_url.replace("//postgres:@", f"//{name}:@")
        owner.execute(f"drop owned by {name}; drop role {name}".encode())


TOUCHES = (
    "update audit set actor = 'x'",
    "delete from ticket_event",
    "truncate audit",
    "alter table audit disable trigger all",
    "drop trigger audit_no_change on audit",
    "drop table audit cascade",
    "set session_replication_role = replica",
    "update alembic_version set version_num = '0001'",
    "create table other (id int)",
    "create temporary table other (id int)",
)


def test_role_of_the_program_cannot_touch_what_guards_the_trail(least_url: str) -> None:
    with psycopg.connect(least_url, autocommit=True) as connection:
        assert connection.execute("select count(*) from audit").fetchone() == (0,)
        for deed in TOUCHES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(deed.encode())


def test_database_that_may_only_be_read_is_found(least_url: str, postgres_url: str) -> None:
    engine = make_engine(database_url(least_url))
    assert examine_database(engine) == Standing.READY
    with psycopg.connect(postgres_url) as owner:
        owner.execute(f"revoke insert on outbound from {database_url(least_url).username}".encode())
    assert examine_database(engine) == Standing.READ_ONLY
    engine.dispose()


async def test_complaint_is_served_though_the_schema_is_brought_on_and_a_worker_is_killed(
    postgres_url: str, least_url: str, tmp_path: Path
) -> None:
    world = ProcessesWorld(tmp_path, postgres_url, webhook=True, program_url=least_url)
    world.kind = BotProcess  # as the Procfile starts them
    await world.open()
    try:
        number = await file_complaint(world)
        world.bring_schema_on()
        await world.ask("status", "belum selesai")  # by processes that run as before
        await world.workers[0].kill()
        await world.add_worker()  # of the version that does not know the schema
        thread = (await card(world))["message_thread_id"]
        world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
        world.press(CITIZEN, await world.told(RESULT), "Sangat baik")
        await world.until(lambda: world.rows("select 1 from ticket where rating = 5"))

        assert world.rows("select number, status, rating from ticket") == [(number, "closed", 5)]
        assert not world.rows("select 1 from inbound where state = 'quarantined'")
    finally:
        await world.close()


async def test_standby_takes_every_role_over_when_its_holder_is_killed(postgres_url: str, tmp_path: Path) -> None:
    world = ProcessesWorld(tmp_path, postgres_url, webhook=False)
    await world.open()
    try:
        await world.played_by(world.workers[0])
        standby = await world.add_worker()
        await world.workers[0].kill()
        await world.played_by(standby)

        await world.ask("halo", "Polres Contoh")
    finally:
        await world.close()
