"""Owns the queue of updates the bot has not confirmed; refuses to know how they travel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatbot.sandbox.telegram_state import Json, World

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
)
_OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = tuple(kind for kind in KINDS if kind not in _OPT_IN)
_DAY = 86_400
_PRESS_LIFE = 150
_FIRST_ID = 700_000_000
_AHEAD = 10  # how far behind the newest update an offset may lie


@dataclass(frozen=True)
class Pending:
    """An update that waits.

    Args:
        order: its place in the queue, the update_id where that is a number.
        lane: updates of one lane go out one after another by webhook.
        body: the whole ``Update``.
        expires_at: Unix seconds after which it is dropped.
        raw: what travels in place of ``body``, where no JSON library here would write it.
    """

    order: int
    lane: tuple[str, int]
    body: Json
    expires_at: int
    raw: bytes = b""

    @property
    def wire(self) -> bytes:
        """The ``Update`` as it travels."""
        return self.raw or json.dumps(self.body).encode()


class UpdateQueue:
    """Updates in order, from their making to the bot's confirmation."""

    def __init__(self, world: World) -> None:
        self.allowed: tuple[str, ...] = DEFAULT_KINDS
        self.sent: list[Json] = []
        self._world = world
        self._waiting: list[Pending] = []
        self._last_id = _FIRST_ID
        self._newest = _FIRST_ID

    def add(self, kind: str, payload: Json, *, lane: int) -> int | None:
        """Queue an update unless the bot did not ask for its kind.

        Args:
            kind: the name of the update's field.
            payload: that field.
            lane: the chat or user whose order it belongs to; kinds other than messages have lanes of their own.

        Returns:
            Its update_id, or None when the kind is not allowed.
        """
        if kind not in self.allowed:
            return None
        self._last_id += 1
        life = _PRESS_LIFE if kind == "callback_query" else _DAY
        group = "message" if kind.endswith("message") else kind
        self._put(Pending(self._last_id, (group, lane), {"update_id": self._last_id, kind: payload}, life))
        return self._last_id

    def go_on_at(self, number: int) -> None:
        """Give the next update this id: after a week without any the real server may begin anywhere."""
        self._last_id = number - 1

    def add_raw(self, update: Json, wire: bytes = b"") -> Any:
        """Queue an update as it is, numbered when it has no update_id; no filter applies.

        Args:
            update: the ``Update``.
            wire: what travels in its place; nobody's words, so it is not among those ``sent``.
        """
        body = dict(update)
        if "update_id" not in body:
            self._last_id += 1
            body = {"update_id": self._last_id, **body}
        number = body["update_id"]
        order = number if isinstance(number, int) and not isinstance(number, bool) else self._last_id
        self._put(Pending(order, ("raw", 0), body, _DAY, wire))
        return number

    def _put(self, pending: Pending) -> None:
        self._waiting.append(replace(pending, expires_at=self._world.now() + pending.expires_at))
        self._newest = pending.order
        if not pending.raw:
            self.sent.append(pending.body)
        self._world.bell.ring()

    def waiting(self) -> list[Pending]:
        """What has neither been confirmed nor expired."""
        now = self._world.now()
        self._waiting = [pending for pending in self._waiting if pending.expires_at > now]
        return list(self._waiting)

    def confirm_below(self, offset: int) -> None:
        """Forget every update with a smaller id; a negative offset keeps only that many of the newest.

        An offset far beyond the newest id confirms nothing, as on the real server: after a quiet week ids may begin
        anywhere.
        """
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset <= self._newest + 1 + _AHEAD:
            self._waiting = [pending for pending in self._waiting if pending.order >= offset]
        self._world.bell.ring()

    def confirm(self, pending: Pending) -> None:
        """Forget one update."""
        self._waiting = [other for other in self._waiting if other is not pending]
        self._world.bell.ring()

    def clear(self) -> None:
        """Forget everything: drop_pending_updates."""
        self._waiting = []
        self._world.bell.ring()

    def allow(self, kinds: Sequence[Any]) -> None:
        """Remember which kinds the bot wants; an empty list means the default, unknown names are ignored."""
        known = tuple(kind for kind in KINDS if kind in kinds)
        self.allowed = known or DEFAULT_KINDS
