from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp
import psutil
import pytest

from chatbot.sandbox.process import BotProcess
from tests.e2e.conftest import Open
from tests.e2e.world import (
    ADMINS,
    APP_SECRET,
    CITIZEN,
    FAQ,
    OFFICER,
    OFFICERS,
    PHONE_ID,
    World,
    text_of,
)

DEEP = b"[" * 100_000


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


async def post(world: World, path: str, body: bytes, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{world.port}{path}", data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


def message(n: int, **fields: object) -> dict[str, object]:
    text = {
        "id": f"wamid.{n}",
        "from": f"62812{n:08d}",
        "timestamp": "1790000000",
        "type": "text",
        "text": {"body": "halo"},
    }
    return {**text, **fields}


def body_of(messages: list[object]) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "628", "phone_number_id": PHONE_ID},
        "contacts": [],
        "messages": messages,
    }
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


async def test_wrong_signature_and_wrong_secret_store_nothing(open_world: Open) -> None:
    world = await open_world(webhook=True)
    body = body_of([message(1)])

    assert await post(world, "/webhooks/whatsapp", body, {}) == 401
    assert await post(world, "/webhooks/whatsapp", body, signed(body, "wrong")) == 403
    assert await post(world, "/webhooks/whatsapp", body, {"X-Hub-Signature-256": "sha256=é"}) == 403
    assert await post(world, "/webhooks/telegram", b"{}", {}) == 401
    assert await post(world, "/webhooks/telegram", b"{}", {"X-Telegram-Bot-Api-Secret-Token": "wrong"}) == 403
    assert world.rows("select count(*) from inbound") == [(0,)]


async def test_body_over_four_mebibytes_is_refused(world: World) -> None:
    body = b" " * (4 * 1024 * 1024 + 1)

    assert await post(world, "/webhooks/whatsapp", body, signed(body)) == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        DEEP,
        b'{"object":1e999}',
        b"\xff\xfe{}",
        b'{"entry":' + b"9" * 5000 + b"}",
        b"{}\x00",
    ],
    ids=lambda body: repr(body[:12]),
)
async def test_authenticated_body_that_cannot_be_read_is_kept_and_answered_200(open_world: Open, body: bytes) -> None:
    world = await open_world(webhook=True)
    secret = {"X-Telegram-Bot-Api-Secret-Token": "placeholder-secret"}

    assert await post(world, "/webhooks/whatsapp", body, signed(body)) == 200
    assert await post(world, "/webhooks/telegram", body, secret) == 200
    assert world.rows("select count(*) from inbound where state = 'quarantined'") == [(2,)]
    await world.ask("halo", "asisten otomatis")  # and life goes on


async def test_one_bad_item_of_a_thousand_is_quarantined_alone(world: World) -> None:
    items: list[object] = [message(n) for n in range(1000)]
    items[500] = message(500, timestamp=["no", "time"], id=None)
    body = body_of(items)

    assert await post(world, "/webhooks/whatsapp", body, signed(body)) == 200
    assert world.rows("select state = 'quarantined', count(*) from inbound group by 1 order by 1") == [(0, 999), (1, 1)]


async def test_broken_emoji_and_nul_in_a_cry_for_help_do_not_silence_it(world: World) -> None:
    person = world.whatsapp.add_person("6281200000009", "Warga")
    world.whatsapp.say(person, "halo")
    await world.told_on_whatsapp(person, "asisten otomatis")
    body = body_of(
        [message(1, **{"from": "6281200000009", "text": {"body": "tolong\u0000 kebakaran rumah saya \ud83d"}})]
    )

    assert await post(world, "/webhooks/whatsapp", body, signed(body)) == 200
    await world.told_on_whatsapp(person, "telepon 110 sekarang")


async def test_same_update_twice_is_answered_once(open_world: Open) -> None:
    world = await open_world(webhook=True)
    secret = {"X-Telegram-Bot-Api-Secret-Token": "placeholder-secret"}
    said = {
        "update_id": 777,
        "message": {
            "message_id": 5,
            "date": 1790000000,
            "chat": {"id": CITIZEN, "type": "private", "first_name": "Warga"},
            "from": {"id": CITIZEN, "is_bot": False, "first_name": "Warga"},
            "text": "halo",
        },
    }
    await world.ask("halo", "asisten otomatis")
    for _ in range(5):
        assert await post(world, "/webhooks/telegram", json.dumps(said).encode(), secret) == 200
    await world.ask("cara perpanjang sim", "Sumber")

    assert world.rows("select count(*) from inbound where external_id = 'update:777'") == [(1,)]


