"""Owns the drawer: what happened underneath for the latest thing that somebody did, on whatever phone.

Refuses to steer the bot and to know its code: it asks the bot's own command line how a text is understood, reads the
database and the platforms' lists of calls.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from chatbot.sandbox.feed import BOT, GROUP, WHATSAPP, Entry
from chatbot.sandbox.ledger import Ledger, Marks
from chatbot.sandbox.process import settings_only
from chatbot.sandbox.proof import Proof, count
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.view_whatsapp import WhatsAppView

Json = dict[str, Any]
_POLLING = {"getUpdates"}
_MOST = 60  # calls that are listed
_PATIENCE = 20.0  # seconds for the answer about a text; the first one waits for the FAQ to be read
_TRY = ("-m", "chatbot", "faq", "try", "--json", "-")


class Reader:
    """Asks how a text is understood, through ``chatbot faq try`` kept running.

    Args:
        settings: the bot's settings.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def read(self, text: str) -> Json | None:
        """Normalised text, candidates, decision and reasons; None where nobody can tell."""
        async with self._turn:
            try:
                async with asyncio.timeout(_PATIENCE):
                    return await self._ask(" ".join(text.split()))
            except (OSError, ValueError, TimeoutError):
                return None

    async def _ask(self, line: str) -> Json | None:
        if self._child is None:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, *_TRY, env=settings_only(self._settings), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        if self._child.stdin is None or self._child.stdout is None or self._child.returncode is not None:
            return None
        self._child.stdin.write(f"{line}\n".encode())
        await self._child.stdin.drain()
        while answer := await self._child.stdout.readline():
            found = json.loads(answer)
            # Whoever asked before may have gone without waiting for the answer.
            if isinstance(found, dict) and found.get("text") == line:
                return found
        return None

    async def close(self) -> None:
        """End the child."""
        if self._child and self._child.returncode is None:
            self._child.terminate()
            await self._child.wait()


class Underneath:
    """Follows the latest deed.

    Args:
        stage: opened.
        whatsapp: its WhatsApp view, for the proof.
        changed: called when there is something new to show.
    """

    def __init__(self, stage: Stage, whatsapp: WhatsAppView, changed: Callable[[], None]) -> None:
        self._stage = stage
        self._whatsapp = whatsapp
        self._changed = changed
        self._ledger = Ledger(stage.database)
        self._reader = Reader(stage.settings)
        self._asking: asyncio.Task[None] | None = None
        self._marks: Marks | None = None
        self._began = datetime.now(UTC)
        self._entry: Entry | None = None
        self._understood: Json | None = None
        self._rows: Mapping[str, list[Json]] = {}
        self._step = ""
        self._proof = Proof()
        self.watchers = 0  # with none, nobody is asked how a text is understood
        stage.feed.listen(self._begin)

    def _begin(self, entry: Entry) -> None:
        """Somebody did something: remember where everything stands."""
        if entry.author == BOT or entry.kind == "topic":
            return
        self._entry, self._began = entry, datetime.now(UTC)
        self._understood, self._rows, self._step = None, {}, ""
        try:
            self._marks = self._ledger.marks()
        except sqlite3.Error:
            self._marks = None
        if self._asking:
            self._asking.cancel()
            self._asking = None
        if self.watchers and entry.text and entry.kind in {"message", "edit"} and entry.place != GROUP:
            self._asking = asyncio.create_task(self._understand(entry))

    async def _understand(self, entry: Entry) -> None:
        found = await self._reader.read(entry.text)
        if entry is self._entry:
            self._understood = found
        self._changed()

    def look(self) -> None:
        """Read the database again."""
        try:
            self._proof = count(self._stage, self._whatsapp, self._ledger)
            if self._entry:
                self._rows = self._ledger.since(self._marks) if self._marks else {}
                self._step = self._ledger.step(*self._address(self._entry))
        except sqlite3.Error:
            return  # as when the bot is just being started; what was seen last stands

    def _address(self, entry: Entry) -> tuple[str, str]:
        if entry.place == WHATSAPP:
            return "whatsapp", self._stage.whatsapp.people[self._stage.wa.person].wa_id or ""
        if entry.place == GROUP:
            return "", ""
        citizen = self._stage.citizen if entry.place == self._stage.citizen.place else self._stage.neighbour
        return "telegram", str(citizen.user)

    def state(self) -> Json:
        """What the drawer shows."""
        entry = self._entry
        return {
            "deed": _deed(entry) if entry else None,
            "understood": self._understood,
            "asking": self._asking is not None and not self._asking.done(),
            "step": self._step,
            "rows": self._rows,
            "calls": self._calls() if entry else [],
            "proof": asdict(self._proof),
        }

    def _calls(self) -> list[Json]:
        places = {self._stage.citizen.user: "telegram", self._stage.neighbour.user: "telegram_2"}
        places[self._stage.group] = GROUP
        found = [
            (call.time, "telegram", call.method, call.status, places.get(call.chat_id or 0, ""))
            for call in self._stage.telegram.calls
            if call.time >= self._began and call.method not in _POLLING
        ]
        found += [
            (call.time, WHATSAPP, _graph(call.path, call.params), call.status, WHATSAPP)
            for call in self._stage.whatsapp.calls
            if call.time >= self._began
        ]
        return [
            {
                "platform": platform,
                "method": method,
                "status": status,
                "place": place,
                "ms": int((time - self._began).total_seconds() * 1000),
            }
            for time, platform, method, status, place in sorted(found, key=lambda call: call[0])[-_MOST:]
        ]

    async def close(self) -> None:
        """End what runs."""
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._reader.close()


def _deed(entry: Entry) -> Json:
    told = {"author": entry.author, "kind": entry.kind, "text": entry.text, "attachment": entry.attachment}
    return {**told, "topic": entry.thread or 0}


def _graph(path: str, params: Json) -> str:
    """A call of the Graph API, told by what it is about."""
    what = path.rstrip("/").rpartition("/")[2]
    if what == "messages":
        return "messages: read" if "status" in params else f"messages: {params.get('type', '')}"
    return "media" if what.isdigit() or what == "attachments" else what
