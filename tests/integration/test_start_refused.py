"""What ends a start before anything listens, and what it says then."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from chatbot import cli
from chatbot.core.ticket import check_digit
from chatbot.store.encryption import new_key
from chatbot.store.engine import database_url, make_engine
from chatbot.store.store import Store

FAQ = Path(__file__).parents[2] / "faq"
_OTHER = f"{'placeholder-key':0<43}="


@pytest.fixture
def started(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("CHATBOT_DATABASE_URL", store_url)
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", "7:placeholder")
    monkeypatch.setenv("CHATBOT_TELEGRAM_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(FAQ))
    monkeypatch.setenv("CHATBOT_MEDIA_DIR", str(tmp_path / "media"))
    yield store_url
    structlog.reset_defaults()  # what was set up writes to an output that is closed by now
    logging.basicConfig(handlers=[], force=True)


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as found:
        cli.main(arguments)
    assert isinstance(found.value.code, int)
    return found.value.code, capsys.readouterr().err


def set_version(url: str, version: str) -> None:
    engine = make_engine(database_url(url))
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :version"), {"version": version})
    engine.dispose()


@pytest.mark.usefixtures("started")
def test_folder_that_cannot_be_written_to_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBOT_MEDIA_DIR", "/proc/tanggap")
    status, said = ended(capsys, "run")

    assert status == 2
    assert "✗ Folder /proc/tanggap tidak dapat ditulisi" in said


_WRONG = {
    "CHATBOT_DATABASE_URL": "mysql://user:geheim@host/x",
    "CHATBOT_PORT": "99999",
    "CHATBOT_CHANNELS": "telegram,fax",
    "CHATBOT_TELEGRAM_API_URL": "api",
    "CHATBOT_TELEGRAM_MODE": "push",
    "CHATBOT_TELEGRAM_RATE": "banyak",
    "CHATBOT_OFFICERS_CHAT_ID": "petugas",
    "CHATBOT_WHATSAPP_RATE": "0",
    "CHATBOT_DATA_KEYS": "lepas",
    "CHATBOT_TIMEZONE": "Mars/Olympus",
    "CHATBOT_INBOX_DAYS": "3",
}


@pytest.mark.parametrize(
    ("locale", "head", "port"),
    [
        ("id", "Pengaturan berikut salah atau belum diisi:", "tulis angka, paling besar 65535."),
        ("en", "These settings are wrong or missing:", "write a number, 65535 at most."),
    ],
)
def test_wrong_settings_are_told_in_the_accounts_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], locale: str, head: str, port: str
) -> None:
    for name, value in {**_WRONG, "CHATBOT_LOCALE": locale}.items():
        monkeypatch.setenv(name, value)
    status, said = ended(capsys, "run")

    first, *lines = said.splitlines()
    assert (status, first) == (2, head)
    assert {line.strip().split(": ")[0] for line in lines} == set(_WRONG)
    assert f"  CHATBOT_PORT: {port}" in lines
    assert not any(secret in said for secret in ("geheim", "lepas"))


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        (
            {"CHATBOT_TELEGRAM_TOKEN": "7", "CHATBOT_TELEGRAM_MODE": "webhook", "CHATBOT_PROPAM_CHAT_ID": "-1"},
            [
                "CHATBOT_PROPAM_CHAT_ID",
                "CHATBOT_TELEGRAM_TOKEN",
                "CHATBOT_TELEGRAM_WEBHOOK_URL",
                "CHATBOT_TELEGRAM_SECRET",
            ],
        ),
        (
            {"CHATBOT_CHANNELS": "whatsapp", "CHATBOT_FAQ_DIR": "/proc/tanggap"},
            [
                "CHATBOT_FAQ_DIR",
                *(f"CHATBOT_WHATSAPP_{name}" for name in ("TOKEN", "PHONE_NUMBER_ID", "APP_SECRET", "VERIFY_TOKEN")),
            ],
        ),
        ({"CHATBOT_TELEGRAM_TOKEN": ""}, ["CHATBOT_TELEGRAM_TOKEN, CHATBOT_WHATSAPP_TOKEN"]),
        ({"CHATBOT_SECRETS_DIR": "/proc/tanggap"}, ["CHATBOT_SECRETS_DIR"]),
        ({"CHATBOT_FAQ_DIR": "f" * 300}, ["CHATBOT_FAQ_DIR"]),
        ({"CHATBOT_DATABASE_URL": "postgresql://u:p@h:port/x"}, ["CHATBOT_DATABASE_URL"]),
        (
            {"CHATBOT_TELEGRAM_RATE": "inf", "CHATBOT_INBOX_DAYS": "9" * 23},
            ["CHATBOT_TELEGRAM_RATE", "CHATBOT_INBOX_DAYS"],
        ),
        ({"CHATBOT_CHANNELS": "faks\udcff"}, ["CHATBOT_CHANNELS"]),
    ],
)
@pytest.mark.usefixtures("started")
def test_what_is_missing_is_told_a_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, str], lines: list[str]
) -> None:
    for name, value in {"CHATBOT_OFFICERS_CHAT_ID": "-1", **settings}.items():
        monkeypatch.setenv(name, value)
    status, said = ended(capsys, "run")

    assert status == 2
    assert [line.strip().split(": ")[0] for line in said.splitlines()[1:]] == lines


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("started")
def test_language_may_be_a_file_like_every_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "CHATBOT_LOCALE").write_text("en")
    monkeypatch.setenv("CHATBOT_SECRETS_DIR", str(tmp_path / "secrets"))
    status, said = ended(capsys, "web")

    assert status == 2
    assert said.startswith("chatbot web is for PostgreSQL")


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        (["web"], "chatbot web hanya untuk PostgreSQL"),
        (["db", "upgrade"], "chatbot db upgrade hanya untuk PostgreSQL"),
        (["audit"], "belum ada dan dibuat saat bot pertama kali dimulai"),
        (["queue", "dead"], "belum ada dan dibuat saat bot pertama kali dimulai"),
        (
            ["ticket", "export", "000000001" + check_digit("000000001")],
            "belum ada dan dibuat saat bot pertama kali dimulai",
        ),
    ],
)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("started")
def test_verb_that_cannot_use_its_database_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: list[str], says: str
) -> None:
    monkeypatch.setenv("CHATBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    status, said = ended(capsys, *verb)

    assert (status, says in said) == (2, True)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("host", ["192.0.2.1", "999.1.1.1"])
@pytest.mark.usefixtures("started")
def test_host_that_is_no_address_of_the_machine_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    monkeypatch.setenv("CHATBOT_HOST", host)
    status, said = ended(capsys, "run")

    assert status == 2
    assert f"CHATBOT_HOST: {host} bukan alamat mesin ini" in said


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_file_that_a_newer_version_used_is_not_served(started: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_version(started, "9999_from_9998")
    status, said = ended(capsys, "run")

    assert status == 2
    assert "Basis data pernah dipakai versi bot yang lebih baru" in said


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("version", "says"), [("9999_from_9998", "versi bot yang lebih baru"), ("0001", "jalankan chatbot db upgrade")]
)
def test_schema_of_another_version_is_told_with_what_helps(
    started: str, capsys: pytest.CaptureFixture[str], version: str, says: str
) -> None:
    with closing(Store(started)) as store:
        store.open()
    set_version(started, version)
    status, said = ended(capsys, "web")

    assert status == 2
    assert says in said


@pytest.mark.parametrize(
    ("keys", "verb", "says"),
    [
        ("", ["run"], "Basis data terenkripsi, tetapi CHATBOT_DATA_KEYS kosong"),
        (_OTHER, ["run"], "CHATBOT_DATA_KEYS tidak membuka basis data"),
        (_OTHER, ["audit"], "CHATBOT_DATA_KEYS tidak membuka basis data"),
        (_OTHER, ["queue", "dead"], "CHATBOT_DATA_KEYS tidak membuka basis data"),
        (_OTHER, ["db", "encrypt"], "CHATBOT_DATA_KEYS tidak membuka basis data"),
        ("short", ["run"], "CHATBOT_DATA_KEYS: tulis kunci seperti yang dibuat chatbot db key"),
    ],
)
def test_wrong_keys_end_every_verb_that_would_read_words(
    started: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: str,
    verb: list[str],
    says: str,
) -> None:
    with closing(Store(started, [new_key()])) as store:
        store.open()
    monkeypatch.setenv("CHATBOT_DATA_KEYS", keys)
    status, said = ended(capsys, *verb)

    assert status == 2
    assert says in said
    assert not keys or keys not in said


def test_nothing_is_encrypted_before_a_program_with_the_key_serves(
    started: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _ = started
    assert ended(capsys, "db", "encrypt") == (
        2,
        "CHATBOT_DATA_KEYS: isi dahulu (chatbot db key membuat kunci), lalu jalankan bot dengan kunci itu.\n",
    )
    monkeypatch.setenv("CHATBOT_DATA_KEYS", new_key())
    status, said = ended(capsys, "db", "encrypt")
    assert status == 2
    assert said.startswith("Jalankan bot dengan CHATBOT_DATA_KEYS dahulu")
