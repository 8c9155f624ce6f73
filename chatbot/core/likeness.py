"""How alike two reports are: whether two people may be telling of one incident.

Owns the measure of place, time and words, and the threshold. Refuses to join anything: an officer does. A report about
police members is never like one that is not, and a live emergency is like nothing: it has rules of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from chatbot.core.complaint import Complaint
from chatbot.core.message import Place
from chatbot.core.spelling import standard_words

WITHIN = timedelta(hours=48)  # people still report what they saw the day before yesterday
SAME = 0.55  # fitted on the examples of tests/unit/test_likeness.py
_NEAR = 500.0  # metres: a street from end to end, and the error of a pin
_PLACE_ALIKE = 75.0  # of 100, between the names of two places
_ELSEWHERE = 0.75  # of the likeness is left where each names another spot of one area
_EARTH = 6_371_008.8  # metres, mean radius (IUGG)
_CHANCE = 0.4  # what two lists of Indonesian words share by their letters alone
_SHORTEST_STEM = 4

_STOPWORDS = frozenset(
    """
    yang dan di ke dari untuk dengan itu ini ada saya aku kamu kita kami dia mereka pak bu tolong mohon izin mau apa
    juga sudah belum masih akan sedang atau kalau karena tetapi jadi agar supaya pada oleh sebagai seperti dalam
    saja lagi terus sangat sekali para adalah lalu kemudian setelah sebelum saat ketika waktu sambil tiap setiap
    begitu secara telah hari tadi tidak banyak beberapa orang warga sekitar sekarang kemarin malam pagi siang sore
    jam pukul lapor melaporkan laporan terjadi kejadian nya the a an is are was were of to in on at by and or my our
    there this that it people now last night near with some just have has been
    """.split()
)
# What a place is, and which side of it: without the name that follows, half of a town is alike.
_WAYS = frozenset(
    """
    jalan jl jln raya gang gg simpang perempatan pertigaan pasar lapangan desa dusun kampung kelurahan kecamatan kota
    kabupaten alun depan dekat belakang samping seberang ujung arah nomor no rt rw km street road market square front
    behind next corner area daerah wilayah lokasi
    """.split()
)
_PLACE_KINDS = _WAYS | frozenset("masjid sekolah terminal jembatan toko warung rumah kantor gudang".split())
# One line for each thing that several people call by several names; the first word stands for all.
_SYNONYMS = """
kebakaran bakar terbakar membakar dibakar api asap membara fire burning smoke
tawuran kelahi berkelahi perkelahian keributan ribut bentrok bentrokan keroyok mengeroyok pengeroyokan gaduh brawl fight
macet halang terhalang tutup tertutup ditutup blokir diblokir lumpuh mandek dilewati dilalui blocked jam traffic
tumbang roboh rubuh tergeletak melintang fallen
kecelakaan celaka tabrakan tabrak menabrak ditabrak laka lakalantas serempet crash accident collision
balapan balap kebut kebutan ngebut trek racing
curi mencuri dicuri pencurian maling kemalingan hilang gondol copet dicopet pencopet jambret dijambret rampas stolen
banjir genangan tergenang terendam flood flooded
musik speaker sound karaoke berisik bising dangdut loud noise
pemuda remaja anak pelajar siswa geng gerombolan kelompok youths
truk truck tronton fuso lori
mobil car sedan minibus
motor motorcycle
"""
_LOSS = "curi"  # somebody's own loss: each victim's is another event
_MISSING = "orang_hilang"  # but one person is missed by many
_OWN = frozenset("saya aku kami milik my our".split())


def _table(lines: str) -> Mapping[str, str]:
    return {word: line.split()[0] for line in lines.strip().splitlines() for word in line.split()}


_NAMES = _table(_SYNONYMS)
_EVENTS = frozenset(_NAMES.values())


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of a ticket.

    Attributes:
        category: that it has now.
        complaint: its form.
        opened_at: when it was opened; aware.
        live: whether it is a live emergency.
    """

    category: str
    complaint: Complaint
    opened_at: datetime
    live: bool = False


