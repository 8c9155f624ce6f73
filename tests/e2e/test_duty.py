"""The duty roster over the wire: a shift ends, the next on duty takes over, an officer leaves the group."""

from __future__ import annotations

from tests.e2e.story import taken
from tests.e2e.world import CITIZEN, COLLEAGUE, OFFICER, OFFICERS, World, buttons_of, text_of


async def test_shift_is_handed_over_and_what_an_officer_held_who_left_is_free(world: World) -> None:
    await taken(world)
    number = str(world.rows("select number from ticket")[0][0])
    spoken = f"#{number[:3]}-{number[3:6]}-{number[6:]}"
    world.telegram.say(OFFICER, "/piket masuk", chat_id=OFFICERS)
    await world.in_group("Petugas 1 piket sampai")
    world.telegram.say(COLLEAGUE, "/piket", chat_id=OFFICERS)
    shown = await world.in_group("memegang 1 aduan")
    assert [label for label in buttons_of(shown) if "piket" in label] == ["Masuk piket", "Keluar piket"]

    # The colleague comes, the officer goes: one summary, and the button works for who is on duty.
    world.press(COLLEAGUE, shown, "Masuk piket")
    await world.in_group("Petugas 2 piket sampai")
    world.press(OFFICER, shown, "Keluar piket")
    summary = await world.in_group("Petugas 1 selesai piket")
    assert spoken in text_of(summary)
    assert [entity["user"]["id"] for entity in summary["entities"] if entity["type"] == "text_mention"] == [COLLEAGUE]
    world.press(COLLEAGUE, summary, "Serah terima")
    await world.in_group(f"Petugas 2 menerima 1 aduan dari Petugas 1: {spoken}.")
    assert world.rows("select officer_id from ticket") == [(str(COLLEAGUE),)]
    told = len(world.telegram.bot_messages(CITIZEN))

    world.telegram.remove_member(OFFICERS, COLLEAGUE, by_user=OFFICER)
    left = await world.in_group("Petugas 2 keluar dari grup ini")
    assert spoken in text_of(left)
    assert world.rows("select officer_id, status from ticket") == [("", "received")]
    assert world.rows("select count(*) from duty where ended_at is null") == [(0,)]
    assert len(world.telegram.bot_messages(CITIZEN)) == told  # none of it is the citizen's business
