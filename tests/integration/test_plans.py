"""What is asked again and again is found by an index, however many messages there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event as listening

from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork

_NOW = datetime(2026, 11, 29, tzinfo=UTC)
_SMALL = ("outbound_live", "outbound_held", "media_wanted")  # indexes of those rows only that wait
_ASKED: dict[str, Callable[[UnitOfWork], object]] = {
    "rows marked as under way": lambda uow: uow.outbox.left_in_flight("telegram"),
    "a template that was sent": lambda uow: uow.template_sent(1, "62812", _NOW),
    "files to be fetched": lambda uow: uow.media.wanted(_NOW, 5, without=[1]),
    "what waits for a group that moves": lambda uow: uow.groups.move_chat("-1001", "-1002"),
    "what is to go out": lambda uow: uow.outbox.heads("telegram", _NOW, 5),
    "when the next row is due": lambda uow: uow.outbox.next_due("telegram", _NOW),
    "what a citizen waits for": lambda uow: uow.guards.release_held("whatsapp", ["62812"], _NOW),
    "what is to be handled": lambda uow: uow.inbox.waiting("citizen", 5, ["telegram"]),
}


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by what is in the tables
@pytest.mark.parametrize("what", _ASKED)
async def test_no_question_of_the_loops_reads_a_whole_table(store: Store, what: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: Any) -> None:
        asked.append((statement, values))

    with store.begin() as uow:
        listening.listen(store.engine, "before_cursor_execute", note)
        _ASKED[what](uow)
        listening.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        steps = [
            row[3]
            for statement, values in asked
            if statement.startswith(("SELECT", "UPDATE"))
            for row in connection.exec_driver_sql(f"explain query plan {statement}", values)
        ]

    assert steps
    whole = [step for step in steps if step.startswith(("SCAN inbound", "SCAN outbound", "SCAN media"))]
    assert [step for step in whole if not step.endswith(_SMALL)] == []
