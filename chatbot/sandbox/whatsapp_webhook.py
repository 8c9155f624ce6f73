"""Deliveries to the bot: the envelope, Meta's JSON escapes, the signature, order, repeats.

First attempts to one person's lane go out in order, different lanes at the same time; a delivery that was not answered
200 is repeated with growing delay and holds nothing behind it up, so repeats arrive out of order, as Meta's do.
Refuses to know what a message means.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import aiohttp

from chatbot.sandbox.whatsapp_state import Json, Webhook

# Characters Meta writes as escapes besides non-ASCII ones; each stands inside strings only, so plain replacing is safe.
_ESCAPES = {"/": "\\/", "@": "\\u0040", "%": "\\u0025", "<": "\\u003C"}
_ANSWER_WITHIN = aiohttp.ClientTimeout(total=20)
_OK = 200


class CallbackRefusedError(Exception):
    """The callback URL failed the handshake, so Meta would not save it."""


@dataclass(frozen=True)
class Item:
    """One message or status on its way: ``part`` is ``messages`` or ``statuses``, ``contact`` its contacts entry."""

    lane: str
    part: str
    payload: Json
    contact: Json | None


def meta_json(value: Any) -> bytes:
    """Return JSON bytes with the escapes that Meta uses, so that only a hash of the raw body fits the signature."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for plain, escaped in _ESCAPES.items():
        text = text.replace(plain, escaped)
    return text.encode("ascii")


class Courier:
    """Carries webhooks to one callback URL.

    Args:
        app_secret: Key of the signature.
        account_id: ``entry[].id``, the WhatsApp Business Account.
        metadata: ``value.metadata`` of every change.
        retry_delays: Seconds before each repeat; afterwards the delivery is given up.
        changed: Called after every attempt.
        clock: Aware UTC time.
        connections: How many at once; 0 for as many as there are deliveries.
    """

    def __init__(
        self,
        app_secret: str,
        account_id: str,
        metadata: Json,
        retry_delays: Sequence[float],
        changed: Callable[[], None],
        clock: Callable[[], datetime],
        connections: int,
    ) -> None:
        self.webhooks: list[Webhook] = []
        self._secret = app_secret.encode()
        self._account_id = account_id
        self._metadata = metadata
        self._retry_delays = retry_delays
        self._changed = changed
        self._clock = clock
        self._connections = connections
        self._callback_url: str | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._held: list[Item] | None = None

    async def connect(self, callback_url: str, verify_token: str) -> None:
        """Do Meta's GET handshake and, when the challenge comes back, deliver to this URL from now on.

        Raises:
            CallbackRefusedError: Another status than 200, another body than the challenge, or no answer at all.
        """
        challenge = str(10**9 + secrets.randbelow(9 * 10**9))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            async with self._client().get(callback_url, params=query, allow_redirects=False) as answer:
                body = await answer.read()
                if answer.status != _OK or body != challenge.encode():
                    raise CallbackRefusedError(
                        "The callback URL or verify token couldn't be validated. "
                        f"HTTP status {answer.status}, challenge {'not ' * (body != challenge.encode())}echoed."
                    )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CallbackRefusedError(f"The callback URL could not be reached: {type(error).__name__}.") from error
        self._callback_url = callback_url

    async def close(self) -> None:
        """Stop every delivery under way and give the connections back."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def idle(self) -> bool:
        """Whether every delivery has been answered 200 or given up."""
        return not self._tasks

    def hold(self) -> None:
        """Collect items from now on instead of sending them."""
        self._held = []

    def release(self, shuffled: Random | None = None) -> None:
        """Send everything collected since ``hold`` in one body, in an odd order where one is given."""
        items, self._held = self._held or [], None
        if shuffled:
            shuffled.shuffle(items)
        if items:
            self._send(items[0].lane, self._batch(items))

    def put(self, item: Item) -> None:
        """Send one item as a webhook of its own, or collect it while held. A number without a callback URL drops it."""
        if self._held is not None:
            self._held.append(item)
        else:
            self._send(item.lane, self._envelope([[_value_of([item], self._metadata)]]))

    def forget(self, before: datetime) -> None:
        """Forget the deliveries that ended before a moment."""
        self.webhooks[:] = [
            one for one in self.webhooks if not (one.done and one.attempted_at and one.attempted_at < before)
        ]

    async def raw(self, body: bytes, signature: str | None) -> int:
        """Post given bytes once and return the HTTP status of the answer.

        Args:
            body: The raw body.
            signature: Value of the signature header; None for the right one, empty for no header.
        """
        header = self._sign(body) if signature is None else signature
        webhook = Webhook(body, header or None)
        self.webhooks.append(webhook)
        status = await self._attempt(webhook)
        webhook.done = True
        return status

    def _batch(self, items: Sequence[Item]) -> Json:
        # Neighbours of one person and part share a change, an entry takes two changes: all three levels get several.
        runs: list[list[Item]] = []
        for item in items:
            if runs and (runs[-1][0].lane, runs[-1][0].part) == (item.lane, item.part):
                runs[-1].append(item)
            else:
                runs.append([item])
        values = [_value_of(run, self._metadata) for run in runs]
        return self._envelope([values[start : start + 2] for start in range(0, len(values), 2)])

    def _envelope(self, entries: Sequence[Sequence[Json]]) -> Json:
        return {
            "object": "whatsapp_business_account",
            "entry": [
                {"id": self._account_id, "changes": [{"value": value, "field": "messages"} for value in values]}
                for values in entries
            ],
        }

    def _send(self, lane: str, envelope: Json) -> None:
        if self._callback_url is None:
            return
        body = meta_json(envelope)
        webhook = Webhook(body, self._sign(body))
        self.webhooks.append(webhook)
        self._lanes[lane] = self._start(self._first(lane, webhook, self._lanes.get(lane)))

    async def _first(self, lane: str, webhook: Webhook, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        if await self._attempt(webhook) == _OK or not self._retry_delays:
            webhook.done = True
        else:
            self._start(self._repeat(webhook))
        if self._lanes.get(lane) is asyncio.current_task():
            del self._lanes[lane]

    async def _repeat(self, webhook: Webhook) -> None:
        for delay in self._retry_delays:
            await asyncio.sleep(delay)
            if await self._attempt(webhook) == _OK:
                break
        webhook.done = True

    async def _attempt(self, webhook: Webhook) -> int:
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if webhook.signature is not None:
            headers["X-Hub-Signature-256"] = webhook.signature
        status = 0
        try:
            async with self._client().post(
                self._callback_url or "", data=webhook.body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        webhook.attempts.append(status)
        webhook.attempted_at = self._clock()
        self._changed()
        return status

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changed()
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(timeout=_ANSWER_WITHIN, connector=connector)
        return self._session

    def _sign(self, body: bytes) -> str:
        return "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()


def _value_of(items: Sequence[Item], metadata: Json) -> Json:
    value: Json = {"messaging_product": "whatsapp", "metadata": metadata}
    contacts = [item.contact for item in items if item.contact is not None]
    if contacts:
        value["contacts"] = [contact for i, contact in enumerate(contacts) if contact not in contacts[:i]]
    value[items[0].part] = [item.payload for item in items]
    return value
