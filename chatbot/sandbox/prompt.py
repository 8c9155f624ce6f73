"""Owns what is typed after the story: as a citizen on either platform, or as an officer.

Refuses to invent: a button is one of those shown last, and what the platform forbids is said and not done.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress

from chatbot.sandbox.cast import Phone, latest_buttons
from chatbot.sandbox.feed import BOT
from chatbot.sandbox.screen import Screen
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.words import Words, commands

_CHUNK = 4096
_ANSWER_SECONDS = 15.0  # an officer's answer leaves some seconds after it is written


async def typed_lines() -> AsyncIterator[str]:
    """What is typed, line by line, to the end of input.

    A thread reads the descriptor itself: files, pipes and terminals alike, and nothing holds up the end of the program.
    """
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        rest = b""
        # RuntimeError: the program ends while somebody may still type.
        with suppress(RuntimeError):
            while chunk := _typed():
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole:
                    loop.call_soon_threadsafe(lines.put_nowait, line)
            if rest:
                loop.call_soon_threadsafe(lines.put_nowait, rest)
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line.decode(errors="replace").strip()


def _typed() -> bytes:
    if sys.stdin is None:
        return b""
    try:
        return os.read(sys.stdin.fileno(), _CHUNK)
    except (OSError, ValueError):
        return b""


class Prompt:
    """Lets someone go on after the story.

    Args:
        stage: opened.
        screen: where it is shown.
        words: the language of hints.
    """

    def __init__(self, stage: Stage, screen: Screen, words: Words) -> None:
        self._stage = stage
        self._screen = screen
        self._words = words
        self._last: Phone = stage.citizen
        self._names = commands("citizen", "citizen_2", "wa", "officer", "photo", "location", "button", "help", "quit")

    async def run(self, *, live: bool) -> None:
        """Obey what is typed until the end of input or the word to leave.

        Args:
            live: somebody sits there: what comes back is shown as it comes, and nothing waits for it. Otherwise each
                line waits for the bot's answer.
        """
        self._screen.note(self._words("prompt.welcome"))
        self._screen.note(self._words("prompt.help"))
        following = asyncio.create_task(self._screen.follow()) if live else None
        if live:
            self._screen.prompt = "> "
            self._screen.ask()
        try:
            async for line in typed_lines():
                if self._names.get(line.lower()) == "quit":
                    break
                before = self._stage.feed.mark()
                self._screen.ask()
                if self._obey(line) and not live:
                    with suppress(TimeoutError):
                        await self._stage.feed.find(lambda entry: entry.author == BOT, before, _ANSWER_SECONDS)
                    await self._screen.catch_up()
        finally:
            self._screen.prompt = ""
            if following:
                following.cancel()

    def _obey(self, line: str) -> bool:
        """Do what a line says; False when nobody did anything."""
        word, _, rest = line.partition(" ")
        name = self._names.get(word.lower(), "")
        rest = rest.strip()
        if name == "citizen":
            self._last = self._stage.citizen
        elif name == "citizen_2":
            self._last = self._stage.neighbour
        elif name == "wa":
            self._last = self._stage.wa
        elif name == "officer":
            self._last, rest = self._officer(rest)
        elif name in {"photo", "location", "button"}:
            rest = line
        else:
            if line:
                self._screen.note(self._words("prompt.help" if name == "help" else "prompt.unknown"))
            return False
        try:
            return self._act(self._last, rest)
        except ValueError:
            self._screen.note(self._words("prompt.refused"))
            return False

    def _officer(self, rest: str) -> tuple[Phone, str]:
        number, _, said = rest.partition(" ")
        if number.isascii() and number.isdigit() and 0 < int(number) <= len(self._stage.officers):
            return self._stage.officers[int(number) - 1], said.strip()
        return self._stage.officers[0], rest

    def _act(self, who: Phone, text: str) -> bool:
        word, _, rest = text.partition(" ")
        name = self._names.get(word.lower(), "")
        if name == "button":
            return self._press(who, rest.strip())
        if name == "photo" and not rest:
            who.send_photo()
        elif name == "location" and not rest:
            who.send_location()
        elif text:
            who.say(text)
        else:
            self._screen.note(self._words("prompt.unknown"))
            return False
        return True

    def _press(self, who: Phone, number: str) -> bool:
        entry = latest_buttons(self._stage.feed, who.place)
        position = int(number) if number.isascii() and number.isdigit() else 0
        if entry is None or not 0 < position <= len(entry.buttons):
            self._screen.note(self._words("prompt.no_button"))
            return False
        who.press(entry, entry.buttons[position - 1])
        return True
