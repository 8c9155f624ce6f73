"""Reporters of the like, told apart and joined: what the tests of incidents share."""

from __future__ import annotations

from typing import Any

from chatbot.core.message import Task
from chatbot.core.ticket import spoken
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.desk_bench import DeskBench

RACES = "Balap liar tiap malam minggu, bising sekali"
RACERS = "Anak muda kebut-kebutan sampai pagi, berisik"
NOISE = "Karaoke sebelah keras sampai pagi"
CHIEF = "-900"
ELSEWHERE = "-200"


def person(who: int) -> dict[str, Any]:
    chat = {"id": who, "type": "private", "first_name": "Warga"}
    return {"chat": chat, "from": {**chat, "is_bot": False}}


async def report(bench: DeskBench, who: int, what: str = RACES, where: str = "Jalan Mawar") -> str:
    """A citizen's complaint about public order; its number, as it is spoken."""
    answers = ("Gangguan ketertiban", what, where, "kemarin", "tidak tahu", "selesai", "terbuka", "kirim")
    for text in ("aduan", "setuju", *answers):
        await bench.hear(text=text, **person(who))
    return spoken((await tickets(bench))[-1].number)


async def tickets(bench: DeskBench) -> list[TicketRow]:
    return await bench.store.read(lambda uow: [row for n in range(1, 20) if (row := uow.ticket(n))])


async def two(bench: DeskBench) -> tuple[str, str]:
    """Two reporters of the same races, joined by the button."""
    numbers = await report(bench, 501), await report(bench, 502, RACERS)
    await bench.press("join:2:1")
    return numbers


async def told(bench: DeskBench, who: int | str, begin: int = 0) -> list[str]:
    return [text for text in (await bench.texts())[begin:] if text.startswith(f"{who}: ")]


async def events(bench: DeskBench, ticket_id: int) -> list[str]:
    return await bench.store.read(lambda uow: [event.event for event in uow.events(ticket_id)])


async def incidents(bench: DeskBench) -> list[int | None]:
    return [ticket.incident_id for ticket in await tickets(bench)]


def copies(uow: UnitOfWork) -> list[tuple[str, int | None]]:
    rows = [row for n in range(1, 200) if (row := uow.outbound(n)) and row.contact_id]
    return [(row.chat, row.ticket_id) for row in rows if row.task == Task.COPY]


def photo(item: int) -> list[dict[str, Any]]:
    return [{"file_id": f"p{item}", "file_unique_id": f"u{item}", "width": 9, "height": 9, "file_size": 9}]
