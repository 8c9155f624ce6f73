"""Owns what fingers do on the page's phones: on Telegram, private or in the group, and on WhatsApp.

Refuses what the platform would not let a person do, by ValueError or KeyError, and to press what is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chatbot.sandbox.cast import PIN
from chatbot.sandbox.feed import Entry, Feed
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import WhatsAppSandbox


@dataclass(frozen=True, slots=True)
class File:
    """Something from the attach menu."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message goes: the topic (0: none), and the message that it answers (empty: none)."""

    topic: int = 0
    reply_to: str = ""


class Hand(Protocol):
    """One person's way to act."""

    def say(self, text: str, spot: Spot) -> None:
        """Write."""

    def press(self, message: str, data: str) -> None:
        """Press a button, or choose a row of a list, by its payload."""

    def send(self, files: list[File], spot: Spot, caption: str) -> None:
        """Send files, each as what it is; several pictures at once as an album where there are albums."""

    def send_location(self, spot: Spot) -> None:
        """Send the made-up place."""

    def edit(self, message: str, text: str) -> None:
        """Change one's own message."""

    def delete(self, message: str) -> None:
        """Delete one's own message for everyone."""


@dataclass(frozen=True, slots=True)
class TelegramHand:
    """A citizen or an officer on Telegram; ``chat`` is the group, or the person's own id for the chat with the bot."""

    telegram: TelegramSandbox
    feed: Feed
    user: int
    author: str
    chat: int
    place: str

    def say(self, text: str, spot: Spot) -> None:
        """See `Hand`."""
        self.telegram.say(self.user, text, chat_id=self.chat, **_where(spot))

    def press(self, message: str, data: str) -> None:
        """See `Hand`."""
        standing = self.telegram.world.standing(self.chat, int(message))
        rows = (standing.inline or {}).get("inline_keyboard", []) if standing else []
        label = next((one["text"] for row in rows for one in row if one.get("callback_data") == data), None)
        if label is None or standing is None:
            raise ValueError("there is no such button")
        topic = self.telegram.world.chats[self.chat].topics.get(standing.thread_id or 0)
        name, thread = (topic.name, topic.thread_id) if topic else ("", None)
        self.feed.add(Entry(self.place, self.author, "press", label, thread=thread, topic=name))
        self.telegram.press(self.user, self.chat, standing.message_id, data)

    def send(self, files: list[File], spot: Spot, caption: str) -> None:
        """See `Hand`."""
        pictures = [file.data for file in files if file.mime.startswith("image/")]
        where = {"chat_id": self.chat, **_where(spot)}
        if len(files) > 1 and len(pictures) == len(files):
            self.telegram.send_album(self.user, pictures, caption=caption, **where)
            return
        for number, file in enumerate(files):
            said = caption if number == 0 else ""
            if file.mime.startswith("image/"):
                self.telegram.send_photo(self.user, file.data, caption=said, **where)
            elif file.mime.startswith("audio/ogg"):
                self.telegram.send_voice(self.user, file.data, caption=said, **where)
            else:
                self.telegram.send_document(
                    self.user, file.data, file_name=file.name, mime=file.mime, caption=said, **where
                )

    def send_location(self, spot: Spot) -> None:
        """See `Hand`."""
        latitude, longitude = PIN
        self.telegram.send_location(self.user, latitude, longitude, chat_id=self.chat, **_where(spot))

    def edit(self, message: str, text: str) -> None:
        """See `Hand`."""
        self.telegram.edit(self.user, self.chat, int(message), text)

    def delete(self, message: str) -> None:
        """See `Hand`."""
        self.telegram.delete(self.user, self.chat, int(message))


def _where(spot: Spot) -> dict[str, int | None]:
    return {"thread": spot.topic or None, "reply_to": int(spot.reply_to) if spot.reply_to else None}


@dataclass(frozen=True, slots=True)
class WhatsAppHand:
    """A citizen on WhatsApp, where there are no topics."""

    whatsapp: WhatsAppSandbox
    person: str

    def say(self, text: str, spot: Spot) -> None:
        """See `Hand`."""
        self.whatsapp.say(self.person, text, reply_to=spot.reply_to or None)

    def press(self, message: str, data: str) -> None:
        """See `Hand`."""
        self.whatsapp.press(self.person, message, data)

    def send(self, files: list[File], spot: Spot, caption: str) -> None:  # noqa: ARG002  nothing is quoted
        """See `Hand`; there are no albums for a business."""
        for number, file in enumerate(files):
            said = caption if number == 0 and caption else None
            if file.mime in {"image/jpeg", "image/png"}:
                self.whatsapp.send_image(self.person, file.data, file.mime, said)
            elif file.mime.startswith("audio/"):
                self.whatsapp.send_audio(self.person, file.data, file.mime, voice=file.mime.startswith("audio/ogg"))
            else:
                self.whatsapp.send_document(self.person, file.data, file.mime, said, file.name)

    def send_location(self, spot: Spot) -> None:  # noqa: ARG002  a place has no thread there
        """See `Hand`."""
        self.whatsapp.send_location(self.person, *PIN)

    def edit(self, message: str, text: str) -> None:
        """See `Hand`."""
        self._own(message)
        self.whatsapp.edit(self.person, message, text)

    def delete(self, message: str) -> None:
        """See `Hand`."""
        self._own(message)
        self.whatsapp.revoke(self.person, message)

    def _own(self, message: str) -> None:
        found = self.whatsapp.message(message)
        if found.direction != "in" or found.person != self.person or found.revoked:
            raise ValueError("only one's own standing messages can be changed")
