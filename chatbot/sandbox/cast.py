"""Owns the demo's people and what their fingers can do: write, press, send a photo, send a place.

Refuses to press what is not shown: a button comes from an entry of the feed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageDraw

from chatbot.sandbox.feed import BOT, GROUP, WHATSAPP, Button, Entry, Feed
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import WhatsAppSandbox

PIN = (-6.200000, 106.816666)  # latitude and longitude of a made-up incident, degrees


def photo() -> bytes:
    """A small JPEG: a road, and something on it."""
    picture = Image.new("RGB", (480, 320), "#9fb7c9")
    draw = ImageDraw.Draw(picture)
    draw.polygon(((160, 320), (220, 140), (260, 140), (320, 320)), fill="#5b5b5b")
    draw.rectangle((220, 200, 262, 250), fill="#a33a2c")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


class Phone(Protocol):
    """A person with a phone, whatever runs on it. Deeds that the platform forbids raise ValueError."""

    @property
    def place(self) -> str:
        """Where in the feed this person reads."""

    def say(self, text: str) -> None:
        """Write."""

    def press(self, entry: Entry, button: Button) -> None:
        """Press a button under an entry."""

    def send_photo(self) -> None:
        """Send the photo."""

    def send_location(self) -> None:
        """Send the place."""


@dataclass(frozen=True, slots=True)
class TelegramPhone:
    """A citizen on Telegram."""

    telegram: TelegramSandbox
    feed: Feed
    user: int
    author: str
    place: str

    def say(self, text: str) -> None:
        """Write to the bot."""
        self.telegram.say(self.user, text)

    def press(self, entry: Entry, button: Button) -> None:
        """Press a button, or send the place where that is what it does."""
        if not button.payload:
            self.send_location()
            return
        self.feed.add(Entry(self.place, self.author, "press", button.label))
        self.telegram.press(self.user, self.user, int(entry.message_id), button.payload)

    def send_photo(self) -> None:
        """Send the photo."""
        self.telegram.send_photo(self.user, photo())

    def send_location(self) -> None:
        """Send the place."""
        self.telegram.send_location(self.user, *PIN)


@dataclass(frozen=True, slots=True)
class WhatsAppPhone:
    """A citizen on WhatsApp."""

    whatsapp: WhatsAppSandbox
    person: str
    place: str = WHATSAPP

    def say(self, text: str) -> None:
        """Write to the account."""
        self.whatsapp.say(self.person, text)

    def press(self, entry: Entry, button: Button) -> None:
        """Press a button or choose a row, or send the place where that is what it does."""
        if not button.payload:
            self.send_location()
            return
        self.whatsapp.press(self.person, entry.message_id, button.payload)

    def send_photo(self) -> None:
        """Send the photo."""
        self.whatsapp.send_image(self.person, photo())

    def send_location(self) -> None:
        """Send the place."""
        self.whatsapp.send_location(self.person, *PIN)


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer in the group, who writes in the topic of the latest ticket."""

    telegram: TelegramSandbox
    feed: Feed
    group: int
    user: int
    author: str
    place: str = GROUP

    @property
    def thread(self) -> int | None:
        """The latest topic; none before the first ticket."""
        return max((topic.thread_id for topic in self.telegram.topics(self.group) if not topic.deleted), default=None)

    def say(self, text: str) -> None:
        """Write in the topic."""
        self.telegram.say(self.user, text, chat_id=self.group, thread=self.thread)

    def press(self, entry: Entry, button: Button) -> None:
        """Press a button in the group."""
        self.feed.add(Entry(GROUP, self.author, "press", button.label, thread=entry.thread, topic=entry.topic))
        self.telegram.press(self.user, self.group, int(entry.message_id), button.payload)

    def send_photo(self) -> None:
        """Send the photo into the topic."""
        self.telegram.send_photo(self.user, photo(), chat_id=self.group, thread=self.thread)

    def send_location(self) -> None:
        """Send the place into the topic."""
        self.telegram.send_location(self.user, *PIN, chat_id=self.group, thread=self.thread)


def latest_buttons(feed: Feed, place: str) -> Entry | None:
    """The bot's latest message with something to press in a place; None if there is none."""
    found = (entry for entry in reversed(feed.entries) if entry.place == place and entry.author == BOT)
    return next((entry for entry in found if entry.buttons), None)
