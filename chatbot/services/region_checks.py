"""What the units of an account must keep together: who is above whom, who sees what.

Owns those rules and their faults. The first of them: what is about police members is seen by nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatbot.core.region import Unit, group_for, superiors
from chatbot.services.region_fault import RegionReason
from chatbot.services.region_table import Table


def check_units(units: Mapping[str, Unit], tables: Mapping[str, Table], root: Table) -> None:
    """Note what is wrong between units.

    Args:
        units: by id.
        tables: where they are written, likewise.
        root: the file, for what is missing.
    """
    _check_roles(units, tables, root)
    _check_superiors(units, tables)
    _check_groups(units, tables)


def _check_roles(units: Mapping[str, Unit], tables: Mapping[str, Table], root: Table) -> None:
    default = [unit.id for unit in units.values() if unit.default]
    members = [unit.id for unit in units.values() if unit.members]
    if not default:
        root.note(RegionReason.DEFAULT_MISSING, "units")
    for other in default[1:]:
        tables[other].note(RegionReason.DEFAULT_TWICE, "default", value=default[0])
    if not members:
        root.note(RegionReason.MEMBERS_MISSING, "units")
    for other in members[1:]:
        tables[other].note(RegionReason.MEMBERS_TWICE, "members", value=members[0])
    for both in set(default) & set(members):
        tables[both].note(RegionReason.DEFAULT_IS_MEMBERS, "members")


def _check_superiors(units: Mapping[str, Unit], tables: Mapping[str, Table]) -> None:
    told: set[str] = set()
    for unit in units.values():
        if unit.superior and unit.superior not in units:
            tables[unit.id].note(RegionReason.UNIT_UNKNOWN, "superior", value=unit.superior)
        above = superiors(units, unit)
        if unit in above and unit.id not in told:
            told |= {one.id for one in above}  # once for the whole circle
            circle = " → ".join(one.id for one in (unit, *above))
            tables[unit.id].note(RegionReason.SUPERIOR_CYCLE, "superior", value=circle)


def _check_groups(units: Mapping[str, Unit], tables: Mapping[str, Table]) -> None:
    members = next((unit for unit in units.values() if unit.members), None)
    if members and not members.group:
        tables[members.id].note(RegionReason.MEMBERS_GROUP_MISSING)
    for unit in units.values():
        if unit is members:
            continue
        group = group_for(units, unit)
        if not group:
            tables[unit.id].note(RegionReason.GROUP_MISSING)
        elif members and group == members.group:
            key = "group" if unit.group else "superior"
            tables[unit.id].note(RegionReason.MEMBERS_GROUP_SHARED, key, value=members.id)
