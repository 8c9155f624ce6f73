"""Owns the proof of how Telegram's refusals are understood, and of polling, set-up, membership and downloads."""

from __future__ import annotations

import asyncio
import json
import traceback
from datetime import timedelta
from typing import Any

import pytest

from chatbot.channels.base import (
    ChannelDown,
    ContactStopped,
    FetchError,
    PlaceGone,
    Rejected,
    SendError,
    Standing,
    Throttled,
    TooLarge,
    Uncertain,
    Unreachable,
)
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Attachment, Choice, Kind
from chatbot.sandbox.telegram import TelegramSandbox
from tests.contract.telegram_channel_world import (
    FORUM,
    PETUGAS,
    PLAIN,
    WARGA,
    box,
    channel,
    make,
    out,
    picture,
)

__all__ = ["box", "channel"]


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize("thread", ["99", "1"])
async def test_topic_that_is_gone_is_told(channel: TelegramChannel, thread: str) -> None:
    with pytest.raises(PlaceGone) as gone:
        await channel.send(out(FORUM, text="x", thread=thread))

    assert gone.value.what == "topic"


async def test_moved_group_says_where_to(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.migrate_group(PLAIN, -1009000000009)

    with pytest.raises(PlaceGone) as gone:
        await channel.send(out(PLAIN, text="x"))
    assert gone.value.new_address == "-1009000000009"


async def test_person_who_blocked_or_left_is_told(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.block_bot(WARGA)
    with pytest.raises(ContactStopped):
        await channel.send(out(text="x"))

    box.delete_account(WARGA)
    with pytest.raises(ContactStopped):
        await channel.send(out(text="x"))


async def test_any_prohibition_in_a_private_chat_is_the_persons(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.fail_next("sendMessage", status=403, description="Forbidden: sesuatu yang baru")

    with pytest.raises(ContactStopped):
        await channel.send(out(text="x"))


async def test_wrong_text_is_refused_for_good(channel: TelegramChannel) -> None:
    for message in (out(text="x" * 5000), out(text=""), out(text="x", thread="abc")):
        with pytest.raises(Rejected):
            await channel.send(message)


async def test_unknown_person_cannot_be_reached_and_an_unknown_group_may_come_back(channel: TelegramChannel) -> None:
    with pytest.raises(ContactStopped):
        await channel.send(out(424242, text="x"))
    with pytest.raises(PlaceGone) as gone:
        await channel.send(out(-1009999999999, text="x"))

    assert gone.value.what == "chat"


@pytest.mark.parametrize(
    ("parameters", "wait"),
    [
        ({"retry_after": 7}, 7),
        ({}, 10),
        ({"retry_after": -1}, 10),
        ({"retry_after": "x"}, 10),
        ({"retry_after": 10**9}, 10),
    ],
)
async def test_too_fast_says_how_long_to_wait(
    box: TelegramSandbox, channel: TelegramChannel, parameters: dict[str, Any], wait: int
) -> None:
    box.fail_next("sendMessage", status=429, description="Too Many Requests: retry after 7", parameters=parameters)

    with pytest.raises(Throttled) as throttled:
        await channel.send(out(text="x"))
    assert throttled.value.retry_after == timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("status", "description", "error"),
    [
        (500, "Internal Server Error", Unreachable),
        (502, "Bad Gateway", Unreachable),
        (413, "Request Entity Too Large", TooLarge),
        (404, "Not Found", ChannelDown),
        (400, "Bad Request: TOPIC_CLOSED", PlaceGone),
        (400, "Bad Request: TOPIC_DELETED", PlaceGone),
        (400, "Bad Request: message to be replied not found", PlaceGone),
        (400, "Bad Request: not enough rights to send text messages to the chat", PlaceGone),
        (400, "Bad Request: BUTTON_DATA_INVALID", Rejected),
        (403, "Forbidden: bot can't initiate conversation with a user", ContactStopped),
    ],
)
async def test_refusal_has_its_meaning(
    box: TelegramSandbox, channel: TelegramChannel, status: int, description: str, error: type[SendError]
) -> None:
    box.fail_next("sendMessage", status=status, description=description)

    with pytest.raises(SendError) as failed:
        await channel.send(out(text="x"))
    assert type(failed.value) is error


@pytest.mark.parametrize("mode", ["reset_after", "half_json", "empty", "drop_before"])
async def test_lost_answer_leaves_it_uncertain(box: TelegramSandbox, channel: TelegramChannel, mode: Any) -> None:
    box.fail_next("sendMessage", mode=mode)

    with pytest.raises(Uncertain):
        await channel.send(out(text="x"))


async def test_late_answer_leaves_it_uncertain(
    box: TelegramSandbox, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.channels.telegram_request._ANSWER", 0.05)
    monkeypatch.setattr("chatbot.channels.telegram_request._CONNECT", 0.05)
    box.fail_next("sendMessage", mode="delay", delay=0.5)

    with pytest.raises(Uncertain):
        await channel.send(out(text="x"))


async def test_absent_server_is_unreachable_and_the_token_stays_secret(box: TelegramSandbox) -> None:
    channel = make(box, url="http://127.0.0.1:9")
    await channel.open()
    failures: list[BaseException] = []
    for call in (channel.send(out(text="x")), channel.poll(), channel.connect({"id": []}), channel.standing("1", "2")):
        with pytest.raises(Unreachable) as failed:
            await call
        failures.append(failed.value)
    with pytest.raises(FetchError) as unfetched:
        await anext(channel.fetch(Attachment(Kind.PHOTO, "x")))
    failures.append(unfetched.value)
    await channel.close()

    for failure in failures:
        assert "AAsandbox" not in "".join(traceback.format_exception(failure)) + repr(failure)


async def test_wrong_token_takes_the_channel_down(box: TelegramSandbox) -> None:
    channel = make(box, token="7000000001:AAwrong")
    await channel.open()

    with pytest.raises(ChannelDown) as down:
        await channel.send(out(text="x"))
    await channel.close()
    assert "AAwrong" not in "".join(traceback.format_exception(down.value))


async def test_no_word_of_a_message_stands_in_an_error(channel: TelegramChannel) -> None:
    with pytest.raises(SendError) as refused:
        await channel.send(out(424242, text="rahasia warga"))

    assert refused.value.code == "400 chat not found"


async def test_updates_come_again_until_the_next_poll_confirms_them(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    box.say(WARGA, "satu")

    first = await channel.poll()
    channel.rewind()
    again = await channel.poll()
    box.say(WARGA, "dua")
    after = await channel.poll()

    assert [words(body) for body in first] == [["/start"], ["satu"]]
    assert again == first
    assert [words(body) for body in after] == [["dua"]]


async def test_update_nested_beyond_reason_is_handed_on_alone_and_its_neighbours_too(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    box.say(WARGA, "satu")
    deep = b'{"update_id": %d, "message": ' % (box.updates.sent[-1]["update_id"] + 1) + DEEP + b"}"
    box.raw_update({}, deep)
    box.say(WARGA, "dua")

    bodies: list[bytes] = []
    while not any(b"dua" in body for body in bodies):
        bodies += await channel.poll()

    assert sum(deep in body for body in bodies) == 1
    assert [words(body) for body in bodies if b"text" in body] == [["/start"], ["satu"], ["dua"]]


async def test_answer_without_end_is_given_up_before_it_fills_the_memory(
    box: TelegramSandbox, channel: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.channels.telegram_request._LONGEST_ANSWER", 100_000)
    number = box.raw_update({"text": "x" * 1_000_000})
    box.say(WARGA, "satu")

    bodies: list[bytes] = []
    while not any(b"satu" in body for body in bodies):
        bodies += await channel.poll()

    (cut,) = [body for body in bodies if b"%d" % number in body]
    assert 100_000 < len(cut) < 1_000_000


async def test_ids_that_begin_anywhere_after_a_quiet_week_are_received(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    await channel.poll()
    hanging = asyncio.create_task(channel.poll())
    await box.wait_for(lambda sandbox: sandbox.polling)
    hanging.cancel()
    await asyncio.wait({hanging})
    box.raw_update({"update_id": 77})

    assert [json.loads(body) for body in await channel.poll()] == [{"update_id": 77}]


def words(body: bytes) -> list[str]:
    return [json.loads(body)["message"]["text"]]


async def test_poll_where_a_webhook_is_set_takes_the_channel_down(box: TelegramSandbox) -> None:
    webhook, polling = make(box, polling=False), make(box)
    await webhook.open()
    await polling.open()
    await webhook.connect({"id": [("menu", "Menu utama")]})

    with pytest.raises(ChannelDown) as down:
        await polling.poll()
    await webhook.close()
    assert down.value.code == "409"

    await polling.connect({"id": [("menu", "Menu utama")]})
    assert len(await polling.poll()) == 1
    await polling.close()


async def test_commands_are_shown_in_every_language_and_by_default(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    await channel.connect({"id": [("menu", "Menu utama")], "en": [("menu", "Main menu")]})

    shown = {call.params.get("language_code", ""): call.json("commands") for call in box.calls_of("setMyCommands")}
    assert shown == {
        "": [{"command": "menu", "description": "Menu utama"}],
        "id": [{"command": "menu", "description": "Menu utama"}],
        "en": [{"command": "menu", "description": "Main menu"}],
    }
    assert box.calls_of("setMyCommands")[0].json("scope") == {"type": "all_private_chats"}


async def test_webhook_is_set_with_its_secret_and_kinds(box: TelegramSandbox) -> None:
    channel = make(box, polling=False)
    await channel.open()
    await channel.connect({"id": []})
    await channel.close()

    (call,) = box.calls_of("setWebhook")
    assert call.params["url"] == "http://127.0.0.1:9/webhooks/telegram"
    assert call.params["secret_token"] == "rahasia"
    assert set(call.json("allowed_updates")) >= {"message", "callback_query", "chat_member", "message_reaction"}
    assert call.params.get("drop_pending_updates", "false") == "false"


async def test_officer_is_whoever_is_in_the_group_now(box: TelegramSandbox, channel: TelegramChannel) -> None:
    assert await channel.standing(str(FORUM), str(PETUGAS)) == Standing.ADMINISTRATOR
    assert await channel.standing(str(FORUM), str(WARGA)) == Standing.STRANGER

    box.add_member(FORUM, WARGA)
    assert await channel.standing(str(FORUM), str(WARGA)) == Standing.MEMBER


async def test_membership_that_cannot_be_found_out_raises(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.fail_next("getChatMember", status=500)

    with pytest.raises(SendError):
        await channel.standing(str(FORUM), str(PETUGAS))


async def test_what_the_sandbox_sends_is_fetched_whole(box: TelegramSandbox, channel: TelegramChannel) -> None:
    data = picture(300)
    box.send_photo(WARGA, data)
    message = channel.parse((await channel.poll())[-1]).messages[0]

    assert message.attachment is not None
    assert b"".join([chunk async for chunk in channel.fetch(message.attachment)]) == data


async def test_file_over_twenty_megabytes_is_told(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.send_video(WARGA, b"x", size=30_000_000)
    message = channel.parse((await channel.poll())[-1]).messages[0]

    assert message.attachment is not None
    with pytest.raises(FetchError) as failed:
        await anext(channel.fetch(message.attachment))
    assert failed.value.too_large
    assert failed.value.permanent


async def test_unknown_file_is_told(channel: TelegramChannel) -> None:
    with pytest.raises(FetchError):
        await anext(channel.fetch(Attachment(Kind.PHOTO, "tidak-ada")))


async def test_redirect_of_a_download_is_not_followed(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.send_photo(WARGA, picture(300))
    message = channel.parse((await channel.poll())[-1]).messages[0]
    box.fail_next("file", status=302, description="Found")

    assert message.attachment is not None
    with pytest.raises(FetchError) as failed:
        await anext(channel.fetch(message.attachment))
    assert failed.value.code == "302"


@pytest.mark.parametrize("mode", ["half_json", "empty"])
async def test_file_that_ends_early_is_no_file(box: TelegramSandbox, channel: TelegramChannel, mode: Any) -> None:
    box.send_photo(WARGA, picture(300))
    message = channel.parse((await channel.poll())[-1]).messages[0]
    box.fail_next("file", mode=mode)

    assert message.attachment is not None
    with pytest.raises(FetchError) as failed:
        async for _ in channel.fetch(message.attachment):
            pass
    assert failed.value.code == "cut_off"
    assert not failed.value.permanent


async def test_what_people_do_arrives_as_its_kind(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.poll()
    (sent,) = (await channel.send(out(text="?", choices=(Choice("a", "A"),)))).external_ids
    said = box.say(WARGA, "halo", reply_to=int(sent))
    box.send_album(WARGA, [picture(90), picture(90)], caption="bukti")
    box.send_video(WARGA, b"x")
    box.send_voice(WARGA, b"x")
    box.send_audio(WARGA, b"x")
    box.send_document(WARGA, b"x")
    box.send_location(WARGA, -7.25, 112.75)
    box.edit(WARGA, WARGA, said["message_id"], "halo lagi")
    box.react(WARGA, WARGA, int(sent), "\N{THUMBS UP SIGN}")
    box.press(WARGA, WARGA, int(sent), "a")
    box.block_bot(WARGA)

    messages = [message for body in await channel.poll() for message in channel.parse(body).messages]

    assert sorted((message.kind, message.status) for message in messages) == [
        ("audio", ""),
        ("document", ""),
        ("edit", ""),
        ("membership", "blocked"),
        ("photo", ""),
        ("photo", ""),
        ("place", ""),
        ("press", ""),
        ("reaction", "\N{THUMBS UP SIGN}"),
        ("text", ""),
        ("video", ""),
        ("voice", ""),
    ]
    assert {message.author for message in messages} == {str(WARGA)}
    assert {message.reply_to for message in messages if message.kind is Kind.TEXT} == {sent}
    assert {message.target for message in messages if message.kind is Kind.PRESS} == {sent}
    assert len({message.album for message in messages if message.kind is Kind.PHOTO}) == 1
