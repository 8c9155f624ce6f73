"""Examining an installation before citizens do: settings, folders, database, FAQ, region, Telegram, WhatsApp.

Owns the order of the points, what is asked of this machine, and which points keep a process from starting. What is
asked of a platform is its channel's. Changes nothing, and shows no secret.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import aiohttp

from chatbot.channels.base import Channel, Finding, plain
from chatbot.channels.telegram import TelegramChannel
from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.message import Phrase
from chatbot.core.region import Region
from chatbot.matching.corpus import assemble
from chatbot.services import disk
from chatbot.services.faq import read_folder
from chatbot.services.i18n import Catalogues
from chatbot.services.region_fault import RegionFaults
from chatbot.services.region_file import read_region
from chatbot.services.saved_answers import faults_in
from chatbot.settings import Settings
from chatbot.store import encryption
from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import Standing, examine_database

_PATIENCE = aiohttp.ClientTimeout(total=10)
_OK = 200
_SHORT_SECRET = 12  # characters


class CannotServe(Exception):
    """As things are set up, nothing can be served. ``findings`` say what is wrong."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.key for finding in findings))
        self.findings = findings


async def examine(
    settings: Settings, telegram: TelegramChannel | None, whatsapp: WhatsAppChannel | None
) -> AsyncIterator[Finding]:
    """Yield what is found, good and bad.

    Args:
        settings: complete and right.
        telegram: the channel, not opened; None where it is not served.
        whatsapp: as ``telegram``.
    """
    for finding in (*settings_in(settings), *folders(settings)):
        yield finding
    for finding in disk.room(folders_of(settings)):
        yield finding
    yield await asyncio.to_thread(_database, settings.database_url, settings.keys)
    yield _faq(settings.faq_dir)
    groups = _groups(settings)
    if settings.region_file:
        region = _region(settings.region_file)
        if isinstance(region, Finding):
            yield region
        else:
            groups = groups_of(settings, region)
            yield Finding("region", {"name": region.name, "count": str(len(region.units))}, good=True)
    channels: list[Channel] = [channel for channel in (telegram, whatsapp) if channel]
    for channel in channels:
        await channel.open()
    try:
        async for finding in platforms(telegram, whatsapp, groups):
            yield finding
    finally:
        for channel in channels:
            await channel.close()
    if telegram and settings.telegram_mode == "webhook":
        yield await _reached(settings.telegram_webhook_url)


async def platforms(
    telegram: TelegramChannel | None, whatsapp: WhatsAppChannel | None, groups: Mapping[str, str]
) -> AsyncIterator[Finding]:
    """Yield what the platforms say of themselves; the channels are open.

    Args:
        telegram: None where it is not served.
        whatsapp: as ``telegram``.
        groups: chat ids by role or unit's name.
    """
    if telegram:
        async for finding in telegram.examine(groups):
            yield finding
    if whatsapp:
        async for finding in whatsapp.examine():
            yield finding


def groups_of(settings: Settings, region: Region) -> Mapping[str, str]:
    """The groups that are served: of a region's file by the names of their units, else by their roles."""
    return {**_units(region), "admins": settings.admins_chat_id} if settings.region_file else _groups(settings)


def nothing_left(findings: Collection[Finding], channels: Collection[str]) -> Sequence[Finding]:
    """What keeps every one of these channels from being served, whatever is done here; empty: at least one can be."""
    refused = {one.about: one for one in findings if one.grave and one.alarm == "channel_down"}
    return tuple(refused.values()) if refused.keys() >= set(channels) else ()


def phrase(finding: Finding, keys: Collection[str]) -> Phrase:
    """What says a finding: cause and cure in one line.

    Args:
        finding: what was found.
        keys: those that there are words for.
    """
    values: dict[str, str | Phrase] = dict(finding.values)
    if role := finding.values.get("role"):
        key = f"doctor.role_{role}"
        values["role"] = Phrase(key) if key in keys else role  # else it is a unit's name
    return Phrase(f"doctor.{finding.key}", values)


def line(finding: Finding, catalogues: Catalogues, locale: str) -> str:
    """The same in words for a terminal, with its mark."""
    mark = "✗" if finding.grave else "✓" if finding.good else "!"
    return f"{mark} {plain(catalogues.render(phrase(finding, catalogues.keys(locale)), locale))}"


