"""An account of several units: where a complaint goes, how it is passed on, and a region file that changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.story import card
from tests.e2e.world import ADMINS, CITIZEN, COLLEAGUE, OFFICER, OFFICERS, PROPAM, World, text_of

POLSEK = -1001000000004
REGION = f"""
name = "Polres Contoh"
timezone = "Asia/Jakarta"
areas = "areas.csv"
retention_days = 365

[units.kapolres]
name = "Kapolres Contoh"
group = "-1001000000009"

[units.spkt]
name = "SPKT"
group = "{OFFICERS}"
superior = "kapolres"
always_open = true
default = true

[units.propam]
name = "Sipropam"
group = "{PROPAM}"
members = true

[units.polsek]
name = "Polsek Contoh"
group = "{POLSEK}"
superior = "kapolres"
"""
CATEGORIES = """
[categories.anggota]
unit = "propam"

[categories.kamtibmas]
unit = "by area"
"""
AREAS = """code,kecamatan,kabupaten,unit,aliases
99.01.01,Sukamaju,Kabupaten Contoh,polsek,
99.02.01,Sukamaju,Kota Teladan,spkt,
99.02.02,Rawa Umpama,Kota Teladan,spkt,
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "region"
    folder.mkdir()
    (folder / "areas.csv").write_text(AREAS)
    (folder / "region.toml").write_text(REGION + CATEGORIES)
    return folder / "region.toml"


async def opened(open_world: Open, region: Path) -> World:
    world = await open_world(CHATBOT_REGION_FILE=str(region))
    world.telegram.add_group(POLSEK, "Polsek", forum=True)
    world.telegram.add_member(POLSEK, OFFICER, "administrator")
    world.telegram.add_member(POLSEK, COLLEAGUE)
    return world


async def report_noise(world: World, where: str) -> None:
    """A complaint as far as the answer to where."""
    asked = await world.ask("aduan", "setuju")
    world.press(CITIZEN, asked, "Setuju")
    asked = await world.told("Aduan ini tentang apa")
    world.press(CITIZEN, asked, "Gangguan k")
    await world.told("Ceritakan")
    await world.ask("Musik keras sampai tengah malam setiap hari", "Di mana")
    world.telegram.say(CITIZEN, where)


async def send(world: World) -> None:
    await world.told("Kapan")
    await world.ask("kemarin", "Siapa")
    await world.ask("tidak tahu", "bukti")
    await world.ask("lewati", "identitas")
    await world.ask("terbuka", "periksa")
    world.telegram.say(CITIZEN, "kirim")
    await world.told("bukan Laporan Polisi")


async def test_place_of_two_kabupaten_is_asked_about_and_chooses_the_unit(open_world: Open, region: Path) -> None:
    world = await opened(open_world, region)
    await report_noise(world, "di sukamaju dekat masjid")
    asked = await world.told("Yang mana yang Anda maksud")
    assert "Kabupaten Contoh" in text_of(asked)
    assert "Kota Teladan" in text_of(asked)
    world.telegram.say(CITIZEN, "kabupaten contoh")
    await send(world)

    shown = await card(world, POLSEK)
    assert "Musik keras" in text_of(shown)
    assert world.rows("select unit, area, status from ticket") == [("polsek", "99.01.01", "received")]
    assert not world.telegram.bot_messages(OFFICERS)

    # Forwarded: the card moves, both groups and the citizen read it in a line.
    world.telegram.say(OFFICER, "/teruskan", chat_id=POLSEK, thread=shown["message_thread_id"])
    asked = await world.in_group("diteruskan ke satuan mana", POLSEK)
    world.telegram.say(OFFICER, "/teruskan lantas", chat_id=POLSEK, thread=shown["message_thread_id"])
    await world.in_group("Satuan itu tidak dikenal", POLSEK)
    world.telegram.say(OFFICER, "/teruskan spkt: lokasinya di kota", chat_id=POLSEK, thread=shown["message_thread_id"])
    await world.in_group("diteruskan ke SPKT. Alasan: lokasinya di kota", POLSEK)
    moved = await card(world, OFFICERS)
    assert "Musik keras" in text_of(moved)
    await world.in_group("Diteruskan dari Polsek Contoh. Alasan: lokasinya di kota", thread=moved["message_thread_id"])
    await world.told("diteruskan ke")
    assert world.rows("select unit, status, officer_id from ticket") == [("spkt", "forwarded", "")]

    # What is written in the old place reaches nobody; in the new one it reaches the citizen.
    before = len(world.telegram.bot_messages(CITIZEN))
    world.telegram.say(OFFICER, "/jawab dari tempat lama", chat_id=POLSEK, thread=shown["message_thread_id"])
    await world.in_group("tidak ditemukan", POLSEK)
    world.telegram.say(COLLEAGUE, "/jawab kami datangi", chat_id=OFFICERS, thread=moved["message_thread_id"])
    await world.told("kami datangi", after=before)
    assert not any("tempat lama" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))


