"""What the tests of erasure do and see: all that stands in a database and lies in a folder, and time that passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Text, literal_column, select, table, text
from sqlmodel import SQLModel

from chatbot.services.outgoing import payload_of
from chatbot.services.plan import plain_region
from chatbot.services.retention import Retention
from chatbot.store.store import Store
from chatbot.store.tables import OutboundRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench

DAYS, PERIOD = 30, 365
OTHER = 502
MINE, THEIRS = "lemari-jati milik budi", "sepeda-lipat milik paman"
WHO = {"id": 501, "first_name": "Suminten"}
ME: dict[str, Any] = {"chat": {**WHO, "type": "private"}, "from": {**WHO, "is_bot": False}}


def other(name: str = "Tetangga") -> dict[str, Any]:
    """Another citizen, for a message."""
    person = {"id": OTHER, "first_name": name}
    return {"chat": {**person, "type": "private"}, "from": {**person, "is_bot": False}}


def keep_for(bench: DeskBench, days: int | None = PERIOD, propam: str = "") -> None:
    """How long the region keeps tickets after their end."""
    region = plain_region("Polres Contoh", ZoneInfo("Asia/Jakarta"), ("id", "en"), OFFICERS, propam)
    bench.office.plan.take(replace(region, retention_days=days))


async def forget(bench: DeskBench, days: int = 0) -> None:
    """Let days pass, and the retention job run."""
    bench.now += timedelta(days=days)
    await Retention(bench.office, bench.folder, DAYS).run(bench.store)


def everything(store: Store) -> str:
    """Every column of every row of every table, but for the schema's version."""
    said = []
    with store.engine.connect() as connection:
        for name in SQLModel.metadata.tables:
            for row in connection.execute(select(literal_column("*", type_=Text)).select_from(table(name))):
                values = (bytes(one).decode() if isinstance(one, bytes | memoryview) else str(one) for one in row)
                said.append(f"{name}: {' | '.join(values)}")
    return "\n".join(said)


def in_folder(folder: Path) -> bytes:
    """All that lies in the media folder, whatever it is called."""
    return b"\n".join(
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and "tanggap.db" not in path.name
    )


async def told(bench: DeskBench, chat: int = 501) -> list[str]:
    """What a citizen was sent and has not been forgotten: texts and captions, in order."""
    return [payload_of(row).text for row in await sent(bench) if row.chat == str(chat) and row.task != "answer_press"]


async def sent(bench: DeskBench) -> list[OutboundRow]:
    """All rows that still have words."""
    rows = await bench.store.read(lambda uow: [uow.outbound(number) for number in range(1, 400)])
    return [row for row in rows if row and row.payload]


async def copy_of(bench: DeskBench, chat: int = 501) -> str:
    """The text of the last copy that a citizen was sent."""
    files = [payload_of(row).file for row in await sent(bench) if row.chat == str(chat) and row.task == "media"]
    assert files[-1]
    return Path(files[-1].path).read_text()


async def asks(bench: DeskBench, *choices: str, **who: Any) -> list[str]:
    """Type DATA SAYA and the choices after it; what was said to all of it."""
    chat = str(who.get("chat", {"id": 501})["id"])
    last = max((row.id for row in await sent(bench)), default=0)
    await bench.hear(text="DATA SAYA", **who)
    for choice in choices:
        await bench.hear(text=choice, **who)
    rows = [row for row in await sent(bench) if row.id > last and row.chat == chat and row.task != "answer_press"]
    return [payload_of(row).text for row in rows]


async def story(bench: DeskBench, said: str, ticket_id: int, **who: Any) -> str:
    """A complaint with everything that hangs on one, closed in the end; its number."""
    for words in ("aduan", "setuju", "Kejahatan", f"{said} dicuri", f"Pasar {said}", "kemarin", f"ciri {said}"):
        await bench.hear(text=words, **who)
    for words in ("selesai", "terbuka", "kirim"):
        await bench.hear(text=words, **who)
    number = await bench.store.read(lambda uow: number_of(uow, ticket_id))
    await bench.hear(text=f"tambahan tentang {said}", **who)
    await bench.hear("edited_message", message_id=bench.updates, edit_date=1, text=f"ubahan tentang {said}", **who)
    await bench.officer(f"/catat #{number} catatan tentang {said}")
    answer = await bench.officer(f"/jawab #{number} jawaban tentang {said}")
    await bench.officer(
        f"/jawab #{number} ralat tentang {said}", update="edited_message", message_id=answer, edit_date=1
    )
    await bench.officer(f"/tutup #{number} hasil tentang {said}")
    await bench.hear(text="5", **who)
    return number


def number_of(uow: UnitOfWork, ticket_id: int) -> str:
    row = uow.ticket(ticket_id)
    assert row
    return row.number


def all_sent(bench: DeskBench) -> None:
    """Whatever waited was sent."""
    with bench.store.engine.begin() as connection:
        connection.execute(text("update outbound set state = 'sent' where state = 'pending'"))
