"""Checks of ``POST /messages``: accepts exactly what the Cloud API accepts and words a refusal as it does.

Owns text, media, location, contacts, reaction and the fields around them; interactive and template messages have a
file of their own. Refuses to know people, windows and rates: those are the server's.
Limits: Meta's reference of the messages endpoint and its page for each kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from chatbot.sandbox.whatsapp_errors import GraphError, bad_parameter, missing
from chatbot.sandbox.whatsapp_interactive import check_interactive
from chatbot.sandbox.whatsapp_state import Json

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 512
# The number's written forms that Meta accepts: spaces, dashes, dots and brackets between digits, one plus in front.
_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]*")
_BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_DIGITS = range(7, 16)
_MEDIA_FIELDS = {
    "image": {"id", "link", "caption"},
    "video": {"id", "link", "caption"},
    "audio": {"id", "link", "voice"},
    "document": {"id", "link", "caption", "filename"},
    "sticker": {"id", "link"},
}
MediaCheck = Callable[[str, str], None]


def recipient_of(body: Json) -> tuple[str, str]:
    """Return whom a send is for: ``("wa_id", digits)`` or ``("user_id", scoped id)``; ``to`` wins over ``recipient``.

    Raises:
        GraphError: Neither is given, or it has no valid form.
    """
    to = body.get("to")
    if to is None:
        recipient = body.get("recipient")
        if recipient is None:
            raise missing("to")
        if not isinstance(recipient, str) or not _BSUID.fullmatch(recipient):
            raise GraphError(131009, "Recipient is not a valid business-scoped user ID.")
        return "user_id", recipient
    digits = re.sub(r"\D", "", to) if isinstance(to, str) else ""
    if not isinstance(to, str) or not _NUMBER.fullmatch(to) or len(digits) not in _DIGITS or digits.startswith("0"):
        raise GraphError(100, "Parameter Invalid")
    return "wa_id", digits


def check_send(body: Json, media: MediaCheck) -> str:
    """Check a message body whole, except for what depends on people and templates.

    Args:
        body: The request's JSON object.
        media: Called with kind and media id where a message names one; raises for one that cannot be used.

    Returns:
        The message's type.

    Raises:
        GraphError: The first fault found, with Meta's code.
    """
    if body.get("recipient_type", "individual") != "individual":
        raise GraphError(131009, "recipient_type must be individual for this number.")
    tracker = body.get("biz_opaque_callback_data")
    if tracker is not None and (not isinstance(tracker, str) or len(tracker) > MAX_CALLBACK_DATA):
        raise bad_parameter(
            f"Param biz_opaque_callback_data must be a string of at most {MAX_CALLBACK_DATA} characters."
        )
    context = body.get("context")
    if context is not None and (not isinstance(context, dict) or not isinstance(context.get("message_id"), str)):
        raise bad_parameter("The parameter context['message_id'] is required.")
    kind = body.get("type", "text")
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise GraphError(131051)
    content = body.get(kind)
    if content is None:
        raise missing(kind)
    check(kind, content, media)
    return str(kind)


def _text(_kind: str, content: Any, _media: MediaCheck) -> None:
    _object("text", content, {"body", "preview_url"})
    if "body" not in content:
        raise missing("text['body']")
    body = content["body"]
    if not isinstance(body, str):
        raise bad_parameter("Param text['body'] must be a string.")
    if not body.strip():
        raise bad_parameter("Param text['body'] cannot be empty.")
    if len(body) > MAX_TEXT:
        raise bad_parameter(f"Param text['body'] must be at most {MAX_TEXT} characters long.")
    if not isinstance(content.get("preview_url", False), bool):
        raise bad_parameter("Param text['preview_url'] must be a boolean.")


def _media_message(kind: str, content: Any, media: MediaCheck) -> None:
    _object(kind, content, _MEDIA_FIELDS[kind])
    check_media_source(kind, content, media)
    caption = content.get("caption")
    if caption is not None and (not isinstance(caption, str) or len(caption) > MAX_CAPTION):
        raise bad_parameter(f"Param {kind}['caption'] must be at most {MAX_CAPTION} characters long.")
    if not isinstance(content.get("filename", ""), str):
        raise bad_parameter(f"Param {kind}['filename'] must be a string.")


def check_media_source(kind: str, content: Json, media: MediaCheck) -> None:
    """Refuse a media object that has not exactly one of ``id`` and ``link``, or names an unusable one.

    Raises:
        GraphError: 131008 when both are absent, 131009 or 100 when the value is wrong.
    """
    media_id, link = content.get("id"), content.get("link")
    if (media_id is None) == (link is None):
        raise GraphError(131008, f"Exactly one of {kind}['id'] and {kind}['link'] is required.")
    if link is not None:
        if not isinstance(link, str) or not re.match(r"https?://[^\s/]+", link):
            raise GraphError(131009, f"Param {kind}['link'] is not a valid URI.")
    else:
        media(kind, str(media_id))


def _location(_kind: str, content: Any, _media: MediaCheck) -> None:
    _object("location", content, {"latitude", "longitude", "name", "address"})
    for axis, limit in (("latitude", 90), ("longitude", 180)):
        if axis not in content:
            raise missing(f"location['{axis}']")
        try:
            degrees = float(content[axis])
        except (TypeError, ValueError):
            degrees = float("nan")
        if not -limit <= degrees <= limit:
            raise GraphError(131009, f"Param location['{axis}'] is not a valid coordinate.")


def _contacts(_kind: str, content: Any, _media: MediaCheck) -> None:
    if not isinstance(content, list) or not content:
        raise bad_parameter("Param contacts must be a non-empty array.")
    for card in content:
        name = card.get("name") if isinstance(card, dict) else None
        if not isinstance(name, dict) or not name.get("formatted_name"):
            raise GraphError(131008, "contacts['name']['formatted_name'] is required.")
        if not any(name.get(part) for part in ("first_name", "last_name", "middle_name", "suffix", "prefix")):
            raise GraphError(131009, "At least one name component besides formatted_name is required.")


def _reaction(_kind: str, content: Any, _media: MediaCheck) -> None:
    _object("reaction", content, {"message_id", "emoji"})
    for name in ("message_id", "emoji"):
        if not isinstance(content.get(name), str):
            raise missing(f"reaction['{name}']")


def _interactive(_kind: str, content: Any, media: MediaCheck) -> None:
    check_interactive(content, lambda kind, source: check_media_source(kind, source, media))


def _template(_kind: str, content: Any, _media: MediaCheck) -> None:
    _object("template", content, {"name", "language", "components", "namespace"})
    if not isinstance(content.get("name"), str) or not content["name"]:
        raise missing("template['name']")
    language = content.get("language")
    if not isinstance(language, dict) or not isinstance(language.get("code"), str):
        raise missing("template['language']['code']")
    if not isinstance(content.get("components", []), list):
        raise bad_parameter("Param template['components'] must be an array.")


def _object(name: str, content: Any, allowed: set[str]) -> None:
    if not isinstance(content, dict):
        raise bad_parameter(f"Param {name} must be a JSON object.")
    for key in content:
        if key not in allowed:
            raise bad_parameter(f'Unexpected key "{key}" on param "{name}".')


_CHECKS: dict[str, Callable[[str, Any, MediaCheck], None]] = {
    "text": _text,
    **dict.fromkeys(_MEDIA_FIELDS, _media_message),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
