"""Owns the proof that python-telegram-bot can drive the sandbox's methods and is refused as by the real server."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import telegram
from aiohttp import ClientSession
from PIL import Image
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

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


# Sending, driven by the library


async def test_html_becomes_entities_and_keyboard_comes_back(box: TelegramSandbox, bot: telegram.Bot) -> None:
    box.say(CITIZEN, "/start")
    keys = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Ya", callback_data="y:1")]])
    sent = await bot.send_message(
        CITIZEN, '\n😀 <b>a &lt; b</b> <a href="https://polri.go.id">x</a>\n', parse_mode="HTML", reply_markup=keys
    )
    assert sent.text == "😀 a < b x"
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        ("bold", 3, 5),
        ("text_link", 9, 1),
    ]
    assert sent.reply_markup == keys
    assert box.bot_messages(CITIZEN)[0]["text"] == "😀 a < b x"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", "can't find end tag corresponding to start tag b"),
        ("x < y", 'unsupported start tag "" at byte offset 2'),
        ("é <nama>", 'unsupported start tag "nama" at byte offset 3'),
        ("<b>x</i>", 'unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "unexpected end tag at byte offset 1"),
        ("x <b", "unclosed start tag at byte offset 2"),
    ],
)
async def test_broken_html_is_refused_in_the_servers_words(
    box: TelegramSandbox, bot: telegram.Bot, source: str, reason: str
) -> None:
    box.say(CITIZEN, "/start")
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(CITIZEN, source, parse_mode="HTML")
    assert caught.value.message.lower() == f"can't parse entities: {reason}".lower()


async def test_length_counts_utf16_after_parsing(box: TelegramSandbox, bot: telegram.Bot) -> None:
    box.say(CITIZEN, "/start")
    await bot.send_message(CITIZEN, f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(CITIZEN, "😀" * 2048 + "a")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(CITIZEN, b"x", caption="a" * 1025)
    with pytest.raises(BadRequest, match="ext must be non-empty"):
        await bot.send_message(CITIZEN, " \n ")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(CITIZEN, "")


@pytest.mark.parametrize(
    ("chat_id", "markup", "reason"),
    [
        (
            CITIZEN,
            {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (CITIZEN, {"inline_keyboard": [[{"text": "x"}]]}, "Text buttons are unallowed"),
        (CITIZEN, {"inline_keyboard": [{"text": "x"}]}, "must be an Array of Arrays"),
        (
            CITIZEN,
            {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]] * 101},
            "Bad Request: reply markup is too long",
        ),
        (DESK, {"keyboard": [[{"text": "x", "request_contact": True}]]}, "requested in private chats only"),
    ],
)
async def test_wrong_keyboards_are_refused(
    box: TelegramSandbox, chat_id: int, markup: dict[str, Any], reason: str
) -> None:
    box.say(CITIZEN, "/start")
    body = {"chat_id": chat_id, "text": "x", "reply_markup": markup}
    async with ClientSession() as session, session.post(f"{box.url}/bot{TOKEN}/sendMessage", json=body) as answer:
        assert answer.status == 400
        assert reason in (await answer.json())["description"]


async def test_reply_to_nothing_is_refused_unless_allowed(box: TelegramSandbox, bot: telegram.Bot) -> None:
    said = box.say(CITIZEN, "/start")
    sent = await bot.send_message(CITIZEN, "ya", reply_parameters=telegram.ReplyParameters(said["message_id"]))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == said["message_id"]
    with pytest.raises(BadRequest, match="essage to be replied not found"):
        await bot.send_message(CITIZEN, "x", reply_parameters=telegram.ReplyParameters(77))
    await bot.send_message(
        CITIZEN, "x", reply_parameters=telegram.ReplyParameters(77, allow_sending_without_reply=True)
    )


async def test_who_may_be_written_to(box: TelegramSandbox, bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(STRANGER, "x")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(OFFICER, "x")
    box.say(CITIZEN, "/start")
    box.block_bot(CITIZEN)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(CITIZEN, "x")
    box.unblock_bot(CITIZEN)
    await bot.send_message(CITIZEN, "x")
    box.remove_bot(OFFICER, DESK)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(DESK, "x")


async def test_migrated_group_tells_its_new_id(box: TelegramSandbox, bot: telegram.Bot) -> None:
    box.migrate_group(PLAIN, -1001000000009)
    assert [update["message"].get("migrate_to_chat_id") for update in box.updates.sent] == [-1001000000009, None]
    assert message_of(box).migrate_from_chat_id == PLAIN
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(PLAIN, "x")
    assert caught.value.new_chat_id == -1001000000009
    await bot.send_message(-1001000000009, "x")


async def test_editing_and_deleting(box: TelegramSandbox, bot: telegram.Bot) -> None:
    said = box.say(CITIZEN, "/start")
    sent = await bot.send_message(CITIZEN, "satu")
    edited = await bot.edit_message_text("dua", CITIZEN, sent.message_id)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.edit_date is not None) == ("dua", True)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("dua", CITIZEN, sent.message_id)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("x", CITIZEN, said["message_id"])
    await bot.delete_message(CITIZEN, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("tiga", CITIZEN, sent.message_id)
    assert [message["deleted"] for message in box.messages(CITIZEN)] == [False, True]


async def test_copies_hide_the_author_and_skip_what_cannot_be_copied(box: TelegramSandbox, bot: telegram.Bot) -> None:
    first = box.say(CITIZEN, "ada kecelakaan")
    second = box.send_photo(CITIZEN, picture(), caption="ini")
    ids = [first["message_id"], second["message_id"], 4444]
    copies = await bot.copy_messages(DESK, CITIZEN, ids)
    assert len(copies) == 2
    assert "forward_origin" not in box.bot_messages(DESK)[0]
    with pytest.raises(BadRequest, match="strictly increasing order"):
        await bot.copy_messages(DESK, CITIZEN, ids[1::-1])
    await bot.copy_message(DESK, CITIZEN, ids[1], caption="baru")
    assert box.bot_messages(DESK)[-1]["caption"] == "baru"
    forwarded = await bot.forward_message(DESK, CITIZEN, ids[0])
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == CITIZEN


async def test_topics_live_close_and_die(box: TelegramSandbox, bot: telegram.Bot) -> None:
    topic = await bot.create_forum_topic(FORUM, "Laporan 8", icon_color=9367192)
    thread = topic.message_thread_id
    sent = await bot.send_message(FORUM, "kartu", message_thread_id=thread)
    assert (sent.is_topic_message, sent.message_thread_id) == (True, thread)
    await bot.edit_forum_topic(FORUM, thread, name="Laporan 8 selesai")
    await bot.close_forum_topic(FORUM, thread)
    for again in (bot.close_forum_topic(FORUM, thread), bot.edit_forum_topic(FORUM, thread, name="Laporan 8 selesai")):
        with pytest.raises(BadRequest, match=r"(?i)TOPIC_NOT_MODIFIED"):
            await again
    assert [(known.name, known.closed) for known in box.topics(FORUM)] == [("Laporan 8 selesai", True)]
    box.delete_topic(FORUM, thread)
    for lost in (thread, 1):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(FORUM, "x", message_thread_id=lost)
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(DESK, "x")
    box.set_bot_rights(OFFICER, FORUM, can_manage_topics=False)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(FORUM, "x")


async def test_closed_topic_refuses_a_bot_that_is_no_admin(box: TelegramSandbox, bot: telegram.Bot) -> None:
    thread = box.create_topic(OFFICER, FORUM, "x")
    box.close_topic(FORUM, thread)
    await bot.send_message(FORUM, "x", message_thread_id=thread)
    box.add_bot_to_group(OFFICER, FORUM, status="member")
    with pytest.raises(BadRequest, match=r"(?i)TOPIC_CLOSED"):
        await bot.send_message(FORUM, "x", message_thread_id=thread)


async def test_files_go_up_and_down(box: TelegramSandbox, bot: telegram.Bot, clock: HandClock) -> None:
    said = box.send_document(CITIZEN, b"%PDF-1", file_name="bukti.pdf")
    file = await bot.get_file(said["document"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1"
    assert "bukti" not in str(file.file_path)
    clock.now += timedelta(hours=2)
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
    big = box.send_document(CITIZEN, b"x", size=21 * 1024 * 1024)
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(big["document"]["file_id"])
    sent = await bot.send_photo(CITIZEN, picture(), caption="peta")
    again = await bot.send_photo(CITIZEN, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(CITIZEN, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)of type Document as Photo"):
        await bot.send_photo(CITIZEN, said["document"]["file_id"])
    album = await bot.send_media_group(CITIZEN, [telegram.InputMediaPhoto(picture()) for _ in range(2)], caption="a")
    assert (len({one.media_group_id for one in album}), album[0].caption) == (1, "a")
    with pytest.raises(BadRequest, match="2-10"):
        await bot.send_media_group(CITIZEN, [telegram.InputMediaPhoto(picture())])


async def test_press_is_answered_once_and_in_time(box: TelegramSandbox, bot: telegram.Bot, clock: HandClock) -> None:
    box.say(CITIZEN, "/start")
    sent = await bot.send_message(CITIZEN, "pilih")
    press = box.press(CITIZEN, CITIZEN, sent.message_id, "y:1")
    query = parsed(box).callback_query
    assert query is not None
    assert isinstance(query.message, telegram.Message)
    assert (query.id, query.data, query.from_user.id, query.message.text) == (press, "y:1", CITIZEN, "pilih")
    await bot.answer_callback_query(press, "baik", show_alert=True)
    assert await box.answer_to(press) == {"text": "baik", "show_alert": True, "url": ""}
    late = box.press(CITIZEN, CITIZEN, sent.message_id, "y:1")
    clock.now += timedelta(minutes=2)
    for stale in (press, late, "77"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
            await bot.answer_callback_query(stale)
    await bot.delete_message(CITIZEN, sent.message_id)
    box.press(CITIZEN, CITIZEN, sent.message_id, "y:1")
    blind = parsed(box).callback_query
    assert blind is not None
    assert isinstance(blind.message, telegram.Message)
    # The library reads an inaccessible message as an empty one of the year 1970.
    assert (blind.message.message_id, blind.message.text) == (sent.message_id, None)
    assert blind.message.date == datetime.fromtimestamp(0, UTC)


async def test_profile_members_commands_and_marks(box: TelegramSandbox, bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.can_read_all_group_messages) == (7000000001, "tanggap_bot", False)
    assert (await bot.get_chat(FORUM)).is_forum
    own = await bot.get_chat_member(FORUM, me.id)
    assert isinstance(own, telegram.ChatMemberAdministrator)
    assert own.can_manage_topics
    assert {member.user.id for member in await bot.get_chat_administrators(DESK)} == {me.id, OFFICER}
    assert (await bot.get_chat_member(DESK, CITIZEN)).status == "left"
    await bot.set_my_commands([("lapor", "Buat laporan")], language_code="id")
    assert [one.command for one in await bot.get_my_commands(language_code="id")] == ["lapor"]
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Lapor!", "x")])
    said = box.say(OFFICER, "siap", chat_id=DESK)
    await bot.set_message_reaction(DESK, said["message_id"], "\N{THUMBS UP SIGN}")
    assert box.messages(DESK)[-1]["reactions"] == {me.id: ["\N{THUMBS UP SIGN}"]}
    await bot.pin_chat_message(DESK, said["message_id"])
    await bot.send_chat_action(DESK, "typing")
    await bot.leave_chat(DESK)
    with pytest.raises(Forbidden, match="bot is not a member"):
        await bot.send_message(DESK, "x")
