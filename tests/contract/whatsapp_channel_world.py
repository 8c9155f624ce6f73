"""A WhatsApp sandbox and the channel pointed at it: what the contract tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.message import Choice, File, Inbound, Kind, Outbound, Task
from chatbot.sandbox.whatsapp import ChatMessage, WhatsAppSandbox
from chatbot.sandbox.whatsapp_webhook import meta_json

TOKEN, NUMBER_ID, WARGA = "EAAGsandbox", "106540352242922", "6280000000001"
SCOPED = "ID.1001abc"
JPEG = b"\xff\xd8\xff\xe0" + bytes(300)


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def box(clock: HandClock) -> AsyncIterator[WhatsAppSandbox]:
    sandbox = WhatsAppSandbox(TOKEN, "kunci", NUMBER_ID, clock=clock)
    await sandbox.start()
    sandbox.window_errors("answer")
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def warga(box: WhatsAppSandbox) -> str:
    key = box.add_person(WARGA, "Warga", user_id=SCOPED)
    box.say(key, "Halo")
    return key


def url_of(box: WhatsAppSandbox) -> str:
    return f"{box._server.host}/v23.0"


def make(url: str, *, token: str = TOKEN, template: str = "") -> WhatsAppChannel:
    return WhatsAppChannel(
        api_url=url, phone_number_id=NUMBER_ID, token=token, app_secret="kunci", verify_token="tanda", template=template
    )


@pytest.fixture
async def channel(box: WhatsAppSandbox) -> AsyncIterator[WhatsAppChannel]:
    made = make(url_of(box), template="jawaban_siap")
    await made.open()
    yield made
    await made.close()


def out(to: str = WARGA, task: Task = Task.TEXT, *, number: int = 77, **values: Any) -> Outbound:
    return Outbound(id=number, to=to, task=task, **values)


def file(path: Path, data: bytes, *, kind: Kind, mime: str, name: str = "") -> File:
    path.write_bytes(data)
    return File(path=str(path), mime=mime, name=name or path.name, kind=kind, size=len(data))


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"c:{number}", f"Pilihan {number}", f"Tentang {number}") for number in range(count))


def received(box: WhatsAppSandbox, warga: str) -> list[ChatMessage]:
    return [message for message in box.messages(warga) if message.direction == "out"]


def inbound(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> Inbound:
    """The person's newest message, as the bot would read it."""
    said = box.messages(warga)[-1]
    item = {"from": WARGA, "id": said.id, "timestamp": "1795500000", "type": said.kind, said.kind: said.content}
    value = {"metadata": {"phone_number_id": NUMBER_ID}, "messages": [item]}
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]}]
    return channel.parse(meta_json({"object": "whatsapp_business_account", "entry": entry})).messages[0]
