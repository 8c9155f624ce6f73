"""What the WhatsApp sandbox remembers: people, messages, calls, webhooks, media. Plain records, no behaviour of Meta's.

Refuses to know the network; times come from the sandbox's clock (aware, UTC).
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]


@dataclass
class Person:
    """A WhatsApp user as the business sees them.

    ``wa_id`` is the number in digits (None when a username hides it), ``user_id`` the business-scoped id; at least one
    is set. ``last_inbound_at`` opens the 24-hour window; None means closed.
    """

    key: str
    wa_id: str | None
    user_id: str | None
    name: str
    username: str | None
    last_inbound_at: datetime | None = None
    typing_since: datetime | None = None

    def contact(self, *, with_username: bool = True) -> Json:
        """Return the webhook's ``contacts[]`` item for this person."""
        profile = {"name": self.name}
        if self.username and with_username:
            profile["username"] = self.username
        found: Json = {"profile": profile}
        if self.wa_id:
            found["wa_id"] = self.wa_id
        if self.user_id:
            found["user_id"] = self.user_id
        return found

    def sender(self) -> Json:
        """Return the fields that name this person as a message's author; a hidden number is absent, not null."""
        found: Json = {}
        if self.wa_id:
            found["from"] = self.wa_id
        if self.user_id:
            found["from_user_id"] = self.user_id
        return found


@dataclass
class ChatMessage:
    """One message in a person's chat, either direction.

    ``content`` is the platform's object for ``kind`` (``{"body": ...}`` for text). ``statuses`` are those reported to
    the bot so far, in the order reported; ``read_by_business`` is set by a read mark.
    """

    id: str
    person: str | None
    direction: str
    kind: str
    content: Any
    at: datetime
    reply_to: str | None = None
    tracker: str | None = None
    statuses: list[str] = field(default_factory=list)
    read_by_business: bool = False
    reaction: str | None = None
    revoked: bool = False


@dataclass(frozen=True)
class Call:
    """One request of the bot: what it asked and what it was told. Tokens and file bytes are not kept.

    ``status`` 0 means that the connection was cut without an answer; ``person`` is set for sends to a known person;
    ``time`` is when it was answered.
    """

    method: str
    path: str
    params: Json
    status: int
    result: Any
    person: str | None
    time: datetime


@dataclass
class Webhook:
    """One delivery to the bot: ``attempts`` holds each answer's HTTP status, or 0 where no answer came.

    ``attempted_at`` is when the last of them ended.
    """

    body: bytes
    signature: str | None
    attempts: list[int] = field(default_factory=list)
    attempted_at: datetime | None = None
    done: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the bot has answered 200."""
        return bool(self.attempts) and self.attempts[-1] == HTTPStatus.OK  # the one answer that Meta accepts


@dataclass
class Template:
    """An approved message template; counts are of variables in each part, ``buttons`` the quick replies' titles."""

    name: str
    language: str
    body_params: int
    header_params: int
    buttons: tuple[str, ...]
    category: str
    text: str
    refused_with: int | None = None


def new_wamid(party: str) -> str:
    """Return a fresh message id in WhatsApp's form: ``wamid.`` and base64 of opaque bytes.

    Args:
        party: The person's number or scoped id, whose bytes real ids carry as well.
    """
    raw = b"\x1d\x18" + bytes([len(party)]) + party.encode() + b"\x15\x02\x00\x12\x18" + secrets.token_bytes(15)
    return "wamid." + base64.b64encode(raw).decode()
