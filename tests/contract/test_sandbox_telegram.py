"""Owns the proof that what people do in the sandbox reaches python-telegram-bot as the right updates."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import telegram
from PIL import Image

from chatbot.sandbox.telegram import TelegramSandbox

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


# What people do, as the library reads it


async def test_private_command_names_sender_chat_and_entity(box: TelegramSandbox) -> None:
    box.say(CITIZEN, "/start abc")
    message = message_of(box)
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code) == (CITIZEN, "id")
    assert (message.chat.type, message.chat.id, message.text) == ("private", CITIZEN, "/start abc")
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [("bot_command", 0, 6)]
    assert message.date == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


async def test_topic_message_carries_thread_and_its_announcement(box: TelegramSandbox) -> None:
    thread = box.create_topic(OFFICER, FORUM, "Laporan 7")
    box.say(OFFICER, "siap", chat_id=FORUM, thread=thread)
    message = message_of(box)
    assert (message.is_topic_message, message.message_thread_id, message.chat.is_forum) == (True, thread, True)
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    assert message.reply_to_message.forum_topic_created.name == "Laporan 7"


async def test_reply_embeds_one_level_only(box: TelegramSandbox) -> None:
    first = box.say(OFFICER, "satu", chat_id=DESK)
    second = box.say(OFFICER, "dua", chat_id=DESK, reply_to=first["message_id"])
    box.say(OFFICER, "tiga", chat_id=DESK, reply_to=second["message_id"])
    message = message_of(box)
    assert message.reply_to_message is not None
    assert (message.reply_to_message.text, message.reply_to_message.reply_to_message) == ("dua", None)
    assert not message.is_topic_message


@pytest.mark.parametrize(
    ("send", "kind"),
    [
        (lambda box: box.send_photo(CITIZEN, picture(), caption="jalan"), "photo"),
        (lambda box: box.send_video(CITIZEN, b"video"), "video"),
        (lambda box: box.send_voice(CITIZEN, b"voice"), "voice"),
        (lambda box: box.send_audio(CITIZEN, b"audio"), "audio"),
        (lambda box: box.send_document(CITIZEN, b"%PDF", file_name="bukti.pdf"), "document"),
        (lambda box: box.send_sticker(CITIZEN), "sticker"),
        (lambda box: box.send_location(CITIZEN, -7.79, 110.36), "location"),
        (lambda box: box.send_contact(CITIZEN, "+6281200000000"), "contact"),
    ],
)
async def test_every_kind_of_content_is_read_as_what_it_is(
    box: TelegramSandbox, send: Callable[[TelegramSandbox], Any], kind: str
) -> None:
    send(box)
    message = message_of(box)
    assert telegram.helpers.effective_message_type(message) == kind
    if kind == "photo":
        assert message.caption == "jalan"
        assert [size.width for size in message.photo] == [90, 320, 400]
    if kind == "document":
        assert message.document is not None
        assert (message.document.file_name, message.document.mime_type) == ("bukti.pdf", "application/pdf")
    if kind == "contact":
        assert message.contact is not None
        assert message.contact.user_id == CITIZEN


async def test_album_is_one_update_for_each_picture(box: TelegramSandbox) -> None:
    box.send_album(CITIZEN, [picture(), picture()], caption="dua foto")
    first, second = (telegram.Update.de_json(update, None).message for update in box.updates.sent)
    assert first is not None
    assert second is not None
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("dua foto", None)


async def test_edit_block_reaction_and_membership_are_read(box: TelegramSandbox, bot: telegram.Bot) -> None:
    await bot.get_updates(allowed_updates=EVERYTHING)
    said = box.say(CITIZEN, "halo")
    box.edit(CITIZEN, CITIZEN, said["message_id"], "halo pak")
    edited = parsed(box).edited_message
    assert edited is not None
    assert (edited.text, edited.edit_date is not None) == ("halo pak", True)
    box.react(CITIZEN, CITIZEN, said["message_id"], "\N{THUMBS UP SIGN}")
    assert parsed(box).message_reaction is not None
    box.block_bot(CITIZEN)
    blocked = parsed(box).my_chat_member
    assert blocked is not None
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    box.add_member(DESK, CITIZEN, "administrator")
    joined = parsed(box).chat_member
    assert joined is not None
    assert isinstance(joined.new_chat_member, telegram.ChatMemberAdministrator)
    assert joined.new_chat_member.user.id == CITIZEN


async def test_anonymous_admin_is_nobody(box: TelegramSandbox) -> None:
    box.anonymous_admin_says(DESK, "/tutup")
    message = message_of(box)
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.id, message.sender_chat.id) == (1087968824, DESK)


async def test_bot_added_and_removed_is_told(box: TelegramSandbox) -> None:
    box.remove_bot(OFFICER, DESK)
    gone = parsed(box).my_chat_member
    assert gone is not None
    assert gone.new_chat_member.status == "kicked"
    assert box.say(OFFICER, "sepi", chat_id=DESK)["text"] == "sepi"
    assert parsed(box).message is None
    box.add_bot_to_group(OFFICER, DESK, status="administrator")
    assert message_of(box).new_chat_members[0].username == "tanggap_bot"


async def test_privacy_hides_small_talk_from_a_plain_member(box: TelegramSandbox) -> None:
    box.say(OFFICER, "kopi?", chat_id=PLAIN)
    assert box.updates.sent == []
    box.say(OFFICER, "/status", chat_id=PLAIN)
    box.say(OFFICER, "/status@bot_lain", chat_id=PLAIN)
    assert [update["message"]["text"] for update in box.updates.sent] == ["/status"]


async def test_unwanted_kinds_are_not_queued_by_default(box: TelegramSandbox) -> None:
    said = box.say(CITIZEN, "halo")
    assert box.react(CITIZEN, CITIZEN, said["message_id"], "\N{FIRE}") is None
    assert box.add_member(DESK, CITIZEN) is None
    assert len(box.updates.sent) == 1


def unknown_fields(value: object) -> set[str]:
    """Names of fields the library keeps aside because it does not know them."""
    if isinstance(value, telegram.TelegramObject):
        inner = (unknown_fields(getattr(value, name, None)) for name in value.to_dict(recursive=False))
        return set(value.api_kwargs).union(*inner)
    if isinstance(value, (list, tuple)):
        return set().union(*(unknown_fields(item) for item in value))
    return set()


async def test_the_library_knows_every_field_of_every_update(box: TelegramSandbox, bot: telegram.Bot) -> None:
    await bot.get_updates(allowed_updates=EVERYTHING)
    for status in ("member", "restricted", "administrator", "left", "kicked", "creator"):
        box.add_member(FORUM, CITIZEN, status)
    thread = box.create_topic(OFFICER, FORUM, "Laporan 9")
    box.say(OFFICER, "@sari_w lihat https://polri.go.id #lapor +6281200000000", chat_id=FORUM, thread=thread)
    box.close_topic(FORUM, thread, by_user=OFFICER)
    box.reopen_topic(FORUM, thread, by_user=OFFICER)
    box.anonymous_admin_says(FORUM, "siap")
    said = box.say(CITIZEN, "halo")
    box.edit(CITIZEN, CITIZEN, said["message_id"], "halo pak")
    box.react(CITIZEN, CITIZEN, said["message_id"], "\N{FIRE}")
    box.press(CITIZEN, CITIZEN, said["message_id"], "y")
    box.send_photo(CITIZEN, picture(), reply_to=said["message_id"])
    box.send_document(CITIZEN, b"x")
    box.send_sticker(CITIZEN)
    box.send_contact(CITIZEN, "+6281200000000")
    box.block_bot(CITIZEN)
    for status in ("restricted", "member", "administrator"):
        box.add_bot_to_group(OFFICER, FORUM, status=status)
    box.remove_bot(OFFICER, FORUM)
    box.migrate_group(PLAIN, -1001000000009)
    # Fields of older versions that the real server still sends.
    legacy = {"all_members_are_administrators", "can_manage_voice_chats"}
    updates = [telegram.Update.de_json(update, None) for update in box.updates.sent]
    assert len(updates) > 20
    assert set().union(*(unknown_fields(update) for update in updates)) <= legacy


async def test_what_a_phone_would_not_allow_is_a_mistake_of_the_test(box: TelegramSandbox) -> None:
    thread = box.create_topic(OFFICER, FORUM, "x")
    box.delete_topic(FORUM, thread)
    for deed in (
        lambda: box.say(CITIZEN, "x", chat_id=DESK),
        lambda: box.say(OFFICER, "x", chat_id=FORUM, thread=thread),
        lambda: box.say(CITIZEN, "x", reply_to=77),
        lambda: box.fail_next("sendMesage"),
    ):
        with pytest.raises(ValueError, match=" "):
            deed()
