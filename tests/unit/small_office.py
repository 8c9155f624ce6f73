"""An account without channels and without a FAQ, for what needs its words, clocks and saved answers only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chatbot.channels.telegram import TelegramChannel
from chatbot.services.faq import Faq
from chatbot.services.office import Office
from chatbot.services.plan import Plan, plain_region
from chatbot.services.saved_answers import SavedAnswers
from tests.unit.dialogue_script import CATALOGUES

FAQ = Path(__file__).parents[2] / "faq"


def small_office(now: datetime, timezone: str = "Asia/Jakarta", locale: str = "id", folder: Path = FAQ) -> Office:
    return Office(
        plan=Plan(plain_region("Polres Contoh", ZoneInfo(timezone), ("id", "en"), "-100", "-200")),
        locale=locale,
        admins="",
        desk_channel="telegram",
        catalogues=CATALOGUES,
        faq=Faq(folder, now.date),
        saved_answers=SavedAnswers(folder),
        capabilities={"telegram": TelegramChannel.capabilities},
        failures={},
        templates=frozenset(),
        inbox_days=30,
        clock=lambda: now,
        randbelow=lambda _: 0,
    )
