"""Storing what the platforms deliver, before anyone understands it.

Owns the way from an authenticated body to committed rows. Refuses to answer a platform: whoever called does that, and
only after ``store`` returned.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec

from chatbot import metrics
from chatbot.channels.base import Channel, Parsed, Unparsable
from chatbot.core.intent import clean, is_emergency
from chatbot.core.message import Inbound, Kind
from chatbot.logs import failure, log
from chatbot.services.backlog import LATE, Backlog
from chatbot.store.outbox import DeliveryReceipt
from chatbot.store.queue import CITIZEN, DESK, Stored, lane_of
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_AT_ONCE = 32  # messages of one body that are looked at in one go
_TOGETHER = 256  # requests to one transaction: enough to share a flush, few enough that none waits long


def road_of(message: Inbound) -> str:
    """Which loop takes a message: the citizens' one, or the groups' one, which has to ask the platform for rights."""
    return CITIZEN if message.private or message.kind == Kind.RECEIPT else DESK


def read(channel: Channel, body: bytes) -> Parsed:
    """What an authenticated body holds; all of it broken where it cannot be read at all, whatever the reason."""
    try:
        return channel.parse(body)
    except Unparsable as unparsable:
        return Parsed((), ((body, str(unparsable)),))
    except Exception as error:  # noqa: BLE001  our own fault must not have the platform repeat the body for days
        log().error("parse_broke", channel=channel.name, **failure(error))
        return Parsed((), ((body, f"broke {type(error).__name__}"),))


class _Delivery(NamedTuple):
    """What one body holds: rows of the inbox, and how our own messages came on."""

    rows: list[dict[str, Any]]
    receipts: list[DeliveryReceipt]


class Intake:
    """Takes bodies in."""

    def __init__(self, store: Store, clock: Callable[[], datetime], wake: Callable[[Collection[str]], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._backlog = Backlog()
        self._waiting: list[tuple[_Delivery, asyncio.Future[Stored]]] = []
        self._flushing: asyncio.Task[None] | None = None

    @property
    def is_catching_up(self) -> bool:
        """Whether what comes in waited long at the platforms, so that it is better to take it all in first."""
        return self._backlog.is_on(time.monotonic())

    async def store(self, channel: Channel, body: bytes) -> None:
        """Keep every item of an authenticated body. When this returns, it is on the disk.

        Raises:
            StoreUnavailable: nothing was kept; the platform should repeat.
        """
        now = self._clock()
        parsed = read(channel, body)
        rows = []
        receipts = []
        for message in parsed.messages:
            if is_on_its_way(message):
                receipts.append(message)
                continue
            rows.append(row_of(message, now))
            if len(rows) % _AT_ONCE == 0:
                await asyncio.sleep(0)  # a batch of a thousand must not hold up everything else
        rows += [_broken(channel, raw, reason, now) for raw, reason in parsed.broken]
        delivery = _Delivery(rows, [one for message in receipts if (one := delivery_receipt_of(message))])
        stored = await self._add(delivery) if any(delivery) else Stored(0, 0, 0)
        metrics.delivery_receipts.labels(channel.name).inc(len(receipts))
        if not rows:
            return
        self._backlog.took(sum(now - row["at"] > LATE for row in rows), time.monotonic())
        metrics.received.labels(channel.name).inc(stored.new)
        metrics.duplicates.labels(channel.name).inc(stored.duplicates)
        metrics.id_conflicts.labels(channel.name).inc(stored.conflicts)
        for _, reason in parsed.broken:
            metrics.quarantined.labels(channel.name, "unreadable").inc()
            log().warning("quarantined", channel=channel.name, reason=reason)
        if stored.conflicts or parsed.broken:
            log().info(
                "stored", channel=channel.name, new=stored.new, duplicates=stored.duplicates, conflicts=stored.conflicts
            )
        self._wake({row["road"] for row in rows})

    async def _add(self, delivery: _Delivery) -> Stored:
        """Add rows together with those of every other request that waits: one transaction, one flush to the disk."""
        future: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, future))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        return await future

    async def _flush(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            try:
                deliveries = [delivery for delivery, _ in together]
                stored = await self._store.write(partial(_add_all, deliveries, self._clock()))
            except Exception as error:  # noqa: BLE001  each request is told, and answers 503
                if not isinstance(error, StoreUnavailable):
                    log().error("intake_broke", count=len(together), **failure(error))
                for _, future in together:
                    if not future.done():
                        future.set_exception(StoreUnavailable(type(error).__name__))
                continue
            for (_, future), one in zip(together, stored, strict=True):
                if not future.done():
                    future.set_result(one)


def _add_all(deliveries: Sequence[_Delivery], now: datetime, uow: UnitOfWork) -> list[Stored]:
    if any(row["state"] == "quarantined" for rows, _ in deliveries for row in rows):
        uow.alarms.note("aside", now)
    uow.outbox.arrived([receipt for _, receipts in deliveries for receipt in receipts])
    return uow.inbox.add([rows for rows, _ in deliveries])


def is_on_its_way(message: Inbound) -> bool:
    """Whether a platform says no more than that a message of ours came on; that it failed is for officers to hear."""
    return message.kind == Kind.RECEIPT and message.status != "failed"


def delivery_receipt_of(message: Inbound) -> DeliveryReceipt | None:
    """What such a word changes; None: nothing, as where a message was sent, which the answer to the call said."""
    if not is_on_its_way(message) or message.status == "sent" or message.outbound_id is None:
        return None
    return DeliveryReceipt(message.outbound_id, message.status, message.target)


def row_of(message: Inbound, now: datetime) -> dict[str, Any]:
    """A message as it is stored before it is understood."""
    return {
        "channel": message.channel,
        "account": message.account,
        "external_id": message.external_id,
        "body_hash": _essence(message),
        "road": road_of(message),
        "lane": lane_of(message.chat),
        "kind": str(message.kind),
        "urgent": _is_urgent(message),
        "chat": message.chat,
        "message_id": message.message_id,
        "at": message.at,
        "received_at": now,
        "state": "stored",
        "outcome": "",
        "error": "",
        "raw": message.raw,
    }


def _is_urgent(message: Inbound) -> bool | None:
    """Whether a citizen's words speak of danger, so that they are handled before what came earlier from others.

    None where nobody can say, or nobody asks: it is then found when the message is handled.
    """
    if not message.private or not message.text:
        return None
    try:
        return is_emergency(clean(message.text))
    except Exception as error:  # noqa: BLE001  nothing that somebody writes may keep his message from being stored
        log().error("urgency_unknown", channel=message.channel, **failure(error))
        return None


def _essence(message: Inbound) -> str:
    """Hash of what was said. What a repeated delivery may word differently (a profile name) is no part of it."""
    said = (
        message.kind,
        message.chat,
        message.author,
        message.message_id,
        message.thread,
        message.reply_to,
        message.text,
        message.choice,
        message.attachment.ref if message.attachment else "",
        message.place,
        message.target,
        message.status,
        message.error,
        message.moved_to,
    )
    return hashlib.sha256(msgspec.msgpack.encode(said)).hexdigest()[:32]


def _broken(channel: Channel, raw: bytes, reason: str, now: datetime) -> dict[str, Any]:
    digest = hashlib.sha256(raw).hexdigest()
    return {
        "channel": channel.name,
        "account": channel.account,
        "external_id": f"broken:{digest[:32]}",
        "body_hash": digest[:32],
        "road": CITIZEN,
        "lane": 0,
        "kind": "broken",
        "urgent": None,
        "chat": "",
        "message_id": "",
        "at": now,
        "received_at": now,
        "state": "quarantined",
        "outcome": "quarantined",
        "error": reason,
        "raw": raw,
    }
