"""What a card says, from the rows that it is made of."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from chatbot.core.complaint import Complaint
from chatbot.services.cards import card_text
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import Bench
from tests.integration.rows import meet, ticket


@pytest.mark.parametrize(
    ("status", "words"), [("waiting", "Status: Menunggu keterangan warga"), ("assigned", "Status: Ditangani")]
)
async def test_card_speaks_to_the_officer_and_not_to_the_citizen(
    store: Store, tmp_path: Path, status: str, words: str
) -> None:
    bench = Bench(store, tmp_path)

    def card(uow: UnitOfWork) -> str:
        row = ticket(meet(uow, "501").contact_id, status=status, complaint=msgspec.json.encode(Complaint()))
        uow.add(row)
        uow.flush()
        return card_text(row, uow, bench.office)

    text = await store.write(card)
    assert words in text
    assert "Anda" not in text
