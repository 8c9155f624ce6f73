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


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_file_that_a_newer_version_used_is_not_served(started: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_version(started, "9999_from_9998")
    status, said = ended(capsys, "run")

    assert status == 2
    assert "The database was brought on by a newer version" in said


@pytest.mark.parametrize(
    ("keys", "verb", "says"),
    [
        ("", ["run"], "The database is encrypted: set CHATBOT_DATA_KEYS"),
        (_OTHER, ["run"], "CHATBOT_DATA_KEYS: a key is missing"),
        (_OTHER, ["audit"], "CHATBOT_DATA_KEYS: a key is missing"),
        (_OTHER, ["queue", "dead"], "CHATBOT_DATA_KEYS: a key is missing"),
        (_OTHER, ["db", "encrypt"], "CHATBOT_DATA_KEYS: a key is missing"),
        ("short", ["run"], "CHATBOT_DATA_KEYS: write keys as `chatbot db key` makes them"),
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
        "CHATBOT_DATA_KEYS: set it first (`chatbot db key` makes a key), and start the program with it.\n",
    )
    monkeypatch.setenv("CHATBOT_DATA_KEYS", new_key())
    status, said = ended(capsys, "db", "encrypt")
    assert status == 2
    assert said.startswith("Start the program with CHATBOT_DATA_KEYS first")
