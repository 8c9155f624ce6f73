"""A Telegram sandbox and the channel pointed at it: what the contract tests share."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import File, Kind, Outbound, Task
from chatbot.sandbox.telegram import TelegramSandbox

TOKEN = "7000000001:AAsandbox"
WARGA, PETUGAS = 501, 601
FORUM, PLAIN = -1001000000002, -4001


@pytest.fixture
async def box() -> AsyncIterator[TelegramSandbox]:
    sandbox = TelegramSandbox(TOKEN, webhook_delays=(0.001, 0.01))
    await sandbox.start()
    sandbox.add_user(WARGA, "Warga")
    sandbox.add_user(PETUGAS, "Petugas 1")
    sandbox.add_group(FORUM, "Meja", forum=True)
    sandbox.add_group(PLAIN, "Lama", supergroup=False, bot_status="member")
    for group in (FORUM, PLAIN):
        sandbox.add_member(group, PETUGAS, "creator")
    sandbox.say(WARGA, "/start")
    yield sandbox
    await sandbox.stop()


def make(box: TelegramSandbox, *, polling: bool = True, token: str = TOKEN, url: str = "") -> TelegramChannel:
    return TelegramChannel(
        token=token, api_url=url or box.url, polling=polling, webhook_url="http://127.0.0.1:9/", secret="rahasia"
    )


@pytest.fixture
async def channel(box: TelegramSandbox) -> AsyncIterator[TelegramChannel]:
    made = make(box)
    await made.open()
    yield made
    await made.close()


def out(to: int = WARGA, task: Task = Task.TEXT, **values: Any) -> Outbound:
    return Outbound(id=1, to=str(to), task=task, **values)


def file(path: Path, data: bytes, *, kind: Kind, mime: str, name: str = "") -> File:
    path.write_bytes(data)
    return File(path=str(path), mime=mime, name=name or path.name, kind=kind, size=len(data))


def picture(side: int = 1000) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), (10, 80, 160)).save(buffer, "JPEG")
    return buffer.getvalue()
