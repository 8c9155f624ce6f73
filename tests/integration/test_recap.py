"""What a recap counts, on real rows of both engines."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from chatbot.core import ticket as tickets
from chatbot.services.recap import Recap, Span, span
from chatbot.store.store import Store
from chatbot.store.tables import TicketEventRow, TicketRow
from tests.integration.rows import NOW
from tests.integration.view_rows import HOUR, OFFICE, OFFICER, PROPAM, Rows


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


def test_recap_counts_the_regions_days_and_not_those_of_utc(rows: Rows) -> None:
    today = date(2026, 11, 24)
    before = rows(opened_at=datetime(2026, 11, 23, 16, 59, tzinfo=UTC))  # 23.59 WIB, 00.59 WITA
    first = rows(opened_at=datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    rows(opened_at=datetime(2026, 11, 24, 17, 0, tzinfo=UTC))

    def opened(day: date, timezone: str) -> list[str]:
        return [tickets.spoken(one.number) for one in rows.figures(Span(day, day), timezone=timezone).opened]

    assert opened(today, "Asia/Jakarta") == [first]
    assert opened(today - timedelta(days=1), "Asia/Jakarta") == [before]
    assert opened(today, "Asia/Makassar") == [before, first]


def test_recap_counts_what_happened_in_its_days_whenever_the_ticket_came(rows: Rows, store: Store) -> None:
    day = Span(date(2026, 11, 24), date(2026, 11, 24))
    rows("x", ("closed", 71 * HOUR, "y"), ("rated", 71 * HOUR, "4"), age=72 * HOUR, status="closed", rating=4)
    rows("x", ("closed", 2 * HOUR, "y"), ("reopened", 71 * HOUR, ""), age=72 * HOUR)
    rows("x", ("closed", 70 * HOUR, "y"), ("reopened", 70 * HOUR, ""), ("closed", 71 * HOUR, "z"), age=72 * HOUR)
    rows("x", ("closed", HOUR, "y"), ("rated", HOUR, "1"), age=72 * HOUR, status="closed", rating=1)  # long ago
    rows("x", ("closed", 71 * HOUR, "y"), ("rated", 71 * HOUR, "1"), age=72 * HOUR, chat=PROPAM, rating=1)
    rows("x", age=HOUR)
    with store.begin() as uow:  # closed, and recalled within five seconds
        for name in ("closed", "recalled"):
            uow.add(TicketEventRow(ticket_id=6, event=name, at=NOW, actor=OFFICER, inbound_id=9))
            uow.flush()
    counted = rows.figures(day, NOW + HOUR)

    assert [at.hour for at in sorted(counted.closed)] == [0, 0]
    assert (counted.reopened, counted.marks) == (2, (4,))
    assert (len(counted.opened), len(counted.waiting)) == (1, 3)


def test_first_answer_is_the_first_word_to_the_citizen(rows: Rows) -> None:
    rows("x", ("assigned", HOUR, ""), ("noted", 2 * HOUR, "n"), ("asked", 3 * HOUR, "?"), ("answered", 4 * HOUR, "!"))
    (one,) = rows.figures(Span(date(2026, 11, 24), date(2026, 11, 24))).waiting

    assert one.answered_at == one.opened_at + 3 * HOUR


def test_share_in_time_goes_by_each_tickets_clock_and_its_first_course(rows: Rows) -> None:
    day = Span(date(2026, 11, 24), date(2026, 11, 24))
    at = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    came: dict[str, Any] = {"opened_at": at, "category": "kriminal"}  # 8 hours to answer
    rows("x", ("answered", 7 * HOUR, "!"), **came)
    rows("x", ("answered", 9 * HOUR, "!"), **came)
    rows("x", ("closed", 8 * HOUR, "!"), ("reopened", 9 * HOUR, ""), **came)  # the reopening is another duty
    rows("x", **came)
    rows("x", **{**came, "alert": True})

    assert rows.figures(day, at + 8 * HOUR).in_time == (True, False, True, None, False)
    assert rows.figures(day, at + 10 * HOUR).in_time == (True, False, True, False, False)


def test_picture_has_a_bar_for_each_hour_or_day_of_the_region(rows: Rows) -> None:
    rows("x", ("closed", HOUR, "y"), opened_at=datetime(2026, 11, 23, 17, 30, tzinfo=UTC))
    recap = Recap(OFFICE, NOW, Span(date(2026, 11, 24), date(2026, 11, 24)))
    counted = rows.figures(Span(date(2026, 11, 24), date(2026, 11, 24)))
    moved = replace(counted, opened=tuple(_later(one) for one in counted.opened))

    assert Image.open(io.BytesIO(recap.picture(counted))).size == (800, 400)
    assert recap.picture(counted) != recap.picture(moved)
    week = span("minggu", date(2026, 11, 24))
    assert week is not None
    by_day = Recap(OFFICE, NOW, week)
    assert by_day.picture(counted) == by_day.picture(moved)


def _later(row: TicketRow) -> TicketRow:
    return TicketRow(category=row.category, opened_at=row.opened_at + HOUR)
