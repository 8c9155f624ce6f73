"""``chatbot doctor``: the points at which connecting goes wrong, each with cause and cure in one line.

Owns how findings are shown on the terminal.
"""

from __future__ import annotations

import asyncio

from chatbot.app import telegram_of, whatsapp_of
from chatbot.services.doctor import examine, line
from chatbot.services.i18n import Catalogues
from chatbot.settings import Settings


def run(settings: Settings, catalogues: Catalogues) -> int:
    """Examine and print; the exit status, 1 where something does not work."""
    return asyncio.run(_run(settings, catalogues))


async def _run(settings: Settings, catalogues: Catalogues) -> int:
    grave = False
    async for finding in examine(settings, telegram_of(settings), whatsapp_of(settings)):
        print(line(finding, catalogues, settings.locale), flush=True)
        grave = grave or finding.grave
    return 1 if grave else 0
