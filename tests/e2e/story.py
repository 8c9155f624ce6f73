"""One story, told over the wire: a complaint on Telegram from the first word to the rating."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.e2e.world import CITIZEN, OFFICER, OFFICERS, World, buttons_of, text_of

NARRATIVE = "Pelayanan loket lambat, saya menunggu tiga jam tanpa penjelasan"
ANSWER = "Terima kasih, kami periksa loketnya."
RESULT = "Loket ditambah satu petugas."


def photo(colour: tuple[int, int, int] = (90, 120, 150)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return file.getvalue()


async def fill_in(world: World, narrative: str = NARRATIVE, category: str = "Pelayanan polisi") -> None:
    """Everything up to the review, through buttons and words."""
    asked = await world.ask("aduan", "setuju")
    world.press(CITIZEN, asked, "Setuju")
    asked = await world.told("Aduan ini tentang apa")
    world.press(CITIZEN, asked, category)
    await world.told("Ceritakan")
    await world.ask(narrative, "Di mana")
    world.telegram.send_location(CITIZEN, -6.2, 106.8)
    await world.told("Kapan")
    await world.ask("kemarin", "Siapa")
    await world.ask("tidak tahu", "bukti")
    world.telegram.send_photo(CITIZEN, photo(), caption="antrean")
    await world.told("Bukti sudah kami terima")
    await world.ask("selesai", "identitas")
    await world.ask("terbuka", "periksa")


async def file_complaint(world: World, **form: str) -> str:
    """A complaint on Telegram; its number."""
    await fill_in(world, **form)
    world.telegram.say(CITIZEN, "kirim")
    await world.told("bukan Laporan Polisi")
    return str(world.rows("select number from ticket order by id desc limit 1")[0][0])


async def card(world: World, chat: int = OFFICERS) -> dict[str, Any]:
    """The card of the latest ticket in a group."""
    return await world.telegram.wait_for(
        lambda sandbox: next((m for m in reversed(sandbox.bot_messages(chat)) if "Status:" in text_of(m)), None),
        world.patience,
    )


async def taken(world: World) -> int:
    """A complaint on Telegram that the officer holds; its topic."""
    await file_complaint(world)
    shown = await card(world)
    world.press(OFFICER, shown, "Ambil")
    await world.told("ditangani")
    return int(shown["message_thread_id"])


async def work_on(world: World) -> None:
    """An officer takes the ticket, answers in its place, closes; the citizen rates."""
    shown = await card(world)
    thread = shown.get("message_thread_id")
    reply = None if thread else shown["message_id"]
    world.press(OFFICER, shown, "Ambil")
    await world.told("ditangani")
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread, reply_to=reply)
    await world.told(ANSWER)
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread, reply_to=reply)
    closed = await world.told(RESULT)
    assert len(buttons_of(closed)) == 6
    world.telegram.say(CITIZEN, "5")
    await world.until(lambda: world.rows("select 1 from ticket where rating = 5"))
    await world.telegram.wait_for(
        lambda sandbox: next((m for m in sandbox.bot_messages(OFFICERS) if "5 dari 5" in text_of(m)), None),
        world.patience,
    )


async def short_story(world: World) -> None:
    """The main line in as few steps as it has: a report in one message, a photo, an answer, a closing, a mark."""
    offered = await world.ask("lapor, motor saya dicuri kemarin jam 07.00 di pasar Contoh", "aduan")
    world.press(CITIZEN, offered, next(iter(buttons_of(offered))))
    asked = await world.told("setuju")
    world.press(CITIZEN, asked, "Setuju")
    asked = await world.told("Siapa")
    world.press(CITIZEN, asked, "Lewati")
    await world.told("bukti")
    world.telegram.send_photo(CITIZEN, photo())
    kept = await world.told("Bukti sudah kami terima")
    world.press(CITIZEN, kept, "Selesai")
    asked = await world.told("identitas")
    world.press(CITIZEN, asked, "Terbuka")
    review = await world.told("periksa")
    world.press(CITIZEN, review, "Kirim")
    await world.told("bukan Laporan Polisi")
    shown = await card(world)
    world.telegram.say(OFFICER, f"/jawab {ANSWER}", chat_id=OFFICERS, thread=shown["message_thread_id"])
    await world.told(ANSWER)
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=shown["message_thread_id"])
    closed = await world.told(RESULT)
    world.press(CITIZEN, closed, "Sangat baik")
    await world.until(lambda: world.rows("select 1 from ticket where rating = 5"))
    await world.telegram.wait_for(
        lambda sandbox: next((m for m in sandbox.bot_messages(OFFICERS) if "5 dari 5" in text_of(m)), None),
        world.patience,
    )
