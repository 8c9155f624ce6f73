"""The settings: read once from the environment and from files of secrets, checked as a whole, frozen.

Owns names, defaults and the checks; ``docs/operations.md`` explains each. Refuses to start with a wrong one: every
fault is listed, none shows a secret.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

_PREFIX = "CHATBOT_"
_DATA_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # 32 bytes in URL-safe base64
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
CHANNELS = ("telegram", "whatsapp")


class WrongSettings(Exception):
    """One or more settings are missing or wrong. Each line names one and says what to do."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: str = Field(
        repr=False,
        default="sqlite:///var/tanggap.db",
        validation_alias=AliasChoices("CHATBOT_DATABASE_URL", "DATABASE_URL"),
    )
    media_dir: Path = Path("var/media")
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535, validation_alias=AliasChoices("CHATBOT_PORT", "PORT"))
    channels: Annotated[tuple[str, ...], NoDecode] = ()
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_url: str = ""
    telegram_secret: SecretStr = SecretStr("")
    telegram_rate: float = Field(30, gt=0)
    officers_chat_id: str = ""
    propam_chat_id: str = ""
    admins_chat_id: str = ""
    whatsapp_api_url: str = "https://graph.facebook.com/v23.0"
    whatsapp_phone_number_id: str = ""
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    whatsapp_rate: float = Field(80, gt=0)
    whatsapp_template: str = ""
    whatsapp_account_id: str = ""
    secret_key: SecretStr = SecretStr("")
    data_keys: SecretStr = SecretStr("")
    region_name: str = "Polres Contoh"
    timezone: str = "Asia/Jakarta"
    locale: Literal["id", "en"] = "id"
    region_file: Path | None = None
    faq_dir: Path = Path("faq")
    inbox_days: int = Field(30, ge=8)
    secrets_dir: Path | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _trim(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("channels", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        names = tuple(re.split(r"[\s,]+", value.strip())) if isinstance(value, str) else value
        names = tuple(name.lower() for name in names if name)
        if unknown := [name for name in names if name not in CHANNELS]:
            raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(CHANNELS)}")
        return names

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.match(r"(sqlite:///|postgres(ql)?(\+psycopg)?://).", value):
            raise ValueError("write sqlite:///path/to/file.db or postgresql://user:password@host/name")
        return value

    @field_validator("data_keys")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        if not all(_DATA_KEY.fullmatch(key) for key in _listed(value)):
            raise ValueError("write keys as `chatbot db key` makes them, the newest first, with commas between them")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("write Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)") from None
        return value

    @field_validator("telegram_api_url", "whatsapp_api_url", "telegram_webhook_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
            raise ValueError("write a URL that begins with https://")
        return value.rstrip("/")

    @field_validator("officers_chat_id", "propam_chat_id", "admins_chat_id")
    @classmethod
    def _group(cls, value: str) -> str:
        if value and not re.fullmatch(r"-\d{1,19}", value):
            raise ValueError(
                "write the group's id, a number that begins with -; the bot says it when added to the group"
            )
        return value

    @property
    def active_channels(self) -> tuple[str, ...]:
        """The channels to serve: those named, else those whose token is set."""
        if self.channels:
            return self.channels
        tokens = {"telegram": self.telegram_token, "whatsapp": self.whatsapp_token}
        return tuple(name for name in CHANNELS if tokens[name].get_secret_value())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which people's words lie in the database, the newest first; none: they lie there plain."""
        return _listed(self.data_keys)

    @property
    def hash_key(self) -> bytes:
        """The key under which addresses are hashed for logs; without one it differs at every start."""
        secret = self.secret_key.get_secret_value()
        return hashlib.sha256(secret.encode()).digest() if secret else os.urandom(32)

    def faults(self, *, serves: bool) -> list[str]:
        """What is missing, one line each: the FAQ's folder, and what the channels need that are to be served."""
        found = [] if self.faq_dir.is_dir() else ["CHATBOT_FAQ_DIR: there is no such folder"]
        if self.propam_chat_id and self.propam_chat_id in {self.officers_chat_id, self.admins_chat_id}:
            found.append("CHATBOT_PROPAM_CHAT_ID: write another group than the officers' and the administrators' one")
        return found + self._missing_for_channels() if serves else found

    def _missing_for_channels(self) -> list[str]:
        active = self.active_channels
        if not active:
            return [
                "CHATBOT_TELEGRAM_TOKEN or CHATBOT_WHATSAPP_TOKEN: set at least one, else there is no channel to serve"
            ]
        found = []
        if "telegram" in active:
            token = self.telegram_token.get_secret_value()
            if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
                found.append("CHATBOT_TELEGRAM_TOKEN: write the token as BotFather gives it, digits, a colon, letters")
            if self.telegram_mode == "webhook":
                if not self.telegram_webhook_url:
                    found.append(
                        "CHATBOT_TELEGRAM_WEBHOOK_URL: the webhook needs the public base address of this server"
                    )
                if not _TELEGRAM_SECRET.fullmatch(self.telegram_secret.get_secret_value()):
                    found.append("CHATBOT_TELEGRAM_SECRET: the webhook needs a secret of 1 to 256 of A-Z a-z 0-9 _ -")
        if "whatsapp" in active:
            needed = {
                "CHATBOT_WHATSAPP_TOKEN": self.whatsapp_token.get_secret_value(),
                "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": self.whatsapp_phone_number_id,
                "CHATBOT_WHATSAPP_APP_SECRET": self.whatsapp_app_secret.get_secret_value(),
                "CHATBOT_WHATSAPP_VERIFY_TOKEN": self.whatsapp_verify_token.get_secret_value(),
            }
            found += [f"{name}: needed for WhatsApp" for name, value in needed.items() if not value]
        return found


def _listed(secret: SecretStr) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[\s,]+", secret.get_secret_value())))


def load(*, serves: bool = True) -> Settings:
    """The settings of the environment, and of the files in ``CHATBOT_SECRETS_DIR``, complete and right.

    A file is named like its variable and holds the value; what the environment says goes before it.

    Args:
        serves: whether channels are to be served; a tool that only reads needs none.

    Raises:
        WrongSettings: with every fault, one a line.
    """
    folder = os.environ.get(f"{_PREFIX}SECRETS_DIR", "").strip()
    faults = [f"{_PREFIX}SECRETS_DIR: there is no such folder"] if folder and not Path(folder).is_dir() else []
    try:
        settings = Settings(_secrets_dir=folder if folder and not faults else None)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise WrongSettings(faults + [_line(fault) for fault in found]) from None
    except SettingsError:  # what it stands on may quote the secret
        raise WrongSettings([f"{_PREFIX}SECRETS_DIR: a file in it cannot be read, or is no text"]) from None
    if faults := faults + settings.faults(serves=serves):
        raise WrongSettings(faults)
    return settings


def _line(fault: Any) -> str:
    field = str(fault["loc"][0]) if fault["loc"] else "settings"
    name = field if field.isupper() else f"{_PREFIX}{field.upper()}"
    return f"{name}: {str(fault['msg']).removeprefix('Value error, ')}"
