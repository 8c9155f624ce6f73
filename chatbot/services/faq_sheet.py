"""The FAQ as a spreadsheet: exported for editing in Excel or LibreOffice, and read back.

Owns the columns of the sheet, and how a row becomes a FAQ file. Refuses the rules of an entry (``entry_file``), what
makes a file unsafe to open (``sheet_rows``), and reading or writing the FAQ folder: it hands over names and bytes.
Nothing that a cell holds is logged or raised.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import BASE_LOCALE, CorpusError, Entry, Fault, is_translation, parse, render
from chatbot.services.sheet_rows import FORMULA, GUARDED, Refused, SheetFault, SheetReason, read_rows

__all__ = ["COLUMNS", "Sheet", "SheetFault", "SheetReason", "export_csv", "export_xlsx", "read_sheet"]

_WIDTHS = {
    "file": 34,
    "id": 24,
    "locale": 8,
    "status": 11,
    "source": 32,
    "effective": 12,
    "review_due": 12,
    "approved_by": 24,
    "facts": 24,
    "from": 12,
    "until": 12,
    "related": 24,
    "question": 42,
    "variants": 48,
    "answer": 90,
}
COLUMNS = tuple(_WIDTHS)
_FACTS = COLUMNS[COLUMNS.index("status") : COLUMNS.index("question")]  # a base entry's own
_DATES = frozenset({"effective", "review_due", "from", "until"})
_SEVERAL_LINES = frozenset({"variants", "answer", "facts", "related"})
_REQUIRED = ("locale", "question", "answer")
_COLUMN_OF = {
    Fault.ID: "id",
    Fault.STATUS: "status",
    Fault.DATE_ORDER: "review_due",
    Fault.SEASON: "until",
    Fault.HEADING_MISSING: "question",
    Fault.ANSWER_MISSING: "answer",
}

_MAX_CELL = 32_767  # characters, by Excel
_MAX_NAME = 200  # characters of a file's name; file systems hold a little more
_MAX_SHOWN = 40  # characters of a header that a person reads

_FILE = re.compile(r"(?:[A-Za-z0-9_-]+/)*(?P<stem>[a-z0-9][a-z0-9-]*)(?:\.(?P<locale>[a-z]{2,3}))?\.md")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_XML = re.compile("[\ufffe\uffff]")  # copied hyphens of some PDF viewers; Excel calls a file with them damaged
_RUNS = re.compile(r"'*[=+\-@\t]")  # as a formula, once it is opened from CSV; or looks as if it had been guarded


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet holds: the files of its sound rows, by name, and what is wrong with the others."""

    files: dict[str, bytes]
    faults: tuple[SheetFault, ...]


def export_xlsx(files: Mapping[str, bytes]) -> bytes:
    """Write all sound entries as an Excel workbook, for an administrator to edit.

    Args:
        files: the FAQ folder, content by name. An entry too long for a cell is left out, rather than cut.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "FAQ"
    sheet.freeze_panes = "A2"
    wrapped = Alignment(wrap_text=True, vertical="top")
    for at, width in enumerate(_WIDTHS.values(), 1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width, dimension.number_format, dimension.alignment = width, "@", wrapped
    for row, texts in enumerate((COLUMNS, *_table(files)), 1):
        for at, text in enumerate(texts, 1):
            cell = sheet.cell(row, at)
            # As text, a cell keeps its ISO date, and stays no formula when a person edits it.
            cell.number_format, cell.alignment, cell.font = "@", wrapped, Font(bold=row == 1)
            if shown := _NOT_XML.sub("", f"'{text}" if GUARDED.match(text) else text):
                cell.value = shown
                cell.data_type = "s"  # after the value, from whose "=" openpyxl infers a formula
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def export_csv(files: Mapping[str, bytes]) -> bytes:
    """Write all sound entries as CSV with commas, for programs that do not read workbooks.

    Args:
        files: the FAQ folder, content by name. An entry too long for a cell is left out, rather than cut.
    """
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for texts in _table(files):
        writer.writerow(f"'{text}" if _RUNS.match(text) else text for text in texts)
    return stream.getvalue().encode("utf-8-sig")  # without the mark Excel reads another encoding


def read_sheet(name: str, data: bytes) -> Sheet:
    """Read an edited sheet. Never raises: what is wrong is in ``faults``, at most one a row.

    Args:
        name: the file's name; its ending says how it is read, ``.xlsx`` or ``.csv``.
        data: its bytes.
    """
    files: dict[str, bytes] = {}
    faults: list[SheetFault] = []
    try:
        rows = read_rows(name, data)
        columns = _header(*rows[0])
    except Refused as refused:
        return Sheet({}, (refused.fault,))
    for number, values in rows[1:]:
        try:
            file, content = _file(number, _record(number, columns, values))
        except Refused as refused:
            faults.append(refused.fault)
            continue
        if file in files:
            faults.append(SheetFault(number, "file", SheetReason.ROW_TWICE))
        else:
            files[file] = content
    return Sheet(files, tuple(faults))


def _table(files: Mapping[str, bytes]) -> Iterator[tuple[str, ...]]:
    corpus = assemble(files)
    for key, name in sorted(corpus.names.items(), key=lambda item: item[1]):
        entry = corpus.entries[key]
        facts = (
            entry.status,
            entry.source,
            _iso(entry.effective),
            _iso(entry.review_due),
            entry.approved_by,
            ", ".join(entry.facts),
            _iso(entry.starts),
            _iso(entry.ends),
            ", ".join(entry.related),
        )
        texts = (
            name,
            entry.id,
            entry.locale,
            *(("",) * len(_FACTS) if is_translation(name) else facts),
            entry.question,
            "\n".join(entry.variants),
            entry.answer,
        )
        if max(map(len, texts)) < _MAX_CELL:  # one less, for the apostrophe in CSV
            yield texts


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _header(number: int, values: Sequence[object]) -> tuple[str, ...]:
    """The columns' names in their order; empty where there is none."""
    columns = tuple(_text(number, "", value).lower() for value in values)
    named = [column for column in columns if column]
    for column in named:
        if column not in COLUMNS:
            raise Refused(number, column[:_MAX_SHOWN], SheetReason.COLUMN_UNKNOWN)
        if named.count(column) > 1:
            raise Refused(number, column, SheetReason.COLUMN_TWICE)
    for column in _REQUIRED if "file" in named else (*_REQUIRED, "id"):
        if column not in named:
            raise Refused(number, column, SheetReason.COLUMN_MISSING)
    return columns


