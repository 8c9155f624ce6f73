"""The files beside the account's, the guards before any is opened, and what an admin reads in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot import cli
from chatbot.services.region_fault import RegionFaults, RegionReason
from chatbot.services.region_file import read_region
from tests.unit.dialogue_script import CATALOGUES
from tests.unit.region_files import AREAS, BASE, HOLE, POLYGONS, SQUARE, changed, faults_of, told_of, write

SHIPPED = Path(__file__).parents[2] / "docs/region-contoh/region.toml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("code,", "kode,", "areas.csv 1 column_unknown, areas.csv 1 column_missing"),
        (",aliases", ",unit", "areas.csv 1 column_twice, areas.csv 1 column_missing"),
        (",aliases", "", "areas.csv 1 column_missing"),
        ("99.01.02", "990102", "areas.csv 4 code, areas.geojson 4 polygon_code"),
        ("99.01.02", "", "areas.csv 4 code, areas.geojson 4 polygon_code"),
        ("99.01.02", "99.01.01", "areas.csv 4 code_twice, areas.geojson 4 polygon_code"),
        (",Sukamaju,", ",CONTOH,", "areas.csv 4 area_twice"),
        (",Sukamaju,", ",,", "areas.csv 4 cell_empty"),
        ("Sukamaju,Kabupaten Contoh", "Sukamaju,", "areas.csv 4 cell_empty"),
        ("spkt", "reskrim", "areas.csv 4 unit_unknown"),
        ("spkt", "", "areas.csv 4 unit_unknown"),
        ("spkt", "propam", "areas.csv 4 area_members"),
        ("spkt,", "spkt,a,b", "areas.csv 4 cells"),
        ("spkt,", "spkt", ""),
        ("Kota Contoh | Pasar", '"Kota" Pasar', "areas.csv 2 quote"),
        ("Kota Contoh | Pasar", '"Kota\n|Pasar"', ""),
        ("Kota Contoh | Pasar\n\n99.01.02", '"Kota\n|Pasar"\n\n99', "areas.csv 5 code, areas.geojson 4 polygon_code"),
        ("Sukamaju", '"Sukamaju', "areas.csv 4 quote, areas.geojson 4 polygon_code"),
        (AREAS, "", "areas.csv 1 areas_empty"),
        (AREAS[AREAS.index("99.01.01") :], "", "areas.csv 1 areas_empty"),
    ],
)  # fmt: skip  one line a fault, to be read as a table
def test_each_fault_of_the_table_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = write(tmp_path, areas=changed(AREAS, old, new))
    if told:
        assert told_of(path) == told
    else:
        assert len(read_region(path).areas) == 2


def test_a_table_saved_by_excel_reads_the_same(tmp_path: Path) -> None:
    plain = read_region(write(tmp_path)).areas
    saved = "\ufeff" + AREAS.replace(",", ";").replace("\n", "\r\n")
    (tmp_path / "areas.csv").write_bytes(saved.encode())
    assert read_region(tmp_path / "region.toml").areas == plain


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"FeatureCollection"', '"Feature"', "areas.geojson 1 features"),
        (POLYGONS, '{"type": "FeatureCollection", "features": []}', "areas.geojson 1 features"),
        (POLYGONS, '[{"features": [1]}]', "areas.geojson 1 features"),
        (POLYGONS, "[" * 100_000, "areas.geojson 1 json"),
        (POLYGONS, "", "areas.geojson 1 json"),
        (POLYGONS, f"[{'9' * 5000}]", "areas.geojson 1 json"),
        ("\n]}", "\n", "areas.geojson 7 json"),
        ('"99.01.02"', '"99.01.03"', "areas.geojson 4 polygon_code"),
        ('"99.01.02"', "990102", "areas.geojson 4 polygon_code"),
        ('{"code": "99.01.02"}', "null", "areas.geojson 4 polygon_code"),
        ('"Polygon"', '"Point"', "areas.geojson 2 polygon_shape"),
        (f"[{SQUARE}, {HOLE}]", "null", "areas.geojson 2 polygon_shape"),
        (f"[{SQUARE}, {HOLE}]", "[]", "areas.geojson 2 polygon_shape"),
        (f"[{SQUARE}, {HOLE}]", "[[106,-6]]", "areas.geojson 2 polygon_shape"),
        (f"[{SQUARE}, {HOLE}]", "[[[106,-6],[107,-6],[106,-6]]]", "areas.geojson 2 polygon_shape"),
        (f"[{SQUARE}, {HOLE}]", "[[[106,-6],[107,-6],[107,-5],[106,-5]]]", "areas.geojson 2 polygon_shape"),
        (f"[{SQUARE}, {HOLE}]", "[[[106,-6],[107,-5],[107,-6],[106,-5],[106,-6]]]", "areas.geojson 2 polygon_shape"),
        (HOLE, "[[1,1],[2,1],[2,2],[1,1]]", "areas.geojson 2 polygon_shape"),
        ("[121,1,30]", "[NaN,1]", "areas.geojson 4 polygon_shape"),
        ("[121,1,30]", "[121,91]", "areas.geojson 4 polygon_shape"),
        ("[121,1,30]", '["121",1]', "areas.geojson 4 polygon_shape"),
        ("[121,1,30]", "[true,1]", "areas.geojson 4 polygon_shape"),
        ("[121,1,30]", "[121]", "areas.geojson 4 polygon_shape"),
        ('{"code": "99.01.02"}', '{"code": ""}, "bbox": {"features": [1]}', "areas.geojson 4 polygon_code"),
        ('{"type": "FeatureC', '{"a": {"features": [1]},\n"type": "FeatureC', ""),
    ],
)  # fmt: skip  one line a fault, to be read as a table
def test_each_fault_of_the_outlines_is_told_with_the_line_of_its_feature(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = write(tmp_path, polygons=changed(POLYGONS, old, new))
    if told:
        assert told_of(path) == told
    else:
        assert len(read_region(path).polygons) == 3


def test_outlines_of_no_area_are_told_even_when_lines_cannot_be(tmp_path: Path) -> None:
    odd = changed(POLYGONS, '{"type": "FeatureC', '{"a": {"features": [1]},\n"type": "FeatureC')
    assert told_of(write(tmp_path, polygons=changed(odd, '"99.01.02"', '"x"'))) == "areas.geojson 1 polygon_code"


def test_outlines_are_left_aside_while_there_is_no_table_to_compare_them_with(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "areas.csv").unlink()
    assert told_of(path) == "4 file_missing"


@pytest.mark.parametrize("name", ["region.toml", "areas.csv"])
def test_a_file_that_is_too_large_or_no_utf_8_is_told(tmp_path: Path, name: str) -> None:
    path = write(tmp_path)
    told = "1" if name == "region.toml" else "areas.csv 1"
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole + b"#" * (1_000_001 - len(whole)))
    assert told_of(path) == f"{told} file_size"

    (tmp_path / name).write_bytes(b"\n\n\xff" + whole)
    assert told_of(path) == f"{told.replace('1', '3')} utf8"


def test_a_file_as_large_as_may_be_is_read(tmp_path: Path) -> None:
    assert read_region(write(tmp_path, BASE + "#" * (1_000_000 - len(BASE)))).name == "Polres Contoh"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert read_region(write(tmp_path, "\ufeff" + BASE)).name == "Polres Contoh"


@pytest.mark.parametrize(
    ("name", "told"),
    [("region.toml", "1 file_outside"), ("areas.csv", "4 file_outside"), ("areas.geojson", "5 file_outside")],
)
def test_a_link_that_leaves_the_folder_is_refused_and_one_within_it_is_not(
    tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "in").mkdir()
    path = write(tmp_path / "in")
    (tmp_path / "in" / name).rename(tmp_path / name)
    (tmp_path / "in" / name).symlink_to(tmp_path / name)
    assert told_of(path) == told

    (tmp_path / name).rename(tmp_path / "in" / "isi")
    (tmp_path / "in" / name).unlink()
    (tmp_path / "in" / name).symlink_to("isi")
    assert len(read_region(path).polygons) == 3


def test_links_in_a_circle_and_folders_are_no_files(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "areas.csv").unlink()
    (tmp_path / "areas.csv").symlink_to("areas.csv")
    assert told_of(path) == "4 file_missing"
    assert told_of(tmp_path / "tidak-ada.toml") == "1 file_missing"
    assert told_of(tmp_path) == "1 file_missing"


PIECES = st.lists(st.sampled_from([*BASE.splitlines(keepends=True), *'[]{}=".\n#\\', "[units.x]\n", "'''", '"""']))


