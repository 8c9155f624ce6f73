"""Opening a sealed identity: who may, where, what is shown, and what stands in the audit trail for ever."""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatbot.core.complaint import MEMBERS
from chatbot.services.outgoing import payload_of
from chatbot.services.plan import plain_region
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, behind
from tests.integration.desk_bench import CHIEF, OFFICER, PROPAM, DeskBench
from tests.integration.rows import meet, ticket

NAME = "Nama Pelapor"
REASON = "Saksi kunci, perlu perlindungan"


async def complain(bench: DeskBench, identity: str) -> str:
    person: dict[str, Any] = {"id": 501, "type": "private", "first_name": f"{NAME} 0812-3456-7890", "username": "sandi"}
    return await bench.complain(identity, chat=person, **{"from": {**person, "is_bot": False}})


async def trail(bench: DeskBench) -> list[tuple[str, str, str]]:
    rows = await bench.store.read(lambda uow: uow.audit.of_ticket(1))
    return [(row.act, row.actor, row.detail) for row in rows if row.act.startswith("identity")]


async def said_since(bench: DeskBench, before: int) -> list[str]:
    return (await bench.texts())[before:]


async def test_administrator_with_a_reason_sees_the_name_and_nothing_else_and_it_is_written_down(
    bench: DeskBench,
) -> None:
    number = await complain(bench, "rahasia")
    assert NAME not in str(await bench.texts())
    before = len(await bench.texts())
    asked = await bench.officer(f"/identitas #{number} {REASON}", CHIEF)
    told = await said_since(bench, before)

    assert len(told) == 1  # so the citizen is not told
    assert told[0].startswith(f"{OFFICERS}: ")
    for part in (NAME, "dibuka oleh Petugas", REASON, "jejak audit"):
        assert part in told[0]
    for part in ("0812", "7890", "sandi", "501"):
        assert part not in told[0].replace(number, "")
    reply = payload_of((await bench.store.write(behind))[-1])
    assert reply.reply_to == str(asked)
    ((act, actor, detail),) = await trail(bench)
    assert (act, actor) == ("identity_opened", str(CHIEF))
    assert REASON in detail
    assert NAME not in detail


@pytest.mark.parametrize(
    ("identity", "who", "text", "cause", "words"),
    [
        ("rahasia", OFFICER, REASON, "administrator", "Hanya admin grup"),
        ("rahasia", CHIEF, "", "reason", "paling sedikit 10 huruf"),
        ("rahasia", CHIEF, "12345 67890 ??", "reason", "paling sedikit 10 huruf"),
        ("anonim", CHIEF, REASON, "anonymous", "tidak dapat dibuka oleh siapa pun"),
        ("terbuka", CHIEF, REASON, "open", "ada di kartu"),
    ],
)
async def test_refused_try_shows_no_name_and_is_written_down(
    bench: DeskBench, identity: str, who: int, text: str, cause: str, words: str
) -> None:
    number = await complain(bench, identity)
    before = len(await bench.texts())
    await bench.officer(f"/identitas #{number} {text}", who)
    (told,) = await said_since(bench, before)

    assert words in told
    assert NAME not in told
    ((act, actor, detail),) = await trail(bench)
    assert (act, actor) == ("identity_refused", str(who))
    assert f'"refused":"{cause}"' in detail
    assert NAME not in detail


async def test_try_of_somebody_who_is_no_member_is_written_down(bench: DeskBench) -> None:
    number = await complain(bench, "rahasia")
    await bench.officer(f"/identitas #{number} {REASON}", 999)

    assert NAME not in str(await bench.texts())
    ((act, actor, _),) = await trail(bench)
    assert (act, actor) == ("identity_refused", "999")


def opens(chat: str, uow: UnitOfWork) -> None:
    person = meet(uow, "501")
    uow.people.contact(person.contact_id).name = NAME
    uow.add(ticket(person.contact_id, category=MEMBERS, identity="confidential", chat=chat))


@pytest.mark.parametrize(("chat", "opened"), [(OFFICERS, False), (PROPAM, True)])
async def test_who_complains_of_members_is_named_in_propams_group_only(
    bench: DeskBench, chat: str, opened: bool
) -> None:
    region = plain_region("Polres Contoh", ZoneInfo("Asia/Jakarta"), ("id",), OFFICERS, PROPAM)
    bench.office.plan.take(region)
    await bench.store.write(partial(opens, chat))
    place = {"id": int(chat), "type": "supergroup", "title": "Petugas"}
    await bench.officer(f"/identitas #1234567890 {REASON}", CHIEF, chat=place)

    assert (NAME in str(await bench.texts())) is opened
    # In another group the ticket does not exist.
    assert [act for act, _, _ in await trail(bench)] == ["identity_opened"] * opened


async def test_answer_that_is_edited_into_a_reason_does_not_bring_it_to_the_citizen(bench: DeskBench) -> None:
    number = await complain(bench, "rahasia")
    said = await bench.officer(f"/jawab #{number} Kami periksa", CHIEF)
    edited = f"/identitas #{number} {REASON}"
    await bench.officer(edited, CHIEF, update="edited_message", message_id=said, edit_date=1)

    assert not [text for text in await bench.texts() if text.startswith("501: ") and REASON in text]
    assert [act for act, _, _ in await trail(bench)] == ["identity_opened"]


async def test_reason_keeps_no_number_of_the_citizens(bench: DeskBench) -> None:
    def moved(uow: UnitOfWork) -> None:
        person = meet(uow, "6281234567890")
        uow.add(ticket(person.contact_id, identity="confidential", address="6281234567890"))

    await bench.store.write(moved)
    await bench.officer("/identitas #1234567890 Perlu menelepon 0812-3456-7890 hari ini", CHIEF)

    ((_, _, detail),) = await trail(bench)
    assert "3456" not in detail + (await bench.texts())[-1]
