"""Owns what exists on the sandbox's Telegram: people, chats, topics, messages, files; refuses the wire's formats."""

from __future__ import annotations

import asyncio
import io
import mimetypes
import warnings
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from pathlib import PurePath
from typing import Any

from PIL import Image, UnidentifiedImageError

Json = dict[str, Any]
Clock = Callable[[], datetime]

BOT_RIGHTS: Mapping[str, bool] = {
    "can_manage_chat": True,
    "can_change_info": False,
    "can_delete_messages": True,
    "can_invite_users": True,
    "can_restrict_members": False,
    "can_pin_messages": True,
    "can_manage_topics": True,
    "can_promote_members": False,
    "can_manage_video_chats": False,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_manage_tags": False,
    "is_anonymous": False,
}
PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
_FOLDERS = {"photo": "photos", "document": "documents", "audio": "music", "video": "videos", "sticker": "stickers"}
_THUMBNAIL_SIDES = (90, 320, 800, 1280)


class Bell:
    """Wakes everyone who waits for a change of the world."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something changed."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def wait(self) -> Coroutine[Any, Any, bool]:
        """An awaitable that ends at the next change after this call, even if it is awaited later."""
        return self._rung.wait()


@dataclass
class Person:
    """A user; ``started`` is whether the bot may write to them, ``blocked`` whether they forbade it."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False


@dataclass
class Member:
    """One user's standing in a group."""

    status: str
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Whether the user is in the group now."""
        return self.status in PRESENT and self.rights.get("is_member", True)

    @property
    def admin(self) -> bool:
        """Whether the user is an administrator or the owner."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Whether an administrator's right is held; the owner holds all."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))


@dataclass
class Topic:
    """A forum topic; ``thread_id`` is the id of the message that announced it."""

    thread_id: int
    name: str
    icon_color: int
    creator_id: int
    closed: bool = False
    deleted: bool = False


@dataclass
class Chat:
    """A private chat (its id is the user's), a basic group or a supergroup."""

    id: int
    type: str
    title: str = ""
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    pinned: int | None = None
    own_counter: int = 0


@dataclass
class StoredFile:
    """Bytes with what the server knows about them; ``size`` may be claimed larger than the bytes."""

    file_id: str
    unique_id: str
    kind: str
    data: bytes
    size: int
    mime: str
    name: str | None
    path: str
    link_until: datetime | None = None


@dataclass
class Message:
    """A message as it stands; ``content`` holds the fields that depend on its kind."""

    chat_id: int
    message_id: int
    date: int
    sender_id: int
    content: Json
    thread_id: int | None = None
    reply_to: int | None = None
    sender_chat_id: int | None = None
    media_group_id: str | None = None
    origin: Json | None = None
    inline: Json | None = None
    keyboard: Json | None = None
    protected: bool = False
    service: bool = False
    edit_date: int | None = None
    deleted: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)


class World:
    """Everything both sides of the wire share.

    Args:
        bot_username: the bot's name, without "@".
        bot_id: the number in front of the token's colon.
        privacy: whether the bot, where it is no administrator, sees only what is meant for it.
        clock: the present moment, aware.
    """

    def __init__(self, *, bot_username: str, bot_id: int, privacy: bool, clock: Clock) -> None:
        self.bot = Person(bot_id, "Tanggap", username=bot_username, is_bot=True, started=True)
        self.people: dict[int, Person] = {bot_id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Json] = {}
        self.answers: dict[str, Json] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.actions: list[Json] = []
        self.privacy = privacy
        self.clock = clock
        self.bell = Bell()
        self._by_chat: dict[int, list[Message]] = {}
        self._counter = 0
        self._serial = 0

    def now(self) -> int:
        """Unix seconds."""
        return int(self.clock().timestamp())

    def serial(self) -> int:
        """A number never given before."""
        self._serial += 1
        return self._serial

    def next_message_id(self, chat: Chat) -> int:
        """Ids run per supergroup; private chats and basic groups share one counter of the account."""
        if chat.type == "supergroup":
            # Message 1 of a supergroup is its creation, and 1 is also the General topic's id.
            chat.own_counter = max(chat.own_counter, 1) + 1
            return chat.own_counter
        self._counter += 1
        return self._counter

    def post(self, chat: Chat, sender_id: int, content: Json, **more: Any) -> Message:
        """Put a message into a chat; ``more`` are further fields of `Message`."""
        message = Message(chat.id, self.next_message_id(chat), self.now(), sender_id, content, **more)
        self.messages[chat.id, message.message_id] = message
        self._by_chat.setdefault(chat.id, []).append(message)
        self.bell.ring()
        return message

    def standing(self, chat_id: int, message_id: int) -> Message | None:
        """A message that has not been deleted."""
        message = self.messages.get((chat_id, message_id))
        return None if message is None or message.deleted else message

    def in_chat(self, chat_id: int) -> list[Message]:
        """All messages of a chat in order, deleted ones included."""
        return list(self._by_chat.get(chat_id, ()))

    def bot_in(self, chat: Chat) -> Member:
        """The bot's own standing in a group."""
        return chat.members.get(self.bot.id, Member("left"))

    def store_file(
        self, kind: str, data: bytes, *, name: str | None = None, mime: str = "", size: int | None = None
    ) -> StoredFile:
        """Keep a file under a new id.

        Args:
            kind: the message field it belongs to: photo, document, voice ...
            data: its bytes.
            name: the sender's name for it, kept for documents only by the wire format.
            mime: its type; guessed from the name when empty.
            size: a size to claim instead of the real one, in bytes.
        """
        number = self.serial()
        guessed = mime or mimetypes.guess_type(name or "")[0] or "application/octet-stream"
        suffix = PurePath(name).suffix if name else mimetypes.guess_extension(guessed) or ""
        digest = md5(kind.encode() + data, usedforsecurity=False).hexdigest()
        stored = StoredFile(
            file_id=f"AgAC{kind[:3]}{digest}x{number}",
            unique_id=f"AQAD{digest[:12]}",
            kind=kind,
            data=data,
            size=len(data) if size is None else size,
            mime=guessed,
            name=name,
            path=f"{_FOLDERS.get(kind, kind)}/file_{number}{suffix}",
        )
        self.files[stored.file_id] = stored
        return stored

    def store_photo(self, data: bytes, *, strict: bool) -> list[Json]:
        """A photo in its several sizes, smallest first; the largest keeps the bytes given.

        Args:
            data: the picture; a phone has already compressed it.
            strict: whether bytes that are no picture are refused, as an upload by a bot is.

        Raises:
            ValueError: strict, and the bytes cannot be read as a picture.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(io.BytesIO(data)) as opened:
                    picture = opened.convert("RGB")
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
            if strict:
                raise ValueError("not a picture") from None
            picture = Image.new("RGB", (1280, 960))
        longest = max(picture.size)
        sizes = []
        for side in _THUMBNAIL_SIDES:
            if side >= longest:
                break
            small = picture.copy()
            small.thumbnail((side, side))
            buffer = io.BytesIO()
            small.save(buffer, "JPEG", quality=80)
            sizes.append(self._photo_size(buffer.getvalue(), small.size))
        sizes.append(self._photo_size(data, picture.size))
        return sizes

    def _photo_size(self, data: bytes, shape: tuple[int, int]) -> Json:
        stored = self.store_file("photo", data, name="photo.jpg", mime="image/jpeg")
        return {**file_json(stored), "width": shape[0], "height": shape[1]}


def file_json(stored: StoredFile) -> Json:
    """The three fields every kind of file carries."""
    return {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}
