"""Owns the demo's stage: both sandboxes, the real bot between them as a process of its own, and the people.

Refuses anything of the bot but its settings. All that is written lies in one folder, given by the caller.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from chatbot.sandbox.cast import Officer, TelegramPhone, WhatsAppPhone
from chatbot.sandbox.feed import GROUP, TELEGRAM, TELEGRAM_2, Feed
from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from chatbot.sandbox.words import Words

WA_NUMBER = "6281200000001"
_BOT_TOKEN = "700000001:placeholder-token-of-the-demo"
_WA_TOKEN = "placeholder-wa-token"
_APP_SECRET = "placeholder-app-secret"
_VERIFY = "placeholder-verify"
_PHONE_ID = "100000000000001"
_GROUP = -1001000000001
_CITIZEN, _NEIGHBOUR, _OFFICER, _COLLEAGUE = 501, 502, 901, 902
_TEMPLATE = "answer_ready"
_RETRY_DELAYS = (0.1, 0.2, 0.4, *(0.8,) * 4000)  # WhatsApp repeats for days; an hour will do here
_FAQ = Path(__file__).parents[2] / "faq"
_LOG_LINES = 15


class Stage:
    """Everything that a story needs; ``open`` it, and ``close`` it whatever happened.

    Args:
        folder: for the database, the media and the bot's log.
        words: the language of the region's account and its officers.
        faq: the folder of the FAQ that answers.
        kind: how the bot is started.
    """

    def __init__(self, folder: Path, words: Words, faq: Path = _FAQ, kind: type[BotProcess] = BotProcess) -> None:
        self._kind = kind
        self._folder = folder
        self._faq = faq
        self._words = words
        self.group = _GROUP
        self.telegram = TelegramSandbox(_BOT_TOKEN)
        self.whatsapp = WhatsAppSandbox(_WA_TOKEN, _APP_SECRET, _PHONE_ID, retry_delays=_RETRY_DELAYS)
        self.whatsapp.add_template(_TEMPLATE, words.locale, text=words("say.template"))
        person = self.whatsapp.add_person(WA_NUMBER, words("who.citizen_wa"))
        citizens = {_CITIZEN: "citizen", _NEIGHBOUR: "citizen_2"}
        officers = {_OFFICER: "officer_1", _COLLEAGUE: "officer_2"}
        chats = {_GROUP: GROUP, _CITIZEN: TELEGRAM, _NEIGHBOUR: TELEGRAM_2}
        for user, author in (citizens | officers).items():
            self.telegram.add_user(user, words(f"who.{author}"), language_code=words.locale)
        self.telegram.add_group(_GROUP, words("place.group"), forum=True)
        for user in officers:
            self.telegram.add_member(_GROUP, user, "administrator")
        self.feed = Feed(self.telegram, self.whatsapp, _GROUP, citizens | officers, chats, person)
        self.citizen, self.neighbour = (
            TelegramPhone(self.telegram, self.feed, user, author, chats[user]) for user, author in citizens.items()
        )
        self.wa = WhatsAppPhone(self.whatsapp, person)
        self.officers = tuple(
            Officer(self.telegram, self.feed, _GROUP, user, author) for user, author in officers.items()
        )
        self.bot: BotProcess | None = None
        self.settings: dict[str, str] = {}
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start the sandboxes and the bot, and let them meet.

        Raises:
            RuntimeError: the bot does not start.
            CallbackRefusedError: it refuses WhatsApp's handshake.
        """
        port = free_port()
        self.settings = {
            "CHATBOT_DATABASE_URL": f"sqlite:///{self.database}",
            "CHATBOT_MEDIA_DIR": str(self._folder / "media"),
            "CHATBOT_HOST": "127.0.0.1",
            "CHATBOT_PORT": str(port),
            "CHATBOT_FAQ_DIR": str(self._faq),
            "CHATBOT_REGION_NAME": self._words("who.bot"),
            "CHATBOT_LOCALE": self._words.locale,
            "CHATBOT_SECRET_KEY": "placeholder-key",
            "CHATBOT_TELEGRAM_TOKEN": _BOT_TOKEN,
            "CHATBOT_TELEGRAM_API_URL": await self.telegram.start(),
            "CHATBOT_OFFICERS_CHAT_ID": str(_GROUP),
            "CHATBOT_WHATSAPP_API_URL": await self.whatsapp.start(),
            "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": _PHONE_ID,
            "CHATBOT_WHATSAPP_TOKEN": _WA_TOKEN,
            "CHATBOT_WHATSAPP_APP_SECRET": _APP_SECRET,
            "CHATBOT_WHATSAPP_VERIFY_TOKEN": _VERIFY,
            "CHATBOT_WHATSAPP_TEMPLATE": _TEMPLATE,
        }
        self.bot = self._kind(self.settings, self._log)
        await self.bot.start()
        await self.whatsapp.connect(f"http://127.0.0.1:{port}/webhooks/whatsapp", _VERIFY)
        self._watching = asyncio.create_task(self.feed.watch())

    def newcomer(self) -> TelegramPhone:
        """The second citizen on Telegram, as somebody whom the bot has never met; name and phone stay."""
        before = self.neighbour
        if self.telegram.world.people[before.user].started:
            user = before.user + 1
            self.telegram.add_user(user, self._words(f"who.{before.author}"), language_code=self._words.locale)
            self.feed.meet(user, before.author, before.place)
            self.neighbour = replace(before, user=user)
        return self.neighbour

    async def close(self) -> None:
        """Stop the bot, then what it talks to. Safe at any moment of ``open``."""
        if self._watching:
            self._watching.cancel()
        if self.bot:
            await self.bot.stop()
        await self.telegram.stop()
        await self.whatsapp.stop()

    @property
    def database(self) -> Path:
        """The bot's database: to be looked at only."""
        return self._folder / "tanggap.db"

    @property
    def _log(self) -> Path:
        return self._folder / "bot.log"

    def last_log(self) -> str:
        """The end of what the bot logged, for the one who has to find out why it failed."""
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join(lines[-_LOG_LINES:])
