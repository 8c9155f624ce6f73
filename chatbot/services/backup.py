"""Backups: a folder with a copy of the database, the files that its rows name, and a description of both.

Owns the folder's form, and that a backup is whole and checked or not there at all. Refuses to decide what a restored
database may do (``services.restore``).

A backup is ``manifest.json``, ``database.sqlite3`` or ``database.dump``, and ``media/`` as in CHATBOT_MEDIA_DIR. The
database is copied first, so that every file which it names lies in the media folder by then. Files that people sent
never change, so they are linked where that can be, to the media folder or to an earlier backup beside, else copied.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from chatbot.store.backup import Contents, Unusable, copy_postgres, copy_sqlite
from chatbot.store.engine import database_url

MANIFEST = "manifest.json"
MEDIA = "media"
_FORM = 1
_DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_CHUNK = 1024 * 1024
_ENDINGS = ("", ".clean")  # beside a photo lies the copy that officers get; see services.media


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself.

    Attributes:
        form: of the folder.
        engine: "sqlite" or "postgresql".
        made_by: major version of pg_dump; 0 for SQLite.
        schema: version of the database's schema.
        taken_at: the moment that the copy shows.
        sha256: of the copy.
        size: of the copy, in bytes.
        messages: how many messages it holds.
        tickets: how many tickets.
        files: how many files its rows name.
        probe: by which it is known whether keys open it; empty: nothing in it is encrypted.
    """

    form: int
    engine: str
    made_by: int
    schema: str
    taken_at: datetime
    sha256: str
    size: int
    messages: int
    tickets: int
    files: int
    probe: bytes = b""

    @property
    def database(self) -> str:
        """The name of the copy."""
        return _DATABASES[self.engine]


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was made.

    Attributes:
        folder: where it lies.
        manifest: what it holds.
        size: of everything in it, in bytes.
        missing: files that its rows name and that do not lie in the media folder as they were kept.
    """

    folder: Path
    manifest: Manifest
    size: int
    missing: int


def take(database: str, media_dir: Path, target: Path, now: datetime) -> Taken:
    """Make a backup while the program runs, or while it does not.

    Args:
        database: its URL.
        media_dir: where kept files lie.
        target: a folder that is there, which gets a new one in it named by the moment; else the new folder itself.
        now: the time.

    Raises:
        Unusable: the place is taken, or the database is not as it must be.
        ToolFailed: PostgreSQL's tools are missing, too old, or failed.
        OSError: the disk is full, or the folder cannot be written.
        sqlite3.Error: the file cannot be read, or its copy not written.
        sqlalchemy.exc.DBAPIError: the database cannot be reached.
    """
    within = target.is_dir() and not (target / MANIFEST).exists()
    folder = target / f"tanggap-{now:%Y%m%dT%H%M%SZ}" if within else target
    if folder.exists():
        raise Unusable("exists", folder=str(folder))
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))  # of mode 0700
    try:
        manifest, contents = _copy(database, work, now)
        missing = _bring_files(contents, media_dir, work / MEDIA, _earlier(folder.parent))
        _write(work / MANIFEST, msgspec.json.encode(manifest))
        _sync_folders(work)
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    sync(folder.parent)
    return Taken(folder, manifest, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()), missing)


def _copy(database: str, work: Path, now: datetime) -> tuple[Manifest, Contents]:
    url = database_url(database)
    engine = url.get_backend_name()
    copy = work / _DATABASES[engine]
    copy.touch(mode=0o600)
    made_by = 0
    if engine == "sqlite":
        contents = copy_sqlite(Path(url.database or ""), copy)
    else:
        contents, made_by = copy_postgres(url, copy)
    sync(copy)
    manifest = Manifest(
        form=_FORM,
        engine=engine,
        made_by=made_by,
        schema=contents.schema,
        taken_at=now,
        sha256=digest_of(copy),
        size=copy.stat().st_size,
        messages=contents.messages,
        tickets=contents.tickets,
        files=len(contents.files),
        probe=contents.probe,
    )
    return manifest, contents


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself, once it is sure that its copy of the database is what was written.

    Raises:
        Unusable: it is no backup, or not a whole one.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise Unusable("no_backup", folder=str(folder), manifest=MANIFEST) from None
    except (OSError, msgspec.DecodeError):
        raise Unusable("unreadable", file=str(folder / MANIFEST)) from None
    if manifest.form != _FORM or manifest.engine not in _DATABASES:
        raise Unusable("newer", folder=str(folder))
    copy = folder / manifest.database
    if not copy.is_file() or copy.stat().st_size != manifest.size or digest_of(copy) != manifest.sha256:
        raise Unusable("damaged", file=str(copy))
    return manifest


# Files


def _earlier(place: Path) -> Path | None:
    """The media folder of the latest backup that lies there."""
    found = [manifest.parent for manifest in place.glob(f"*/{MANIFEST}")]
    latest = max(found, key=lambda folder: (folder / MANIFEST).stat().st_mtime, default=None)
    return latest / MEDIA if latest else None


def _bring_files(contents: Contents, media_dir: Path, target: Path, earlier: Path | None) -> int:
    """Link or copy every file that rows name; how many could not be had as they were kept."""
    missing = 0
    for sha256, size in contents.files:
        for ending in _ENDINGS:
            name = f"{sha256[:2]}/{sha256}{ending}"
            source = media_dir / name
            if not source.is_file():
                missing += not ending
                continue
            if not ending and source.stat().st_size != size:
                missing += 1
                continue
            place = target / name
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (_linked(source, place) or (earlier and _linked(earlier / name, place))):
                missing += not copy_file(source, place, "" if ending else sha256)
    return missing


def _linked(source: Path, place: Path) -> bool:
    try:
        os.link(source, place)
    except OSError:  # another disk, one without links, or not there
        return False
    return True


def copy_file(source: Path, place: Path, sha256: str = "") -> bool:
    """Copy a file durably under a name that it gets once it is whole; whether it is what it must be.

    Args:
        source: the file.
        place: where to.
        sha256: what it must be; empty: anything.

    Raises:
        OSError: it cannot be read or written.
    """
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=place.parent)  # of mode 0600
    try:
        with os.fdopen(handle, "wb") as file, source.open("rb") as original:
            while chunk := original.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if sha256 and digest.hexdigest() != sha256:
            return False
        Path(name).replace(place)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
    return True


def files_in(folder: Path) -> Iterator[Path]:
    """The files of a backup's media folder, relative to it."""
    for path in sorted((folder / MEDIA).glob("??/*")):
        yield path.relative_to(folder / MEDIA)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)
    sync(path)


def _sync_folders(work: Path) -> None:
    for path in (*(path for path in work.rglob("*") if path.is_dir()), work):
        sync(path)


def sync(path: Path) -> None:
    """What was written to a file, or which names stand in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
