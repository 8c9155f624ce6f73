"""``chatbot doctor``: the points at which connecting goes wrong, each with cause and cure in one line.

Owns how findings are shown on the terminal.
"""

from __future__ import annotations

import asyncio

from chatbot.app import telegram_of, whatsapp_of
from chatbot.channels.base import plain
from chatbot.core.message import Phrase
from chatbot.services.doctor import examine
from chatbot.services.i18n import Catalogues
from chatbot.settings import Settings


def run(settings: Settings, catalogues: Catalogues) -> int:
    """Examine and print; the exit status, 1 where something does not work."""
    return asyncio.run(_run(settings, catalogues))


async def _run(settings: Settings, catalogues: Catalogues) -> int:
    grave = False
    async for finding in examine(settings, telegram_of(settings), whatsapp_of(settings)):
        mark = "✗" if finding.grave else "✓" if finding.good else "!"
        values: dict[str, str | Phrase] = dict(finding.values)
        if role := finding.values.get("role"):
            known = f"doctor.role_{role}" in catalogues.keys(settings.locale)
            values["role"] = Phrase(f"doctor.role_{role}") if known else role  # else it is a unit's name
        text = plain(catalogues.render(Phrase(f"doctor.{finding.key}", values), settings.locale))
        print(f"{mark} {text}", flush=True)
        grave = grave or finding.grave
    return 1 if grave else 0
