"""The steps of a complaint on WhatsApp, told over the wire."""

from __future__ import annotations

from typing import Any

from tests.e2e.story import NARRATIVE, card, photo
from tests.e2e.world import OFFICER, World

NUMBER = "6281200000001"


async def said(world: World, person: str, words: str, expected: str) -> Any:
    after = len(world.to_person(person))
    world.whatsapp.say(person, words)
    return await world.told_on_whatsapp(person, expected, after=after)


def ids_of(message: Any) -> dict[str, str]:
    """Labels and ids of the buttons or rows under a message."""
    action = message.content["action"]
    if "buttons" in action:
        return {button["reply"]["title"]: button["reply"]["id"] for button in action["buttons"]}
    return {row["title"]: row["id"] for section in action["sections"] for row in section["rows"]}


def press(world: World, person: str, message: Any, label: str) -> None:
    world.whatsapp.press(person, message.id, ids_of(message)[label])


async def file_complaint(world: World, person: str) -> None:
    asked = await said(world, person, "aduan", "setuju")
    press(world, person, asked, "Setuju")
    asked = await world.told_on_whatsapp(person, "Aduan ini tentang apa")
    press(world, person, asked, "Pelayanan polisi")
    await world.told_on_whatsapp(person, "Ceritakan")
    await said(world, person, NARRATIVE, "Di mana")
    world.whatsapp.send_location(person, -6.2, 106.8)
    await world.told_on_whatsapp(person, "Kapan")
    await said(world, person, "kemarin", "Siapa")
    await said(world, person, "tidak tahu", "bukti")
    world.whatsapp.send_image(person, photo(), "image/jpeg", caption="antrean")
    await world.told_on_whatsapp(person, "Bukti sudah kami terima")
    await said(world, person, "selesai", "identitas")
    await said(world, person, "rahasia", "periksa")
    await said(world, person, "kirim", "bukan Laporan Polisi")


async def taken(world: World, person: str) -> int:
    """A complaint on WhatsApp that the officer holds; its topic."""
    await file_complaint(world, person)
    shown = await card(world)
    world.press(OFFICER, shown, "Ambil")
    await world.told_on_whatsapp(person, "ditangani")
    return int(shown["message_thread_id"])
