"""A TOML file as tables that are asked for what they should hold.

Owns types, bounds and the line of each fault; what nobody asked for is one. Refuses to know what a region is
(``region_file``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from chatbot.services.region_fault import Notes, RegionReason
from chatbot.services.toml_lines import Keys, lines_of

T = TypeVar("T")

MAX_NAME = 60  # characters
_PLACE = re.compile(r"\(at line (\d+)")  # where tomllib says that it stopped
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SAYINGS = {
    "Cannot overwrite": RegionReason.KEY_TWICE,
    "Cannot declare": RegionReason.KEY_TWICE,
    "Duplicate inline": RegionReason.KEY_TWICE,
    "Invalid date": RegionReason.DATE,
}


class Table:
    """One table: gives out values, notes what is wrong with them. A value that is wrong comes out as its default.

    Args:
        document: the file.
        keys: the way to the table.
        values: what it holds; None: something else stands in its place, so that nothing in it is missed any more.
    """

    def __init__(self, document: Document, keys: Keys, values: Mapping[str, Any] | None) -> None:
        self._document = document
        self._keys = keys
        self._is_missed = values is not None
        self._values = values or {}
        self.asked: set[str] = set()
        document.tables.append(self)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def line(self) -> int:
        """Where the table begins."""
        return self._document.line(self._keys)

    def line_of(self, *keys: str | int) -> int:
        """Where a value of it stands; where the table begins, when there is none."""
        return self._document.line((*self._keys, *keys))

    def note(self, reason: RegionReason, *keys: str | int, **values: str) -> None:
        """Note a fault at a value, or at the table when no key is given."""
        self._document.notes.add(self.line_of(*keys), reason, **values)

    def note_unasked(self) -> None:
        """Note the keys that mean nothing."""
        for key in self._values:
            if key not in self.asked:
                self.note(RegionReason.KEY_UNKNOWN, key, key=key)

    def text(self, key: str, default: str | None = None, *, most: int = MAX_NAME) -> str:
        """A text in one line, not empty unless its default is. Without a default it must be there."""
        value = self._take(key, str, RegionReason.NO_TEXT, default)
        if value is not None and (value or default is None) and not _is_line(value, most):
            self.note(RegionReason.TEXT_LENGTH, key, key=key, most=str(most))
        return value or ""

    def one_of(self, key: str, known: Collection[str], reason: RegionReason, default: str | None = None) -> str:
        """A text out of a closed list; the fault names the list."""
        value = self._take(key, str, RegionReason.NO_TEXT, default)
        if value is not None and value not in known:
            self.note(reason, key, value=value, known=", ".join(known))
            return default or ""
        return value or ""

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        return bool(self._take(key, bool, RegionReason.NO_FLAG, default))

    def days(self, key: str, most: int, default: int | None = None) -> int:
        """A number of days, 1 to ``most``."""
        value = self._take(key, int, RegionReason.NO_NUMBER, default, most=str(most))
        if value is not None and not 1 <= value <= most:
            self.note(RegionReason.NO_NUMBER, key, key=key, most=str(most))
        return value or 1

    def texts(
        self, key: str, known: Collection[str], reason: RegionReason, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts out of a closed list, each once, at least one."""
        found: list[str] = []
        for place, value in self._items(key, default):
            if not isinstance(value, str) or value not in known:
                self.note(reason, key, place, value=str(value), known=", ".join(known))
            elif value in found:
                self.note(RegionReason.ITEM_TWICE, key, place, value=value)
            else:
                found.append(value)
        if key in self and self._values[key] == []:
            self.note(reason, key, value="", known=", ".join(known))
        return tuple(found)

    def dates(self, key: str) -> frozenset[date]:
        """A list of dates, with or without quotes around them; none where the key is missing."""
        found: set[date] = set()
        for place, value in self._items(key, ()):
            day = _date(value)
            if day is None:
                self.note(RegionReason.DATE, key, place, value=str(value))
            elif day in found:
                self.note(RegionReason.ITEM_TWICE, key, place, value=day.isoformat())
            else:
                found.add(day)
        return frozenset(found)

    def table(self, key: str) -> Table:
        """A table in it, empty where there is none."""
        values = self._take(key, dict, RegionReason.NO_TABLE, {})
        is_other = key in self and not isinstance(self._values[key], dict)
        return Table(self._document, (*self._keys, key), None if is_other else values)

    def only(self, known: Collection[str], reason: RegionReason) -> None:
        """Note the keys that are out of a closed list; the fault names the list."""
        for key in self._values:
            if key not in known:
                self.asked.add(key)
                self.note(reason, key, value=key, known=", ".join(known))

    def each(self) -> Iterator[tuple[str, Table]]:
        """Every table in it, by key; all its keys must be tables."""
        for key, value in self._values.items():
            table = self.table(key)
            if isinstance(value, dict):
                yield key, table

    def _items(self, key: str, default: tuple[str, ...] | None) -> list[tuple[int, Any]]:
        values = self._take(key, list, RegionReason.NO_LIST, None if default is None else list(default))
        return list(enumerate(values or ()))

    def _take(self, key: str, kind: type[T], reason: RegionReason, default: T | None, **values: str) -> T | None:
        self.asked.add(key)
        if key not in self._values:
            if default is None and self._is_missed:
                self.note(RegionReason.KEY_MISSING, key=key)
            return default
        value: T = self._values[key]
        if type(value) is not kind:  # true and false are whole numbers to Python
            self.note(reason, key, key=key, **values)
            return default
        return value


class Document:
    """A TOML file that was read without complaint.

    Attributes:
        notes: where faults go.
        tables: those that were asked for.
        root: the outermost one.
    """

    def __init__(self, text: str, values: Mapping[str, Any], notes: Notes) -> None:
        self.notes = notes
        self.tables: list[Table] = []
        self._lines = lines_of(text)
        self.root = Table(self, (), values)

    def line(self, keys: Keys) -> int:
        """Where a value stands, else what holds it."""
        while keys and keys not in self._lines:
            keys = keys[:-1]
        return self._lines.get(keys, 1)

    def note_unasked(self) -> None:
        """Note, in all tables that were asked for, the keys that mean nothing."""
        for table in self.tables:
            table.note_unasked()


def read_document(text: str, notes: Notes) -> Document | None:
    """Read a TOML text; None where it is none, which is noted at the line where reading stopped."""
    try:
        return Document(text, tomllib.loads(text), notes)
    except (ValueError, RecursionError) as error:  # ValueError also for numbers of thousands of digits
        said = str(error)
        place = _PLACE.search(said)
        last = text.rstrip().count("\n") + 1
        line = int(place[1]) if place else last if "end of document" in said else 1
        reason = next((reason for saying, reason in _SAYINGS.items() if said.startswith(saying)), RegionReason.SYNTAX)
        notes.add(line, reason, value=text.split("\n")[line - 1].strip())
        return None


def _is_line(text: str, most: int) -> bool:
    return bool(text.strip()) and len(text) <= most and text.isprintable()


def _date(value: object) -> date | None:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
