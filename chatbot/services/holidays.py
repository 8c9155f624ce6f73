"""The dates on which offices in Indonesia are closed, some years of them.

Owns the choice of what counts: public holidays, cuti bersama where services close then, and what the unit says itself.
Refuses weekdays and hours, which are ``core.work_calendar``'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from holidays import country_holidays
from holidays.constants import GOVERNMENT, PUBLIC


def closed_dates(
    years: Iterable[int],
    *,
    joint_leave: bool = True,
    closed: Iterable[date] = (),
    opened: Iterable[date] = (),
) -> frozenset[date]:
    """The closed dates of some years.

    Dates that the library only estimates, as Idul Fitri is until the three ministers' decree (SKB 3 Menteri), count as
    closed; once the decree is out, the unit says what differs. Cuti bersama is known for decreed years only.

    Args:
        years: the years to look up; take the next one too, since what begins in December is due in January.
        joint_leave: whether the unit's services are closed on cuti bersama.
        closed: further dates on which the unit is closed.
        opened: dates on which it works though they would be closed.

    Raises:
        ValueError: a date is named both closed and opened.
    """
    extra, worked = frozenset(closed), frozenset(opened)
    if both := sorted(extra & worked):
        raise ValueError(f"named both closed and opened: {', '.join(map(str, both))}")
    categories = (PUBLIC, GOVERNMENT) if joint_leave else (PUBLIC,)
    return (frozenset(country_holidays("ID", years=years, categories=categories)) | extra) - worked
