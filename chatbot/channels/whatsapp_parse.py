"""What a Cloud API webhook says, item by item.

Owns the map from webhook fields to ``Inbound`` and the isolation of one bad item among a thousand. Refuses the network,
and to decide what a message means. Shapes: Meta's "messages webhook reference" and "business-scoped user IDs".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from chatbot.channels.base import Parsed, Unparsable
from chatbot.channels.payload import (
    BrokenItemError,
    Json,
    clean,
    degrees_in,
    list_in,
    load_json,
    moment,
    object_in,
    objects_in,
    text_in,
    whole_in,
)
from chatbot.core.message import Attachment, Inbound, Kind, Place

CHANNEL = "whatsapp"

_OBJECT = "whatsapp_business_account"
_FIELD = "messages"
_LONGEST_ID = 512
_SCOPED_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
_NUMBER = re.compile(r"[0-9]{4,20}")
_SECONDS = re.compile(r"[0-9]{9,11}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_SHA256_BYTES = 32
_FILES = {
    "image": Kind.PHOTO,
    "video": Kind.VIDEO,
    "audio": Kind.AUDIO,
    "document": Kind.DOCUMENT,
    "sticker": Kind.STICKER,
}
_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def parse_body(body: bytes, *, account: str, clock: Callable[[], datetime]) -> Parsed:
    """Read every item of every change of every entry.

    Args:
        body: a webhook's raw body, already authenticated.
        account: our phone number id; items for another one come back as broken.
        clock: time of receipt, for items without a sensible time.

    Raises:
        Unparsable: it is no JSON object of the right kind.
    """
    envelope = load_json(body)
    if not isinstance(envelope, dict) or envelope.get("object") != _OBJECT:
        raise Unparsable("wrong_object")
    if not isinstance(envelope.get("entry"), list):
        raise Unparsable("no_entry")
    messages: list[Inbound] = []
    broken: list[tuple[bytes, str]] = []
    for entry, change in _changes(envelope):
        if not isinstance(change, dict) or not isinstance(change.get("value"), dict):
            broken.append((_wrapped(entry, change), "no_value"))
            continue
        if change.get("field") != _FIELD:
            broken.append((_wrapped(entry, change), "other_field"))
            continue
        _read_change(_Change(entry, change["value"], account, clock), messages, broken)
    return Parsed(tuple(messages), tuple(broken))


def sha256_hex(stated: str) -> str:
    """A stated SHA-256 as lower-case hex: the platform writes hex in some places and base64 in others."""
    if _SHA256.fullmatch(stated):
        return stated.lower()
    try:
        digest = base64.b64decode(stated, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return digest.hex() if len(digest) == _SHA256_BYTES else ""


def _changes(envelope: Json) -> Iterator[tuple[Json, Any]]:
    for entry in list_in(envelope, "entry"):
        if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
            yield {}, entry
            continue
        for change in entry["changes"]:
            yield entry, change


def _wrapped(entry: Json, change: Any) -> bytes:
    """A body of the platform's shape around one change; empty where it nests too deep to be written again."""
    whole = {"object": _OBJECT, "entry": [{"id": entry.get("id"), "changes": [change]}]}
    try:
        return json.dumps(whole, separators=(",", ":")).encode()
    except RecursionError:
        return b""


class _Change:
    """One ``value`` and what its items share."""

    def __init__(self, entry: Json, value: Json, account: str, clock: Callable[[], datetime]) -> None:
        self.entry = entry
        self.value = value
        self.account = account
        self.clock = clock
        self.is_ours = object_in(value, "metadata").get("phone_number_id") == account
        self.contacts = objects_in(value, "contacts")

    def body(self, part: str, item: Any, contact: Json | None) -> bytes:
        """The body as if this item had come alone."""
        value: Json = {name: self.value[name] for name in ("messaging_product", "metadata") if name in self.value}
        if contact is not None:
            value["contacts"] = [contact]
        value[part] = [item]
        return _wrapped(self.entry, {"field": _FIELD, "value": value})

    def contact_of(self, message: Json) -> Json | None:
        """The contact a message belongs to: never one with another number or another id."""
        number, scoped = text_in(message, "from"), text_in(message, "from_user_id")
        found = [contact for contact in self.contacts if _agree(contact, number, scoped)]
        certain = [contact for contact in found if _proves(contact, number, scoped)]
        if certain:
            return certain[0]
        return found[0] if len(self.contacts) == 1 and found else None


