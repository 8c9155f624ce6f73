"""Examining an installation before citizens do: settings, files, database, FAQ, Telegram, WhatsApp.

Owns the order of the points and what is asked of this machine. What is asked of a platform is its channel's. Changes
nothing, and shows no secret.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import aiohttp

from chatbot.channels.base import Finding
from chatbot.channels.telegram import TelegramChannel
from chatbot.channels.whatsapp import WhatsAppChannel
from chatbot.core.region import Region
from chatbot.matching.corpus import assemble
from chatbot.services.faq import read_folder
from chatbot.services.region_fault import RegionFaults
from chatbot.services.region_file import read_region
from chatbot.services.saved_answers import faults_in
from chatbot.settings import Settings
from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import is_ready

_PATIENCE = aiohttp.ClientTimeout(total=10)
_OK = 200


async def examine(
    settings: Settings, telegram: TelegramChannel | None, whatsapp: WhatsAppChannel | None
) -> AsyncIterator[Finding]:
    """Yield what is found, good and bad.

    Args:
        settings: complete and right.
        telegram: the channel, not opened; None where it is not served.
        whatsapp: as ``telegram``.
    """
    for finding in _machine(settings):
        yield finding
    yield await asyncio.to_thread(_database, settings.database_url)
    yield _faq(settings.faq_dir)
    groups = _groups(settings)
    if settings.region_file:
        region = _region(settings.region_file)
        if isinstance(region, Finding):
            yield region
        else:
            groups = {**_units(region), "admins": settings.admins_chat_id}
    if telegram:
        await telegram.open()
        try:
            async for finding in telegram.examine(groups):
                yield finding
        finally:
            await telegram.close()
        if settings.telegram_mode == "webhook":
            yield await _reached(settings.telegram_webhook_url)
    if whatsapp:
        await whatsapp.open()
        try:
            async for finding in whatsapp.examine():
                yield finding
        finally:
            await whatsapp.close()


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


def _machine(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", {"channels": ", ".join(settings.active_channels)}, good=True)
    if settings.region_name == type(settings).model_fields["region_name"].default:
        yield Finding("region_default")
    if not settings.secret_key.get_secret_value():
        yield Finding("no_secret_key")
    folder = settings.media_dir.absolute()
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    writable = nearest.is_dir() and os.access(nearest, os.W_OK)
    yield Finding(
        "media_dir" if writable else "media_dir_closed", {"path": str(settings.media_dir)}, not writable, writable
    )


def _database(url: str) -> Finding:
    known = database_url(url)
    kind = known.get_backend_name()
    if kind == "sqlite" and not Path(known.database or "").exists():
        return Finding("database_new", {"path": known.database or ""}, good=True)  # looking would make it
    engine = make_engine(known)
    try:
        current = is_ready(engine)
    except Exception as error:  # noqa: BLE001  whatever the driver raises, it cannot be used
        return Finding("database_unreachable", {"error": type(error).__name__}, grave=True)
    finally:
        engine.dispose()
    if current or kind == "sqlite":  # which ``run`` brings up to date by itself
        return Finding("database", {"kind": kind}, good=True)
    return Finding("database_schema", grave=True)


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
