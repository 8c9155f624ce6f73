"""The bot as a process of its own beside the sandbox: started by its settings, ended by its id, killed when asked.

Owns one child process and what it printed. Refuses to know anything of the bot but its command and its settings.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp

_READY_SECONDS = 120  # a busy machine learns the FAQ first
_STOP_SECONDS = 20
_LOWEST_PORT, _PORTS = 12_000, 20_000


def free_port() -> int:
    """A port of the loopback interface that nobody uses now.

    Out of those below what systems give to whoever asks for any port: else a sandbox that starts a moment later may be
    given the very same one.
    """
    while True:
        port = _LOWEST_PORT + secrets.randbelow(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def settings_only(settings: Mapping[str, str]) -> dict[str, str]:
    """An environment with these settings and none of the caller's own."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CHATBOT_") and name not in {"DATABASE_URL", "PORT"}
    }
    return {**inherited, **settings}


class BotProcess:
    """``chatbot <verb>`` with given settings. Nothing of the caller's own settings reaches it.

    Args:
        settings: the CHATBOT_ variables, all that it needs.
        log: where its output goes, appended.
        verb: what it runs.
        command: how Python starts it.
        python: the interpreter.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        log: Path,
        verb: str = "run",
        command: Sequence[str] = ("-m", "chatbot"),
        python: str = sys.executable,
    ) -> None:
        self._settings = dict(settings)
        self._log = log
        self._verb = verb
        self._command = (python, *command)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it answers and serves, or without a web side until it runs.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, self._verb, env=settings_only(self._settings), stdout=log, stderr=log
            )
        if self._verb != "worker":
            await self._answering()

    async def _answering(self) -> None:
        url = f"http://127.0.0.1:{self._settings['CHATBOT_PORT']}/readyz"
        async with aiohttp.ClientSession() as session:
            for _ in range(_READY_SECONDS * 20):
                if self.status is not None:
                    raise RuntimeError(f"the bot ended with status {self.status}; see {self._log.name}")
                with suppress(aiohttp.ClientError):
                    async with session.get(url) as response:
                        if "starting" not in await response.text():
                            return
                await asyncio.sleep(0.05)
        raise RuntimeError("the bot does not answer")

    @property
    def pid(self) -> int:
        """Its process id; 0 when it was never started."""
        return self._process.pid if self._process else 0

    @property
    def status(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._process.returncode if self._process else None

    async def stop(self) -> int:
        """Ask it to end and wait; its status."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """End it at once, as a crash would; its status."""
        return await self._end(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until it ends by itself; its status."""
        if self._process is None:
            raise RuntimeError("not started")
        return await self._process.wait()

    async def _end(self, sign: signal.Signals) -> int:
        if self._process is None:
            return 0
        with suppress(ProcessLookupError):
            self._process.send_signal(sign)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            return await self._process.wait()