async def test_unknown_place_goes_to_the_default_unit_and_members_stay_with_propam(
    open_world: Open, region: Path
) -> None:
    world = await opened(open_world, region)
    await report_noise(world, "di rumah makan seberang lapangan")
    await send(world)
    shown = await card(world, OFFICERS)
    assert world.rows("select unit, area from ticket") == [("spkt", "")]

    world.telegram.say(OFFICER, "/teruskan propam", chat_id=OFFICERS, thread=shown["message_thread_id"])
    secret = await card(world, PROPAM)
    world.telegram.say(OFFICER, "/teruskan spkt", chat_id=PROPAM, thread=secret["message_thread_id"])
    await world.in_group("tetap di Propam", PROPAM)
    assert world.rows("select unit, category, chat from ticket") == [("propam", "anggota", str(PROPAM))]


async def test_region_file_is_taken_up_as_a_whole_or_refused_with_its_line(open_world: Open, region: Path) -> None:
    world = await opened(open_world, region)
    region.write_text(REGION.replace("always_open = true", "always_open = maybe") + CATEGORIES)
    told = await world.in_group("Berkas wilayah yang baru ditolak", ADMINS)
    assert "region.toml" in text_of(told)
    region.write_text(REGION + CATEGORIES.replace('"by area"', '"polsek"'))
    await report_noise(world, "di Rawa Umpama")
    await send(world)

    await card(world, POLSEK)
    assert world.rows("select unit, area from ticket") == [("polsek", "99.02.02")]


async def test_members_group_that_is_given_away_takes_its_tickets_along(open_world: Open, region: Path) -> None:
    world = await opened(open_world, region)
    await report_noise(world, "di rumah makan seberang lapangan")
    await send(world)
    shown = await card(world, OFFICERS)
    world.telegram.say(OFFICER, "/teruskan propam ada oknum", chat_id=OFFICERS, thread=shown["message_thread_id"])
    secret = await card(world, PROPAM)
    number = world.rows("select number from ticket")[0][0]

    swapped = REGION.replace(str(PROPAM), "x").replace(str(POLSEK), str(PROPAM)).replace('"x"', f'"{POLSEK}"')
    region.write_text(swapped + CATEGORIES)
    again = await card(world, POLSEK)
    assert "Musik keras" in text_of(again)
    world.telegram.say(OFFICER, f"/tiket {number}", chat_id=PROPAM)
    await world.in_group("tidak ditemukan", PROPAM, after=1)
    before = len(world.telegram.bot_messages(CITIZEN))
    world.telegram.say(OFFICER, "/jawab dari grup lama", chat_id=PROPAM, thread=secret["message_thread_id"])
    world.telegram.say(COLLEAGUE, "/jawab kami periksa", chat_id=POLSEK, thread=again["message_thread_id"])
    await world.told("kami periksa", after=before)
    assert not any("grup lama" in text_of(one) for one in world.telegram.bot_messages(CITIZEN))
