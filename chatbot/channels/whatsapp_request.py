"""The Cloud API's wire: one aiohttp session, and what each error code means to us.

Owns bearer, timeouts, pinned download hosts and the map from Meta's codes to the closed list of send errors. Refuses to
know messages. Codes: Meta's "Cloud API error codes"; built on ``code`` alone, since titles will go.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from chatbot.channels.base import (
    ChannelDown,
    ContactStopped,
    FetchError,
    Rejected,
    SendError,
    Throttled,
    TooLarge,
    Uncertain,
    Unreachable,
    WindowClosed,
)
from chatbot.channels.payload import Json, at_most, object_in, whole_in

_OK = 200
_OUR_FAULT = 400
_BODY_TOO_LARGE = 413
_TOO_MANY = 429
_SERVER_FAULT = 500

_CONNECT = 5.0
_ANSWER = 20.0
_TRANSFER = 300.0  # 100 MB over a slow line
_CONNECTIONS = 100
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 1024 * 1024  # what is longer ends in the middle, and so cannot be read

# Where Meta keeps what its media endpoint points to, and where that endpoint itself is.
_META_HOSTS = frozenset({"lookaside.fbsbx.com", "graph.facebook.com"})

_SECONDS = re.compile(r"[0-9]{1,5}")
_PAIR_LIMIT = 131056
_PAIR_WAIT = timedelta(seconds=6)
_ACCOUNT_WAIT = timedelta(seconds=30)
_QUALITY_WAIT = timedelta(hours=1)

_THROTTLED = frozenset({4, 80007, 130429, 131048, 133016})
_HELD_FOR_QUALITY = frozenset({131049, 131064})
# 131052 and 131053 are media trouble on Meta's side, which passes.
_TEMPORARY = frozenset({1, 2, 131000, 131016, 131052, 131053, 131057})
_DOWN = frozenset({0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, *range(200, 300)})
_STOPPED = frozenset({130472, 131021, 131026, 131030, 131050})
_WINDOW = 131047


def error_of(code: int, wait: timedelta | None = None) -> SendError:
    """What one of Meta's codes means, be it in an answer or in a later ``failed`` status.

    Args:
        code: Meta's code.
        wait: what a ``Retry-After`` header asked for.
    """
    text = str(code)
    if code == _PAIR_LIMIT:
        return Throttled(text, retry_after=wait or _PAIR_WAIT)
    if code in _HELD_FOR_QUALITY:
        return Throttled(text, retry_after=wait or _QUALITY_WAIT)
    if code in _THROTTLED:
        return Throttled(text, retry_after=wait or _ACCOUNT_WAIT, whole_account=True)
    meanings: tuple[tuple[bool, type[SendError]], ...] = (
        (code in _TEMPORARY, Unreachable),
        (code in _DOWN, ChannelDown),
        (code in _STOPPED, ContactStopped),
        (code == _WINDOW, WindowClosed),
    )
    return next((meaning(text) for holds, meaning in meanings if holds), Rejected(text))


class GraphClient:
    """Calls of one account.

    Args:
        api_url: base with version.
        token: bearer token.
    """

    def __init__(self, api_url: str, token: str) -> None:
        self._base = api_url.rstrip("/")
        self._origin = URL(self._base).origin()
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None
        self.date = ""  # the header of the latest answer: what time Meta has

    async def open(self) -> None:
        """Open the session; connections are made when first needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def close(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, path: str, body: Json) -> Json:
        """Post JSON and return the answer's object.

        Raises:
            SendError: refused, unreachable or without an answer that can be read.
        """
        data = aiohttp.BytesPayload(msgspec.json.encode(body), content_type="application/json")
        return await self._call("POST", path, _ANSWER, data=data)

    async def upload(self, path: str, form: aiohttp.FormData) -> Json:
        """Post a form with a file. Nobody but us sees an upload, so one without an answer is no message in doubt.

        Raises:
            SendError: never ``Uncertain``.
        """
        try:
            return await self._call("POST", path, _TRANSFER, data=form)
        except Uncertain as error:
            raise Unreachable(error.code) from None

    async def get(self, path: str, query: dict[str, str]) -> Json:
        """Get an object.

        Raises:
            SendError: as ``post``.
        """
        return await self._call("GET", path, _ANSWER, params=query)

    async def download(self, url: str, limit: int) -> AsyncIterator[bytes]:
        """Stream a file, at most ``limit`` bytes. The bearer goes to our API host and to Meta's own, and nowhere else.

        Raises:
            FetchError: while iterating.
        """
        target = self._pinned(url)
        timeout = aiohttp.ClientTimeout(total=_TRANSFER, sock_connect=_CONNECT, sock_read=_ANSWER)
        seen = 0
        try:
            session = self._open_session()
            async with session.get(target, headers=self._headers, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != _OK:
                    raise FetchError(str(answer.status))
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    seen += len(chunk)
                    if seen > limit:
                        raise FetchError("too_large", permanent=True, too_large=True)
                    yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise FetchError(type(error).__name__) from None

    def _pinned(self, url: str) -> URL:
        try:
            target = URL(url)
            known = target.origin() == self._origin or (
                target.scheme == "https" and target.host in _META_HOSTS and target.port == target.with_port(None).port
            )
        except ValueError:
            known = False
        if not known:
            raise FetchError("foreign_host", permanent=True)
        return target

    async def _call(self, method: str, path: str, answer_within: float, **request: Any) -> Json:
        timeout = aiohttp.ClientTimeout(total=answer_within + _CONNECT, connect=_CONNECT, sock_connect=_CONNECT)
        try:
            async with self._open_session().request(
                method, f"{self._base}/{path}", headers=self._headers, timeout=timeout, allow_redirects=False, **request
            ) as answer:
                status, stated_wait = answer.status, answer.headers.get("Retry-After")
                payload = await at_most(answer.content.iter_any(), _LONGEST_ANSWER)
                self.date = answer.headers.get("Date", "")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Uncertain(type(error).__name__) from None
        found = _object(payload)
        if status != _OK:
            raise _refusal(status, found, _wait(stated_wait))
        if found is None:
            raise Uncertain("unreadable")
        return found

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise Unreachable("closed")
        return self._session


def _object(payload: bytes) -> Json | None:
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refusal(status: int, answer: Json | None, wait: timedelta | None) -> SendError:
    code = whole_in(object_in(answer or {}, "error"), "code")
    if code is not None:
        error = error_of(code, wait)
        # A code that only the server's status explains: a fault of theirs passes, whatever they call it.
        return Unreachable(str(code)) if isinstance(error, Rejected) and status >= _SERVER_FAULT else error
    meanings: dict[int, SendError] = {
        401: ChannelDown(str(status)),
        403: ChannelDown(str(status)),
        _BODY_TOO_LARGE: TooLarge(str(status)),
        _TOO_MANY: Throttled(str(status), retry_after=wait or _ACCOUNT_WAIT, whole_account=True),
    }
    if status in meanings:
        return meanings[status]
    return Rejected(str(status)) if _OUR_FAULT <= status < _SERVER_FAULT else Unreachable(str(status))


def _wait(stated: str | None) -> timedelta | None:
    # Seconds only; a date here would need a clock both sides agree on.
    return timedelta(seconds=int(stated)) if stated and _SECONDS.fullmatch(stated) else None
