"""What a start does when the set-up is wrong: it ends and says why, or serves what can be served and tells the rest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp

from chatbot.sandbox.process import BotProcess
from tests.e2e.conftest import Open
from tests.e2e.whatsapp_story import NUMBER
from tests.e2e.world import ADMINS, OFFICER, OFFICERS, World, text_of


async def ready(world: World) -> tuple[int, dict[str, Any]]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{world.port}/readyz") as answer,
    ):
        return answer.status, await answer.json()


async def shows(world: World, *lines: str) -> bool:
    """Whether these come to stand among the figures; nothing that could be awaited tells of them."""
    async with aiohttp.ClientSession() as session:
        for _ in range(int(world.patience * 10)):
            async with session.get(f"http://127.0.0.1:{world.port}/metrics") as answer:
                found = (await answer.text()).splitlines()
            if set(lines) <= set(found):
                return True
            await asyncio.sleep(0.1)
    return False


async def ends(world: World) -> tuple[int, str]:
    """Start once more; the status with which that ends by itself, and what it said."""
    log = world.folder / "ends.log"
    bot = BotProcess(world.settings, log)
    with suppress(RuntimeError):  # it may end before it listens
        await bot.start()
    status = await bot.wait()
    return status, log.read_text(encoding="utf-8")


async def test_start_that_could_serve_nothing_ends_with_the_reasons(open_world: Open) -> None:
    world = await open_world()
    await world.bot.stop()
    world.telegram.revoke_token()
    world.whatsapp.revoke_token()

    status, said = await ends(world)
    assert status == 2
    assert "✗ Telegram menolak token (401)" in said
    assert "✗ Meta menolak token WhatsApp (190)" in said
    assert "placeholder" not in said


async def test_channel_whose_token_is_revoked_is_told_once_and_the_other_one_serves_on(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    world.whatsapp.revoke_token()
    world.whatsapp.say(person, "halo")
    await world.in_group("Kanal WhatsApp berhenti", ADMINS)
    status, told = await ready(world)
    assert (status, told["reason"]) == (503, "channel_down whatsapp")

    await world.bot.stop()
    await world.start_bot()
    await world.ask("halo", "asisten otomatis")
    world.telegram.remove_bot(OFFICER, OFFICERS)
    await world.in_group("Bot bukan anggota grup petugas", ADMINS)
    assert sum("Kanal WhatsApp" in text_of(one) for one in world.telegram.bot_messages(ADMINS)) == 1


async def test_telegrams_token_that_was_revoked_shows_where_no_alarm_can_and_whatsapp_is_served(world: World) -> None:
    await world.bot.stop()
    world.telegram.revoke_token()
    await world.start_bot()
    person = world.whatsapp.add_person(NUMBER, "Warga")
    world.whatsapp.say(person, "tolong pak ada maling masuk rumah saya sekarang bawa golok")
    await world.told_on_whatsapp(person, "110")

    down = ('chatbot_alarms{alarm="channel_down"} 1.0', 'chatbot_channel_down{channel="telegram"} 1.0')
    assert await shows(world, *down)
    status, told = await ready(world)
    assert (status, told["reason"]) == (503, "channel_down telegram")
    log = (world.folder / "bot.log").read_text(encoding="utf-8")
    assert '"reason": "telegram_token_wrong"' in log
    assert '"event": "alarm"' in log


async def test_start_while_telegram_is_away_serves_the_others_and_tells_of_it_afterwards(world: World) -> None:
    await world.bot.stop()
    await world.telegram.stop()
    await world.start_bot()
    person = world.whatsapp.add_person(NUMBER, "Warga")
    world.whatsapp.say(person, "halo")
    await world.told_on_whatsapp(person, "asisten otomatis")
    assert await shows(world, 'chatbot_alarms{alarm="unreachable"} 1.0')
    await world.telegram.start(port=int(world.telegram.url.rpartition(":")[2]))

    await world.in_group("Telegram tidak dapat dicapai", ADMINS)
