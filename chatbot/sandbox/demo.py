"""``make demo``: the real bot between two sandboxes, a page with their phones, a short story, then whatever one likes.

Owns arguments, signals and the exit status: 0 when the story was played or somebody left, 1 when the bot did not do
what the story expects. Refuses to leave anything behind: the bot ends with it, its files go with their folder.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from chatbot.sandbox.page import Page
from chatbot.sandbox.prompt import Prompt
from chatbot.sandbox.screen import Screen
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.story import Story, StoryError
from chatbot.sandbox.whatsapp import CallbackRefusedError
from chatbot.sandbox.words import Words, locales

_FAILURES = (StoryError, RuntimeError, TimeoutError, CallbackRefusedError)
_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Play; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m chatbot.sandbox.demo", description="The bot, played in a terminal."
    )
    parser.add_argument("--once", action="store_true", help="play the story without pauses, then end")
    parser.add_argument(
        "--no-story", action="store_true", help="begin with an empty stage; the page can play the story"
    )
    parser.add_argument("--locale", choices=locales(), default="id", help="language of the story (default: id)")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a character shows another one.
        sys.stdout.reconfigure(errors="replace")
    try:
        return asyncio.run(_until_stopped(once=options.once, story=not options.no_story, locale=options.locale))
    except BrokenPipeError:
        # The reader has gone; what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


async def _until_stopped(*, once: bool, story: bool, locale: str) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(sign, stopped.set)
    playing = asyncio.create_task(_once(locale) if once else _play(locale, story=story))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if playing.done():
        return playing.result()
    playing.cancel()
    await asyncio.wait({playing})
    # What a terminal shows for Ctrl-C stands on the prompt's line.
    sys.stdout.write("\n")
    return _INTERRUPTED if once else 0


async def _once(locale: str) -> int:
    """The story alone."""
    words = Words(locale)
    async with _opened(words) as stage:
        screen = Screen(sys.stdout, words, stage.feed, paused=False)
        screen.note(words("tale.opening"))
        try:
            await stage.open()
            await Story(stage, screen, words).play()
            await screen.catch_up()
        except _FAILURES as error:
            return _failed(error, stage, words)
        screen.note(words("tale.end"))
    return 0


async def _play(locale: str, *, story: bool) -> int:
    """The page, the story, then whatever is typed or clicked."""
    words = Words(locale)
    async with _opened(words) as stage:
        screen = Screen(sys.stdout, words, stage.feed, paused=True)
        screen.note(words("tale.opening"))
        page = None
        try:
            await stage.open()
            page = Page(stage, words, screen)
            screen.note(words("tale.page", address=await page.start()))
            if story:
                await page.play()
            screen.paused = False
            live = sys.stdin is not None and sys.stdin.isatty()
            await Prompt(stage, screen, words).run(live=live)
        except _FAILURES as error:
            return _failed(error, stage, words)
        finally:
            if page:
                await page.stop()
        screen.note(words("tale.goodbye"))
    return 0


@asynccontextmanager
async def _opened(words: Words) -> AsyncIterator[Stage]:
    """A stage in a folder of its own, both gone in the end."""
    with tempfile.TemporaryDirectory(prefix="tanggap-demo-") as folder:
        stage = Stage(Path(folder), words)
        try:
            yield stage
        finally:
            await stage.close()


def _failed(error: Exception, stage: Stage, words: Words) -> int:
    sys.stderr.write(f"\n{error}\n\n{words('failed.log')}\n{stage.last_log()}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
