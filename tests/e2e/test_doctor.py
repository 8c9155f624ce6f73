"""``chatbot doctor`` against servers that speak the platforms' protocols: what is right, and what goes wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatbot.app import telegram_of, whatsapp_of
from chatbot.sandbox.process import BotProcess, settings_only
from chatbot.services.doctor import examine, line
from chatbot.services.i18n import Catalogues
from chatbot.settings import load
from tests.e2e.world import ADMINS, OFFICER, OFFICERS, PHONE_ID, World

ROOT = Path(__file__).parents[2]
CATALOGUES = Catalogues(ROOT / "locales")
Examined = Callable[..., Awaitable[tuple[bool, str]]]


class Unserved(World):
    """The platforms and the settings, without the program between them."""

    async def start_bot(self) -> None:
        self.bot = BotProcess(self.settings, self.folder / "bot.log")

    async def connect(self) -> None:
        pass


async def doctor(world: World, **settings: str) -> tuple[int, str]:
    """Its exit status and what it says."""
    wanted = {name: value for name, value in {**world.settings, **settings}.items() if value}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "doctor", env=settings_only(wanted), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.fixture
async def examined(quiet: World, monkeypatch: pytest.MonkeyPatch) -> Examined:
    """Whether something does not work, and what is said, in this process, which is much quicker."""

    async def run(**settings: str) -> tuple[bool, str]:
        for name in [name for name in os.environ if name.startswith("CHATBOT_")]:
            monkeypatch.delenv(name)
        for name, value in {**quiet.settings, **settings}.items():
            monkeypatch.setenv(name, value)
        wanted = load()
        found = [one async for one in examine(wanted, telegram_of(wanted), whatsapp_of(wanted))]
        return any(one.grave for one in found), "\n".join(line(one, CATALOGUES, wanted.locale) for one in found)

    return run


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[World]:
    world = Unserved(
        tmp_path,
        CHATBOT_REGION_NAME="Polres Uji",
        CHATBOT_PROPAM_CHAT_ID="-1001000000002",
        CHATBOT_WHATSAPP_TEMPLATE="jawaban_siap",
        CHATBOT_WHATSAPP_ACCOUNT_ID="102290129340398",
    )
    await world.open()
    world.whatsapp.add_template("jawaban_siap")
    yield world
    await world.close()


async def test_all_is_well(quiet: World) -> None:
    status, said = await doctor(quiet)

    assert status == 0
    assert "✗" not in said
    assert "!" not in said
    assert "token benar, bot @" in said
    assert "setiap aduan mendapat topik sendiri" in said
    assert "Jam mesin ini tepat" in said
    assert "Templat WhatsApp jawaban_siap (id) disetujui" in said
    assert "sisa" in said


# What does not hide each other is tried together.
WRONG: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    (
        {
            "CHATBOT_TELEGRAM_TOKEN": "700000001:wrong",
            "CHATBOT_WHATSAPP_TOKEN": "wrong",
            "CHATBOT_DATABASE_URL": "postgresql://x:y@127.0.0.1:9/z",
            "CHATBOT_MEDIA_DIR": "/proc/tanggap",
            "CHATBOT_SECRET_KEY": "rahasia",
        },
        (
            "✗ Telegram menolak token",
            "✗ Meta menolak token",
            "✗ Basis data tidak dapat dicapai",
            "✗ Folder /proc/tanggap tidak dapat ditulisi",
            "! CHATBOT_SECRET_KEY terlalu pendek",
        ),
    ),
    (
        {"CHATBOT_TELEGRAM_API_URL": "http://127.0.0.1:9", "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": "424242"},
        ("✗ Telegram tidak dapat dicapai", "✗ Meta tidak mengenal nomor"),
    ),
    (
        {"CHATBOT_OFFICERS_CHAT_ID": "-1009999999999", "CHATBOT_WHATSAPP_TEMPLATE": "jawaban"},
        (
            "✗ Grup petugas (-1009999999999) tidak ditemukan",
            "✗ Meta tidak punya templat jawaban dalam bahasa id",
        ),
    ),
    (
        {"CHATBOT_OFFICERS_CHAT_ID": "", "CHATBOT_WHATSAPP_ACCOUNT_ID": PHONE_ID},
        ("✗ Grup petugas belum diatur", "! Meta tidak menjawab apakah templat jawaban_siap"),
    ),
    ({"CHATBOT_WHATSAPP_ACCOUNT_ID": ""}, ("! Persetujuan templat jawaban_siap tidak diperiksa",)),
    ({"CHATBOT_WHATSAPP_TEMPLATE": ""}, ("! Templat WhatsApp belum diatur",)),
)


async def test_each_thing_that_is_wrong_is_said_with_its_cure(examined: Examined) -> None:
    for settings, causes in WRONG:
        grave, said = await examined(**settings)

        assert [cause for cause in causes if cause not in said] == []
        assert grave == any(cause.startswith("✗") for cause in causes)
        assert "wa-token" not in said
        assert "placeholder" not in said


async def test_missing_rights_are_found(quiet: World, examined: Examined) -> None:
    quiet.telegram.set_bot_rights(OFFICER, OFFICERS, can_manage_topics=False)
    quiet.telegram.remove_bot(OFFICER, ADMINS)
    grave, said = await examined()

    assert grave
    assert "✗ Bot tidak boleh mengelola topik" in said
    assert f"✗ Grup admin ({ADMINS})" in said or f"✗ Bot bukan anggota grup admin ({ADMINS})" in said


async def test_what_the_platforms_withdraw_is_found(quiet: World, examined: Examined) -> None:
    quiet.telegram.silence_bot(OFFICER, OFFICERS)
    quiet.telegram.remove_bot(OFFICER, ADMINS)
    quiet.telegram.world.clock = lambda: datetime.now(UTC) - timedelta(minutes=10)
    quiet.whatsapp.template_refused("jawaban_siap")
    grave, said = await examined()

    assert grave
    assert f"✗ Bot tidak boleh menulis di grup petugas ({OFFICERS})" in said
    assert f"✗ Bot bukan anggota grup admin ({ADMINS})" in said
    assert "✗ Jam mesin ini 10 menit lebih cepat" in said
    assert "✗ Templat WhatsApp jawaban_siap (id) tidak boleh dikirim (PAUSED)" in said


async def test_schema_of_a_newer_version_is_found(quiet: World, examined: Examined) -> None:
    other = quiet.folder / "newer.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("create table alembic_version (version_num text)")
        connection.execute("insert into alembic_version values ('9999_from_9998')")
    grave, said = await examined(CHATBOT_DATABASE_URL=f"sqlite:///{other}")

    assert grave
    assert "✗ Basis data pernah dipakai versi bot yang lebih baru" in said


async def test_groups_of_a_region_are_examined_by_their_units_names(quiet: World, examined: Examined) -> None:
    shipped = (ROOT / "docs" / "region-contoh" / "region.toml").read_text(encoding="utf-8")
    path = quiet.folder / "region.toml"
    shutil.copy(ROOT / "docs" / "region-contoh" / "areas.csv", quiet.folder)
    path.write_text(shipped, encoding="utf-8")  # of its groups there are the first three
    grave, said = await examined(CHATBOT_REGION_FILE=str(path))
    assert grave
    assert "✓ Grup Kapolres Contoh" in said
    assert "✗ Grup Satlantas Polres Contoh" in said
    assert "tidak ditemukan" in said
    assert "Grup petugas" not in said

    path.write_text(shipped.replace("[units.spkt]", "[units.spkt]\nwarna = 1"), encoding="utf-8")
    grave, said = await examined(CHATBOT_REGION_FILE=str(path))
    assert grave
    assert "✗ Berkas wilayah rusak (1 kesalahan)" in said


async def test_broken_saved_answers_are_found(quiet: World, examined: Examined) -> None:
    (quiet.folder / "faq" / "jawaban.toml").write_text("[terima-kasih]\nid = 1\n", encoding="utf-8")
    grave, said = await examined()
    assert grave
    assert "✗ Ada 1 berkas FAQ yang rusak" in said
