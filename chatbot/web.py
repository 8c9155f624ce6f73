"""The web side: mounts the channels' webhooks, and shows health and figures.

Owns status codes and size limits. Answers a platform only after its message is on the disk.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chatbot import metrics
from chatbot.channels.base import Channel, Unauthenticated
from chatbot.logs import failure, log
from chatbot.services.alarms import KINDS
from chatbot.services.intake import Intake
from chatbot.store.store import Store
from chatbot.store.writer import StoreUnavailable

MAX_BODY = 4 * 1024 * 1024  # Meta's batches reach 3 MB
_STALE = timedelta(minutes=2)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class _Stands:
    """How things go: the ages of the oldest things that wait, in seconds, and the channels that stand still."""

    ages: Mapping[str, float]
    down: Sequence[str]


Measure = Callable[[], Awaitable[_Stands]]


def application(
    store: Store,
    channels: Collection[Channel],
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
    measure = _measured(store, [channel.name for channel in channels], clock)
    app.router.add_get("/readyz", _readyz(measure, serves))
    app.router.add_get("/metrics", _metrics(measure))
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


def _measured(store: Store, channels: Sequence[str], clock: Callable[[], datetime]) -> Measure:
    async def measure() -> _Stands:
        """What the database says of how things go; sets the figures that say so."""
        now = clock()
        inbound, outbound, standing = await store.read(
            lambda uow: (uow.alarms.oldest_stored(channels), uow.outbox.oldest_waiting(now), uow.alarms.standing())
        )
        ages = {
            "oldest_inbound_seconds": (now - inbound).total_seconds() if inbound else 0.0,
            "oldest_outbound_seconds": (now - outbound).total_seconds() if outbound else 0.0,
        }
        metrics.oldest_inbound.set(ages["oldest_inbound_seconds"])
        metrics.oldest_outbound.set(ages["oldest_outbound_seconds"])
        for kind in KINDS:
            metrics.alarms.labels(kind).set(sum(one == kind for one, _ in standing))
        down = [channel for channel in channels if ("channel_down", channel) in standing]
        for channel in channels:
            metrics.channel_down.labels(channel).set(channel in down)
        return _Stands(ages, down)

    return measure


def _readyz(measure: Measure, serves: Callable[[], bool]) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        """Ready: it has begun, what waits is young, and no channel was refused by its platform."""
        if not serves():
            return web.json_response({"ready": False, "reason": "starting"}, status=503)
        try:
            stands = await measure()
        except StoreUnavailable:
            return web.json_response({"ready": False, "reason": "database"}, status=503)
        young = max(stands.ages.values()) < _STALE.total_seconds()
        reason = {} if young else {"reason": "waiting"}
        if stands.down:
            reason = {"reason": f"channel_down {' '.join(stands.down)}"}
        ready = not reason
        return web.json_response({"ready": ready, **stands.ages, **reason}, status=200 if ready else 503)

    return handle


def _metrics(measure: Measure) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        with suppress(StoreUnavailable):  # the figures of the process are told all the same
            await measure()
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return handle
