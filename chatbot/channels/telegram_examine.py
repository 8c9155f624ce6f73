"""What may be wrong between the bot, Telegram and the groups, asked of Telegram itself.

Owns the points that ``chatbot doctor`` checks on Telegram: token, reception, and in each group presence, rights and
topics. Refuses to change anything there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from chatbot.channels.base import Finding
from chatbot.channels.telegram_request import AiohttpRequest, NoAnswer, NoConnection, Refused

_UNAUTHORISED = frozenset({401, 404})
_MANY_WAITING = 100


async def examine(
    request: AiohttpRequest, *, account: str, webhook: str, groups: Mapping[str, str]
) -> AsyncIterator[Finding]:
    """Yield what is found, good and bad, in the order in which a person connects things.

    Args:
        request: the open transport.
        account: the bot's own id.
        webhook: the address that Telegram should call; empty when we poll.
        groups: for each role ("officers", "propam", "admins"), or name of a unit, the chat id that is set; empty: none.
    """
    try:
        me = await request.call("getMe", {})
        yield Finding("telegram_token", {"name": str(me.get("username", ""))}, good=True)
        async for finding in _reception(request, webhook):
            yield finding
        for role, chat in groups.items():
            if not chat:
                yield Finding(f"group_unset_{role}", grave=role == "officers")
                continue
            async for finding in _group(request, me, account, role, chat):
                yield finding
    except Refused as refused:
        wrong = refused.status in _UNAUTHORISED
        yield Finding("telegram_token_wrong" if wrong else "telegram_refused", {"code": refused.code}, grave=True)
    except (NoConnection, NoAnswer):
        yield Finding("telegram_unreachable", grave=True)


async def _reception(request: AiohttpRequest, webhook: str) -> AsyncIterator[Finding]:
    found = await request.call("getWebhookInfo", {})
    url, waiting = str(found.get("url", "")), int(found.get("pending_update_count", 0))
    if webhook and url != webhook:
        yield Finding("webhook_other" if url else "webhook_unset", {"url": webhook})
    elif not webhook and url:
        yield Finding("webhook_in_the_way")
    else:
        yield Finding("webhook_set" if webhook else "polling", {"url": webhook}, good=True)
    if webhook and found.get("last_error_message"):
        yield Finding("webhook_error", {"error": str(found["last_error_message"])[:100]}, grave=True)
    if waiting > _MANY_WAITING:
        yield Finding("updates_waiting", {"count": str(waiting)})


async def _group(
    request: AiohttpRequest, me: Mapping[str, Any], account: str, role: str, chat: str
) -> AsyncIterator[Finding]:
    named = {"role": role, "id": chat}
    try:
        room = await request.call("getChat", {"chat_id": chat})
        bot = await request.call("getChatMember", {"chat_id": chat, "user_id": account})
    except Refused as refused:
        moved = refused.parameters.get("migrate_to_chat_id")
        key = "group_moved" if moved else "group_not_found"
        yield Finding(key, {**named, "new": str(moved or "")}, grave=not moved)
        return
    if bot.get("status") in {"left", "kicked"}:
        yield Finding("group_not_inside", named, grave=True)
        return
    if bot.get("status") not in {"administrator", "creator"}:
        reads = me.get("can_read_all_group_messages") is True
        yield Finding("group_no_admin" if reads else "group_no_admin_and_privacy", named, grave=not reads)
        return
    if room.get("is_forum") is not True:
        yield Finding("group_plain", named, good=True)
    elif bot.get("can_manage_topics") is not True:
        yield Finding("group_no_topics_right", named, grave=True)
    else:
        yield Finding("group_forum", named, good=True)
