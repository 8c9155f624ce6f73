"""Throughput beside bare echo bots, in one run on one machine; ``make bench`` prints it.

Ours stores every message with synchronous=FULL, decides with the shipped FAQ, and sends through the outbox. The echo
bots store nothing; the plain form stores each message in an ORM transaction of its own, and echoes it. Sandbox and load
generator run in this process, the bot under test in one of its own. Conversations are closed loops: a person asks the
next question when the last one was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.telegram import TelegramSandbox
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from tests.benchmarks import matcher, peers
from tests.benchmarks.questions import questions

_HERE = Path(__file__).parent
FAQ = _HERE.parents[1] / "faq"
_TOKEN = "700000001:placeholder-token-for-benchmarks"
_PHONE_ID = "100000000000001"
_OK = 200
OURS = ("-m", "chatbot")
_EACH = 4  # questions of one conversation: the platforms' limits per chat do not bind
_ECHOES = _HERE.parents[1] / ".venv/echoes/bin/python"  # the interpreter of those whose versions are not ours


@dataclass(frozen=True)
class Result:
    """What one bot did."""

    name: str
    per_second: float
    p50: float  # seconds from question to answer
    p95: float
    memory: float  # MiB resident at the end
    memory_grown: float  # MiB between the first fifth and the end
    busy: float  # milliseconds of processor time for each question


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
    texts: Sequence[str],
    at_once: int,
    command: Sequence[str],
    python: str = sys.executable,
    *,
    database: Path | None = None,
    first_person: int = 0,
) -> Result:
    """Ask on WhatsApp; on a database that there is, by people from a number on that it does not know yet."""
    sandbox = WhatsAppSandbox("wa-token", "secret", _PHONE_ID)
    sandbox.report_statuses()
    api = await sandbox.start()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = whatsapp_settings(api, port, f"sqlite:///{database or Path(folder) / 'bench.db'}", Path(folder))
        bot = BotProcess(settings, Path(folder) / "bot.log", command=command, python=python)
        await bot.start()
        await sandbox.connect(f"http://127.0.0.1:{port}/webhooks/whatsapp", "verify")
        try:
            return await ask_on_whatsapp(name, sandbox, texts, at_once, bot.pid, first_person)
        finally:
            await bot.stop()
            await sandbox.stop()


async def ask_on_whatsapp(
    name: str, sandbox: WhatsAppSandbox, texts: Sequence[str], at_once: int, pid: int, first_person: int = 0
) -> Result:
    """Ask a bot that runs already; memory and processor time are those of one process of it."""
    known = first_person + len(sandbox.people)
    people = [
        sandbox.add_person(f"62812{known + n:07d}", "Warga", user_id=f"ID.{known + n:09d}")
        for n in range((len(texts) + _EACH - 1) // _EACH)
    ]
    by_person = {person: iter(texts[n * _EACH : (n + 1) * _EACH]) for n, person in enumerate(people)}
    calls = sandbox._server.calls

    def answered() -> list[Any]:
        found = [call.person for call in calls if call.status == _OK and call.person]
        calls.clear()
        return found

    return await _talk(name, by_person, at_once, sandbox.say, lambda: sandbox.wait_for(answered, 120), pid, len(texts))


async def on_telegram(
    name: str,
    texts: Sequence[str],
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
        people = list(range(1000, 1000 + (len(texts) + _EACH - 1) // _EACH))
        for person in people:
            sandbox.add_user(person, "Warga")
        by_person = {person: iter(texts[n * _EACH : (n + 1) * _EACH]) for n, person in enumerate(people)}
        calls = sandbox._server.calls

        def answered(_: TelegramSandbox) -> list[Any]:
            found = [int(call.params["chat_id"]) for call in calls if call.method == "sendMessage"]
            calls.clear()
            return found

        try:
            return await _talk(
                name, by_person, at_once, sandbox.say, lambda: sandbox.wait_for(answered, 120), bot.pid, len(texts)
            )
        finally:
            await bot.stop()
            await sandbox.stop()


async def _talk(
    name: str,
    by_person: dict[Any, Iterator[str]],
    at_once: int,
    ask: Callable[[Any, str], object],
    answered: Callable[[], Awaitable[list[Any]]],
    pid: int,
    total: int,
) -> Result:
    waiting = iter(by_person)
    asked_at: dict[Any, float] = {}
    latencies: list[float] = []
    process = psutil.Process(pid)
    memory_early = 0.0
    busy = sum(process.cpu_times()[:2])

    def go_on(person: Any) -> None:
        """The person's next question, or another person's first."""
        while person is not None:
            if text := next(by_person[person], None):
                asked_at[person] = time.perf_counter()
                ask(person, text)
                return
            person = next(waiting, None)

    started = time.perf_counter()
    for _ in range(at_once):
        go_on(next(waiting, None))
    while len(latencies) < total:
        found = await answered()
        now = time.perf_counter()
        for person in found:
            if person in asked_at:
                latencies.append(now - asked_at.pop(person))
                go_on(person)
        if not memory_early and len(latencies) > total / 5:
            memory_early = process.memory_info().rss / 2**20
    seconds = time.perf_counter() - started
    memory = process.memory_info().rss / 2**20
    busy = sum(process.cpu_times()[:2]) - busy
    latencies.sort()
    return Result(
        name,
        total / seconds,
        statistics.median(latencies),
        latencies[int(len(latencies) * 0.95)],
        memory,
        memory - memory_early,
        busy / total * 1000,
    )


async def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table with ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000, help="how many distinct questions")
    parser.add_argument("--at-once", type=int, default=200, help="conversations under way")
    parser.add_argument("--rounds", type=int, default=1, help="times that all are measured, in turn")
    parser.add_argument("--only", default="", help="measure only the bot whose name begins so")
    options = parser.parse_args(arguments)
    texts = questions(options.questions)
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
    ]
    print(f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}; ", end="")
    print(f"{options.questions} distinct questions, {options.at_once} conversations at once")
    results: list[Result] = []
    for _ in range(options.rounds):
        for name, measure, command, how in bots:
            if not name.startswith(options.only):
                continue
            results.append(await measure(name, texts, options.at_once, command, **how))
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


if __name__ == "__main__":
    asyncio.run(main())
