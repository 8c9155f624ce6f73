"""Files that are gone, lie about their size, point elsewhere or break off: kept whole, or the officers hear of it."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.e2e.story import photo
from tests.e2e.world import CITIZEN, OFFICERS, text_of
from tests.fault.conftest import Tell
from tests.fault.fault_world import CRIES, FORWARDED, FaultWorld
from tests.fault.ledger import Ledger

ALL = bool(os.environ.get("ALL_FAULTS"))
_DOWNLOADS = "/whatsapp_business/attachments/"
_BREAKS: list[dict[str, Any]] = [{"mode": "half_json"}, {"mode": "empty"}, {"mode": "reset_after"}, {"status": 500}]
_TIMES = 3 if ALL else 1
_UNDER_WAY = "select 1 from inbound where state = 'stored' union all select 1 from outbound where state <> 'sent'"
_TOO_LARGE = 200_000_000  # bytes, more than Meta stores


@asynccontextmanager
async def _elsewhere() -> AsyncIterator[tuple[str, list[str]]]:
    """The address of a server that has nothing to do with any platform, and what it was asked for."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=b"not theirs")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/file.jpg", asked
    finally:
        await runner.cleanup()


class _Senders:
    """Two citizens with a ticket each, who send files to it. A file is known by its message's id."""

    def __init__(self, world: FaultWorld) -> None:
        self._world = world
        self._numbers = itertools.count(1)
        self._bytes: dict[str, bytes] = {}
        self.person = world.whatsapp.add_person("6281200000001", "Warga")

    def on_whatsapp(self) -> tuple[str, str]:
        """A photo; its message's id and its medium's."""
        data = photo((next(self._numbers), 7, 7))
        message = self._world.whatsapp.send_image(self.person, data)
        self._bytes[message] = data
        return message, str(self._world.whatsapp.message(message).content["id"])

    def on_telegram(self) -> tuple[str, str]:
        """A photo; its message's id and its file's."""
        data = photo((next(self._numbers), 7, 7))
        message = self._world.telegram.send_photo(CITIZEN, data)
        self._bytes[str(message["message_id"])] = data
        return str(message["message_id"]), str(message["photo"][-1]["file_id"])

    def state(self, message: str) -> str:
        """How far a file is."""
        return self._row(message)[0]

    def is_kept(self, message: str) -> bool:
        """Whether a file lies on the shelf as it was sent."""
        state, digest = self._row(message)
        path = self._world.folder / "media" / digest[:2] / digest
        return state == "kept" and hashlib.sha256(self._bytes[message]).hexdigest() == digest and path.exists()

    def _row(self, message: str) -> tuple[str, str]:
        rows = self._world.rows(
            "select media.state, sha256 from media join inbound on inbound.id = inbound_id where message_id = ?",
            message,
        )
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def card(self) -> str:
        """What stands on the card of the ticket from WhatsApp."""
        ((thread,),) = self._world.rows("select thread from ticket where channel = 'whatsapp'")
        shown = self._world.telegram.bot_messages(OFFICERS, int(thread))
        return next(text_of(message) for message in shown if "Status:" in text_of(message))


@pytest.mark.timeout(600)
async def test_file_is_kept_as_it_was_sent_or_the_officers_hear_of_it_and_nothing_comes_from_elsewhere(
    tmp_path: Path, tell: Tell
) -> None:
    world = FaultWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        senders = _Senders(world)
        for who, cry in ((CITIZEN, CRIES[0]), (senders.person, CRIES[1])):
            ledger.say(who, cry, FORWARDED)
        await world.told(FORWARDED)
        await world.told_on_whatsapp(senders.person, FORWARDED)
        async with _elsewhere() as (address, asked):
            expired, medium = senders.on_whatsapp()
            world.whatsapp.expire_media(medium)
            small, medium = senders.on_whatsapp()
            world.whatsapp.lie_about_size(medium, 1)
            large, medium = senders.on_whatsapp()
            world.whatsapp.lie_about_size(medium, _TOO_LARGE)
            pointing, pointer = senders.on_whatsapp()
            world.whatsapp.redirect_media(pointer, address)
            lost, file = senders.on_telegram()
            world.telegram.expire_file(file)
            world.telegram.fail_next("file", status=302, description="Found", location=address)
            fetched = [small]
            for fault in _BREAKS * _TIMES:
                world.whatsapp.fail_next(path=_DOWNLOADS, **fault)
                world.telegram.fail_next("file", **fault)
                world.telegram.fail_next("getFile", **fault)
                fetched += [senders.on_whatsapp()[0], senders.on_telegram()[0]]

            await world.until(lambda: all(map(senders.is_kept, fetched)))
            warnings = ("tidak dapat diambil", "terlalu besar", "belum dapat diambil")
            await world.until(lambda: all(words in senders.card() for words in warnings))
            states = [senders.state(message) for message in (expired, large, pointing, lost)]
            assert states == ["gone", "too_large", "wanted", "wanted"]
            world.whatsapp.redirect_media(pointer, "")
            await world.until(lambda: senders.is_kept(pointing))
            await world.until(lambda: "belum dapat diambil" not in senders.card())
            assert asked == []
        stranger = world.whatsapp.add_person("6281200000002", "Warga lain")
        photo_id = world.whatsapp.send_image(stranger, photo())
        world.whatsapp.expire_media(world.whatsapp.message(photo_id).content["id"])
        await world.told_on_whatsapp(stranger, "asisten otomatis")  # whoever has no ticket is asked what it is for
        await world.until(lambda: not world.rows(_UNDER_WAY))

        proof = ledger.proof()
        tell("files expired, of a wrong size, elsewhere, broken off", 6 + 3 * _TIMES * len(_BREAKS), proof)
        assert not proof.faults
    finally:
        await world.close()
