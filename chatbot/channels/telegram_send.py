"""Performing one outbound call on Telegram.

Owns how our rich text, choices and files look there, and which refusals mean that the wish is already fulfilled.
Refuses rates, retries and order, which are the caller's. Limits: Bot API 10.0.
"""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    TelegramObject,
)
from telegram.constants import ParseMode

from chatbot.channels.base import PlaceGone, Rejected, SendError, SendResult, TooLarge, plain, utf16_length
from chatbot.channels.telegram_preview import preview
from chatbot.channels.telegram_request import AiohttpRequest, NoAnswer, NoConnection, Refused, send_error
from chatbot.core.message import Choice, File, Kind, Outbound, Task

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_UPLOAD = 50 * 1000 * 1000

_TITLE = 128
_PRESS_ANSWER = 200
_BUTTONS_IN_ROWS = 3
_WIDTHS = {2: 14, 3: 9}  # characters of a label that a narrow phone shows with so many buttons in a row
_MENTIONS = 50
_FORUM_KNOWN_FOR = 300.0  # seconds
_PLACED = {Task.TEXT, Task.MEDIA, Task.ALBUM, Task.COPY}  # tasks whose topic id Telegram overlooks without topics
_UNFIT_FOR_NAME = re.compile(r"[\x00-\x1f\x7f/\\\"]+")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")


