"""How long an acknowledgement and an answer take at fixed rates, beside a bare echo at the same rates.

WhatsApp messages arrive at a steady rate, whether or not the program keeps up: an open loop. Everything is counted from
the moment a message was due, so that a pause of the program, or of the load itself, is not left out. Sandbox and load
run in this process, the bot in one of its own; how busy this process was says whether it was the bound itself.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import math
import platform
import selectors
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.whatsapp import Call, Webhook, WhatsAppSandbox
from tests.benchmarks.processes import cpu
from tests.benchmarks.questions import stream
from tests.benchmarks.run import OURS, whatsapp_settings

_ECHO = (str(Path(__file__).parent / "echo_aiohttp.py"),)
_EACH = 4  # questions of one person, one a second: no limit of a person binds
_WARM_SECONDS = 3
_PATIENCE = 10.0  # seconds without any answer, after which the rest is given up
_LOOK = 0.1
_BUSY = 0.9  # of the time: this process was the bound
_OK = 200
_MILLI = 1000


class TimedSelector(selectors.DefaultSelector):
    """Counts the seconds in which the event loop had nothing to do."""

    idle = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for events."""
        started = time.perf_counter()
        try:
            return super().select(timeout)
        finally:
            self.idle += time.perf_counter() - started


@dataclass
class Asked:
    """One question; times are seconds since the epoch, infinite where nothing came."""

    due: float
    sent: float  # when it was handed to the sandbox
    person: str
    webhook: Webhook
    answered: float = math.inf

    @property
    def acknowledged(self) -> float:
        """When the bot answered the webhook with 200."""
        ended = self.webhook.attempted_at
        return ended.timestamp() if ended and self.webhook.accepted else math.inf


@dataclass(frozen=True)
class Figures:
    """What one bot did at one rate; seconds, and fractions of one core or of the time."""

    rate: float
    offered: float  # messages a second, really
    late: float  # p99 of how long after it was due a message was handed to the sandbox
    acknowledgement: tuple[float, float]  # p50, p99
    answer: tuple[float, float]  # p50, p95
    backlog: tuple[int, int]  # not acknowledged, not answered when the last one was sent
    lost: int  # never answered
    own_cpu: float
    own_busy: float
    bot_cpu: float


async def measure(
    name: str, command: Sequence[str], rates: Iterable[float], seconds: float, selector: TimedSelector, *, greets: bool
) -> list[Figures]:
    """Start a bot, warm it up and ask it at each rate in turn; ``greets``: a person's first message is no answer."""
    sandbox = WhatsAppSandbox("wa-token", "secret", "100000000000001", connections=0)
    sandbox.report_statuses()
    api = await sandbox.start()
    port = free_port()
    numbers = itertools.count()
    found = []

    def new_person() -> str:
        number = next(numbers)
        return sandbox.add_person(f"62812{number:07d}", "Warga", user_id=f"ID.{number:09d}")

    with tempfile.TemporaryDirectory() as folder:
        settings = whatsapp_settings(api, port, f"sqlite:///{folder}/bench.db", Path(folder))
        bot = BotProcess(settings, Path(folder) / "bot.log", command=command)
        await bot.start()
        try:
            await sandbox.connect(f"http://127.0.0.1:{port}/webhooks/whatsapp", "verify")
            texts = stream(round(sum(rate * (seconds + _WARM_SECONDS) for rate in rates)))
            gc.disable()  # or the load stands still for a tenth of a second now and then
            warm, *_ = rates
            await _at_rate(sandbox, new_person, texts, warm, _WARM_SECONDS, selector, bot.pid, greets=greets)
            for rate in rates:
                found.append(
                    await _at_rate(sandbox, new_person, texts, rate, seconds, selector, bot.pid, greets=greets)
                )
                _show(name, found[-1])
        finally:
            await bot.stop()
            await sandbox.stop()
    return found


async def _at_rate(
    sandbox: WhatsAppSandbox,
    new_person: Callable[[], str],
    texts: Iterable[str],
    rate: float,
    seconds: float,
    selector: TimedSelector,
    pid: int,
    *,
    greets: bool,
) -> Figures:
    sandbox.forget(datetime.now(UTC))
    sandbox.calls.clear()
    clock, idle, spent, bot_cpu = time.perf_counter(), selector.idle, time.process_time(), cpu(psutil.Process(pid))
    asked = await _offer(sandbox, new_person, itertools.islice(texts, round(rate * seconds)), rate)
    took = time.perf_counter() - clock
    own_cpu, own_busy = (time.process_time() - spent) / took, 1 - (selector.idle - idle) / took
    bot_cpu = (cpu(psutil.Process(pid)) - bot_cpu) / took
    people = len({one.person for one in asked})
    await _drain(sandbox, len(asked) + people * greets)
    _take_answers(asked, sandbox.calls, skipped=int(greets))
    end = asked[-1].sent
    acknowledgements = sorted(one.acknowledged - one.due for one in asked)
    answers = sorted(one.answered - one.due for one in asked)
    return Figures(
        rate,
        offered=len(asked) / (end - asked[0].due + 1 / rate),
        late=_percentile(sorted(one.sent - one.due for one in asked), 0.99),
        acknowledgement=(_percentile(acknowledgements, 0.5), _percentile(acknowledgements, 0.99)),
        answer=(_percentile(answers, 0.5), _percentile(answers, 0.95)),
        backlog=(sum(one.acknowledged > end for one in asked), sum(one.answered > end for one in asked)),
        lost=sum(one.answered == math.inf for one in asked),
        own_cpu=own_cpu,
        own_busy=own_busy,
        bot_cpu=bot_cpu,
    )


