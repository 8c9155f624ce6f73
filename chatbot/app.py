"""The composition root: the only place that chooses concrete things, and the order in which they open and close.

Owns wiring. Nobody imports this but ``cli``.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from aiohttp import web

from chatbot.channels.base import Channel, Finding, SendError
from chatbot.channels.telegram import TelegramChannel
from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.region import Region
from chatbot.logs import failure, log
from chatbot.memory import look_seldom
from chatbot.services import disk, doctor
from chatbot.services.deliver import Deliver
from chatbot.services.faq import Faq
from chatbot.services.faq_edit import Editor
from chatbot.services.faq_live import load_faq
from chatbot.services.i18n import Catalogues
from chatbot.services.intake import Intake
from chatbot.services.lookout import Lookout
from chatbot.services.matcher_apart import matcher_apart
from chatbot.services.media import Media
from chatbot.services.office import Office
from chatbot.services.plan import Plan, plain_region
from chatbot.services.region_file import read_region
from chatbot.services.region_live import RegionLive, leave_others
from chatbot.services.respond import Respond
from chatbot.services.restored import tell_restored
from chatbot.services.retention import Retention
from chatbot.services.saved_answers import SavedAnswers
from chatbot.services.sweep import Sweep
from chatbot.services.watch import Watch, write_down
from chatbot.settings import Fault, Settings, WrongSettings
from chatbot.store.store import Store
from chatbot.web import application
from chatbot.worker import Worker, forever

_CONNECT_REST = 5.0
_COMMANDS = ("menu", "lapor", "status", "bahasa", "petugas", "datasaya", "batal")


def clock() -> datetime:
    """The time, aware, UTC."""
    return datetime.now(UTC)


def telegram_of(settings: Settings) -> TelegramChannel | None:
    """Telegram, where it is served."""
    if "telegram" not in settings.active_channels:
        return None
    return TelegramChannel(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        polling=settings.telegram_mode == "polling",
        webhook_url=settings.telegram_webhook_url,
        secret=settings.telegram_secret.get_secret_value(),
        clock=clock,
    )


def whatsapp_of(settings: Settings) -> WhatsAppChannel | None:
    """WhatsApp, where it is served."""
    if "whatsapp" not in settings.active_channels:
        return None
    return WhatsAppChannel(
        api_url=settings.whatsapp_api_url,
        phone_number_id=settings.whatsapp_phone_number_id,
        token=settings.whatsapp_token.get_secret_value(),
        app_secret=settings.whatsapp_app_secret.get_secret_value(),
        verify_token=settings.whatsapp_verify_token.get_secret_value(),
        template=settings.whatsapp_template,
        template_locale=settings.locale,
        business_account=settings.whatsapp_account_id,
        clock=clock,
    )


def region_of(settings: Settings) -> Region:
    """The account as its file describes it, or the settings where there is none.

    Raises:
        RegionFaults: the file has faults.
    """
    if settings.region_file:
        return read_region(settings.region_file)
    return plain_region(
        settings.region_name,
        ZoneInfo(settings.timezone),
        ("id", "en"),
        settings.officers_chat_id,
        settings.propam_chat_id,
    )


class Program:
    """One process: web side, worker side, or both."""

    def __init__(self, settings: Settings, catalogues: Catalogues, *, serves_web: bool, works: bool) -> None:
        self._settings = settings
        self._serves_web = serves_web
        self._works = works
        self._store = Store(settings.database_url, settings.keys)
        self._telegram = telegram_of(settings)
        self._channels: dict[str, Channel] = {}
        failures = {}
        if self._telegram:
            self._channels[self._telegram.name] = self._telegram
        self._whatsapp = whatsapp_of(settings)
        if self._whatsapp:
            self._channels[self._whatsapp.name] = self._whatsapp
            failures[self._whatsapp.name] = self._whatsapp.failure
        region = region_of(settings)
        if settings.admins_chat_id and region.members.group == settings.admins_chat_id:
            raise WrongSettings([Fault("CHATBOT_ADMINS_CHAT_ID", "members_apart")])
        faq = Faq(settings.faq_dir, lambda: clock().astimezone(self._office.timezone).date(), matcher_apart)
        self._office = Office(
            plan=Plan(region, has_groups=self._telegram is not None),
            locale=settings.locale,
            admins=settings.admins_chat_id if self._telegram else "",
            desk_channel=TelegramChannel.name,
            catalogues=catalogues,
            faq=faq,
            saved_answers=SavedAnswers(settings.faq_dir),
            # Of all that there are: what is for a channel that is not served now waits until it is again.
            capabilities={kind.name: kind.capabilities for kind in (TelegramChannel, WhatsAppChannel)},
            failures=failures,
            templates=frozenset({"whatsapp"} if settings.whatsapp_template else ()),
            inbox_days=settings.inbox_days,
            clock=clock,
            randbelow=secrets.randbelow,
        )
        self._watch = Watch(
            self._store,
            self._office,
            channels=tuple(self._channels),
            groups=lambda: doctor.groups_of(settings, self._office.plan.region),
            examine=partial(doctor.platforms, self._telegram, self._whatsapp),
            room=partial(disk.room, doctor.folders_of(settings)),
        )
        self._worker = self._make_worker(faq) if works else None
        self._intake = Intake(self._store, clock, self._worker.wake if self._worker else lambda _: None)
        self._runner: web.AppRunner | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._serves = False
        self._examining: asyncio.Task[None] | None = None
        self._connect_tried = asyncio.Event()
        self._stopping = asyncio.Event()
        self._refused: Sequence[Finding] = ()

    def _make_worker(self, faq: Faq) -> Worker:
        settings = self._settings
        rates = {"telegram": settings.telegram_rate, "whatsapp": settings.whatsapp_rate}
        woken = asyncio.Event()
        media_dir = settings.media_dir.absolute()
        self._media = Media(self._store, self._office, self._channels, media_dir, woken)
        respond = Respond(self._office, self._channels, media_dir)
        return Worker(
            self._store,
            self._office,
            respond=respond,
            delivers={
                name: Deliver(self._store, self._office, channel, rates[name])
                for name, channel in self._channels.items()
            },
            media=self._media,
            sweep=Sweep(self._office, self._channels, media_dir),
            retention=Retention(self._office, media_dir, settings.inbox_days),
            faq=faq,
            editor=Editor(self._store, self._office, respond, self._channels, media_dir / "faq"),
            region=RegionLive(settings.region_file, self._store, self._office) if settings.region_file else None,
            lookout=Lookout(self._store, self._office, respond.reread, media_dir / "rekap"),
            telegram=self._telegram,
            watch=self._watch,
            media_woken=woken,
        )

    async def run(self) -> None:
        """Open everything, serve until told to stop, close everything.

        Raises:
            CannotServe: the platforms refuse every channel as it is set up.
        """
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._stopping.set)
        try:
            await self.open()
            await self._stopping.wait()
        finally:
            await self.close()
        if self._refused:
            raise doctor.CannotServe(self._refused)

    async def open(self) -> None:
        """Store, channels, web, loops, then the FAQ: while it is learnt, what comes in waits, but for danger."""
        write_down(doctor.settings_in(self._settings))
        self._store.open()
        for channel in self._channels.values():
            await channel.open()
        if self._serves_web:
            await self._listen()
        if self._worker:
            await self._store.write(partial(leave_others, self._office))
            await self._store.write(partial(tell_restored, self._office))
            look_seldom()  # not the matcher, which is swapped, and has cycles
            await load_faq(self._store, self._office)
            self._media.prepare()
            polling = self._settings.telegram_mode == "polling"
            self._worker.start(self._intake, polls=polling)
        if self._telegram:
            self._connecting = asyncio.create_task(forever("connect", partial(self._connect, self._telegram)))
        else:
            self._connect_tried.set()
        if self._worker:
            await asyncio.to_thread(self._office.faq.learn)
            self._worker.wake()
        self._serves = True
        self._examining = asyncio.create_task(self._examine())

    async def _listen(self) -> None:
        channels = tuple(self._channels.values())
        app = application(self._store, channels, self._intake, clock, lambda: self._serves)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        await site.start()
        log().info("listening", host=self._settings.host, port=self._runner.addresses[0][1])

    async def _connect(self, telegram: TelegramChannel) -> None:
        """Tell Telegram where we are; it may be unreachable now."""
        menu = {
            locale: [(name, self._office.words(f"command.{name}", locale)) for name in _COMMANDS]
            for locale in ("id", "en")
        }
        try:
            await telegram.identify()
            if self._serves_web or self._settings.telegram_mode == "polling":
                await telegram.connect(menu)
        except SendError as error:
            log().warning("connect_failed", channel="telegram", kind=type(error).__name__, code=error.code)
            self._connect_tried.set()
            await asyncio.sleep(_CONNECT_REST)
            return
        self._connect_tried.set()
        log().info("connected", channel="telegram")
        await asyncio.Event().wait()

    async def _examine(self) -> None:
        """Ask the platforms whether we are set up rightly, beside everything else: they may be slow, or away.

        A platform that does not answer keeps nobody from serving. Only where each of them refuses us, the process ends:
        one channel that works still answers, stores, and names 110.
        """
        await self._connect_tried.wait()
        try:
            found = await self._watch.examine()
        except Exception as error:  # noqa: BLE001  nothing that is asked here may stop what works
            log().error("examine_broke", **failure(error))
            return
        self._refused = doctor.nothing_left(found, self._channels.keys())
        if self._refused:
            self._stopping.set()

    async def close(self) -> None:
        """Stop taking in, finish what is under way, let go."""
        beside = [task for task in (self._connecting, self._examining) if task]
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()
        if self._worker:
            await self._worker.stop()
        for channel in self._channels.values():
            await channel.close()
        self._store.close()
        log().info("stopped")
