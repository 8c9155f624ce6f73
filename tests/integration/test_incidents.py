"""One incident, many tickets: asked about, joined, answered at once, split; and the alarm when many report at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from chatbot.core.region import Area, Unit
from chatbot.core.ticket import TicketStatus
from chatbot.services.cards import card_text
from chatbot.services.outbox import Post
from chatbot.services.outgoing import payload_of, reporter
from chatbot.services.plan import plain_region
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench
from tests.integration.incident_bench import (
    CHIEF,
    ELSEWHERE,
    NOISE,
    RACERS,
    RACES,
    events,
    incidents,
    person,
    report,
    tickets,
    told,
    two,
)


async def test_like_report_is_asked_about_with_both_tickets_in_its_buttons(bench: DeskBench) -> None:
    first = await report(bench, 501)
    await report(bench, 502, RACERS)

    def asked(uow: UnitOfWork) -> list[Any]:
        rows = [row for n in range(1, 100) if (row := uow.outbound(n)) and row.ticket_id == 2 and row.for_group]
        return [message for message in map(payload_of, rows) if "Kejadian yang sama?" in message.text]

    (question,) = await bench.store.read(asked)
    assert f"Mirip aduan #{first}" in question.text
    assert "Jalan Mawar" in question.text
    assert [choice.payload for choice in question.choices] == ["join:2:1", "distinct:2:1"]


@pytest.mark.parametrize(("what", "where"), [(NOISE, "Jalan Mawar"), (RACES, "Jalan Melati")])
async def test_unlike_report_is_not_asked_about(bench: DeskBench, what: str, where: str) -> None:
    await report(bench, 501)
    await report(bench, 502, what, where)
    assert not [text for text in await bench.texts() if "Kejadian yang sama?" in text]


async def test_report_of_three_days_ago_is_not_asked_about(bench: DeskBench) -> None:
    await report(bench, 501)
    await bench.later(3 * 24 * 60)
    await report(bench, 502)
    assert not [text for text in await bench.texts() if "Kejadian yang sama?" in text]


async def test_no_leaves_both_apart(bench: DeskBench) -> None:
    await report(bench, 501)
    await report(bench, 502, RACERS)
    await bench.press("distinct:2:1")
    assert await incidents(bench) == [None, None]
    assert (await bench.texts())[-1].endswith("tetap terpisah.")


async def test_joined_tickets_keep_their_status_and_both_histories_say_so(bench: DeskBench) -> None:
    await two(bench)
    assert await incidents(bench) == [1, 1]
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.RECEIVED] * 2
    assert (await events(bench, 1))[-1] == (await events(bench, 2))[-1] == "joined"
    verdict = await bench.store.read(lambda uow: uow.audit.verify())
    assert verdict.broken == []

    await bench.press("join:1:2")
    assert "sudah digabung" in (await bench.texts())[-1]


async def test_split_undoes_it(bench: DeskBench) -> None:
    first, second = await two(bench)
    await bench.officer(f"/pisah #{second}")
    assert await incidents(bench) == [None, None]
    assert (await events(bench, 1))[-1] == (await events(bench, 2))[-1] == "split"
    before = len(await bench.texts())
    await bench.officer(f"/jawab #{first} Hanya untuk Anda")
    assert await told(bench, 502, before) == []

    await bench.officer(f"/pisah #{second}")
    assert (await bench.texts())[-1].endswith("tidak digabung dengan aduan lain.")


async def test_first_ticket_can_leave_and_the_others_stay_together(bench: DeskBench) -> None:
    first, second = await two(bench)
    third = await report(bench, 503, NOISE)
    await bench.officer(f"/gabung #{third} #{second}")
    assert await incidents(bench) == [1, 1, 1]
    await bench.officer(f"/pisah #{first}")
    assert await incidents(bench) == [None, 2, 2]
    assert (await events(bench, 2)).count("split") == 0


async def test_two_incidents_become_one(bench: DeskBench) -> None:
    await two(bench)
    third = await report(bench, 503, NOISE)
    fourth = await report(bench, 504, NOISE)
    await bench.officer(f"/gabung #{fourth} #{third}")
    await bench.press("join:3:1")
    assert await incidents(bench) == [1, 1, 1, 1]
    assert (await events(bench, 4)).count("joined") == 2


async def test_forwarded_ticket_leaves_its_incident(bench: DeskBench) -> None:
    with_a_chief(bench)
    first, second = await two(bench)
    await bench.officer(f"/teruskan #{second} kapolres perlu arahan")
    assert await incidents(bench) == [None, None]
    assert [ticket.chat for ticket in await tickets(bench)] == [OFFICERS, CHIEF]
    before = len(await bench.texts())
    await bench.officer(f"/jawab #{first} Kami periksa")
    assert await told(bench, 502, before) == []


async def test_foreign_groups_closed_live_and_unknown_tickets_are_refused(bench: DeskBench) -> None:
    await report(bench, 501)
    second = await report(bench, 502, NOISE)
    third = await report(bench, 503, NOISE)

    def moved(uow: UnitOfWork) -> None:
        row = uow.ticket(1)
        assert row
        row.chat = ELSEWHERE

    await bench.store.write(moved)
    for command in ("join:2:1", "join:2:2", "join:2:99", "distinct:2:1"):
        await bench.press(command)
        assert "Digabung dengan aduan mana?" in (await bench.texts())[-1]
    await bench.press("join:1:2")
    assert "tidak ditemukan" in (await bench.texts())[-1]
    for text in (f"/gabung #{second}", f"/gabung #{second} tetangganya"):
        await bench.officer(text)
        assert "Digabung dengan aduan mana?" in (await bench.texts())[-1]

    await bench.officer(f"/tutup #{third} Selesai")
    for command in ("join:2:3", "join:3:2"):
        await bench.press(command)
        assert "yang masih terbuka" in (await bench.texts())[-1]
    assert await incidents(bench) == [None, None, None]
    assert "joined" not in await events(bench, 2)


async def test_live_emergency_is_not_joined(bench: DeskBench) -> None:
    await report(bench, 501)
    await bench.hear(text="tolong ada orang dibacok sekarang", **person(502))
    await bench.press("join:1:2")
    assert "darurat" in (await bench.texts())[-1]
    assert await incidents(bench) == [None, None]


async def test_guard_still_refuses_a_ticket_of_another_reporter(bench: DeskBench) -> None:
    await two(bench)

    def to_the_wrong_one(uow: UnitOfWork) -> None:
        one, other = uow.ticket(1), uow.ticket(2)
        assert one
        assert other
        Post(uow, bench.office, bench.now).to_citizen(reporter(one), "Rahasia", ticket_id=other.id)
        uow.flush()

    with pytest.raises(IntegrityError):
        await bench.store.write(to_the_wrong_one)


async def test_card_names_the_others(bench: DeskBench) -> None:
    first, second = await two(bench)

    def cards(uow: UnitOfWork) -> list[str]:
        return [card_text(row, uow, bench.office) for n in (1, 2) if (row := uow.ticket(n))]

    one, other = await bench.store.read(cards)
    assert f"Kejadian bersama: #{second}" in one
    assert f"Kejadian bersama: #{first}" in other


def with_a_chief(bench: DeskBench) -> None:
    """The account's unit gets a superior with a group of its own, and two areas."""
    region = plain_region("Polres Contoh", ZoneInfo("Asia/Jakarta"), ("id", "en"), OFFICERS, "")
    unit, propam = region.units
    units = (replace(unit, superior="kapolres"), propam, Unit("kapolres", "Kapolres Contoh", CHIEF))
    areas = tuple(Area(f"99.01.0{n}", name, "Kota Teladan", unit.id) for n, name in ((1, "Sukamaju"), (2, "Rawajaya")))
    bench.office.plan.take(replace(region, units=units, areas=areas))


