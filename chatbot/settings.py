"""The settings: read once from the environment and from files of secrets, checked as a whole, frozen.

Owns names, defaults and the checks; ``docs/operations.md`` explains each. Refuses to start with a wrong one: every
fault is listed, none shows a secret. Refuses words too: what a fault is called stands in the catalogues.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

_PREFIX = "CHATBOT_"
_DATA_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # 32 bytes in URL-safe base64
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
CHANNELS = ("telegram", "whatsapp")


_OURS = "settings."  # begins the name of what these checks find
# What the library finds, as the catalogues name it, and which of its values belongs to it.
_FOUND: Mapping[str, tuple[str, str]] = {
    "int_parsing": ("whole_number", ""),
    "float_parsing": ("number", ""),
    "finite_number": ("number", ""),
    "greater_than": ("more_than", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "less_than_equal": ("at_most", "le"),
    "literal_error": ("one_of", "expected"),
}


class Fault(NamedTuple):
    """What is wrong with a setting.

    Attributes:
        setting: its variable; of several, of which one is needed, all of them.
        reason: what is to be done, as ``settings.<reason>`` in the catalogues says.
        values: what stands in those words.
    """

    setting: str
    reason: str
    values: Mapping[str, str] = {}


class WrongSettings(Exception):
    """One or more settings are missing or wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{fault.setting} {fault.reason}" for fault in faults))
        self.faults = faults


def _wrong(reason: str, **values: str) -> PydanticCustomError:
    return PydanticCustomError(f"{_OURS}{reason}", "wrong", dict(values))


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
    telegram_rate: float = Field(30, gt=0, allow_inf_nan=False)
    officers_chat_id: str = ""
    propam_chat_id: str = ""
    admins_chat_id: str = ""
    whatsapp_api_url: str = "https://graph.facebook.com/v23.0"
    whatsapp_phone_number_id: str = ""
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    whatsapp_rate: float = Field(80, gt=0, allow_inf_nan=False)
    whatsapp_template: str = ""
    whatsapp_account_id: str = ""
    secret_key: SecretStr = SecretStr("")
    data_keys: SecretStr = SecretStr("")
    region_name: str = "Polres Contoh"
    timezone: str = "Asia/Jakarta"
    locale: Literal["id", "en"] = "id"
    region_file: Path | None = None
    faq_dir: Path = Path("faq")
    inbox_days: int = Field(30, ge=8, le=36_500)
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
            unknown = [name.encode(errors="replace").decode() for name in unknown]
            raise _wrong("channels", unknown=", ".join(unknown), known=", ".join(CHANNELS))
        return names

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.match(r"(sqlite:///|postgres(ql)?(\+psycopg)?://).", value) or not _has_port_or_none(value):
            raise _wrong("database_url")
        return value

    @field_validator("data_keys")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        if not all(_DATA_KEY.fullmatch(key) for key in _listed(value)):
            raise _wrong("data_keys")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise _wrong("timezone") from None
        return value

    @field_validator("telegram_api_url", "whatsapp_api_url", "telegram_webhook_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
            raise _wrong("url")
        return value.rstrip("/")

    @field_validator("officers_chat_id", "propam_chat_id", "admins_chat_id")
    @classmethod
    def _group(cls, value: str) -> str:
        if value and not re.fullmatch(r"-\d{1,19}", value):
            raise _wrong("group_id")
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

    def faults(self, *, serves: bool) -> list[Fault]:
        """What is missing: the FAQ's folder, and what the channels need that are to be served."""
        found = [] if _is_folder(self.faq_dir) else [Fault("CHATBOT_FAQ_DIR", "no_folder")]
        if self.propam_chat_id and self.propam_chat_id in {self.officers_chat_id, self.admins_chat_id}:
            found.append(Fault("CHATBOT_PROPAM_CHAT_ID", "propam_apart"))
        return found + self._missing_for_channels() if serves else found

    def _missing_for_channels(self) -> list[Fault]:
        active = self.active_channels
        if not active:
            return [Fault("CHATBOT_TELEGRAM_TOKEN, CHATBOT_WHATSAPP_TOKEN", "no_channel")]
        found = []
        if "telegram" in active:
            token = self.telegram_token.get_secret_value()
            if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
                found.append(Fault("CHATBOT_TELEGRAM_TOKEN", "telegram_token"))
            if self.telegram_mode == "webhook":
                if not self.telegram_webhook_url:
                    found.append(Fault("CHATBOT_TELEGRAM_WEBHOOK_URL", "webhook_url"))
                if not _TELEGRAM_SECRET.fullmatch(self.telegram_secret.get_secret_value()):
                    found.append(Fault("CHATBOT_TELEGRAM_SECRET", "webhook_secret"))
        if "whatsapp" in active:
            needed = {
                "CHATBOT_WHATSAPP_TOKEN": self.whatsapp_token.get_secret_value(),
                "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": self.whatsapp_phone_number_id,
                "CHATBOT_WHATSAPP_APP_SECRET": self.whatsapp_app_secret.get_secret_value(),
                "CHATBOT_WHATSAPP_VERIFY_TOKEN": self.whatsapp_verify_token.get_secret_value(),
            }
            found += [Fault(name, "for_whatsapp") for name, value in needed.items() if not value]
        return found


def _has_port_or_none(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:  # what stands there is no number
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no folder can have
        return False


def _listed(secret: SecretStr) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[\s,]+", secret.get_secret_value())))


def load(*, serves: bool = True) -> Settings:
    """The settings of the environment, and of the files in ``CHATBOT_SECRETS_DIR``, complete and right.

    A file is named like its variable and holds the value; what the environment says goes before it.

    Args:
        serves: whether channels are to be served; a tool that only reads needs none.

    Raises:
        WrongSettings: with every fault.
    """
    folder = os.environ.get(f"{_PREFIX}SECRETS_DIR", "").strip()
    faults = [Fault(f"{_PREFIX}SECRETS_DIR", "no_folder")] if folder and not _is_folder(Path(folder)) else []
    try:
        settings = Settings(_secrets_dir=folder if folder and not faults else None)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise WrongSettings(faults + [_fault(one) for one in found]) from None
    except SettingsError:  # what it stands on may quote the secret
        raise WrongSettings([Fault(f"{_PREFIX}SECRETS_DIR", "no_text")]) from None
    if faults := faults + settings.faults(serves=serves):
        raise WrongSettings(faults)
    return settings


def _fault(found: ErrorDetails) -> Fault:
    field = str(found["loc"][0]) if found["loc"] else "SETTINGS"
    name = field if field.isupper() else f"{_PREFIX}{field.upper()}"
    context = found.get("ctx", {})
    if found["type"].startswith(_OURS):
        return Fault(name, found["type"].removeprefix(_OURS), {key: str(value) for key, value in context.items()})
    reason, name_of_value = _FOUND.get(found["type"], ("unreadable", ""))
    if not name_of_value:
        return Fault(name, reason)
    value = str(context[name_of_value]).removesuffix(".0").replace("'", "").replace(" or ", ", ")
    return Fault(name, reason, {"value": value})
