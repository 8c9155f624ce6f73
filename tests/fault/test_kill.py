"""kill -9 at every commit of a story: nothing lost, no second ticket, at most one message per chat repeated."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path

import pytest

from chatbot.sandbox.process import BotProcess
from tests.e2e.story import file_complaint, work_on
from tests.e2e.world import CITIZEN, OFFICERS, World, text_of

_KILLER = Path(__file__).parent / "killed.py"
_AT_ONCE = 6
_STEP = 1


class KilledWorld(World):
    """A world whose program dies once, at a commit, and is started again as it is."""

    def __init__(self, folder: Path, at: int, when: str) -> None:
        super().__init__(folder)
        self.at, self.when = at, when
        self.died = False
        self._supervisor: asyncio.Task[None] | None = None

    async def start_bot(self) -> None:
        dying = {**self.settings, "KILL_AT": str(self.at), "KILL_WHEN": self.when}
        self.bot = BotProcess(dying, self.folder / "bot.log", command=(str(_KILLER),))
        try:
            await self.bot.start()
        except RuntimeError:  # it died before it answered
            self.died = True
            await self._again()
            return
        self._supervisor = asyncio.create_task(self._watch(self.bot))

    async def _watch(self, bot: BotProcess) -> None:
        if await bot.wait() == -9:
            self.died = True
            await self._again()

    async def _again(self) -> None:
        self.bot = BotProcess(self.settings, self.folder / "bot.log")
        await self.bot.start()

    async def close(self) -> None:
        if self._supervisor:
            self._supervisor.cancel()
        await super().close()


def _said(world: World, chat: int) -> Counter[str]:
    """What stands in a chat, without what differs from run to run."""
    texts = (text_of(message) or "file" for message in world.telegram.bot_messages(chat))
    return Counter(re.sub(r"\d+", "0", text.partition("\n")[0]) for text in texts)


async def _play(folder: Path, at: int, when: str) -> tuple[bool, Counter[str], Counter[str]]:
    folder.mkdir()
    world = KilledWorld(folder, at, when)
    await world.open()
    try:
        await file_complaint(world)
        await work_on(world)
        await world.until(lambda: not world.rows("select 1 from inbound where state = 'stored'"))
        assert world.rows("select count(*), max(rating) from ticket") == [(1, 5)]
        assert not world.rows("select 1 from inbound where state = 'quarantined'")
        assert not world.rows("select 1 from outbound where state = 'dead'")
        return world.died, _said(world, CITIZEN), _said(world, OFFICERS)
    finally:
        await world.close()


@pytest.mark.timeout(540)
async def test_killed_at_each_commit_of_the_story_it_loses_nothing_and_repeats_at_most_one_message_a_chat(
    tmp_path: Path,
) -> None:
    _, citizen, group = await _play(tmp_path / "clean", 10_000, "after")
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(at: int, when: str) -> bool:
        async with gate:
            died, citizen_now, group_now = await _play(tmp_path / f"{at}-{when}", at, when)
        lost = (citizen - citizen_now, group - group_now)
        repeated = (citizen_now - citizen, group_now - group)
        assert not any(lost), (at, when, lost)
        assert all(sum(more.values()) <= 1 for more in repeated), (at, when, repeated)
        return died

    deaths = 0
    for first in range(1, 200, 12):
        points = [(at, when) for at in range(first, first + 12, _STEP) for when in ("before", "after")]
        died = await asyncio.gather(*(one(at, when) for at, when in points))
        deaths += sum(died)
        if not any(died):
            break
    assert deaths > 40