def _agree(contact: Json, number: str, scoped: str) -> bool:
    theirs = text_in(contact, "wa_id"), text_in(contact, "user_id")
    return all(not mine or not other or mine == other for mine, other in zip((number, scoped), theirs, strict=True))


def _proves(contact: Json, number: str, scoped: str) -> bool:
    theirs = text_in(contact, "wa_id"), text_in(contact, "user_id")
    return any(mine and mine == other for mine, other in zip((number, scoped), theirs, strict=True))


def _read_change(change: _Change, messages: list[Inbound], broken: list[tuple[bytes, str]]) -> None:
    items = [(part, item) for part in ("messages", "statuses", "errors") for item in list_in(change.value, part)]
    if not items:
        broken.append((_wrapped(change.entry, {"field": _FIELD, "value": change.value}), "no_items"))
    for part, item in items:
        contact = change.contact_of(item) if part == "messages" and isinstance(item, dict) else None
        raw = change.body(part, item, contact)
        try:
            messages.append(_item(change, part, item, contact, raw))
        except BrokenItemError as error:
            broken.append((raw, str(error)))


def _item(change: _Change, part: str, item: Any, contact: Json | None, raw: bytes) -> Inbound:
    if not raw:
        raise BrokenItemError("too_deep")
    if not change.is_ours:
        raise BrokenItemError("other_account")
    if not isinstance(item, dict):
        raise BrokenItemError("no_object")
    if part == "errors":
        raise BrokenItemError(f"platform_error_{whole_in(item, 'code')}")
    common = {"channel": CHANNEL, "account": change.account, "at": _at(item) or change.clock(), "raw": raw}
    return _status(item, common) if part == "statuses" else _message(item, contact or {}, common)


def _at(item: Json) -> datetime | None:
    stated = item.get("timestamp")
    return moment(int(stated)) if isinstance(stated, str) and _SECONDS.fullmatch(stated) else None


def _id(item: Json) -> str:
    found = text_in(item, "id")
    if not found or len(found) > _LONGEST_ID:
        raise BrokenItemError("no_id")
    return found


def _address(*candidates: tuple[Json, str]) -> str:
    """The first of the fields that holds a usable address id, be it a scoped id or a number."""
    for values, name in candidates:
        found = text_in(values, name)
        if _SCOPED_ID.fullmatch(found) or _NUMBER.fullmatch(found):
            return found
    raise BrokenItemError("no_address")


def _status(item: Json, common: Json) -> Inbound:
    message_id, stated = _id(item), text_in(item, "status")
    recipient = _address((item, "recipient_user_id"), (item, "recipient_id"))
    status = _STATUSES.get(stated)
    return Inbound(
        **common,
        external_id=f"{message_id}:{stated}:{recipient}",
        # A status nobody here knows must neither move ours nor be answered.
        kind=Kind.RECEIPT if status else Kind.UNSUPPORTED,
        status=status or "service",
        chat=recipient,
        target=message_id,
        error=_error_code(item),
        reference=text_in(item, "biz_opaque_callback_data"),
    )


def _error_code(item: Json) -> str:
    code = whole_in(next(iter(objects_in(item, "errors")), {}), "code")
    return "" if code is None else str(code)


