"""Somebody before the page: types, clicks, presses keys, and reads what stands there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.page_world import PICTURES, PageWorld, browser, opened
from tests.e2e.world import FAQ, small_faq

PATIENCE = 30_000.0  # milliseconds
WIDE, NARROW = (1440, 900), (390, 844)
_HERE = Path(__file__).parent
CONTRAST = (_HERE / "contrast.js").read_text()
NAMELESS = (_HERE / "nameless.js").read_text()
DOUBLE_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""


class Visitor:
    """Uses an opened page."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page = page
        self.pictures = pictures
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if line.type == "error" else None)

    def phone(self, name: str) -> Locator:
        return self.page.locator(f"#panel-{name}")

    async def write(self, phone: str, text: str) -> None:
        box = self.phone(phone).locator("textarea")
        await box.fill(text)
        await box.press("Enter")

    async def press(self, phone: str, label: str) -> None:
        """The latest button of that name; waited for."""
        await self.phone(phone).get_by_role("button", name=label, exact=True).last.click(timeout=PATIENCE)

    async def attach(self, phone: str, label: str) -> None:
        await self.press(phone, "Lampirkan")
        await self.press(phone, label)

    async def reads(self, phone: str, words: str) -> None:
        await expect(self.phone(phone).locator(".message").filter(has_text=words).last).to_be_visible(timeout=PATIENCE)

    async def picture(self, name: str) -> None:
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            await expect(self.page.locator(".toast")).to_have_count(0, timeout=PATIENCE)
            await self.page.wait_for_timeout(400)
            await self.page.screenshot(path=self.pictures / f"{name}.png")

    async def tab_to(self, matches: str, *, most: int = 80, backwards: bool = False) -> None:
        """Press Tab until something that matches has the focus, which must be seen."""
        for _ in range(most):
            await self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
            focus: dict[str, Any] = await self.page.evaluate(
                """(matches) => {
                  const style = getComputedStyle(document.activeElement);
                  return { there: document.activeElement.matches(matches), outline: style.outlineStyle };
                }""",
                matches,
            )
            if focus["there"]:
                assert focus["outline"] != "none"
                return
        raise AssertionError(f"the Tab key does not lead to {matches}")


@asynccontextmanager
async def visiting(
    folder: Path, size: tuple[int, int] = WIDE, query: str = ""
) -> AsyncIterator[tuple[Visitor, PageWorld]]:
    """A visitor before the page of a stage that has just been opened; no fault may show while it is used."""
    if not PICTURES:
        small_faq(folder / "faq")
    async with opened(folder, FAQ if PICTURES else folder / "faq") as world, browser() as chromium:
        page = await chromium.new_page(
            viewport={"width": size[0], "height": size[1]}, color_scheme="light", reduced_motion="reduce"
        )
        visitor = Visitor(page, PICTURES)
        await page.goto(f"{world.url}{query}")
        await expect(page.get_by_role("heading", name="Tanggap")).to_be_visible()
        yield visitor, world
        assert visitor.faults == []
