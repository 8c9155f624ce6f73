"""Owns the proof that the sandbox fails when told to, and delivers updates as the real server does."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import telegram
from aiohttp import ClientSession, web
from PIL import Image
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter

from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.telegram_faults import Mode

TOKEN = "7000000001:AAsandbox"
CITIZEN, OFFICER, STRANGER = 501, 601, 999
DESK, PLAIN, FORUM = -1001000000001, -4001, -1001000000002
EVERYTHING = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction"]


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(autouse=True)
def _durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # The library warns on every RetryAfter without this.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def box(clock: HandClock) -> AsyncIterator[TelegramSandbox]:
    sandbox = TelegramSandbox(TOKEN, webhook_delays=(0.001, 0.01), clock=clock)
    await sandbox.start()
    sandbox.add_user(CITIZEN, "Sari", username="sari_w")
    sandbox.add_user(OFFICER, "Budi")
    sandbox.add_user(STRANGER, "Joko")
    sandbox.add_group(DESK, "Piket")
    sandbox.add_group(FORUM, "Piket Topik", forum=True)
    sandbox.add_group(PLAIN, "Lama", supergroup=False, bot_status="member")
    for group in (DESK, FORUM, PLAIN):
        sandbox.add_member(group, OFFICER, "creator")
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def bot(box: TelegramSandbox) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=f"{box.url}/bot", base_file_url=f"{box.url}/file/bot") as ready:
        yield ready


def parsed(box: TelegramSandbox) -> telegram.Update:
    """The newest update, read by the library; nothing in it may be unknown to the library."""
    update = telegram.Update.de_json(box.updates.sent[-1], None)
    assert update is not None
    return update


def message_of(box: TelegramSandbox) -> telegram.Message:
    message = parsed(box).message
    assert message is not None
    return message


def picture(side: int = 400) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), (10, 80, 160)).save(buffer, "JPEG")
    return buffer.getvalue()


# Failures


async def test_wrong_token_unknown_method_and_json_body(box: TelegramSandbox) -> None:
    box.say(CITIZEN, "/start")
    async with ClientSession() as session:
        async with session.get(f"{box.url}/bot7000000001:wrong/getMe") as answer:
            assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
        async with session.get(f"{box.url}/bot{TOKEN}/sendNothing") as answer:
            assert answer.status == 404
        body = {"chat_id": CITIZEN, "text": "x", "reply_markup": {"inline_keyboard": []}}
        async with session.post(f"{box.url}/bot{TOKEN}/SENDMESSAGE", json=body) as answer:
            assert (await answer.json())["result"]["text"] == "x"
    assert [(call.method, call.status, call.chat_id) for call in box.calls] == [("sendMessage", 200, CITIZEN)]


async def test_ordered_faults_strike_the_matching_call_only(box: TelegramSandbox, bot: telegram.Bot) -> None:
    box.say(CITIZEN, "/start")
    box.fail_next("sendMessage", status=429, description="x", parameters={"retry_after": 7}, chat_id=CITIZEN)
    await bot.send_message(DESK, "lain")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(CITIZEN, "x")
    assert caught.value.retry_after == timedelta(seconds=7)
    assert box.bot_messages(CITIZEN) == []
    modes: tuple[Mode, ...] = ("reset_after", "half_json", "empty")
    for number, mode in enumerate(modes, start=1):
        box.fail_next("*", mode=mode)
        with pytest.raises(telegram.error.TelegramError):
            await bot.send_message(CITIZEN, mode)
        assert len(box.bot_messages(CITIZEN)) == number
    box.fail_next("sendMessage", mode="drop_before")
    with pytest.raises(NetworkError):
        await bot.send_message(CITIZEN, "x")
    assert len(box.bot_messages(CITIZEN)) == 3


async def test_flood_limits_answer_429_and_free_again(clock: HandClock) -> None:
    box = TelegramSandbox(TOKEN, limits=True, clock=clock)
    await box.start()
    box.add_group(DESK, "Piket")
    async with telegram.Bot(TOKEN, base_url=f"{box.url}/bot") as bot:
        for _ in range(20):
            await bot.send_message(DESK, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(DESK, "x")
        clock.now += timedelta(seconds=61)
        await bot.send_message(DESK, "x")
    await box.stop()


async def test_wait_for_names_the_calls_but_not_their_text(box: TelegramSandbox, bot: telegram.Bot) -> None:
    await bot.send_message(DESK, "rahasia")
    with pytest.raises(TimeoutError, match="sendMessage 200 x1") as caught:
        await box.wait_for(lambda seen: seen.calls_of("sendPhoto"), timeout=0.01)
    assert "rahasia" not in str(caught.value)


# Delivery


async def test_offset_confirms_and_long_poll_wakes(box: TelegramSandbox, bot: telegram.Bot) -> None:
    box.say(CITIZEN, "satu")
    box.say(CITIZEN, "dua")
    first = await bot.get_updates(limit=1)
    assert [update.message.text for update in first if update.message] == ["satu"]
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["dua"]
    poll = asyncio.create_task(bot.get_updates(offset=rest[0].update_id + 1, timeout=30))
    await box.wait_for(lambda seen: seen.polling)
    box.say(CITIZEN, "tiga")
    assert [update.message.text for update in await poll if update.message] == ["tiga"]


async def test_unfetched_presses_die_sooner_than_messages(
    box: TelegramSandbox, bot: telegram.Bot, clock: HandClock
) -> None:
    said = box.say(CITIZEN, "halo")
    box.press(CITIZEN, CITIZEN, said["message_id"], "y")
    clock.now += timedelta(seconds=151)
    assert [update.callback_query for update in await bot.get_updates()] == [None]
    clock.now += timedelta(days=1)
    assert await bot.get_updates() == ()


async def test_two_pollers_and_polling_beside_a_webhook_conflict(box: TelegramSandbox, bot: telegram.Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await box.wait_for(lambda seen: seen.polling)
    async with telegram.Bot(TOKEN, base_url=f"{box.url}/bot") as other:
        assert await other.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await poll
    await bot.set_webhook(f"{box.url}/nowhere")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook(f"{box.url}/nowhere", secret_token="a b")


Answerer = Callable[[dict[str, Any]], web.Response]


@pytest.fixture
async def hook() -> AsyncIterator[Callable[[Answerer], Awaitable[str]]]:
    runners: list[web.AppRunner] = []

    async def listen(answer: Answerer) -> str:
        async def handle(request: web.Request) -> web.Response:
            if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != "s3cret":
                return web.Response(status=401)
            return answer(await request.json())

        app = web.Application()
        app.router.add_post("/hook", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/hook"

    yield listen
    for runner in runners:
        await runner.cleanup()


async def test_webhook_repeats_a_refused_head_and_keeps_the_order(
    box: TelegramSandbox, bot: telegram.Bot, hook: Callable[[Answerer], Awaitable[str]]
) -> None:
    seen: list[str] = []

    def answer(update: dict[str, Any]) -> web.Response:
        seen.append(update["message"]["text"])
        return web.Response(status=200 if seen.count("satu") > 2 or seen[-1] == "lain" else 503)

    await bot.set_webhook(await hook(answer), secret_token="s3cret", max_connections=2)
    for text in ("satu", "dua"):
        box.say(CITIZEN, text)
    box.say(STRANGER, "lain")
    await box.wait_for(lambda sandbox: not sandbox.updates.waiting())
    assert [text for text in seen if text != "lain"] == ["satu", "satu", "satu", "dua"]
    assert seen.count("lain") == 1
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.max_connections) == (0, 2)
    assert "503" in str(info.last_error_message)


async def test_webhook_goes_on_after_an_outage(
    box: TelegramSandbox, bot: telegram.Bot, hook: Callable[[Answerer], Awaitable[str]]
) -> None:
    seen: list[int] = []

    def answer(update: dict[str, Any]) -> web.Response:
        seen.append(update["update_id"])
        return web.Response()

    await bot.set_webhook(await hook(answer), secret_token="s3cret")
    await box.stop()
    box.say(CITIZEN, "saat mati")
    assert seen == []
    await box.start(port=int(box.url.rpartition(":")[2]))
    await box.wait_for(lambda sandbox: not sandbox.updates.waiting())
    assert len(seen) == 1


async def test_webhook_obeys_retry_after_while_other_chats_go_on(
    box: TelegramSandbox, bot: telegram.Bot, hook: Callable[[Answerer], Awaitable[str]]
) -> None:
    seen: list[int] = []

    def answer(update: dict[str, Any]) -> web.Response:
        seen.append(update["message"]["chat"]["id"])
        busy = seen[-1] == CITIZEN
        return web.Response(status=429, headers={"Retry-After": "60"}) if busy else web.Response()

    await bot.set_webhook(await hook(answer), secret_token="s3cret")
    box.say(CITIZEN, "satu")
    await box.wait_for(lambda _: CITIZEN in seen)
    for _ in range(20):
        box.say(STRANGER, "lain")
        await box.wait_for(lambda sandbox: len(sandbox.updates.waiting()) == 1)
    assert seen.count(CITIZEN) == 1
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["satu"]


async def test_webhook_without_the_secret_is_refused_by_the_receiver(
    box: TelegramSandbox, bot: telegram.Bot, hook: Callable[[Answerer], Awaitable[str]]
) -> None:
    await bot.set_webhook(await hook(lambda _: web.Response()), secret_token="other")
    box.raw_update({"message": {"odd": True}})
    await box.wait_for(lambda sandbox: sandbox.webhook_error)
    assert "401" in box.webhook_error
    assert len(box.updates.waiting()) == 1
