"""Performing one outbound call on WhatsApp.

Owns how our rich text, choices and files look there. Refuses rates, retries, windows and order, which are the caller's.
Limits: Meta's reference of the messages and media endpoints.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

import aiohttp

from chatbot.channels.base import Rejected, SendError, SendResult, TooLarge, Uncertain, Unreachable
from chatbot.channels.payload import Json, objects_in, text_in
from chatbot.channels.whatsapp_request import GraphClient
from chatbot.channels.whatsapp_text import wa_parts
from chatbot.core.message import Choice, File, Kind, Outbound, Task

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_UPLOAD = 100 * 1000 * 1000

_MAX_BODY = 1024  # of a message with buttons, a list or a location request
_MAX_BUTTONS = 3
# Meta measures an upload by its MIME type, even one that is then sent as a document.
_MAX_UPLOADS = {"image": 5 * 1000 * 1000, "audio": 16 * 1000 * 1000, "video": 16 * 1000 * 1000}
_MAX_STICKER = 500 * 1000
_IMAGES = frozenset({"image/jpeg", "image/png"})
_LIST_LABEL = "\N{TRIGRAM FOR HEAVEN}"  # three bars, where the caller gives no word
_UPLOAD_LIVES = 25 * 24 * 3600.0  # seconds; Meta keeps uploads 30 days
_REMEMBERED = 2000
_UNFIT_FOR_NAME = re.compile(r"[\x00-\x1f\x7f/\\\"]+")

K = TypeVar("K")
V = TypeVar("V")


class WhatsAppSender:
    """Turns outbound rows into Cloud API calls.

    One row can need several messages (a long text before its buttons, a voice note before its words). What of it is
    out is remembered for this process, so that a second try goes on instead of beginning again.

    Args:
        client: the wire.
        phone_number_id: our number.
        template: name of the approved template; empty: none.
        template_locale: its language.
    """

    def __init__(self, client: GraphClient, phone_number_id: str, template: str, template_locale: str) -> None:
        self._client = client
        self._messages = f"{phone_number_id}/messages"
        self._media = f"{phone_number_id}/media"
        self._template = template
        self._template_locale = template_locale
        self._uploads: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()
        self._done: OrderedDict[int, tuple[str, ...]] = OrderedDict()
        self._tasks: Mapping[Task, Callable[[Outbound], Awaitable[list[Json]]]] = {
            Task.TEXT: self._text,
            Task.MEDIA: self._file,
            Task.TEMPLATE: self._approved,
        }

    async def perform(self, message: Outbound) -> SendResult:
        """Perform one call.

        Raises:
            SendError: one of the closed list.
        """
        compose = self._tasks.get(message.task)
        if compose is None:
            raise Rejected("unsupported")
        contents = await compose(message)
        sent = self._done.pop(message.id, ())
        for content in contents[len(sent) :]:
            try:
                sent = (*sent, await self._post(message, content, first=not sent))
            except SendError as error:
                if sent and message.id and not isinstance(error, Rejected):
                    _remember(self._done, message.id, sent)
                if isinstance(error, Rejected | Unreachable) and message.file is not None:
                    # Perhaps it is the upload that Meta no longer knows.
                    self._uploads.pop(_upload_key(message.file), None)
                raise
        return SendResult(sent)

    async def _post(self, message: Outbound, content: Json, *, first: bool) -> str:
        # A scoped id has a dot in it, a number never.
        body: Json = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "recipient" if "." in message.to else "to": message.to,
            "biz_opaque_callback_data": str(message.id),
            **content,
        }
        if message.reply_to and first:
            body["context"] = {"message_id": message.reply_to}
        answer = await self._client.post(self._messages, body)
        sent = text_in(next(iter(objects_in(answer, "messages")), {}), "id")
        if not sent:
            raise Uncertain("no_id")
        return sent

    async def _text(self, message: Outbound) -> list[Json]:
        if not message.choices and not message.asks_place:
            return [_plain_text(part) for part in wa_parts(message.text, MAX_TEXT)]
        # The buttons belong under the end of the text, so what is too long for them goes ahead of it.
        *ahead, last = wa_parts(message.text, _MAX_BODY)
        return [*(_plain_text(part) for part in ahead), _interactive(message, last)]

    async def _file(self, message: Outbound) -> list[Json]:
        file = message.file
        if file is None:
            raise Rejected("no_file")
        if message.choices:
            raise Rejected("choices_with_file")
        if file.size > _limit(_mime(file)):
            raise TooLarge("too_large")
        kind = _kind_of(file)
        media: Json = {"id": await self._uploaded(file)}
        words = list(wa_parts(message.text, MAX_CAPTION)) if message.text else []
        if kind == "audio":
            media["voice"] = True
        elif words:
            media["caption"] = words.pop(0)
        if kind == "document":
            media["filename"] = _UNFIT_FOR_NAME.sub("_", file.name) or Path(file.path).name
        return [{"type": kind, kind: media}, *map(_plain_text, words)]

    async def _approved(self, message: Outbound) -> list[Json]:
        _ = message
        if not self._template:
            raise Rejected("no_template")
        template = {"name": self._template, "language": {"code": self._template_locale}}
        return [{"type": "template", "template": template}]

    async def _uploaded(self, file: File) -> str:
        key = _upload_key(file)
        known = self._uploads.get(key)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        try:
            content = await asyncio.to_thread(Path(file.path).open, "rb")
        except OSError:
            raise Rejected("no_file") from None
        with content:
            form = aiohttp.FormData()
            form.add_field("messaging_product", "whatsapp")
            form.add_field("type", key[1])
            form.add_field("file", content, filename=Path(file.path).name, content_type=key[1])
            answer = await self._client.upload(self._media, form)
        media_id = text_in(answer, "id")
        if not media_id:
            raise Unreachable("no_id")
        _remember(self._uploads, key, (time.monotonic() + _UPLOAD_LIVES, media_id))
        return media_id


def _plain_text(text: str) -> Json:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _interactive(message: Outbound, body: str) -> Json:
    shown: Json = {"body": {"text": body}}
    if not message.choices:
        shown |= {"type": "location_request_message", "action": {"name": "send_location"}}
    elif len(message.choices) <= _MAX_BUTTONS:
        buttons = [
            {"type": "reply", "reply": {"id": choice.payload, "title": choice.label}} for choice in message.choices
        ]
        shown |= {"type": "button", "action": {"buttons": buttons}}
    else:
        rows = [_row(choice) for choice in message.choices]
        shown |= {"type": "list", "action": {"button": message.list_label or _LIST_LABEL, "sections": [{"rows": rows}]}}
    return {"type": "interactive", "interactive": shown}


def _row(choice: Choice) -> Json:
    row = {"id": choice.payload, "title": choice.label}
    return row | {"description": choice.description} if choice.description else row


def _kind_of(file: File) -> str:
    """How a file travels: as a document, so that nothing is recompressed, unless it is a photo or a voice note."""
    mime = _mime(file)
    if file.kind is Kind.PHOTO and mime in _IMAGES:
        return "image"
    if file.kind is Kind.VOICE and mime == "audio/ogg":
        return "audio"
    return "document"


def _mime(file: File) -> str:
    return file.mime.partition(";")[0].strip().lower() or "application/octet-stream"


def _limit(mime: str) -> int:
    return _MAX_STICKER if mime == "image/webp" else _MAX_UPLOADS.get(mime.partition("/")[0], MAX_UPLOAD)


def _upload_key(file: File) -> tuple[str, str]:
    return file.path, _mime(file)


def _remember(memory: OrderedDict[K, V], key: K, value: V) -> None:
    memory[key] = value
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
