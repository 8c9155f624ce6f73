"""Tickets that ended long ago are emptied on real databases and a real folder, and nothing else is."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from chatbot.core.complaint import MEMBERS
from chatbot.services.media import Kept, Media
from chatbot.services.outgoing import payload_of
from chatbot.services.recap import Recap, span
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.audit_bench import verdict
from tests.integration.desk_bench import CHIEF, PROPAM, DeskBench
from tests.integration.erasure_bench import (
    DAYS,
    ME,
    MINE,
    PERIOD,
    THEIRS,
    all_sent,
    asks,
    everything,
    forget,
    in_folder,
    keep_for,
    number_of,
    other,
    sent,
    story,
    told,
)
from tests.integration.rows import NOW, inbound, meet, ticket
from tests.integration.test_retention import kept


def put_file(bench: DeskBench, content: bytes, *ticket_ids: int) -> Path:
    """A file with its cleaned copy, sent to each of these tickets by its citizen."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = bench.folder / sha256[:2] / sha256
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.with_suffix(".clean").write_bytes(content)
    with bench.store.begin() as uow:
        uow.inbox.add([[inbound(f"file:{sha256[:4]}:{one}", chat=f"50{one}") for one in ticket_ids]])
        names = [(("telegram", "7", f"file:{sha256[:4]}:{one}"), one) for one in ticket_ids]
        for (_, _, external_id), one in names:
            row_id = uow._session.execute(
                text("select id from inbound where external_id = :id"), {"id": external_id}
            ).scalar_one()
            uow.add(kept(row_id, ticket_id=one, contact_id=one, sha256=sha256, bound_for="desk", relayed=True))
            row = uow.inbound(row_id)
            assert row
            row.state, row.ticket_id, row.contact_id = "done", one, one
    return path


def bytes_of(store: Store) -> bytes:
    """The bytes of an SQLite file once what is free in it is given back; elsewhere every column."""
    if not store.is_sqlite:
        return (everything(store)).encode()
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.driver_connection
        assert raw
        raw.execute("vacuum")
        raw.execute("pragma wal_checkpoint(truncate)")
    return Path(store.url.database or "").read_bytes()


async def ended_long_ago(bench: DeskBench) -> None:
    """Both citizens' stories, one of which ended a year earlier than the other."""
    keep_for(bench)
    await story(bench, MINE, 1, **ME)
    all_sent(bench)
    bench.now += timedelta(days=PERIOD)
    await story(bench, THEIRS, 2, **other())
    all_sent(bench)


async def test_words_of_a_ticket_that_ended_long_ago_are_nowhere_and_another_persons_all_stand(
    bench: DeskBench,
) -> None:
    await ended_long_ago(bench)
    path = put_file(bench, MINE.encode(), 1)
    shared = put_file(bench, b"sama", 1, 2)
    theirs = [line for line in everything(bench.store).split("\n") if THEIRS in line or "502" in line]
    await forget(bench, 1)
    left = everything(bench.store)

    assert MINE not in left
    assert "Suminten" not in left
    assert not [
        line for line in left.split("\n") if line.startswith(("address", "inbound", "outbound")) and "501" in line
    ]
    assert MINE.encode() not in bytes_of(bench.store)
    assert not path.exists()
    assert not path.with_suffix(".clean").exists()
    assert MINE.encode() not in in_folder(bench.folder)
    assert shared.exists()
    assert [line for line in left.split("\n") if THEIRS in line or "502" in line] == theirs


async def test_what_figures_are_counted_by_stays(bench: DeskBench) -> None:
    await ended_long_ago(bench)
    before = await bench.store.read(lambda uow: uow.ticket(1))
    assert before
    counted = await bench.store.read(partial(_figures, bench, before.chat))
    assert "Masuk: 1" in counted
    await forget(bench, 1)
    after = await bench.store.read(lambda uow: uow.ticket(1))
    assert after
    names = ("number", "category", "unit", "area", "status", "identity", "rating", "opened_at", "closed_at", "chat")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert (after.emptied, after.complaint, after.result, after.officer_name) == (True, b"{}", "", "")
    assert await bench.store.read(partial(_figures, bench, before.chat)) == counted


