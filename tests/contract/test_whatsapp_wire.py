"""Owns the proof of how WhatsApp's refusals are understood, and of downloads and where they may come from."""

from __future__ import annotations

import hashlib
import traceback
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from chatbot.channels.base import (
    ChannelDown,
    ContactStopped,
    FetchError,
    Rejected,
    SendError,
    Throttled,
    Uncertain,
    Unreachable,
    WindowClosed,
)
from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.message import Attachment, Inbound, Kind
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from tests.contract.whatsapp_channel_world import (
    JPEG,
    SCOPED,
    TOKEN,
    box,
    channel,
    choices,
    clock,
    inbound,
    make,
    out,
    url_of,
    warga,
)

__all__ = ["box", "channel", "clock", "warga"]


@pytest.mark.usefixtures("warga")
@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (131056, None, Throttled),
        (130429, None, Throttled),
        (131000, None, Unreachable),
        (131051, 503, Unreachable),
        (190, None, ChannelDown),
        (131047, None, WindowClosed),
        (131026, None, ContactStopped),
        (100, None, Rejected),
        (999999, None, Rejected),
    ],
)
async def test_refusal_has_its_meaning(
    box: WhatsAppSandbox, channel: WhatsAppChannel, code: int, status: int | None, error: type[SendError]
) -> None:
    box.fail_next(code=code, status=status)

    with pytest.raises(SendError) as failed:
        await channel.send(out(text="x"))
    assert type(failed.value) is error
    assert failed.value.code == str(code)


@pytest.mark.usefixtures("warga")
@pytest.mark.parametrize("mode", ["reset_after", "half_json", "empty", "drop_before"])
async def test_lost_answer_leaves_it_uncertain(box: WhatsAppSandbox, channel: WhatsAppChannel, mode: Any) -> None:
    box.fail_next(mode=mode)

    with pytest.raises(Uncertain):
        await channel.send(out(text="x"))


async def test_absent_server_is_unreachable_and_the_token_stays_secret() -> None:
    channel = make("http://127.0.0.1:9/v23.0")
    message = out(text="rahasia warga")
    await channel.open()

    with pytest.raises(Unreachable) as failed:
        await channel.send(message)
    with pytest.raises(FetchError) as unfetched:
        await anext(channel.fetch(Attachment(Kind.PHOTO, "1")))
    await channel.close()
    for failure in (failed.value, unfetched.value):
        shown = "".join(traceback.format_exception(failure))
        assert TOKEN not in shown
        assert "rahasia warga" not in shown


async def test_wrong_token_takes_the_channel_down(box: WhatsAppSandbox) -> None:
    channel = make(url_of(box), token="salah")
    await channel.open()

    with pytest.raises(ChannelDown):
        await channel.send(out(text="x"))
    await channel.close()


async def test_file_of_a_person_is_fetched_whole(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    box.send_image(warga, JPEG)
    attachment = inbound(box, channel, warga).attachment

    assert attachment is not None
    assert attachment.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert b"".join([chunk async for chunk in channel.fetch(attachment)]) == JPEG


async def test_other_bytes_than_stated_are_told_after_the_last(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str
) -> None:
    box.send_image(warga, JPEG)
    attachment = inbound(box, channel, warga).attachment
    assert attachment is not None
    box.shelf.get(attachment.ref).data = JPEG[:-1] + b"x"

    with pytest.raises(FetchError) as failed:
        [chunk async for chunk in channel.fetch(attachment)]
    assert failed.value.code == "sha256"


async def test_stated_size_over_the_limit_is_not_fetched(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str
) -> None:
    box.send_document(warga, JPEG)
    attachment = inbound(box, channel, warga).attachment
    assert attachment is not None
    box.shelf.get(attachment.ref).told_size = 200_000_000

    with pytest.raises(FetchError) as failed:
        await anext(channel.fetch(attachment))
    assert failed.value.too_large
    assert not [call for call in box.calls if "attachments" in call.path]


async def test_redirect_carries_the_token_nowhere(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    box.send_image(warga, JPEG)
    attachment = inbound(box, channel, warga).attachment
    assert attachment is not None
    box.shelf.get(attachment.ref).redirect = f"{url_of(box)}/elsewhere"

    with pytest.raises(FetchError) as failed:
        await anext(channel.fetch(attachment))
    assert failed.value.code == "302"
    assert not [call for call in box.calls if "elsewhere" in call.path]


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("https://graph.facebook.com/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://127.0.0.1:10/x", False),
        ("https://127.0.0.1:9/x", False),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://lookaside.fbsbx.com:8443/x", False),
        ("https://lookaside.fbsbx.com.contoh.id/x", False),
        ("https://lookaside.fbsbx.com@contoh.id/x", False),
        ("https://contoh.id/lookaside.fbsbx.com", False),
        ("file:///etc/passwd", False),
        ("//lookaside.fbsbx.com/x", False),
        ("http://[/x", False),
        ("", False),
    ],
)
def test_files_come_from_pinned_hosts_only(url: str, known: bool) -> None:
    client = make("http://127.0.0.1:9/v23.0")._client

    if known:
        assert str(client._pinned(url)) == url
    else:
        with pytest.raises(FetchError) as failed:
            client._pinned(url)
        assert failed.value.permanent


async def test_unknown_file_is_gone_for_good(channel: WhatsAppChannel) -> None:
    with pytest.raises(FetchError) as failed:
        await anext(channel.fetch(Attachment(Kind.PHOTO, "123456")))
    assert failed.value.permanent


async def test_what_people_do_arrives_signed_and_as_its_kind(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str
) -> None:
    messages: list[Inbound] = []

    async def hook(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(text=channel.challenge(request.query))
        body = await request.read()
        channel.authenticate(request.headers, body)
        messages.extend(channel.parse(body).messages)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/webhooks/whatsapp", hook)
    server = TestServer(app)
    await server.start_server()
    await box.connect(str(server.make_url("/webhooks/whatsapp")), "tanda")
    hidden = box.add_person(None, "Warga tersembunyi", user_id="ID.2002", username="warga")
    first = box.say(warga, "surel warga@contoh.id / <b>\N{POLICE CARS REVOLVING LIGHT}</b>")
    box.batch(
        [
            lambda: box.send_image(warga, JPEG, caption="bukti"),
            lambda: box.send_audio(warga, b"OggS"),
            lambda: box.send_location(hidden, -7.25, 112.75),
            lambda: box.send_contact(warga, "Orang Lain", "+6280000000009"),
            lambda: box.edit(warga, first, "surel lain"),
            lambda: box.revoke(warga, first),
            lambda: box.unsupported(warga),
        ]
    )
    (sent,) = (await channel.send(out(text="?", choices=choices(2)))).external_ids
    box.press(warga, sent, "c:1")
    await box.settled()
    await server.close()

    receipts = [message for message in messages if message.kind is Kind.RECEIPT]
    assert [(receipt.status, receipt.target, receipt.reference) for receipt in receipts] == [
        ("sent", sent, "77"),
        ("delivered", sent, "77"),
        ("read", sent, "77"),
    ]
    said = sorted((message.kind, message.author) for message in messages if message.kind is not Kind.RECEIPT)
    assert said == [
        ("contact", SCOPED),
        ("edit", SCOPED),
        ("photo", SCOPED),
        ("place", "ID.2002"),
        ("press", SCOPED),
        ("revoke", SCOPED),
        ("text", SCOPED),
        ("unsupported", SCOPED),
        ("voice", SCOPED),
    ]
