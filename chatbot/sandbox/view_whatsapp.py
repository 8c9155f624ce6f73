"""Owns what a WhatsApp phone shows, as JSON for the page: messages, lists, ticks, typing, the open or closed window.

Refuses words: a failure is told by its code and title as the platform names them.
"""

from __future__ import annotations

import json
from typing import Any

from chatbot.sandbox.feed import BOT, CITIZEN_WA, WHATSAPP_MEDIA
from chatbot.sandbox.view_telegram import MOST
from chatbot.sandbox.whatsapp import ChatMessage, Webhook, WhatsAppSandbox

Json = dict[str, Any]
_QUOTED = 120  # characters of the message that is answered
_NO_BUBBLES = frozenset({"edit", "revoke", "reaction", "system"})


class WhatsAppView:
    """Looks at one person's WhatsApp.

    Args:
        whatsapp: its sandbox.
        person: the citizen's key.
    """

    def __init__(self, whatsapp: WhatsAppSandbox, person: str) -> None:
        self._whatsapp = whatsapp
        self._person = person
        self._webhooks: dict[str, Webhook] = {}
        self._failures: dict[str, str] = {}
        self._read = 0

    def citizen(self) -> Json:
        """The citizen's phone."""
        self._read_webhooks()
        messages = self._whatsapp.messages(self._person)
        edited = {message.content["original_message_id"] for message in messages if message.kind == "edit"}
        visible = [message for message in messages if message.kind not in _NO_BUBBLES]
        return {
            "author": CITIZEN_WA,
            "blocked": False,
            "typing": self._whatsapp.typing(self._person),
            "window": self._whatsapp.window_open(self._person),
            "messages": [self._message(message, edited=message.id in edited) for message in visible[-MOST:]],
        }

    def taken(self, message_id: str) -> bool:
        """Whether the bot has taken a person's message over from the platform."""
        self._read_webhooks()
        return message_id in self._webhooks and self._webhooks[message_id].accepted

    def _read_webhooks(self) -> None:
        webhooks = self._whatsapp.webhooks
        for webhook in webhooks[self._read :]:
            for entry in json.loads(webhook.body).get("entry", []):
                for change in entry["changes"]:
                    value = change["value"]
                    self._webhooks |= {message["id"]: webhook for message in value.get("messages", [])}
                    for status in value.get("statuses", []):
                        for error in status.get("errors", []):
                            self._failures[status["id"]] = f"{error['code']} {error['title']}"
        self._read = len(webhooks)

    def _message(self, message: ChatMessage, *, edited: bool) -> Json:
        content = message.content
        mine = message.direction == "in"
        return {
            "id": message.id,
            "author": CITIZEN_WA if mine else BOT,
            "at": int(message.at.timestamp()),
            "text": _text(message),
            "edited": edited,
            "deleted": message.revoked,
            "reply": self._quote(message.reply_to) if message.reply_to else None,
            "media": None if message.kind in {"text", "interactive", "template"} else _media(message.kind, content),
            "buttons": _buttons(content) if message.kind == "interactive" and not mine else [],
            "list": _list(content) if message.kind == "interactive" and not mine else None,
            "asks_place": message.kind == "interactive" and content["type"] == "location_request_message",
            "tick": self._tick(message, mine=mine),
            "failure": self._failures.get(message.id, ""),
        }

    def _tick(self, message: ChatMessage, *, mine: bool) -> str:
        if not mine:
            return message.statuses[-1] if message.statuses else "sent"
        if message.read_by_business:
            return "read"
        return "delivered" if self.taken(message.id) else "sent"

    def _quote(self, message_id: str) -> Json | None:
        try:
            message = self._whatsapp.message(message_id)
        except KeyError:
            return None
        return {
            "id": message.id,
            "author": CITIZEN_WA if message.direction == "in" else BOT,
            "text": _text(message)[:_QUOTED],
            "media": "" if message.kind in {"text", "interactive"} else WHATSAPP_MEDIA.get(message.kind, message.kind),
        }


def _text(message: ChatMessage) -> str:
    content = message.content
    if message.kind == "text":
        return str(content["body"])
    if message.kind == "template":
        return str(content["_text"])
    if message.kind == "interactive":
        if message.direction == "in":
            return str((content.get("button_reply") or content["list_reply"])["title"])
        return str(content["body"]["text"])
    return str(content.get("caption", "")) if isinstance(content, dict) else ""


def _buttons(content: Json) -> list[list[Json]]:
    return [
        [{"label": one["reply"]["title"], "data": one["reply"]["id"]}] for one in content["action"].get("buttons", ())
    ]


def _list(content: Json) -> Json | None:
    action = content["action"]
    if "sections" not in action:
        return None
    rows = [
        {"label": row["title"], "data": row["id"], "description": row.get("description", "")}
        for section in action["sections"]
        for row in section["rows"]
    ]
    return {"label": action["button"], "rows": rows}


def _media(kind: str, content: Any) -> Json:
    known = WHATSAPP_MEDIA.get(kind, kind)
    if kind == "location":
        return {"kind": known, "latitude": content["latitude"], "longitude": content["longitude"]}
    if isinstance(content, dict) and "id" in content:
        file = f"whatsapp/{content['id']}"
        return {"kind": known, "file": file, "small": file, "name": content.get("filename", ""), "size": 0}
    return {"kind": known}