async def test_locked_database_answers_503_and_recovers_by_itself(open_world: Open) -> None:
    world = await open_world()
    body = body_of([message(1)])
    lock = sqlite3.connect(world.folder / "tanggap.db", isolation_level=None)
    lock.execute("begin immediate")
    assert await post(world, "/webhooks/whatsapp", body, signed(body)) == 503
    lock.execute("rollback")
    lock.close()

    assert await post(world, "/webhooks/whatsapp", body, signed(body)) == 200
    await world.ask("halo", "asisten otomatis")


async def test_what_comes_in_while_the_faq_is_learnt_is_kept_and_answered_afterwards(open_world: Open) -> None:
    world = await open_world(CHATBOT_FAQ_DIR=str(FAQ))
    await world.bot.stop()
    person = world.whatsapp.add_person("6281200000009", "Warga")
    starting = asyncio.create_task(world.start_bot())
    async with aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientConnectionError):
                ready = await session.get(f"http://127.0.0.1:{world.port}/readyz")
                break
            await asyncio.sleep(0.01)  # nothing tells when a port is open
        assert await ready.json() == {"ready": False, "reason": "starting"}
    world.whatsapp.say(person, "cara perpanjang sim")
    await world.whatsapp.wait_for(lambda: [webhook.attempts for webhook in world.whatsapp.webhooks] == [[200]])
    assert not world.to_person(person)
    await starting

    await world.told_on_whatsapp(person, "Rp80.000")


async def test_danger_does_not_wait_until_the_faq_is_learnt(open_world: Open) -> None:
    world = await open_world(CHATBOT_FAQ_DIR=str(FAQ))
    await world.bot.stop()
    stopped = world.bot
    asks, cries = (world.whatsapp.add_person(f"628120000000{number}", "Warga") for number in (8, 9))
    starting = asyncio.create_task(world.start_bot())
    while True:
        learning = psutil.Process(world.bot.pid).children() if world.bot is not stopped and world.bot.pid else []
        if learning:
            break
        await asyncio.sleep(0.01)  # nothing tells when a process begins
    learning[0].suspend()
    world.whatsapp.say(asks, "cara perpanjang sim")
    world.whatsapp.say(cries, "cara bikin skck gimana ya")
    world.whatsapp.say(cries, "tolong ada kebakaran di pasar sekarang")
    await world.told_on_whatsapp(cries, "110")
    assert not world.to_person(asks)
    assert not starting.done()
    learning[0].resume()
    await starting

    await world.told_on_whatsapp(asks, "Rp80.000")


async def test_broken_faq_file_is_named_with_its_line_and_its_last_good_text_answers_after_a_restart(
    open_world: Open, tmp_path: Path
) -> None:
    folder = tmp_path / "faq"
    for file in FAQ.rglob("*.md"):
        copy = folder / file.relative_to(FAQ)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    world = await open_world(CHATBOT_FAQ_DIR=str(folder))
    await world.ask("cara perpanjang sim", "Rp80.000")
    broken = next(folder.rglob("sim-perpanjang.md"))
    broken.write_text(broken.read_text().replace("status: approved", "status: setengah"))
    await world.bot.stop()
    await world.start_bot()

    answer = await world.ask("bagaimana cara memperpanjang sim?", "Rp80.000")
    assert "Sumber" in text_of(answer)
    faults = [
        json.loads(line) for line in (world.folder / "bot.log").read_text().splitlines() if "faq_file_broken" in line
    ]
    assert faults[-1]["file"].endswith("sim-perpanjang.md")
    assert faults[-1]["line"] == 3