# Each example writes all three files anew, so that they may lie in one folder.
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(PIECES.map("".join), st.text()), areas=st.text(), polygons=st.text())
def test_whatever_stands_in_the_files_only_faults_come_of_it(
    tmp_path: Path, text: str, areas: str, polygons: str
) -> None:
    write(tmp_path, text, areas, polygons)
    with pytest.raises(RegionFaults) as found:
        read_region(tmp_path / "region.toml")
    lines = {"region.toml": text, "areas.csv": areas, "areas.geojson": polygons}
    for fault in found.value.faults:
        assert 1 <= fault.line <= lines[fault.file].replace("\r", "\n").count("\n") + 1
        assert all(len(value) < 300 for value in fault.values.values())
        CATALOGUES.render(fault.phrase(), "id")


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_reason_has_words_and_no_words_are_without_a_reason(locale: str) -> None:
    keys = {key for key in CATALOGUES.keys(locale) if key.startswith("region.fault.")}
    assert keys == {reason.value for reason in RegionReason}


def test_what_is_told_about_a_long_value_is_short(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, changed(BASE, '"by area"', f'"{"x" * 60_000}"')))[:1]
    assert fault.values == {"key": "unit", "most": "60"}


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["region", "check", *arguments])
    return int(left.value.code or 0)


def test_the_verb_tells_the_account_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBOT_REGION_FILE", str(SHIPPED))
    assert run() == 0
    said = capsys.readouterr().out
    assert "spkt: SPKT Polres Contoh; atasan: kapolres; buka 24 jam; menerima semua yang belum jelas\n" in said
    assert "siber: Unit Siber Satreskrim; atasan: reskrim; dilayani grup atasannya\n" in said
    assert "polsek-sukamaju: Polsek Sukamaju; atasan: kapolres; buka 24 jam; 3 kecamatan\n" in said
    assert (
        "Pelayanan polisi: P3, ke SPKT Polres Contoh; jawaban pertama dalam 1 hari kerja, selesai dalam 10 hari kerja"
        in said
    )
    assert "Gangguan ketertiban: P2, ke satuan menurut wilayah; jawaban pertama dalam 8 jam" in said
    assert "-100" not in said  # groups' ids are nobody's business


def test_the_verb_tells_every_fault_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBOT_LOCALE", "en")
    path = write(tmp_path, changed(BASE, '"4h"', '"<4>"'), changed(AREAS, "spkt", "reskrim"))
    assert run(str(path)) == 1
    first, second, count = capsys.readouterr().out.splitlines()
    assert first.startswith("region.toml, line 19: “<4>” is no length of time;")
    assert second == "areas.csv, line 4: there is no unit “reskrim”"
    assert count.startswith("There are 2 fault(s)")


def test_the_verb_needs_a_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("CHATBOT_REGION_FILE", raising=False)
    assert run() == 2
    assert "CHATBOT_REGION_FILE" in capsys.readouterr().err
