"""How the account is organised now: its region, swapped as a whole when the file that describes it changes.

Owns which group serves which unit, and the region of an account that has no file: one unit, and Propam. Refuses the
file's format (``region_file``) and the rules of routing (``core.region``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chatbot.core import region as regions
from chatbot.core.complaint import MEMBERS
from chatbot.core.region import (
    ALL_CATEGORIES,
    CLOCKS,
    OFFICE_HOURS,
    PRIORITIES,
    Area,
    Category,
    Holidays,
    Region,
    Unit,
)
from chatbot.matching.areas import AreaFinder

_OFFICERS, _PROPAM = "petugas", "propam"
_DAYS_TO_ANSWER = 10  # that LAPOR! gives the reporter too (docs/operations.md)
_DAYS_UNTIL_CLOSED = 3


def plain_region(name: str, timezone: ZoneInfo, languages: tuple[str, ...], officers: str, propam: str) -> Region:
    """The region of an account without a file: everything goes to one group, what is about members to another.

    Args:
        name: as citizens read it.
        timezone: its clocks.
        languages: locales that it answers in.
        officers: chat id of the officers' group; empty: none.
        propam: chat id of the group that alone sees complaints about police members; empty: none.
    """
    return Region(
        name=name,
        timezone=timezone,
        languages=languages,
        hours=OFFICE_HOURS,
        holidays=Holidays(),
        units=(
            Unit(_OFFICERS, name, officers, default=True),
            Unit(_PROPAM, "Propam", propam, members=True),
        ),
        categories=tuple(
            Category(one, PRIORITIES[one], _PROPAM if one == MEMBERS else _OFFICERS) for one in ALL_CATEGORIES
        ),
        clocks=CLOCKS,
        areas=(),
        polygons=(),
        days_until_closed=_DAYS_UNTIL_CLOSED,
        days_to_answer=_DAYS_TO_ANSWER,
        retention_days=None,
    )


@dataclass(slots=True)
class Plan:
    """The region that is live now, and where its areas are found.

    Attributes:
        region: the account.
    """

    region: Region
    _finder: AreaFinder
    _has_groups: bool

    def __init__(self, region: Region, *, has_groups: bool = True) -> None:
        """Begin with a region; ``has_groups``: the channel on which the groups live is served."""
        self._has_groups = has_groups
        self.take(region)

    def take(self, region: Region) -> None:
        """Another region is live from now on, as a whole."""
        self.region, self._finder = region, AreaFinder(region.areas, region.polygons)

    @property
    def is_divided(self) -> bool:
        """Whether there are units to choose from, so that a ticket may be forwarded."""
        return len(self.region.units) > len((_OFFICERS, _PROPAM))

    def groups(self) -> tuple[str, ...]:
        """The groups in which officers work, as set, each once; the default unit's first."""
        units = sorted(self.region.units, key=lambda unit: not unit.default)
        return tuple(dict.fromkeys(group for group in map(self.group_of, units) if group))

    def group_of(self, unit: Unit) -> str:
        """The group that serves a unit; empty: none. Members' matters go up to nobody."""
        if not self._has_groups:
            return ""
        return unit.group if unit.members else regions.group_for(self.region.by_id, unit)

    def unit_for(self, category: str, area: str) -> Unit:
        """The unit that a ticket goes to.

        Args:
            category: its category.
            area: the code of the area where it happened; empty or no longer known: nobody knows where.
        """
        return regions.unit_for(self.region, category, self.area(area))

    def unit(self, unit_id: str) -> Unit:
        """A unit by its id; the default one where a ticket's is no longer in the file."""
        return self.region.by_id.get(unit_id, self.region.default)

    def serving(self, category: str, unit_id: str) -> Unit:
        """The unit that serves a ticket: what is about members is the members' unit's, whatever its row says."""
        return self.region.members if category == MEMBERS else self.unit(unit_id)

    def area(self, code: str) -> Area | None:
        """An area by its code."""
        return next((one for one in self.region.areas if one.code == code), None) if code else None

    def areas_in(self, text: str) -> Sequence[Area]:
        """The areas that words may mean: one is certain, of several the person has to choose."""
        return self._finder.by_text(text) if self.region.areas and text else ()

    def area_at(self, latitude: float, longitude: float) -> Area | None:
        """The area in which a place lies, if that is known."""
        return self._finder.by_point(latitude, longitude)
