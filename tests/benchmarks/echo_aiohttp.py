"""A bare WhatsApp echo on aiohttp: answers what it gets, stores nothing, checks nothing."""

from __future__ import annotations

import asyncio
import os

import aiohttp
import uvloop
from aiohttp import web

_URL = f"{os.environ['CHATBOT_WHATSAPP_API_URL']}/{os.environ['CHATBOT_WHATSAPP_PHONE_NUMBER_ID']}/messages"
_HEADERS = {"Authorization": f"Bearer {os.environ['CHATBOT_WHATSAPP_TOKEN']}"}


async def main() -> None:
    session = aiohttp.ClientSession(headers=_HEADERS)
    sending: set[asyncio.Task[None]] = set()

    async def send(to: str, body: str) -> None:
        content = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}}
        async with session.post(_URL, json=content) as answer:
            await answer.read()

    async def webhook(request: web.Request) -> web.Response:
        body = await request.json()
        for entry in body["entry"]:
            for change in entry["changes"]:
                for message in change["value"].get("messages", []):
                    task = asyncio.create_task(send(message["from"], message["text"]["body"]))
                    sending.add(task)
                    task.add_done_callback(sending.discard)
        return web.Response(text="ok")

    async def challenge(request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/webhooks/whatsapp", webhook)
    app.router.add_get("/webhooks/whatsapp", challenge)
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["CHATBOT_PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
