"""Kinds of columns: the few that the tables are made of, and a time that is aware on every engine.

Owns types and defaults of columns. Refuses tables.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, LargeBinary, Text, TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC on every engine; SQLite would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  required
        """Into the database: UTC, whatever zone it came in."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  required
        """Out of the database: aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_Id = BigInteger().with_variant(Integer, "sqlite")


def row_id() -> Any:
    """A row's own number."""
    return Field(default=None, sa_column=Column(_Id, primary_key=True, autoincrement=True))


def ref(*, nullable: bool = True, primary_key: bool = False) -> Any:
    """Another row's number."""
    return Field(default=None, sa_column=Column(_Id, nullable=nullable, primary_key=primary_key))


def words(default: str | None = "", *, nullable: bool = False) -> Any:
    """Text; empty unless it is said what else."""
    return Field(default=default, sa_column=Column(Text, nullable=nullable))


def moment(*, nullable: bool = False) -> Any:
    """A time."""
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=nullable))


def blob() -> Any:
    """Bytes."""
    return Field(default=None, sa_column=Column(LargeBinary, nullable=True))
