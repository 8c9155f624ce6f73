"""What a Telegram update says, read from its JSON by hand: PTB's types raise on hostile or newer data.

Owns the map from Bot API fields to ``Inbound``. Refuses the network, and to decide what a message means. Field names:
Bot API 10.0, "Update" and "Message".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chatbot.channels.base import Parsed, Unparsable
from chatbot.channels.payload import (
    BrokenItemError,
    Json,
    degrees_in,
    id_in,
    load_json,
    moment,
    object_in,
    objects_in,
    text_in,
    whole_in,
)
from chatbot.core.message import Attachment, Inbound, Kind, Place

CHANNEL = "telegram"

UPDATE_KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction")
"""What is asked for; the default leaves out the last two."""

# Anonymous administrators, people who write as a channel, and posts forwarded from a linked channel share these ids.
_NOBODY = frozenset({1087968824, 136817688, 777000})

# Messages that Telegram writes into a chat on its own; nobody expects an answer to them.
_SERVICE = frozenset(
    """
    boost_added channel_chat_created chat_background_set chat_owner_changed chat_owner_left chat_shared
    checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo direct_message_price_changed
    forum_topic_closed forum_topic_created forum_topic_edited forum_topic_reopened general_forum_topic_hidden
    general_forum_topic_unhidden gift giveaway_completed giveaway_created giveaway_winners group_chat_created
    left_chat_member message_auto_delete_timer_changed migrate_from_chat_id new_chat_members new_chat_photo
    new_chat_title paid_message_price_changed passport_data pinned_message proximity_alert_triggered refunded_payment
    successful_payment suggested_post_approval_failed suggested_post_approved suggested_post_declined
    suggested_post_paid suggested_post_refunded supergroup_chat_created unique_gift users_shared video_chat_ended
    video_chat_participants_invited video_chat_scheduled video_chat_started web_app_data write_access_allowed
    """.split()
)

# An animation also carries a document, so the order counts.
_FILES = (
    ("animation", Kind.VIDEO, ""),
    ("video", Kind.VIDEO, ""),
    ("video_note", Kind.VIDEO, "video/mp4"),
    ("voice", Kind.VOICE, "audio/ogg"),
    ("audio", Kind.AUDIO, ""),
    ("document", Kind.DOCUMENT, ""),
)

_PRESENT = frozenset({"creator", "administrator", "member"})


def parse_update(body: bytes, *, account: str, clock: Callable[[], datetime]) -> Parsed:
    """Read one update.

    Args:
        body: JSON of one ``Update``.
        account: the bot's id.
        clock: time of receipt, for updates that carry no time.

    Raises:
        Unparsable: it is no JSON object.
    """
    update = load_json(body)
    if not isinstance(update, dict):
        raise Unparsable("no_object")
    try:
        common = {"channel": CHANNEL, "account": account, "external_id": f"update:{id_in(update, 'update_id')}"}
        return Parsed((_update(update, common | {"at": clock(), "raw": body}),))
    except BrokenItemError as error:
        return Parsed((), ((body, str(error)),))


def is_present(member: Json) -> bool:
    """Whether a ``ChatMember`` is in the chat: a restricted one may or may not be."""
    status = text_in(member, "status")
    return status in _PRESENT or (status == "restricted" and member.get("is_member") is True)


def _update(update: Json, common: Json) -> Inbound:
    for name, read in _READERS.items():
        if isinstance(update.get(name), dict):
            return read(update[name], common)
    # Something newer, or never asked for: kept, and nobody is answered.
    found = next((value for name, value in update.items() if name != "update_id" and isinstance(value, dict)), {})
    chat = whole_in(object_in(found, "chat"), "id")
    return Inbound(
        **common, kind=Kind.UNSUPPORTED, chat="" if chat is None else str(chat), private=False, status="service"
    )


def _at(seconds: int | None, common: Json) -> Json:
    at = moment(seconds)
    return common if at is None else common | {"at": at}


def _author(item: Json, name: str = "from") -> Json:
    """The fields about who wrote; no id where it identifies nobody."""
    who = object_in(item, name)
    number = whole_in(who, "id")
    nobody = number is None or number in _NOBODY or who.get("is_bot") is True or "sender_chat" in item
    names = (text_in(who, "first_name"), text_in(who, "last_name"))
    return {
        "author": "" if nobody else str(number),
        "author_name": " ".join(part for part in names if part),
        "language": text_in(who, "language_code"),
    }


def _chat(item: Json) -> Json:
    chat = object_in(item, "chat")
    return {
        "chat": str(id_in(chat, "id")),
        "private": chat.get("type") == "private",
        "chat_title": text_in(chat, "title"),
    }


def _thread(message: Json) -> str:
    # A reply outside forums, and one in General, carries a thread id that is no topic.
    thread = whole_in(message, "message_thread_id")
    return str(thread) if thread and message.get("is_topic_message") is True else ""


def _reply_to(message: Json) -> str:
    reply = object_in(message, "reply_to_message")
    if "forum_topic_created" in reply:
        # Every plain message of a topic "replies" to the topic's first, nameless one.
        return ""
    replied = whole_in(reply, "message_id")
    return str(replied) if replied else ""


def _message(message: Json, common: Json) -> Inbound:
    fields = _at(whole_in(message, "date"), common) | _chat(message) | _author(message)
    fields |= {
        "message_id": str(id_in(message, "message_id")),
        "thread": _thread(message),
        "reply_to": _reply_to(message),
        "forwarded": "forward_origin" in message or message.get("is_automatic_forward") is True,
    }
    moved = whole_in(message, "migrate_to_chat_id")
    if moved is not None:
        return Inbound(**fields, kind=Kind.MIGRATION, moved_to=str(moved))
    return Inbound(**fields, **_content(message))


def _edited(message: Json, common: Json) -> Inbound:
    fields = _at(whole_in(message, "edit_date"), common) | _chat(message) | _author(message) | _content(message)
    number = str(id_in(message, "message_id"))
    fields |= {"kind": Kind.EDIT, "status": "", "message_id": number, "target": number}
    return Inbound(**fields, thread=_thread(message), reply_to=_reply_to(message))


def _content(message: Json) -> Json:
    fields: Json = {"kind": Kind.UNSUPPORTED, "text": text_in(message, "text") or text_in(message, "caption")}
    if not _SERVICE.isdisjoint(message):
        return fields | {"status": "service"}
    file = _file(message)
    place = _place(message)
    if file is not None:
        fields |= {"kind": file.kind, "attachment": file, "album": text_in(message, "media_group_id")}
    elif place is not None:
        fields |= {"kind": Kind.PLACE, "place": place}
    elif isinstance(message.get("contact"), dict):
        fields["kind"] = Kind.CONTACT
    elif text_in(message, "text"):
        fields["kind"] = Kind.TEXT
    return fields


def _file(message: Json) -> Attachment | None:
    sizes = [size for size in objects_in(message, "photo") if text_in(size, "file_id")]
    if sizes:
        largest = max(sizes, key=lambda size: (whole_in(size, "width") or 0) * (whole_in(size, "height") or 0))
        return _attachment(largest, Kind.PHOTO, "image/jpeg")
    sticker = object_in(message, "sticker")
    if text_in(sticker, "file_id"):
        return _attachment(sticker, Kind.STICKER, _sticker_mime(sticker))
    for name, kind, mime in _FILES:
        found = object_in(message, name)
        if text_in(found, "file_id"):
            return _attachment(found, kind, mime)
    return None


def _attachment(found: Json, kind: Kind, mime: str) -> Attachment:
    return Attachment(
        kind=kind,
        ref=text_in(found, "file_id"),
        mime=text_in(found, "mime_type") or mime,
        name=text_in(found, "file_name"),
        size=max(whole_in(found, "file_size") or 0, 0),
        same=text_in(found, "file_unique_id"),
    )


def _sticker_mime(sticker: Json) -> str:
    if sticker.get("is_video") is True:
        return "video/webm"
    return "application/x-tgsticker" if sticker.get("is_animated") is True else "image/webp"


def _place(message: Json) -> Place | None:
    venue = object_in(message, "venue")
    pin = object_in(venue or message, "location")
    latitude, longitude = degrees_in(pin, "latitude", 90), degrees_in(pin, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    label = ", ".join(part for part in (text_in(venue, "title"), text_in(venue, "address")) if part)
    return Place(latitude, longitude, label)


def _press(query: Json, common: Json) -> Inbound:
    message = object_in(query, "message")
    if not message:
        # Only buttons of inline messages come without one, and the bot sends none.
        raise BrokenItemError("no_message")
    press_id = text_in(query, "id")
    if not press_id:
        raise BrokenItemError("no_press_id")
    # The embedded message is the bot's own and old: its author and its date say nothing about the press.
    return Inbound(
        **common,
        **_chat(message),
        **_author(query),
        kind=Kind.PRESS,
        thread=_thread(message),
        choice=text_in(query, "data"),
        press_id=press_id,
        target=str(id_in(message, "message_id")),
    )


def _own_membership(change: Json, common: Json) -> Inbound:
    fields = _at(whole_in(change, "date"), common) | _chat(change) | _author(change)
    was, now = is_present(object_in(change, "old_chat_member")), is_present(object_in(change, "new_chat_member"))
    if fields["private"]:
        status = "unblocked" if now else "blocked"
    elif was == now:
        status = "bot_rights"
    else:
        status = "bot_added" if now else "bot_removed"
    return Inbound(**fields, kind=Kind.MEMBERSHIP, status=status, target=common["account"])


def _membership(change: Json, common: Json) -> Inbound:
    fields = _at(whole_in(change, "date"), common) | _chat(change) | _author(change)
    member = object_in(change, "new_chat_member")
    status = "member" if is_present(member) else "member_left"
    return Inbound(**fields, kind=Kind.MEMBERSHIP, status=status, target=str(id_in(object_in(member, "user"), "id")))


def _reaction(change: Json, common: Json) -> Inbound:
    fields = _at(whole_in(change, "date"), common) | _chat(change) | _author(change, "user")
    newest = next(iter(objects_in(change, "new_reaction")), {})
    return Inbound(
        **fields,
        kind=Kind.REACTION,
        target=str(id_in(change, "message_id")),
        status=text_in(newest, "emoji") or text_in(newest, "type"),
    )


_READERS: dict[str, Callable[[Json, Json], Inbound]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "my_chat_member": _own_membership,
    "chat_member": _membership,
    "message_reaction": _reaction,
}


def polled(update: Any) -> int | None:
    """The id of an update as ``getUpdates`` returned it, or None where it has none."""
    return whole_in(update, "update_id") if isinstance(update, dict) else None
