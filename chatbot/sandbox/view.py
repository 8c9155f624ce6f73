"""Owns the page's picture of the moment: three phones and what stands beside them, as one JSON object.

Refuses to change anything.
"""

from __future__ import annotations

from typing import Any

from chatbot.sandbox.stage import Stage
from chatbot.sandbox.view_telegram import TelegramView
from chatbot.sandbox.view_whatsapp import WhatsAppView

Json = dict[str, Any]


class View:
    """Looks at a stage.

    Args:
        stage: whose phones are shown.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.whatsapp = WhatsAppView(stage.whatsapp, stage.wa.person)

    def phones(self) -> Json:
        """What every phone shows now."""
        stage = self._stage
        people = {officer.user: officer.author for officer in stage.officers}
        people |= {citizen.user: citizen.author for citizen in (stage.citizen, stage.neighbour)}
        telegram = TelegramView(stage.telegram, people)
        return {
            "telegram": telegram.citizen(stage.citizen.user),
            "telegram_2": telegram.citizen(stage.neighbour.user),
            "whatsapp": self.whatsapp.citizen(),
            "group": telegram.group(stage.group),
        }
