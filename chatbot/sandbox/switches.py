"""Owns what a visitor may break, and mend: the platforms' answers, a topic, a chat, the bot's process.

Refuses to hurt the bot in any way that no platform or machine would.
"""

from __future__ import annotations

from typing import Any

from chatbot.sandbox.act import Act, Controls
from chatbot.sandbox.stage import Stage

_METHOD = "sendMessage"  # what carries nearly every word of the bot on Telegram
_MOST = 50  # calls that one press lets fail
_WAIT = 3  # seconds that Telegram asks to wait
_BUSY, _DOWN = 429, 500  # HTTP statuses
_UNDELIVERABLE = 131026


class Switches:
    """The switches of one stage.

    Args:
        stage: opened.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._starting = False
        self.controls: Controls = {
            "telegram_busy": self._telegram_busy,
            "telegram_down": self._telegram_down,
            "whatsapp_down": self._whatsapp_down,
            "whatsapp_failed": self._whatsapp_failed,
            "window_over": self._window_over,
            "topic_gone": self._topic_gone,
            "block": self._block,
            "unblock": self._unblock,
            "kill": self._kill,
            "start": self._start,
            "repair": self._repair,
        }

    def state(self) -> dict[str, Any]:
        """How everything stands."""
        bot = self._stage.bot
        running = bot is not None and bot.status is None
        return {
            "bot": "starting" if self._starting else "running" if running else "dead",
            "pid": bot.pid if bot and running else 0,
            "busy": self._stage.telegram.failures_left(_METHOD, _BUSY),
            "telegram": self._stage.telegram.failures_left(_METHOD, _DOWN),
            "whatsapp": self._stage.whatsapp.failures_left,
            "undelivered": self._stage.whatsapp.refusals_left,
            "window": self._stage.whatsapp.window_open(self._stage.wa.person),
            "blocked": self._stage.telegram.world.people[self._stage.citizen.user].blocked,
            "topics": len(self._topics()),
        }

    def _topics(self) -> list[int]:
        return [topic.thread_id for topic in self._stage.telegram.topics(self._stage.group) if not topic.deleted]

    async def _telegram_busy(self, act: Act) -> None:
        self._stage.telegram.fail_next(
            _METHOD,
            status=_BUSY,
            description=f"Too Many Requests: retry after {_WAIT}",
            parameters={"retry_after": _WAIT},
            times=_times(act),
        )

    async def _telegram_down(self, act: Act) -> None:
        self._stage.telegram.fail_next(_METHOD, status=_DOWN, description="Internal Server Error", times=_times(act))

    async def _whatsapp_down(self, act: Act) -> None:
        self._stage.whatsapp.fail_next(status=_DOWN, times=_times(act))

    async def _whatsapp_failed(self, act: Act) -> None:
        self._stage.whatsapp.fail_delivery(_UNDELIVERABLE, times=_times(act))

    async def _window_over(self, _: Act) -> None:
        self._stage.whatsapp.close_window(self._stage.wa.person)

    async def _topic_gone(self, _: Act) -> None:
        topics = self._topics()
        if not topics:
            raise ValueError("there is no topic")
        self._stage.telegram.delete_topic(self._stage.group, max(topics))

    async def _block(self, _: Act) -> None:
        self._stage.telegram.block_bot(self._stage.citizen.user)

    async def _unblock(self, _: Act) -> None:
        self._stage.telegram.unblock_bot(self._stage.citizen.user)

    async def _kill(self, _: Act) -> None:
        if self._stage.bot and not self._starting:
            await self._stage.bot.kill()

    async def _start(self, _: Act) -> None:
        bot = self._stage.bot
        if bot is None or bot.status is None or self._starting:
            raise ValueError("it runs already")
        self._starting = True
        try:
            await bot.start()
        except RuntimeError as error:
            raise ValueError(str(error)) from None
        finally:
            self._starting = False

    async def _repair(self, act: Act) -> None:
        self._stage.telegram.repair()
        self._stage.whatsapp.repair()
        await self._unblock(act)


def _times(act: Act) -> int:
    if not 0 < act.number <= _MOST:
        raise ValueError("that many calls cannot fail")
    return int(act.number)