class TelegramSender:
    """Turns outbound rows into Bot API calls.

    Args:
        bot: PTB's client.
        request: the transport under it, for answers wanted as plain JSON.
    """

    def __init__(self, bot: Bot, request: AiohttpRequest) -> None:
        self._bot = bot
        self._request = request
        self._forums: dict[str, tuple[float, bool]] = {}
        self._tasks: Mapping[Task, Callable[[Outbound], Awaitable[SendResult]]] = {
            Task.TEXT: self._text,
            Task.MEDIA: self._media,
            Task.ALBUM: self._album,
            Task.COPY: self._copy,
            Task.EDIT: self._edit,
            Task.TOPIC: self._topic,
            Task.CLOSE_TOPIC: self._close_topic,
            Task.REOPEN_TOPIC: self._reopen_topic,
            Task.ANSWER_PRESS: self._answer_press,
            Task.DELETE: self._delete,
            Task.LEAVE: self._leave,
        }

    async def perform(self, message: Outbound) -> SendResult:
        """Perform one call.

        Raises:
            Rejected: Telegram has no such task, or an id is none.
            TelegramError: as the transport raises it.
        """
        perform = self._tasks.get(message.task)
        if perform is None:
            raise Rejected("unsupported")
        if message.thread and message.task in _PLACED:
            _number(message.thread)  # what is no id was never a topic that could be gone
            if not await self._is_forum(message.to):
                raise PlaceGone("topic")  # Telegram would overlook it, and the words would stand anywhere
        return await perform(message)

    async def _text(self, message: Outbound) -> SendResult:
        mentions = _named(message) or (await self._mentions(message) if message.mention_admins else "")

        async def call(text: str, mode: str | None) -> Any:
            # Nearly all that is sent is text: PTB's objects for the call and its answer cost more than all else of it.
            values = {
                "text": text + (mentions if mode else ""),
                "parse_mode": mode,
                "link_preview_options": _NO_PREVIEW,
                "reply_markup": _keyboard(message),
                **_placing(message),
            }
            return await self._request.call("sendMessage", _as_json(values))

        sent = await _rich(message.text, call)
        return await self._placed(message, sent["message_id"], sent.get("message_thread_id"))

    async def _media(self, message: Outbound) -> SendResult:
        file = message.file
        if file is None:
            raise Rejected("no_file")
        if file.size > MAX_UPLOAD:
            raise TooLarge("too_large")
        as_voice = file.kind is Kind.VOICE and file.mime.startswith("audio/ogg")
        small = await asyncio.to_thread(preview, file)
        common: dict[str, Any] = {"reply_markup": _inline(message.choices), **_placing(message)}

        async def call(text: str, mode: str | None) -> Message:
            try:
                content = await asyncio.to_thread(Path(file.path).open, "rb")
            except OSError:
                raise Rejected("no_file") from None
            with content:
                upload = InputFile(content, filename=_file_name(file), read_file_handle=False)
                caption: dict[str, Any] = {"caption": text or None, "parse_mode": mode}
                if message.as_picture:
                    return await self._picture(upload, **caption, **common)
                if as_voice:
                    return await self._bot.send_voice(voice=upload, **caption, **common)
                # As a document, and not taken for a film or a moving picture: evidence arrives byte for byte.
                return await self._bot.send_document(
                    document=upload, thumbnail=small, disable_content_type_detection=True, **caption, **common
                )

        sent = await _rich(message.text, call)
        return await self._placed(message, sent.message_id, sent.message_thread_id)

    async def _picture(self, upload: InputFile, **how: Any) -> Message:
        try:
            return await self._bot.send_photo(photo=upload, **how)
        except Refused as error:
            if not _says(error, "rights to send photos"):
                raise
            raise Rejected(error.code) from None  # the group can be written to all the same

    async def _album(self, message: Outbound) -> SendResult:
        """Files as one album of documents: Telegram takes no mixed albums, and documents arrive byte for byte."""
        if any(file.size > MAX_UPLOAD for file in message.files):
            raise TooLarge("too_large")
        previews = [await asyncio.to_thread(preview, file) for file in message.files]
        with ExitStack() as opened:
            try:
                contents = [
                    opened.enter_context(await asyncio.to_thread(Path(file.path).open, "rb")) for file in message.files
                ]
            except OSError:
                raise Rejected("no_file") from None
            media = [
                InputMediaDocument(
                    InputFile(content, filename=_file_name(file), read_file_handle=False, attach=True),
                    thumbnail=small,
                    disable_content_type_detection=True,
                )
                for file, content, small in zip(message.files, contents, previews, strict=True)
            ]
            sent = await self._bot.send_media_group(media=media, **_placing(message))
        return SendResult(tuple(str(one.message_id) for one in sent))

    async def _copy(self, message: Outbound) -> SendResult:
        wanted = sorted({_number(item) for item in message.messages})
        if not wanted:
            raise Rejected("nothing_to_copy")
        placing = _placing(message)
        if len(wanted) > 1:
            placing.pop("reply_parameters")
            copies = await self._bot.copy_messages(
                from_chat_id=message.source, message_ids=wanted, remove_caption=True, **placing
            )
            ids = tuple(str(copy.message_id) for copy in copies)
            return SendResult(ids, skipped=len(wanted) - len(ids))

        async def call(text: str, mode: str | None) -> Any:
            return await self._bot.copy_message(
                from_chat_id=message.source,
                message_id=wanted[0],
                caption=text,  # an empty one too: without one the author's own would be kept
                parse_mode=mode,
                reply_markup=_inline(message.choices),
                **placing,
            )

        copied = await _rich(message.text, call)
        return SendResult((str(copied.message_id),))

    async def _edit(self, message: Outbound) -> SendResult:
        fixed: dict[str, Any] = {
            "chat_id": message.to,
            "message_id": _number(message.target),
            "reply_markup": _inline(message.choices),
        }

        async def call(text: str, mode: str | None) -> Any:
            return await self._bot.edit_message_text(text, parse_mode=mode, link_preview_options=_NO_PREVIEW, **fixed)

        async def call_caption(text: str, mode: str | None) -> Any:
            return await self._bot.edit_message_caption(caption=text, parse_mode=mode, **fixed)

        try:
            await _unless(_rich(message.text, call), "message is not modified")
        except Refused as error:
            if not _says(error, "no text in the message"):
                raise
            # It is a file, and its words are a caption.
            await _unless(_rich(message.text, call_caption), "message is not modified")
        return SendResult((message.target,))

    async def _topic(self, message: Outbound) -> SendResult:
        if not await self._is_forum(message.to):
            return SendResult()
        try:
            topic = await self._bot.create_forum_topic(message.to, plain(message.title)[:_TITLE])
        except Refused as error:
            if not _says(error, "not a forum", "not enough rights"):
                raise
            self._forums.pop(message.to, None)
            return SendResult()
        return SendResult(thread=str(topic.message_thread_id))

    async def _close_topic(self, message: Outbound) -> SendResult:
        call = self._bot.close_forum_topic(message.to, _number(message.thread))
        await _unless(call, "topic_not_modified", "not enough rights", "not a forum")
        return SendResult()

    async def _reopen_topic(self, message: Outbound) -> SendResult:
        call = self._bot.reopen_forum_topic(message.to, _number(message.thread))
        await _unless(call, "topic_not_modified", "not enough rights", "not a forum")
        return SendResult()

    async def _answer_press(self, message: Outbound) -> SendResult:
        text = plain(message.text)[:_PRESS_ANSWER]
        # A press is forgotten after a short while; the answer only stops a spinner.
        await _unless(self._bot.answer_callback_query(message.target, text=text or None), "query is too old")
        return SendResult()

    async def _delete(self, message: Outbound) -> SendResult:
        await _unless(self._bot.delete_message(message.to, _number(message.target)), "message to delete not found")
        return SendResult()

    async def _leave(self, message: Outbound) -> SendResult:
        await _unless(self._bot.leave_chat(message.to), "bot is not a member", "bot was kicked", "chat not found")
        self._forums.pop(message.to, None)
        return SendResult()

    async def _placed(self, message: Outbound, message_id: int, thread: int | None) -> SendResult:
        """What was sent, if it stands in its topic; where topics were switched off meanwhile, it is taken back.

        Raises:
            PlaceGone: the group has no topics any more.
        """
        if message.thread and thread is None:
            self._forums.pop(message.to, None)
            if not await self._is_forum(message.to):
                with suppress(SendError):  # then it stands there twice
                    await self._bot.delete_message(message.to, message_id)
                raise PlaceGone("topic")
        return SendResult((str(message_id),))

    async def _is_forum(self, chat: str) -> bool:
        known = self._forums.get(chat)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        found = await self._request.call("getChat", {"chat_id": chat})
        forum = isinstance(found, dict) and found.get("is_forum") is True
        self._forums[chat] = (time.monotonic() + _FORUM_KNOWN_FOR, forum)
        return forum

    async def _mentions(self, message: Outbound) -> str:
        # The alert goes out without them rather than not at all.
        try:
            members = await self._request.call("getChatAdministrators", {"chat_id": message.to})
        except Refused as error:
            if isinstance(send_error(error), PlaceGone):
                raise
            return ""
        except (NoAnswer, NoConnection):
            return ""
        people = [member.get("user", {}) for member in members if isinstance(member, dict)]
        ids = [who["id"] for who in people if isinstance(who.get("id"), int) and who.get("is_bot") is not True]
        links = "".join(f'<a href="tg://user?id={number}">\N{BULLET}</a>' for number in ids[:_MENTIONS])
        fits = utf16_length(plain(message.text)) + len(ids) + 1 <= MAX_TEXT
        return f"\n{links}" if links and fits else ""


