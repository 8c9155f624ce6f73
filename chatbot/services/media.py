"""Fetching files and keeping them: content under its SHA-256, rows that carry the retry state.

Owns the folder ``CHATBOT_MEDIA_DIR`` (0700) and the fetch loop. Refuses to look inside files, but for removing what a
photo says about where it was taken.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from chatbot import metrics
from chatbot.channels.base import Channel, FetchError
from chatbot.core.message import File
from chatbot.core.privacy import neutral_file_name
from chatbot.logs import failure, log
from chatbot.services import durable
from chatbot.services.cards import LATE
from chatbot.services.jpeg import without_metadata
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outcome import backoff
from chatbot.services.outgoing import reporter
from chatbot.services.proof import Proofs
from chatbot.services.relay import Relay, attachment_of, kind_of_file
from chatbot.store.store import Store
from chatbot.store.tables import MediaRow
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_AT_ONCE = 8
_IDLE = 0.5
_GIVE_UP = timedelta(days=2)
_FETCHING = "fetch-"
_LEFT_SECONDS = 3600  # a file of this name and age is nobody's any more
_STRIPPED_TYPES = {"image/jpeg", "image/jpg"}


def discard(folder: Path, sha256: str) -> None:
    """Delete a kept file, and beside it what was made of it.

    Args:
        folder: ``CHATBOT_MEDIA_DIR``.
        sha256: its content, which has no row any more; to be asked (``MediaShelf.is_named``) in the same transaction.
    """
    path = folder / sha256[:2] / sha256
    for file in (path, path.with_suffix(".clean")):
        file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies on the shelf now."""

    sha256: str
    size: int