def _figures(bench: DeskBench, chat: str, uow: UnitOfWork) -> str:
    days = span("minggu", NOW.date() + timedelta(days=2))
    assert days
    recap = Recap(bench.office, bench.now, days)
    return recap.text(recap.figures(uow, chat))


async def test_trail_holds_and_counts_what_was_emptied(bench: DeskBench) -> None:
    await ended_long_ago(bench)
    await forget(bench, 1)
    found = await bench.store.read(lambda uow: uow.audit.verify())
    said = await bench.store.read(lambda uow: [event for event in uow.events(1) if event.event != "rated"])

    assert found.broken == []
    assert found.emptied == 8  # form, addition, edit, note, answer, its correction, result, mark
    assert {event.text for event in said} == {""}
    assert said[-1].event == "erased"


async def test_nothing_is_emptied_where_no_period_is_set_or_before_it_is_over(bench: DeskBench) -> None:
    await ended_long_ago(bench)
    keep_for(bench, None)
    await forget(bench, 4000)
    keep_for(bench, 4000 + PERIOD + 2)
    await forget(bench, 1)
    assert MINE in everything(bench.store)
    await forget(bench, 2)
    left = everything(bench.store)
    assert (MINE in left, THEIRS in left) == (False, True)


async def test_open_ticket_and_one_on_hold_stay_until_they_are_closed_or_let_go(bench: DeskBench) -> None:
    keep_for(bench)
    number = await story(bench, MINE, 1, **ME)
    await bench.officer(f"/tahan #{number} gugatan praperadilan", CHIEF)
    await bench.complain(**other())
    all_sent(bench)
    await forget(bench, 3000)
    left = everything(bench.store)
    assert f"{MINE} dicuri" in left
    assert "Motor saya dicuri" in left

    await bench.officer(f"/lepas-tahan #{number} sudah diputus", CHIEF)
    await forget(bench)
    assert MINE not in everything(bench.store)


async def test_ticket_about_members_goes_after_its_period_and_not_because_its_citizen_asks(bench: DeskBench) -> None:
    keep_for(bench, PERIOD, PROPAM)

    def opens(uow: UnitOfWork) -> None:
        row = ticket(meet(uow, "501").contact_id, category=MEMBERS, chat=PROPAM, status="closed", closed_at=NOW)
        uow.add(row)
        uow.flush()
        uow.audit.happened(row, "opened", "citizen", NOW, text=MINE)

    await bench.store.write(opens)
    said = await asks(bench, "3", "ya")
    assert "tentang anggota polisi, disimpan Propam sampai 24 November 2027" in said[-1]
    bench.now += timedelta(days=PERIOD + 1)
    await asks(bench, "3", "ya")
    assert MINE in everything(bench.store)
    await forget(bench)
    assert MINE not in everything(bench.store)


async def test_citizen_has_an_old_ticket_erased_that_the_job_has_not_come_to_yet(bench: DeskBench) -> None:
    keep_for(bench)
    await story(bench, MINE, 1, **ME)
    all_sent(bench)
    bench.now += timedelta(days=PERIOD + 1)
    said = await asks(bench, "3", "ya", **ME)
    assert "Aduan lama yang ikut dihapus: 1." in said[-1]
    await forget(bench)
    assert MINE not in everything(bench.store)
    assert not (await verdict(bench.store))[1]
    rows = await bench.store.read(lambda uow: uow.audit.of_ticket(1))
    assert [(row.act, row.actor) for row in rows][-1] == ("erased", "citizen")


async def test_answer_that_reached_an_incident_stays_where_another_report_needs_it(bench: DeskBench) -> None:
    keep_for(bench)
    mine = await bench.complain(**ME)
    await bench.complain(**other())
    theirs = await bench.store.read(lambda uow: number_of(uow, 2))
    await bench.officer(f"/gabung #{mine} #{theirs}")
    await bench.officer(f"/jawab #{mine} jawaban bersama")
    await bench.officer(f"/pisah #{mine}")
    await bench.officer(f"/tutup #{mine} beres")
    all_sent(bench)
    await forget(bench, PERIOD + 1)
    events = await bench.store.read(lambda uow: [(event.ticket_id, event.text) for event in uow.events(2)])

    assert (2, "jawaban bersama") in events
    answered = await bench.store.read(lambda uow: [one for one in uow.events(2) if one.event == "answered"])
    body = await bench.store.read(lambda uow: uow.inbound(answered[0].inbound_id or 0))
    assert body
    assert b"jawaban bersama" in (body.raw or b"")
    await bench.officer(f"/tutup #{theirs} beres")
    all_sent(bench)
    await forget(bench, PERIOD + 1)
    assert "jawaban bersama" not in everything(bench.store)