def _named(message: Outbound) -> str:
    """The people that a message names, behind its words; nobody where that would be too long.

    A name is anybody's free text: it is escaped, and stands in a link of our own making.
    """
    people = [one for one in message.mentions if one.id.isascii() and one.id.isdigit()][:_MENTIONS]
    names = [one.name.strip() or "\N{BULLET}" for one in people]
    links = [
        f'<a href="tg://user?id={one.id}">{html.escape(name)}</a>' for one, name in zip(people, names, strict=True)
    ]
    shown = f"\n{', '.join(names)}"
    fits = utf16_length(plain(message.text)) + utf16_length(shown) <= MAX_TEXT
    return f"\n{', '.join(links)}" if links and fits else ""


async def _rich(text: str, call: Callable[[str, str | None], Awaitable[T]]) -> T:
    """Send rich text; where Telegram cannot read the marks, the words without them: never drop a message for those."""
    try:
        return await call(text, ParseMode.HTML)
    except Refused as error:
        if not _says(error, "can't parse entities"):
            raise
        return await call(plain(text), None)


async def _unless(call: Awaitable[Any], *fulfilled: str) -> None:
    """Await a call, and take refusals that say the wish is fulfilled, or beyond fulfilling, for success."""
    try:
        await call
    except Refused as error:
        if not _says(error, *fulfilled):
            raise


def _says(error: Refused, *words: str) -> bool:
    return any(word in error.reason for word in words)


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call that are given, PTB's objects as what they stand for."""
    return {
        name: value.to_dict() if isinstance(value, TelegramObject) else value
        for name, value in values.items()
        if value is not None
    }


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Rejected("bad_id") from None


def is_private(chat: str) -> bool:
    """Whether a chat id is one person's: those of groups and channels are negative."""
    return not chat.startswith("-")


def _placing(message: Outbound) -> dict[str, Any]:
    """Where a message goes and how loudly; groups are quiet unless it is urgent."""
    reply = ReplyParameters(_number(message.reply_to), allow_sending_without_reply=True) if message.reply_to else None
    return {
        "chat_id": message.to,
        "message_thread_id": _number(message.thread) if message.thread else None,
        "disable_notification": not (message.urgent or is_private(message.to)),
        "reply_parameters": reply,
    }


def _keyboard(message: Outbound) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    if message.choices or not (message.asks_place and is_private(message.to)):
        return _inline(message.choices)
    # A location can be asked for by a reply keyboard only, and only in private chats.
    button = KeyboardButton(message.list_label or "\N{ROUND PUSHPIN}", request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def _inline(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    if not choices:
        return None
    buttons = [InlineKeyboardButton(choice.label, callback_data=choice.payload) for choice in choices]
    widest = max(len(choice.label) for choice in choices)
    in_row = next((n for n in (3, 2) if len(buttons) <= _BUTTONS_IN_ROWS and widest <= _WIDTHS[n]), 1)
    return InlineKeyboardMarkup([buttons[start : start + in_row] for start in range(0, len(buttons), in_row)])


def _file_name(file: File) -> str:
    return _UNFIT_FOR_NAME.sub("_", html.unescape(file.name)).strip() or Path(file.path).name
