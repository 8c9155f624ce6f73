"""Throughput beside bare echo bots, in one run on one machine; ``make bench`` prints it.

Ours stores every message with synchronous=FULL, decides with the shipped FAQ, and sends through the outbox. The echo
bots store nothing; the plain form stores each message in an ORM transaction of its own, and echoes it. Sandbox and load
generator run in this process, the bot under test in one of its own. Conversations are closed loops: a person asks the
next question when the last one was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import platform
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from chatbot.memory import look_seldom
from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from tests.benchmarks import matcher, peers
from tests.benchmarks.processes import cpu, memory
from tests.benchmarks.questions import stream

_HERE = Path(__file__).parent
FAQ = _HERE.parents[1] / "faq"
_TOKEN = "700000001:placeholder-token-for-benchmarks"
_PHONE_ID = "100000000000001"
_OK = 200
OURS = ("-m", "chatbot")
_CONNECTIONS = 100  # webhooks at once: as many as Telegram opens; of WhatsApp nobody knows
_EACH = 4  # questions of one conversation: the platforms' limits per chat do not bind
_FORGET = 10.0  # seconds after which the sandbox need not know any more what is over
_ECHOES = _HERE.parents[1] / ".venv/echoes/bin/python"  # the interpreter of those whose versions are not ours


@dataclass(frozen=True)
class Result:
    """What one bot did."""

    name: str
    per_second: float
    p50: float  # seconds from question to answer
    p95: float
    tenths: tuple[float, ...]  # MiB resident after each tenth of the questions
    busy: float  # milliseconds of processor time for each question

    @property
    def memory(self) -> float:
        """MiB resident at the end."""
        return self.tenths[-1]

    @property
    def memory_grown(self) -> float:
        """MiB between the first fifth and the end."""
        return self.tenths[-1] - self.tenths[1]


def whatsapp_settings(api: str, port: int, database: str, folder: Path) -> dict[str, str]:
    """Settings of a bot on WhatsApp whose rates do not bind."""
    return {
        "CHATBOT_DATABASE_URL": database,
        "CHATBOT_MEDIA_DIR": f"{folder}/media",
        "CHATBOT_PORT": str(port),
        "CHATBOT_FAQ_DIR": str(FAQ),
        "CHATBOT_WHATSAPP_API_URL": api,
        "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": _PHONE_ID,
        "CHATBOT_WHATSAPP_TOKEN": "wa-token",
        "CHATBOT_WHATSAPP_APP_SECRET": "secret",
        "CHATBOT_WHATSAPP_VERIFY_TOKEN": "verify",
        "CHATBOT_WHATSAPP_RATE": "100000",
    }


async def on_whatsapp(
    name: str,
    texts: Iterable[str],
    count: int,
    at_once: int,
    command: Sequence[str],
    python: str = sys.executable,
    *,
    database: Path | None = None,
    first_person: int = 0,
    statuses: Sequence[str] = (),
) -> Result:
    """Ask on WhatsApp; on a database that there is, by people from a number on that it does not know yet.

    ``statuses``: what the platform reports of each message that the bot sends.
    """
    sandbox = WhatsAppSandbox("wa-token", "secret", _PHONE_ID, connections=_CONNECTIONS)
    sandbox.report_statuses(*statuses)
    api = await sandbox.start()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = whatsapp_settings(api, port, f"sqlite:///{database or Path(folder) / 'bench.db'}", Path(folder))
        bot = BotProcess(settings, Path(folder) / "bot.log", command=command, python=python)
        await bot.start()
        await sandbox.connect(f"http://127.0.0.1:{port}/webhooks/whatsapp", "verify")
        try:
            return await ask_on_whatsapp(name, sandbox, texts, count, at_once, bot.pid, first_person)
        finally:
            await bot.stop()
            await sandbox.stop()


async def ask_on_whatsapp(
    name: str,
    sandbox: WhatsAppSandbox,
    texts: Iterable[str],
    count: int,
    at_once: int,
    pid: int,
    first_person: int = 0,
) -> Result:
    """Ask a bot that runs already; memory and processor time are those of one process of it."""
    numbers = itertools.count(first_person)
    calls = sandbox.calls

    def new_person() -> str:
        number = next(numbers)
        return sandbox.add_person(f"62812{number:07d}", "Warga", user_id=f"ID.{number:09d}")

    def answered() -> list[Any]:
        found = [call.person for call in calls if call.status == _OK and call.person]
        calls.clear()
        return found

    def forget(age: float) -> None:
        sandbox.forget(datetime.now(UTC) - timedelta(seconds=age))

    return await _talk(
        name, texts, count, at_once, new_person, sandbox.say, lambda: sandbox.wait_for(answered, 120), forget, pid
    )


async def on_telegram(
    name: str,
    texts: Iterable[str],
    count: int,
    at_once: int,
    command: Sequence[str],
    python: str = sys.executable,
    *,
    webhook: bool = False,
) -> Result:
    """Ask on Telegram."""
    sandbox = TelegramSandbox(_TOKEN)
    url = await sandbox.start()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = {
            "CHATBOT_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CHATBOT_MEDIA_DIR": f"{folder}/media",
            "CHATBOT_PORT": str(port),
            "CHATBOT_FAQ_DIR": str(FAQ),
            "CHATBOT_TELEGRAM_TOKEN": _TOKEN,
            "CHATBOT_TELEGRAM_API_URL": url,
            "CHATBOT_TELEGRAM_RATE": "100000",
        }
        if webhook:
            settings |= {
                "CHATBOT_TELEGRAM_MODE": "webhook",
                "CHATBOT_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}",
                "CHATBOT_TELEGRAM_SECRET": "secret",
            }
        verb = "run" if command == OURS else "worker"  # an echo that polls has no web side to wait for
        bot = BotProcess(settings, Path(folder) / "bot.log", verb=verb, command=command, python=python)
        await bot.start()
        await sandbox.wait_for(lambda box: webhook or box.polling, 30)
        numbers = itertools.count(1000)
        calls = sandbox._server.calls

        def new_person() -> int:
            person = next(numbers)
            sandbox.add_user(person, "Warga")
            return person

        def answered(_: TelegramSandbox) -> list[Any]:
            found = [int(call.params["chat_id"]) for call in calls if call.method == "sendMessage"]
            calls.clear()
            return found

        try:
            return await _talk(
                name,
                texts,
                count,
                at_once,
                new_person,
                sandbox.say,
                lambda: sandbox.wait_for(answered, 120),
                lambda _: None,
                bot.pid,
            )
        finally:
            await bot.stop()
            await sandbox.stop()


async def _talk(
    name: str,
    texts: Iterable[str],
    count: int,
    at_once: int,
    new_person: Callable[[], Any],
    ask: Callable[[Any, str], object],
    answered: Callable[[], Awaitable[list[Any]]],
    forget: Callable[[float], None],
    pid: int,
) -> Result:
    """Ask ``count`` of the texts; ``forget`` is told every few seconds from what age on things are over."""
    left = itertools.islice(texts, count)
    waiting: dict[Any, tuple[float, int]] = {}  # since when, and which of their questions it is
    latencies = array("d")
    tenths: list[float] = []
    process = psutil.Process(pid)
    busy = cpu(process)

    def go_on(person: Any, asked: int) -> None:
        """The person's next question, or another person's first."""
        if (text := next(left, None)) is None:
            return
        if asked == _EACH:
            person, asked = new_person(), 0
        waiting[person] = (time.perf_counter(), asked + 1)
        ask(person, text)

    started = forgot = time.perf_counter()
    for _ in range(at_once):
        go_on(None, _EACH)
    while len(latencies) < count:
        found = await answered()
        now = time.perf_counter()
        for person in found:
            if person in waiting:
                since, asked = waiting.pop(person)
                latencies.append(now - since)
                go_on(person, asked)
        if now > forgot + _FORGET:
            forget(max([_FORGET, *(now - since for since, _ in waiting.values())]))
            forgot = now
        while len(latencies) >= count * (len(tenths) + 1) / 10 and len(tenths) < 10:
            tenths.append(memory(process))
            _progress(name, len(latencies), tenths[-1])
    seconds = time.perf_counter() - started
    busy = cpu(process) - busy
    ordered = sorted(latencies)
    return Result(
        name,
        count / seconds,
        statistics.median(ordered),
        ordered[int(count * 0.95)],
        tuple(tenths),
        busy / count * 1000,
    )


def _progress(name: str, answered: int, memory: float) -> None:
    own = psutil.Process().memory_info().rss / 2**20
    print(f"{name}: {answered} answered, {memory:.0f} MiB; load {own:.0f} MiB", file=sys.stderr, flush=True)


async def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table with ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000, help="how many distinct questions")
    parser.add_argument("--at-once", type=int, default=200, help="conversations under way")
    parser.add_argument("--rounds", type=int, default=1, help="times that all are measured, in turn")
    parser.add_argument("--only", default="", help="measure only the bot whose name begins so")
    options = parser.parse_args(arguments)
    echoes = str(_ECHOES)
    bots: list[tuple[str, Callable[..., Awaitable[Result]], Sequence[str], dict[str, Any]]] = [
        ("PTB echo (Telegram)", on_telegram, (str(_HERE / "echo_ptb.py"),), {}),
        ("aiogram echo (Telegram)", on_telegram, (str(_HERE / "echo_aiogram.py"),), {"python": echoes}),
        ("Tanggap polling (Telegram)", on_telegram, OURS, {}),
        ("Tanggap webhook (Telegram)", on_telegram, OURS, {"webhook": True}),
        ("aiohttp echo (WhatsApp)", on_whatsapp, (str(_HERE / "echo_aiohttp.py"),), {}),
        ("pywa echo (WhatsApp)", on_whatsapp, (str(_HERE / "echo_pywa.py"),), {}),
        ("Plain ORM echo (WhatsApp)", on_whatsapp, (str(_HERE / "plain_orm.py"),), {"python": echoes}),
        ("Tanggap (WhatsApp)", on_whatsapp, OURS, {}),
        ("Tanggap told (WhatsApp)", on_whatsapp, OURS, {"statuses": ("sent", "delivered", "read")}),
    ]
    print(f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}; ", end="")
    print(f"{options.questions} distinct questions, {options.at_once} conversations at once")
    results: list[Result] = []
    for _ in range(options.rounds):
        for name, measure, command, how in bots:
            if not name.startswith(options.only):
                continue
            texts = stream(options.questions)
            look_seldom()  # the load's own pauses are nobody's to be measured
            results.append(await measure(name, texts, options.questions, options.at_once, command, **how))
            _show(results[-1], results)
    sys.stdout.flush()
    if not options.only:
        matcher.main(options.questions)
        peers.main()


def _show(result: Result, results: Sequence[Result]) -> None:
    line = (
        f"{result.name:28} {result.per_second:7.0f}/s  p50 {result.p50 * 1000:6.0f} ms  p95 {result.p95 * 1000:6.0f} ms"
        f"  {result.memory:5.0f} MiB ({result.memory_grown:+.0f})  {result.busy:5.2f} ms busy"
    )
    for other in results[:-1]:
        if other.name != result.name and other.name.endswith(result.name.split(" (")[1]):
            line += f"  = {result.per_second / other.per_second:.2f} x {other.name.split(' (')[0]}"
    print(line, flush=True)
    print(f"{'':28} MiB at each tenth: {' '.join(f'{memory:.0f}' for memory in result.tenths)}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
