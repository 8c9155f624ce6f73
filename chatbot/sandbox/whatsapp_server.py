"""The HTTP side of the WhatsApp sandbox: routes, bearer token, ledger of calls, and answers spoilt on request.

Refuses every path, method and token the Graph API would refuse, with Graph's own error bodies.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Literal

from aiohttp import web
from multidict import MultiDictProxy

from chatbot.sandbox.whatsapp_checks import recipient_of
from chatbot.sandbox.whatsapp_errors import (
    GraphError,
    bad_parameter,
    bad_token,
    missing,
    unknown_object,
    unknown_path,
)
from chatbot.sandbox.whatsapp_media import Shelf
from chatbot.sandbox.whatsapp_sends import Accepted, Sends
from chatbot.sandbox.whatsapp_state import Call, Json, Template

FaultMode = Literal["answer", "drop_before", "reset_after", "half_json", "empty", "delay"]
# What a template's refusal when it is sent means in the list of templates.
_STATUSES = {None: "APPROVED", 132015: "PAUSED", 132016: "DISABLED"}
_DOWNLOADS = "/whatsapp_business/attachments/"


@dataclass
class Fault:
    """A spoilt answer: see ``WhatsAppSandbox.fail_next``."""

    error: GraphError
    mode: FaultMode
    times: int
    person: str | None
    seconds: float
    path: str = ""
    retry_after: str = ""


class GraphServer:
    """Speaks the Graph API for one phone number.

    Args:
        token: The bearer token to demand.
        version: Path prefix such as ``v23.0``.
        phone_number_id: Id of the number.
        account_id: Id of the WhatsApp Business Account.
        display_number: The number in digits.
        sends: Judges the messages.
        clock: Aware UTC time.
        changed: Called after every call.
    """

    def __init__(
        self,
        *,
        token: str,
        version: str,
        phone_number_id: str,
        account_id: str,
        display_number: str,
        sends: Sends,
        clock: Callable[[], datetime],
        changed: Callable[[], None],
    ) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.revoked = False  # the token: every call with it is refused
        self.host = ""
        self._authorization = f"Bearer {token}".encode()
        self._version = version
        self._phone_number_id = phone_number_id
        self._account_id = account_id
        self._display_number = display_number
        self._sends = sends
        self._clock = clock
        self._changed = changed
        self._runner: web.AppRunner | None = None

    @property
    def _shelf(self) -> Shelf:
        return self._sends.phones.shelf

    async def start(self, host: str, port: int) -> str:
        """Listen and return the API's base URL with the version."""
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", self._serve)
        app.on_response_prepare.append(self._date)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.host = f"http://{host}:{self._runner.addresses[0][1]}"
        return f"{self.host}/{self._version}"

    async def stop(self) -> None:
        """Close the listener and its connections."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _date(self, _: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = format_datetime(self._clock(), usegmt=True)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        params: Json = dict(request.query)
        person: str | None = None
        fault: Fault | None = None
        accepted: Accepted | None = None
        result: Any
        answer: web.StreamResponse
        try:
            self._check_token(request)
            params |= await _body_of(request)
            sending = request.path.endswith("/messages") and "status" not in params
            person = self._person_of(params) if sending else None
            fault = self._fault_for(request.path, person, sending=sending)
            if fault is not None and fault.mode == "drop_before":
                return self._cut(request, params, person)
            if fault is not None and fault.mode == "answer":
                raise fault.error
            if request.path == _DOWNLOADS:
                answer, result, status = self._download(request)
            else:
                result = self._route(request.method, request.path, params)
                if isinstance(result, Accepted):
                    accepted, result = result, result.answer
                answer, status = web.json_response(result), 200
        except GraphError as error:
            result, status = error.body(), error.status
            headers = {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_request" "{error.message[:200]}"'}
            if fault is not None and fault.retry_after:
                headers["Retry-After"] = fault.retry_after
            answer = web.json_response(result, status=status, headers=headers)
        if fault is not None and fault.mode == "reset_after":
            self._report(accepted)
            return self._cut(request, params, person, result)
        if fault is not None and fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.mode in ("empty", "half_json"):
            whole = json.dumps(result).encode()
            half = whole[: len(whole) // 2] if fault.mode == "half_json" else b""
            answer = web.Response(body=half, content_type="application/json", status=status)
        self._log(request, params, status, result, person)
        try:
            await answer.prepare(request)
            await answer.write_eof()
        finally:
            # Meta reports on an accepted message whether or not the caller has stayed to read the answer.
            self._report(accepted)
        return answer

    def _report(self, accepted: Accepted | None) -> None:
        if accepted is not None:
            self._sends.report(accepted)
            self._changed()

    def _check_token(self, request: web.Request) -> None:
        shown = request.headers.get("Authorization", "").encode()
        if self.revoked or not hmac.compare_digest(shown, self._authorization):
            raise bad_token()

    def _person_of(self, params: Json) -> str | None:
        try:
            person = self._sends.phones.find_person(*recipient_of(params))
        except GraphError:
            return None
        return person.key if person else None

    def _fault_for(self, path: str, person: str | None, *, sending: bool) -> Fault | None:
        for fault in self.faults:
            theirs = fault.person is None or (sending and fault.person == person)
            if fault.times > 0 and theirs and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def _cut(self, request: web.Request, params: Json, person: str | None, result: Any = None) -> web.Response:
        self._log(request, params, 0, result, person)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _log(self, request: web.Request, params: Json, status: int, result: Any, person: str | None) -> None:
        self.calls.append(Call(request.method, request.path, params, status, result, person, self._clock()))
        self._changed()

    def _route(self, method: str, path: str, params: Json) -> Any:
        parts = path.strip("/").split("/")
        verb = method.lower()
        if parts[0] != self._version:
            raise unknown_path(path)
        match [method, *parts[1:]]:
            case ["POST", self._phone_number_id, "messages"]:
                return self._message(params)
            case ["POST", self._phone_number_id, "media"]:
                return self._upload(params)
            case ["GET", self._phone_number_id]:
                return self._number()
            case ["GET", self._account_id, "message_templates"]:
                return {"data": self._templates(params.get("name", "")), "paging": {}}
            case ["GET", media_id] if re.fullmatch(r"\d+", media_id):
                self._check_owner(params, verb, media_id)
                return self._shelf.describe(media_id, self._clock(), self.host)
            case ["DELETE", media_id] if re.fullmatch(r"\d+", media_id):
                self._check_owner(params, verb, media_id)
                self._shelf.delete(media_id, self._clock())
                return {"success": True}
            case [_, object_id] | [_, object_id, "messages" | "media" | "message_templates"]:
                raise unknown_object(verb, object_id)
            case _:
                raise unknown_path(path)

    def _check_owner(self, params: Json, verb: str, media_id: str) -> None:
        if params.get("phone_number_id", self._phone_number_id) != self._phone_number_id:
            raise unknown_object(verb, media_id)

    def _message(self, body: Json) -> Any:
        product = body.get("messaging_product")
        if product is None:
            raise missing("messaging_product")
        if product != "whatsapp":
            raise bad_parameter(f'Param messaging_product must be one of {{WHATSAPP}} - got "{product}".')
        return self._sends.mark_read(body) if "status" in body else self._sends.accept(body)

    def _templates(self, name: str) -> list[Json]:
        return [_described(one) for one in self._sends.templates.values() if name in one.name]

    def _upload(self, form: Json) -> Json:
        for name in ("messaging_product", "file", "type"):
            if name not in form:
                raise missing(name)
        if form["messaging_product"] != "whatsapp":
            raise bad_parameter("Param messaging_product must be one of {WHATSAPP}.")
        part = form["file"]
        if not isinstance(part, _FilePart):
            raise bad_parameter("Param file must be a file.")
        medium = self._shelf.upload(part.data, part.mime, str(form["type"]), part.filename, self._clock())
        part.data = b""
        return {"id": medium.id}

    def _number(self) -> Json:
        return {
            "verified_name": "Sandbox",
            "display_phone_number": f"+{self._display_number}",
            "quality_rating": "GREEN",
            "id": self._phone_number_id,
        }

    def _download(self, request: web.Request) -> tuple[web.StreamResponse, Any, int]:
        if request.method != "GET":
            raise unknown_path(request.path)
        medium = self._shelf.download(request.query.get("hash", ""), self._clock())
        if medium.redirect is not None:
            return web.Response(status=302, headers={"Location": medium.redirect}), None, 302
        found = web.Response(body=medium.data, headers={"Content-Type": medium.mime})
        return found, {"bytes": len(medium.data)}, 200


@dataclass
class _FilePart:
    """The file of an upload; its bytes are dropped once stored, so that the ledger stays small."""

    data: bytes
    mime: str
    filename: str | None


async def _body_of(request: web.Request) -> Json:
    if request.method != "POST":
        return {}
    if request.content_type.startswith(("multipart/", "application/x-www-form-urlencoded")):
        return _form(await request.post())
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise bad_parameter("The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise bad_parameter("The request body must be a JSON object.")
    return body


def _form(form: MultiDictProxy[str | bytes | bytearray | web.FileField]) -> Json:
    found: Json = {}
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as stored:
                found[name] = _FilePart(stored.read(), value.content_type, value.filename)
        else:
            found[name] = value if isinstance(value, str) else value.decode()
    return found


def _described(template: Template) -> Json:
    return {
        "name": template.name,
        "language": template.language,
        "status": _STATUSES.get(template.refused_with, "REJECTED"),
        "category": template.category,
        "components": [{"type": "BODY", "text": template.text}],
        "id": str(zlib.crc32(f"{template.name}/{template.language}".encode())),
    }
