"""Owns the wire: addresses, encodings, status codes, the ledger of calls; refuses to know what a method does."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from chatbot.sandbox import telegram_edit, telegram_media, telegram_rooms, telegram_send
from chatbot.sandbox.telegram_delivery import Delivery
from chatbot.sandbox.telegram_errors import ApiError, bad_request
from chatbot.sandbox.telegram_faults import Fault, Faults
from chatbot.sandbox.telegram_limits import FloodLimits
from chatbot.sandbox.telegram_params import Params, Upload, flat
from chatbot.sandbox.telegram_state import World

Method = Callable[[World, Params], Any]
METHODS: Mapping[str, Method] = {
    **telegram_send.METHODS,
    **telegram_media.METHODS,
    **telegram_edit.METHODS,
    **telegram_rooms.METHODS,
}
NAMES = {name.lower(): name for name in (*METHODS, "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")}
_COUNTED = frozenset(
    name for name in METHODS if name.startswith(("send", "copy", "forward", "edit", "createForum"))
) - {"sendChatAction"}
_LEDGER = 20_000
_OK = 200


@dataclass(frozen=True)
class Call:
    """One request of the bot.

    Args:
        method: its name as documented; "file" for a download.
        params: the parameters as the wire carried them, nested values as JSON texts.
        time: when it was answered.
        status: the HTTP status answered, 0 where the connection was dropped.
        result: what the method returned, or None.
        description: the error's text, or empty.
        files: names of the multipart parts that held files.
    """

    method: str
    params: Mapping[str, str]
    time: datetime
    status: int
    result: Any = None
    description: str = ""
    files: tuple[str, ...] = field(default=())

    @property
    def chat_id(self) -> int | None:
        """The chat it was about, if any."""
        raw = self.params.get("chat_id", "")
        return int(raw) if raw.lstrip("-").isdigit() else None

    def json(self, name: str) -> Any:
        """A nested parameter, read; None when absent."""
        return json.loads(self.params[name]) if name in self.params else None


def summary(calls: deque[Call]) -> str:
    """The latest calls, counted by method and status, without any of their contents."""
    latest = Counter(f"{call.method} {call.status}" for call in list(calls)[-50:])
    return ", ".join(f"{what} x{times}" for what, times in latest.items()) or "none"


async def read_params(request: web.Request) -> Params:
    """The parameters of a request in any of the four encodings.

    Raises:
        ApiError: 400 for a JSON body that is none or no object.
    """
    values: dict[str, str] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except (ValueError, RecursionError):
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("object expected")
        values |= {name: flat(value) for name, value in body.items() if value is not None}
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                data = bytes(await part.read(decode=True))
                if part.filename is None:
                    values[part.name] = data.decode(errors="replace")
                else:
                    files[part.name] = Upload(part.filename, part.headers.get("Content-Type", ""), data)
    elif request.can_read_body:
        form = await request.post()
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    return Params(values, files)


class BotApiServer:
    """The HTTP side of one bot's Bot API.

    Args:
        world: what the methods act on.
        delivery: the four methods about updates.
        token: the bot's token; any other is refused.
        limits: whether flood limits apply.
    """

    def __init__(self, world: World, delivery: Delivery, *, token: str, limits: bool) -> None:
        self.calls: deque[Call] = deque(maxlen=_LEDGER)
        self.faults = Faults()
        self.revoked = False  # the token: every call with it is refused
        self._world = world
        self._token = token
        self._limits = FloodLimits() if limits else None
        self._delivery: Mapping[str, Callable[[Params], Awaitable[Any]]] = {
            "getUpdates": delivery.get_updates,
            "setWebhook": delivery.set_webhook,
            "deleteWebhook": delivery.delete_webhook,
            "getWebhookInfo": delivery.get_webhook_info,
        }

    def application(self) -> web.Application:
        """The web application; bodies up to a little over the upload limit."""
        app = web.Application(client_max_size=telegram_media.MAX_UPLOAD + 1024 * 1024)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token}/{method}", self._answer)
        app.router.add_route("*", "/{rest:.*}", self._lost)
        app.on_response_prepare.append(self._date)
        return app

    async def _date(self, _: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = format_datetime(self._world.clock(), usegmt=True)

    async def _lost(self, _: web.Request) -> web.Response:
        return _reply(ApiError(404, "Not Found"))

    def _token_fits(self, request: web.Request) -> bool:
        same = hmac.compare_digest(request.match_info["token"].encode(), self._token.encode())
        return same and not self.revoked

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            name, params = await self._understand(request)
        except ApiError as error:
            return _reply(error)
        fault = self.faults.take(name, params.text("chat_id"))
        if fault is not None and fault.mode in {"answer", "drop_before"}:
            return self._refuse(request, name, params, fault)
        try:
            result = await self._run(name, params)
        except ApiError as error:
            self._record(name, params, error.code, description=error.description)
            return _reply(error)
        if name == "getUpdates":
            body = b'{"ok": true, "result": [' + b", ".join(pending.wire for pending in result) + b"]}"
            result = [pending.body for pending in result]
        else:
            body = json.dumps({"ok": True, "result": result}).encode()
        if fault is not None:
            self._record(name, params, 0 if fault.mode == "reset_after" else _OK, result)
            return await _spoil(request, fault, body)
        self._record(name, params, _OK, result)
        return web.Response(body=body, content_type="application/json")

    async def _understand(self, request: web.Request) -> tuple[str, Params]:
        if not self._token_fits(request):
            raise ApiError(401, "Unauthorized")
        params = await read_params(request)
        name = NAMES.get(request.match_info["method"].lower())
        if name is None:
            raise ApiError(404, "Not Found: method not found")
        return name, params

    async def _run(self, name: str, params: Params) -> Any:
        if name in self._delivery:
            return await self._delivery[name](params)
        if self._limits is not None and name in _COUNTED and params.integer("chat_id") in self._world.chats:
            self._limits.check(params.integer("chat_id"), self._world.clock().timestamp())
        return METHODS[name](self._world, params)

    def _record(self, name: str, params: Params, status: int, result: Any = None, description: str = "") -> None:
        now = self._world.clock()
        self.calls.append(Call(name, params.values, now, status, result, description, tuple(params.files)))
        self._world.bell.ring()

    def _refuse(self, request: web.Request, name: str, params: Params, fault: Fault) -> web.Response:
        """A failure before anything happened."""
        if fault.mode == "drop_before":
            self._record(name, params, 0)
            return _hang_up(request)
        self._record(name, params, fault.status, description=fault.description)
        answer = _reply(ApiError(fault.status, fault.description, fault.parameters))
        if fault.location:
            answer.headers["Location"] = fault.location
        return answer

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if not self._token_fits(request):
            return _reply(ApiError(401, "Unauthorized"))
        params = Params({"path": request.match_info["path"]})
        fault = self.faults.take("file", "")
        if fault is not None and fault.mode in {"answer", "drop_before"}:
            return self._refuse(request, "file", params, fault)
        stored = telegram_media.linked_file(self._world, params.text("path"))
        if stored is None:
            self._record("file", params, 404, description="Not Found")
            return _reply(ApiError(404, "Not Found"))
        if fault is not None:
            self._record("file", params, 0 if fault.mode == "reset_after" else _OK)
            return await _spoil(request, fault, stored.data)
        self._record("file", params, _OK)
        return web.Response(body=stored.data, content_type="application/octet-stream")


def _reply(error: ApiError) -> web.Response:
    headers = {}
    if error.parameters and "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(error.body(), status=error.code, headers=headers)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _spoil(request: web.Request, fault: Fault, body: bytes) -> web.Response:
    """A failure after the deed was done: the bot cannot know that it was."""
    if fault.mode == "reset_after":
        return _hang_up(request)
    if fault.mode == "delay":
        await asyncio.sleep(fault.delay)
    elif fault.mode == "half_json":
        body = body[: len(body) // 2]
    elif fault.mode == "empty":
        body = b""
    return web.Response(body=body, content_type="application/json")
