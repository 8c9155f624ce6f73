"""Owns the page with the phones: its addresses, what is pushed to it, and who may use it.

Refuses anyone but a browser on this machine that was given this very address: other Host headers (a name that was
pointed here), posts from other pages, bodies past the limit. Whatever somebody sent is never served as a page.
"""

from __future__ import annotations

import asyncio
import html
import json
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from chatbot.sandbox.act import Act, Acts, BadAct, RefusedAct
from chatbot.sandbox.hands import File
from chatbot.sandbox.pacer import Director, Pacer
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.story import Story, StoryError
from chatbot.sandbox.switches import Switches
from chatbot.sandbox.telegram_state import Bell
from chatbot.sandbox.underneath import Underneath
from chatbot.sandbox.view import View
from chatbot.sandbox.words import Words, catalogue, locales

_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac")
_LIMIT = 25 * 1024 * 1024  # bytes of a request
_APART = 0.1  # seconds between two pushes
_QUIET = 1.0  # seconds after which the page is looked at again although nothing was told
_FOREVER = 10.0**8
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Page:
    """Serves the page of one stage.

    Args:
        stage: opened.
        words: the story's language, and the page's first one.
        terminal: tells the story in a terminal too.
    """

    def __init__(self, stage: Stage, words: Words, terminal: Pacer | None = None) -> None:
        self._stage = stage
        self._words = words
        self._bell = Bell()
        self._view = View(stage)
        self._switches = Switches(stage)
        self._underneath = Underneath(stage, self._view.whatsapp, self._bell.ring)
        self.director = Director(terminal, self._bell.ring)
        self._story = Story(stage, self.director, words)
        controls = {
            **self._switches.controls,
            "play": self._play,
            "step": self._play,
            "pause": self._pause,
            "speed": self._speed,
        }
        self._acts = Acts(stage, words, controls)
        self._runner: web.AppRunner | None = None
        self._watching: list[asyncio.Task[Any]] = []
        self._hosts: frozenset[str] = frozenset()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; port 0 takes a free one. Returns the address."""
        app = web.Application(client_max_size=_LIMIT, middlewares=[self._guard])
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{name}", self._static)
        app.router.add_get("/words/{locale}", self._catalogue)
        app.router.add_get("/view", self._now)
        app.router.add_get("/events", self._events)
        app.router.add_get("/file/{platform}/{id}", self._file)
        app.router.add_post("/act", self._act)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_APART)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0][1]
        self._hosts = frozenset(f"{name}:{bound}" for name in (host, "localhost", "127.0.0.1"))
        self._watching = [
            asyncio.create_task(self._stage.telegram.wait_for(lambda _: self._bell.ring(), _FOREVER)),
            asyncio.create_task(self._stage.whatsapp.wait_for(self._bell.ring, _FOREVER)),
        ]
        return f"http://{host}:{bound}/"

    async def stop(self) -> None:
        """Hang up on everyone."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        await self.director.close()
        if self._runner:
            await self._runner.cleanup()
        await self._underneath.close()

    async def play(self) -> None:
        """Play the story and wait for its end.

        Raises:
            StoryError: the bot does not do what the story expects.
        """
        await self.director.perform(self._story.play, StoryError)

    # Who may

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.host not in self._hosts:
            raise web.HTTPMisdirectedRequest(text="another host")
        origin = request.headers.get("Origin", "")
        if request.method == "POST" and origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="another origin")
        answer: web.StreamResponse = await handler(request)
        if not answer.prepared:
            for name, value in _HEADERS.items():
                answer.headers.setdefault(name, value)
        return answer

    # What is read

    async def _index(self, request: web.Request) -> web.Response:
        asked = request.query.get("lang", "")
        locale = asked if asked in locales() else self._words.locale
        words = catalogue(locale)
        values = {"lang": locale, "title": words["page.title"], "noscript": words["page.noscript"]}
        text = Template((_STATIC / "index.html").read_text("utf-8")).substitute(
            {name: html.escape(value) for name, value in values.items()}
        )
        return web.Response(text=text, content_type="text/html")

    async def _static(self, request: web.Request) -> web.Response:
        path = _STATIC / request.match_info["name"]
        if path.suffix not in _TYPES or path not in _STATIC.iterdir():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")

    async def _catalogue(self, request: web.Request) -> web.Response:
        locale = request.match_info["locale"]
        if locale not in locales():
            raise web.HTTPNotFound
        return web.json_response(catalogue(locale))

    async def _now(self, _: web.Request) -> web.Response:
        return web.json_response(self._picture())

    def _picture(self) -> dict[str, Any]:
        self._underneath.look()
        return {
            "locale": self._words.locale,
            "locales": locales(),
            "phones": self._view.phones(),
            "story": {
                "state": self.director.state,
                "chapter": self.director.name,
                "steps": self.director.steps,
                "seconds": self.director.seconds,
                "error": self.director.error,
            },
            "switches": self._switches.state(),
            "underneath": self._underneath.state(),
        }

    async def _events(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", **_HEADERS})
        await answer.prepare(request)
        shown = ""
        self._underneath.watchers += 1
        try:
            while True:
                news = asyncio.ensure_future(self._bell.wait())
                picture = json.dumps(self._picture())
                # A comment finds out whether anybody still listens.
                await answer.write(f"data: {picture}\n\n".encode() if picture != shown else b":\n\n")
                shown = picture
                await asyncio.wait({news}, timeout=_QUIET)
                news.cancel()
                await asyncio.sleep(_APART)
        except ConnectionError:
            return answer
        finally:
            self._underneath.watchers -= 1

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        try:
            if request.match_info["platform"] == "telegram":
                stored = self._stage.telegram.world.files[name]
                data, mime, given = stored.data, stored.mime, stored.name
            else:
                medium = self._stage.whatsapp.shelf.get(name)
                data, mime, given = medium.data, medium.mime, medium.filename
        except KeyError:
            raise web.HTTPNotFound from None
        bare = mime.partition(";")[0].strip().lower()
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        if bare in _SHOWN:
            return web.Response(body=data, content_type=bare, headers=headers)
        # What is no picture and no sound could be a page: it is kept, not opened.
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(given or 'file', safe='')}"
        return web.Response(body=data, content_type="application/octet-stream", headers=headers)

    # What is done

    async def _act(self, request: web.Request) -> web.Response:
        body, files = b"", []
        if request.content_type == "multipart/form-data":
            left = _LIMIT
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader):
                    data = await self._read(part, left)
                    left -= len(data)
                    if part.filename is None:
                        body = data
                    else:
                        mime = part.headers.get("Content-Type", "application/octet-stream")
                        files.append(File(part.filename, mime, data))
        else:
            body = await request.read()
        try:
            await self._acts.do(body, files)
        except BadAct as error:
            return web.json_response({"error": str(error)}, status=400)
        except RefusedAct as error:
            return web.json_response({"error": str(error)}, status=409)
        finally:
            self._bell.ring()
        return web.json_response({})

    @staticmethod
    async def _read(part: BodyPartReader, left: int) -> bytes:
        data = bytearray()
        while chunk := await part.read_chunk():
            data += chunk
            if len(data) > left:
                raise web.HTTPRequestEntityTooLarge(max_size=_LIMIT, actual_size=len(data))
        return bytes(data)

    async def _play(self, act: Act) -> None:
        self.director.start(self._story.play, StoryError, step=act.do == "step")

    async def _pause(self, _: Act) -> None:
        self.director.pause()

    async def _speed(self, act: Act) -> None:
        self.director.hurry(act.number)
