"""Owns what a Telegram phone shows, as JSON for the page: messages, keyboard, typing, notices; the group's topics.

Refuses words: people are named by their keys in the catalogue, what happened to a topic as in the feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot.sandbox.feed import BOT, SERVICE
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.telegram_render import shown
from chatbot.sandbox.telegram_state import Message

Json = dict[str, Any]
MOST = 200  # messages of a chat that the page holds
_QUOTED = 120  # characters of the message that is answered
_FILES = ("voice", "audio", "video", "document", "sticker")
_GENERAL = 0


class TelegramView:
    """Looks at one Telegram.

    Args:
        telegram: its sandbox.
        people: user id to key of the name.
    """

    def __init__(self, telegram: TelegramSandbox, people: Mapping[int, str]) -> None:
        self._telegram = telegram
        self._people = people

    def citizen(self, user: int) -> Json:
        """A citizen's phone: the private chat with the bot."""
        world = self._telegram.world
        return {
            "author": self._people[user],
            "blocked": world.people[user].blocked,
            "typing": self._telegram.typing(user),
            "keyboard": self._keyboard(user),
            "notice": self._notice({user}, user),
            "messages": self._messages(user),
        }

    def group(self, chat: int) -> Json:
        """The officers' phones: topics by number, 0 for General, and every message with its topic."""
        topics = [
            {
                "thread": topic.thread_id,
                "name": topic.name,
                "closed": topic.closed,
                "deleted": topic.deleted,
            }
            for topic in self._telegram.topics(chat)
        ]
        return {
            "topics": [{"thread": _GENERAL, "name": "", "closed": False, "deleted": False}, *topics],
            "typing": self._telegram.typing(chat),
            "notice": self._notice(set(self._people), chat),
            "messages": self._messages(chat),
        }

    def _messages(self, chat: int) -> list[Json]:
        return [self._message(message) for message in self._telegram.world.in_chat(chat)[-MOST:]]

    def _message(self, message: Message) -> Json:
        wire = shown(self._telegram.world, message)
        replied = wire.get("reply_to_message")
        return {
            "id": str(message.message_id),
            "author": self._author(message.sender_id),
            "at": message.date,
            "text": wire.get("text") or wire.get("caption") or "",
            "entities": wire.get("entities") or wire.get("caption_entities") or [],
            "edited": message.edit_date is not None,
            "deleted": message.deleted,
            "service": next((word for name, word in SERVICE.items() if name in wire), "other")
            if message.service
            else "",
            "topic": message.thread_id or _GENERAL,
            "album": message.media_group_id or "",
            "reply": self._quote(replied) if replied and message.reply_to else None,
            "media": _media(wire),
            "buttons": [
                [{"label": one["text"], "data": one.get("callback_data", "")} for one in row]
                for row in wire.get("reply_markup", {}).get("inline_keyboard", [])
            ],
        }

    def _author(self, user: int) -> str:
        return self._people.get(user, BOT)

    def _quote(self, wire: Json) -> Json:
        text = wire.get("text") or wire.get("caption") or ""
        return {
            "id": str(wire["message_id"]),
            "author": self._author(wire["from"]["id"]),
            "text": text[:_QUOTED],
            "media": (_media(wire) or {}).get("kind", ""),
        }

    def _keyboard(self, user: int) -> list[list[Json]]:
        messages = self._telegram.world.in_chat(user)
        latest = next((message for message in reversed(messages) if message.keyboard is not None), None)
        if latest is None or latest.keyboard is None or "keyboard" not in latest.keyboard:
            return []
        used = any(message.sender_id == user for message in messages[messages.index(latest) :])
        if used and latest.keyboard.get("one_time_keyboard"):
            return []
        return [
            [{"label": key["text"], "location": bool(key.get("request_location"))} for key in row]
            for row in latest.keyboard["keyboard"]
        ]

    def _notice(self, users: set[int], chat: int) -> Json | None:
        """The bot's latest answer to a press: a line that comes and goes, or a window to be closed."""
        presses, answers = self._telegram.world.presses, self._telegram.world.answers
        for query in reversed(answers):
            press = presses[query]
            if press["user_id"] in users and press["chat_id"] == chat:
                answer = answers[query]
                return {"id": query, "text": answer["text"], "alert": answer["show_alert"]} if answer["text"] else None
        return None


def _media(wire: Json) -> Json | None:
    if sizes := wire.get("photo"):
        small = next((size for size in sizes if size["width"] >= _THUMBNAIL), sizes[-1])
        return {"kind": "photo", "file": f"telegram/{sizes[-1]['file_id']}", "small": f"telegram/{small['file_id']}"}
    for kind in _FILES:
        if found := wire.get(kind):
            return {
                "kind": kind,
                "file": f"telegram/{found['file_id']}",
                "name": found.get("file_name", ""),
                "size": found.get("file_size", 0),
            }
    if place := wire.get("location"):
        return {"kind": "location", "latitude": place["latitude"], "longitude": place["longitude"]}
    return {"kind": "contact"} if "contact" in wire else None


_THUMBNAIL = 300  # pixels across that are enough for a bubble