async def test_many_reports_of_one_area_are_one_alarm_here_and_above(bench: DeskBench) -> None:
    with_a_chief(bench)
    stories = (RACES, NOISE, "Parkir liar", "Parkir di trotoar", "Pungutan liar", "Balap liar", "Judi sabung ayam")
    for who, what in enumerate(stories, 501):
        await report(bench, who, what, "Kecamatan Sukamaju")
    alarms = [text for text in await bench.texts() if "orang dalam 30 menit" in text]
    assert [text.partition(": ")[0] for text in alarms] == [OFFICERS, CHIEF]
    assert all("5 orang" in text and "Gangguan ketertiban, Sukamaju" in text for text in alarms)

    def calls(uow: UnitOfWork) -> list[bool]:
        rows = [row for n in range(1, 500) if (row := uow.outbound(n)) and row.for_group]
        return [payload_of(row).mention_admins for row in rows if "orang dalam 30 menit" in payload_of(row).text]

    assert await bench.store.read(calls) == [True, True]


async def test_one_person_many_times_and_many_people_slowly_are_no_spike(bench: DeskBench) -> None:
    with_a_chief(bench)
    for what in (RACES, NOISE, "Parkir liar", "Parkir di trotoar", "Pungutan liar"):
        await report(bench, 501, what, "Kecamatan Sukamaju")
    for who in range(502, 508):
        bench.now += timedelta(minutes=20)
        await report(bench, who, RACES, "Kecamatan Rawajaya")
    assert not [text for text in await bench.texts() if "orang dalam 30 menit" in text]


async def test_joined_reports_are_a_spike_whatever_they_say(bench: DeskBench) -> None:
    for who, what in enumerate((RACES, NOISE, "Parkir liar", "Parkir di trotoar", "Pungutan liar"), 501):
        await report(bench, who, what, f"Tempat {who}")
    for ticket_id in (2, 3, 4):
        await bench.press(f"join:{ticket_id}:1")
    assert not [text for text in await bench.texts() if "orang dalam 30 menit" in text]
    await bench.press("join:5:1")
    assert len([text for text in await bench.texts() if "orang dalam 30 menit" in text]) == 1


async def test_edited_joining_joins_nothing_more(bench: DeskBench) -> None:
    first, second = await report(bench, 501), await report(bench, 502, RACERS)
    third = await report(bench, 503, NOISE, "Jalan Melati")
    said = await bench.officer(f"/gabung #{first} #{second}")
    await bench.officer(f"/gabung #{first} #{third}", update="edited_message", message_id=said, edit_date=1)
    assert await incidents(bench) == [1, 1, None]
    assert "tidak berlaku" in (await bench.texts())[-1]


async def test_no_after_joining_says_how_to_split(bench: DeskBench) -> None:
    await two(bench)
    await bench.press("distinct:2:1")
    assert await incidents(bench) == [1, 1]
    assert "/pisah" in (await bench.texts())[-1]
