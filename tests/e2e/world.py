"""A whole world for one test: both sandboxes and the real program between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from chatbot.matching.entry_file import parse, render
from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from tests.forked import ForkedBot

TOKEN = "700000001:placeholder-token-for-tests-only"
OFFICERS = -1001000000001
PROPAM = -1001000000002
ADMINS = -1001000000003
CITIZEN, OTHER = 501, 502
OFFICER, COLLEAGUE, STRANGER = 901, 902, 903
PHONE_ID = "100000000000001"
APP_SECRET = "placeholder-app-secret"
VERIFY = "placeholder-verify"
FAQ = Path(__file__).parents[2] / "faq"
_VARIANTS = 12


def small_faq(folder: Path) -> None:
    """Some of the shipped entries with few variants, which are learnt in no time."""
    folder.mkdir(exist_ok=True)
    for path in (FAQ / "sim").glob("*.md"):
        entry = parse(path.name, path.read_bytes())
        (folder / path.name).write_bytes(render(replace(entry, variants=entry.variants[:_VARIANTS])))


class World:
    """Sandboxes, the bot and people by their roles."""

    patience = 20.0  # seconds that a step may take on a busy machine

    def __init__(
        self,
        folder: Path,
        *,
        forum: bool = True,
        webhook: bool = False,
        **settings: str,
    ) -> None:
        self.kind: type[BotProcess] = ForkedBot  # BotProcess where it matters how it is started
        self.folder = folder
        self.telegram = TelegramSandbox(TOKEN)
        self.whatsapp = WhatsAppSandbox("wa-token", APP_SECRET, PHONE_ID)
        self.webhook = webhook
        self.forum = forum
        self.extra = settings
        self.port = free_port()
        self.bot: BotProcess
        self.settings: dict[str, str] = {}

    async def open(self) -> None:
        url = await self.telegram.start()
        api = await self.whatsapp.start()
        for user, name in (
            (CITIZEN, "Warga"),
            (OTHER, "Warga Lain"),
            (OFFICER, "Petugas 1"),
            (COLLEAGUE, "Petugas 2"),
            (STRANGER, "Orang Luar"),
        ):
            self.telegram.add_user(user, name)
        for chat, title in ((OFFICERS, "Petugas"), (PROPAM, "Propam"), (ADMINS, "Admin")):
            self.telegram.add_group(chat, title, forum=self.forum and chat != ADMINS)
            self.telegram.add_member(chat, OFFICER, "administrator")
            self.telegram.add_member(chat, COLLEAGUE)
        self.settings = {
            "CHATBOT_DATABASE_URL": f"sqlite:///{self.folder / 'tanggap.db'}",
            "CHATBOT_MEDIA_DIR": str(self.folder / "media"),
            "CHATBOT_PORT": str(self.port),
            "CHATBOT_FAQ_DIR": str(self.folder / "faq"),
            "CHATBOT_REGION_NAME": "Polres Contoh",
            "CHATBOT_SECRET_KEY": "placeholder-key",
            "CHATBOT_TELEGRAM_TOKEN": TOKEN,
            "CHATBOT_TELEGRAM_API_URL": url,
            "CHATBOT_OFFICERS_CHAT_ID": str(OFFICERS),
            "CHATBOT_ADMINS_CHAT_ID": str(ADMINS),
            "CHATBOT_WHATSAPP_API_URL": api,
            "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": PHONE_ID,
            "CHATBOT_WHATSAPP_TOKEN": "wa-token",
            "CHATBOT_WHATSAPP_APP_SECRET": APP_SECRET,
            "CHATBOT_WHATSAPP_VERIFY_TOKEN": VERIFY,
        }
        if self.webhook:
            self.settings |= {
                "CHATBOT_TELEGRAM_MODE": "webhook",
                "CHATBOT_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{self.port}",
                "CHATBOT_TELEGRAM_SECRET": "placeholder-secret",
            }
        self.settings |= self.extra
        if "CHATBOT_FAQ_DIR" not in self.extra:
            small_faq(self.folder / "faq")
        self.settings = {name: value for name, value in self.settings.items() if value}
        await self.start_bot()
        await self.connect()

    async def connect(self) -> None:
        if "CHATBOT_WHATSAPP_TOKEN" in self.settings:
            await self.whatsapp.connect(f"http://127.0.0.1:{self.port}/webhooks/whatsapp", VERIFY)

    async def start_bot(self) -> None:
        self.bot = self.kind(self.settings, self.folder / "bot.log")
        await self.bot.start()

    async def close(self) -> None:
        await self.bot.stop()
        await self.telegram.stop()
        await self.whatsapp.stop()

    # What people see and do

    async def told(self, words: str, user: int = CITIZEN, *, after: int = 0, timeout: float = 0) -> dict[str, Any]:
        """The first message of the bot to a citizen on Telegram, past some, that holds these words."""
        return await self.telegram.wait_for(
            lambda sandbox: next((m for m in sandbox.bot_messages(user)[after:] if words in text_of(m)), None),
            timeout or self.patience,
        )

    async def ask(self, words: str, expected: str, user: int = CITIZEN) -> dict[str, Any]:
        """Say something as a citizen and wait for an answer that holds the expected words."""
        after = len(self.telegram.bot_messages(user))
        self.telegram.say(user, words)
        return await self.told(expected, user, after=after)

    async def in_group(
        self, words: str, chat: int = OFFICERS, *, thread: int | None = None, after: int = 0, timeout: float = 0
    ) -> dict[str, Any]:
        """The first message of the bot in a group, past some, that holds these words."""
        return await self.telegram.wait_for(
            lambda sandbox: next((m for m in sandbox.bot_messages(chat, thread)[after:] if words in text_of(m)), None),
            timeout or self.patience,
        )

    async def told_on_whatsapp(self, person: str, words: str, *, after: int = 0, timeout: float = 0) -> Any:
        """The first message to a person on WhatsApp, past some, that holds these words."""
        return await self.whatsapp.wait_for(
            lambda: next((m for m in self.to_person(person)[after:] if words in str(m.content)), None),
            timeout or self.patience,
        )

    def to_person(self, person: str) -> list[Any]:
        return [m for m in self.whatsapp.messages(person) if m.direction == "out"]

    def press(self, user: int, message: dict[str, Any], label: str) -> str:
        """Press the button with this label under a message."""
        return self.telegram.press(user, message["chat"]["id"], message["message_id"], payload_of(message, label))

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        with closing(sqlite3.connect(f"file:{self.folder / 'tanggap.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    async def until(self, check: Callable[[], Any]) -> Any:
        """Wait for something that no sandbox can see, such as a row: asked again with every call of the bot."""
        return await self.telegram.wait_for(lambda _: check(), self.patience)


def text_of(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


def buttons_of(message: dict[str, Any]) -> dict[str, str]:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in keyboard for button in row}


def payload_of(message: dict[str, Any], label: str) -> str:
    return next(payload for text, payload in buttons_of(message).items() if label in text)
