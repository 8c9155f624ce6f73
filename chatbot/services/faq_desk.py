"""What administrators ask of the FAQ in their group, inside the unit of work.

Owns who may ask, the report of what is loaded, and the second person's approval. What takes reading files or computing
it writes down for ``faq_edit``. The grammar is ``core.faq_command``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from chatbot.core import faq_command
from chatbot.core.faq_command import FaqAct
from chatbot.core.message import Inbound, Kind, Phrase
from chatbot.services.faq_gaps import Gaps
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.store.faq_tables import FaqEditRow
from chatbot.store.unit_of_work import UnitOfWork

_MOST_DIGITS = 10  # of a change's number
_ENDINGS = frozenset({".md", ".xlsx", ".csv"})


def is_faq_file(message: Inbound) -> bool:
    """Whether a message in the administrators' group brings a file for the FAQ."""
    file = message.attachment
    return message.kind == Kind.DOCUMENT and file is not None and PurePosixPath(file.name).suffix.lower() in _ENDINGS


class FaqDesk:
    """Serves the administrators' group."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._post = Post(uow, office, now)

    def file(self, message: Inbound, inbound_id: int) -> None:
        """Take a changed file up."""
        self._take_up(message, inbound_id)
        self._say(message, "desk.faq_examining")

    def obey(self, message: Inbound, inbound_id: int, text: str) -> None:
        """Carry out a command; ``text`` stands behind ``/faq``."""
        command = faq_command.read(text)
        if command.act == FaqAct.LOAD:
            self._loaded(message)
        elif command.act == FaqAct.UNDO:
            self._undo(message, command.value)
        elif command.act == FaqAct.GAPS:
            for words in Gaps(self._uow, self._office, self._now).answer(command.value):
                self._post.to_group(message.chat, words, reply_to=message.message_id)
        elif command.act == FaqAct.HELP:
            self._say(message, "desk.faq_help")
        else:
            self._take_up(message, inbound_id)
            if command.changes:
                self._say(message, "desk.faq_examining")

    def press(self, message: Inbound, *, approved: bool, edit_id: int) -> None:
        """A button under a proposal. Who sent a change may take it back, and never approves it."""
        edit = self._uow.faq_edits.get(edit_id)
        if edit is None or edit.state != "proposed":
            self._answer(message, "desk.faq_too_late")
        elif not approved:
            self._become(edit, "refused")
            self._answer(message, "desk.faq_cancelled")
            self._post.to_group(edit.chat, self._office.words("desk.faq_cancelled_by", **self._by(message, edit)))
        elif message.author == edit.author:
            self._answer(message, "desk.faq_same_person")
        else:
            edit.approver = message.author
            self._become(edit, "approved")
            self._answer(message, "desk.faq_approved")
            self._post.to_group(edit.chat, self._office.words("desk.faq_approved_by", **self._by(message, edit)))

    def _by(self, message: Inbound, edit: FaqEditRow) -> dict[str, str]:
        return {"number": str(edit.id), "name": message.author_name}

    def _take_up(self, message: Inbound, inbound_id: int) -> None:
        row = FaqEditRow(
            inbound_id=inbound_id,
            chat=message.chat,
            message_id=message.message_id,
            author=message.author,
            author_name=message.author_name,
            created_at=self._now,
            changed_at=self._now,
        )
        self._uow.add(row)

    def _undo(self, message: Inbound, number: str) -> None:
        edits = self._uow.faq_edits
        known = number.isdecimal() and len(number) < _MOST_DIGITS
        edit = edits.get(int(number)) if known else None if number else edits.latest_live()
        if edit is None or edit.state != "live":
            self._say(message, "desk.faq_nothing_to_undo")
            return
        edit.message_id = message.message_id
        self._become(edit, "undoing")

    def _become(self, edit: FaqEditRow, state: str) -> None:
        edit.state, edit.changed_at = state, self._now

    def _loaded(self, message: Inbound) -> None:
        """Report what the FAQ has; it was read again before, outside this unit of work."""
        loaded, words = self._office.faq.loaded, self._office.words
        counts = {"answered": str(loaded.count("approved")), "drafts": str(loaded.count("draft"))}
        lines = [words("desk.faq_loaded", **counts)]
        if loaded.faults:
            lines.append(words("desk.faq_broken", count=str(len(loaded.faults))))
        lines += [
            words("faq.check.fault", file=fault.name, line=str(fault.line), reason=Phrase(fault.reason))
            for fault in loaded.faults
        ]
        self._post.to_group(message.chat, "\n".join(lines), reply_to=message.message_id)

    def _say(self, message: Inbound, key: str) -> None:
        self._post.to_group(message.chat, self._office.words(key), reply_to=message.message_id)

    def _answer(self, message: Inbound, key: str) -> None:
        self._post.press_answer(message.chat, message.press_id, self._office.words(key))