def _message(item: Json, contact: Json, common: Json) -> Inbound:
    author = _address((item, "from_user_id"), (contact, "user_id"), (contact, "wa_id"), (item, "from"))
    group = text_in(item, "group_id")
    context = object_in(item, "context")
    message_id = _id(item)
    fields: Json = {
        "external_id": message_id,
        "message_id": message_id,
        "chat": group or author,
        "private": not group,
        "author": author,
        "author_name": text_in(object_in(contact, "profile"), "name"),
        "reply_to": text_in(context, "id"),
        "forwarded": context.get("forwarded") is True or context.get("frequently_forwarded") is True,
    }
    kind = text_in(item, "type")
    read = _READERS.get(kind)
    found = _file(kind, item) if kind in _FILES else read(item) if read else None
    return Inbound(**common, **(fields | (found or {"kind": Kind.UNSUPPORTED, "error": _error_code(item)})))


def _file(kind: str, item: Json) -> Json:
    found = object_in(item, kind)
    text = text_in(found, "caption")
    ref = text_in(found, "id")
    if not ref or len(ref) > _LONGEST_ID:
        return {"kind": Kind.UNSUPPORTED, "text": text}
    what = Kind.VOICE if kind == "audio" and found.get("voice") is True else _FILES[kind]
    attachment = Attachment(
        kind=what,
        ref=ref,
        mime=text_in(found, "mime_type"),
        name=text_in(found, "filename"),
        size=max(whole_in(found, "file_size") or 0, 0),
        sha256=sha256_hex(text_in(found, "sha256")),
    )
    return {"kind": what, "text": text, "attachment": attachment}


def _text(item: Json) -> Json | None:
    text = text_in(object_in(item, "text"), "body")
    return {"kind": Kind.TEXT, "text": text} if text else None


def _location(item: Json) -> Json | None:
    pin = object_in(item, "location")
    latitude, longitude = degrees_in(pin, "latitude", 90), degrees_in(pin, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    label = ", ".join(part for part in (text_in(pin, "name"), text_in(pin, "address")) if part)
    return {"kind": Kind.PLACE, "place": Place(latitude, longitude, label)}


def _contacts(item: Json) -> Json:
    _ = item
    return {"kind": Kind.CONTACT}


def _pressed(item: Json, choice: str, text: str) -> Json:
    # What a press "replies" to is the message with the button.
    pressed_on = text_in(object_in(item, "context"), "id")
    return {"kind": Kind.PRESS, "choice": choice, "text": text, "target": pressed_on, "reply_to": ""}


def _interactive(item: Json) -> Json | None:
    interactive = object_in(item, "interactive")
    kind = text_in(interactive, "type")
    if kind not in {"button_reply", "list_reply"}:
        return None
    reply = object_in(interactive, kind)
    return _pressed(item, text_in(reply, "id"), text_in(reply, "title"))


def _button(item: Json) -> Json:
    button = object_in(item, "button")
    return _pressed(item, text_in(button, "payload"), text_in(button, "text"))


def _reaction(item: Json) -> Json:
    reaction = object_in(item, "reaction")
    return {
        "kind": Kind.REACTION,
        "target": text_in(reaction, "message_id"),
        "status": text_in(reaction, "emoji"),
        "reply_to": "",
    }


def _order(item: Json) -> Json:
    return {"kind": Kind.UNSUPPORTED, "text": text_in(object_in(item, "order"), "text")}


def _system(item: Json) -> Json:
    system = object_in(item, "system")
    moved_to = text_in(system, "user_id") or text_in(system, "wa_id") or text_in(system, "new_wa_id")
    return {"kind": Kind.SYSTEM, "status": text_in(system, "type"), "moved_to": moved_to}


def _edit(item: Json) -> Json:
    edit = object_in(item, "edit")
    now = object_in(edit, "message")
    content = now.get(text_in(now, "type"))
    texts = [content.get("body"), content.get("caption")] if isinstance(content, dict) else []
    text = next((clean(text) for text in texts if isinstance(text, str)), "")
    return {"kind": Kind.EDIT, "target": text_in(edit, "original_message_id"), "text": text}


def _revoke(item: Json) -> Json:
    return {"kind": Kind.REVOKE, "target": text_in(object_in(item, "revoke"), "original_message_id")}


_READERS: dict[str, Callable[[Json], Json | None]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
}
