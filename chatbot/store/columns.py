"""What tables are made of: the few kinds of columns, a time that is aware on every engine, and what a row is.

Owns types and defaults of columns, and how a row is made. Refuses tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, LargeBinary, Text, TypeDecorator
from sqlalchemy.orm.attributes import set_attribute
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC on every engine; SQLite would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the library passes it
        """Into the database: UTC, whatever zone it came in."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the library passes it
        """Out of the database: aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(SQLModel):
    """A row of a table, made and changed without what SQLModel does for models that validate, which tables never do.

    A row is most of what a message costs in the writer; SQLModel goes over its fields three times.
    """

    def __init__(self, **fields: Any) -> None:
        defaults = _defaults(type(self))
        if unknown := fields.keys() - defaults.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        self.__dict__.update(defaults)
        self.__dict__.update(fields)  # of a new row SQLAlchemy writes what stands here

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_sa_instance_state":
            self.__dict__[name] = value
        else:
            set_attribute(self, name, value)


@cache
def _defaults(kind: type[Row]) -> Mapping[str, Any]:
    return {name: field.get_default() for name, field in kind.model_fields.items()}


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
