"""Owns how the demo looks in a terminal: chapters, bubbles with their sender, buttons as [Label].

Refuses to decide what is told. Colours only where a terminal shows them, and never with NO_COLOR.
"""

from __future__ import annotations

import asyncio
import os
import re
import textwrap
from typing import TextIO

from chatbot.sandbox.feed import WHATSAPP, Entry, Feed
from chatbot.sandbox.words import Words

_WIDTH = 76  # characters of a line
_COLOURS = (("bot", "1"), ("citizen", "32"), ("officer", "36"))  # SGR codes by what an author's key begins with
_QUIET = "2"
_WHATSAPP_MARKS = re.compile(r"(?<!\w)([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?!\w)")
_PAUSE = 0.3  # seconds before the next bubble, and
_PAUSE_LINE = 0.08  # seconds more for each of its lines


class Screen:
    """A terminal, or a file that is written like one.

    Args:
        out: where to write.
        words: the language of the narration.
        feed: what is shown.
        paused: whether the reader gets time for each bubble.
    """

    def __init__(self, out: TextIO, words: Words, feed: Feed, *, paused: bool) -> None:
        self._out = out
        self._words = words
        self._feed = feed
        self._shown = 0
        terminal = out.isatty() and os.environ.get("TERM") != "dumb"
        self._colours = terminal and not os.environ.get("NO_COLOR")
        self._terminal = terminal
        self.paused = paused
        self.prompt = ""

    def chapter(self, name: str) -> None:
        """A heading, and in a line or two what happens in this chapter of the story."""
        title, tale = self._words(f"chapter.{name}"), self._words(f"tale.{name}")
        rule = "─" * max(4, _WIDTH - len(title) - 4)
        self._write("", self._coloured(f"── {title} {rule}", "1"), *_wrapped(tale, _WIDTH))

    def note(self, text: str) -> None:
        """The narrator's word."""
        self._write("", *(self._coloured(line, _QUIET) for line in _wrapped(text, _WIDTH)))

    async def before(self) -> None:
        """See `Pacer`: a terminal lets everything happen at once."""

    async def after(self) -> None:
        """See `Pacer`: shows what has come, and gives time to read it."""
        await self.catch_up()

    async def catch_up(self) -> None:
        """Show everything that was seen and is not shown yet."""
        self._feed.mark()
        while self._shown < len(self._feed.entries):
            entry = self._feed.entries[self._shown]
            self._shown += 1
            lines = self._bubble(entry)
            self._write(*lines)
            if self.paused:
                await asyncio.sleep(_PAUSE + _PAUSE_LINE * len(lines))

    async def follow(self) -> None:
        """Show what comes, as it comes, until cancelled."""
        while True:
            news = self._feed.news()
            await self.catch_up()
            await news

    def ask(self) -> None:
        """Show the prompt."""
        self._out.write(self.prompt)
        self._out.flush()

    def _write(self, *lines: str) -> None:
        # A terminal's unfinished line is the prompt: it goes, and comes back below.
        erased = "\r\x1b[K" if self.prompt and self._terminal else ""
        self._out.write(erased + "".join(f"{line}\n" for line in lines))
        self.ask()

    def _coloured(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text

    def _bubble(self, entry: Entry) -> list[str]:
        place = self._words(f"place.{entry.place}")
        if entry.topic:
            place = f"{place} > {entry.topic}"
        if entry.kind == "topic":
            return ["", self._coloured(f"  {place}: {self._words(f'topic.{entry.text}')}", _QUIET)]
        colour = next(code for role, code in _COLOURS if entry.author.startswith(role))
        head = self._coloured(self._words(f"who.{entry.author}"), colour)
        extra = f" · {self._words(f'kind.{entry.kind}')}" if entry.kind in {"press", "edit", "delete", "answer"} else ""
        body = self._body(entry)
        return ["", f"{head} {self._coloured(f'· {place}{extra}', _QUIET)}", *(f"  │ {line}".rstrip() for line in body)]

    def _body(self, entry: Entry) -> list[str]:
        if entry.kind == "press":
            return [f"[{entry.text}]"]
        text = _WHATSAPP_MARKS.sub(r"\2", entry.text) if entry.place == WHATSAPP else entry.text
        lines = [f"({self._words(f'media.{entry.attachment}')})"] if entry.attachment else []
        lines += _wrapped(text, _WIDTH - 4)
        labels = [f"[{button.label}]" for button in entry.buttons]
        if labels:
            # No-break spaces keep a label on one line.
            joined = "  ".join(label.replace(" ", "\N{NO-BREAK SPACE}") for label in labels)
            lines += [line.replace("\N{NO-BREAK SPACE}", " ") for line in _wrapped(joined, _WIDTH - 4)]
        return lines


def _wrapped(text: str, width: int) -> list[str]:
    lines = []
    for line in text.splitlines():
        # What is no character to look at could steer the terminal.
        shown = "".join(sign for sign in line if sign.isprintable() or sign == "\N{NO-BREAK SPACE}")
        lines += textwrap.wrap(shown, width, break_long_words=False, break_on_hyphens=False) or [""]
    return lines
