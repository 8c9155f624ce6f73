"""Owns the sandbox's Telegram: a local server that speaks the Bot API, with the phones of citizens and officers.

Refuses to import anything of the bot: it is the other side of the wire, and as strict as the real one. What it
leaves out: other parse modes than HTML, remote files by address, method calls in the answer to a webhook call,
payments, polls, stickers sent by the bot. Everything runs in one event loop; the phones' deeds are plain calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from aiohttp import web

from chatbot.sandbox.telegram_delivery import Delivery
from chatbot.sandbox.telegram_faults import Fault, Mode
from chatbot.sandbox.telegram_groups import Groups
from chatbot.sandbox.telegram_render import shown
from chatbot.sandbox.telegram_server import NAMES, BotApiServer, Call, summary
from chatbot.sandbox.telegram_state import Clock, Json, Topic, World
from chatbot.sandbox.telegram_updates import UpdateQueue

T = TypeVar("T")
_LAST_ANSWERS_SECONDS = 0.1
_TYPING = timedelta(seconds=5)
_OK = 200


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramSandbox(Groups):
    """One bot's Telegram.

    Args:
        token: the bot's token, "<bot id>:<secret>".
        bot_username: its name without "@".
        limits: whether flood limits answer 429.
        privacy: whether the bot, where it is no administrator, sees only what is meant for it.
        webhook_delays: first and longest pause before a refused webhook call is repeated, in seconds.
        clock: the present moment, aware; dates, expiry and flood limits follow it.
    """

    def __init__(
        self,
        token: str,
        *,
        bot_username: str = "tanggap_bot",
        limits: bool = False,
        privacy: bool = True,
        webhook_delays: tuple[float, float] = (0.05, 1.0),
        clock: Clock = _utc_now,
    ) -> None:
        bot_id = int(token.partition(":")[0])
        world = World(bot_username=bot_username, bot_id=bot_id, privacy=privacy, clock=clock)
        super().__init__(world, UpdateQueue(world))
        self.token = token
        self._delivery = Delivery(world, self.updates, first_delay=webhook_delays[0], last_delay=webhook_delays[1])
        self._server = BotApiServer(world, self._delivery, token=token, limits=limits)
        self._runner: web.AppRunner | None = None
        self._url = ""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; port 0 takes a free one. Returns the address without "/bot".

        After `stop` it may be called again, with the old port, as after an outage: a webhook still set is called again.
        """
        self._runner = web.AppRunner(
            self._server.application(), access_log=None, shutdown_timeout=_LAST_ANSWERS_SECONDS
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self._url = f"http://{host}:{bound[1]}"
        self._delivery.resume()
        return self._url

    async def stop(self) -> None:
        """Hang up on everyone; what exists stays readable."""
        await self._delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """The address without "/bot"; empty before `start`."""
        return self._url

    @property
    def calls(self) -> list[Call]:
        """The bot's calls with a right token and a known method, oldest first."""
        return list(self._server.calls)

    def calls_of(self, *methods: str) -> list[Call]:
        """The calls of these methods."""
        return [call for call in self._server.calls if call.method in methods]

    def typing(self, chat_id: int) -> bool:
        """Whether the chat shows "typing": from the bot's call until its next message, 5 seconds at most."""
        for call in reversed(self._server.calls):
            if self.world.clock() - call.time > _TYPING:
                return False
            if call.chat_id == chat_id and call.status == _OK and call.method.startswith(("send", "copy")):
                return call.method == "sendChatAction"
        return False

    def messages(self, chat_id: int, thread: int | None = None) -> list[Json]:
        """What stands in a chat, or in one topic of it, in order; see `telegram_render.shown` for the fields."""
        return [
            shown(self.world, message)
            for message in self.world.in_chat(chat_id)
            if thread is None or message.thread_id == thread
        ]

    def bot_messages(self, chat_id: int, thread: int | None = None) -> list[Json]:
        """Those of `messages` that the bot sent and nobody deleted, without service messages."""
        return [
            shown(self.world, message)
            for message in self.world.in_chat(chat_id)
            if message.sender_id == self.world.bot.id
            and not message.deleted
            and not message.service
            and (thread is None or message.thread_id == thread)
        ]

    def topics(self, chat_id: int) -> list[Topic]:
        """The topics of a forum, deleted ones included."""
        return list(self.world.chats[chat_id].topics.values())

    @property
    def answers(self) -> dict[str, Json]:
        """Callback query id to the bot's answer: text, show_alert, url."""
        return dict(self.world.answers)

    @property
    def polling(self) -> bool:
        """Whether a getUpdates call hangs, waiting for an update."""
        return self._delivery.polling

    @property
    def webhook_error(self) -> str:
        """Why the latest webhook call failed, as getWebhookInfo tells it; empty if none did."""
        return self._delivery.webhook_error

    async def answer_to(self, query_id: str, timeout: float = 10) -> Json:
        """The bot's answer to a press, waited for.

        Raises:
            TimeoutError: none came in ``timeout`` seconds.
        """
        return await self.wait_for(lambda _: self.world.answers.get(query_id), timeout)

    async def wait_for(
        self,
        predicate: Callable[[TelegramSandbox], T | None],
        timeout: float = 10,
    ) -> T:
        """Wait until ``predicate`` gives something true, asked again at every change; returns that.

        Args:
            predicate: asked with this sandbox; None, False and empty lists mean "not yet".
            timeout: seconds.

        Raises:
            TimeoutError: with the latest calls by method and status.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate(self)):
                    await self.world.bell.wait()
                return found
        except TimeoutError:
            raise TimeoutError(f"not within {timeout} s; latest calls: {summary(self._server.calls)}") from None

    def raw_update(self, update: Json, wire: bytes = b"") -> Any:
        """Send any update, malformed or repeated; numbered when it has no update_id. Returns its update_id.

        Args:
            update: the ``Update``.
            wire: what travels in its place, for what no JSON library here would write.
        """
        return self.updates.add_raw(update, wire)

    def fail_next(
        self,
        method: str,
        *,
        status: int = 400,
        description: str = "Bad Request",
        parameters: dict[str, Any] | None = None,
        times: int = 1,
        chat_id: int | None = None,
        mode: Mode = "answer",
        delay: float = 1.0,
        location: str = "",
    ) -> None:
        """Let the next matching calls fail.

        Args:
            method: its documented name, "*" for any, "file" for a download.
            status: the HTTP status, for mode "answer".
            description: the error's text, for mode "answer".
            parameters: retry_after or migrate_to_chat_id, for mode "answer".
            times: how many calls.
            chat_id: only calls about this chat.
            mode: "answer" an error and "drop_before" the connection do nothing else; after the deed is done,
                "reset_after" drops the connection, "half_json" and "empty" spoil the body, "delay" answers late.
            delay: seconds, for mode "delay".
            location: where a status 3xx points to, for mode "answer".

        Raises:
            ValueError: there is no such method.
        """
        if method not in {"*", "file", *NAMES.values()}:
            raise ValueError("the sandbox has no such method")
        fault = Fault(method, chat_id, status, description, parameters, mode, delay, times, location)
        self._server.faults.order(fault)

    def expire_file(self, file_id: str) -> None:
        """Let the server lose a file: nobody can fetch it any more."""
        del self.world.files[file_id]

    def failures_left(self, method: str, status: int) -> int:
        """How many of the calls that `fail_next` ordered for this method and status are still to fail."""
        return self._server.faults.left(method, status)

    def revoke_token(self) -> None:
        """Refuse the token from now on, as after BotFather's /revoke; a poll that hangs is still answered."""
        self._server.revoked = True

    def repair(self) -> None:
        """Take back every failure that `fail_next` ordered, and the revocation of the token."""
        self._server.faults.clear()
        self._server.revoked = False
