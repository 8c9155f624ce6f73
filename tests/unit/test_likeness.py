"""Which reports tell of one incident, and which only of the same place on the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.core.complaint import CATEGORIES, MEMBERS, Complaint
from chatbot.core.likeness import WITHIN, Report, is_same, likeness, metres
from chatbot.core.message import Place

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
SQUARE = Place(-6.2, 106.8)


def report(
    what: str, where: str = "", category: str = "kamtibmas", area: str = "", place: Place | None = None
) -> Report:
    form = Complaint(category=category, what=what, where_text=where, area=area, place=place)
    return Report(category, form, AT)


@pytest.mark.parametrize(
    ("what", "where", "other_what", "other_where"),
    [
        (
            "Ada kebakaran di gudang belakang pasar, apinya besar",
            "Pasar Contoh",
            "Rumah dekat pasar contoh terbakar, asap tebal sekali",
            "pasar contoh",
        ),
        ("Gudang kayu terbakar", "Jalan Merdeka", "Api besar di gudang kayu", "Jl. Merdeka depan toko"),
        ("There is a fire at the warehouse", "Jalan Merdeka", "Gudang kebakaran", "jalan merdeka"),
        (
            "Tawuran pelajar bawa senjata tajam",
            "Simpang Lima Contoh",
            "Anak sekolah berkelahi, ada yang bawa celurit",
            "simpang lima contoh",
        ),
        (
            "Ada keributan antar pemuda, saling lempar batu",
            "Lapangan Merah",
            "Segerombolan remaja bentrok lempar-lemparan batu",
            "lapangan merah",
        ),
        ("Pohon tumbang menutup jalan", "Jalan Mawar", "Tidak bisa dilewati, pohon besar roboh", "Jl Mawar"),
        (
            "Jalan diblokir truk mogok, macet total",
            "Jembatan Sungai Contoh",
            "Macet panjang karena truk tronton melintang",
            "jembatan sungai contoh",
        ),
        (
            "Kecelakaan motor dan truk, ada korban",
            "Jalan Raya Contoh km 12",
            "Truk menabrak motor, korban tergeletak",
            "Jl raya contoh km 12",
        ),
        (
            "Balap liar tiap malam minggu, berisik",
            "Jalan Lingkar",
            "Anak muda kebut-kebutan bikin bising",
            "jln lingkar",
        ),
        (
            "Musik karaoke keras sampai jam 2 pagi",
            "Gang Melati",
            "Karaoke sebelah berisik, tidak bisa tidur",
            "Gang Melati",
        ),
        ("Motor saya dicuri di parkiran", "Pasar Contoh", "Ada pencurian motor di parkiran", "Pasar Contoh"),
    ],
)
def test_one_incident_told_in_other_words_is_the_same(what: str, where: str, other_what: str, other_where: str) -> None:
    assert is_same(likeness(report(what, where), report(other_what, other_where)))


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("Motor saya dicuri di parkiran pasar", "Dompet saya dicopet waktu belanja"),
        ("Motor saya dicuri di parkiran", "Sepeda motor saya dicuri orang tadi siang"),
        ("Motor saya dicuri orang di pasar", "HP saya dijambret orang naik motor di pasar"),
        ("Uang saya dicuri dari laci toko", "Toko emas di pasar dirampok dua orang bersenjata"),
        ("Saya ditipu beli HP lewat internet", "Saya ditipu jual beli tanah"),
        ("Ada tawuran pelajar", "Kecelakaan motor dan mobil"),
        ("Parkir liar di trotoar", "Orang mabuk mengganggu pejalan kaki"),
        ("Pungutan liar oleh preman", "Orang mabuk memecahkan kaca toko"),
        ("Musik karaoke keras", "Tawuran pelajar bawa celurit"),
    ],
)
def test_two_incidents_at_one_place_are_not_the_same(what: str, other: str) -> None:
    assert not is_same(likeness(report(what, "Pasar Contoh"), report(other, "Pasar Contoh")))


def test_a_missing_person_is_missed_by_many() -> None:
    mother = report("Anak saya Contoh hilang dicuri orang", "Pasar Contoh", "orang_hilang")
    uncle = report("Anak keponakan saya Contoh dicuri orang", "Pasar Contoh", "orang_hilang")
    assert is_same(likeness(mother, uncle))


def test_place_is_near_by_pin_by_area_or_by_name_and_pins_decide() -> None:
    story = "Pohon tumbang menutup jalan"
    close, far = Place(-6.203, 106.8), Place(-6.2, 106.81)
    assert metres(SQUARE, close) == pytest.approx(333.6, abs=1)
    assert likeness(report(story, place=SQUARE), report(story, place=close)) == 1
    assert likeness(report(story, "Jalan Mawar", place=SQUARE), report(story, "Jalan Mawar", place=far)) == 0
    assert likeness(report(story, area="99.01.01"), report(story, area="99.01.01")) == 1
    assert likeness(report(story, area="99.01.01"), report(story, area="99.01.02")) == 0
    assert likeness(report(story, "Jalan Mawar"), report(f"{story} Mawar")) > 0
    assert likeness(report(story), report(story)) == 0  # nobody knows where


def test_another_spot_of_one_area_counts_for_less() -> None:
    one, other = (report("Kebakaran gudang", where, area="99.01.01") for where in ("Jalan Merdeka", "Jalan Mawar"))
    unnamed = report("Kebakaran gudang", area="99.01.01")
    assert likeness(one, other) < likeness(one, unnamed)


def test_time_apart_counts_up_to_its_end() -> None:
    one = report("Pohon tumbang", "Jalan Mawar")
    assert likeness(one, replace(one, opened_at=AT + WITHIN)) == 1
    assert likeness(one, replace(one, opened_at=AT + WITHIN + timedelta(seconds=1))) == 0
    assert likeness(one, replace(one, opened_at=AT - timedelta(hours=2)), within=timedelta(hours=1)) == 0


def test_live_emergency_and_voice_alone_are_like_nothing() -> None:
    one = report("Pohon tumbang", "Jalan Mawar")
    assert likeness(replace(one, live=True), one) == 0
    voice = report("", "Jalan Mawar")
    assert likeness(voice, voice) == 0


# What people write, and noise.
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from("motor saya dicuri kebakaran gudang pohon tumbang di pasar mawar ada orang fire".split()),
        max_size=8,
    ).map(" ".join),
)
PINS = st.none() | st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
REPORTS = st.builds(
    lambda what, where, category, area, place, minutes, live: replace(
        report(what, where, category, area, place), opened_at=AT + timedelta(minutes=minutes), live=live
    ),
    TEXTS,
    TEXTS,
    st.sampled_from(CATEGORIES),
    st.sampled_from(["", "99.01.01", "99.01.02"]),
    PINS,
    st.integers(0, 60 * 72),
    st.booleans(),
)


@given(REPORTS, REPORTS)
def test_likeness_is_symmetric_and_between_none_and_all(one: Report, other: Report) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(REPORTS, PINS.filter(bool))
def test_identical_reports_are_wholly_alike(one: Report, place: Place) -> None:
    form = replace(one.complaint, what=f"pohon {one.complaint.what}", place=place)
    same = replace(one, complaint=form, live=False)
    assert likeness(same, same) == 1


@given(REPORTS, REPORTS)
def test_nothing_crosses_the_members_border(one: Report, other: Report) -> None:
    about_members, not_ = replace(one, category=MEMBERS), replace(one, category="lainnya")
    assert likeness(about_members, not_) == 0
    assert likeness(about_members, replace(other, category="kriminal")) == 0
