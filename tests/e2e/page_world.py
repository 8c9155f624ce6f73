"""The demo's page for one test: both sandboxes, the real bot, and the page between a visitor and them."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, async_playwright

from chatbot.sandbox.page import Page
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.words import Words
from tests.e2e.world import FAQ
from tests.forked import ForkedBot

CHROMIUM = os.environ.get("CHATBOT_TEST_CHROMIUM") or shutil.which("chromium")
PICTURES = Path(__file__).parents[2] / "docs" / "pictures" if os.environ.get("CHATBOT_TEST_PICTURES") == "1" else None
PATIENCE = 30.0
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class PageWorld:
    """An opened stage with its page."""

    def __init__(self, folder: Path, faq: Path = FAQ) -> None:
        words = Words("id")
        self.stage = Stage(folder, words, faq, ForkedBot)
        self.words = words
        self.page: Page
        self.url = ""
        self.http: aiohttp.ClientSession

    async def open(self) -> None:
        self.http = aiohttp.ClientSession()
        await self.stage.open()
        self.page = Page(self.stage, self.words)
        self.url = await self.page.start()

    async def close(self) -> None:
        await self.http.close()
        if self.url:
            await self.page.stop()
        await self.stage.close()

    async def act(self, **fields: Any) -> int:
        async with self.http.post(f"{self.url}act", json=fields, headers={"Origin": self.url.rstrip("/")}) as answer:
            return answer.status

    async def view(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}view") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def seen(self, matches: Callable[[dict[str, Any]], Any]) -> Any:
        """What the page shows once it fits."""
        ends = time.monotonic() + PATIENCE
        while not (found := matches(view := await self.view())):
            assert time.monotonic() < ends, view
            await asyncio.sleep(0.05)
        return found

    async def told(self, phone: str, words: str) -> dict[str, Any]:
        """The bot's latest message with these words on a phone."""

        def latest(view: dict[str, Any]) -> Any:
            messages = reversed(view["phones"][phone]["messages"])
            return next((one for one in messages if one["author"] == "bot" and words in one["text"]), None)

        found: dict[str, Any] = await self.seen(latest)
        return found


@asynccontextmanager
async def opened(folder: Path, faq: Path = FAQ) -> AsyncIterator[PageWorld]:
    world = PageWorld(folder, faq)
    try:
        await world.open()
        yield world
    finally:
        await world.close()


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        try:
            yield chromium
        finally:
            await chromium.close()
