"""Which days a recap covers, and what its words say of figures; the rows are counted in the integration tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chatbot.channels.base import plain, utf16_length
from chatbot.channels.telegram_send import MAX_CAPTION
from chatbot.core.complaint import CATEGORIES, EMERGENCY, QUESTION
from chatbot.services.recap import Figures, Recap, Span, span
from chatbot.store.tables import TicketRow
from chatbot.store.tickets import Course
from tests.unit.small_office import small_office

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)  # 15.30 WIB
DAY = Span(TODAY, TODAY)


def ticket(category: str = "lalin", *, alert: bool = False) -> TicketRow:
    return TicketRow(category=category, alert=alert, opened_at=NOW)


def course(hours_ago: float, answered: float | None = None) -> Course:
    """A ticket that came so long ago, and was first answered so many hours later."""
    opened = NOW - timedelta(hours=hours_ago)
    return Course("1234567894", opened, None if answered is None else opened + timedelta(hours=answered))


def figures(*opened: TicketRow, **fields: Any) -> Figures:
    nothing: dict[str, Any] = dict.fromkeys(("in_time", "closed", "marks", "waiting"), ())
    values = {**nothing, "rejected": 0, "reopened": 0, **fields}
    return Figures(opened=opened, **values)


def text(counted: Figures, days: Span = DAY, locale: str = "id") -> list[str]:
    return plain(Recap(small_office(NOW, locale=locale), NOW, days).text(counted)).splitlines()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("", TODAY, TODAY),
        ("Hari  ini", TODAY, TODAY),
        ("kemarin", date(2026, 11, 23), date(2026, 11, 23)),
        ("minggu", date(2026, 11, 18), TODAY),
        ("week", date(2026, 11, 18), TODAY),
    ],
)
def test_recap_covers_the_days_that_are_asked_for(asked: str, first: date, last: date) -> None:
    assert span(asked, TODAY) == Span(first, last)


@pytest.mark.parametrize("asked", ["bulan", "minggu lalu", "kemarin dulu", "24 November"])
def test_days_that_we_do_not_know_are_not_guessed(asked: str) -> None:
    assert span(asked, TODAY) is None


def test_quiet_day_is_told_in_few_words() -> None:
    assert text(figures()) == [
        "Rekap 24 November 2026",
        "Masuk: 0 (darurat: 0)",
        "Selesai: 0 · ditolak: 0 · dibuka lagi: 0",
        "Masih terbuka: tidak ada",
    ]


def test_busy_day_is_told_with_every_figure() -> None:
    counted = figures(
        ticket(),
        ticket("siber"),
        ticket("siber"),
        ticket(alert=True),
        in_time=(True, False, False, None),
        closed=(NOW, NOW),
        rejected=1,
        reopened=1,
        marks=(5, 4, 4),
        waiting=(course(3), course(75), course(50, 1)),
    )

    assert text(counted) == [
        "Rekap 24 November 2026",
        "Masuk: 4 (darurat: 1)",
        "Jawaban pertama tepat waktu: 1 dari 3 (33%)",
        "Selesai: 2 · ditolak: 1 · dibuka lagi: 1",
        "Penilaian rata-rata: 4,3 dari 5 (3 penilaian)",
        "Masih terbuka: 3, paling lama #123-456-7894 sejak 21 November 2026 12.30 WIB",
        "Belum dijawab lebih dari 2 hari: 1",
        "Jenis: Kejahatan daring 2, Lalu lintas 2",
    ]


def test_week_is_named_by_its_first_and_last_day_and_in_english_too() -> None:
    week = Span(date(2026, 11, 18), TODAY)

    assert text(figures(), week)[0] == "Rekap 18 November 2026 sampai 24 November 2026"
    assert text(figures(marks=(4, 5)), week, "en")[3] == "Average mark: 4.5 of 5 (2 marks)"


@pytest.mark.parametrize("locale", ["id", "en"])
def test_fullest_recap_fits_under_a_picture(locale: str) -> None:
    names = (*CATEGORIES, QUESTION, EMERGENCY)
    counted = figures(
        *(ticket(names[n % len(names)]) for n in range(9999 * 2)),
        in_time=(True,) * 9999 * 2,
        closed=(NOW,) * 9999,
        reopened=9999,
        marks=(5,) * 9999,
        waiting=(course(75),) * 9999,
    )
    words = "\n".join(text(counted, Span(date(2026, 9, 18), TODAY), locale))

    assert utf16_length(words) < MAX_CAPTION
