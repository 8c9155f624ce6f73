"""How long an acknowledgement takes while a changed FAQ is learnt and swapped in, beside quiet times of the same run.

WhatsApp messages arrive at a steady rate, whether or not earlier ones are acknowledged. Every other stretch begins with
a new variant in one entry; the bot is asked until it answers that variant, as it stands there and in other words.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import shutil
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import aiohttp
import psutil

from chatbot.sandbox.process import BotProcess, free_port
from chatbot.sandbox.whatsapp import WhatsAppSandbox
from chatbot.sandbox.whatsapp_webhook import meta_json
from tests.benchmarks.processes import memory
from tests.benchmarks.questions import questions

_FAQ = Path(__file__).parents[2] / "faq"
_ENTRY = "sim/sim-perpanjang.md"
_OFFER = "sim-perpanjang"  # in the button that offers it
_ANSWER = "sebelum"  # in its answer, and in none that says that the question was not understood
_PHONE_ID = "100000000000001"
_SECRET = "secret"
_STRETCH = 8.0  # seconds
_PATIENCE = 20.0
_STEP = 0.1
_PEOPLE = 5000
_OK = 200


class Load:
    """Messages at a steady rate, and how long each acknowledgement took."""

    def __init__(self, url: str, rate: float, texts: Sequence[str]) -> None:
        self._url, self._rate, self._texts = url, rate, iter(texts)
        self._count = 0

    async def stretch(self, session: aiohttp.ClientSession) -> list[float]:
        """Send for one stretch; seconds that each acknowledgement took."""
        end = time.perf_counter() + _STRETCH
        tasks = []
        due = time.perf_counter()
        while due < end:
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            tasks.append(asyncio.create_task(self._one(session, due)))
            due += 1 / self._rate
        return list(await asyncio.gather(*tasks))

    async def _one(self, session: aiohttp.ClientSession, due: float) -> float:
        self._count += 1
        body = _webhook(self._count, next(self._texts))
        signature = "sha256=" + hmac.new(_SECRET.encode(), body, hashlib.sha256).hexdigest()
        async with session.post(self._url, data=body, headers={"X-Hub-Signature-256": signature}) as answer:
            assert answer.status == _OK, answer.status
        return time.perf_counter() - due  # from when it should have been sent: a pause of ours is not hidden


def _webhook(number: int, text: str) -> bytes:
    person = f"62813{number % _PEOPLE:07d}"
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "62210000000", "phone_number_id": _PHONE_ID},
        "contacts": [{"profile": {"name": "Warga"}, "wa_id": person}],
        "messages": [
            {
                "from": person,
                "id": f"wamid.swap{number}",
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": text},
            }
        ],
    }
    change = {"value": value, "field": "messages"}
    return meta_json({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]})


def _is_answered(sandbox: WhatsAppSandbox, person: str) -> bool:
    return len(sandbox.messages(person)) > 2


async def _until_read(sandbox: WhatsAppSandbox, text: str, hoped: str) -> float:
    """Ask, as one person after the other, until what is hoped for stands in what comes back; seconds.

    Raises:
        TimeoutError: it does not come.
    """
    started = time.perf_counter()
    while time.perf_counter() - started < _PATIENCE:
        person = sandbox.add_person(f"62814{len(sandbox.people):07d}", "Warga")
        sandbox.say(person, text)
        # The first that a person reads is who answers here.
        await sandbox.wait_for(partial(_is_answered, sandbox, person), _PATIENCE)
        if hoped in str(sandbox.messages(person)[2].content):
            return time.perf_counter() - started
        await asyncio.sleep(_STEP)
    raise TimeoutError(f"not answered within {_PATIENCE} s")


async def _watch(process: psutil.Process, held: list[float]) -> None:
    """Note what the bot and those that learn and match hold together, MiB."""
    while True:
        held.append(memory(process))
        await asyncio.sleep(_STEP)


async def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50, help="messages a second")
    parser.add_argument("--swaps", type=int, default=5, choices=range(1, 10), help="changes of the FAQ")
    options = parser.parse_args(arguments)
    sandbox = WhatsAppSandbox("wa-token", _SECRET, _PHONE_ID)
    api = await sandbox.start()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        faq = Path(folder) / "faq"
        shutil.copytree(_FAQ, faq)
        settings = {
            "CHATBOT_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CHATBOT_MEDIA_DIR": f"{folder}/media",
            "CHATBOT_PORT": str(port),
            "CHATBOT_FAQ_DIR": str(faq),
            "CHATBOT_WHATSAPP_API_URL": api,
            "CHATBOT_WHATSAPP_PHONE_NUMBER_ID": _PHONE_ID,
            "CHATBOT_WHATSAPP_TOKEN": "wa-token",
            "CHATBOT_WHATSAPP_APP_SECRET": _SECRET,
            "CHATBOT_WHATSAPP_VERIFY_TOKEN": "verify",
            "CHATBOT_WHATSAPP_RATE": "100000",
        }
        bot = BotProcess(settings, Path(folder) / "bot.log")
        await bot.start()
        url = f"http://127.0.0.1:{port}/webhooks/whatsapp"
        await sandbox.connect(url, "verify")
        for number in range(_PEOPLE):
            sandbox.add_person(f"62813{number:07d}", "Warga")
        load = Load(url, options.rate, questions(int(options.rate * _STRETCH * (2 * options.swaps + 2)) + 100))
        process = psutil.Process(bot.pid)
        quiet: list[float] = []
        swapping: list[float] = []
        watch = asyncio.create_task(_watch(process, held := [0.0]))
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
                await load.stretch(session)  # warms up
                for number in range(options.swaps):
                    quiet += await load.stretch(session)
                    stretch = asyncio.create_task(load.stretch(session))
                    one, two, three = (f"{start}{'bdgjlnrst'[number] * 2}o" for start in ("keli", "zega", "muni"))
                    path = faq / _ENTRY
                    text = path.read_text(encoding="utf-8").replace("?\n- ", f"?\n- {one} {two} {three}\n- ", 1)
                    path.write_text(text, encoding="utf-8")
                    seconds = 0.0
                    told = []
                    for what, asked, hoped in (
                        ("word for word", f"{one} {two} {three}", _ANSWER),
                        ("with words around it", f"mau tanya {one} {two} {three} gimana ya", _ANSWER),
                        ("misspelt", f"{one} {two[:-1]} {three}", _ANSWER),
                        ("in part, offered", f"{two} {three}", _OFFER),
                        ("in part, answered", f"{two} {three}", _ANSWER),
                    ):
                        seconds += await _until_read(sandbox, asked, hoped)
                        told.append(f"{what} {seconds:.1f} s")
                    print(f"swap {number + 1}, a new variant: {', '.join(told)}", flush=True)
                    swapping += await stretch
        finally:
            watch.cancel()
            await bot.stop()
            await sandbox.stop()
    for name, found in (("quiet", quiet), ("swapping", swapping)):
        found.sort()
        print(
            f"{name:9} {len(found)} acknowledgements  p50 {found[len(found) // 2] * 1000:.1f} ms"
            f"  p99 {found[int(len(found) * 0.99)] * 1000:.1f} ms  max {found[-1] * 1000:.1f} ms"
        )
    ratio = swapping[int(len(swapping) * 0.99)] / quiet[int(len(quiet) * 0.99)]
    print(f"p99 {ratio:.2f} x; {max(held):.0f} MiB at most")


if __name__ == "__main__":
    asyncio.run(main())
