"""The schema's steps, one by one on a real engine, and what each refuses of that which the code before it writes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError

from chatbot.store import schema

_VALUES: dict[type, Any] = {
    Boolean: False,
    Integer: 1,
    DateTime: datetime(2026, 11, 24, tzinfo=UTC),
    LargeBinary: b"{}",
}


def revisions() -> list[str]:
    """All steps, the first one first."""
    steps = ScriptDirectory.from_config(schema._config()).walk_revisions()
    return [step.revision for step in steps][::-1]


def bring_to(engine: Engine, revision: str) -> None:
    """Carry the steps out up to one."""
    config = schema._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill(engine: Engine, path: Path) -> None:
    """Write the rows of a file, one a line as ``{table: row}``, as an older version wrote them."""
    known = tables_of(engine)
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        for name, row in json.loads(line).items():
            rows.setdefault(name, []).append(
                {key: _typed(value, known.tables[name].columns[key]) for key, value in row.items()}
            )
    with engine.begin() as connection:
        for table in known.sorted_tables:
            if table.name not in rows:
                continue
            connection.execute(insert(table), rows[table.name])
            if engine.dialect.name == "postgresql" and isinstance(table.columns.get("id"), Column):
                named = {"name": table.name}
                sequence = connection.execute(text("select pg_get_serial_sequence(:name, 'id')"), named).scalar()
                last = {"sequence": sequence, "last": max(row["id"] for row in rows[table.name])}
                connection.execute(text("select setval(:sequence, :last)"), last)


def _typed(value: Any, column: Column[Any]) -> Any:
    """A value of JSON as the column takes it."""
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(column.type, LargeBinary):
        return value.encode()
    return bool(value) if isinstance(column.type, Boolean) else value


def tables_of(engine: Engine) -> MetaData:
    """The tables as they are."""
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    return found


def broken_by(engine: Engine, step: Callable[[], None]) -> list[str]:
    """What a step takes from code that does not know it: columns that it reads, rows that it writes.

    Rows are really written: every column that was there, two rows alike but for the keys that there were, and one for
    each word that a check allowed. Afterwards they are gone again.
    """
    before = tables_of(engine)
    step()
    after = tables_of(engine)
    faults = [
        f"{table.name}.{column.name} is gone"
        for table in before.tables.values()
        for column in table.columns
        if table.name not in after.tables or column.name not in after.tables[table.name].columns
    ]
    if faults:
        return faults
    with engine.connect() as connection, connection.begin() as transaction:
        for table in before.sorted_tables:
            for number, row in enumerate(_rows(table), 1):
                nested = connection.begin_nested()
                try:
                    connection.execute(insert(table), [_with_parents(table, row)])
                except DBAPIError as error:
                    nested.rollback()
                    faults.append(f"{table.name}: row {number} is refused, {type(error).__name__}")
                else:
                    nested.commit()
        transaction.rollback()
    return faults


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    """Rows of a table; only what a key needs differs from one to the next."""
    keys = _own_columns(table)
    plain = {column.name: _value(column) for column in table.columns}
    words = _allowed(table)
    for number in range(1, max([2, *map(len, words.values())]) + 1):
        chosen = {name: allowed[(number - 1) % len(allowed)] for name, allowed in words.items()}
        yield {**plain, **chosen, **{name: _numbered(plain[name], number) for name in keys}}


def _own_columns(table: Table) -> set[str]:
    """One column of each key: enough to tell rows apart, and all else alike."""
    found = {column.name for column in table.primary_key}
    others = [[column.name for column in one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)]
    others += [[column.name for column in index.columns] for index in table.indexes if index.unique]
    for names in others:
        if not found.intersection(names) and not table.columns[names[-1]].foreign_keys:
            found.add(names[-1])
    return found


def _allowed(table: Table) -> Mapping[str, list[str]]:
    """The words that checks allow, by column."""
    found: dict[str, list[str]] = {}
    for check in table.constraints:
        said = str(check.sqltext) if isinstance(check, CheckConstraint) else ""
        if words := re.findall(r"'(\w+)'", said):
            found[next(column.name for column in table.columns if re.search(rf"\b{column.name}\b", said))] = words
    return found


def _value(column: Column[Any]) -> Any:
    return next((value for kind, value in _VALUES.items() if isinstance(column.type, kind)), "x")


def _numbered(value: Any, number: int) -> Any:
    return number if isinstance(value, int) else f"x{number}"


def _with_parents(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same row, naming the first row of each table that it belongs to."""
    known = dict(row)
    for key in table.foreign_key_constraints:
        parent = _with_parents(key.referred_table, next(_rows(key.referred_table)))
        for element in key.elements:
            if not element.parent.primary_key:
                known[element.parent.name] = parent[element.column.name]
    return known
