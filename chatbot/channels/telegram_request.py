"""Telegram's wire: PTB's request seam over one aiohttp session, and what each refusal means to us.

Owns timeouts, the session and the map from Telegram's errors to the closed list of send errors. Refuses to know any
method. The token is part of every URL, so nothing raised here carries a URL, an aiohttp exception or its text.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from chatbot.channels.base import (
    ChannelDown,
    ContactStopped,
    FetchError,
    PlaceGone,
    Rejected,
    SendError,
    Throttled,
    TooLarge,
    Uncertain,
    Unreachable,
)
from chatbot.channels.payload import at_most

_CONNECT = 5.0
_ANSWER = 20.0
_UPLOAD = 300.0  # 50 MB over a slow line
_CONNECTIONS = 100
_CHUNK = 64 * 1024
_LONGEST_WAIT = 24 * 3600
_LONGEST_ANSWER = 64 * 1024 * 1024  # a hundred updates of the half mebibyte that the server takes at most, and more
_DEFAULT_WAIT = 10  # seconds, where a 429 does not say or says nonsense
_OK = 200
_OUR_FAULT = 400
_FORBIDDEN = 403
_BODY_TOO_LARGE = 413
_TOO_MANY = 429
_SERVER_FAULT = 500
_REASON = re.compile(r"[^A-Za-z0-9_' ]+")


class Refused(TelegramError):
    """Telegram answered, and the answer is no.

    Attributes:
        status: HTTP status.
        reason: Telegram's words in lower case, without the prefix ("chat not found").
        parameters: ``retry_after``, ``migrate_to_chat_id``.
    """

    def __init__(self, status: int, description: str = "", parameters: Any = None) -> None:
        super().__init__(str(status))
        self.status = status
        prefix, _, rest = description.partition(": ")
        self.reason = (rest or prefix).lower()
        self.parameters: dict[str, Any] = parameters if isinstance(parameters, dict) else {}

    @property
    def code(self) -> str:
        """Status and the first words of the reason. Behind a colon the server may quote the message, so no further."""
        if self.status not in {400, 403}:
            return str(self.status)
        return f"{self.status} {_REASON.sub(' ', self.reason.partition(':')[0])[:60].strip()}"


class NoConnection(TelegramError):
    """The request never left this machine."""


class NoAnswer(TelegramError):
    """The request was sent and no answer that can be read came back."""


class Unreadable(NoAnswer):
    """An answer came whole, or longer than any answer is, and no try will ever read it. ``payload`` is what came."""

    def __init__(self, message: str, payload: bytes) -> None:
        super().__init__(message)
        self.payload = payload


class AiohttpRequest(BaseRequest):
    """PTB's transport over one aiohttp session.

    Args:
        url: base of the API with ``/bot<token>``.
    """

    __slots__ = ("_session", "_url", "date")

    def __init__(self, url: str) -> None:
        self._url = url
        self.date = ""  # the header of the latest answer: what time Telegram has
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer once the body is sent."""
        return _ANSWER

    async def initialize(self) -> None:
        """Open the session; connections are made when first needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Perform one call for PTB; the time limits are ours, whatever PTB asks.

        Raises:
            Refused: Telegram said no.
            NoConnection: nothing was sent.
            NoAnswer: it was sent, and what became of it is unknown.
        """
        _ = method, read_timeout, write_timeout, connect_timeout, pool_timeout
        if request_data is None or not request_data.contains_files:
            return _OK, await self._post(url, request_data.json_parameters if request_data else {}, _ANSWER)
        form = aiohttp.FormData(quote_fields=False)  # Telegram takes file names as plain UTF-8
        for name, value in request_data.json_parameters.items():
            form.add_field(name, value)
        for name, (filename, content, mime) in request_data.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=mime)
        return _OK, await self._post(url, form, _UPLOAD)

    async def call(self, endpoint: str, values: dict[str, Any], *, answer_within: float | None = None) -> Any:
        """Call a method whose answer is wanted as plain JSON: PTB's types raise on fields that are new or missing.

        Args:
            endpoint: the method's name.
            values: its parameters; nested ones are encoded here.
            answer_within: seconds to wait for the answer, where it is not the usual time.

        Raises:
            Refused, NoConnection, NoAnswer: as ``do_request``.
        """
        data = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
        within = self.read_timeout if answer_within is None else answer_within
        return self.parse_json_payload(await self._post(f"{self._url}/{endpoint}", data, within))["result"]

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. PTB's own reading logs what it cannot read, which may be a citizen's text.

        Raises:
            NoAnswer: it is no Bot API answer.
        """
        if len(payload) > _LONGEST_ANSWER:
            raise Unreadable("too_long", payload)
        try:
            answer = json.loads(payload)
        except RecursionError:
            raise Unreadable("too_deep", payload) from None
        except ValueError:
            raise NoAnswer("unreadable") from None
        if not isinstance(answer, dict) or "result" not in answer:
            raise NoAnswer("unreadable")
        return answer

    async def download(self, url: str, limit: int) -> AsyncIterator[bytes]:
        """Stream a file, at most ``limit`` bytes; a redirect is an error, for it would carry the token elsewhere.

        Raises:
            FetchError: while iterating.
        """
        timeout = aiohttp.ClientTimeout(total=_UPLOAD, sock_connect=_CONNECT, sock_read=_ANSWER)
        seen = 0
        try:
            async with self._open_session().get(url, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != _OK:
                    raise FetchError(str(answer.status))
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    seen += len(chunk)
                    if seen > limit:
                        raise FetchError("too_large", permanent=True, too_large=True)
                    yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise FetchError(type(error).__name__) from None

    async def _post(self, url: str, data: Any, answer_within: float) -> bytes:
        timeout = aiohttp.ClientTimeout(total=answer_within + _CONNECT, connect=_CONNECT, sock_connect=_CONNECT)
        try:
            async with self._open_session().post(url, data=data, timeout=timeout, allow_redirects=False) as answer:
                status, payload = answer.status, await at_most(answer.content.iter_any(), _LONGEST_ANSWER)
                self.date = answer.headers.get("Date", "")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NoConnection(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None
        if status != _OK:
            raise _refusal(status, payload)
        return payload

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NoConnection("closed")
        return self._session


def _refusal(status: int, payload: bytes) -> Refused:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        return Refused(status)
    return Refused(status, str(answer.get("description", "")), answer.get("parameters"))


_STOPPED = ("blocked by the user", "user is deactivated", "can't initiate conversation", "can't send messages to bots")
_TOO_LARGE = ("too big", "too large")
_NOT_FOUND = "chat not found"
_GONE = {
    "topic": ("thread not found", "topic_deleted", "topic_id_invalid"),
    "topic_closed": ("topic_closed",),
    "reply": ("to be replied not found", "reply message not found"),
    "chat": (
        _NOT_FOUND,
        "not enough rights to send",
        "no rights to send",
        "chat_write_forbidden",
        "chat was deactivated",
    ),
}


def send_error(error: TelegramError, *, private: bool = False) -> SendError:
    """What a failed call means, in the words of the closed list.

    Texts are Telegram's own and matched loosely, for it has no machine-readable reasons.

    Args:
        error: as the transport raised it.
        private: whether the call was about a private chat, where every 403 is one person's doing, and a chat that is
            not found is one person's who never wrote or is gone.
    """
    if isinstance(error, Refused):
        refused = _refused(error)
        is_gone = error.status == _FORBIDDEN or _NOT_FOUND in error.reason
        return ContactStopped(refused.code) if private and is_gone else refused
    if isinstance(error, NoConnection):
        return Unreachable(error.message)
    return Uncertain(error.message if isinstance(error, NoAnswer) else type(error).__name__)


def _refused(error: Refused) -> SendError:
    moved = error.parameters.get("migrate_to_chat_id")
    if isinstance(moved, int):
        return PlaceGone("chat", new_address=str(moved), code=error.code)
    if error.status == _TOO_MANY:
        return Throttled(error.code, retry_after=_wait(error.parameters.get("retry_after")))
    if error.status in {401, 404, 409}:
        return ChannelDown(error.code)
    if error.status == _BODY_TOO_LARGE:
        return TooLarge(error.code)
    # A redirect comes from something between us and Telegram.
    if error.status >= _SERVER_FAULT or error.status < _OUR_FAULT:
        return Unreachable(error.code)
    return _by_words(error)


def _by_words(error: Refused) -> SendError:
    if any(words in error.reason for words in _TOO_LARGE):
        return TooLarge(error.code)
    if any(words in error.reason for words in _STOPPED):
        return ContactStopped(error.code)
    for what, known in _GONE.items():
        if any(words in error.reason for words in known):
            return PlaceGone(what, code=error.code)
    return PlaceGone("chat", code=error.code) if error.status == _FORBIDDEN else Rejected(error.code)


def _wait(seconds: Any) -> timedelta:
    sensible = isinstance(seconds, int) and not isinstance(seconds, bool) and 1 <= seconds <= _LONGEST_WAIT
    return timedelta(seconds=seconds if sensible else _DEFAULT_WAIT)
