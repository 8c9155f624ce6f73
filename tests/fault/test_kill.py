"""kill -9 at the commits of a story: nothing lost, no second ticket, at most one message per chat repeated.

``make faults`` kills at every commit, ``make test`` at every third, each by turns just before and just after it.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.story import short_story
from tests.e2e.world import CITIZEN, OFFICERS, World, text_of
from tests.fault.conftest import Tell
from tests.fault.ledger import Ledger, Proof
from tests.forked import ForkedBot

_KILLER = Path(__file__).parent / "killed.py"
_SHARES = 4  # so that the machine's cores can divide them
_AT_ONCE = 4
_COMMITS = 66  # of the story, the schema's among them; some few come or go with what falls together
_EVERY = 1 if os.environ.get("ALL_FAULTS") else 3
_DEATHS = [(at, "after" if number % 2 else "before") for number, at in enumerate(range(1, _COMMITS, _EVERY))]


class KilledWorld(World):
    """A world whose program dies once, at a commit, and is started again as it is."""

    patience = 60.0

    def __init__(self, folder: Path, at: int, when: str) -> None:
        super().__init__(folder, CHATBOT_WHATSAPP_TOKEN="")
        self.at, self.when = at, when
        self.died = False
        self._supervisor: asyncio.Task[None] | None = None

    async def start_bot(self) -> None:
        dying = {**self.settings, "KILL_AT": str(self.at), "KILL_WHEN": self.when}
        self.bot = ForkedBot(dying, self.folder / "bot.log", command=(str(_KILLER),))
        try:
            await self.bot.start()
        except RuntimeError:  # it died before it answered
            self.died = True
            await self._again()
            return
        self._supervisor = asyncio.create_task(self._watch(self.bot))

    async def _watch(self, bot: ForkedBot) -> None:
        if await bot.wait() == -9:
            self.died = True
            await self._again()

    async def _again(self) -> None:
        self.bot = ForkedBot(self.settings, self.folder / "bot.log")
        await self.bot.start()

    async def close(self) -> None:
        if self._supervisor:
            self._supervisor.cancel()
        await super().close()


def _said(world: World, chat: int) -> Counter[str]:
    """What stands in a chat, without what differs from run to run."""
    texts = (text_of(message) or "file" for message in world.telegram.bot_messages(chat))
    return Counter(re.sub(r"\d+", "0", text.partition("\n")[0]) for text in texts)


async def _play(folder: Path, at: int, when: str) -> tuple[bool, Proof, Counter[str], Counter[str]]:
    folder.mkdir()
    world = KilledWorld(folder, at, when)
    await world.open()
    try:
        await short_story(world)
        await world.until(lambda: not world.rows("select 1 from inbound where state = 'stored'"))
        assert world.rows("select count(*), max(rating) from ticket") == [(1, 5)]
        assert not world.rows("select 1 from inbound where state = 'quarantined'")
        assert not world.rows("select 1 from outbound where state = 'dead'")
        await Ledger(world).settled()
        proof = Ledger(world).proof()
        assert not proof.faults, (at, when, proof.faults)
        return world.died, proof, _said(world, CITIZEN), _said(world, OFFICERS)
    finally:
        await world.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[str], Counter[str]]:
    """What stands in the citizen's chat and in the group when nobody dies."""
    _, _, citizen, group = await _play(tmp_path_factory.mktemp("clean") / "world", 10_000, "after")
    return citizen, group


@pytest.mark.timeout(500)
@pytest.mark.parametrize("share", range(_SHARES))
async def test_killed_at_a_commit_it_loses_nothing_and_repeats_at_most_one_message_a_chat(
    clean: tuple[Counter[str], Counter[str]], tmp_path: Path, tell: Tell, share: int
) -> None:
    """Each of these commits of the story has its death."""
    citizen, group = clean
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(at: int, when: str) -> bool:
        async with gate:
            died, proof, citizen_now, group_now = await _play(tmp_path / f"{at}-{when}", at, when)
        tell("kill -9 at a commit, SQLite", int(died), proof)
        lost = (citizen - citizen_now, group - group_now)
        repeated = (citizen_now - citizen, group_now - group)
        assert not any(lost), (at, when, lost)
        assert all(sum(more.values()) <= 1 for more in repeated), (at, when, repeated)
        return died

    died = await asyncio.gather(*(one(at, when) for at, when in _DEATHS[share::_SHARES]))
    assert sum(died) >= len(died) * 3 // 4  # the story really has so many commits, but for some that fall together
