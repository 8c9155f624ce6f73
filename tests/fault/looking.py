"""Looking again and again for what nothing tells of: rows, and what other processes do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LOOK = 0.05  # seconds between looks


async def seen(check: Callable[[], T], patience: float) -> T:
    """Wait until a check gives something true; returns that.

    Raises:
        TimeoutError: it does not within so many seconds.
    """
    async with asyncio.timeout(patience):
        while not (found := check()):  # noqa: ASYNC110  neither rows nor other processes can be awaited
            await asyncio.sleep(_LOOK)
    return found
