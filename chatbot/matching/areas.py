"""From what a citizen writes or pins to the kecamatan where it is.

Owns finding names in text, with their slips of the pen, and points in outlines. Refuses guessing: what may be two
places comes out as two, and what is only nearly a name as none. Refuses to know who is in charge (``core.region``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import shapely
from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.core.lexicon import PLACES, SPELLING, STANDARD
from chatbot.core.region import Area, Polygon
from chatbot.core.spelling import raw_words
from chatbot.matching.lexicon import STOPWORDS

MOST = 9  # what one list of choices holds beside "another one"

_LIKE = 0.85  # of 1: one slip from 7 letters on, two from 14 on
_AHEAD = 0.1  # of the next name that is another place
_MOST_WORDS = 200  # a place is told in the first of them
_DISTRICT = frozenset("kec kecamatan kecamtan kcmtn distrik district".split())
_REGENCY = frozenset("kab kabupaten kota kotamadya administrasi regency city".split())
_VILLAGE = frozenset("desa ds kel kelurahan dusun dsn kampung kp".split())
_STREET = frozenset("jalan jl jln gang gg street".split())
# Words around a name: they are none, and none is looked for in them.
_AROUND = (
    _DISTRICT
    | _REGENCY
    | _VILLAGE
    | _STREET
    | PLACES
    | frozenset(
        "di ke dari dkt deket dpn dpan blkg sblh sebelah seberang sekitar daerah wilayah raya in at near".split()
    )
)
# Words that a sentence may hold by chance. A name made of them alone is one where nothing else can be meant.
_ORDINARY = (
    _AROUND
    | STANDARD
    | STOPWORDS
    | frozenset(SPELLING)
    | frozenset("utara selatan timur barat tengah baru lama".split())
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A name in a text: words ``start`` to ``end``, and how like it they are."""

    start: int
    end: int
    name: str
    likeness: float

    def meets(self, other: _Found) -> bool:
        return self.start < other.end and other.start < self.end


class AreaFinder:
    """The areas of an account, ready to be asked for.

    Args:
        areas: all of them.
        polygons: where they lie, as far as that is known; each names the code of one of them.
    """

    def __init__(self, areas: Iterable[Area], polygons: Iterable[Polygon] = ()) -> None:
        self._districts = _Names()
        self._regencies = _Names()
        codes = {}
        for area in areas:
            codes[area.code] = area
            for name in (area.kecamatan, *area.aliases):
                self._districts.add(_name(name, _DISTRICT), area)
            self._regencies.add(_name(area.kabupaten, _REGENCY), area)
        drawn = tuple(polygons)
        self._drawn = tuple(codes[polygon.code] for polygon in drawn)
        self._tree = shapely.STRtree([_shape(polygon) for polygon in drawn])

    def by_text(self, text: str) -> tuple[Area, ...]:
        """The areas that a text names.

        A name of two areas gives both, unless the text names one's kabupaten. What is called a kecamatan goes before
        all else, a village's name is taken where there is no other, and a street's never: streets are named for where
        they lead.

        Args:
            text: what a citizen wrote, any text; the first 200 words count.

        Returns:
            One: it is certain. Several, at most ``MOST``: it is one of them, the likeliest first. None: not known.
        """
        words = raw_words(text)[:_MOST_WORDS]
        named = [
            one
            for one in self._districts.find(words)
            if _before(words, one) not in (_STREET if one.likeness == 1 else _STREET | _VILLAGE)
        ]
        around = [one for one in self._regencies.find(words) if _before(words, one) not in _STREET | _DISTRICT]
        # "kota" may be the first word of a kecamatan's name, and of no city.
        around = [one for one in around if not any(other.start < one.start and other.meets(one) for other in named)]
        said = [one for one in around if _before(words, one) in _REGENCY]
        named = [one for one in named if not any(one.meets(other) for other in said)]
        named = _only(named, lambda one: _before(words, one) in _DISTRICT)
        # A name of both, with no word before it that tells, may be either: it puts in order, but rules nothing out.
        sure = {one.name for one in around if not any(one.meets(other) for other in named)}
        maybe = {one.name for one in around} - sure
        named = _only(named, lambda one: _before(words, one) not in _VILLAGE)
        found: dict[str, tuple[bool, float, int, Area]] = {}
        for one in named:
            if one.name in self._districts.ordinary and not _is_meant(words, one):
                continue
            for area in self._districts.areas[one.name]:
                regency = "".join(_name(area.kabupaten, _REGENCY))
                if not sure or regency in sure:
                    found.setdefault(area.code, (regency not in maybe, -one.likeness, one.start, area))
        ordered = sorted(found.values(), key=lambda entry: (*entry[:3], entry[3].code))
        return tuple(area for *_, area in ordered[:MOST])

    def by_point(self, latitude: float, longitude: float) -> Area | None:
        """The area that a point lies in; None where there is none, or two claim it.

        Args:
            latitude: degrees WGS 84, any number.
            longitude: likewise.
        """
        hits = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        areas = {self._drawn[hit].code: self._drawn[hit] for hit in hits.tolist()}
        return next(iter(areas.values())) if len(areas) == 1 else None


