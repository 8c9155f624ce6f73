"""Whether a database that has grown is as fast as an empty one; ``--messages 10000000`` for some 10 GB of it.

Fills an SQLite file with messages that were handled and answers that were sent, half of them old enough for the
retention to empty, and asks the same questions of the program on it and on an empty file, by turns, while the retention
works. Prints how long the program took to listen and to serve, the latencies and their ratio. The file is deleted.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import aiohttp

from chatbot.sandbox.process import BotProcess, free_port
from chatbot.store.store import Store
from tests.benchmarks.questions import questions
from tests.benchmarks.run import FAQ, OURS, on_whatsapp

_PEOPLE = 20  # conversations under way: a calm hour
_TURNS = 2
_PER_CONTACT = 10  # messages of one person
_FILL = """
with recursive n(i) as (select {start} union all select i + 1 from n where i < {end} - 1)
"""
_CONTACTS = """insert into contact (id, name, created_at, block_reason)
select i + 1, 'Warga', '2026-01-01 00:00:00', '' from n"""
_ADDRESSES = """insert into address (id, contact_id, channel, external_id)
select i + 1, i + 1, 'whatsapp', printf('6290%09d', i) from n"""
_CONVERSATIONS = """insert into conversation (contact_id, state, version, locale, updated_at)
select i + 1, cast('{{"locale":"id","greeted":true}}' as blob), 1, 'id', '2026-01-01 00:00:00' from n"""
_INBOUND = """insert into inbound (id, channel, account, external_id, body_hash, road, lane, kind, chat, message_id, at,
 received_at, state, outcome, attempts, error, contact_id, raw)
select i + 1, 'whatsapp', '100000000000001', 'wamid.old' || i, printf('%032x', i), 'citizen', i % 256, 'text',
 printf('6290%09d', i / {each}), 'wamid.old' || i, day, day, 'done', 'answered', 0, '', i / {each} + 1, zeroblob(400)
from (select i, case when i % 2 then datetime('now', '-60 days') else datetime('now', '-5 days') end || '.000000' as day
 from n)"""
_OUTBOUND = """insert into outbound (id, channel, chat, for_group, queue, priority, task, purpose, payload, contact_id,
 source_id, state, attempts, due_at, created_at, sent_at, receipt, external_id, error, uncertain)
select i + 1, 'whatsapp', printf('6290%09d', i / {each}), 0, printf('whatsapp:6290%09d', i / {each}), 2, 'text',
 'reply', zeroblob(300), i / {each} + 1, i + 1, 'sent', 1, day, day, day, 'read', 'wamid.sent' || i, '', 0
from (select i, datetime('now', '-5 days') || '.000000' as day from n)"""
_STEP = 500_000


def fill(file: Path, messages: int) -> None:
    """An up-to-date database that so many messages have gone through."""
    store = Store(f"sqlite:///{file}")
    store.open()
    store.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("pragma synchronous = off")
        people = messages // _PER_CONTACT
        _insert(database, (_CONTACTS, _ADDRESSES, _CONVERSATIONS), people)
        _insert(database, (_INBOUND, _OUTBOUND), messages)


def _insert(database: sqlite3.Connection, statements: Sequence[str], count: int) -> None:
    for start in range(0, count, _STEP):
        for statement in statements:
            words = statement.split("select", 1)
            rows = _FILL.format(start=start, end=min(start + _STEP, count))
            database.execute(f"{words[0]}{rows}select{words[1].format(each=_PER_CONTACT)}")
        database.commit()


async def starts(file: Path) -> tuple[float, float]:
    """Seconds until the program listens on a database, and until it serves."""
    port = free_port()
    settings = {
        "CHATBOT_DATABASE_URL": f"sqlite:///{file}",
        "CHATBOT_MEDIA_DIR": f"{file.parent}/media",
        "CHATBOT_PORT": str(port),
        "CHATBOT_FAQ_DIR": str(FAQ),
        "CHATBOT_WHATSAPP_API_URL": "http://127.0.0.1:9",
        "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": "1",
        "CHATBOT_WHATSAPP_TOKEN": "wa-token",
        "CHATBOT_WHATSAPP_APP_SECRET": "secret",
        "CHATBOT_WHATSAPP_VERIFY_TOKEN": "verify",
    }
    bot = BotProcess(settings, file.parent / "bot.log")
    started = time.perf_counter()
    listens = asyncio.create_task(_listens(port, started))
    await bot.start()
    serves = time.perf_counter() - started
    await bot.stop()
    return await listens, serves


async def _listens(port: int, started: float) -> float:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz"):
                    return time.perf_counter() - started
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)


async def main() -> None:
    """Fill, ask by turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="that went through the grown database")
    parser.add_argument("--questions", type=int, default=1_000, help="asked in each turn")
    options = parser.parse_args()
    texts = questions(2 * _TURNS * options.questions)
    with tempfile.TemporaryDirectory() as folder:
        grown, empty = Path(folder) / "grown.db", Path(folder) / "empty.db"
        fill(grown, options.messages)
        fill(empty, 0)
        print(f"{options.messages} messages, {grown.stat().st_size / 2**30:.1f} GiB")
        for _ in range(2):
            for name, file in (("empty", empty), ("grown", grown)):
                listens, serves = await starts(file)
                print(f"{name}: listens after {listens:.1f} s, serves after {serves:.1f} s")
        p95: dict[str, list[float]] = {"empty": [], "grown": []}
        for turn in range(2 * _TURNS):
            name, file = (("empty", empty), ("grown", grown))[turn % 2]
            asked = texts[turn * options.questions : (turn + 1) * options.questions]
            first = turn * options.questions
            result = await on_whatsapp(name, asked, len(asked), _PEOPLE, OURS, database=file, first_person=first)
            p95[name].append(result.p95)
            print(f"{name}: p50 {result.p50 * 1000:.0f} ms, p95 {result.p95 * 1000:.0f} ms")
        ratio = statistics.median(p95["grown"]) / statistics.median(p95["empty"])
        print(f"p95 of the grown database: {ratio:.2f} times the empty one's")


if __name__ == "__main__":
    asyncio.run(main())