def _groups(settings: Settings) -> Mapping[str, str]:
    return {
        "officers": settings.officers_chat_id,
        "propam": settings.propam_chat_id,
        "admins": settings.admins_chat_id,
    }


def _region(path: Path) -> Region | Finding:
    try:
        return read_region(path)
    except RegionFaults as found:
        return Finding("region_broken", {"count": str(len(found.faults))}, grave=True)


def _units(region: Region) -> Mapping[str, str]:
    """The groups of a region by the names of their units; the first of those that share one speaks for it."""
    named: dict[str, str] = {}
    for unit in region.units:
        if unit.group and unit.group not in named.values():
            named[unit.name] = unit.group
    return named


def settings_in(settings: Settings) -> Iterator[Finding]:
    """What settings that are complete and right leave to be wished for, and the FAQ's folder for changes."""
    yield Finding("settings", {"channels": ", ".join(settings.active_channels)}, good=True)
    if not settings.region_file and settings.region_name == type(settings).model_fields["region_name"].default:
        yield Finding("region_default")
    if not settings.secret_key.get_secret_value():
        yield Finding("no_secret_key")
    needed = {"CHATBOT_SECRET_KEY": settings.secret_key}
    if "telegram" in settings.active_channels and settings.telegram_mode == "webhook":
        needed["CHATBOT_TELEGRAM_SECRET"] = settings.telegram_secret
    for name, secret in needed.items():
        if 0 < len(secret.get_secret_value()) < _SHORT_SECRET:
            yield Finding("secret_short", {"name": name})
    changes = settings.faq_dir / "local"
    if not disk.writable(changes).good:
        yield Finding("faq_closed", {"path": str(changes)})


def folders_of(settings: Settings) -> tuple[Path, ...]:
    """The folders that the program writes to: the media, and that of an SQLite database."""
    url = database_url(settings.database_url)
    beside = (Path(url.database).parent,) if url.get_backend_name() == "sqlite" and url.database else ()
    return (settings.media_dir, *beside)


def folders(settings: Settings) -> Iterator[Finding]:
    """Whether they can be written to; what cannot keeps every process from starting."""
    yield from (disk.writable(path) for path in dict.fromkeys(folders_of(settings)))


def _database(url: str, keys: Sequence[str]) -> Finding:
    known = database_url(url)
    kind = known.get_backend_name()
    if kind == "sqlite" and not Path(known.database or "").exists():
        return Finding("database_new", {"path": known.database or ""}, good=True)  # looking would make it
    engine = make_engine(known)
    encryption.use(engine, keys)
    try:
        standing = examine_database(engine)
        if standing == Standing.READY:
            with engine.connect().execution_options(reading=True) as connection:
                encryption.require(encryption.keys_of(engine.dialect), encryption.probe_in(connection))
    except encryption.WrongKeys as wrong:
        return Finding(f"data_keys_{wrong.args[0]}", grave=True)
    except Exception as error:  # noqa: BLE001  whatever the driver raises, it cannot be used
        return Finding("database_unreachable", {"error": type(error).__name__}, grave=True)
    finally:
        engine.dispose()
    if standing == Standing.READY:
        return Finding("database", {"kind": kind}, good=True)
    if standing == Standing.OLDER and kind == "sqlite":
        return Finding("database_older", good=True)  # ``run`` brings it up to date by itself
    faults = {
        Standing.OLDER: "database_schema",
        Standing.NEWER: "database_newer",
        Standing.READ_ONLY: "database_read_only",
    }
    return Finding(faults[standing], grave=True)


def _faq(folder: Path) -> Finding:
    corpus = assemble(read_folder(folder))
    faults = len(corpus.faults) + len(faults_in(folder))
    answered = len({entry.id for entry in corpus.entries.values() if entry.status == "approved"})
    if faults:
        return Finding("faq_broken", {"count": str(faults)}, grave=True)
    return Finding("faq", {"count": str(answered)}, good=True)


async def _reached(url: str) -> Finding:
    """Whether the public address leads to this program; it has to be running."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as session,
            session.get(f"{url.rstrip('/')}/healthz", allow_redirects=False) as answer,
        ):
            good = answer.status == _OK
            return Finding("public_url" if good else "public_url_other", {"status": str(answer.status)}, not good, good)
    except (aiohttp.ClientError, TimeoutError):
        return Finding("public_url_unreachable", {"url": url}, grave=True)