def is_drawable(polygon: Polygon) -> bool:
    """Whether an outline encloses something: its rings are closed, do not cross, and holes lie inside."""
    try:
        return bool(shapely.is_valid(_shape(polygon)))
    except (ValueError, shapely.GEOSException):
        return False


def _shape(polygon: Polygon) -> shapely.Polygon:
    return shapely.Polygon(polygon.outer, polygon.holes)


def _name(text: str, kinds: frozenset[str]) -> tuple[str, ...]:
    """The words of a name, without what it is a name of: "Kab. Contoh" is "contoh"."""
    words = raw_words(text)
    while len(words) > 1 and words[0] in kinds:
        words = words[1:]
    return tuple(words)


def _before(words: Sequence[str], one: _Found) -> str:
    """The word before a name, which says what it is a name of; "jalan raya" says the same as "jalan"."""
    at = one.start - 1
    while at > 0 and words[at] == "raya":
        at -= 1
    return words[at] if at >= 0 else ""


def _only(found: list[_Found], holds: Callable[[_Found], bool]) -> list[_Found]:
    """Those for which it holds; all of them where it holds for none."""
    return [one for one in found if holds(one)] or found


def _is_meant(words: Sequence[str], one: _Found) -> bool:
    """Whether ordinary words are surely a name: called a kecamatan, or all that is said."""
    rest = (*words[: one.start], *words[one.end :])
    return _before(words, one) in _DISTRICT or _AROUND.issuperset(rest)


class _Names:
    """Names of one kind, each under its letters alone, so that "suka maju" is "sukamaju".

    Attributes:
        areas: those that have a name.
        ordinary: the names that are made of ordinary words alone.
    """

    def __init__(self) -> None:
        self.areas: dict[str, list[Area]] = {}
        self.ordinary: set[str] = set()
        self._words: set[str] = set()
        self._longest = 0

    def add(self, words: Sequence[str], area: Area) -> None:
        """Take a name in; one without letters is none."""
        key = "".join(words)
        if not key:
            return
        if area not in self.areas.setdefault(key, []):
            self.areas[key].append(area)
        if _ORDINARY.issuperset(words):
            self.ordinary.add(key)
        self._words.update(words)
        self._longest = max(self._longest, len(words))

    def find(self, words: Sequence[str]) -> list[_Found]:
        """The names in a text, none overlapping: the likest win, then the longest, then the first."""
        names = list(self.areas)
        strange = _ORDINARY - self._words  # what holds one of these words is no name with a slip in it
        found: list[_Found] = []
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest + 1, len(words)) + 1):
                gram = words[start:end]
                joined = "".join(gram)
                # "di" and "ke" are often glued to what follows.
                whole = joined[2:] if len(gram) == 1 and joined[:2] in {"di", "ke"} else joined
                exact = joined if joined in self.areas else whole if whole in self.areas else ""
                if exact:
                    found.append(_Found(start, end, exact, 1.0))
                elif strange.isdisjoint(gram) and (near := self._nearest(joined, names)):
                    found.append(_Found(start, end, *near))
        found.sort(key=lambda one: (-one.likeness, one.start - one.end, one.start))
        kept: list[_Found] = []
        for one in found:
            if not any(one.meets(other) for other in kept):
                kept.append(one)
        return kept

    def _nearest(self, joined: str, names: Sequence[str]) -> tuple[str, float] | None:
        """The name that letters surely are with a slip in them, and how like it they are."""
        near = process.extract(joined, names, scorer=OSA.normalized_similarity, score_cutoff=_LIKE - _AHEAD, limit=None)
        if not near or near[0][1] < _LIKE or near[0][0][0] != joined[0]:  # the first letter seldom is the slip
            return None
        best, likeness, _ = near[0]
        rivals = [score for name, score, _ in near if self.areas[name] != self.areas[best]]
        return (best, likeness) if not rivals or likeness - max(rivals) >= _AHEAD else None
