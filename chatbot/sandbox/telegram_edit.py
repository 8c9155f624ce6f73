"""Owns the methods that change, remove or mark what already stands in a chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatbot.sandbox.telegram_access import open_chat, open_message
from chatbot.sandbox.telegram_errors import bad_request, not_enough_rights
from chatbot.sandbox.telegram_markup import read_markup
from chatbot.sandbox.telegram_params import Params
from chatbot.sandbox.telegram_render import message_json
from chatbot.sandbox.telegram_send import caption_content, text_content
from chatbot.sandbox.telegram_state import Chat, Json, Message, World

_DELETE_WINDOW = 48 * 3600
_ANSWER_WINDOW = 60
_MAX_ANSWER = 200
_CAPTIONED = ("photo", "document", "voice", "audio", "video")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_EMOJI = frozenset("👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳💯🤣⚡🏆💔🤨😐👀✍🤝🫡🆒")


def _open_own(world: World, params: Params) -> Message:
    chat = open_chat(world, params)
    message = open_message(world, chat, params, "edit")
    if message.sender_id != world.bot.id or message.service:
        raise bad_request("message can't be edited")
    return message


def _replace(world: World, message: Message, params: Params, content: Json) -> Json:
    """Put new content and keyboard in place; a keyboard left out is taken away, as on the real server."""
    markup = read_markup(params, private=message.chat_id > 0)
    if markup.keyboard is not None:
        raise bad_request("inline keyboard expected")
    if _shape(content, markup.inline) == _shape(message.content, message.inline):
        raise bad_request(_NOT_MODIFIED)
    message.content, message.inline = content, markup.inline
    message.edit_date = world.now()
    world.bell.ring()
    return message_json(world, message)


def _shape(content: Json, inline: Json | None) -> tuple[Json, list[Any]]:
    visible = {name: value for name, value in content.items() if name != "link_preview_options"}
    return visible, (inline or {}).get("inline_keyboard", [])


def edit_message_text(world: World, params: Params) -> Json:
    """Answer editMessageText."""
    content = text_content(world, params)
    message = _open_own(world, params)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _replace(world, message, params, content)


def edit_message_caption(world: World, params: Params) -> Json:
    """Answer editMessageCaption."""
    caption = caption_content(world, params)
    message = _open_own(world, params)
    if not any(kind in message.content for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return _replace(world, message, params, kept | caption)


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Answer editMessageReplyMarkup."""
    message = _open_own(world, params)
    return _replace(world, message, params, message.content)


def delete_message(world: World, params: Params) -> bool:
    """Answer deleteMessage: 48 hours; other people's in groups need can_delete_messages."""
    chat = open_chat(world, params)
    message = open_message(world, chat, params, "delete")
    may_delete = chat.type != "private" and world.bot_in(chat).may("can_delete_messages")
    if chat.type != "private" and message.sender_id != world.bot.id and not may_delete:
        raise bad_request("message can't be deleted")
    if world.now() - message.date > _DELETE_WINDOW and not may_delete:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    world.bell.ring()
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """Answer answerCallbackQuery: once for each press, and soon."""
    query_id = params.text("callback_query_id")
    press = world.presses.get(query_id)
    if press is None or query_id in world.answers or world.now() - press["date"] > _ANSWER_WINDOW:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answers[query_id] = {
        "text": params.text("text"),
        "show_alert": params.boolean("show_alert"),
        "url": params.text("url"),
    }
    world.bell.ring()
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """Answer sendChatAction."""
    chat = open_chat(world, params)
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.actions.append({"chat_id": chat.id, "action": action, "thread": params.integer("message_thread_id")})
    world.bell.ring()
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """Answer setMessageReaction: a bot sets one at most; an empty list takes it back."""
    chat = open_chat(world, params)
    message = open_message(world, chat, params, "react")
    given = params.json("reaction", "reaction types") or []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise bad_request("expected an Array of ReactionType")
    if len(given) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for item in given:
        if (
            item.get("type") != "emoji"
            or str(item.get("emoji")).removesuffix("\N{VARIATION SELECTOR-16}") not in _EMOJI
        ):
            raise bad_request("REACTION_INVALID")
    message.reactions[world.bot.id] = given
    world.bell.ring()
    return True


def pin_chat_message(world: World, params: Params) -> bool:
    """Answer pinChatMessage."""
    chat = open_chat(world, params)
    _check_may_pin(world, chat)
    chat.pinned = open_message(world, chat, params, "pin").message_id
    world.bell.ring()
    return True


def _check_may_pin(world: World, chat: Chat) -> None:
    if chat.type != "private" and not world.bot_in(chat).may("can_pin_messages"):
        raise not_enough_rights("manage pinned messages in the chat")


METHODS: Mapping[str, Any] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
}
