"""Restoring a backup into a place where there is no database.

Owns the order: files first, so that a database never names what is not there; the database under its name last, once
it is fit to go on. Refuses to say what a restored database may do again (``store.restores``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from chatbot.core.message import File
from chatbot.core.ticket import ALERT_LIVES
from chatbot.services.backup import MEDIA, Manifest, copy_file, files_in, read_manifest, sync
from chatbot.services.outgoing import payload_of
from chatbot.store import encryption
from chatbot.store.backup import Unusable, fill_postgres, filled, is_free, one_file, require_empty
from chatbot.store.engine import FileLock, database_url
from chatbot.store.schema import is_known
from chatbot.store.unit_of_work import UnitOfWork

_NAME = 64  # letters of a file's name on the shelf


@dataclass(frozen=True, slots=True)
class Brought:
    """A backup that was restored.

    Attributes:
        manifest: what it held.
        held: messages to citizens that are held back, because they may have been sent since.
        aside: messages that were set aside, because they may have been handled since.
        damaged: files of the backup that are not what they were, and were left out.
    """

    manifest: Manifest
    held: int
    aside: int
    damaged: int


def bring_back(folder: Path, database: str, media_dir: Path, now: datetime, keys: Sequence[str] = ()) -> Brought:
    """Restore a backup, with the program stopped.

    Args:
        folder: the backup.
        database: URL of the database to be filled, which must be empty; an SQLite file need not be there.
        media_dir: where kept files are to lie; files that lie there stay as they are.
        now: the time.
        keys: by which the backup is encrypted, the newest first; none: it is not.

    Raises:
        WrongKeys: they do not open it.
        StoreInUse: a process serves the SQLite file.
        Unusable: it is no whole backup, or not for this version or engine; or the database is not empty.
        ToolFailed: pg_restore is missing, too old, or failed.
        OSError: the disk is full, or a folder cannot be written.
        sqlalchemy.exc.DBAPIError: the database cannot be reached.
    """
    manifest = read_manifest(folder)
    url = database_url(database)
    if url.get_backend_name() != manifest.engine:
        raise Unusable("other_engine", folder=str(folder), engine=manifest.engine)
    if not is_known(manifest.schema):
        raise Unusable("newer_schema", folder=str(folder), schema=manifest.schema)
    encryption.require(encryption.made_of(keys), manifest.probe)  # before anything is filled with what nobody can read
    if manifest.engine == "sqlite":
        return _bring_back_file(folder, manifest, Path(url.database or ""), media_dir, now, keys)
    require_empty(url)
    damaged = _bring_files(folder, media_dir)
    fill_postgres(url, folder / manifest.database, made_by=manifest.made_by)
    with filled(url, manifest.schema, keys) as uow:
        held, aside = _settle(uow, manifest, media_dir, now)
    return Brought(manifest, held, aside, damaged)


def _bring_back_file(
    folder: Path, manifest: Manifest, path: Path, media_dir: Path, now: datetime, keys: Sequence[str]
) -> Brought:
    lock = FileLock(str(path))
    lock.acquire()
    work = path.with_name(f"{path.name}.restoring")
    try:
        if not is_free(path):
            raise Unusable("place_taken", file=str(path))
        damaged = _bring_files(folder, media_dir)
        if not copy_file(folder / manifest.database, work, manifest.sha256):
            raise Unusable("damaged", file=str(folder / manifest.database))
        with filled(database_url(f"sqlite:///{work}"), manifest.schema, keys) as uow:
            held, aside = _settle(uow, manifest, media_dir, now)
        one_file(work)
        sync(work)
        work.rename(path)
        sync(path.absolute().parent)
    finally:
        for left in (work, *(work.with_name(work.name + ending) for ending in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
        lock.release()
    return Brought(manifest, held, aside, damaged)


def _bring_files(folder: Path, media_dir: Path) -> int:
    """Copy the files that do not lie there yet; how many are damaged."""
    media_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    damaged = 0
    for name in files_in(folder):
        source, place = folder / MEDIA / name, media_dir / name
        if place.is_file() and place.stat().st_size == source.stat().st_size:
            continue
        place.parent.mkdir(exist_ok=True, mode=0o700)
        damaged += not copy_file(source, place, "" if name.suffix else name.name)
    return damaged


def _settle(uow: UnitOfWork, manifest: Manifest, media_dir: Path, now: datetime) -> tuple[int, int]:
    """Make the database fit to go on; what was held back and set aside."""
    restore = uow.restores.begin(now, manifest.taken_at, urgent_since=now - ALERT_LIVES)
    for row in uow.restores.with_files():
        message = payload_of(row)
        file = _moved(message.file, media_dir) if message.file else None
        files = tuple(_moved(one, media_dir) for one in message.files)
        row.payload = msgspec.json.encode(replace(message, file=file, files=files))
    taken_at = manifest.taken_at.isoformat(timespec="seconds")
    uow.audit.add("restored", "operator", now, taken_at=taken_at, held=restore.held, aside=restore.aside)
    return restore.held, restore.aside


def _moved(file: File, media_dir: Path) -> File:
    """A kept file where it lies now; one of our own making, which no backup holds, stays named as it was."""
    path = Path(file.path)
    if len(path.stem) != _NAME or path.parent.name != path.stem[:2]:
        return file
    return replace(file, path=str(media_dir.absolute() / path.parent.name / path.name))
