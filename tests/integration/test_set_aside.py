"""``chatbot queue``: what was set aside is seen without what it says, and put back without being done twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chatbot import cli
from chatbot.core.message import Outbound, Task
from chatbot.services.outgoing import payload_of
from chatbot.store.store import Store
from chatbot.store.tables import InboundRow, OutboundRow, TicketEventRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import ROOT
from tests.integration.desk_bench import DeskBench
from tests.integration.rows import NOW, inbound, meet, outbound, ticket

Verb = Callable[..., tuple[int, str]]
SECRET = "Rahasia 08123456789"


@pytest.fixture
def queue(store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    """Run the verb beside the open store; its status and what it printed."""
    monkeypatch.setenv("CHATBOT_DATABASE_URL", store_url)
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", "7:placeholder")
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(ROOT / "faq"))

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["queue", *arguments])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out + said.err

    return run


def _quarantined(uow: UnitOfWork, **fields: Any) -> int:
    row = InboundRow(**{**inbound("update:1"), "state": "quarantined", "outcome": "quarantined", **fields})
    uow.add(row)
    uow.flush()
    return row.id


def _dead(uow: UnitOfWork, **fields: Any) -> OutboundRow:
    row = outbound(**{"state": "dead", "error": "Rejected 400", **fields})
    uow.add(row)
    uow.flush()
    return row


def _reported(uow: UnitOfWork, **fields: Any) -> TicketRow:
    row = ticket(meet(uow, "501").contact_id, **fields)
    uow.add(row)
    uow.flush()
    return row


def _for_citizen(uow: UnitOfWork, about: TicketRow, **fields: Any) -> OutboundRow:
    """A dead answer to the citizen of a ticket."""
    place = {"chat": "501", "for_group": False, "contact_id": about.contact_id, "ticket_id": about.id}
    return _dead(uow, **{"purpose": "answer", "queue": "telegram:501", **place, **fields})


async def test_nothing_set_aside_is_status_0(store: Store, queue: Verb) -> None:
    await store.write(lambda uow: uow.add(outbound(state="sent")))

    assert await asyncio.to_thread(queue, "dead") == (0, "     0 disisihkan\n")


async def test_what_was_set_aside_is_listed_by_cause_and_not_by_what_it_says(store: Store, queue: Verb) -> None:
    def unit(uow: UnitOfWork) -> None:
        _quarantined(uow, error="KeyError", attempts=2, raw=SECRET.encode())
        _quarantined(uow, external_id="update:2", error="KeyError", chat="08123456789")
        _dead(uow, payload=SECRET.encode(), chat="08123456789")
        _dead(uow, error="moved")  # its ticket went to another group, with everything

    await store.write(unit)
    status, said = await asyncio.to_thread(queue, "dead")

    assert status == 1
    assert "in:1 " in said
    assert "out:1 " in said
    assert "out:2 " not in said
    assert "     2 in  KeyError\n     1 out Rejected 400\n     3 disisihkan\n" in said
    assert "sejak 2026-11-24 01:00:00 UTC  dicoba 2 kali" in said
    assert "Rahasia" not in said
    assert "0812" not in said


async def test_retried_message_goes_ahead_of_those_that_came_later_and_opens_one_ticket(
    store: Store, bench: DeskBench, queue: Verb
) -> None:
    for text in ("aduan", "setuju", "Kejahatan"):
        await bench.hear(text=text)
    await bench.arrive(text="Motor saya dicuri orang di pasar")
    (story,) = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
    await store.write(lambda uow: uow.inbox.quarantine(story.id, "KeyError"))
    await bench.arrive(text="Pasar Contoh")

    status, said = await asyncio.to_thread(queue, "retry", f"in:{story.id}")
    waiting = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
    for text in ("kemarin", "tidak tahu", "selesai", "terbuka", "kirim"):
        await bench.arrive(text=text)
        await bench.handle()
    again = await asyncio.to_thread(queue, "retry", f"in:{story.id}")
    await bench.handle()

    assert (status, said) == (0, f"in:{story.id} akan diolah lagi\n")
    assert [one.id for one in waiting] == [story.id, story.id + 1]
    assert again == (1, f"in:{story.id} tidak diulang: tidak sedang disisihkan; sudah diolah, atau masih menunggu\n")
    reports = await store.read(lambda uow: uow.tickets_of([1], bench.now)[1])
    assert [b"dicuri orang" in row.complaint for row in reports] == [True]
    assert "retried" in [row.act for row in await store.read(lambda uow: list(uow.audit._rows()))]


async def test_body_that_this_version_can_read_is_taken_in(store: Store, bench: DeskBench, queue: Verb) -> None:
    await bench.arrive(text="halo")
    (one,) = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
    body = json.dumps({**json.loads(one.raw), "update_id": 77}).encode()

    def unit(uow: UnitOfWork) -> tuple[int, int]:
        read = _quarantined(uow, external_id="broken:1", kind="broken", raw=body, chat="")
        return read, _quarantined(uow, external_id="broken:2", kind="broken", raw=b"[", chat="")

    readable, unreadable = await store.write(unit)
    status, said = await asyncio.to_thread(queue, "retry", "--all")

    assert status == 1
    assert f"in:{readable} akan diolah lagi\n" in said
    assert f"in:{unreadable} tidak diulang: versi ini pun tidak dapat membacanya\n" in said
    waiting = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
    assert [row.kind for row in waiting] == ["text", "text"]


async def test_retried_answer_goes_once_and_the_card_follows(store: Store, queue: Verb) -> None:
    def unit(uow: UnitOfWork) -> int:
        return _for_citizen(uow, _reported(uow, undelivered=1), receipt="failed", attempts=3).id

    row_id = await store.write(unit)
    status, said = await asyncio.to_thread(queue, "retry", f"out:{row_id}")
    again, _ = await asyncio.to_thread(queue, "retry", f"out:{row_id}")

    assert (status, said, again) == (0, f"out:{row_id} akan dikirim lagi\n", 1)

    def look(uow: UnitOfWork) -> tuple[OutboundRow | None, TicketRow | None, list[OutboundRow]]:
        return uow.outbound(row_id), uow.ticket(1), uow.outbox.heads("telegram", NOW + timedelta(days=9999), 10)

    row, about, heads = await store.read(look)
    assert row
    assert about
    assert (row.state, row.receipt, row.attempts, about.undelivered) == ("pending", "", 0, 0)
    assert [one.purpose for one in heads] == ["answer", "card_edit"]
    acts = await store.read(lambda uow: uow.audit.of_ticket(1))
    assert [(one.act, one.actor) for one in acts] == [("retried", "operator")]


def _stopped(uow: UnitOfWork) -> int:
    about = _reported(uow)
    uow.people.stop_address(about.contact_id, "telegram", "501", NOW)
    return _for_citizen(uow, about).id


def _overtaken(event: str, uow: UnitOfWork) -> int:
    about = _reported(uow)
    uow.add(TicketEventRow(ticket_id=about.id, event=event, at=NOW, actor="901", inbound_id=7))
    return _for_citizen(uow, about, source_id=7).id


def _edited_again(uow: UnitOfWork) -> int:
    about = _reported(uow)
    first = _for_citizen(uow, about, task="edit")
    _for_citizen(uow, about, task="edit", state="sent")
    return first.id


def _handed_over(uow: UnitOfWork) -> int:
    about = _reported(uow)
    row = _for_citizen(uow, about)
    other = meet(uow, "502")
    uow.people.hand_over(about, other.contact_id, "telegram", "502")
    return row.id


def _forwarded(uow: UnitOfWork) -> int:
    about = _reported(uow, chat="-200")
    return _dead(uow, ticket_id=about.id, queue=f"telegram:-100#{about.id}").id


def _second_card(uow: UnitOfWork) -> int:
    return _dead(uow, ticket_id=_reported(uow, card_message="5").id, purpose="card").id


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # the rules are no engine's
@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (_stopped, "warga memblokir akun ini"),
        (lambda uow: _overtaken("recalled", uow), "petugas sudah menarik atau meralatnya"),
        (lambda uow: _overtaken("corrected", uow), "petugas sudah menarik atau meralatnya"),
        (_edited_again, "petugas sudah menarik atau meralatnya"),
        (_handed_over, "pelapor aduannya sekarang orang lain"),
        (_forwarded, "aduannya sudah pindah ke grup lain"),
        (lambda uow: _for_citizen(uow, _reported(uow), receipt="delivered").id, "sudah sampai"),
        (_second_card, "aduannya sudah mempunyai kartu lain"),
        (lambda uow: _dead(uow, task="answer_press").id, "ini balasan atas penekanan tombol"),
        (lambda uow: _dead(uow, task="copy").id, "berkasnya dikirim dari folder media"),
        (lambda uow: _dead(uow, state="recalled").id, "tidak sedang disisihkan"),
        (lambda _: 99, "baris itu tidak ada"),
    ],
    ids="stopped recalled corrected edited handed_over forwarded delivered card press copy taken_back unknown".split(),
)
async def test_what_must_not_go_again_is_refused_with_its_reason(
    store: Store, queue: Verb, write: Callable[[UnitOfWork], int], reason: str
) -> None:
    row_id = await store.write(write)
    status, said = await asyncio.to_thread(queue, "retry", f"out:{row_id}")

    assert status == 1
    assert f"out:{row_id} tidak diulang: {reason}" in said
    row = await store.read(lambda uow: uow.outbound(row_id))
    assert row is None or row.state in {"dead", "recalled"}


async def test_row_for_a_group_that_moved_goes_to_where_it_is_now(store: Store, queue: Verb) -> None:
    def unit(uow: UnitOfWork) -> int:
        uow.groups.move_chat("-100", "-100777")
        return _dead(uow, payload=b'{"id":0,"to":"-100","task":"text","text":"Halo"}').id

    row_id = await store.write(unit)
    assert (await asyncio.to_thread(queue, "retry", f"out:{row_id}"))[0] == 0

    row = await store.read(lambda uow: uow.outbound(row_id))
    assert row
    assert (row.chat, row.queue) == ("-100777", "telegram:-100777")
    assert payload_of(row) == Outbound(id=0, to="-100", task=Task.TEXT, text="Halo")  # whose address is the row's


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("arguments", [("retry",), ("retry", "12"), ("retry", "in:1", "--all")], ids=" ".join)
async def test_row_that_is_not_named_rightly_is_wrong_use(
    store: Store, queue: Verb, arguments: tuple[str, ...]
) -> None:
    await store.write(_quarantined)

    assert (await asyncio.to_thread(queue, *arguments))[0] == 2
    assert (await asyncio.to_thread(queue, "dead"))[0] == 1
