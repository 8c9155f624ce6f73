"""Telegram: one bot, by long polling or by webhook.

Owns authentication, set-up, polling, reading and fetching for one bot account; parsing, sending and the wire are in
``telegram_parse``, ``telegram_send`` and ``telegram_request``. Refuses storage, order, rates and every decision.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from chatbot.channels.base import (
    Capabilities,
    FetchError,
    Finding,
    Parsed,
    Route,
    SendResult,
    Standing,
    TooLarge,
    Unauthenticated,
    Uncertain,
)
from chatbot.channels.payload import header, whole_in
from chatbot.channels.telegram_examine import examine
from chatbot.channels.telegram_parse import CHANNEL, UPDATE_KINDS, is_present, parse_update, polled
from chatbot.channels.telegram_request import AiohttpRequest, NoAnswer, Refused, Unreadable, send_error
from chatbot.channels.telegram_send import MAX_CAPTION, MAX_TEXT, MAX_UPLOAD, TelegramSender, is_private
from chatbot.core.message import Attachment, Outbound

PATH = "/webhooks/telegram"

_MAX_FETCH = 20 * 1000 * 1000
_POLL = 30  # seconds the server holds a poll open
_POLL_MARGIN = 15
_POLL_LIMIT = 100
_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})')
_WEBHOOK_CONNECTIONS = 100  # as many as Telegram opens: each waits for a flush that it shares with the others


def _now() -> datetime:
    return datetime.now(UTC)


class TelegramChannel:
    """One bot.

    Args:
        token: the bot's token, ``<bot id>:<secret>``.
        api_url: base of the API without ``/bot``.
        polling: long polling; else webhook.
        webhook_url: public base of ours, to which the path is added; unused when polling.
        secret: what Telegram repeats in a header of each webhook; unused when polling.
        clock: aware UTC time, for updates that carry none (button presses).
    """

    name = CHANNEL
    capabilities = Capabilities(
        max_text=MAX_TEXT,
        max_caption=MAX_CAPTION,
        max_upload=MAX_UPLOAD,
        max_fetch=_MAX_FETCH,
        buttons=10,
        reply_window=None,
        person_burst=5,
        person_interval=timedelta(seconds=1),
        edits=True,
    )

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        polling: bool,
        webhook_url: str,
        secret: str,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.account = token.partition(":")[0]
        self._polling = polling
        self._webhook_url = webhook_url
        self._secret = secret
        self._clock = clock
        base, files = f"{api_url.rstrip('/')}/bot", f"{api_url.rstrip('/')}/file/bot"
        self._file_url = f"{files}{token}"
        self._request = AiohttpRequest(f"{base}{token}")
        self._bot = Bot(
            token,
            base_url=base,
            base_file_url=files,
            request=self._request,
            get_updates_request=self._request,
        )
        self._sender = TelegramSender(self._bot, self._request)
        self._offset = 0
        self._polled_from = 0
        self._limit = _POLL_LIMIT
        self.user_name = ""  # known once ``identify`` has asked

    def routes(self) -> Sequence[Route]:
        """The webhook; none when polling."""
        return () if self._polling else (Route(PATH),)

    def challenge(self, query: Mapping[str, str]) -> str:
        """Telegram has no handshake.

        Raises:
            Unauthenticated: always.
        """
        _ = query
        raise Unauthenticated("no_handshake")

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the secret header.

        Raises:
            Unauthenticated: 401 without the header, 403 with another secret, or where none is set.
        """
        _ = body
        shown = header(headers, "X-Telegram-Bot-Api-Secret-Token")
        if shown is None:
            raise Unauthenticated("no_secret", 401)
        # As bytes, for comparing texts raises on what is not ASCII.
        same = hmac.compare_digest(shown.encode(errors="surrogatepass"), self._secret.encode())
        if not self._secret or not same:
            raise Unauthenticated("wrong_secret")

    def parse(self, body: bytes) -> Parsed:
        """Read one update.

        Raises:
            Unparsable: it is no JSON object.
        """
        return parse_update(body, account=self.account, clock=self._clock)

    async def open(self) -> None:
        """Open the session. Telling Telegram where we are is ``connect``, which can fail and be tried again."""
        await self._request.initialize()

    async def close(self) -> None:
        """Give the connections back."""
        await self._request.shutdown()

    async def identify(self) -> None:
        """Ask what we are called, by which commands in groups may name us.

        Raises:
            SendError: Telegram refused or could not be reached; try again.
        """
        try:
            self.user_name = (await self._bot.get_me()).username or ""
        except TelegramError as error:
            raise send_error(error) from None

    async def connect(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Tell Telegram how we receive, and which commands to show in private chats.

        Updates that are waiting there are kept: they are citizens' messages.

        Args:
            commands: (command, description) for each two-letter language; the first language is everyone else's too,
                unless "" is given.

        Raises:
            SendError: Telegram refused or could not be reached; try again.
        """
        try:
            if self._polling:
                await self._bot.delete_webhook(drop_pending_updates=False)
            else:
                await self._bot.set_webhook(
                    url=self._webhook_url.rstrip("/") + PATH,
                    secret_token=self._secret,
                    allowed_updates=UPDATE_KINDS,
                    max_connections=_WEBHOOK_CONNECTIONS,
                    drop_pending_updates=False,
                )
            menus = {"": next(iter(commands.values()), ()), **commands}
            for language, entries in menus.items():
                await self._bot.set_my_commands(
                    [BotCommand(command, description) for command, description in entries],
                    scope=BotCommandScopeAllPrivateChats(),
                    language_code=language,
                )
        except TelegramError as error:
            raise send_error(error) from None

    async def poll(self) -> list[bytes]:
        """Wait for updates and return each as JSON.

        Telegram forgets them with the *next* call, so the caller stores them in between, or calls ``rewind``. Where an
        answer can never be read, updates come one by one until the one at fault is found; that one is returned as the
        answer that held it, to be set aside.

        Raises:
            SendError: Telegram refused or could not be reached; ``ChannelDown`` with code "409" where someone else
                polls, or a webhook is set.
        """
        asked = {"offset": self._offset, "timeout": _POLL, "limit": self._limit, "allowed_updates": UPDATE_KINDS}
        try:
            updates = await self._request.call("getUpdates", asked, answer_within=_POLL + _POLL_MARGIN)
        except Unreadable as unreadable:
            return self._passed_over(unreadable)
        except TelegramError as error:
            raise send_error(error) from None
        if not isinstance(updates, list):
            raise Uncertain("unreadable")
        self._polled_from = self._offset
        if not updates:
            self._limit = _POLL_LIMIT
        ids = [number for number in map(polled, updates) if number is not None]
        if ids:
            # Not "never backwards": after a quiet week ids begin anywhere.
            self._offset = max(ids) + 1
        return [json.dumps(update, separators=(",", ":")).encode() for update in updates]

    def _passed_over(self, unreadable: Unreadable) -> list[bytes]:
        """What to keep of an answer that can never be read, and be past its update."""
        if self._limit > 1:
            self._limit = 1
            return []
        numbered = _UPDATE_ID.search(unreadable.payload)
        if numbered is None:
            raise Uncertain(unreadable.message)
        self._polled_from, self._offset = self._offset, int(numbered[1]) + 1
        self._limit = _POLL_LIMIT
        return [unreadable.payload]

    def rewind(self) -> None:
        """Have the last poll's updates again with the next one, because they could not be stored."""
        self._offset = self._polled_from

    async def send(self, message: Outbound) -> SendResult:
        """Perform one call.

        Raises:
            SendError: one of the closed list.
        """
        try:
            return await self._sender.perform(message)
        except TelegramError as error:
            raise send_error(error, private=is_private(message.to)) from None
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # PTB's types raise these on an answer they cannot read; by then the message is out.
            raise Uncertain(type(error).__name__) from None

    def examine(self, groups: Mapping[str, str]) -> AsyncIterator[Finding]:
        """What may be wrong between us, Telegram and these groups (role to chat id); changes nothing."""
        webhook = "" if self._polling else self._webhook_url.rstrip("/") + PATH
        return examine(self._request, account=self.account, webhook=webhook, groups=groups, clock=self._clock)

    async def standing(self, chat_id: str, user_id: str) -> Standing:
        """What a person is in a chat now.

        Raises:
            SendError: it could not be found out; refuse.
        """
        member = await self._member(chat_id, user_id)
        if member.get("status") in {"creator", "administrator"}:
            return Standing.ADMINISTRATOR
        return Standing.MEMBER if is_present(member) else Standing.STRANGER

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of a file.

        Raises:
            FetchError: while iterating; for one that ends before its stated size after the last byte.
        """
        try:
            found = await self._request.call("getFile", {"file_id": attachment.ref})
        except TelegramError as error:
            raise _fetch_error(error) from None
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or path.startswith("/") or ".." in path:
            raise FetchError("no_path", permanent=True)
        size = 0
        async for chunk in self._request.download(f"{self._file_url}/{quote(path)}", _MAX_FETCH):
            size += len(chunk)
            yield chunk
        if size < (whole_in(found, "file_size") or 0):
            raise FetchError("cut_off")

    async def _member(self, chat_id: str, user_id: str) -> dict[str, Any]:
        member = await self._call("getChatMember", {"chat_id": chat_id, "user_id": user_id})
        if not isinstance(member, dict):
            raise Uncertain("unreadable")
        return member

    async def _call(self, endpoint: str, values: dict[str, Any]) -> Any:
        try:
            return await self._request.call(endpoint, values)
        except TelegramError as error:
            raise send_error(error) from None


def _fetch_error(error: TelegramError) -> FetchError:
    if isinstance(error, Refused):
        too_large = isinstance(send_error(error), TooLarge)
        # "wrong file_id or the file is temporarily unavailable" may pass, so only the size is final.
        return FetchError(error.code, permanent=too_large, too_large=too_large)
    return FetchError("no_answer" if isinstance(error, NoAnswer) else "no_connection")
