"""Owns the wire form of people, chats, members and messages; refuses to change any of them."""

from __future__ import annotations

from chatbot.sandbox.telegram_state import BOT_RIGHTS, Chat, Json, Member, Message, Person, World

ANONYMOUS_ADMIN = 1087968824
_GROUP_BOT: Json = {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def person_json(person: Person) -> Json:
    """A ``User``."""
    wire: Json = {"id": person.id, "is_bot": person.is_bot, "first_name": person.first_name}
    if person.username:
        wire["username"] = person.username
    if person.language_code and not person.is_bot:
        wire["language_code"] = person.language_code
    return wire


def user_json(world: World, user_id: int) -> Json:
    """A ``User`` by id; the anonymous administrator's stand-in is known to everyone."""
    return dict(_GROUP_BOT) if user_id == ANONYMOUS_ADMIN else person_json(world.people[user_id])


def chat_json(world: World, chat: Chat) -> Json:
    """A ``Chat`` as messages carry it."""
    if chat.type == "private":
        person = world.people[chat.id]
        wire: Json = {"id": chat.id, "first_name": person.first_name}
        if person.username:
            wire["username"] = person.username
        return {**wire, "type": "private"}
    wire = {"id": chat.id, "title": chat.title}
    if chat.forum:
        wire["is_forum"] = True
    wire["type"] = chat.type
    if chat.type == "group":
        wire["all_members_are_administrators"] = False
    return wire


def full_chat_json(world: World, chat: Chat) -> Json:
    """A ``ChatFullInfo`` as getChat answers."""
    wire = {**chat_json(world, chat), "accent_color_id": 0, "max_reaction_count": 11}
    wire["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    if chat.type != "private":
        wire["permissions"] = {**dict.fromkeys(_PERMISSIONS, True), "can_change_info": False}
    pinned = world.standing(chat.id, chat.pinned) if chat.pinned else None
    if pinned:
        wire["pinned_message"] = message_json(world, pinned)
    return wire


def member_json(world: World, user_id: int, member: Member) -> Json:
    """A ``ChatMember``; the fields depend on the status."""
    wire: Json = {"user": user_json(world, user_id), "status": member.status}
    if member.status == "creator":
        wire["is_anonymous"] = member.rights.get("is_anonymous", False)
    elif member.status == "administrator":
        rights = {**dict.fromkeys(BOT_RIGHTS, False), **member.rights}
        wire |= {"can_be_edited": False, **rights, "can_manage_voice_chats": rights["can_manage_video_chats"]}
    elif member.status == "restricted":
        wire |= {"until_date": 0, **dict.fromkeys(_PERMISSIONS, False), "is_member": True, **member.rights}
    elif member.status == "kicked":
        wire["until_date"] = 0
    return wire


def message_json(world: World, message: Message, *, embed: bool = True) -> Json:
    """A ``Message``.

    Args:
        world: where it stands.
        message: what to show.
        embed: whether the message it replies to is shown inside; only one level ever is.
    """
    chat = world.chats[message.chat_id]
    wire: Json = {"message_id": message.message_id, "from": user_json(world, message.sender_id)}
    if message.sender_chat_id is not None:
        wire["sender_chat"] = chat_json(world, world.chats[message.sender_chat_id])
    wire |= {"chat": chat_json(world, chat), "date": message.date}
    if message.edit_date is not None:
        wire["edit_date"] = message.edit_date
    wire |= _place(message)
    if message.origin is not None:
        wire |= {"forward_origin": message.origin, "forward_date": message.origin["date"]}
        if "sender_user" in message.origin:
            wire["forward_from"] = message.origin["sender_user"]
    replied = _replied(world, message) if embed else None
    if replied is not None:
        wire["reply_to_message"] = message_json(world, replied, embed=False)
    if message.media_group_id is not None:
        wire["media_group_id"] = message.media_group_id
    wire |= message.content
    if message.inline and message.inline["inline_keyboard"]:
        wire["reply_markup"] = message.inline
    if message.protected:
        wire["has_protected_content"] = True
    return wire


def _place(message: Message) -> Json:
    if message.thread_id is not None:
        return {"message_thread_id": message.thread_id, "is_topic_message": True}
    if message.reply_to is not None and str(message.chat_id).startswith("-100"):
        # A reply outside topics names its reply chain here, which is no topic; only is_topic_message tells.
        return {"message_thread_id": message.reply_to}
    return {}


def _replied(world: World, message: Message) -> Message | None:
    # Inside a topic a message that answers nothing comes as an answer to the one that announced the topic.
    target = message.reply_to if message.reply_to is not None else message.thread_id
    if target is None or target == message.message_id:
        return None
    return world.standing(message.chat_id, target)


def shown(world: World, message: Message) -> Json:
    """A message as a phone shows it: the wire form with what the Bot API leaves out.

    Adds ``deleted`` (bool), ``reactions`` (user id to emoji list) and ``keyboard`` (the reply keyboard sent
    along, or None).
    """
    return {
        **message_json(world, message),
        "deleted": message.deleted,
        "reactions": {
            user: [reaction.get("emoji") for reaction in given] for user, given in message.reactions.items() if given
        },
        "keyboard": message.keyboard,
    }
