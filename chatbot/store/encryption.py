"""Personal words encrypted at rest, where the operator sets keys.

Owns the form of an encrypted value, the columns that hold such, which keys an engine has, and the probe by which a
wrong key is found before anything is read or written. The encryption itself is the library's (``cryptography.fernet``:
AES-128-CBC with HMAC-SHA256). Refuses what is looked up by its value: addresses, numbers, ids stay readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, Connection, Dialect, Engine, LargeBinary, Table, Text, TypeDecorator, select, text
from sqlmodel import Field, SQLModel

from chatbot.logs import log
from chatbot.store.columns import Row, row_id

MARK = "\x1e"  # begins what is encrypted, and nothing else: a control character that no one writes
_MARK = MARK.encode()
_PROBE = b"tanggap"
_DAMAGED = b"\xff"  # no JSON, and no text


class WrongKeys(Exception):
    """The database is encrypted, and these keys do not open it. ``args[0]``: "missing" or "wrong"."""


class Keys:
    """Keys of one operator, the newest first: it encrypts, and each of them opens what it encrypted.

    Args:
        keys: as ``new_key`` makes them; at least one.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, value: bytes) -> bytes:
        """A value as it lies in the database."""
        return _MARK + self._newest.encrypt(value)

    def decrypt(self, stored: bytes) -> bytes:
        """What a stored value says; one from before there was a key is as it is.

        Raises:
            WrongKeys: none of the keys opens it.
        """
        if not stored.startswith(_MARK):
            return stored
        try:
            return self._all.decrypt(stored.removeprefix(_MARK))
        except InvalidToken:
            raise WrongKeys("wrong") from None

    def is_newest(self, stored: bytes) -> bool:
        """Whether a stored value needs no other key than the newest."""
        if not stored.startswith(_MARK):
            return False
        try:
            self._newest.decrypt(stored.removeprefix(_MARK))
        except InvalidToken:
            return False
        return True


def new_key() -> str:
    """A key by chance."""
    return Fernet.generate_key().decode()


_keys: WeakKeyDictionary[Dialect, Keys] = WeakKeyDictionary()  # an engine has a dialect of its own


def made_of(keys: Sequence[str]) -> Keys | None:
    """Keys as the settings have them; None where there are none."""
    return Keys(keys) if keys else None


def use(engine: Engine, keys: Sequence[str]) -> None:
    """Have an engine encrypt and decrypt by these keys; none: it does neither."""
    if made := made_of(keys):
        _keys[engine.dialect] = made


def keys_of(dialect: Dialect) -> Keys | None:
    """The keys that an engine was given."""
    return _keys.get(dialect)


def _read(keys: Keys | None, stored: bytes) -> bytes:
    """What a value says. One that is damaged must not keep the rows around it from being read.

    Raises:
        WrongKeys: it is encrypted and there are no keys, as in a process that was not started again with them.
    """
    if keys is None:
        if stored.startswith(_MARK):
            raise WrongKeys("missing")
        return stored
    try:
        return keys.decrypt(stored)
    except WrongKeys:
        log().error("undecipherable")
        return _DAMAGED


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes that are encrypted where there are keys. Nothing, and what is empty, stays so: conditions ask for it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Into the database."""
        if not value:
            return value
        keys = _keys.get(dialect)
        return keys.encrypt(value) if keys else value.lstrip(_MARK)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Out of the database."""
        return _read(_keys.get(dialect), value) if value else value


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted where there are keys, as ``EncryptedBytes``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Into the database."""
        if not value:
            return value
        keys = _keys.get(dialect)
        return keys.encrypt(value.encode()).decode() if keys else value.lstrip(MARK)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Out of the database."""
        keys = _keys.get(dialect)
        if not value or not (keys or value.startswith(MARK)):
            return value
        return _read(keys, value.encode()).decode(errors="replace")


def secret_words() -> Any:
    """Text that says something of a person; empty unless it is said what else."""
    return Field(default="", sa_column=Column(EncryptedText, nullable=False))


def secret_blob(default: bytes | None = None) -> Any:
    """Bytes that say something of a person, or nothing where there is no default."""
    return Field(default=default, sa_column=Column(EncryptedBytes, nullable=default is None))


class EncryptionRow(Row, table=True):
    """One word, encrypted by the keys that are in use."""

    __tablename__ = "encryption"

    id: int = row_id()
    probe: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


_PROBES: Table = SQLModel.metadata.tables["encryption"]


def probe_in(connection: Connection) -> bytes:
    """The probe of a database; empty where nothing in it was ever encrypted."""
    return connection.execute(select(_PROBES.c.probe).where(_PROBES.c.id == 1)).scalar() or b""


def require(keys: Keys | None, probe: bytes) -> None:
    """See to it that keys open what a probe stands for.

    Raises:
        WrongKeys: they do not, or there are none and something is encrypted.
    """
    if probe and not keys:
        raise WrongKeys("missing")
    if probe and keys:
        keys.decrypt(probe)


def begin(connection: Connection) -> None:
    """Write the probe, where there are keys and it does not stand there yet."""
    if keys := _keys.get(connection.dialect):
        row = text("insert into encryption (id, probe) values (1, :probe) on conflict do nothing")
        connection.execute(row, {"probe": keys.encrypt(_PROBE)})


def renew_probe(connection: Connection) -> None:
    """Have the probe need the newest key alone."""
    if keys := _keys.get(connection.dialect):
        row = text("update encryption set probe = :probe where id = 1")
        connection.execute(row, {"probe": keys.encrypt(_PROBE)})
