"""Owns who may do what where, in the bot's eyes: chats, threads, replies; refuses to change anything."""

from __future__ import annotations

from typing import Any

from chatbot.sandbox.telegram_errors import bad_request, forbidden, migrated, not_enough_rights
from chatbot.sandbox.telegram_params import Params
from chatbot.sandbox.telegram_state import Chat, Member, Message, Topic, World

_GENERAL_TOPIC = 1


def open_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat a call names, if the bot can reach it.

    Raises:
        ApiError: 400 unknown or migrated, 403 blocked, never started, left or thrown out.
    """
    raw = params.text(name)
    if not raw:
        raise bad_request(f"{name} is empty")
    try:
        chat = world.chats.get(int(raw))
    except ValueError:
        chat = None
    if chat is None:
        raise bad_request("chat not found")
    if chat.type == "private":
        _check_person(world, chat)
    else:
        _check_group(world, chat)
    return chat


def _check_person(world: World, chat: Chat) -> None:
    person = world.people[chat.id]
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if person.started:
        return
    groups = (other for other in world.chats.values() if person.id in other.members and world.bot_in(other).present)
    if next(groups, None) is None:
        # A person the bot has never met has no address for it at all.
        raise bad_request("chat not found")
    raise forbidden("bot can't initiate conversation with a user")


def _check_group(world: World, chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    member = world.bot_in(chat)
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if not member.present:
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def check_may_send(world: World, chat: Chat, what: str = "text messages") -> None:
    """Refuse a restricted bot.

    Raises:
        ApiError: 400 "not enough rights to send ...".
    """
    member = world.bot_in(chat) if chat.type != "private" else Member("member")
    if member.status == "restricted" and not member.rights.get("can_send_messages", False):
        raise not_enough_rights(f"send {what} to the chat")


def open_thread(world: World, chat: Chat, params: Params) -> int | None:
    """The topic a message is sent to, or None for none.

    Raises:
        ApiError: 400 "message thread not found", also for General's id 1, or TOPIC_CLOSED.
    """
    thread_id = params.integer("message_thread_id")
    if not thread_id or (chat.type != "private" and not chat.forum):
        # Outside forums and private chats the server overlooks the parameter.
        return None
    topic = chat.topics.get(thread_id)
    if thread_id == _GENERAL_TOPIC or topic is None or topic.deleted:
        raise bad_request("message thread not found")
    _check_open(world, chat, topic)
    return thread_id


def _check_open(world: World, chat: Chat, topic: Topic) -> None:
    if topic.closed and not world.bot_in(chat).admin:
        raise bad_request("TOPIC_CLOSED")


def open_reply(world: World, chat: Chat, params: Params) -> Message | None:
    """The message a new one answers, or None.

    Reads ``reply_parameters`` and the older ``reply_to_message_id`` with ``allow_sending_without_reply``.

    Raises:
        ApiError: 400 "message to be replied not found" unless sending without it is allowed.
    """
    given: Any = params.json("reply_parameters", "reply parameters")
    if given is None:
        message_id: Any = params.integer("reply_to_message_id")
        given = {"allow_sending_without_reply": params.boolean("allow_sending_without_reply")}
    elif not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    else:
        message_id = given.get("message_id", 0)
        if isinstance(message_id, str) and message_id.isdigit():
            message_id = int(message_id)
    if not message_id:
        return None
    where = chat.id
    if given.get("chat_id") not in (None, ""):
        where = open_chat(world, Params({"chat_id": str(given["chat_id"])})).id
    found = world.standing(where, message_id) if isinstance(message_id, int) else None
    if found is not None:
        return found
    if given.get("allow_sending_without_reply") in (True, "true"):
        return None
    raise bad_request("message to be replied not found")


def open_message(world: World, chat: Chat, params: Params, purpose: str, name: str = "message_id") -> Message:
    """A standing message of a chat.

    Args:
        world: where it stands.
        chat: its chat.
        params: the call's parameters.
        purpose: what for, in the words of the error: "edit", "delete", "copy" ...
        name: the parameter with its id.

    Raises:
        ApiError: 400 "message identifier is not specified" or "message to <purpose> not found".
    """
    if not params.text(name):
        raise bad_request("message identifier is not specified")
    found = world.standing(chat.id, params.integer(name))
    if found is None:
        raise bad_request(f"message to {purpose} not found")
    return found


def open_forum(world: World, chat: Chat, deed: str, *, topic: Topic | None = None) -> None:
    """Check that the bot may manage topics here.

    Raises:
        ApiError: 400 for no supergroup, no forum, or without can_manage_topics (its own topic needs none).
    """
    if chat.type == "private":
        raise bad_request("the chat is not a supergroup")
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if topic is not None and topic.creator_id == world.bot.id:
        return
    if not world.bot_in(chat).may("can_manage_topics"):
        raise not_enough_rights(deed)
