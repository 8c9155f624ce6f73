"""Versions side by side: the schema goes ahead of the code, so that what the code before writes must still be taken."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chatbot.store import schema
from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import SchemaBusy, SchemaTooNew, is_ready, runs_on, upgrade
from chatbot.store.store import Store
from tests.integration.desk_bench import DeskBench
from tests.integration.rows import NOW
from tests.integration.schema_steps import bring_to, broken_by, fill, revisions

FILLED = Path(__file__).parents[1] / "testdata/upgrade/0010.jsonl"

# What a step may take away, with the reason: a contract step, for code that stopped using it a version earlier. Its id
# then names the oldest version whose code still runs: ``0014_from_0012``.
CONTRACTED: dict[str, dict[str, str]] = {}


def test_each_step_takes_what_the_code_before_it_writes(bare_url: str) -> None:
    engine = make_engine(database_url(bare_url))
    first, *others = revisions()
    bring_to(engine, first)
    broken = {step: broken_by(engine, partial(bring_to, engine, step)) for step in others}
    engine.dispose()

    assert {step: faults for step, faults in broken.items() if faults} == {
        step: list(taken) for step, taken in CONTRACTED.items()
    }


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("alter table ticket rename column result to outcome", "ticket.result is gone"),
        ("drop table record", "record.id is gone"),
        ("create unique index one on outbound (queue)", "outbound: row 2 is refused"),
        ("create unique index one on ticket (contact_id)", "ticket: row 2 is refused"),
        ("create trigger one before insert on alarm begin select raise(abort, 'no'); end", "alarm: row 1 is refused"),
    ],
)
def test_a_step_that_the_code_before_cannot_live_with_is_found(
    sqlite_template: Path, tmp_path: Path, step: str, fault: str
) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'tanggap.db')}"

    assert _broken_by(url, step)[0].startswith(fault)


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("alter table address add column kind text not null", "address: row 1 is refused"),
        ("alter table media add check (state <> 'gone')", "media: row 4 is refused"),
    ],
)
def test_a_step_that_only_postgresql_can_take_is_found_too(postgres_url: str, step: str, fault: str) -> None:
    assert _broken_by(postgres_url, step)[0].startswith(fault)


def _broken_by(url: str, step: str) -> list[str]:
    engine = make_engine(database_url(url))

    def carry_out() -> None:
        with engine.begin() as connection:
            connection.execute(text(step))

    faults = broken_by(engine, carry_out)
    engine.dispose()
    return faults


def test_machines_that_bring_the_schema_on_at_once_do_each_step_once(bare_postgres_url: str) -> None:
    engines = [make_engine(database_url(bare_postgres_url)) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(upgrade, engines))

    assert all(is_ready(engine) for engine in engines)
    for engine in engines:
        engine.dispose()


def test_upgrade_gives_way_to_whoever_reads_a_table_and_changes_nothing(
    bare_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_LOCK_WAIT", "1ms")
    engine = make_engine(database_url(bare_postgres_url))
    bring_to(engine, "0010")
    with engine.connect() as backup:
        backup.execute(text("select 1 from ticket"))
        with pytest.raises(SchemaBusy):
            upgrade(engine)
        assert not is_ready(engine)

    upgrade(engine)
    assert is_ready(engine)
    engine.dispose()


@pytest.mark.parametrize(("revision", "opens"), [("9999", True), ("9999_from_9998", False)])
def test_older_version_runs_on_a_newer_database_only_if_nothing_was_taken_away(
    sqlite_template: Path, tmp_path: Path, revision: str, opens: bool
) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'tanggap.db')}"
    store = Store(url)
    with store.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :revision"), {"revision": revision})

    with nullcontext() if opens else pytest.raises(SchemaTooNew):
        store.open()
    store.close()


def test_steps_are_numbered_and_name_the_oldest_code_that_runs_once_something_is_taken_away() -> None:
    oldest = "0000"
    for number, step in enumerate(revisions(), 1):
        assert re.fullmatch(rf"{number:04d}(_from_\d{{4}})?", step)
        named = step.partition("_from_")[2] or "0000"
        assert oldest <= named < f"{number:04d}"
        assert named > oldest or step not in CONTRACTED
        oldest = named


async def test_database_that_an_older_version_filled_is_served_by_this_one(bare_url: str, tmp_path: Path) -> None:
    engine = make_engine(database_url(bare_url))
    bring_to(engine, "0010")
    fill(engine, FILLED)
    upgrade(engine)
    engine.dispose()
    store = Store(bare_url)
    store.open()
    try:
        bench = DeskBench(store, tmp_path)
        bench.now, bench.updates = NOW + timedelta(hours=1), 1000
        before = await store.read(lambda uow: (uow.audit.verify(), uow.inbox.outcomes(), uow.live_alerts()))
        waiting = await bench.texts()

        await bench.handle()  # a question about a ticket, stored by the older version
        await bench.officer("#1442725092 /tutup Motor ditemukan.")
        await bench.hear(text="Warnanya merah", **_citizen(502))  # an officer had asked
        await bench.hear(text="Pasar Contoh", **_citizen(503))  # the next answer of a form half filled in
        said = (await bench.texts())[len(waiting) :]
        after = await store.read(lambda uow: (uow.audit.verify(), uow.inbox.outcomes(), uow.ticket(1)))
    finally:
        store.close()

    assert before[0].count == 12
    assert not before[0].broken
    assert before[1][""] == 1
    assert len(before[2]) == 1
    assert [text for text in waiting if text.startswith("504: ") and "110" in text]  # not sent by the older version
    for chat, words in (
        ("501", "144-272-5092"),
        ("501", "Motor ditemukan."),
        ("-100", "Warnanya merah"),
        ("503", "Kapan"),
    ):
        assert [text for text in said if text.startswith(f"{chat}: ") and words in text], (chat, words, said)
    assert not after[0].broken
    assert after[0].count > 12
    assert "" not in after[1]
    assert after[2] is not None
    assert after[2].status == "closed"


def _citizen(number: int) -> dict[str, Any]:
    person = {"id": number, "first_name": "Warga"}
    return {"chat": {**person, "type": "private"}, "from": {**person, "is_bot": False}}


@pytest.mark.parametrize(
    ("found", "wanted", "runs"),
    [
        ("0011", "0011", True),
        ("", "0011", False),
        ("0010", "0011", False),  # ours is the newer one: the schema first
        ("0013", "0011", True),  # nothing was taken away meanwhile
        ("0014_from_0012", "0011", False),
        ("0014_from_0012", "0012", True),
        ("0014_from_0012", "0013", True),
        ("0016_from_0012", "0014_from_0012", True),
        ("0013", "0014_from_0012", False),
    ],
)
def test_code_runs_on_its_own_schema_and_on_later_ones_that_took_nothing_away(
    found: str, wanted: str, runs: bool
) -> None:
    assert runs_on(found, wanted) is runs
