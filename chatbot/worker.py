"""The loops: citizens, groups, sending, files, polling, sweeping. Each wakes on an event and looks by itself as a net.

Owns wake-up, backoff, isolation of a message that breaks, graceful stop. Refuses to know what a message means.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial

from watchfiles import awatch

from chatbot.channels.base import Standing
from chatbot.channels.telegram import TelegramChannel
from chatbot.core import officer
from chatbot.core.message import Inbound
from chatbot.logs import failure, log
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.citizens import Citizens
from chatbot.services.deliver import Deliver
from chatbot.services.desk import Desk
from chatbot.services.dialogue import Dialogue
from chatbot.services.faq import Faq
from chatbot.services.faq_edit import Editor
from chatbot.services.faq_live import load_faq
from chatbot.services.first_batch import FirstBatch
from chatbot.services.handling import Handling, say
from chatbot.services.intake import Intake
from chatbot.services.lookout import Lookout
from chatbot.services.media import Media
from chatbot.services.office import Office
from chatbot.services.poll import Poller
from chatbot.services.region_live import RegionLive
from chatbot.services.respond import Respond
from chatbot.services.retention import Retention
from chatbot.services.rights import Members
from chatbot.services.sweep import Sweep
from chatbot.services.unwritten import is_unwritten
from chatbot.services.views import View
from chatbot.services.watch import Watch
from chatbot.store.queue import CITIZEN, DESK, ROADS, Handled, Waiting
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.wakes import INBOUND
from chatbot.store.writer import StoreUnavailable

_BATCH = 8  # officers' messages: each waits for Telegram, so others take some
_IDLE = 0.5
_GATHER = 0.01  # seconds between batches, in which more comes together: one of ten costs little more than one of one
_SWEEP = 5.0
_WELL = 60.0  # a loop that ran so long did well
_FAQ_LOOK, _FAQ_GATHER = 2000, 300  # milliseconds
_ROLE_REST = 1.0  # seconds; a standby takes over in less than two


async def forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run a loop; when it breaks, say so and start it again after a growing rest."""
    rest = 0.1
    while True:
        started = time.monotonic()
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except StoreUnavailable:
            rest = _IDLE
        except Exception as error:  # noqa: BLE001  a loop never dies
            log().error("loop_broke", role=name, **failure(error))
        if time.monotonic() - started > _WELL:
            rest = 0.1
        await asyncio.sleep(rest)
        rest = min(rest * 2, 10.0)


