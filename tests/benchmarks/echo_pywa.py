"""A bare WhatsApp echo on pywa behind an aiohttp route, as its documentation serves it where the server is another."""

from __future__ import annotations

import os

import httpx
from aiohttp import web
from pywa_async import WhatsApp, filters, types

_API = os.environ["CHATBOT_WHATSAPP_API_URL"]


def application() -> web.Application:
    session = httpx.AsyncClient(trust_env=False)
    client = WhatsApp(
        os.environ["CHATBOT_WHATSAPP_PHONE_NUMBER_ID"],
        os.environ["CHATBOT_WHATSAPP_TOKEN"],
        session=session,
        app_secret=os.environ["CHATBOT_WHATSAPP_APP_SECRET"],
    )
    session.base_url = httpx.URL(_API)

    @client.on_message(filters.text)
    async def echo(_: WhatsApp, message: types.Message) -> None:
        await message.reply(message.text or "")

    async def webhook(request: web.Request) -> web.Response:
        text, status = await client.webhook_update_handler(await request.read())
        return web.Response(text=text, status=status)

    async def challenge(request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/webhooks/whatsapp", webhook)
    app.router.add_get("/webhooks/whatsapp", challenge)
    app.router.add_get("/healthz", healthz)
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(os.environ["CHATBOT_PORT"]), access_log=None, print=None)
