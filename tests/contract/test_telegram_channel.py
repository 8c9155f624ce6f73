"""Owns the proof of how Telegram's updates are read: tables of payloads, hostile bodies, authentication."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.base import Unauthenticated, Unparsable
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Inbound

SECRET = "rahasia"
TABLES = Path(__file__).parent.parent / "testdata" / "telegram"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SENT = datetime.fromtimestamp(1795500000, UTC)
DEFAULTS = {field.name: field.default for field in fields(Inbound)}


def table(name: str) -> list[Any]:
    cases = json.loads((TABLES / name).read_text())
    return [pytest.param(case, id=case["label"]) for case in cases]


def channel(*, polling: bool = False, secret: str = SECRET) -> TelegramChannel:
    return TelegramChannel(
        token="4242:AAtest",
        api_url="http://127.0.0.1:9",
        polling=polling,
        webhook_url="https://contoh.id",
        secret=secret,
        clock=lambda: NOW,
    )


def said(message: Inbound) -> dict[str, Any]:
    """What a message says beyond the defaults, its kind as text."""
    values = asdict(message)
    return {
        name: value
        for name, value in values.items()
        if name not in {"channel", "account", "at", "raw"} and value != DEFAULTS[name]
    }


@pytest.mark.parametrize("case", [*table("messages.json"), *table("events.json")])
def test_update_says_what_it_says(case: dict[str, Any]) -> None:
    body = json.dumps(case["body"]).encode()

    parsed = channel().parse(body)

    (message,) = parsed.messages
    assert parsed.broken == ()
    assert said(message) == case["expected"]
    assert (message.channel, message.account, message.raw) == ("telegram", "4242", body)


@pytest.mark.parametrize("case", [*table("messages.json"), *table("events.json")])
def test_raw_reads_the_same_again(case: dict[str, Any]) -> None:
    (message,) = channel().parse(json.dumps(case["body"]).encode()).messages

    assert channel().parse(message.raw).messages == (message,)


@pytest.mark.parametrize("case", table("broken.json"))
def test_broken_update_comes_back_with_a_reason(case: dict[str, Any]) -> None:
    body = json.dumps(case["body"]).encode()

    parsed = channel().parse(body)

    assert parsed.messages == ()
    assert parsed.broken == ((body, case["reason"]),)


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"7", b'"x"', b"null", b"\xff\xfe", b"[" * 100_000, b'{"update_id":' * 50_000],
    ids=["empty", "no JSON", "list", "number", "text", "null", "no UTF-8", "deep list", "deep object"],
)
def test_unreadable_body_is_told_apart(body: bytes) -> None:
    with pytest.raises(Unparsable):
        channel().parse(body)


def test_message_time_is_the_platforms() -> None:
    body = b'{"update_id":1,"message":{"message_id":1,"date":1795500000,"chat":{"id":5,"type":"private"},"text":"x"}}'

    assert channel().parse(body).messages[0].at == SENT


@pytest.mark.parametrize("date", ["null", "-1", "99999999999999", "NaN", "1e999", "true", '"1795500000"', "9" * 5000])
def test_senseless_time_becomes_the_time_of_receipt(date: str) -> None:
    chat = '{"id":5,"type":"private"}'
    body = f'{{"update_id":1,"message":{{"message_id":1,"date":{date},"chat":{chat},"text":"tolong"}}}}'

    (message,) = channel().parse(body.encode()).messages

    assert message.at == NOW
    assert message.text == "tolong"


@pytest.mark.parametrize("case", [*table("messages.json"), *table("events.json")])
def test_no_wrong_type_anywhere_raises(case: dict[str, Any]) -> None:
    wrong: list[Any] = [None, True, -1, 2**70, 1.5, "x", [], {}, [[]], [{}], {"x": []}]

    def spoil(value: Any) -> Any:
        """Each value of each object in turn replaced by each wrong one."""
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from ({**value, name: other} for other in wrong)
                yield from ({**value, name: spoilt} for spoilt in spoil(inner))
        elif isinstance(value, list):
            for at, inner in enumerate(value):
                yield from ([*value[:at], spoilt, *value[at + 1 :]] for spoilt in spoil(inner))

    for body in spoil(case["body"]):
        parsed = channel().parse(json.dumps(body).encode())
        assert len(parsed.messages) + len(parsed.broken) == 1


@pytest.mark.parametrize("name", ["X-Telegram-Bot-Api-Secret-Token", "x-telegram-bot-api-secret-token"])
def test_right_secret_is_accepted_in_any_case(name: str) -> None:
    channel().authenticate({name: "rahasia"}, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Telegram-Bot-Api-Secret-Token": ""}, 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "rahasi"}, 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "rähasia"}, 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "\udcff"}, 403),
    ],
)
def test_wrong_secret_is_refused(headers: dict[str, str], status: int) -> None:
    with pytest.raises(Unauthenticated) as refused:
        channel().authenticate(headers, b"")

    assert refused.value.status == status


def test_without_a_secret_nothing_is_accepted() -> None:
    with pytest.raises(Unauthenticated) as refused:
        channel(secret="").authenticate({"X-Telegram-Bot-Api-Secret-Token": ""}, b"")

    assert refused.value.status == 403


def test_there_is_no_handshake() -> None:
    with pytest.raises(Unauthenticated):
        channel().challenge({"hub.mode": "subscribe"})


def test_webhook_is_mounted_only_when_not_polling() -> None:
    assert [route.path for route in channel().routes()] == ["/webhooks/telegram"]
    assert not channel(polling=True).routes()
