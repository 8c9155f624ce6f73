"""The WhatsApp sandbox's webhooks against independent code: pywa reads what the sandbox sends."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from pywa_async.types.message import DeletedMessage, EditedMessage

from chatbot.sandbox.whatsapp import CallbackRefusedError, WhatsAppSandbox
from tests.contract.whatsapp_world import JPEG, SECRET, VERIFY, World, world

__all__ = ["world"]


async def test_handshake_fails_when_challenge_is_not_echoed_or_token_is_wrong(world: World) -> None:
    with pytest.raises(CallbackRefusedError):
        await world.sandbox.connect(world.bot.url, "another-token")
    world.bot.echo = False
    with pytest.raises(CallbackRefusedError):
        await world.sandbox.connect(world.bot.url, VERIFY)


async def test_text_is_read_by_pywa_with_sender_and_quote(world: World) -> None:
    first = world.sandbox.say(world.ani, "SIM hilang 😥 a/b <x> @polisi 50%")
    message = await world.seen()
    assert (message.id, message.text) == (first, "SIM hilang 😥 a/b <x> @polisi 50%")
    assert message.from_user.bsuid == "ID.1234abc"
    assert (message.from_user.wa_id, message.from_user.name, message.from_user.username) == (
        "6281234567890",
        "Ani",
        "ani.w",
    )
    assert message.timestamp == world.clock.now
    sent = await world.client.send_message("6281234567890", "Baik", reply_to_message_id=first)
    await world.sandbox.settled()
    world.sandbox.say(world.ani, "terima kasih", reply_to=sent.id)
    reply = (await world.seen()).reply_to_message
    assert (reply.id, reply.from_user_id) == (sent.id, "6281100001110")
    assert world.sandbox.message(sent.id).reply_to == first


async def test_signature_fits_the_raw_body_only(world: World) -> None:
    world.sandbox.say(world.ani, "é/@<")
    await world.sandbox.settled()
    body = world.bot.bodies[0]
    assert b"\\u00e9\\/\\u0040\\u003C" in body
    assert world.bot.signatures[0] == "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    again = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert world.bot.signatures[0] != "sha256=" + hmac.new(SECRET.encode(), again, hashlib.sha256).hexdigest()


async def test_hidden_number_leaves_from_and_wa_id_out(world: World) -> None:
    budi = world.sandbox.add_person(None, "Budi", user_id="ID.13491208655302741918", username="budi")
    world.sandbox.say(budi, "halo")
    user = (await world.seen()).from_user
    assert (user.bsuid, user.wa_id) == ("ID.13491208655302741918", None)
    assert world.bot.values("messages")[0].keys() == {"from_user_id", "id", "timestamp", "type", "text"}
    assert world.bot.values("contacts")[0].keys() == {"profile", "user_id"}
    sent = await world.client.send_message("ID.13491208655302741918", "halo juga")
    await world.sandbox.wait_for(lambda: world.sandbox.message(sent.id).statuses == ["sent", "delivered", "read"])
    assert world.sandbox.messages(budi)[-1].content == {"body": "halo juga", "preview_url": False}


async def test_person_with_number_only_has_no_scoped_id(world: World) -> None:
    cici = world.sandbox.add_person("62811", "Cici")
    world.sandbox.say(cici, "halo")
    await world.sandbox.settled()
    assert world.bot.values("contacts") == [{"profile": {"name": "Cici"}, "wa_id": "62811"}]
    assert "from_user_id" not in world.bot.values("messages")[0]


@pytest.mark.parametrize(
    ("act", "kind", "expected"),
    [
        (lambda w, p: w.send_image(p, JPEG, caption="bukti"), "image", {"mime_type": "image/jpeg", "caption": "bukti"}),
        (lambda w, p: w.send_video(p, b"mp4"), "video", {"mime_type": "video/mp4", "caption": None}),
        (lambda w, p: w.send_audio(p, b"ogg"), "audio", {"mime_type": "audio/ogg; codecs=opus", "voice": True}),
        (lambda w, p: w.send_audio(p, b"mp3", "audio/mpeg", voice=False), "audio", {"voice": False}),
        (lambda w, p: w.send_document(p, b"%PDF", filename="../x.pdf"), "document", {"filename": "../x.pdf"}),
        (lambda w, p: w.send_sticker(p, b"RIFF", animated=True), "sticker", {"animated": True}),
        (lambda w, p: w.send_location(p, -7.79, 110.36, "Tugu"), "location", {"latitude": -7.79, "name": "Tugu"}),
        (lambda w, p: w.react(p, "wamid.x", "👍"), "reaction", {"message_id": "wamid.x", "emoji": "👍"}),
        (lambda w, p: w.react(p, "wamid.x", None), "reaction", {"emoji": None}),
        (lambda w, p: w.order(p, "cat", [("sku", 2, 500.0)]), "order", {"catalog_id": "cat", "total_price": 1000.0}),
    ],
)
async def test_each_kind_is_read_by_pywa(
    world: World, act: Callable[[WhatsAppSandbox, str], str], kind: str, expected: dict[str, Any]
) -> None:
    sent = act(world.sandbox, world.ani)
    message = await world.seen()
    assert (message.id, message.type) == (sent, kind)
    assert {name: getattr(getattr(message, kind), name) for name in expected} == expected


async def test_contact_edit_revoke_unsupported_and_group_are_read_by_pywa(world: World) -> None:
    world.sandbox.send_contact(world.ani, "Pak RT", "+62 811-22", "6281122")
    card = (await world.seen()).contacts[0]
    assert (card.name.formatted_name, card.phones[0].wa_id) == ("Pak RT", "6281122")
    first = world.sandbox.say(world.ani, "salah")
    world.sandbox.edit(world.ani, first, "benar")
    edited = await world.seen()
    assert (type(edited), edited.original_message_id, edited.message.text) == (EditedMessage, first, "benar")
    world.sandbox.revoke(world.ani, first)
    revoked = await world.seen()
    assert (type(revoked), revoked.original_message_id) == (DeletedMessage, first)
    world.sandbox.unsupported(world.ani)
    odd = await world.seen()
    assert (odd.type, odd.unsupported.type, odd.error.code) == ("unsupported", "poll", 131051)
    with world.sandbox.in_group("grup-1"):
        world.sandbox.say(world.ani, "di grup")
    assert (await world.seen()).chat.id == "grup-1"


async def test_identity_changes_come_from_the_old_identity_without_contacts(world: World) -> None:
    world.sandbox.system_changed_number(world.ani, "6289999", "ID.new1")
    moved = await world.seen()
    assert (moved.old_wa_id, moved.new_wa_id, moved.new_user_id) == ("6281234567890", "6289999", "ID.new1")
    world.sandbox.system_changed_user_id(world.ani, "ID.new2")
    await world.sandbox.settled()
    message = world.bot.values("messages")[-1]
    assert (message["from_user_id"], message["system"]["user_id"]) == ("ID.new1", "ID.new2")
    assert message["system"]["type"] == "user_changed_user_id"
    assert world.bot.values("contacts") == []
    assert world.sandbox.find_person("wa_id", "6281234567890") is None
    assert world.sandbox.find_person("user_id", "ID.new2") == world.sandbox.people[world.ani]


async def test_batch_spreads_over_entries_and_changes(world: World) -> None:
    wa, bob = world.sandbox, world.sandbox.add_person("62822", "Bob")
    ids = wa.batch(
        [
            lambda: wa.say(world.ani, "1"),
            lambda: wa.say(world.ani, "2"),
            lambda: wa.say(bob, "3"),
            lambda: wa.send_image(world.ani, JPEG),
        ]
    )
    await wa.settled()
    assert len(world.bot.bodies) == 1
    assert [message["id"] for message in world.bot.values("messages")] == ids
    entries = json.loads(world.bot.bodies[0])["entry"]
    assert [[len(change["value"]["messages"]) for change in entry["changes"]] for entry in entries] == [[2, 1], [1]]


async def test_delivery_is_repeated_with_the_same_bytes_until_200(world: World) -> None:
    world.bot.answers = [503, 500]
    world.sandbox.say(world.ani, "halo")
    await world.sandbox.settled()
    assert world.sandbox.webhooks[0].attempts == [503, 500, 200]
    assert world.sandbox.webhooks[0].accepted
    assert len(set(world.bot.bodies)) == 1
    world.bot.answers = [503] * 4
    world.sandbox.say(world.ani, "hilang")
    await world.sandbox.settled()
    assert (world.sandbox.webhooks[1].attempts, world.sandbox.webhooks[1].accepted) == ([503] * 4, False)


async def test_raw_webhook_sends_given_bytes_and_signature(world: World) -> None:
    assert await world.sandbox.raw_webhook(b"{", "sha256=00") == 200
    assert await world.sandbox.raw_webhook(b"[]", "") == 200
    assert world.bot.bodies == [b"{", b"[]"]
    assert world.bot.signatures == ["sha256=00", None]
