"""The program as a process that is forked from one that has imported it already; see ``nursery``.

Owns one nursery for each process of tests. How the program starts by itself (``python -m chatbot``) is shown by
``e2e/test_start``, ``test_doctor``, ``test_demo`` and ``test_bad_input`` and by the first of
``integration/test_postgres_processes``, which start it as an operator does.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import cast

from chatbot.sandbox.process import BotProcess, settings_only

_NURSERY = Path(__file__).parent / "nursery.py"


@cache
def _nursery() -> tuple[str, subprocess.Popen[str]]:
    """The socket of this test process's nursery, and the process, which ends with ours."""
    path = str(Path(tempfile.mkdtemp(prefix="bot")) / "s")
    process = subprocess.Popen(
        [sys.executable, str(_NURSERY), path],
        env=settings_only({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    threads = process.stdout.readline()
    assert threads.strip() == "1", f"a process with {threads.strip()} threads cannot be forked"
    atexit.register(process.stdin.close)
    return path, process


class _Forked:
    """A process as ``BotProcess`` wants it: what it uses of ``asyncio.subprocess.Process``."""

    def __init__(self, pid: int, ending: asyncio.StreamReader, connection: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        self._ended = asyncio.create_task(self._end(ending))

    async def _end(self, ending: asyncio.StreamReader) -> int:
        self.returncode = int(await ending.readline() or -signal.SIGKILL)
        self._connection.close()
        return self.returncode

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    def send_signal(self, sign: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sign)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkedBot(BotProcess):
    """``BotProcess`` in a fraction of the time. ``command`` is the program or a script with its path."""

    async def start(self) -> None:
        reader, writer = await asyncio.open_unix_connection(_nursery()[0])
        order = {
            "environment": settings_only(self._settings),
            "log": str(self._log),
            "script": "" if "-m" in self._command else self._command[-1],
            "verb": self._verb,
        }
        writer.write(f"{json.dumps(order)}\n".encode())
        self._process = cast("asyncio.subprocess.Process", _Forked(int(await reader.readline()), reader, writer))
        if self._verb != "worker":
            await self._answering()