class Worker:
    """Handles what was stored and sends what was written."""

    def __init__(
        self,
        store: Store,
        office: Office,
        *,
        respond: Respond,
        delivers: Mapping[str, Deliver],
        media: Media,
        sweep: Sweep,
        retention: Retention,
        faq: Faq,
        editor: Editor,
        region: RegionLive | None,
        lookout: Lookout,
        telegram: TelegramChannel | None,
        watch: Watch,
        media_woken: asyncio.Event,
    ) -> None:
        self._store = store
        self._office = office
        self._respond = respond
        self._delivers = delivers
        self._media = media
        self._sweep = sweep
        self._retention = retention
        self._faq = faq
        self._editor = editor
        self._region = region
        self._lookout = lookout
        self._telegram = telegram
        self._watch = watch
        self._sweeps = False
        self._woken = {road: asyncio.Event() for road in ROADS}
        self._handling = Handling(store, office)
        self._citizens = Citizens(store, respond, self._handling, self._takes_only_danger, media_woken.set)
        self._first = FirstBatch(store, self._oldest, self._handling.set_aside)
        self._media_woken = media_woken
        self._members = Members(store, telegram)
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self, roads: Collection[str] = ROADS) -> None:
        """Something was stored; on which roads."""
        for road in roads:
            self._woken[road].set()

    def start(self, intake: Intake, *, polls: bool) -> None:
        """Start the loops; beside an intake, which takes in what is polled."""
        self._intake = intake
        loops: dict[str, Callable[[], Awaitable[None]]] = {
            "citizen": partial(self._serve, CITIZEN, self._citizens.served),
            "next citizen": partial(self._serve, CITIZEN, self._citizens.served),
            "desk": partial(self._serve, DESK, self._groups),
            "media": self._fetching,
            "sweep": self._sweeping,
            "watch": self._watching,
            "retention": lambda: self._retention.work(self._store),
            "faq": self._watch_faq,
            "faq editor": self._editing,
        }
        if not self._store.is_sqlite:
            loops["wakes"] = partial(self._store.listen, self._heard)
        if self._region:
            loops["region"] = partial(self._watch_region, self._region)
        for name, deliver in self._delivers.items():
            loops[f"send {name}"] = partial(self._sending, name, deliver)
            loops[f"outcomes {name}"] = deliver.write_down
        if self._telegram and polls:
            loops["poll"] = partial(self._polling, Poller(self._store, self._office, self._telegram, intake))
        self._tasks = [asyncio.create_task(forever(name, work), name=name) for name, work in loops.items()]

    def _heard(self, what: str) -> None:
        """Another process wrote something."""
        if what == INBOUND:
            self.wake()
        else:
            self._wake_senders()
            self._media_woken.set()

    async def stop(self) -> None:
        """Take nothing new up, finish the calls under way, write down what became of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for deliver in self._delivers.values():
            await deliver.drain()

    # What came in

    async def _serve(self, road: str, served: Callable[[], Awaitable[int]]) -> None:
        event = self._woken[road]
        while True:
            event.clear()
            if await served():
                self._wake_senders()
                await asyncio.sleep(_GATHER)
                continue
            try:
                async with asyncio.timeout(_IDLE):
                    while not event.is_set():  # of two loops on a road the first to wake takes it up
                        await event.wait()
            except TimeoutError:
                pass

    def _takes_only_danger(self) -> bool:
        """Whether nothing else of what citizens wrote is handled now. It needs no FAQ, and waits for no flood's end."""
        return not self._faq.is_ready or self._intake.is_catching_up

    def _oldest(self, uow: UnitOfWork) -> list[Waiting]:
        return uow.inbox.waiting(DESK, _BATCH, self._respond.channels)

    def _wake_senders(self) -> None:
        for deliver in self._delivers.values():
            deliver.wake()

    async def _groups(self) -> int:
        """Handle what officers wrote that no other process has in hand; how many messages that were."""
        async with self._store.kept(lambda uow: uow.inbox.claim(DESK, _BATCH, self._respond.channels)) as found:
            for one in await self._first.pick(found):
                await self._group(one)
            return len(found)

    async def _group(self, one: Waiting) -> None:
        """Handle an officer's message: rights are asked of the platform before the unit of work."""
        started = time.perf_counter()
        message = self._respond.read(one)
        if message is None:
            await self._handling.set_aside([one.id], "unreadable")
            return
        if await self._store.read(partial(is_unwritten, message=message, now=self._office.clock())):
            return  # it stays where it is, and so does what its chat says after it
        standing = await self._members.standing(message)
        if officer.wants_faq_loaded(message.text) and standing:
            await load_faq(self._store, self._office)
        view = await self._lookout.view(message, standing, self._bot_name)
        unit = partial(self._desk_unit, one=one, message=message, standing=standing, view=view)
        handled = await self._handling.alone(one.id, one.channel, unit)
        say(DESK, {one.id: message}, handled, time.perf_counter() - started)
        self._wake_senders()
        self._media_woken.set()

    @property
    def _bot_name(self) -> str:
        return self._telegram.user_name if self._telegram else ""

    def _desk_unit(
        self, uow: UnitOfWork, one: Waiting, message: Inbound, standing: Standing | None, view: View | None
    ) -> list[Handled]:
        if not uow.inbox.take([one], DESK):
            return []
        now = self._office.clock()
        dialogue = Dialogue(uow, self._office, now)
        acts = Acts(uow, self._office, now, dialogue, self._respond.reread)
        arrival = Arrival(uow, self._office, now, acts, self._respond.media_dir)
        handled = [Desk(uow, self._office, standing, now, acts, arrival, self._bot_name, view).handle(message, one.id)]
        uow.inbox.done(handled)
        return handled

    async def _role(self, role: str) -> None:
        """Wait until this process may play a role."""
        while not await self._store.hold(role):
            await asyncio.sleep(_ROLE_REST)

    # What goes out

    async def _sending(self, name: str, deliver: Deliver) -> None:
        """One active sender for each account; whoever becomes it first takes up what the last one left."""
        await self._role(f"sender {name}")
        await deliver.recover()
        run = asyncio.create_task(deliver.run())
        try:
            while not run.done() and await self._store.hold(f"sender {name}"):
                await asyncio.wait({run}, timeout=_ROLE_REST)
        finally:
            broke = run.done() and not run.cancelled()
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)
        await deliver.drain()
        if broke:
            run.result()  # raises what broke it, for the log

    async def _polling(self, poller: Poller) -> None:
        await self._role(poller.role)
        await poller.run()

    async def _fetching(self) -> None:
        await self._role("media")
        await self._media.run()

    # What time brings

    async def _sweeping(self) -> None:
        while True:
            self._sweeps = await self._store.hold("sweeper")
            if not self._sweeps:
                await self._role("sweeper")
                continue
            await self._swept()
            await asyncio.sleep(_SWEEP)

    async def _swept(self) -> None:
        """Do what has become due, each thing alone: one that breaks must not silence an alert."""
        for duty in await self._store.read(self._sweep.duties):
            try:
                await self._store.write(duty)
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001  tried again at the next sweep
                log().error("sweep_broke", **failure(error))
        self._wake_senders()

    async def _watching(self) -> None:
        """Watch over the installation, in the process that sweeps."""
        while True:
            if self._sweeps:
                await self._watch.look()
                self._wake_senders()
            await asyncio.sleep(_SWEEP)

    async def _editing(self) -> None:
        """Work off what administrators ask of the FAQ."""
        await self._role("faq editor")
        while await self._store.hold("faq editor"):
            if await self._editor.work():
                self._wake_senders()
            await asyncio.sleep(_IDLE)

    async def _watch_faq(self) -> None:
        """Take up what changes in the folder at once; look by ourselves as well, for a folder that tells nothing."""
        changes = awatch(self._faq.folder, debounce=_FAQ_GATHER, rust_timeout=_FAQ_LOOK, yield_on_timeout=True)
        async for _ in changes:
            if await asyncio.to_thread(lambda: self._faq.changed() or self._office.saved_answers.changed()):
                await load_faq(self._store, self._office)
            if not self._faq.is_learnt:
                await asyncio.to_thread(self._faq.learn)

    async def _watch_region(self, region: RegionLive) -> None:
        """Take up a changed region file; look by ourselves as well, for a folder that tells nothing."""
        async for _ in awatch(region.folder, debounce=_FAQ_GATHER, rust_timeout=_FAQ_LOOK, yield_on_timeout=True):
            await region.refresh()
            self._wake_senders()
