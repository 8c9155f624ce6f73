"""Owns the methods that put text, places and copies into a chat; refuses files (see `telegram_media`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from chatbot.sandbox.telegram_access import check_may_send, open_chat, open_message, open_reply, open_thread
from chatbot.sandbox.telegram_errors import bad_request
from chatbot.sandbox.telegram_markup import Markup, read_markup
from chatbot.sandbox.telegram_params import Params
from chatbot.sandbox.telegram_render import message_json, user_json
from chatbot.sandbox.telegram_state import Chat, Json, Message, World
from chatbot.sandbox.telegram_text import Formatted, read_text, utf16

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_COPIES = 100
_PREVIEW_FIELDS = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")


@dataclass(frozen=True)
class Target:
    """Where a new message goes, checked."""

    chat: Chat
    thread_id: int | None
    reply: Message | None
    markup: Markup
    protected: bool


def open_target(world: World, params: Params, what: str = "text messages") -> Target:
    """Check everything a sending method has in common, in the server's order.

    Raises:
        ApiError: for the chat, the topic, the message replied to or the keyboard.
    """
    private = params.text("chat_id").isdigit()
    markup = read_markup(params, private=private)
    chat = open_chat(world, params)
    check_may_send(world, chat, what)
    thread_id = open_thread(world, chat, params)
    reply = open_reply(world, chat, params)
    if thread_id is None and reply is not None and reply.chat_id == chat.id:
        # Without a topic of its own a message follows the one it answers.
        thread_id = reply.thread_id
    return Target(chat, thread_id, reply, markup, params.boolean("protect_content"))


def deliver(world: World, target: Target, content: Json, **more: Any) -> Message:
    """Post the bot's message; the bot gets no update for it."""
    reply = target.reply
    same_place = reply is not None and reply.chat_id == target.chat.id
    return world.post(
        target.chat,
        world.bot.id,
        content,
        thread_id=target.thread_id,
        reply_to=reply.message_id if reply is not None and same_place else None,
        inline=target.markup.inline,
        keyboard=target.markup.keyboard,
        protected=target.protected,
        **more,
    )


def entities_json(world: World, formatted: Formatted) -> list[Json]:
    """Entities in wire form; mentions of people the server does not know are dropped."""
    wire = []
    for entity in formatted.entities:
        if entity["type"] != "text_mention":
            wire.append(entity)
        elif entity.get("user_id") in world.people:
            known = {name: value for name, value in entity.items() if name != "user_id"}
            wire.append({**known, "user": user_json(world, entity["user_id"])})
    return wire


def text_content(world: World, params: Params) -> Json:
    """``text`` and ``entities`` of a call, with the link preview options it gave.

    Raises:
        ApiError: 400 empty, too long, or markup that cannot be parsed.
    """
    if not params.text("text"):
        raise bad_request("message text is empty")
    formatted = read_text(params.text("text"), params.text("parse_mode"), params.text("entities"))
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": formatted.text}
    entities = entities_json(world, formatted)
    if entities:
        content["entities"] = entities
    preview = params.json("link_preview_options", "link preview options")
    if preview is not None:
        if not isinstance(preview, dict):
            raise bad_request("object expected as link preview options")
        content["link_preview_options"] = {name: preview[name] for name in _PREVIEW_FIELDS if name in preview}
    return content


def caption_content(world: World, params: Params) -> Json:
    """``caption`` and ``caption_entities`` of a call; empty without one.

    Raises:
        ApiError: 400 too long, or markup that cannot be parsed.
    """
    if not params.text("caption"):
        return {}
    formatted = read_text(params.text("caption"), params.text("parse_mode"), params.text("caption_entities"))
    if utf16(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": formatted.text} if formatted.text else {}
    entities = entities_json(world, formatted)
    if entities:
        content["caption_entities"] = entities
    return content


def send_message(world: World, params: Params) -> Json:
    """Answer sendMessage."""
    content = text_content(world, params)
    return message_json(world, deliver(world, open_target(world, params), content))


def send_location(world: World, params: Params) -> Json:
    """Answer sendLocation."""
    place = {
        "latitude": params.number("latitude", low=-90, high=90),
        "longitude": params.number("longitude", low=-180, high=180),
    }
    return message_json(world, deliver(world, open_target(world, params), {"location": place}))


def _open_source(world: World, params: Params, purpose: str) -> Message:
    source = open_chat(world, params, "from_chat_id")
    return open_message(world, source, params, purpose)


def _copied(content: Json, params: Params, caption: Json) -> Json:
    """The content a copy carries: a new caption replaces the old one, an empty one removes it."""
    if "text" in content or ("caption" not in params.values and not params.boolean("remove_caption")):
        return dict(content)
    return {name: value for name, value in content.items() if not name.startswith("caption")} | caption


def copy_message(world: World, params: Params) -> Json:
    """Answer copyMessage: no link to the original."""
    original = _open_source(world, params, "copy")
    if original.service:
        raise bad_request("message can't be copied")
    caption = caption_content(world, params)
    target = open_target(world, params)
    return {"message_id": deliver(world, target, _copied(original.content, params, caption)).message_id}


def copy_messages(world: World, params: Params) -> list[Json]:
    """Answer copyMessages: what cannot be copied is passed over without a word; albums stay together."""
    wanted = params.json("message_ids", "message identifiers")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > _MAX_COPIES:
        raise bad_request("too many message identifiers specified")
    ids = [int(item) if isinstance(item, int) or str(item).isdigit() else 0 for item in wanted]
    if any(after <= before for before, after in pairwise(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = open_chat(world, params, "from_chat_id")
    target = open_target(world, params)
    originals = [found for found in (world.standing(source.id, item) for item in ids) if found and not found.service]
    if not originals:
        raise bad_request("there are no messages to forward")
    albums: dict[str, str] = {}
    copies = []
    for original in originals:
        album = original.media_group_id
        if album is not None:
            album = albums.setdefault(album, str(world.serial() + 13_000_000_000_000_000))
        content = _copied(original.content, params, {})
        copies.append({"message_id": deliver(world, target, content, media_group_id=album).message_id})
    return copies


def forward_message(world: World, params: Params) -> Json:
    """Answer forwardMessage: shows who wrote the original."""
    original = _open_source(world, params, "forward")
    if original.service or original.protected:
        raise bad_request("message can't be forwarded")
    origin = original.origin or {
        "type": "user",
        "sender_user": user_json(world, original.sender_id),
        "date": original.date,
    }
    target = open_target(world, params)
    return message_json(world, deliver(world, target, dict(original.content), origin=origin))


METHODS: Mapping[str, Any] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
}
