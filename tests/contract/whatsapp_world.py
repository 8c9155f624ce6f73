"""A WhatsApp sandbox, the smallest bot it can talk to, and pywa pointed at it: what the contract tests share."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import httpx
import pytest
from aiohttp import web
from pywa.types.base_update import RawUpdate
from pywa_async.client import WhatsApp

from chatbot.sandbox.whatsapp import WhatsAppSandbox

TOKEN, SECRET, NUMBER_ID, VERIFY = "EAAGsandbox", "app-secret", "106540352242922", "verify-me"
ACCOUNT_ID, JPEG = "102290129340398", b"\xff\xd8\xff\xe0" + bytes(300)


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Bot:
    """The smallest possible receiver of webhooks: keeps raw bodies, answers what it is told to."""

    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str | None] = field(default_factory=list)
    echo: bool = True
    url: str = ""

    async def hook(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            right = request.query["hub.mode"] == "subscribe" and request.query["hub.verify_token"] == VERIFY
            text = request.query["hub.challenge"] if self.echo else "ok"
            return web.Response(text=text) if right else web.Response(status=403)
        self.bodies.append(await request.read())
        self.signatures.append(request.headers.get("X-Hub-Signature-256"))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def values(self, part: str) -> list[dict[str, Any]]:
        changes = [c for b in self.bodies for e in json.loads(b)["entry"] for c in e["changes"]]
        return [item for change in changes for item in change["value"].get(part, [])]


@dataclass
class World:
    sandbox: WhatsAppSandbox
    bot: Bot
    clock: Clock
    client: WhatsApp
    api: str
    ani: str

    async def seen(self) -> Any:
        """Return the newest webhook as pywa understands it, its signature checked by pywa."""
        await self.sandbox.settled()
        body, signature = self.bot.bodies[-1], self.bot.signatures[-1]
        assert await self.client.webhook_update_validator(body, signature) is None
        raw = RawUpdate(body, hmac_header=signature, update_hash="")
        handler = self.client._get_handler_type(raw)
        assert handler is not None
        return self.client._handlers_to_updates[handler].from_update(self.client, raw)

    async def post(self, body: dict[str, Any], path: str = f"{NUMBER_ID}/messages") -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with aiohttp.ClientSession() as s, s.post(f"{self.api}/{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def refused(self, **message: Any) -> int:
        """Return the error code of a send that must be refused with status 400 or 404 and full Graph error fields."""
        status, body = await self.post({"messaging_product": "whatsapp", "to": "6281234567890"} | message)
        assert status in (400, 404)
        assert {"message", "type", "code", "fbtrace_id"} <= body["error"].keys()
        return int(body["error"]["code"])


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, bot = Clock(), Bot()
    app = web.Application()
    app.router.add_route("*", "/hook", bot.hook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    sandbox = WhatsAppSandbox(TOKEN, SECRET, NUMBER_ID, clock=clock, retry_delays=(0.01, 0.02, 0.04))
    api = await sandbox.start()
    session = httpx.AsyncClient(trust_env=False)
    client = WhatsApp(NUMBER_ID, TOKEN, session=session, app_secret=SECRET, waba_id=ACCOUNT_ID)
    session.base_url = httpx.URL(api)
    await sandbox.connect(bot.url, VERIFY)
    ani = sandbox.add_person("6281234567890", "Ani", user_id="ID.1234abc", username="ani.w")
    yield World(sandbox, bot, clock, client, api, ani)
    await session.aclose()
    await sandbox.stop()
    await runner.cleanup()
