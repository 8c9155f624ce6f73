"""More than a group may get in a minute: what waits at one place is said at once, in order, and to nobody else."""

from __future__ import annotations

import re

from tests.e2e.story import taken
from tests.e2e.world import CITIZEN, OFFICERS, World, text_of

_LIMIT = 20  # a group's messages in a minute, Telegram's
_COUNT = 30


async def test_burst_reaches_a_busy_group_in_few_messages_whole_and_in_order(world: World) -> None:
    thread = await taken(world)
    for number in range(_COUNT):
        world.telegram.say(CITIZEN, f"keterangan ke-{number:02d}")
    await world.in_group(f"keterangan ke-{_COUNT - 1:02d}", thread=thread)

    here = world.telegram.bot_messages(OFFICERS, thread)
    assert re.findall(r"ke-(\d\d)", "\n".join(map(text_of, here))) == [f"{number:02d}" for number in range(_COUNT)]
    calls = [call for call in world.telegram.calls_of("sendMessage", "editMessageText") if call.chat_id == OFFICERS]
    assert len(calls) <= _LIMIT
    await world.until(lambda: not world.rows("select 1 from outbound where purpose = 'relay' and state <> 'sent'"))
