"""Owns the methods about chats, members, forum topics and the bot's own profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatbot.sandbox.telegram_access import open_chat, open_forum
from chatbot.sandbox.telegram_errors import bad_request, not_enough_rights
from chatbot.sandbox.telegram_params import Params
from chatbot.sandbox.telegram_render import full_chat_json, member_json, person_json
from chatbot.sandbox.telegram_state import Chat, Json, Member, Message, Topic, World

ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
_MAX_TOPIC_NAME = 128
_MAX_COMMANDS = 100
_MAX_COMMAND_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
    | {"chat", "chat_administrators", "chat_member"}
)


def get_me(world: World, _: Params) -> Json:
    """Answer getMe."""
    return {
        **person_json(world.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, params: Params) -> Json:
    """Answer getChat."""
    return full_chat_json(world, open_chat(world, params))


def get_chat_member(world: World, params: Params) -> Json:
    """Answer getChatMember: others than itself are only told to an administrator."""
    chat = open_chat(world, params)
    user_id = params.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    if chat.type == "private":
        if user_id not in {chat.id, world.bot.id}:
            raise bad_request("PARTICIPANT_ID_INVALID")
        return member_json(world, user_id, Member("member"))
    if user_id not in world.people:
        raise bad_request("user not found")
    if user_id != world.bot.id and not world.bot_in(chat).admin:
        raise bad_request("member list is inaccessible")
    return member_json(world, user_id, chat.members.get(user_id, Member("left")))


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """Answer getChatAdministrators: other bots are left out."""
    chat = open_chat(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(world, user_id, member)
        for user_id, member in chat.members.items()
        if member.admin and (user_id == world.bot.id or not world.people[user_id].is_bot)
    ]


def leave_chat(world: World, params: Params) -> bool:
    """Answer leaveChat."""
    chat = open_chat(world, params)
    if chat.type == "private":
        raise bad_request("chat is not a group or channel")
    chat.members[world.bot.id] = Member("left")
    world.bell.ring()
    return True


def announce_topic(world: World, chat: Chat, sender_id: int, name: str, icon_color: int) -> Topic:
    """Create a topic: the service message that announces it gives it its id."""
    content: Json = {"forum_topic_created": {"name": name, "icon_color": icon_color}}
    message = world.post(chat, sender_id, content, service=True)
    message.thread_id = message.message_id
    topic = Topic(message.message_id, name, icon_color, sender_id)
    chat.topics[topic.thread_id] = topic
    return topic


def switch_topic(world: World, chat: Chat, topic: Topic, sender_id: int, *, closed: bool) -> Message:
    """Close or reopen a topic, with the service message it leaves behind."""
    topic.closed = closed
    content: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    return world.post(chat, sender_id, content, thread_id=topic.thread_id, service=True)


def _topic_name(raw: str) -> str:
    name = raw.strip()
    if len(name) > _MAX_TOPIC_NAME:
        # The documented limit; the real server cuts the name off without a word.
        raise bad_request("TOPIC_TITLE_INVALID")
    return name


def create_forum_topic(world: World, params: Params) -> Json:
    """Answer createForumTopic: every call makes one more topic."""
    chat = open_chat(world, params)
    open_forum(world, chat, "create a topic")
    name = _topic_name(params.text("name"))
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    color = params.integer("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad_request("invalid forum topic icon color specified")
    topic = announce_topic(world, chat, world.bot.id, name, color)
    return {"message_thread_id": topic.thread_id, "name": topic.name, "icon_color": topic.icon_color}


def _open_topic(world: World, params: Params, deed: str) -> tuple[Chat, Topic]:
    chat = open_chat(world, params)
    topic = chat.topics.get(params.integer("message_thread_id"))
    open_forum(world, chat, deed, topic=topic)
    if topic is None or topic.deleted:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


def edit_forum_topic(world: World, params: Params) -> bool:
    """Answer editForumTopic: an empty name keeps the old one."""
    chat, topic = _open_topic(world, params, "edit the topic")
    name = _topic_name(params.text("name")) or topic.name
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    content: Json = {"forum_topic_edited": {"name": name}}
    world.post(chat, world.bot.id, content, thread_id=topic.thread_id, service=True)
    return True


def close_forum_topic(world: World, params: Params) -> bool:
    """Answer closeForumTopic."""
    chat, topic = _open_topic(world, params, "close the topic")
    if topic.closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    switch_topic(world, chat, topic, world.bot.id, closed=True)
    return True


def reopen_forum_topic(world: World, params: Params) -> bool:
    """Answer reopenForumTopic."""
    chat, topic = _open_topic(world, params, "reopen the topic")
    if not topic.closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    switch_topic(world, chat, topic, world.bot.id, closed=False)
    return True


def _command_place(world: World, params: Params) -> tuple[str, str]:
    scope = params.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind in {"chat", "chat_administrators", "chat_member"}:
        chat = open_chat(world, Params({"chat_id": str(scope.get("chat_id", ""))}))
        if kind == "chat_administrators" and chat.type == "private":
            raise not_enough_rights("set commands there")
        kind = f"{kind}:{chat.id}:{scope.get('user_id', '')}"
    language = params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return kind, language


def set_my_commands(world: World, params: Params) -> bool:
    """Answer setMyCommands."""
    commands = params.json("commands", "commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    clean = []
    for given in commands:
        if not isinstance(given, dict) or not all(
            isinstance(given.get(name), str) for name in ("command", "description")
        ):
            raise bad_request("can't parse BotCommand: expected an Object")
        command = given["command"].removeprefix("/")
        if not _COMMAND.fullmatch(command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(given["description"]) <= _MAX_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        clean.append({"command": command, "description": given["description"]})
    world.commands[_command_place(world, params)] = clean
    world.bell.ring()
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """Answer getMyCommands: exactly this scope and language."""
    return world.commands.get(_command_place(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Answer deleteMyCommands."""
    world.commands.pop(_command_place(world, params), None)
    return True


METHODS: Mapping[str, Any] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
