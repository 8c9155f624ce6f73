"""What may be wrong between the bot, Telegram and the groups, asked of Telegram itself.

Owns the points that are checked on Telegram: token, clock, reception, and in each group presence, rights and topics.
Refuses to change anything there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime, timedelta

from chatbot.channels.base import Finding
from chatbot.channels.clock import clock_finding
from chatbot.channels.payload import Json, object_in, text_in, whole_in
from chatbot.channels.telegram_parse import CHANNEL
from chatbot.channels.telegram_request import AiohttpRequest, NoAnswer, NoConnection, Refused

_UNAUTHORISED = frozenset({401, 404})
_ABOUT_THE_GROUP = frozenset({400, 403})
_SERVER_FAULT = 500
_MANY_WAITING = 100
_FRESH = timedelta(hours=1)  # Telegram goes on showing an error long after the next message came through


async def examine(
    request: AiohttpRequest, *, account: str, webhook: str, groups: Mapping[str, str], clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Yield what is found, good and bad, in the order in which a person connects things.

    Args:
        request: the open transport.
        account: the bot's own id.
        webhook: the address that Telegram should call; empty when we poll.
        groups: for each role ("officers", "propam", "admins"), or name of a unit, the chat id that is set; empty: none.
        clock: aware UTC time.
    """
    try:
        asked_at = clock()
        me = await _ask(request, "getMe")
        name = text_in(me, "username")
        works = ("channel_down", "unreachable")
        yield Finding("telegram_token", {"name": name}, good=True, clears=works, about=CHANNEL)
        if found := clock_finding(request.date, asked_at, clock()):
            yield found
        for finding in _reception(await _ask(request, "getWebhookInfo"), webhook, clock()):
            yield finding
        for role, chat in groups.items():
            yield await _group(request, me, account, role, chat)
    except Refused as refused:
        yield _refusal(refused)
    except (NoConnection, NoAnswer):
        yield Finding("telegram_unreachable", grave=True, alarm="unreachable", about=CHANNEL)


async def _ask(request: AiohttpRequest, method: str, **values: str) -> Json:
    answer = await request.call(method, values)
    if not isinstance(answer, dict):
        raise NoAnswer("unreadable")
    return answer


def _refusal(refused: Refused) -> Finding:
    code = {"code": refused.code}
    if refused.status in _UNAUTHORISED:
        wrong = "telegram_token_wrong"
        return Finding(wrong, code, grave=True, alarm="channel_down", clears=("unreachable",), about=CHANNEL)
    if refused.status >= _SERVER_FAULT:
        return Finding("telegram_unreachable", grave=True, alarm="unreachable", about=CHANNEL)
    return Finding("telegram_refused", code, grave=True)


def _reception(found: Json, webhook: str, now: datetime) -> Iterator[Finding]:
    url, waiting = text_in(found, "url"), whole_in(found, "pending_update_count") or 0
    failed_at = whole_in(found, "last_error_date") or 0
    failed = bool(webhook) and now.timestamp() - failed_at < _FRESH.total_seconds()
    works = () if failed else ("webhook_error",)
    if webhook and url != webhook:
        yield Finding("webhook_other" if url else "webhook_unset", {"url": webhook})
    elif not webhook and url:
        yield Finding("webhook_in_the_way")
    else:
        key = "webhook_set" if webhook else "polling"
        yield Finding(key, {"url": webhook}, good=True, clears=works, about=CHANNEL)
    if failed:
        error = text_in(found, "last_error_message")[:100]
        yield Finding("webhook_error", {"error": error}, grave=True, alarm="webhook_error", about=CHANNEL)
    if waiting > _MANY_WAITING:
        yield Finding("updates_waiting", {"count": str(waiting)})


async def _group(request: AiohttpRequest, me: Json, account: str, role: str, chat: str) -> Finding:
    if not chat:
        return Finding(f"group_unset_{role}", grave=role == "officers")
    named = {"role": role, "id": chat}
    try:
        room = await _ask(request, "getChat", chat_id=chat)
        bot = await _ask(request, "getChatMember", chat_id=chat, user_id=account)
    except Refused as refused:
        if moved := refused.parameters.get("migrate_to_chat_id"):
            return Finding("group_moved", {**named, "new": str(moved)}, clears=("group_rights",), about=chat)
        if refused.status not in _ABOUT_THE_GROUP:
            raise
        inside = "not a member" not in refused.reason and "kicked" not in refused.reason
        key = "group_not_found" if inside else "group_not_inside"
        return Finding(key, named, grave=True, alarm="group_rights", about=chat)
    key, works = _rights(room, bot, reads=me.get("can_read_all_group_messages") is True)
    if not works:
        return Finding(key, named, grave=True, alarm="group_rights", about=chat)
    return Finding(key, named, good=key != "group_no_admin", clears=("group_rights",), about=chat)


def _rights(room: Json, bot: Json, *, reads: bool) -> tuple[str, bool]:
    """What the bot's standing in a group comes to, and whether officers can be served so."""
    status = bot.get("status")
    if status in {"left", "kicked"} or bot.get("is_member") is False:
        return "group_not_inside", False
    if status not in {"administrator", "creator"}:
        own = bot if status == "restricted" else object_in(room, "permissions")
        if own.get("can_send_messages") is False:
            return "group_silenced", False
        return ("group_no_admin", True) if reads else ("group_no_admin_and_privacy", False)
    if room.get("is_forum") is not True:
        return "group_plain", True
    return ("group_forum", True) if bot.get("can_manage_topics") is True else ("group_no_topics_right", False)
