"""A message that breaks its handling, or kills the process: it is set aside, and everything around it goes on."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chatbot.sandbox.process import settings_only
from tests.e2e.world import CITIZEN, OTHER, World, text_of
from tests.forked import ForkedBot

_POISONED = Path(__file__).parent / "poisoned.py"
_DEATHS = 7  # tries of a message that kills the process


class PoisonedWorld(World):
    """A world whose program has its two words, and is started again whenever it dies."""

    patience = 60.0

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, CHATBOT_WHATSAPP_TOKEN="")
        if url:
            self.extra["CHATBOT_DATABASE_URL"] = url
        self._url = url
        self.deaths = 0
        self.supervisor: asyncio.Task[None] | None = None

    async def start_bot(self) -> None:
        self.supervisor = asyncio.create_task(self._supervise())
        await self.until(lambda: self.telegram.polling)

    async def _supervise(self) -> None:
        while True:
            self.bot = ForkedBot(self.settings, self.folder / "bot.log", "run", (str(_POISONED),))
            try:
                await self.bot.start()
            except RuntimeError:
                self.deaths += 1  # before it answered
                continue
            if await self.bot.wait() != -9:
                return
            self.deaths += 1

    async def close(self) -> None:
        if self.supervisor:
            self.supervisor.cancel()
        await super().close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        if not self._url:
            return super().rows(sql, *values)
        with psycopg.connect(self._url) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def log(self) -> str:
        return (self.folder / "bot.log").read_text()


@pytest.fixture(params=("sqlite", "postgresql") if os.environ.get("ALL_FAULTS") else ("sqlite",))
async def poisoned(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[PoisonedWorld]:
    on_server = request.param == "postgresql"
    world = PoisonedWorld(tmp_path, request.getfixturevalue("postgres_url") if on_server else "")
    await world.open()
    yield world
    await world.close()


def _answers(world: World, user: int) -> int:
    return len([message for message in world.telegram.bot_messages(user) if text_of(message)])


async def test_message_that_breaks_is_tried_three_times_and_those_around_it_are_answered(
    poisoned: PoisonedWorld,
) -> None:
    for user, words in ((CITIZEN, "halo"), (CITIZEN, "ini semangka"), (OTHER, "halo"), (CITIZEN, "menu")):
        poisoned.telegram.say(user, words)
    await poisoned.until(lambda: poisoned.rows("select 1 from inbound where state = 'quarantined'"))
    await poisoned.until(lambda: _answers(poisoned, CITIZEN) == 2 and _answers(poisoned, OTHER) == 1)

    ((row_id, error),) = poisoned.rows("select id, error from inbound where state = 'quarantined'")
    assert error == "ValueError"
    assert poisoned.log().count("tried to handle poison") == 3
    assert poisoned.deaths == 0

    # The next version can read it: it is handled when the operator says so, while the program runs.
    await poisoned.bot.stop()
    poisoned.bot = ForkedBot(poisoned.settings, poisoned.folder / "bot.log")
    await poisoned.bot.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "queue", "retry", f"in:{row_id}", env=settings_only(poisoned.settings)
    )
    assert await process.wait() == 0
    await poisoned.until(lambda: _answers(poisoned, CITIZEN) >= 3)


async def test_message_that_kills_the_process_is_set_aside_after_some_deaths(poisoned: PoisonedWorld) -> None:
    for user, words in ((OTHER, "halo"), (CITIZEN, "rambutan"), (CITIZEN, "halo"), (OTHER, "menu")):
        poisoned.telegram.say(user, words)
    # What was on its way when the process died may have come twice.
    await poisoned.until(lambda: _answers(poisoned, CITIZEN) >= 1 and _answers(poisoned, OTHER) >= 2)
    await poisoned.until(lambda: not poisoned.rows("select 1 from inbound where state = 'stored'"))

    assert poisoned.rows("select error, attempts from inbound where state = 'quarantined'") == [
        ("killed the process", _DEATHS)
    ]
    assert _DEATHS <= poisoned.deaths <= _DEATHS + 1  # nobody knows whose the first one was
