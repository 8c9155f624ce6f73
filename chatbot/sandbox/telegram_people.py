"""Owns what people do on their phones: writing, sending, pressing, editing; refuses to speak for the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatbot.sandbox.telegram_media import media_json
from chatbot.sandbox.telegram_render import ANONYMOUS_ADMIN, chat_json, message_json, user_json
from chatbot.sandbox.telegram_state import Chat, Json, Member, Message, Person, World
from chatbot.sandbox.telegram_text import found_entities
from chatbot.sandbox.telegram_updates import UpdateQueue

_COMMAND_LENGTH = 64


class People:
    """Everything a person can do, each deed with the update it causes.

    A deed that Telegram would not let a person do raises ValueError: it is a mistake of the test.

    Args:
        world: where they live.
        updates: where their deeds are reported to the bot.
    """

    def __init__(self, world: World, updates: UpdateQueue) -> None:
        self.world = world
        self.updates = updates

    def add_user(
        self, user_id: int, first_name: str, *, username: str | None = None, language_code: str | None = "id"
    ) -> None:
        """Let a person exist; the bot may write to them once they have written to it."""
        self.world.people[user_id] = Person(user_id, first_name, username, language_code)
        self.world.chats[user_id] = Chat(user_id, "private")

    def say(
        self,
        user_id: int,
        text: str,
        *,
        chat_id: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Write ``text``, privately to the bot unless ``chat_id`` names a group; returns the Message."""
        content: Json = {"text": text.strip()}
        entities = found_entities(content["text"])
        if entities:
            content["entities"] = entities
        return self._send(user_id, content, chat_id=chat_id, thread=thread, reply_to=reply_to)

    def send_photo(self, user_id: int, data: bytes, **place: Any) -> Json:
        """Send a picture; ``place`` is caption, chat_id, thread, reply_to as for the others."""
        return self._send(user_id, {"photo": self.world.store_photo(data, strict=False)}, **place)

    def send_video(self, user_id: int, data: bytes, *, size: int | None = None, **place: Any) -> Json:
        """Send a video; ``size`` claims another size in bytes."""
        stored = self.world.store_file("video", data, name="video.mp4", mime="video/mp4", size=size)
        return self._send(user_id, {"video": media_json(stored)}, **place)

    def send_voice(self, user_id: int, data: bytes, **place: Any) -> Json:
        """Send a voice note."""
        stored = self.world.store_file("voice", data, mime="audio/ogg")
        return self._send(user_id, {"voice": media_json(stored)}, **place)

    def send_audio(self, user_id: int, data: bytes, *, file_name: str = "audio.mp3", **place: Any) -> Json:
        """Send a piece of audio."""
        stored = self.world.store_file("audio", data, name=file_name, mime="audio/mpeg")
        return self._send(user_id, {"audio": media_json(stored)}, **place)

    def send_document(
        self,
        user_id: int,
        data: bytes,
        *,
        file_name: str = "document.pdf",
        mime: str = "",
        size: int | None = None,
        **place: Any,
    ) -> Json:
        """Send a file as it is; ``size`` claims another size in bytes, to go past the bot's limit."""
        stored = self.world.store_file("document", data, name=file_name, mime=mime, size=size)
        return self._send(user_id, {"document": media_json(stored)}, **place)

    def send_sticker(
        self, user_id: int, data: bytes = b"RIFF", *, emoji: str = "\N{THUMBS UP SIGN}", **place: Any
    ) -> Json:
        """Send a sticker."""
        stored = self.world.store_file("sticker", data, name="sticker.webp", mime="image/webp")
        sticker = {name: value for name, value in media_json(stored).items() if name != "mime_type"} | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._send(user_id, {"sticker": sticker}, **place)

    def send_location(self, user_id: int, latitude: float, longitude: float, **place: Any) -> Json:
        """Send a point on the map; anyone can choose any."""
        return self._send(user_id, {"location": {"latitude": latitude, "longitude": longitude}}, **place)

    def send_contact(
        self, user_id: int, phone_number: str, *, first_name: str = "", contact_user_id: int | None = None, **place: Any
    ) -> Json:
        """Send a contact card, one's own unless ``contact_user_id`` (0: nobody on Telegram) says otherwise."""
        contact: Json = {
            "phone_number": phone_number,
            "first_name": first_name or self.world.people[user_id].first_name,
        }
        owner = user_id if contact_user_id is None else contact_user_id
        if owner:
            contact["user_id"] = owner
        return self._send(user_id, {"contact": contact}, **place)

    def send_album(
        self, user_id: int, photos: Sequence[bytes], *, caption: str | None = None, **place: Any
    ) -> list[Json]:
        """Send several photos at once: one message and one update for each, the caption on the first."""
        group = str(self.world.serial() + 13_000_000_000_000_000)
        return [
            self._send(
                user_id,
                {"photo": self.world.store_photo(data, strict=False)},
                caption=caption if index == 0 else None,
                media_group_id=group,
                **place,
            )
            for index, data in enumerate(photos)
        ]

    def _send(
        self,
        user_id: int,
        content: Json,
        *,
        caption: str | None = None,
        chat_id: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
        media_group_id: str | None = None,
    ) -> Json:
        chat = self._enter(user_id, chat_id, thread, reply_to)
        if caption:
            content = {**content, "caption": caption}
            entities = found_entities(caption)
            if entities:
                content["caption_entities"] = entities
        if reply_to is not None and thread is None:
            replied = self.world.standing(chat.id, reply_to)
            thread = replied.thread_id if replied else None
        message = self.world.post(
            chat, user_id, content, thread_id=thread, reply_to=reply_to, media_group_id=media_group_id
        )
        return self.report(message)

    def _enter(self, user_id: int, chat_id: int | None, thread: int | None, reply_to: int | None) -> Chat:
        person, chat = self.world.people[user_id], self.world.chats[user_id if chat_id is None else chat_id]
        if chat.type == "private":
            if person.blocked:
                raise ValueError("a person who blocked the bot has to unblock it first")
            person.started = True
        elif not (member := chat.members.get(user_id, Member("left"))).present:
            raise ValueError("not a member of this group")
        elif thread is not None:
            topic = chat.topics.get(thread)
            if topic is None or topic.deleted or (topic.closed and not member.admin):
                raise ValueError("this topic cannot be written to")
        if chat.migrated_to is not None:
            raise ValueError("this group has become a supergroup")
        if reply_to is not None and self.world.standing(chat.id, reply_to) is None:
            raise ValueError("the message to answer is not there")
        return chat

    def report(self, message: Message, kind: str = "message") -> Json:
        """Tell the bot about a message, where it may see it; returns the Message."""
        chat = self.world.chats[message.chat_id]
        wire = message_json(self.world, message)
        if chat.type == "private" or self._bot_sees(chat, message):
            self.updates.add(kind, wire, lane=chat.id)
        return wire

    def _bot_sees(self, chat: Chat, message: Message) -> bool:
        bot = self.world.bot_in(chat)
        if not bot.present:
            return False
        if bot.admin or not self.world.privacy or message.service:
            return True
        replied = self.world.standing(chat.id, message.reply_to) if message.reply_to else None
        if replied is not None and replied.sender_id == self.world.bot.id:
            return True
        first = message.content.get("text", "").split(maxsplit=1)[:1]
        command, _, name = first[0].partition("@") if first else ("", "", "")
        return command.startswith("/") and len(command) <= _COMMAND_LENGTH and name in {"", self.world.bot.username}

    def anonymous_admin_says(
        self, chat_id: int, text: str, *, thread: int | None = None, reply_to: int | None = None
    ) -> Json:
        """Write as an administrator who hides behind the group."""
        content: Json = {"text": text}
        entities = found_entities(text)
        if entities:
            content["entities"] = entities
        return self.report(
            self.world.post(
                self.world.chats[chat_id],
                ANONYMOUS_ADMIN,
                content,
                thread_id=thread,
                reply_to=reply_to,
                sender_chat_id=chat_id,
            )
        )

    def edit(self, user_id: int, chat_id: int, message_id: int, text: str) -> Json:
        """Change the text, or the caption, of one's own message; returns the Message."""
        message = self.world.standing(chat_id, message_id)
        if message is None or message.sender_id != user_id:
            raise ValueError("only one's own standing messages can be edited")
        field = "text" if "text" in message.content else "caption"
        message.content = {**message.content, field: text}
        message.content.pop("entities" if field == "text" else "caption_entities", None)
        entities = found_entities(text)
        if entities:
            message.content["entities" if field == "text" else "caption_entities"] = entities
        message.edit_date = self.world.now()
        self.world.bell.ring()
        return self.report(message, "edited_message")

    def delete(self, user_id: int, chat_id: int, message_id: int) -> None:
        """Delete one's own message for everyone; Telegram sends no update for it."""
        message = self.world.standing(chat_id, message_id)
        if message is None or message.sender_id != user_id:
            raise ValueError("only one's own standing messages can be deleted")
        message.deleted = True
        self.world.bell.ring()

    def react(self, user_id: int, chat_id: int, message_id: int, emoji: str | None) -> int | None:
        """Put an emoji under a message, or take it back with None; returns the update_id if the bot asked for it."""
        message = self.world.messages[chat_id, message_id]
        old = message.reactions.get(user_id, [])
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        message.reactions[user_id] = new
        self.world.bell.ring()
        chat = self.world.chats[chat_id]
        if chat.type != "private" and not self.world.bot_in(chat).admin:
            return None
        payload = {
            "chat": chat_json(self.world, chat),
            "message_id": message_id,
            "user": user_json(self.world, user_id),
            "date": self.world.now(),
            "old_reaction": old,
            "new_reaction": new,
        }
        return self.updates.add("message_reaction", payload, lane=chat_id)

    def press(self, user_id: int, chat_id: int, message_id: int, data: str) -> str:
        """Press an inline button; returns the id of the callback query.

        A changed client can send any ``data``, so it need not stand on a button.
        """
        query_id = str(4_000_000_000_000_000_000 + self.world.serial())
        message = self.world.standing(chat_id, message_id)
        chat = self.world.chats[chat_id]
        shown: Json = {"chat": chat_json(self.world, chat), "message_id": message_id, "date": 0}
        if message is not None:
            shown = message_json(self.world, message)
        self.world.presses[query_id] = {"date": self.world.now(), "user_id": user_id, "chat_id": chat_id, "data": data}
        payload = {
            "id": query_id,
            "from": user_json(self.world, user_id),
            "message": shown,
            "chat_instance": str(-5_000_000_000_000_000_000 + chat_id),
            "data": data,
        }
        self.updates.add("callback_query", payload, lane=user_id)
        return query_id
