"""The web side: mounts the channels' webhooks, and shows health and figures.

Owns status codes and size limits. Answers a platform only after its message is on the disk.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chatbot import metrics
from chatbot.channels.base import Channel, Unauthenticated
from chatbot.logs import failure, log
from chatbot.services.intake import Intake
from chatbot.store.store import Store
from chatbot.store.writer import StoreUnavailable

MAX_BODY = 4 * 1024 * 1024  # Meta's batches reach 3 MB
_STALE = timedelta(minutes=2)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    store: Store,
    channels: Iterable[Channel],
    intake: Intake,
    clock: Callable[[], datetime],
    serves: Callable[[], bool],
) -> web.Application:
    """The aiohttp application of one process.

    Args:
        store: where what comes in is kept.
        channels: whose webhooks are mounted.
        intake: takes bodies in.
        clock: the time.
        serves: whether everything that this process does has begun; until then what comes in waits.
    """
    app = web.Application(client_max_size=MAX_BODY)
    for channel in channels:
        for route in channel.routes():
            app.router.add_post(route.path, _webhook(channel, intake))
            if route.challenges:
                app.router.add_get(route.path, _challenge(channel))
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", _readyz(store, clock, serves))
    app.router.add_get("/metrics", _metrics)
    return app


def _webhook(channel: Channel, intake: Intake) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        started = time.perf_counter()
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            metrics.refused.labels(channel.name).inc()
            return web.Response(status=413)
        try:
            channel.authenticate(request.headers, body)
        except Unauthenticated as refusal:
            metrics.refused.labels(channel.name).inc()
            return web.Response(status=refusal.status)
        try:
            await intake.store(channel, body)
        except StoreUnavailable as trouble:
            metrics.unstored.labels(channel.name).inc()
            log().error("not_stored", channel=channel.name, **failure(trouble))
            return web.Response(status=503, headers={"Retry-After": "5"})
        metrics.acknowledge.observe(time.perf_counter() - started)
        return web.Response(text="ok")

    return handle


def _challenge(channel: Channel) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.Response(text=channel.challenge(request.query), content_type="text/plain")
        except Unauthenticated as refusal:
            metrics.refused.labels(channel.name).inc()
            return web.Response(status=refusal.status)

    return handle


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _readyz(store: Store, clock: Callable[[], datetime], serves: Callable[[], bool]) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        """Ready: it has begun, the oldest message that nobody handled is young, and the outbox drains."""
        if not serves():
            return web.json_response({"ready": False, "reason": "starting"}, status=503)
        try:
            inbound, outbound = await store.read(
                lambda uow: (uow.inbox.oldest_stored(), uow.outbox.oldest_waiting(clock()))
            )
        except StoreUnavailable:
            return web.json_response({"ready": False, "reason": "database"}, status=503)
        now = clock()
        ages = {
            "oldest_inbound_seconds": (now - inbound).total_seconds() if inbound else 0.0,
            "oldest_outbound_seconds": (now - outbound).total_seconds() if outbound else 0.0,
        }
        metrics.oldest_inbound.set(ages["oldest_inbound_seconds"])
        metrics.oldest_outbound.set(ages["oldest_outbound_seconds"])
        ready = max(ages.values()) < _STALE.total_seconds()
        return web.json_response({"ready": ready, **ages}, status=200 if ready else 503)

    return handle


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
