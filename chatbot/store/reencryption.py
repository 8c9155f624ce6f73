"""Bringing what lies in the database under the newest key: what is plain, and what an older key encrypted.

Owns the walk through every encrypted column, a few rows at a time, each written only if nobody changed it meanwhile.
Refuses to decide when (``chatbot db encrypt``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import Column, Engine, text
from sqlmodel import SQLModel

from chatbot.store import encryption
from chatbot.store.encryption import EncryptedBytes, EncryptedText, Keys, WrongKeys

_STEP = 200  # rows; a running program waits for no more than these


class Renewed(NamedTuple):
    """What came of going through the values."""

    changed: int
    closed: int  # that no given key opens: damaged, or of a key that is gone
    log_kept: bool = False  # SQLite: the log beside the file still has words as they were


def encrypt_all(engine: Engine) -> Renewed:
    """Encrypt by the newest key whatever is not, beside a running program. Killed, it can be called again.

    Raises:
        WrongKeys: the engine has no keys.
    """
    keys = encryption.keys_of(engine.dialect)
    if keys is None:
        raise WrongKeys("missing")
    columns = [_column(engine, column, keys) for column in _columns()]
    with engine.begin() as connection:
        encryption.renew_probe(connection)
    kept = engine.dialect.name == "sqlite" and not _emptied_log(engine)
    return Renewed(sum(one.changed for one in columns), sum(one.closed for one in columns), kept)


def _emptied_log(engine: Engine) -> bool:
    with closing(engine.raw_connection()) as connection:
        is_busy, *_ = connection.cursor().execute("pragma wal_checkpoint(truncate)").fetchone()
    return not is_busy


def _columns() -> Iterator[Column[Any]]:
    for table in SQLModel.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, EncryptedBytes | EncryptedText))


def _column(engine: Engine, column: Column[Any], keys: Keys) -> Renewed:
    (row_id,) = column.table.primary_key.columns
    names = {"table": column.table.name, "column": f'"{column.name}"', "id": row_id.name}
    # As they lie there: the column's type would decrypt them.
    some = text(
        "select {id}, {column} from {table} where {id} > :after and length({column}) > 0"
        " order by {id} limit :step".format_map(names)
    )
    put = text("update {table} set {column} = :new where {id} = :id and {column} = :old".format_map(names))
    after, changed, closed = 0, 0, 0
    while True:
        started = time.monotonic()
        with engine.connect().execution_options(reading=True) as connection:
            found = connection.execute(some, {"after": after, "step": _STEP}).all()
        if not found:
            return Renewed(changed, closed)
        after = found[-1][0]
        rows = []
        for number, old in found:
            if not keys.is_newest(_bytes(old)):
                try:
                    rows.append({"id": number, "old": old, "new": _renewed(old, keys)})
                except WrongKeys:
                    closed += 1
        if rows:
            with engine.begin() as connection:
                changed += connection.execute(put, rows).rowcount
            time.sleep(time.monotonic() - started)  # half of the time is the program's


def _renewed(stored: str | bytes, keys: Keys) -> str | bytes:
    new = keys.encrypt(keys.decrypt(_bytes(stored)))
    return new.decode() if isinstance(stored, str) else new


def _bytes(stored: str | bytes) -> bytes:
    return stored.encode() if isinstance(stored, str) else bytes(stored)
