"""Owns the proof of how WhatsApp's webhooks are read: tables of payloads, batches, hostile bodies, authentication."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.base import (
    ChannelDown,
    ContactStopped,
    Rejected,
    SendError,
    Throttled,
    Unauthenticated,
    Unparsable,
    Unreachable,
    WindowClosed,
)
from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.message import Inbound, Kind

APP_SECRET, VERIFY_TOKEN = "kunci", "tanda"
TABLES = Path(__file__).parent.parent / "testdata" / "whatsapp"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SENT = datetime.fromtimestamp(1795500000, UTC)
DEFAULTS = {field.name: field.default for field in fields(Inbound)}
METADATA = {"display_phone_number": "6281100001110", "phone_number_id": "1055"}


def table(name: str) -> list[Any]:
    cases = json.loads((TABLES / name).read_text())
    return [pytest.param(case, id=case["label"]) for case in cases]


def channel(*, app_secret: str = APP_SECRET, verify_token: str = VERIFY_TOKEN) -> WhatsAppChannel:
    return WhatsAppChannel(
        api_url="http://127.0.0.1:9/v23.0",
        phone_number_id="1055",
        token="EAAtest",
        app_secret=app_secret,
        verify_token=verify_token,
        template="",
        clock=lambda: NOW,
    )


def said(message: Inbound) -> dict[str, Any]:
    values = asdict(message)
    return {
        name: value
        for name, value in values.items()
        if name not in {"channel", "account", "at", "raw"} and value != DEFAULTS[name]
    }


def text(number: int, **more: Any) -> dict[str, Any]:
    """A text from the person with this number."""
    sender = f"62800000{number:05}"
    message = {"from": sender, "id": f"wamid.{number}", "timestamp": "1795500000", "type": "text"}
    return message | {"text": {"body": f"pesan {number}"}} | more


def contact(number: int) -> dict[str, Any]:
    return {"profile": {"name": f"Warga {number}"}, "wa_id": f"62800000{number:05}", "user_id": f"ID.{number}"}


def body_of(*values: dict[str, Any]) -> bytes:
    changes = [
        {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": METADATA} | value}
        for value in values
    ]
    entry = [{"id": "1022", "changes": changes[:1]}, {"id": "1022", "changes": changes[1:]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def signed(body: bytes, key: bytes = b"kunci") -> str:
    return "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("case", [*table("messages.json"), *table("statuses.json")])
def test_item_says_what_it_says(case: dict[str, Any]) -> None:
    parsed = channel().parse(json.dumps(case["body"]).encode())

    (message,) = parsed.messages
    assert parsed.broken == ()
    assert said(message) == case["expected"]
    assert (message.channel, message.account, message.at) == ("whatsapp", "1055", SENT)


@pytest.mark.parametrize("case", [*table("messages.json"), *table("statuses.json")])
def test_raw_reads_the_same_again(case: dict[str, Any]) -> None:
    (message,) = channel().parse(json.dumps(case["body"]).encode()).messages

    assert channel().parse(message.raw).messages == (message,)


@pytest.mark.parametrize("case", table("broken.json"))
def test_broken_item_comes_back_with_a_reason(case: dict[str, Any]) -> None:
    parsed = channel().parse(json.dumps(case["body"]).encode())

    assert parsed.messages == ()
    assert [reason for _, reason in parsed.broken] == [case["reason"]]


def test_every_item_of_a_batch_is_read() -> None:
    status = {"id": "wamid.9", "status": "sent", "timestamp": "1795500000", "recipient_id": "6280000000001"}
    body = body_of(
        {"contacts": [contact(1)], "messages": [text(1)]},
        {"contacts": [contact(3), contact(2)], "messages": [text(2), text(3)]},
        {"statuses": [status, status | {"status": "delivered"}]},
    )

    messages = channel().parse(body).messages

    assert [message.external_id for message in messages] == [
        "wamid.1",
        "wamid.2",
        "wamid.3",
        "wamid.9:sent:6280000000001",
        "wamid.9:delivered:6280000000001",
    ]


def test_each_message_of_a_batch_gets_its_own_contact() -> None:
    contacts = [contact(3), contact(1), contact(2)]

    messages = channel().parse(body_of({"contacts": contacts, "messages": [text(1), text(2), text(3)]})).messages

    assert [(message.author, message.author_name) for message in messages] == [
        ("ID.1", "Warga 1"),
        ("ID.2", "Warga 2"),
        ("ID.3", "Warga 3"),
    ]


def test_among_several_contacts_a_stranger_gets_none() -> None:
    contacts = [contact(1), contact(2)]

    messages = channel().parse(body_of({"contacts": contacts, "messages": [text(3)]})).messages

    assert [(message.author, message.author_name) for message in messages] == [("6280000000003", "")]


def test_one_bad_item_of_a_thousand_is_alone() -> None:
    items: list[Any] = [text(number) for number in range(1000)]
    items[500] = {"type": "text", "text": {"body": "tanpa id"}}

    parsed = channel().parse(body_of({"messages": items}))

    assert len(parsed.messages) == 999
    ((raw, reason),) = parsed.broken
    assert reason == "no_address"
    assert channel().parse(raw).broken == ((raw, reason),)


def test_raw_of_a_batch_holds_its_own_item_alone() -> None:
    contacts = [contact(1), contact(2)]

    messages = channel().parse(body_of({"contacts": contacts, "messages": [text(1), text(2)]})).messages

    assert [channel().parse(message.raw).messages for message in messages] == [(message,) for message in messages]
    assert b"wamid.2" not in messages[0].raw
    assert b"Warga 2" not in messages[0].raw


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"object":"page","entry":[]}',
        b'{"object":"whatsapp_business_account"}',
        b'{"object":"whatsapp_business_account","entry":{}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_unreadable_body_is_told_apart(body: bytes) -> None:
    with pytest.raises(Unparsable):
        channel().parse(body)


@pytest.mark.parametrize("stated", [None, 1795500000, "", "x", "-1", "99999999999", "١٧٩٥٥٠٠٠٠٠", "9" * 5000])
def test_senseless_time_becomes_the_time_of_receipt(stated: Any) -> None:
    (message,) = channel().parse(body_of({"messages": [text(1, timestamp=stated)]})).messages

    assert message.at == NOW
    assert message.text == "pesan 1"


def spoilt(value: Any) -> Iterator[Any]:
    """Each value of each object in turn replaced by each of some wrong ones."""
    wrong: list[Any] = [None, True, -1, 2**70, 1.5, "x", [], {}, [[]], [{}], {"x": []}]
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: other} for other in wrong)
            yield from ({**value, name: other} for other in spoilt(inner))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ([*value[:at], other, *value[at + 1 :]] for other in spoilt(inner))


@pytest.mark.parametrize("case", [*table("messages.json"), *table("statuses.json")])
def test_no_wrong_type_in_an_entry_raises(case: dict[str, Any]) -> None:
    for entry in spoilt(case["body"]["entry"]):
        parsed = channel().parse(json.dumps(case["body"] | {"entry": entry}).encode())
        assert len(parsed.messages) + len(parsed.broken) <= 1


def test_right_signature_over_the_raw_body_is_accepted() -> None:
    body = b'{"text":"\\u0040 \\/ tolong"}'

    channel().authenticate({"x-hub-signature-256": signed(body)}, body)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Hub-Signature-256": ""}, 403),
        ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, 403),
        ({"X-Hub-Signature-256": signed(b"{}", b"lain")}, 403),
        ({"X-Hub-Signature-256": signed(b"{}").removeprefix("sha256=")}, 403),
        ({"X-Hub-Signature-256": "sha256=ä"}, 403),
        ({"X-Hub-Signature-256": "\udcff"}, 403),
        ({"X-Hub-Signature": signed(b"{}")}, 401),
    ],
)
def test_wrong_signature_is_refused(headers: dict[str, str], status: int) -> None:
    with pytest.raises(Unauthenticated) as refused:
        channel().authenticate(headers, b"{}")

    assert refused.value.status == status


def test_without_an_app_secret_nothing_is_accepted() -> None:
    with pytest.raises(Unauthenticated):
        channel(app_secret="").authenticate({"X-Hub-Signature-256": signed(b"{}", b"")}, b"{}")


def test_handshake_echoes_the_challenge() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "tanda", "hub.challenge": "1158201444"}

    assert channel().challenge(query) == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hub.mode": "unsubscribe", "hub.verify_token": "tanda", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "lain", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "tända", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "tanda"},
        {"hub.mode": "subscribe", "hub.verify_token": "tanda", "hub.challenge": "1" * 129},
        {"hub.mode": "subscribe", "hub.verify_token": "tanda", "hub.challenge": "<script>"},
    ],
)
def test_other_handshake_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated) as refused:
        channel().challenge(query)

    assert refused.value.status == 403


def test_without_a_verify_token_no_handshake_is_answered() -> None:
    with pytest.raises(Unauthenticated):
        channel(verify_token="").challenge({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"})


@pytest.mark.parametrize(
    ("codes", "meaning"),
    [
        ("4 80007 130429 131048 131049 131056 131064 133016", Throttled),
        ("1 2 131000 131016 131052 131053 131057", Unreachable),
        ("0 3 10 190 200 299 368 131005 131031 131042 131045", ChannelDown),
        ("131047", WindowClosed),
        ("130472 131021 131026 131030 131050", ContactStopped),
        ("100 131008 131009 131051 131062 132000 132001 135000 x", Rejected),
    ],
)
def test_code_of_a_failed_receipt_has_its_meaning(codes: str, meaning: type[SendError]) -> None:
    for code in codes.split():
        failure = channel().failure(code)
        assert type(failure) is meaning
        assert failure.code == code


def test_only_a_pairs_limit_leaves_the_other_chats_alone() -> None:
    pair, number = channel().failure("131056"), channel().failure("130429")

    assert isinstance(pair, Throttled)
    assert isinstance(number, Throttled)
    assert not pair.whole_account
    assert number.whole_account


def test_location_of_a_person_is_no_receipt() -> None:
    item = text(1, type="location", location={"latitude": "1", "longitude": 2})

    assert channel().parse(body_of({"messages": [item]})).messages[0].kind is Kind.UNSUPPORTED
