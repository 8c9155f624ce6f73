"""What a spreadsheet file may be: one small table, and nothing that costs much, runs or reaches elsewhere."""

from __future__ import annotations

import time
import zipfile

import pytest

from chatbot.matching.entry_file import Fault, render
from chatbot.services import sheet_rows
from chatbot.services.faq_sheet import SheetReason, read_sheet
from tests.unit.sheet_files import BASE, book, csv_of, entry, fault, in_sheet, members, packed, table, with_member


def refused(data: bytes, name: str = "faq.xlsx") -> SheetReason | Fault:
    """Why a whole file is refused."""
    sheet = read_sheet(name, data)
    assert sheet.files == {}
    (found,) = sheet.faults
    assert (found.row, found.column) == (0, "")
    return found.reason


def test_file_of_another_kind_or_size_is_refused() -> None:
    assert refused(b"", "faq.xls") == SheetReason.KIND
    assert refused(book(table(BASE)), "faq") == SheetReason.KIND
    assert refused(b"x" * (sheet_rows.MAX_BYTES + 1), "faq.csv") == SheetReason.SIZE


@pytest.mark.parametrize(("name", "data"), [("faq.xlsx", book([[]])), ("faq.csv", b""), ("faq.csv", b",,\r\n")])
def test_empty_file_is_refused(name: str, data: bytes) -> None:
    assert refused(data, name) == SheetReason.EMPTY


def encrypted() -> bytes:
    data = bytearray(book(table(BASE)))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(header)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(header, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # a workbook with a password is no zip
        encrypted(),
        packed({"readme.txt": b"x"}),
        packed(members(book(table(BASE))), zipfile.ZIP_BZIP2),
        packed(members(book(table(BASE))), zipfile.ZIP_LZMA),
        book(table(BASE))[:-200],
        with_member("xl/workbook.xml", b"<workbook"),
        in_sheet(b'r="A1"', b'r="ZZZZ1"'),
        in_sheet(b'<c r="A1" t="inlineStr">', b'<c r="A1" t="s"><v>99</v>'),
    ],
)
def test_file_that_is_no_readable_workbook_is_refused(data: bytes) -> None:
    assert refused(data) == SheetReason.UNREADABLE


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    assert refused(with_member("xl/a.xml", b"\0" * (2 * sheet_rows._SMALL))) == SheetReason.UNPACKED
    assert refused(with_member("xl/a.bin", b"\0" * (sheet_rows.MAX_UNPACKED + 1))) == SheetReason.UNPACKED
    many = {f"xl/{number}.bin": b"\0" * sheet_rows._SMALL for number in range(51)}
    assert refused(packed({**members(book(table(BASE))), **many})) == SheetReason.UNPACKED
    few = {f"xl/{number}.bin": b"" for number in range(sheet_rows.MAX_MEMBERS)}
    assert refused(packed({**members(book(table(BASE))), **few})) == SheetReason.UNPACKED


def test_bomb_that_states_a_small_size_is_refused_too() -> None:
    bomb = b"\0" * (100 * sheet_rows._SMALL)
    data = bytearray(with_member("xl/a.bin", bomb))
    stated = len(bomb).to_bytes(4, "little")
    assert data.count(stated) == 2
    lying = bytes(data).replace(stated, (1000).to_bytes(4, "little"))
    assert refused(lying) == SheetReason.UNREADABLE


def test_macros_and_links_to_other_files_are_refused() -> None:
    assert refused(with_member("xl/vbaProject.bin", b"x")) == SheetReason.MACROS
    assert refused(with_member("xl/externalLinks/externalLink1.xml", b"<x/>")) == SheetReason.LINKS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("declaration", ["<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY a "aaa">]>', '<!ENTITY a "b">'])
def test_document_type_in_any_member_is_refused(declaration: str, encoding: str) -> None:
    assert refused(with_member("xl/a.xml", f"{declaration}<x/>".encode(encoding))) == SheetReason.ENTITY


def test_second_filled_worksheet_is_refused_and_an_empty_one_is_not() -> None:
    assert refused(book(table(BASE), [["x"]])) == SheetReason.SHEETS
    assert refused(book(table(BASE), *[[]] * 10)) == SheetReason.SHEETS
    assert read_sheet("faq.xlsx", book([], table(BASE), [[]])).faults == ()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_more_rows_or_columns_than_a_faq_has_are_refused(kind: str) -> None:
    write = book if kind == "xlsx" else csv_of
    rows = table(*({**BASE, "id": f"a-{number}"} for number in range(sheet_rows.MAX_ROWS)))
    assert len(read_sheet(f"faq.{kind}", write(rows)).files) == sheet_rows.MAX_ROWS
    assert read_sheet(f"faq.{kind}", write([*rows, ["x"]])) == fault(2002, "", SheetReason.ROWS)
    wide = [["x"] * (sheet_rows.MAX_COLUMNS + 1)]
    assert read_sheet(f"faq.{kind}", write(wide)) == fault(1, "", SheetReason.COLUMNS)


def test_row_below_the_last_of_excel_is_refused() -> None:
    data = in_sheet(b"</sheetData>", b'<row r="999999999"/></sheetData>')
    assert read_sheet("faq.xlsx", data) == fault(1_048_577, "", SheetReason.ROWS)


def test_csv_that_is_no_utf8_is_refused() -> None:
    text = csv_of(table({**BASE, "question": "Tarif é?"})).decode()
    assert refused(text.encode("cp1252"), "faq.csv") == SheetReason.CSV_UTF8
    assert refused(text.encode("utf-16"), "faq.csv") == SheetReason.CSV_UTF8
    assert refused(text.replace("Tarif", "\0").encode(), "faq.csv") == SheetReason.CSV_UTF8


def test_csv_quote_that_is_not_closed_is_refused_with_its_row() -> None:
    data = csv_of(table(BASE)) + b'"id,sim-lain\r\nid,x\r\n'
    assert read_sheet("faq.csv", data) == fault(3, "", SheetReason.CSV_QUOTE)


def test_last_row_of_libreoffice_and_a_wrong_dimension_cost_nothing() -> None:
    data = in_sheet(b"</sheetData>", b'<row r="1048576"/></sheetData>')
    data = in_sheet(b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"', data)
    started = time.monotonic()
    assert read_sheet("faq.xlsx", data).files == {"sim-biaya.md": render(entry())}
    assert time.monotonic() - started < 5


def test_formula_with_a_stored_result_is_refused() -> None:
    data = in_sheet(b'<c r="E2" t="inlineStr"><is><t>Gratis.</t></is></c>', b'<c r="E2"><f>1+1</f><v>2</v></c>')
    assert read_sheet("faq.xlsx", data) == fault(2, "answer", SheetReason.FORMULA)


def test_shared_strings_are_texts_whatever_they_begin_with() -> None:
    """As Excel and LibreOffice write texts."""
    contents = members(
        in_sheet(b'<c r="E2" t="inlineStr"><is><t>Gratis.</t></is></c>', b'<c r="E2" t="s"><v>0</v></c>')
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    types = contents["[Content_Types].xml"].replace(b"</Types>", part.encode())
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>=1+1</t></si></sst>'
    data = packed({**contents, "[Content_Types].xml": types, "xl/sharedStrings.xml": shared})
    assert read_sheet("faq.xlsx", data).files == {"sim-biaya.md": render(entry(answer="=1+1"))}
