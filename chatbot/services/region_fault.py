"""What can be wrong with the files of a regional account, each with its place.

Owns the reasons, whose words stand in the catalogues, and the guards before a file is read at all. Refuses to know what
the files mean (``region_file``, ``region_areas``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chatbot.core.message import Phrase

_LONGEST = 60  # characters of what the file says, in what is said about it


class RegionReason(StrEnum):
    """Why a file does not serve. The values are keys of the catalogues, since administrators read them."""

    FILE_MISSING = "region.fault.file_missing"
    FILE_OUTSIDE = "region.fault.file_outside"  # by a link, or by its name
    FILE_SIZE = "region.fault.file_size"
    UTF8 = "region.fault.utf8"
    SYNTAX = "region.fault.syntax"
    KEY_TWICE = "region.fault.key_twice"
    KEY_UNKNOWN = "region.fault.key_unknown"
    KEY_MISSING = "region.fault.key_missing"
    NO_TEXT = "region.fault.no_text"
    NO_FLAG = "region.fault.no_flag"
    NO_NUMBER = "region.fault.no_number"
    NO_LIST = "region.fault.no_list"
    NO_TABLE = "region.fault.no_table"
    TEXT_LENGTH = "region.fault.text_length"
    ITEM_TWICE = "region.fault.item_twice"
    TIMEZONE = "region.fault.timezone"
    LOCALE = "region.fault.locale"
    DAY = "region.fault.day"
    TIME = "region.fault.time"
    HOURS_ORDER = "region.fault.hours_order"
    HOURS_TWICE = "region.fault.hours_twice"
    DATE = "region.fault.date"
    DATE_BOTH = "region.fault.date_both"
    SPAN = "region.fault.span"
    CLOCK_ORDER = "region.fault.clock_order"
    CLOCK_URGENT = "region.fault.clock_urgent"
    PRIORITY = "region.fault.priority"
    CATEGORY_UNKNOWN = "region.fault.category_unknown"
    UNIT_ID = "region.fault.unit_id"
    UNIT_UNKNOWN = "region.fault.unit_unknown"
    SUPERIOR_CYCLE = "region.fault.superior_cycle"
    DEFAULT_MISSING = "region.fault.default_missing"
    DEFAULT_TWICE = "region.fault.default_twice"
    DEFAULT_IS_MEMBERS = "region.fault.default_is_members"
    MEMBERS_MISSING = "region.fault.members_missing"
    MEMBERS_TWICE = "region.fault.members_twice"
    MEMBERS_CATEGORY = "region.fault.members_category"
    MEMBERS_GROUP_MISSING = "region.fault.members_group_missing"
    MEMBERS_GROUP_SHARED = "region.fault.members_group_shared"
    GROUP = "region.fault.group"
    GROUP_MISSING = "region.fault.group_missing"
    COLUMN_UNKNOWN = "region.fault.column_unknown"
    COLUMN_TWICE = "region.fault.column_twice"
    COLUMN_MISSING = "region.fault.column_missing"
    CELLS = "region.fault.cells"  # more of them than the header has columns
    CELL_EMPTY = "region.fault.cell_empty"
    QUOTE = "region.fault.quote"
    CODE = "region.fault.code"
    CODE_TWICE = "region.fault.code_twice"
    AREA_TWICE = "region.fault.area_twice"
    AREA_MEMBERS = "region.fault.area_members"
    AREAS_EMPTY = "region.fault.areas_empty"
    JSON = "region.fault.json"
    FEATURES = "region.fault.features"
    POLYGON_CODE = "region.fault.polygon_code"
    POLYGON_SHAPE = "region.fault.polygon_shape"


@dataclass(frozen=True, slots=True)
class RegionFault:
    """One thing that is wrong.

    Attributes:
        file: its name, within the folder of the region's file.
        line: where, from 1.
        reason: why.
        values: what the words about it name.
    """

    file: str
    line: int
    reason: RegionReason
    values: Mapping[str, str]

    def phrase(self) -> Phrase:
        """What an administrator reads, without the place."""
        return Phrase(self.reason, dict(self.values))


class RegionFaults(Exception):
    """The account cannot be served as its files describe it.

    Attributes:
        faults: everything that is wrong, file by file in the order of the lines.
    """

    def __init__(self, faults: tuple[RegionFault, ...]) -> None:
        super().__init__("\n".join(f"{fault.file}:{fault.line}: {fault.reason}" for fault in faults))
        self.faults = faults


class Notes:
    """Everything found wrong in one file; several files note into one list.

    Args:
        file: the file's name.
        faults: the list.
    """

    def __init__(self, file: str, faults: list[RegionFault]) -> None:
        self.file = file
        self.faults = faults

    def add(self, line: int, reason: RegionReason, **values: str) -> None:
        """Note a fault. Values are what the file says, and cut where they are long."""
        shown = {name: value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…" for name, value in values.items()}
        self.faults.append(RegionFault(self.file, line, reason, shown))


def read_text(folder: Path, notes: Notes, most: int, named: tuple[Notes, int] | None = None) -> str | None:
    """Read a file of UTF-8, with or without a byte order mark; None when it cannot be, which is noted.

    Args:
        folder: where the file is; one that lies elsewhere in truth is refused.
        notes: of this file.
        most: bytes that it may have.
        named: notes and line of the file that names it, where a missing file is a fault.
    """
    where, line = named or (notes, 1)
    try:
        path = (folder / notes.file).resolve()
        if not path.is_relative_to(folder.resolve()):
            where.add(line, RegionReason.FILE_OUTSIDE, file=notes.file)
            return None
        if not path.is_file():
            where.add(line, RegionReason.FILE_MISSING, file=notes.file)
            return None
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError, RuntimeError):  # no right to read it, no possible name, links in a circle
        where.add(line, RegionReason.FILE_MISSING, file=notes.file)
        return None
    if len(data) > most:
        notes.add(1, RegionReason.FILE_SIZE, most=str(most // 1_000_000))
        return None
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        notes.add(data.count(b"\n", 0, error.start) + 1, RegionReason.UTF8)
        return None