def likeness(one: Report, other: Report, *, within: timedelta = WITHIN) -> float:
    """How alike two reports are, 0 to 1; the same whichever comes first.

    Args:
        one: a report.
        other: another one.
        within: how far apart they may have been opened.

    Returns:
        0 where category, place or time differ or a place is not known; else how alike what they tell is.
    """
    if one.live or other.live or one.category != other.category or abs(one.opened_at - other.opened_at) > within:
        return 0.0
    near = _near(one.complaint, other.complaint)
    if not near:
        return 0.0
    alike = _words_alike(one.complaint, other.complaint, own=one.category != _MISSING)
    if near == "spot":
        return alike
    # An area is a whole kecamatan: there the words have to be more alike than for one spot.
    named = one.complaint.where_text and other.complaint.where_text
    return alike**2 * (_ELSEWHERE if named else 1.0)


def is_same(score: float) -> bool:
    """Whether reports that are so alike are worth asking an officer about."""
    return score >= SAME


def metres(one: Place, other: Place) -> float:
    """The distance of two pins on the sphere, in metres (haversine)."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(one.longitude - other.longitude) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


def _near(one: Complaint, other: Complaint) -> str:
    """What says that two places are near each other: "spot" or "area"; empty: nothing. Two pins decide alone."""
    if one.place and other.place:
        return "spot" if metres(one.place, other.place) <= _NEAR else ""
    if _names_it(one, other) or _names_it(other, one):
        return "spot"
    return "area" if one.area and one.area == other.area else ""


def _names_it(one: Complaint, other: Complaint) -> bool:
    """Whether the place that one report names stands in the other one too, in its place or its story."""
    named = _specific(_words(one.where_text))
    there = _specific(_words(other.where_text)) or _specific(_words(other.what))
    return bool(named and there) and fuzz.token_set_ratio(" ".join(named), " ".join(there)) >= _PLACE_ALIKE


def _specific(words: Iterable[str]) -> list[str]:
    return sorted(set(words) - _PLACE_KINDS)


def _words_alike(one: Complaint, other: Complaint, *, own: bool) -> float:
    """How alike two stories are, without the words that only say where; ``own``: whether victims are told apart."""
    where = (set(_words(one.where_text)) | set(_words(other.where_text)) | _WAYS) - _EVENTS
    told = [_words(form.what) for form in (one, other)]
    first, second = (sorted(set(words) - where) or sorted(set(words)) for words in told)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    alike = fuzz.token_set_ratio(" ".join(first), " ".join(second)) / 100
    if own and all(_is_own_loss(form, words) for form, words in zip((one, other), told, strict=True)):
        return alike / 2
    if alike < 1:
        alike = max(0.0, (alike - _CHANCE) / (1 - _CHANCE))
    # What happened has a name that both gave, and nothing that only one of them gave: then it is said in other words.
    events = [set(words) & _EVENTS for words in (first, second)]
    both, either = events[0] & events[1], events[0] | events[1]
    return max(alike, 0.8 * len(both) / len(either) + 0.2 * alike) if either else alike


def _is_own_loss(form: Complaint, words: Iterable[str]) -> bool:
    return _LOSS in words and not _OWN.isdisjoint(standard_words(form.what))


def _words(text: str) -> list[str]:
    """A text's words that carry something: in standard spelling, without endings, one name for one thing."""
    plain = (word for word in standard_words(text) if word not in _STOPWORDS)
    return [_NAMES.get(word) or _NAMES.get(_bare(word)) or _bare(word) for word in plain]


def _bare(word: str) -> str:
    """A word without "-nya"; what else a stem would take away makes more words alike than it should."""
    return word[:-3] if word.endswith("nya") and len(word) >= _SHORTEST_STEM + len("nya") else word
