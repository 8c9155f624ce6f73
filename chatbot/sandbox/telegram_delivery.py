"""Owns how updates reach the bot: long polling or webhook, never both; refuses to make updates."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import Any

import aiohttp

from chatbot.sandbox.telegram_errors import ApiError, bad_request
from chatbot.sandbox.telegram_params import Params
from chatbot.sandbox.telegram_state import Json, World
from chatbot.sandbox.telegram_updates import DEFAULT_KINDS, Pending, UpdateQueue

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_URL = re.compile(r"https?://[^\s/:]+(:\d+)?(/\S*)?")
_MAX_SECRET = 256
_MAX_CONNECTIONS = 100
_DEFAULT_CONNECTIONS = 40
_MAX_POLL_SECONDS = 50
_MAX_RETRY_AFTER = 3600
_ANSWER_SECONDS = 60
_OK = range(200, 300)


class Delivery:
    """The way out for updates.

    Args:
        world: for its clock and its bell.
        queue: where the updates wait.
        first_delay: seconds before a refused webhook call is repeated; doubles each time.
        last_delay: the longest such pause, in seconds.
    """

    def __init__(self, world: World, queue: UpdateQueue, *, first_delay: float, last_delay: float) -> None:
        self._world = world
        self._queue = queue
        self._delays = (first_delay, last_delay)
        self._url = ""
        self._secret = ""
        self._connections = _DEFAULT_CONNECTIONS
        self._last_error: tuple[int, str] | None = None
        self._poll: asyncio.Future[str] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def polling(self) -> bool:
        """Whether a getUpdates call hangs."""
        return self._poll is not None

    @property
    def webhook_error(self) -> str:
        """Why the latest webhook call failed; empty if none did."""
        return self._last_error[1] if self._last_error else ""

    # Polling

    async def get_updates(self, params: Params) -> list[Pending]:
        """What to answer to getUpdates.

        Raises:
            ApiError: 409 with a webhook set, or when a later call has taken this one's place.
        """
        if self._url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._end_poll(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        self._remember_kinds(params)
        limit = min(max(params.integer("limit", 100), 1), 100)
        timeout = min(max(params.integer("timeout"), 0), _MAX_POLL_SECONDS)
        if params.integer("offset"):
            self._queue.confirm_below(params.integer("offset"))
        poll = self._poll = asyncio.get_running_loop().create_future()
        self._world.bell.ring()
        try:
            async with asyncio.timeout(timeout or None):
                while not (waiting := self._queue.waiting()) and timeout:
                    await self._next_change(poll)
                return waiting[:limit]
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None

    async def _next_change(self, poll: asyncio.Future[str]) -> None:
        bell = asyncio.create_task(self._world.bell.wait())
        waits: set[asyncio.Future[Any]] = {bell, poll}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            bell.cancel()
        if poll.done():
            raise ApiError(409, poll.result())

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)
        self._poll = None

    def _remember_kinds(self, params: Params) -> None:
        kinds = params.json("allowed_updates", "allowed updates") if params.text("allowed_updates") else None
        if isinstance(kinds, list):
            self._queue.allow(kinds)

    # Webhook

    async def set_webhook(self, params: Params) -> bool:
        """Answer setWebhook; unlike the real one it takes http and any port, since it calls this machine only.

        Raises:
            ApiError: 400 for a bad address or secret.
        """
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return await self.delete_webhook(params)
        if not _URL.fullmatch(url):
            raise bad_request("invalid webhook URL specified")
        if len(secret) > _MAX_SECRET:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self._end_poll("Conflict: terminated by setWebhook request")
        await self._stop_sender()
        self._remember_kinds(params)
        if params.boolean("drop_pending_updates"):
            self._queue.clear()
        self._url, self._secret, self._last_error = url, secret, None
        self._connections = min(max(params.integer("max_connections", _DEFAULT_CONNECTIONS), 1), _MAX_CONNECTIONS)
        self.resume()
        return True

    async def delete_webhook(self, params: Params) -> bool:
        """Answer deleteWebhook: what waits goes on waiting unless it is to be dropped."""
        await self._stop_sender()
        self._url = self._secret = ""
        self._last_error = None
        if params.boolean("drop_pending_updates"):
            self._queue.clear()
        return True

    async def get_webhook_info(self, _: Params) -> Json:
        """Answer getWebhookInfo."""
        wire: Json = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue.waiting()),
        }
        if self._last_error is not None:
            wire |= {"last_error_date": self._last_error[0], "last_error_message": self._last_error[1]}
        if self._url:
            wire |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        if self._queue.allowed != DEFAULT_KINDS:
            wire["allowed_updates"] = list(self._queue.allowed)
        return wire

    def resume(self) -> None:
        """Call the webhook, if one is set and nobody calls it yet."""
        if self._url and self._sender is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS))
            self._sender = asyncio.create_task(self._send_all())

    async def close(self) -> None:
        """End the poll that hangs and every webhook call."""
        if self._poll is not None:
            self._poll.cancel()
        await self._stop_sender()

    async def _stop_sender(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sender
            self._sender = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send_all(self) -> None:
        lanes: dict[tuple[str, int], asyncio.Task[None]] = {}
        room = asyncio.Semaphore(self._connections)
        try:
            while True:
                for lane in dict.fromkeys(pending.lane for pending in self._queue.waiting()):
                    if lane not in lanes or lanes[lane].done():
                        lanes[lane] = asyncio.create_task(self._send_lane(lane, room))
                await self._world.bell.wait()
        finally:
            for task in lanes.values():
                task.cancel()
            await asyncio.gather(*lanes.values(), return_exceptions=True)

    async def _send_lane(self, lane: tuple[str, int], room: asyncio.Semaphore) -> None:
        """Send a lane's head until it is taken; what stands behind it waits."""
        refused: Pending | None = None
        delay, longest = self._delays
        while head := next((pending for pending in self._queue.waiting() if pending.lane == lane), None):
            if head is not refused:
                delay = self._delays[0]
            async with room:
                wait = await self._call(head.wire)
            if wait is None:
                self._queue.confirm(head)
                continue
            refused = head
            await asyncio.sleep(wait or delay)
            delay = min(delay * 2, longest)

    async def _call(self, body: bytes) -> float | None:
        """One webhook call: None when it was taken, else the seconds the other side asked to wait, or 0."""
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        session = self._session
        if session is None:
            return 0
        try:
            async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                if answer.status in _OK:
                    return None
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                wait = _seconds(answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError):
            problem, wait = "Connection failed", 0
        self._last_error = (self._world.now(), problem)
        self._world.bell.ring()
        return wait


def _seconds(header: Any) -> int:
    return min(int(header), _MAX_RETRY_AFTER) if isinstance(header, str) and header.isdigit() else 0