async def test_erased_ticket_is_closed_for_good_and_says_so(bench: DeskBench) -> None:
    await ended_long_ago(bench)
    number = await bench.store.read(lambda uow: number_of(uow, 1))
    await forget(bench, 1)
    for command in ("/buka #{}", "/jawab #{} halo", "/tahan #{} untuk gugatan perdata", "/catat #{} satu"):
        await bench.officer(command.format(number), CHIEF)
    said = [payload_of(row).text for row in await sent(bench) if "sudah dihapus" in payload_of(row).text]
    assert len(said) == 4
    after = await bench.store.read(lambda uow: uow.ticket(1))
    assert after
    assert (after.status, after.legal_hold) == ("closed", False)


# Who writes again, and who only asked


async def test_person_who_only_asked_is_forgotten_with_the_dialogue_and_a_stranger_afterwards(bench: DeskBench) -> None:
    await bench.hear(text="halo", **ME)
    all_sent(bench)
    await forget(bench, DAYS + 1)
    left = everything(bench.store)
    assert "Suminten" not in left
    assert "501" not in left
    await bench.hear(text="halo", **ME)
    assert await bench.store.read(lambda uow: uow.people.contact(2).name) == "Suminten"
    assert "Selamat datang" in (await told(bench))[-1]


async def test_blocked_person_is_not_forgotten_before_the_block_ends(bench: DeskBench) -> None:
    keep_for(bench, 1)
    number = await bench.complain(**ME)
    await bench.officer(f"/blokir #{number} 90 mengirim makian berulang")
    await bench.officer(f"/tutup #{number} beres")
    all_sent(bench)
    await forget(bench, DAYS + 10)
    assert await bench.store.read(lambda uow: uow.guards.blocked([1], bench.now))
    await forget(bench, 90)
    assert "Suminten" not in everything(bench.store)


async def test_key_of_an_erased_message_goes_once_nobody_repeats_it(bench: DeskBench) -> None:
    await bench.hear(text=MINE, **ME)
    await asks(bench, "3", "ya", **ME)
    assert "update:1" in everything(bench.store)
    await forget(bench, DAYS + 1)
    assert "update:" not in everything(bench.store)


async def test_content_that_is_erased_while_it_comes_anew_is_fetched_again(bench: DeskBench) -> None:
    path = put_file(bench, b"sama", 0)
    with bench.store.begin() as uow:
        uow.inbox.add([[inbound("anew")]])
        anew = kept(uow.inbox.waiting("citizen", 9, ["telegram"])[0].id, state="wanted", sha256="", due_at=bench.now)
        uow.add(anew)
        uow.flush()
        wanted = anew.id
        (old,) = uow.media.of_ticket(0)
        assert uow.media.forget(old)
        path.unlink()
    media = Media(bench.store, bench.office, {}, bench.folder, bench.woken)
    await bench.store.write(lambda uow: media._kept(uow, wanted, Kept(path.name, 4)))
    row = await bench.store.read(lambda uow: uow.media.get(wanted))
    assert row
    assert row.state == "wanted"
    path.write_bytes(b"sama")
    await bench.store.write(lambda uow: media._kept(uow, wanted, Kept(path.name, 4)))
    assert (await bench.store.read(lambda uow: uow.media.get(wanted) or row)).state == "kept"


async def test_file_whose_row_was_erased_while_it_was_fetched_does_not_stay(bench: DeskBench) -> None:
    path = put_file(bench, b"sama")
    media = Media(bench.store, bench.office, {}, bench.folder, bench.woken)
    await bench.store.write(lambda uow: media._kept(uow, 99, Kept(path.name, 4)))
    assert not path.exists()
