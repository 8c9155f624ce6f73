"""Owns the proof of what each task does on WhatsApp, against a server that refuses what the real one refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chatbot.channels.base import (
    Rejected,
    TooLarge,
    Unreachable,
    WindowClosed,
)
from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.message import File, Kind, Task
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from tests.contract.whatsapp_channel_world import (
    JPEG,
    SCOPED,
    HandClock,
    box,
    channel,
    choices,
    clock,
    file,
    make,
    out,
    received,
    url_of,
    warga,
)

__all__ = ["box", "channel", "clock", "warga"]


async def test_text_arrives_with_whatsapps_marks(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    result = await channel.send(out(text="<b>Halo</b> A &amp; B"))

    (message,) = received(box, warga)
    assert result.external_ids == (message.id,)
    assert message.content == {"body": "*Halo* A & B", "preview_url": False}
    assert message.tracker == "77"


async def test_person_is_reached_by_the_scoped_id_alone(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str
) -> None:
    await channel.send(out(SCOPED, text="Halo"))

    assert len(received(box, warga)) == 1
    assert "to" not in box.calls[-1].params


async def test_reply_quotes_its_message(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    (asked,) = box.messages(warga)

    await channel.send(out(text="Halo juga", reply_to=asked.id))

    assert received(box, warga)[0].reply_to == asked.id


async def test_up_to_three_choices_are_buttons(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    await channel.send(out(text="Pilih", choices=choices(3)))

    content = received(box, warga)[0].content
    assert content["type"] == "button"
    assert [button["reply"]["id"] for button in content["action"]["buttons"]] == ["c:0", "c:1", "c:2"]


async def test_up_to_ten_choices_are_a_list(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    await channel.send(out(text="Pilih", choices=choices(10), list_label="Lihat pilihan"))

    action = received(box, warga)[0].content["action"]
    assert action["button"] == "Lihat pilihan"
    assert len(action["sections"][0]["rows"]) == 10
    assert action["sections"][0]["rows"][9] == {"id": "c:9", "title": "Pilihan 9", "description": "Tentang 9"}


async def test_place_is_asked_for(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    await channel.send(out(text="Di mana?", asks_place=True))

    content = received(box, warga)[0].content
    assert content["type"] == "location_request_message"
    assert content["action"] == {"name": "send_location"}


async def test_long_text_goes_ahead_of_its_buttons(box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str) -> None:
    result = await channel.send(out(text="kata " * 400, choices=choices(2)))

    sent = received(box, warga)
    assert [message.kind for message in sent] == ["text", "interactive"]
    assert result.external_ids == tuple(message.id for message in sent)


async def test_text_that_its_marks_make_too_long_is_split(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str
) -> None:
    await channel.send(out(text="<b>x</b> " * 2040))

    assert len(received(box, warga)) == 2


async def test_second_try_goes_on_where_the_first_failed(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = out(text="kata " * 400, choices=choices(2))
    post = channel._client.post
    paths: list[str] = []

    async def post_once(path: str, body: dict[str, Any]) -> dict[str, Any]:
        paths.append(path)
        if len(paths) == 2:
            box.fail_next(code=131000)
        return await post(path, body)

    monkeypatch.setattr(channel._client, "post", post_once)
    with pytest.raises(Unreachable):
        await channel.send(message)
    result = await channel.send(message)

    sent = received(box, warga)
    assert [message.kind for message in sent] == ["text", "interactive"]
    assert result.external_ids == tuple(message.id for message in sent)


async def test_photo_goes_as_an_image_and_is_uploaded_once(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str, tmp_path: Path
) -> None:
    photo = file(tmp_path / "ab12", JPEG, kind=Kind.PHOTO, mime="image/jpeg")

    await channel.send(out(task=Task.MEDIA, file=photo, text="<b>Bukti</b>"))
    await channel.send(out(task=Task.MEDIA, file=photo, number=78))

    assert [(message.kind, message.content.get("caption")) for message in received(box, warga)] == [
        ("image", "*Bukti*"),
        ("image", None),
    ]
    assert len([call for call in box.calls if call.path.endswith("/media")]) == 1


@pytest.mark.parametrize(
    "what",
    [
        (Kind.DOCUMENT, "image/jpeg"),
        (Kind.DOCUMENT, "application/pdf"),
        (Kind.VIDEO, "video/mp4"),
        (Kind.AUDIO, "audio/ogg"),
        (Kind.PHOTO, "image/webp"),
    ],
)
async def test_other_files_go_as_documents_with_their_name(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str, tmp_path: Path, what: tuple[Kind, str]
) -> None:
    paper = file(tmp_path / "ab12", JPEG, kind=what[0], mime=what[1], name="su/rat.pdf")

    await channel.send(out(task=Task.MEDIA, file=paper))

    (message,) = received(box, warga)
    assert message.kind == "document"
    assert message.content["filename"] == "su_rat.pdf"


async def test_voice_note_stays_one_and_its_words_follow(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str, tmp_path: Path
) -> None:
    voice = file(tmp_path / "v", b"OggS" + bytes(99), kind=Kind.VOICE, mime="audio/ogg; codecs=opus")

    result = await channel.send(out(task=Task.MEDIA, file=voice, text="Dari petugas"))

    sent = received(box, warga)
    assert [message.kind for message in sent] == ["audio", "text"]
    assert sent[0].content["voice"] is True
    assert len(result.external_ids) == 2


@pytest.mark.parametrize(
    ("mime", "size"),
    [("image/jpeg", 5_000_001), ("video/mp4", 16_000_001), ("application/pdf", 100_000_001), ("image/webp", 500_001)],
)
async def test_file_over_the_limit_of_its_type_is_never_tried(
    box: WhatsAppSandbox, channel: WhatsAppChannel, mime: str, size: int
) -> None:
    huge = File(path="tidak-ada", mime=mime, name="x", kind=Kind.DOCUMENT, size=size)

    with pytest.raises(TooLarge):
        await channel.send(out(task=Task.MEDIA, file=huge))
    assert box.calls == []


async def test_file_that_is_gone_is_refused_for_good(channel: WhatsAppChannel, tmp_path: Path) -> None:
    gone = File(path=str(tmp_path / "y"), mime="video/mp4", name="y", kind=Kind.VIDEO, size=10)

    with pytest.raises(Rejected):
        await channel.send(out(task=Task.MEDIA, file=gone))


async def test_upload_without_an_answer_is_no_message_in_doubt(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str, tmp_path: Path
) -> None:
    photo = file(tmp_path / "p", JPEG, kind=Kind.PHOTO, mime="image/jpeg")
    box.fail_next(mode="reset_after")

    with pytest.raises(Unreachable):
        await channel.send(out(task=Task.MEDIA, file=photo))
    await channel.send(out(task=Task.MEDIA, file=photo))

    assert len(received(box, warga)) == 1


@pytest.mark.parametrize(
    "task",
    [Task.COPY, Task.EDIT, Task.TOPIC, Task.CLOSE_TOPIC, Task.REOPEN_TOPIC, Task.ANSWER_PRESS, Task.DELETE, Task.LEAVE],
)
async def test_what_whatsapp_has_not_is_refused(channel: WhatsAppChannel, task: Task) -> None:
    with pytest.raises(Rejected):
        await channel.send(out(task=task))


async def test_outside_the_window_only_the_template_arrives(
    box: WhatsAppSandbox, channel: WhatsAppChannel, warga: str, clock: HandClock
) -> None:
    box.add_template("jawaban_siap", "id")
    clock.now += timedelta(hours=25)

    with pytest.raises(WindowClosed):
        await channel.send(out(text="x"))
    await channel.send(out(task=Task.TEMPLATE))

    assert [message.kind for message in received(box, warga)] == ["template"]


async def test_without_a_template_there_is_none_to_send(box: WhatsAppSandbox) -> None:
    channel = make(url_of(box))
    await channel.open()

    with pytest.raises(Rejected):
        await channel.send(out(task=Task.TEMPLATE))
    await channel.close()
