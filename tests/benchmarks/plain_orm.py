"""A WhatsApp echo in the plain form: one asynchronous ORM transaction for each message, answered from the same handler.

What ours would be without a writer that groups: a message is stored, then answered, then marked, on SQLite with
synchronous=FULL.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import aiohttp
import uvloop
from aiohttp import web
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_URL = f"{os.environ['CHATBOT_WHATSAPP_API_URL']}/{os.environ['CHATBOT_WHATSAPP_PHONE_NUMBER_ID']}/messages"
_HEADERS = {"Authorization": f"Bearer {os.environ['CHATBOT_WHATSAPP_TOKEN']}"}


class Base(DeclarativeBase):
    pass


class Message(Base):
    __tablename__ = "message"

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    body: Mapped[str]


async def main() -> None:
    engine = create_async_engine(os.environ["CHATBOT_DATABASE_URL"].replace("sqlite:", "sqlite+aiosqlite:"))

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions: async_sessionmaker[AsyncSession] = async_sessionmaker(engine)
    http = aiohttp.ClientSession(headers=_HEADERS)
    sending: set[asyncio.Task[None]] = set()

    async def send(to: str, body: str) -> None:
        content = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}}
        async with http.post(_URL, json=content) as answer:
            await answer.read()

    async def webhook(request: web.Request) -> web.Response:
        body = await request.json()
        for entry in body["entry"]:
            for change in entry["changes"]:
                for message in change["value"].get("messages", []):
                    person, text = message["from"], message["text"]["body"]
                    async with sessions() as session, session.begin():
                        session.add(Message(id=message["id"], person=person, body=text))
                    task = asyncio.create_task(send(person, text))
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