class Media:
    """Fetches what messages carried."""

    def __init__(
        self, store: Store, office: Office, channels: dict[str, Channel], folder: Path, wake: asyncio.Event
    ) -> None:
        self._store = store
        self._office = office
        self._channels = channels
        self._folder = folder
        self._woken = wake
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._proofs = Proofs(store, office, folder)
        self._comparing: asyncio.Task[None] | None = None

    def prepare(self) -> None:
        """Make the folder, readable by nobody else, and clear away what a killed process was fetching."""
        durable.make_folder(self._folder)
        self._folder.chmod(0o700)
        for left in self._folder.glob(f"{_FETCHING}*"):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                left.unlink(missing_ok=True)

    async def run(self) -> None:
        """Fetch until cancelled; returns when another process has that role."""
        while await self._store.hold("media"):
            self._woken.clear()
            room = _AT_ONCE - len(self._under_way)
            if room > 0:
                wanted = await self._store.read(partial(self._wanted, room))
                for row in wanted:
                    task = asyncio.create_task(self.fetch(row))
                    self._under_way[row.id] = task
                    task.add_done_callback(partial(self._done, row.id))
            if self._comparing is None or self._comparing.done():  # beside the fetching, which answers wait for
                self._comparing = asyncio.create_task(self._proofs.work())
            try:
                async with asyncio.timeout(_IDLE):
                    await self._woken.wait()
            except TimeoutError:
                pass

    def _wanted(self, room: int, uow: UnitOfWork) -> list[MediaRow]:
        return uow.media.wanted(self._office.clock(), room, without=list(self._under_way))

    def _done(self, media_id: int, _: asyncio.Task[None]) -> None:
        self._under_way.pop(media_id, None)
        self._woken.set()  # there is room for the next one

    async def fetch(self, row: MediaRow) -> None:
        """Fetch one file and write down what became of it. A database that is away leaves it wanted."""
        try:
            failed = await self._fetch_and_keep(row)
            if failed:
                await self._store.write(lambda uow: self._failed(uow, row.id, failed))
        except StoreUnavailable:
            await asyncio.sleep(_IDLE)

    async def _fetch_and_keep(self, row: MediaRow) -> FetchError | None:
        try:
            kept = await self._download(row)
            await self._store.write(lambda uow: self._kept(uow, row.id, kept))
        except FetchError as refused:
            return refused
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  one odd file must not stop the others, nor be fetched without end
            log().error("media_broke", channel=row.channel, media_id=row.id, **failure(error))
            return FetchError(type(error).__name__)
        return None

    async def _download(self, row: MediaRow) -> Kept:
        channel = self._channels.get(row.channel)
        if channel is None:
            raise FetchError("channel not served", permanent=True)
        digest = hashlib.sha256()
        size = 0
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=_FETCHING)
        try:
            with os.fdopen(handle, "wb") as file:
                async for chunk in channel.fetch(attachment_of(row)):
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
        except BaseException:
            os.unlink(name)  # noqa: PTH108  takes no time; a Path's methods count as blocking
            raise
        sha256 = digest.hexdigest()
        await asyncio.to_thread(self._shelve, Path(name), sha256, row.mime)
        return Kept(sha256, size)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _shelve(self, fetched: Path, sha256: str, mime: str) -> None:
        """Put a file on the shelf; beside a photo, which is evidence, a copy that does not say where it was taken."""
        durable.make_folder(self._path(sha256).parent)
        durable.put(fetched, self._path(sha256))
        if mime not in _STRIPPED_TYPES:
            return
        clean = without_metadata(self._path(sha256).read_bytes())
        if clean is not None:
            durable.write(self._path(sha256).with_suffix(".clean"), clean)

    def _kept(self, uow: UnitOfWork, media_id: int, kept: Kept) -> None:
        named = uow.media.is_named(kept.sha256)
        row = uow.media.get(media_id)
        if row is None and not named:
            discard(self._folder, kept.sha256)  # it was erased while it was fetched
        if row is None or not self._path(kept.sha256).exists():
            return  # the same content of somebody else's was erased meanwhile, and this one is fetched again
        row.state, row.sha256, row.size, row.error = "kept", kept.sha256, kept.size, ""
        if row.attempts >= LATE:
            self._card_changed(uow, row)
        metrics.media_fetched.labels(row.channel, "kept").inc()
        ticket = uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket is None or row.relayed:
            return
        now = self._office.clock()
        post = Post(uow, self._office, now)
        if row.bound_for == "desk":
            Relay(uow, self._office, post, self._folder).kept(ticket, [row])
        elif row.bound_for == "citizen":
            row.relayed = True
            to = reporter(ticket)
            if row.size > self._office.capabilities[to.channel].max_upload:
                post.to_desk(ticket, self._office.words("desk.too_large_for_citizen"), urgent=True)
                return
            attachment = attachment_of(row)
            file = File(
                path=str(self._path(kept.sha256)),
                mime=row.mime,
                name=attachment.name or neutral_file_name(1, row.mime),
                kind=kind_of_file(row.mime, attachment.kind),
                size=row.size,
            )
            post.file_to_citizen(to, file, row.caption, ticket, row.inbound_id, row.id)

    def _card_changed(self, uow: UnitOfWork, row: MediaRow) -> None:
        """What the card says of files that are not there yet is to be seen anew."""
        ticket = uow.ticket(row.ticket_id) if row.ticket_id else None
        if ticket:
            Post(uow, self._office, self._office.clock()).card_changed(ticket)

    def _failed(self, uow: UnitOfWork, media_id: int, error: FetchError) -> None:
        row = uow.media.get(media_id)
        if row is None:
            return
        now = self._office.clock()
        row.attempts += 1
        row.error = error.code[:200]
        log().warning("media_failed", channel=row.channel, media_id=row.id, code=error.code, attempts=row.attempts)
        if error.too_large or error.permanent or now - row.created_at > _GIVE_UP:
            row.state = "too_large" if error.too_large else "gone"
            metrics.media_fetched.labels(row.channel, row.state).inc()
            ticket = uow.ticket(row.ticket_id) if row.ticket_id else None
            if ticket and not row.relayed:
                post = Post(uow, self._office, now)
                if row.bound_for == "citizen":
                    post.to_desk(ticket, self._office.words("desk.too_large_for_citizen"), urgent=True)
                post.card_changed(ticket)
            return
        row.due_at = now + min(backoff(row.attempts), timedelta(minutes=1))
        if row.attempts == LATE:
            self._card_changed(uow, row)
