"""``chatbot doctor`` against servers that speak the platforms' protocols: what is right, and what goes wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.world import ADMINS, OFFICER, OFFICERS, World

ROOT = Path(__file__).parents[2]


async def doctor(world: World, **settings: str) -> tuple[int, str]:
    """Its exit status and what it says."""
    wanted = {name: value for name, value in {**world.settings, **settings}.items() if value}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "doctor", env={**inherited, **wanted}, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.fixture
async def quiet(open_world: Open) -> World:
    return await open_world(CHATBOT_PROPAM_CHAT_ID="-1001000000002", CHATBOT_WHATSAPP_TEMPLATE="jawaban_siap")


async def test_all_is_well(quiet: World) -> None:
    status, said = await doctor(quiet, CHATBOT_REGION_NAME="Polres Uji")

    assert status == 0
    assert "✗" not in said
    assert "!" not in said
    assert "token benar, bot @" in said
    assert "setiap aduan mendapat topik sendiri" in said


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"CHATBOT_TELEGRAM_TOKEN": "700000001:wrong"}, "✗ Telegram menolak token"),
    ({"CHATBOT_TELEGRAM_API_URL": "http://127.0.0.1:9"}, "✗ Telegram tidak dapat dicapai"),
    ({"CHATBOT_OFFICERS_CHAT_ID": "-1009999999999"}, "✗ Grup petugas (-1009999999999) tidak ditemukan"),
    ({"CHATBOT_OFFICERS_CHAT_ID": ""}, "✗ Grup petugas belum diatur"),
    ({"CHATBOT_WHATSAPP_TOKEN": "wrong"}, "✗ Meta menolak token"),
    ({"CHATBOT_WHATSAPP_PHONE_NUMBER_ID": "424242"}, "✗ Meta tidak mengenal nomor"),
    ({"CHATBOT_DATABASE_URL": "postgresql://x:y@127.0.0.1:9/z"}, "✗ Basis data tidak dapat dicapai"),
    ({"CHATBOT_WHATSAPP_TEMPLATE": ""}, "! Templat WhatsApp belum diatur"),
)


async def test_each_thing_that_is_wrong_is_said_with_its_cure(quiet: World) -> None:
    for settings, cause in WRONG:
        status, said = await doctor(quiet, CHATBOT_REGION_NAME="Polres Uji", **settings)

        assert cause in said
        assert status == (1 if cause.startswith("✗") else 0)
        assert "wa-token" not in said
        assert "placeholder" not in said


async def test_missing_rights_are_found(quiet: World) -> None:
    quiet.telegram.set_bot_rights(OFFICER, OFFICERS, can_manage_topics=False)
    quiet.telegram.remove_bot(OFFICER, ADMINS)
    status, said = await doctor(quiet)

    assert status == 1
    assert "✗ Bot tidak boleh mengelola topik" in said
    assert f"✗ Grup admin ({ADMINS})" in said or f"✗ Bot bukan anggota grup admin ({ADMINS})" in said


async def test_groups_of_a_region_are_examined_by_their_units_names(quiet: World) -> None:
    shipped = (ROOT / "docs" / "region-contoh" / "region.toml").read_text(encoding="utf-8")
    path = quiet.folder / "region.toml"
    shutil.copy(ROOT / "docs" / "region-contoh" / "areas.csv", quiet.folder)
    path.write_text(shipped, encoding="utf-8")  # of its groups there are the first three
    status, said = await doctor(quiet, CHATBOT_REGION_FILE=str(path))
    assert status == 1
    assert "✓ Grup Kapolres Contoh" in said
    assert "✗ Grup Satlantas Polres Contoh" in said
    assert "tidak ditemukan" in said
    assert "Grup petugas" not in said

    path.write_text(shipped.replace("[units.spkt]", "[units.spkt]\nwarna = 1"), encoding="utf-8")
    status, said = await doctor(quiet, CHATBOT_REGION_FILE=str(path))
    assert status == 1
    assert "✗ Berkas wilayah rusak (1 kesalahan)" in said


async def test_broken_saved_answers_are_found(quiet: World) -> None:
    (quiet.folder / "faq" / "jawaban.toml").write_text("[terima-kasih]\nid = 1\n", encoding="utf-8")
    status, said = await doctor(quiet, CHATBOT_REGION_NAME="Polres Uji")
    assert status == 1
    assert "✗ Ada 1 berkas FAQ yang rusak" in said
