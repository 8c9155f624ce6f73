"""Rows that tests write, with only what matters to them named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chatbot.store.queue import lane_of
from chatbot.store.tables import AddressRow, OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def inbound(
    external_id: str, *, chat: str = "501", body: str = "b", road: str = "citizen", urgent: bool | None = None
) -> dict[str, Any]:
    return {
        "channel": "telegram",
        "account": "7",
        "external_id": external_id,
        "body_hash": body,
        "road": road,
        "lane": lane_of(chat),
        "kind": "text",
        "urgent": urgent,
        "chat": chat,
        "message_id": external_id,
        "at": NOW,
        "received_at": NOW,
        "state": "stored",
        "outcome": "",
        "error": "",
        "raw": b"{}",
    }


def meet(uow: UnitOfWork, chat: str) -> AddressRow:
    return uow.people.meet({("telegram", chat): "Warga"}, NOW)["telegram", chat]


def ticket(contact_id: int, number: str = "1234567890", **fields: Any) -> TicketRow:
    values: dict[str, Any] = {
        "number": number,
        "contact_id": contact_id,
        "channel": "telegram",
        "address": "501",
        "status": "received",
        "category": "lainnya",
        "identity": "open",
        "chat": "-100",
        "opened_at": NOW,
        "updated_at": NOW,
    }
    return TicketRow(**{**values, **fields})


def outbound(**fields: Any) -> OutboundRow:
    values: dict[str, Any] = {
        "channel": "telegram",
        "chat": "-100",
        "for_group": True,
        "queue": "telegram:-100",
        "task": "text",
        "due_at": NOW,
        "created_at": NOW,
    }
    return OutboundRow(**{**values, **fields})