async def _offer(
    sandbox: WhatsAppSandbox, new_person: Callable[[], str], texts: Iterable[str], rate: float
) -> list[Asked]:
    """Send each text when it is due, or at once when that is over."""
    talking = [new_person() for _ in range(math.ceil(rate))]  # each says one thing a second
    asked = []
    started = time.time()
    for number, text in enumerate(texts):
        due = started + number / rate
        await asyncio.sleep(max(due - time.time(), 0))
        turn, place = divmod(number, len(talking))
        if turn and (turn + place) % _EACH == 0:  # not all of them leave in the same second
            talking[place] = new_person()
        sent = time.time()
        sandbox.say(talking[place], text)
        asked.append(Asked(due, sent, talking[place], sandbox.webhooks[-1]))
    return asked


async def _drain(sandbox: WhatsAppSandbox, expected: int) -> None:
    """Wait until so many answers have come, or no more come."""
    last = time.time()
    while len(sandbox.calls) < expected and time.time() - last < _PATIENCE:
        await asyncio.sleep(_LOOK)
        if sandbox.calls:
            last = max(last, sandbox.calls[-1].time.timestamp())
    await sandbox.settled()


def _take_answers(asked: Iterable[Asked], calls: Iterable[Call], skipped: int) -> None:
    """Give each question its answer: a person's questions are answered in order."""
    times: dict[str, list[float]] = {}
    for call in calls:
        if call.status == _OK and call.person:
            times.setdefault(call.person, []).append(call.time.timestamp())
    left = {person: iter(found[skipped:]) for person, found in times.items()}
    for one in asked:
        one.answered = next(left.get(one.person, iter(())), math.inf)


def _percentile(ordered: Sequence[float], part: float) -> float:
    return ordered[int(len(ordered) * part)]


def _show(name: str, found: Figures) -> None:
    acknowledgement, answer = ([seconds * _MILLI for seconds in pair] for pair in (found.acknowledgement, found.answer))
    print(
        f"{name:13} {found.rate:5.0f}/s (offered {found.offered:5.0f})"
        f"  acknowledged p50 {acknowledgement[0]:6.1f} ms  p99 {acknowledgement[1]:7.1f} ms"
        f"  answered p50 {answer[0]:7.1f} ms  p95 {answer[1]:7.1f} ms"
        f"  backlog {found.backlog[0]} + {found.backlog[1] - found.backlog[0]}, lost {found.lost}"
        f"  CPU: bot {found.bot_cpu:.2f}, load {found.own_cpu:.2f} (busy {found.own_busy:.2f}"
        f"{', the bound' if found.own_busy > _BUSY else ''}; late p99 {found.late * _MILLI:.1f} ms)",
        flush=True,
    )


async def main(selector: TimedSelector, arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=500, help="messages a second")
    parser.add_argument("--rates", default="", help="several, one after the other: 100,200,300")
    parser.add_argument("--seconds", type=float, default=20, help="how long each rate")
    parser.add_argument("--no-echo", action="store_true", help="leave the echo out")
    options = parser.parse_args(arguments)
    rates = [float(rate) for rate in options.rates.split(",")] if options.rates else [options.rate]
    print(f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}; ", end="")
    print(f"{options.seconds:.0f} s at each rate; backlog: not acknowledged + acknowledged and not answered")
    ours = await measure("Tanggap", OURS, rates, options.seconds, selector, greets=True)
    if options.no_echo:
        return
    echo = await measure("aiohttp echo", _ECHO, rates, options.seconds, selector, greets=False)
    for one, other in zip(ours, echo, strict=True):
        ratios = [mine / theirs for mine, theirs in zip(one.acknowledgement, other.acknowledgement, strict=True)]
        print(f"{one.rate:5.0f}/s: acknowledged p50 {ratios[0]:.1f} x, p99 {ratios[1]:.1f} x the echo's", end="")
        ratios = [mine / theirs for mine, theirs in zip(one.answer, other.answer, strict=True)]
        print(f"; answered p50 {ratios[0]:.1f} x, p95 {ratios[1]:.1f} x")


if __name__ == "__main__":
    timed = TimedSelector()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(timed)) as runner:
        runner.run(main(timed))
