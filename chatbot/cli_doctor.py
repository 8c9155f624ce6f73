"""``chatbot doctor``: the points at which connecting goes wrong, each with cause and cure in one line.

Owns how findings are shown on the terminal.
"""

from __future__ import annotations

import asyncio

from chatbot.app import telegram_of, whatsapp_of
from chatbot.cli_words import Words, catalogues
from chatbot.services.doctor import examine, line
from chatbot.settings import Settings


def run(settings: Settings, words: Words) -> int:
    """Examine and print; the exit status, 1 where something does not work."""
    return asyncio.run(_run(settings, words))


async def _run(settings: Settings, words: Words) -> int:
    grave = False
    async for finding in examine(settings, telegram_of(settings), whatsapp_of(settings)):
        print(line(finding, catalogues(), words.locale), flush=True)
        grave = grave or finding.grave
    return 1 if grave else 0
