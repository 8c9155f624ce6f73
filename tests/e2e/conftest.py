from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from chatbot.sandbox.process import BotProcess
from tests.e2e.world import World
from tests.forked import ForkedBot

Open = Callable[..., Awaitable[World]]


@pytest.fixture
async def open_world(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a world with settings of one's own; it is closed when the test ends, and its log shown when it failed."""
    async with AsyncExitStack() as worlds:

        async def open_one(kind: type[BotProcess] = ForkedBot, **options: Any) -> World:
            world = World(tmp_path, **options)
            world.kind = kind
            worlds.push_async_callback(world.close)
            await world.open()
            return world

        yield open_one


@pytest.fixture
async def world(open_world: Open) -> World:
    return await open_world()
