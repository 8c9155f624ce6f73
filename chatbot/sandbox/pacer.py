"""Owns the rhythm of the story: who is asked before each step, and what the page's visitor wishes.

Refuses to know the story.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, Protocol

State = Literal["idle", "playing", "paused", "ended", "broken"]
SPEEDS = (0.0, 1.5, 4.0)  # seconds before each step
_STOPPED = ("idle", "ended", "broken")


class Pacer(Protocol):
    """Asked by the story between its steps."""

    def chapter(self, name: str) -> None:
        """A chapter begins."""

    async def before(self) -> None:
        """Somebody is about to do something; returns when it may happen."""

    async def after(self) -> None:
        """What was waited for has come."""


class Director:
    """A pacer that a visitor steers; a terminal, if there is one, tells the story too.

    Args:
        terminal: the pacer of a terminal.
        changed: called whenever the page has to show something else.
    """

    def __init__(self, terminal: Pacer | None, changed: Callable[[], None]) -> None:
        self._terminal = terminal
        self._changed = changed
        self._may = asyncio.Event()
        self._playing: asyncio.Task[None] | None = None
        self._steps_allowed = 0
        self.state: State = "idle"
        self.name = ""
        self.error = ""
        self.steps = 0
        self.seconds = 0.0

    # The story's side

    def chapter(self, name: str) -> None:
        """See `Pacer`."""
        self.name = name
        if self._terminal:
            self._terminal.chapter(name)
        self._changed()

    async def before(self) -> None:
        """See `Pacer`."""
        if self.state == "playing":
            # The wait ends at once when somebody presses pause or step.
            self._may.clear()
            try:
                async with asyncio.timeout(self.seconds):
                    await self._may.wait()
            except TimeoutError:
                pass
        while self.state == "paused" and not self._steps_allowed:
            self._may.clear()
            await self._may.wait()
        self._steps_allowed = 0
        self.steps += 1
        self._changed()

    async def after(self) -> None:
        """See `Pacer`."""
        if self._terminal:
            await self._terminal.after()

    # The visitor's side

    async def perform(self, play: Callable[[], Awaitable[None]], broken: type[Exception]) -> None:
        """Play a story from its beginning to its end.

        Args:
            play: the story.
            broken: what it raises when it breaks off; raised again once it is noted.
        """
        self.error, self.steps = "", 0
        if self.state in _STOPPED:
            self.state = "playing"
        try:
            await play()
        except broken as error:
            self.state, self.error = "broken", str(error)
            raise
        finally:
            if self.state in {"playing", "paused"}:
                self.state = "ended"
            self._changed()

    def start(self, play: Callable[[], Awaitable[None]], broken: type[Exception], *, step: bool = False) -> None:
        """Begin, or go on where it was paused.

        Args:
            play: the story.
            broken: see `perform`.
            step: only the next step.
        """
        stopped = self.state in _STOPPED
        self.state = "paused" if step else "playing"
        self._steps_allowed = int(step)
        self._may.set()
        if stopped:
            self._playing = asyncio.create_task(self._quietly(play, broken))
        self._changed()

    async def _quietly(self, play: Callable[[], Awaitable[None]], broken: type[Exception]) -> None:
        with suppress(broken):  # it stands in `error`
            await self.perform(play, broken)

    def pause(self) -> None:
        """Hold before the next step."""
        if self.state == "playing":
            self.state = "paused"
            self._may.set()
            self._changed()

    def hurry(self, seconds: float) -> None:
        """Set the seconds before each step.

        Raises:
            ValueError: not one of `SPEEDS`.
        """
        if seconds not in SPEEDS:
            raise ValueError("no such speed")
        self.seconds = seconds
        self._changed()

    async def close(self) -> None:
        """End what is being played."""
        if self._playing:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)
