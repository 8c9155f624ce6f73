"""Changing the FAQ from the administrators' group: from what was sent to a proposal, to the files, and back again.

Owns the loop over changes that wait, each of which goes on where a killed process left it. The words of a proposal are
``faq_proposal``'s, what it would do ``faq_examine``'s. Refuses to decide who may ask and who approves (``faq_desk``).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from chatbot.channels.base import Channel, FetchError
from chatbot.core import faq_command, officer
from chatbot.core.faq_command import FaqAct, FaqCommand
from chatbot.core.message import File, Inbound, Kind, Phrase
from chatbot.core.officer import Situation
from chatbot.logs import failure, log
from chatbot.matching.corpus import Corpus, assemble
from chatbot.matching.entry_file import BASE_LOCALE, CorpusError, Entry, Fault, parse, render
from chatbot.services.apart import apart
from chatbot.services.faq import read_folder
from chatbot.services.faq_examine import Report, examine, objections
from chatbot.services.faq_files import read_texts, target_of, write_texts
from chatbot.services.faq_live import load_faq
from chatbot.services.faq_proposal import Proposal, number_line
from chatbot.services.faq_questions import Question, QuestionsError, labelled, question_files
from chatbot.services.faq_sheet import export_xlsx, read_sheet
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.respond import Respond
from chatbot.services.shelf import shelve
from chatbot.store.faq_tables import FaqEditRow
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable

_MOST_BYTES = 2 * 1024 * 1024  # of a file that is sent
_GIVE_UP = timedelta(minutes=10)  # on fetching it
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_REFUSED = Phrase("desk.faq_file_refused")

Texts = dict[str, str | None]


class _Unusable(Exception):
    """A request that comes to nothing; the lines say why."""

    def __init__(self, *lines: Phrase) -> None:
        super().__init__()
        self.lines = lines


class _NotYet(Exception):
    """What is needed cannot be had now; the next round tries again."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Works off what administrators asked of the FAQ.

    Args:
        store: the rows.
        office: the account, and its FAQ.
        respond: reads stored messages again.
        channels: by name, for fetching files.
        shelf: where files to be sent are put.
    """

    store: Store
    office: Office
    respond: Respond
    channels: Mapping[str, Channel]
    shelf: Path

    async def work(self) -> int:
        """Work off what waits; how many there were."""
        waiting = await self.store.read(lambda uow: uow.faq_edits.waiting())
        for edit in waiting:
            await self._step(edit)
        return len(waiting)

    async def _step(self, edit: FaqEditRow) -> None:
        steps = {"received": self._received, "approved": self._approved, "undoing": self._undoing}
        try:
            await steps[edit.state](edit)
        except _Unusable as unusable:
            await self._close(edit, "refused", [self._line(line) for line in unusable.lines])
        except (_NotYet, StoreUnavailable):
            return
        except Exception as error:  # noqa: BLE001  one odd change must not hold up the next
            log().error("faq_edit_broke", edit_id=edit.id, **failure(error))
            await self._close(edit, "refused", [self.office.words("desk.faq_broke")])

    # What was sent

    async def _received(self, edit: FaqEditRow) -> None:
        row = await self.store.read(lambda uow: uow.inbound(edit.inbound_id))
        message = self.respond.reread(row) if row else None
        if message is None:
            raise _Unusable(Phrase("desk.faq_broke"))
        files = await asyncio.to_thread(read_folder, self.office.faq.folder)
        corpus = assemble(files)
        if message.kind == Kind.DOCUMENT:
            changed = await self._sent(edit, message, corpus)
        else:
            command = faq_command.read(officer.read(message.text, Situation()).text)
            if command.act == FaqAct.EXPORT:
                data = await asyncio.to_thread(export_xlsx, files)
                await self._give(edit, "tanggap-faq.xlsx", _XLSX, data, "desk.faq_exported")
                return
            entry = corpus.entries.get((command.entry_id, command.locale))
            if entry is None:
                raise _Unusable(Phrase("desk.faq_unknown_entry", {"id": command.entry_id}))
            name = corpus.names[entry.id, entry.locale]
            if command.act == FaqAct.SHOW:
                await self._give(edit, PurePosixPath(name).name, "text/markdown", files[name], "desk.faq_file")
                return
            changed = {name: render(_changed(entry, command))}
        await self._propose(edit, files, corpus, changed)

    async def _sent(self, edit: FaqEditRow, message: Inbound, corpus: Corpus) -> dict[str, bytes]:
        """The entries of a sent file, by their names, those that it does not change left out."""
        file = message.attachment
        if file is None:
            raise _Unusable(Phrase("desk.faq_broke"))
        if file.size > _MOST_BYTES:
            raise _Unusable(_REFUSED, Phrase("faq.fault.size"))
        try:
            data = await self._fetched(message)
        except FetchError as refused:
            if refused.permanent or self.office.clock() - edit.created_at > _GIVE_UP:
                raise _Unusable(Phrase("desk.faq_not_fetched")) from None
            raise _NotYet from None
        if PurePosixPath(file.name).suffix.lower() == ".md":
            return {PurePosixPath(file.name).name: data}
        sheet = await asyncio.to_thread(apart, read_sheet, file.name, data)
        if sheet.faults:
            raise _Unusable(_REFUSED, *(fault.phrase() for fault in sheet.faults))
        known = {name: corpus.entries[key] for key, name in corpus.names.items()}
        return {name: text for name, text in sheet.files.items() if not _is_same(known.get(name), name, text)}

    async def _fetched(self, message: Inbound) -> bytes:
        channel, data = self.channels[message.channel], bytearray()
        if message.attachment:
            async for chunk in channel.fetch(message.attachment):
                data += chunk
                if len(data) > _MOST_BYTES:
                    raise _Unusable(_REFUSED, Phrase("faq.fault.size"))
        return bytes(data)

    async def _propose(
        self, edit: FaqEditRow, files: Mapping[str, bytes], corpus: Corpus, changed: Mapping[str, bytes]
    ) -> None:
        targets = {target_of(name, corpus): data.replace(b"\r\n", b"\n") for name, data in changed.items()}
        then = {**files, **targets}
        faults, _ = objections(files, then)
        if len(targets) < len(changed):  # two rows of a sheet for one entry
            faults += [CorpusError(name, 1, Fault.DUPLICATE) for name in changed if name not in targets]
        if faults:
            raise _Unusable(_REFUSED, *(_fault(fault) for fault in faults))
        folder = self.office.faq.folder
        report = await asyncio.to_thread(apart, examine, files, then, await asyncio.to_thread(_questions, folder))
        if not report.changes:
            raise _Unusable(Phrase("desk.faq_same"))
        proposal = Proposal(self.office, edit, report)
        if report.is_refused:
            await self._close(edit, "refused", proposal.refusal(_lines_of(report, targets)))
            return
        texts = {name: data.decode() for name, data in targets.items()}
        before = await asyncio.to_thread(read_texts, folder, list(texts))
        whole = None
        if proposal.is_long:  # what is approved is read word for word
            said = "\n\n".join(f"{name}\n\n{text}" for name, text in texts.items()).encode()
            whole = await self._shelved(f"usulan-{edit.id}.md", "text/markdown", said)

        def unit(uow: UnitOfWork) -> None:
            row = uow.faq_edits.get(edit.id)
            if row and row.state == "received":
                row.files, row.before = _dumped(texts), _dumped(before)
                row.state, row.changed_at = "proposed", self.office.clock()
                if whole:
                    self._post(uow).file_to_group(edit.chat, whole, "", reply_to=edit.message_id)
                self._post(uow).to_group(
                    edit.chat, "\n".join(proposal.lines()), proposal.choices(), reply_to=edit.message_id
                )

        await self.store.write(unit)

    # What was approved, and what is taken back

    async def _approved(self, edit: FaqEditRow) -> None:
        await self._put(edit, expected=_loaded(edit.before), wanted=_loaded(edit.files))
        await self._close(edit, "live", [number_line(self.office, "desk.faq_live", edit)])

    async def _undoing(self, edit: FaqEditRow) -> None:
        try:
            await self._put(edit, expected=_loaded(edit.files), wanted=_loaded(edit.before))
        except _Unusable as unusable:
            await self._close(edit, "live", [self._line(line) for line in unusable.lines])
        else:
            await self._close(edit, "undone", [number_line(self.office, "desk.faq_undone", edit)])

    async def _put(self, edit: FaqEditRow, expected: Texts, wanted: Texts) -> None:
        """Write files, unless somebody changed them meanwhile; written already is well."""
        folder = self.office.faq.folder
        stands = await asyncio.to_thread(read_texts, folder, list(wanted))
        # File by file: a process that was killed may have written some of them.
        if any(text not in (expected[name], wanted[name]) for name, text in stands.items()):
            raise _Unusable(Phrase("desk.faq_moved_on", {"number": str(edit.id)}))
        now = await asyncio.to_thread(read_folder, folder)
        then = {name: data for name, data in now.items() if wanted.get(name, "") is not None}
        then |= {name: text.encode() for name, text in wanted.items() if text is not None}
        # Other changes may have come in between.
        faults, twice = objections(now, then)
        if faults or twice:
            doubled = (Phrase("desk.faq_doubled", {"text": text, "other": other}) for text, other in twice)
            raise _Unusable(_REFUSED, *map(_fault, faults), *doubled)
        try:
            await asyncio.to_thread(write_texts, folder, wanted)
        except OSError:
            raise _Unusable(Phrase("desk.faq_folder_closed")) from None
        await load_faq(self.store, self.office)  # it answers before anybody reads that it does

    # What is said

    async def _give(self, edit: FaqEditRow, name: str, mime: str, data: bytes, key: str) -> None:
        """Send a file to the group."""
        file = await self._shelved(name, mime, data)

        def unit(uow: UnitOfWork) -> None:
            row = uow.faq_edits.get(edit.id)
            if row and row.state == "received":
                row.state, row.changed_at = "done", self.office.clock()
                self._post(uow).file_to_group(edit.chat, file, self.office.words(key), reply_to=edit.message_id)

        await self.store.write(unit)

    async def _shelved(self, name: str, mime: str, data: bytes) -> File:
        """A file that is ready to be sent."""
        return await asyncio.to_thread(shelve, self.shelf, name, mime, data)

    async def _close(self, edit: FaqEditRow, state: str, lines: Sequence[str]) -> None:
        def unit(uow: UnitOfWork) -> None:
            row = uow.faq_edits.get(edit.id)
            if row and row.state == edit.state:
                row.state, row.changed_at = state, self.office.clock()
                self._post(uow).to_group(edit.chat, "\n".join(lines), reply_to=edit.message_id)

        await self.store.write(unit)

    def _post(self, uow: UnitOfWork) -> Post:
        return Post(uow, self.office, self.office.clock())

    def _line(self, phrase: Phrase) -> str:
        return self.office.words(phrase.key, **phrase.values)


def _changed(entry: Entry, command: FaqCommand) -> Entry:
    """An entry as a command wants it."""
    if command.act == FaqAct.ANSWER:
        return replace(entry, answer=command.value)
    if command.act == FaqAct.VARIANTS:
        lines = (line.strip().removeprefix("- ").strip() for line in command.value.splitlines())
        return replace(entry, variants=tuple(dict.fromkeys((*entry.variants, *filter(None, lines)))))
    if entry.locale != BASE_LOCALE:
        raise _Unusable(Phrase("desk.faq_facts_in_base"))
    if command.act == FaqAct.APPROVE:
        return replace(entry, approved_by=command.value)
    try:
        return replace(entry, review_due=date.fromisoformat(command.value))
    except ValueError:
        raise _Unusable(_REFUSED, Phrase("faq.fault.date")) from None


def _is_same(entry: Entry | None, name: str, data: bytes) -> bool:
    """Whether a row of a sheet says what the entry says already; a translation's facts are its base's."""
    if entry is None:
        return False
    try:
        return render(parse(name, data)) == render(entry)
    except CorpusError:
        return False


def _fault(fault: CorpusError) -> Phrase:
    return Phrase("faq.check.fault", {"file": fault.name, "line": str(fault.line), "reason": Phrase(fault.reason)})


def _lines_of(report: Report, targets: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    """Where the variants stand that another entry has: file and line."""
    found = {}
    for text, _ in report.twice:
        for name, data in targets.items():
            lines = data.decode().splitlines()
            at = next((number for number, line in enumerate(lines, 1) if line[2:].strip() == text), 0)
            if at:
                found[text] = (name, at)
    return found


def _questions(folder: Path) -> list[Question]:
    """The labelled questions that lie beside the FAQ."""
    try:
        return [question for file in question_files(folder) for question in labelled(file)]
    except QuestionsError as wrong:
        reason = Phrase(wrong.reason, {"detail": wrong.detail})
        raise _Unusable(
            Phrase("faq.score.fault", {"file": wrong.path.name, "line": str(wrong.line), "reason": reason})
        ) from None


def _dumped(texts: Mapping[str, str | None]) -> bytes:
    return json.dumps(texts).encode()


def _loaded(data: bytes | None) -> Texts:
    return dict(json.loads(data or b"{}"))
