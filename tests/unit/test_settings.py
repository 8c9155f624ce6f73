from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.settings import WrongSettings, load

TOKEN = "700000001:placeholder"


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(tmp_path))


def test_every_wrong_setting_is_listed_at_once_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "CHATBOT_PORT": "abc",
        "CHATBOT_TIMEZONE": "Mars/Olympus",
        "CHATBOT_INBOX_DAYS": "3",
        "CHATBOT_DATABASE_URL": "mysql://user:geheim@host/x",
        "CHATBOT_CHANNELS": "telegram,fax",
        "CHATBOT_OFFICERS_CHAT_ID": "petugas",
    }.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(WrongSettings) as wrong:
        load()

    assert {fault.setting for fault in wrong.value.faults} == {
        "CHATBOT_PORT",
        "CHATBOT_TIMEZONE",
        "CHATBOT_INBOX_DAYS",
        "CHATBOT_DATABASE_URL",
        "CHATBOT_CHANNELS",
        "CHATBOT_OFFICERS_CHAT_ID",
    }
    assert "geheim" not in str(wrong.value)


def test_no_token_is_a_fault() -> None:
    with pytest.raises(WrongSettings, match="CHATBOT_TELEGRAM_TOKEN, CHATBOT_WHATSAPP_TOKEN no_channel"):
        load()


def test_channel_needs_all_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_WHATSAPP_TOKEN", "x")

    with pytest.raises(WrongSettings) as wrong:
        load()

    assert [fault.setting for fault in wrong.value.faults] == [
        "CHATBOT_WHATSAPP_PHONE_NUMBER_ID",
        "CHATBOT_WHATSAPP_APP_SECRET",
        "CHATBOT_WHATSAPP_VERIFY_TOKEN",
    ]


def test_platform_variables_are_the_fallback_and_ours_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h/d")
    monkeypatch.setenv("PORT", "9000")
    assert (load().database_url, load().port) == ("postgres://u:p@h/d", 9000)

    monkeypatch.setenv("CHATBOT_PORT", "9001")
    assert load().port == 9001


def test_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("CHATBOT_WHATSAPP_TOKEN", "")
    monkeypatch.setenv("CHATBOT_PORT", "")

    assert (load().port, load().active_channels) == (8080, ("telegram",))


def test_settings_shown_in_a_log_hold_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("CHATBOT_DATABASE_URL", "postgresql://u:geheim@h/d")

    assert "geheim" not in repr(load())
    assert "placeholder" not in repr(load())


@pytest.mark.parametrize("other", ["CHATBOT_OFFICERS_CHAT_ID", "CHATBOT_ADMINS_CHAT_ID"])
def test_propam_has_a_group_of_its_own(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    for name, value in {"CHATBOT_TELEGRAM_TOKEN": TOKEN, "CHATBOT_PROPAM_CHAT_ID": "-100", other: "-100"}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(WrongSettings, match="CHATBOT_PROPAM_CHAT_ID propam_apart"):
        load()


def test_secrets_are_read_from_files_named_like_their_variables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHATBOT_SECRETS_DIR", str(tmp_path))
    (tmp_path / "CHATBOT_TELEGRAM_TOKEN").write_text(f"{TOKEN}\n")
    (tmp_path / "chatbot_secret_key").write_text("of the file")
    (tmp_path / "CHATBOT_DATABASE_URL").write_text("postgresql://u:geheim@h/d")

    settings = load()

    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.secret_key.get_secret_value() == "of the file"
    assert settings.database_url == "postgresql://u:geheim@h/d"
    assert "geheim" not in repr(settings)


def test_environment_goes_before_a_file_of_secrets_unless_it_is_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {
        "CHATBOT_SECRETS_DIR": str(tmp_path),
        "CHATBOT_TELEGRAM_TOKEN": "",
        "CHATBOT_SECRET_KEY": "of the environment",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "CHATBOT_TELEGRAM_TOKEN").write_text(TOKEN)
    (tmp_path / "CHATBOT_SECRET_KEY").write_text("of the file")

    assert load().telegram_token.get_secret_value() == TOKEN
    assert load().secret_key.get_secret_value() == "of the environment"


def test_folder_of_secrets_that_is_none_is_listed_with_the_other_faults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHATBOT_SECRETS_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("CHATBOT_PORT", "abc")

    with pytest.raises(WrongSettings) as wrong:
        load()

    assert [fault.setting for fault in wrong.value.faults] == ["CHATBOT_SECRETS_DIR", "CHATBOT_PORT"]


@pytest.mark.parametrize("content", [b"geheim\xff", b""])
def test_wrong_file_of_a_secret_is_a_readable_fault_without_what_it_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    monkeypatch.setenv("CHATBOT_SECRETS_DIR", str(tmp_path))
    (tmp_path / "CHATBOT_TELEGRAM_TOKEN").write_bytes(content)

    with pytest.raises(WrongSettings) as wrong:
        load()

    assert len(wrong.value.faults) == 1
    assert "geheim" not in str(wrong.value)
