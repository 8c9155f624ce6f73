"""Owns the one story that two sandboxes tell: everything that anyone sees on any phone, in the order it came.

Refuses to act and to show: it only reads what the sandboxes hold.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import ChatMessage, WhatsAppSandbox

TELEGRAM, TELEGRAM_2, WHATSAPP, GROUP = "telegram", "telegram_2", "whatsapp", "group"
BOT, CITIZEN_WA = "bot", "citizen_wa"
Kind = Literal["message", "press", "edit", "delete", "answer", "topic"]

_MEDIA = ("photo", "video", "voice", "audio", "document", "sticker", "location", "contact")
SERVICE = {
    "forum_topic_created": "created",
    "forum_topic_closed": "closed",
    "forum_topic_reopened": "reopened",
    "forum_topic_edited": "renamed",
}
# WhatsApp's names of what has another one above.
WHATSAPP_MEDIA = {"image": "photo", "audio": "voice", "contacts": "contact"}
_FOREVER = 10.0**8  # seconds


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; without a payload it sends the phone's place."""

    label: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was seen.

    Attributes:
        place: a citizen's chat, TELEGRAM, TELEGRAM_2 or WHATSAPP, or GROUP.
        author: BOT, CITIZEN_WA, or as `Feed` was told.
        kind: "edit" holds only the lines that changed, "delete" nothing, "answer" is the note after a press, "topic"
            what became of one.
        text: what stands there; for "topic" one of created, closed, reopened, renamed.
        attachment: what was sent besides words: photo, document, location ... or nothing.
        buttons: what can be pressed under it.
        message_id: the platform's id.
        thread: the forum topic.
        topic: its name.
    """

    place: str
    author: str
    kind: Kind
    text: str = ""
    attachment: str = ""
    buttons: tuple[Button, ...] = ()
    message_id: str = ""
    thread: int | None = None
    topic: str = ""


class Feed:
    """What was seen so far, and the way to wait for more.

    Args:
        telegram: its sandbox.
        whatsapp: its sandbox.
        group: chat id of the officers' group.
        people: Telegram user id to author.
        chats: Telegram chat id to place.
        person: the citizen's key on WhatsApp.
    """

    def __init__(
        self,
        telegram: TelegramSandbox,
        whatsapp: WhatsAppSandbox,
        group: int,
        people: Mapping[int, str],
        chats: Mapping[int, str],
        person: str,
    ) -> None:
        self.entries: list[Entry] = []
        self._telegram = telegram
        self._whatsapp = whatsapp
        self._group = group
        self._people = dict(people)
        self._chats = dict(chats)
        self._person = person
        self._shown: dict[tuple[int, int], Entry] = {}
        self._answered: set[str] = set()
        self._read = 0
        self._listeners: list[Callable[[Entry], None]] = []
        self._news = asyncio.Event()

    def meet(self, user: int, author: str, place: str) -> None:
        """From now on this Telegram user is seen there, under this author."""
        self._people[user] = author
        self._chats[user] = place

    async def watch(self) -> None:
        """Follow both sandboxes until cancelled."""
        await asyncio.gather(
            self._telegram.wait_for(lambda _: self._look(), _FOREVER), self._whatsapp.wait_for(self._look, _FOREVER)
        )

    def _look(self) -> None:
        self.mark()

    def mark(self) -> int:
        """How much has been seen by now: what comes later has at least this position."""
        for entry in (*self._from_telegram(), *self._from_whatsapp()):
            self.add(entry)
        return len(self.entries)

    def listen(self, listener: Callable[[Entry], None]) -> None:
        """Have every entry from now on told at once, before anybody can react to it."""
        self._listeners.append(listener)

    def add(self, entry: Entry) -> None:
        """Note something that leaves no message, such as a press on Telegram."""
        self.entries.append(entry)
        for listener in self._listeners:
            listener(entry)
        news, self._news = self._news, asyncio.Event()
        news.set()

    def news(self) -> Awaitable[bool]:
        """Ends with the next entry after this call."""
        return self._news.wait()

    async def find(self, matches: Callable[[Entry], bool], after: int, seconds: float) -> Entry:
        """The first entry that matches, from a position on; waited for.

        Raises:
            TimeoutError: none came in time.
        """
        async with asyncio.timeout(seconds):
            while True:
                news = self._news
                for entry in self.entries[after:]:
                    if matches(entry):
                        return entry
                after = len(self.entries)
                await news.wait()

    # Telegram

    def _from_telegram(self) -> Iterator[Entry]:
        # Ids run per chat: only the order in which the world got them tells what came first in two chats.
        order = {key: position for position, key in enumerate(self._telegram.world.messages)}
        found = [(chat, message) for chat in self._chats for message in self._telegram.messages(chat)]
        for chat, message in sorted(found, key=lambda one: order[one[0], one[1]["message_id"]]):
            if entry := self._of_telegram(chat, self._chats[chat], message):
                yield entry
        for query, answer in self._telegram.answers.items():
            if query not in self._answered:
                self._answered.add(query)
                chat = self._telegram.world.presses[query]["chat_id"]
                if answer["text"] and chat in self._chats:
                    yield Entry(self._chats[chat], BOT, "answer", answer["text"])

    def _of_telegram(self, chat: int, place: str, message: Mapping[str, Any]) -> Entry | None:
        key = (chat, message["message_id"])
        before = self._shown.get(key)
        entry = self._read_telegram(place, message)
        if before is None:
            self._shown[key] = entry
            return entry
        if (before.text, before.buttons) == (entry.text, entry.buttons) or message["deleted"]:
            return None
        self._shown[key] = entry
        known = before.text.splitlines()
        changed = "\n".join(line for line in entry.text.splitlines() if line not in known)
        buttons = entry.buttons if entry.buttons != before.buttons else ()
        return Entry(place, entry.author, "edit", changed, "", buttons, entry.message_id, entry.thread, entry.topic)

    def _read_telegram(self, place: str, message: Mapping[str, Any]) -> Entry:
        thread = message["message_thread_id"] if message.get("is_topic_message") else None
        topic = next((one.name for one in self._telegram.topics(self._group) if one.thread_id == thread), "")
        author = self._people.get(message["from"]["id"], BOT)
        number = str(message["message_id"])
        done = next((word for field, word in SERVICE.items() if field in message), "")
        if done:
            return Entry(place, author, "topic", done, "", (), number, thread, topic)
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple(Button(one["text"], one.get("callback_data", "")) for row in rows for one in row)
        asked = (message["keyboard"] or {}).get("keyboard", [])
        buttons += tuple(Button(one["text"]) for row in asked for one in row if one.get("request_location"))
        text = message.get("text") or message.get("caption") or ""
        attachment = next((field for field in _MEDIA if field in message), "")
        return Entry(place, author, "message", text, attachment, buttons, number, thread, topic)

    # WhatsApp

    def _from_whatsapp(self) -> Iterator[Entry]:
        messages = self._whatsapp.messages(self._person)
        start, self._read = self._read, len(messages)
        for message in messages[start:]:
            yield _of_whatsapp(message)


def _of_whatsapp(message: ChatMessage) -> Entry:
    author = BOT if message.direction == "out" else CITIZEN_WA
    content = message.content
    if message.kind == "interactive" and author == CITIZEN_WA:
        reply = content.get("button_reply") or content["list_reply"]
        return Entry(WHATSAPP, author, "press", reply["title"], message_id=message.id)
    if message.kind == "interactive":
        action = content["action"]
        buttons = [Button(one["reply"]["title"], one["reply"]["id"]) for one in action.get("buttons", ())]
        buttons += [Button(row["title"], row["id"]) for part in action.get("sections", ()) for row in part["rows"]]
        if content["type"] == "location_request_message":
            # WhatsApp labels this button in the phone's own language.
            buttons.append(Button("\N{ROUND PUSHPIN}"))
        return Entry(WHATSAPP, author, "message", content["body"]["text"], "", tuple(buttons), message.id)
    if message.kind in {"text", "template"}:
        said = content["body" if message.kind == "text" else "_text"]
        return Entry(WHATSAPP, author, "message", said, message_id=message.id)
    if message.kind in {"edit", "revoke"}:
        kind: Kind = "edit" if message.kind == "edit" else "delete"
        said = content["message"]["text"]["body"] if kind == "edit" else ""
        return Entry(WHATSAPP, author, kind, said, message_id=content["original_message_id"])
    said = content.get("caption", "") if isinstance(content, dict) else ""
    attachment = WHATSAPP_MEDIA.get(message.kind, message.kind)
    return Entry(WHATSAPP, author, "message", said, attachment, message_id=message.id)