def _record(number: int, columns: Sequence[str], values: Sequence[object]) -> dict[str, str]:
    """A row's texts by column; columns that the sheet lacks are empty."""
    record = dict.fromkeys(COLUMNS, "")
    for at, value in enumerate(values):
        column = columns[at] if at < len(columns) else ""
        text = _text(number, column, value)
        if text and not column:
            raise Refused(number, "", SheetReason.HEADER_MISSING)
        if "\n" in text and column not in _SEVERAL_LINES:
            raise Refused(number, column, SheetReason.ONE_LINE)
        if column:
            record[column] = text
    return record


def _text(number: int, column: str, value: object) -> str:
    if value is FORMULA:
        raise Refused(number, column, SheetReason.FORMULA)
    if isinstance(value, date) and column in _DATES:
        return value.isoformat()[: len("2026-12-31")]
    if isinstance(value, date | time | timedelta):
        raise Refused(number, column, SheetReason.DATE_CELL)
    return str(value or "")


def _file(number: int, record: Mapping[str, str]) -> tuple[str, bytes]:
    """A row's file: its name and its bytes, which are a sound entry."""
    locale = record["locale"]
    name = record["file"] or (f"{record['id']}.md" if locale == BASE_LOCALE else f"{record['id']}.{locale}.md")
    matched = _FILE.fullmatch(name)
    if matched is None or len(name) > _MAX_NAME:
        raise Refused(number, "file", Fault.NAME)
    if locale != (matched["locale"] or BASE_LOCALE):
        raise Refused(number, "locale", SheetReason.LOCALE)
    if is_translation(name) and (filled := [column for column in _FACTS if record[column]]):
        raise Refused(number, filled[0], Fault.FRONT_UNEXPECTED)
    content = render(
        Entry(
            id=record["id"] or matched["stem"],
            locale=locale,
            status=record["status"],
            source=record["source"],
            effective=_day(number, "effective", record),
            review_due=_day(number, "review_due", record),
            approved_by=record["approved_by"],
            question=record["question"],
            variants=tuple(line.strip() for line in record["variants"].split("\n") if line.strip()),
            answer=record["answer"],
            facts=_words(record["facts"]),
            starts=_day(number, "from", record),
            ends=_day(number, "until", record),
            related=_words(record["related"]),
        )
    )
    try:
        parse(name, content)
    except CorpusError as error:
        raise Refused(number, _column_of(error.reason, record), error.reason) from None
    return name, content


def _column_of(reason: Fault, record: Mapping[str, str]) -> str:
    if reason is Fault.KEY_MISSING:  # of an approved entry
        return next((column for column in ("source", "effective", "review_due") if not record[column]), "")
    return _COLUMN_OF.get(reason, "")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _day(number: int, column: str, record: Mapping[str, str]) -> date | None:
    text = record[column]
    if not text:
        return None
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise Refused(number, column, Fault.DATE) from None
