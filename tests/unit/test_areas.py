"""Which kecamatan a text names, and which one a point lies in; where it may be two, both are said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.core.region import Area, Polygon, Ring
from chatbot.matching.areas import MOST, AreaFinder, is_drawable
from chatbot.services.region_file import read_region

AREAS = read_region(Path(__file__).parents[2] / "docs/region-contoh/region.toml").areas
FINDER = AreaFinder(AREAS)
BY_CODE = {area.code: area for area in AREAS}
CONTOH, SUKAMAJU, SUKAMAJU_TELADAN, BARU = "01.01", "01.02", "02.01", "01.03"


def found(text: str, finder: AreaFinder = FINDER) -> str:
    return " ".join(area.code.removeprefix("99.") for area in finder.by_text(text))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kec contoh dpn pasar", CONTOH),
        ("Kec. Contoh, depan pasar!!", CONTOH),
        ("contoh", CONTOH),
        ("tadi malam motor saya hilang dicontoh", CONTOH),
        ("di sukamaju dekat masjid", f"{SUKAMAJU} {SUKAMAJU_TELADAN}"),
        ("suka maju", f"{SUKAMAJU} {SUKAMAJU_TELADAN}"),
        ("di sukamaju kota teladan", SUKAMAJU_TELADAN),
        ("sukamaju, Kab. Contoh", SUKAMAJU),
        ("kec sukamaju kab contoh", SUKAMAJU),
        ("kota teladan kecamatan sukamaju", SUKAMAJU_TELADAN),
        ("sukamaju teladan", SUKAMAJU_TELADAN),
        ("kec sukmaju kab contoh", SUKAMAJU),
        ("kec sukamaju contoh", SUKAMAJU),
        ("skamaju kab cotnoh", f"{SUKAMAJU} {SUKAMAJU_TELADAN}"),
        ("terminal sukamaju", SUKAMAJU),
        ("Pelabuhan Khayal", "02.04"),
        ("muara kayal", "02.04"),
        ("mekar wangi baru", BARU),
        ("mekarwngi baru rt 3 rw 05", BARU),
        ("desa sukamaju kec contoh", CONTOH),
        ("desa tanjung rekaan", "01.04"),
        ("depan alun-alun contoh", CONTOH),
        ("BUKMIS", "01.07"),
        ("dari muara khayal ke rawa umpama", "02.04 02.05"),
    ],
)
def test_a_place_is_found_as_citizens_write_it(text: str, codes: str) -> None:
    assert found(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🔥🔥",
        "di depan pasar dekat masjid",
        "kec kecamatan kab kota desa kel jalan jl dekat depan",
        "kab contoh",
        "kota teladan",
        "jl sukamaju no 5",
        "jln raya contoh",
        "kec sukajaya",
        "desa sukmaju",
        "teladan",
        "gontoh",
        "khanjung rekaan",
        "genjung rekaan",
        "muara khayal kab contoh",
        "saya tidak tahu",
    ],
)
def test_what_names_no_kecamatan_or_may_not_mean_it_is_unknown(text: str) -> None:
    assert found(text) == ""


def test_a_name_that_is_also_a_kabupaten_puts_in_order_what_it_does_not_decide() -> None:
    assert found("sukamaju contoh") == f"{SUKAMAJU} {CONTOH} {SUKAMAJU_TELADAN}"


def area(number: int, kecamatan: str, kabupaten: str = "Kabupaten Contoh", *aliases: str) -> Area:
    return Area(f"99.03.{number:02d}", kecamatan, kabupaten, "polsek", aliases)


def test_a_slip_that_leads_to_two_names_leads_to_none() -> None:
    finder = AreaFinder([area(1, "Karangjati"), area(2, "Karangjaya")])
    assert found("karangjati", finder) == "03.01"
    assert found("karangjai", finder) == ""
    assert found("karanngjati", finder) == "03.01"


def test_a_slip_between_two_names_of_one_place_leads_there() -> None:
    finder = AreaFinder([area(1, "Karangjati", "Kabupaten Contoh", "Karangjaty")])
    assert found("karangjat", finder) == "03.01"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("kemarin di kota baru saja hilang", ""),
        ("hilang di pasar", ""),
        ("kemarin hilang di kec pasar", "03.02"),
        ("kec. kota baru", "03.01"),
        ("di kota baru", "03.01"),
        ("pasar", "03.02"),
    ],
)
def test_a_name_of_ordinary_words_needs_to_be_called_a_kecamatan_or_to_be_all_that_is_said(
    text: str, codes: str
) -> None:
    assert found(text, AreaFinder([area(1, "Kota Baru"), area(2, "Pasar")])) == codes


def test_the_longest_name_is_the_one_that_is_meant() -> None:
    finder = AreaFinder([area(1, "Rekaan"), area(2, "Rekaan Utara"), area(3, "Kota Rekaan", "Kota Rekaan")])
    assert found("di rekaan utara", finder) == "03.02"
    assert found("kec kota rekaan", finder) == "03.03"


def test_what_the_table_writes_before_a_name_is_no_part_of_it() -> None:
    assert found("rekaan", AreaFinder([area(1, "Kec. Rekaan")])) == "03.01"


def test_at_most_nine_are_offered() -> None:
    finder = AreaFinder(area(number, "Sukamaju", f"Kabupaten {number}") for number in range(1, 21))
    assert found("sukamaju", finder).split() == [f"03.{number:02d}" for number in range(1, MOST + 1)]


def test_without_areas_nothing_is_found() -> None:
    assert AreaFinder([]).by_text("kec contoh") == ()
    assert AreaFinder([]).by_point(-6.0, 106.0) is None


WORDS = st.lists(
    st.sampled_from(
        "kec kab kota desa jl raya di sukamaju contoh teladan suka maju sukmaju utara rekaan , . dekat pasar".split()
    ),
    max_size=12,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(WORDS, st.text()))
def test_any_text_gives_a_few_areas_of_the_account_each_once(text: str) -> None:
    areas = FINDER.by_text(text)
    assert len(areas) == len({one.code for one in areas}) <= MOST
    assert set(areas) <= set(AREAS)


@given(st.sampled_from(AREAS), st.sampled_from(["kec {} {}", "{} , {}", "kecamatan {} dkt masjid, {}", "{1} kec {0}"]))
def test_kecamatan_and_kabupaten_together_are_certain(one: Area, form: str) -> None:
    assert FINDER.by_text(form.format(one.kecamatan, one.kabupaten)) == (one,)


def square(west: float, south: float, size: float = 1.0) -> Ring:
    east, north = west + size, south + size
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


DRAWN = AreaFinder(
    AREAS[:3],
    [
        Polygon("99.01.01", square(106, -7), holes=(square(106.4, -6.6, 0.2),)),
        Polygon("99.01.02", square(107, -7)),
        Polygon("99.01.02", square(110, 1)),
        Polygon("99.01.03", square(107.9, -7)),
    ],
)


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (-6.9, 106.1, "99.01.01"),
        (-6.5, 106.5, None),  # in the hole
        (-6.5, 107.5, "99.01.02"),
        (1.5, 110.5, "99.01.02"),
        (-6.5, 107.0, None),  # on the border of two
        (-6.5, 107.95, None),  # two claim it
        (-6.5, 108.5, "99.01.03"),
        (-7.0, 106.1, "99.01.01"),
        (106.1, -6.9, None),
        (float("nan"), 106.1, None),
        (float("inf"), float("-inf"), None),
    ],
)
def test_a_point_lies_in_the_area_that_alone_surrounds_it(latitude: float, longitude: float, code: str | None) -> None:
    one = DRAWN.by_point(latitude, longitude)
    assert (one.code if one else None) == code


@settings(deadline=None)
@given(st.floats(), st.floats())
def test_any_point_gives_an_area_or_none(latitude: float, longitude: float) -> None:
    one = DRAWN.by_point(latitude, longitude)
    assert one is None or one in AREAS


@pytest.mark.parametrize(
    ("outer", "holes", "drawable"),
    [
        (square(0, 0), (), True),
        (square(0, 0), (square(0.2, 0.2, 0.2),), True),
        (square(0, 0), (square(5, 5),), False),
        (((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), (), False),
        (((0, 0), (1, 1)), (), False),
    ],
)
def test_an_outline_encloses_something_or_is_refused(outer: Ring, holes: tuple[Ring, ...], drawable: bool) -> None:
    assert is_drawable(Polygon("99.01.01", outer, holes)) is drawable