async def test_log_holds_no_text_name_number_or_token(world: World) -> None:
    person = world.whatsapp.add_person("6281200000009", "Nama Warga")
    world.whatsapp.say(person, "kata rahasia saya")
    await world.whatsapp.wait_for(lambda: world.to_person(person))
    world.telegram.fail_next("sendMessage", status=400, description="Bad Request: something odd")
    await world.ask("kata rahasia lain", "")
    log = (world.folder / "bot.log").read_text()

    for secret in ("rahasia", "Nama Warga", "81200000009", "placeholder-token", "wa-token", APP_SECRET):
        assert secret not in log
    # The citizen's id; a time or a hash may hold its digits among others.
    assert not re.search(rf"(?<![0-9a-f.]){CITIZEN}(?![0-9a-f])", log.replace(f'"inbound_id": {CITIZEN}', ""))


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "chatbot", *arguments],
        env={**environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_wrong_settings_stop_the_start_with_one_readable_list() -> None:
    ended = run("run", CHATBOT_PORT="abc", CHATBOT_TIMEZONE="Mars", CHATBOT_FAQ_DIR=str(FAQ))

    assert ended.returncode == 2
    assert "CHATBOT_PORT" in ended.stderr
    assert "CHATBOT_TIMEZONE" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_channel_ends_with_status_2() -> None:
    assert run("run", CHATBOT_FAQ_DIR=str(FAQ)).returncode == 2


@pytest.mark.parametrize("verb", [("web",), ("worker",), ("db", "upgrade")], ids=" ".join)
def test_verbs_of_several_processes_refuse_sqlite_and_name_run(verb: tuple[str, ...], tmp_path: Path) -> None:
    ended = run(
        *verb,
        CHATBOT_TELEGRAM_TOKEN="700000001:placeholder",
        CHATBOT_FAQ_DIR=str(FAQ),
        CHATBOT_DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}",
    )

    assert ended.returncode == 2
    assert "chatbot run" in ended.stderr


async def test_stop_is_graceful_and_audit_finds_nothing_missing(open_world: Open) -> None:
    world = await open_world(kind=BotProcess)
    await world.ask("halo", "asisten otomatis")
    status = await world.bot.stop()
    ended = run("audit", **{name: value for name, value in world.settings.items() if name.startswith("CHATBOT_")})

    assert status in {0, -signal.SIGTERM}
    assert ended.returncode == 0
    assert re.search("^Selisih +0$", ended.stdout, re.MULTILINE)


async def test_admins_hear_what_loaded_and_what_did_not_with_file_and_line(open_world: Open, tmp_path: Path) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(FAQ / "sim", folder / "sim")
    world = await open_world(CHATBOT_FAQ_DIR=str(folder))
    world.telegram.say(OFFICER, "/faq muat", chat_id=ADMINS)
    await world.in_group("FAQ dimuat", ADMINS)
    (folder / "sim" / "sim-rusak.md").write_text("---\nid: sim-rusak\nstatus: mungkin\n---\n# Tanya?\n\nJawab.\n")
    world.telegram.say(OFFICER, "/faq muat", chat_id=ADMINS)

    told = await world.in_group("1 berkas rusak", ADMINS)
    assert "sim/sim-rusak.md, baris 3" in text_of(told)
    world.telegram.say(OFFICER, "/faq muat", chat_id=OFFICERS)
    await world.in_group("grup admin")


async def test_port_that_is_taken_is_said_in_one_line(world: World) -> None:
    settings = {**world.settings, "CHATBOT_DATABASE_URL": f"sqlite:///{world.folder / 'other.db'}"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")}
    second = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "chatbot",
        "run",
        env={**inherited, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await second.communicate()

    assert second.returncode == 2
    assert f"CHATBOT_PORT: program lain sudah memakai port {world.port}" in said.decode()


async def test_faq_folder_that_is_emptied_goes_on_serving_its_last_good_files(open_world: Open, tmp_path: Path) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(FAQ / "sim", folder / "sim")
    world = await open_world(CHATBOT_FAQ_DIR=str(folder))
    await world.ask("berapa biaya perpanjang sim c", "Rp75.000")
    shutil.rmtree(folder / "sim")
    world.telegram.say(OFFICER, "/faq muat", chat_id=ADMINS)
    await world.in_group("FAQ dimuat", ADMINS)

    await world.ask("berapa biaya perpanjang sim c", "Rp75.000")


def test_audit_of_a_database_that_is_not_there_says_so_and_makes_none(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    settings = {"CHATBOT_TELEGRAM_TOKEN": "7:placeholder", "CHATBOT_DATABASE_URL": f"sqlite:///{missing}"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHATBOT_")}
    audit = subprocess.run(
        [sys.executable, "-m", "chatbot", "audit"],
        env={**inherited, **settings},
        capture_output=True,
        text=True,
        check=False,
    )

    assert audit.returncode == 2
    assert "belum ada dan dibuat saat bot pertama kali dimulai" in audit.stderr
    assert not missing.exists()
