"""What the tests of the duty roster do and see: officers' words and presses, shifts, who holds what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from chatbot.core.message import Outbound
from chatbot.core.region import Unit
from chatbot.services.outgoing import payload_of
from chatbot.store.duty_tables import DutyRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, behind
from tests.integration.desk_bench import OFFICER, DeskBench

HEAD = "-900"  # the group of the unit above
STRANGER = 903


async def new(bench: DeskBench, step: Callable[[], Any]) -> list[str]:
    """The texts that a step leads to, each with where it goes."""
    before = await bench.texts()
    await step()
    return [text for text in (await bench.texts())[len(before) :] if not text.endswith(": ")]


async def says(bench: DeskBench, text: str, who: int = OFFICER) -> list[str]:
    return await new(bench, partial(bench.officer, text, who))


async def presses(bench: DeskBench, choice: str, who: int = OFFICER) -> list[str]:
    return await new(bench, partial(bench.press, choice, who))


async def sent(bench: DeskBench) -> list[Outbound]:
    return [payload_of(row) for row in await bench.store.write(behind)]


def shifts_in(uow: UnitOfWork) -> list[DutyRow]:
    return [row for number in range(1, 10) if (row := uow.duty.shift(number))]


async def shifts(bench: DeskBench) -> list[DutyRow]:
    return await bench.store.read(shifts_in)


def holders_in(uow: UnitOfWork) -> list[str]:
    return [ticket.officer_name for ticket in uow.tickets.open_in(OFFICERS)]


async def holders(bench: DeskBench) -> list[str]:
    return await bench.store.read(holders_in)


async def three_taken(bench: DeskBench) -> list[str]:
    """Three tickets that the officer holds; their numbers as they are spoken."""
    for person in (601, 602, 603):
        chat: dict[str, Any] = {"id": person, "type": "private", "first_name": "Warga"}
        sender: dict[str, Any] = {"chat": chat, "from": {**chat, "is_bot": False}}
        await bench.complain(**sender)
    found = await bench.store.read(lambda uow: [ticket.number for ticket in uow.tickets.open_in(OFFICERS)])
    for number in found:
        await bench.officer(f"/ambil #{number}")
    return [f"{number[:3]}-{number[3:6]}-{number[6:]}" for number in found]


def under_a_head(bench: DeskBench) -> None:
    """The officers' unit gets a superior with a group of its own."""
    region = bench.office.plan.region
    units = tuple(replace(unit, superior="head") if unit.default else unit for unit in region.units)
    bench.office.plan.take(replace(region, units=(*units, Unit("head", "Kapolres Contoh", HEAD))))
