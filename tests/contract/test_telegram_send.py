"""Owns the proof of what each task does on Telegram, against a server that refuses what the real one refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.base import (
    PlaceGone,
    Rejected,
    SendResult,
    TooLarge,
)
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Attachment, Choice, File, Kind, Mention, Outbound, Task
from chatbot.sandbox.telegram import TelegramSandbox
from tests.contract.telegram_channel_world import (
    FORUM,
    PETUGAS,
    PLAIN,
    WARGA,
    box,
    channel,
    file,
    out,
    picture,
)

__all__ = ["box", "channel"]


async def test_text_arrives_with_its_marks_and_without_preview(box: TelegramSandbox, channel: TelegramChannel) -> None:
    result = await channel.send(out(text="<b>Halo</b> A &amp; B https://contoh.id"))

    (message,) = box.bot_messages(WARGA)
    assert result == SendResult((str(message["message_id"]),))
    assert message["text"] == "Halo A & B https://contoh.id"
    assert message["entities"][0]["type"] == "bold"
    assert message["link_preview_options"] == {"is_disabled": True}


async def test_marks_that_telegram_cannot_read_become_plain(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.send(out(text="<b>Halo</b> <x>Warga &amp; kawan"))

    assert [message["text"] for message in box.bot_messages(WARGA)] == ["Halo <x>Warga & kawan"]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Ya", "Tidak"], [2]),
        (["Satu", "Dua", "Tiga"], [3]),
        (["Ajukan aduan", "Tanya saja"], [2]),
        (["Bicara dgn petugas", "Tidak"], [1, 1]),
        (["1", "2", "3", "4", "5"], [1, 1, 1, 1, 1]),
    ],
)
async def test_buttons_stand_in_rows_that_fit_a_phone(
    box: TelegramSandbox, channel: TelegramChannel, labels: list[str], rows: list[int]
) -> None:
    await channel.send(out(text="?", choices=tuple(Choice(f"c:{label}", label) for label in labels)))

    keyboard = box.bot_messages(WARGA)[0]["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in keyboard] == rows
    assert [button["callback_data"] for row in keyboard for button in row] == [f"c:{label}" for label in labels]


async def test_place_is_asked_for_with_the_callers_word(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.send(out(text="Di mana?", asks_place=True, list_label="Kirim lokasi"))

    button = box.bot_messages(WARGA)[0]["keyboard"]["keyboard"][0][0]
    assert button["request_location"] is True
    assert button["text"] == "Kirim lokasi"


async def test_place_is_not_asked_for_in_a_group(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.send(out(FORUM, text="Di mana?", asks_place=True))

    assert box.bot_messages(FORUM)[0]["keyboard"] is None


@pytest.mark.parametrize(("to", "urgent", "quiet"), [(WARGA, False, False), (FORUM, False, True), (FORUM, True, False)])
async def test_groups_are_woken_only_when_it_is_urgent(
    box: TelegramSandbox,
    channel: TelegramChannel,
    to: int,
    urgent: bool,
    quiet: bool,
) -> None:
    await channel.send(out(to, text="x", urgent=urgent))

    assert box.calls_of("sendMessage")[0].json("disable_notification") is quiet


async def test_reply_goes_out_even_if_its_message_is_gone(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.send(out(text="x", reply_to="999999"))

    assert len(box.bot_messages(WARGA)) == 1


async def test_alert_names_the_administrators_but_no_bot(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.send(out(FORUM, text="<b>DARURAT</b>", mention_admins=True, urgent=True))

    entities = box.bot_messages(FORUM)[0]["entities"]
    assert [entity["user"]["id"] for entity in entities if entity["type"] == "text_mention"] == [PETUGAS]


async def test_those_on_duty_are_named_in_place_of_the_administrators_whatever_their_names_are(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    people = (
        Mention(str(PETUGAS), '</a><b>"Petugas" & 1</b>'),
        Mention("1'><a href='https://contoh.invalid", "Petugas 2"),
    )
    await channel.send(out(FORUM, text="<b>DARURAT</b>", mention_admins=True, mentions=people))

    sent = box.bot_messages(FORUM)[0]
    assert sent["text"] == 'DARURAT\n</a><b>"Petugas" & 1</b>'
    assert [entity["type"] for entity in sent["entities"]] == ["bold", "text_mention"]
    assert sent["entities"][1]["user"]["id"] == PETUGAS
    assert not box.calls_of("getChatAdministrators")


async def test_names_that_do_not_fit_are_left_out(box: TelegramSandbox, channel: TelegramChannel) -> None:
    await channel.send(out(FORUM, text="x" * 4090, mentions=(Mention(str(PETUGAS), "Petugas 1"),)))

    assert box.bot_messages(FORUM)[0]["text"] == "x" * 4090


async def test_alert_goes_out_without_names_when_they_cannot_be_had(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    box.fail_next("getChatAdministrators", status=500)

    await channel.send(out(FORUM, text="DARURAT", mention_admins=True))

    assert box.bot_messages(FORUM)[0]["text"] == "DARURAT"


async def test_picture_goes_out_byte_for_byte_with_a_preview(
    box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path
) -> None:
    data = picture()
    photo = file(tmp_path / "ab12", data, kind=Kind.PHOTO, mime="image/jpeg", name='bukti "1".jpg')

    await channel.send(out(FORUM, Task.MEDIA, file=photo, text="<i>Bukti</i>"))

    (message,) = box.bot_messages(FORUM)
    assert message["document"]["file_name"] == "bukti _1_.jpg"
    assert message["caption"] == "Bukti"
    assert len(box.calls_of("sendDocument")[0].files) == 2
    assert b"".join([chunk async for chunk in channel.fetch(sent_file(message["document"]))]) == data


def sent_file(found: dict[str, Any]) -> Attachment:
    return Attachment(kind=Kind.DOCUMENT, ref=found["file_id"])


async def test_picture_that_is_none_goes_out_without_a_preview(
    box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path
) -> None:
    await channel.send(
        out(FORUM, Task.MEDIA, file=file(tmp_path / "x.jpg", b"bukan gambar", kind=Kind.PHOTO, mime="image/jpeg"))
    )

    assert len(box.calls_of("sendDocument")[0].files) == 1
    assert len(box.bot_messages(FORUM)) == 1


async def test_picture_of_ours_is_shown_in_the_chat(
    box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path
) -> None:
    chart = file(tmp_path / "chart", picture(400), kind=Kind.PHOTO, mime="image/jpeg", name="rekap.jpg")

    await channel.send(out(FORUM, Task.MEDIA, file=chart, text="<b>Rekap</b>", as_picture=True))

    (message,) = box.bot_messages(FORUM)
    assert (message["photo"][-1]["width"], message["photo"][-1]["height"]) == (400, 400)
    assert message["caption"] == "Rekap"


async def test_group_that_takes_no_photos_is_not_taken_for_one_that_is_gone(
    box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path
) -> None:
    chart = file(tmp_path / "chart", picture(400), kind=Kind.PHOTO, mime="image/jpeg")
    wish = out(FORUM, Task.MEDIA, file=chart, as_picture=True)

    box.fail_next("sendPhoto", description="Bad Request: not enough rights to send photos to the chat")
    with pytest.raises(Rejected):
        await channel.send(wish)
    box.fail_next("sendPhoto", status=403, description="Forbidden: bot was kicked from the supergroup chat")
    with pytest.raises(PlaceGone):
        await channel.send(wish)


async def test_voice_note_stays_a_voice_note(box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path) -> None:
    voice = file(tmp_path / "v", b"OggS" + bytes(50), kind=Kind.VOICE, mime="audio/ogg; codecs=opus")

    await channel.send(out(FORUM, Task.MEDIA, file=voice))

    assert "voice" in box.bot_messages(FORUM)[0]


async def test_caption_that_cannot_be_read_becomes_plain_and_the_file_is_whole(
    box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path
) -> None:
    paper = file(tmp_path / "p.pdf", b"%PDF" + bytes(1000), kind=Kind.DOCUMENT, mime="application/pdf")

    await channel.send(out(FORUM, Task.MEDIA, file=paper, text="<x>surat"))

    (message,) = box.bot_messages(FORUM)
    assert message["caption"] == "<x>surat"
    assert message["document"]["file_size"] == paper.size


async def test_file_that_is_too_large_or_gone_is_never_tried(
    box: TelegramSandbox, channel: TelegramChannel, tmp_path: Path
) -> None:
    huge = File(path=str(tmp_path / "x"), mime="video/mp4", name="x", kind=Kind.VIDEO, size=60_000_000)
    gone = File(path=str(tmp_path / "y"), mime="video/mp4", name="y", kind=Kind.VIDEO, size=10)

    with pytest.raises(TooLarge):
        await channel.send(out(task=Task.MEDIA, file=huge))
    with pytest.raises(Rejected):
        await channel.send(out(task=Task.MEDIA, file=gone))
    assert not box.calls_of("sendDocument")


async def test_one_message_is_copied_with_another_caption(box: TelegramSandbox, channel: TelegramChannel) -> None:
    photo = box.send_photo(WARGA, picture(), caption="dari saya")

    source = {"source": str(WARGA), "messages": (str(photo["message_id"]),)}
    result = await channel.send(out(FORUM, Task.COPY, text="<b>Warga</b>", **source))

    (message,) = box.bot_messages(FORUM)
    assert message["caption"] == "Warga"
    assert "forward_origin" not in message
    assert result == SendResult((str(message["message_id"]),))


async def test_copy_without_words_of_ours_loses_its_authors(box: TelegramSandbox, channel: TelegramChannel) -> None:
    photo = box.send_photo(WARGA, picture(), caption="dari saya @petugas")
    await channel.send(out(FORUM, Task.COPY, text="", source=str(WARGA), messages=(str(photo["message_id"]),)))

    (message,) = box.bot_messages(FORUM)
    assert "photo" in message
    assert "caption" not in message


async def test_copies_are_counted_and_lose_their_captions(box: TelegramSandbox, channel: TelegramChannel) -> None:
    photos = box.send_album(WARGA, [picture(), picture()], caption="dari saya")
    ids = [str(photo["message_id"]) for photo in photos]

    result = await channel.send(out(FORUM, Task.COPY, source=str(WARGA), messages=(*reversed(ids), "999999")))

    assert result.skipped == 1
    assert len(result.external_ids) == 2
    assert all("caption" not in message for message in box.bot_messages(FORUM))


async def test_edit_changes_text_and_buttons(box: TelegramSandbox, channel: TelegramChannel) -> None:
    (sent,) = (await channel.send(out(text="lama", choices=(Choice("a", "A"),)))).external_ids

    await channel.send(out(task=Task.EDIT, target=sent, text="<b>baru</b>"))

    (message,) = box.bot_messages(WARGA)
    assert message["text"] == "baru"
    assert "reply_markup" not in message


async def test_edit_without_a_change_is_no_fault(channel: TelegramChannel) -> None:
    (sent,) = (await channel.send(out(text="sama"))).external_ids

    assert await channel.send(out(task=Task.EDIT, target=sent, text="sama")) == SendResult((sent,))


async def test_deleting_twice_is_no_fault(box: TelegramSandbox, channel: TelegramChannel) -> None:
    (sent,) = (await channel.send(out(text="keliru"))).external_ids

    await channel.send(out(task=Task.DELETE, target=sent))
    await channel.send(out(task=Task.DELETE, target=sent))

    assert box.bot_messages(WARGA) == []


async def test_topic_is_opened_closed_and_reopened(box: TelegramSandbox, channel: TelegramChannel) -> None:
    thread = (await channel.send(out(FORUM, Task.TOPIC, title="A &amp; B" + "x" * 200))).thread

    for task in (Task.CLOSE_TOPIC, Task.CLOSE_TOPIC, Task.REOPEN_TOPIC, Task.REOPEN_TOPIC):
        await channel.send(out(FORUM, task, thread=thread))
    await channel.send(out(FORUM, text="kartu", thread=thread))

    (topic,) = [topic for topic in box.topics(FORUM) if topic.name.startswith("A & B")]
    assert len(topic.name) == 128
    assert not topic.closed
    assert [message["text"] for message in box.bot_messages(FORUM, int(thread))] == ["kartu"]


async def test_group_without_topics_gets_none_and_is_not_asked_twice(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    for _ in range(2):
        assert (await channel.send(out(PLAIN, Task.TOPIC, title="T"))).thread == ""

    assert len(box.calls_of("getChat")) == 1
    assert not box.calls_of("createForumTopic")


async def test_forum_without_the_right_to_it_gets_no_topic(box: TelegramSandbox, channel: TelegramChannel) -> None:
    box.set_bot_rights(PETUGAS, FORUM, can_manage_topics=False)

    assert (await channel.send(out(FORUM, Task.TOPIC, title="T"))).thread == ""


async def test_press_is_answered_even_if_forgotten(box: TelegramSandbox, channel: TelegramChannel) -> None:
    (sent,) = (await channel.send(out(text="?", choices=(Choice("a", "A"),)))).external_ids
    press = box.press(WARGA, WARGA, int(sent), "a")

    await channel.send(out(task=Task.ANSWER_PRESS, target=press, text="x" * 300))
    await channel.send(out(task=Task.ANSWER_PRESS, target="12345"))

    assert box.answers[press]["text"] == "x" * 200


async def test_leaving_twice_is_no_fault(channel: TelegramChannel) -> None:
    await channel.send(out(PLAIN, Task.LEAVE))
    await channel.send(out(PLAIN, Task.LEAVE))

    with pytest.raises(PlaceGone) as gone:
        await channel.send(out(PLAIN, text="x"))
    assert gone.value.what == "chat"


async def test_template_is_none_of_telegrams(channel: TelegramChannel) -> None:
    with pytest.raises(Rejected):
        await channel.send(out(task=Task.TEMPLATE))


async def test_words_for_a_topic_stand_nowhere_once_topics_are_switched_off(
    box: TelegramSandbox, channel: TelegramChannel
) -> None:
    thread = (await channel.send(out(FORUM, Task.TOPIC, title="T"))).thread
    await channel.send(out(FORUM, text="satu", thread=thread))
    box.switch_topics(FORUM, on=False)
    before = len(box.bot_messages(FORUM))

    for task in (out(FORUM, text="dua", thread=thread), copied(box, thread)):  # found out, then known
        with pytest.raises(PlaceGone) as gone:
            await channel.send(task)
        assert gone.value.what == "topic"
    assert len(box.bot_messages(FORUM)) == before
    assert (await channel.send(out(FORUM, Task.TOPIC, title="T"))).thread == ""


def copied(box: TelegramSandbox, thread: str) -> Outbound:
    said = box.say(WARGA, "foto")
    return out(FORUM, Task.COPY, source=str(WARGA), messages=(str(said["message_id"]),), thread=thread)
