"""What may be wrong between the program and the Cloud API, asked of Meta itself.

Owns the points that are checked on WhatsApp: token, number, clock, and whether the template may be sent. Refuses to
change anything there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from chatbot.channels.base import ChannelDown, Finding, Rejected, SendError
from chatbot.channels.clock import clock_finding
from chatbot.channels.payload import objects_in, text_in
from chatbot.channels.whatsapp_parse import CHANNEL
from chatbot.channels.whatsapp_request import GraphClient

_MAY_BE_SENT = frozenset({"APPROVED", "REINSTATED", "FLAGGED", "LOCKED"})
_UNDER_REVIEW = frozenset({"PENDING", "IN_APPEAL"})


@dataclass(frozen=True, slots=True)
class Template:
    """The template that tells of a waiting answer, and whose it is; without an account Meta cannot be asked of it."""

    name: str
    locale: str
    account: str


async def examine(
    client: GraphClient, *, number: str, template: Template, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """Yield what is found, good and bad.

    Args:
        client: the open transport.
        number: our phone number's id.
        template: as it is set.
        clock: aware UTC time.
    """
    asked_at = clock()
    try:
        found = await client.get(number, {"fields": "display_phone_number,verified_name"})
    except SendError as error:
        yield _refusal(error)
        return
    name = text_in(found, "verified_name") or text_in(found, "display_phone_number")
    works = ("channel_down", "unreachable")
    yield Finding("whatsapp_number", {"name": name}, good=True, clears=works, about=CHANNEL)
    if clock_is := clock_finding(client.date, asked_at, clock()):
        yield clock_is
    unknown = ("template_refused",)
    if not template.name:
        yield Finding("whatsapp_no_template", clears=unknown, about=CHANNEL)
    elif not template.account:
        yield Finding("whatsapp_template_unasked", {"name": template.name}, clears=unknown, about=CHANNEL)
    else:
        yield await _template(client, template)


def _refusal(error: SendError) -> Finding:
    if isinstance(error, ChannelDown | Rejected):
        key = "whatsapp_token_wrong" if isinstance(error, ChannelDown) else "whatsapp_number_wrong"
        code = {"code": error.code}
        return Finding(key, code, grave=True, alarm="channel_down", clears=("unreachable",), about=CHANNEL)
    return Finding("whatsapp_unreachable", grave=True, alarm="unreachable", about=CHANNEL)


async def _template(client: GraphClient, template: Template) -> Finding:
    named = {"name": template.name, "locale": template.locale}
    # Meta finds every template whose name holds these words.
    query = {"name": template.name, "fields": "name,language,status", "limit": "200"}
    try:
        answer = await client.get(f"{quote(template.account, safe='')}/message_templates", query)
    except SendError as error:
        return Finding("whatsapp_template_unknown", {**named, "code": error.code})
    status = next(
        (
            text_in(one, "status")
            for one in objects_in(answer, "data")
            if (text_in(one, "name"), text_in(one, "language")) == (template.name, template.locale)
        ),
        "",
    )
    if status in _MAY_BE_SENT:
        return Finding("whatsapp_template", named, good=True, clears=("template_refused",), about=CHANNEL)
    if status in _UNDER_REVIEW:
        return Finding("whatsapp_template_waits", named, clears=("template_refused",), about=CHANNEL)
    key = "whatsapp_template_refused" if status else "whatsapp_template_missing"
    return Finding(key, {**named, "status": status}, grave=True, alarm="template_refused", about=CHANNEL)
