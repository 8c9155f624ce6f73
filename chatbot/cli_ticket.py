"""``chatbot ticket``: what an operator takes out of the database about one ticket.

Owns the folder that it is written to, and that nothing leaves which the audit trail does not know of. Refuses what
stands in a dossier (``services.dossier``).

An export beside a running bot is one more writer of the SQLite file, for one row: the database's own lock keeps the two
apart. The file lock, which a bot holds as long as it runs, is about who answers and sends; no desk is stopped for a
dossier.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError

from chatbot.cli_store import opened
from chatbot.cli_words import Words, catalogues
from chatbot.core import ticket as tickets
from chatbot.core.message import Phrase
from chatbot.services.dossier import Dossier, as_json, collect
from chatbot.settings import Settings
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_WRONG = 2
_DIGITS = 10
_BETWEEN_DIGITS = str.maketrans("", "", " .-#")
_SHOWN = 40  # characters of what is no number


class _Refused(Exception):
    """Nothing was exported; the phrase says why."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.phrase = Phrase(key, {**values})


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    export = steps.add_parser("export", help="help.ticket_export")
    export.add_argument("number", metavar="NUMBER", help="help.ticket_number")
    export.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="help.ticket_out")


def run(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Export a ticket; the exit status, 1 where the audit trail is broken, 2 where nothing was exported."""

    def when(at: datetime) -> str:
        return catalogues().format_time(at, ZoneInfo(settings.timezone), words.locale)

    from chatbot.services import dossier_pdf  # noqa: PLC0415  whoever serves citizens does without its 16 MB

    try:
        number = _number(arguments.number)
        _make(arguments.out)
        dossier = _recorded(number, settings)
        files = {
            "json": as_json(dossier),
            "pdf": dossier_pdf.render(dossier, words, when, words.locale),
        }
        for ending, data in files.items():
            print(words("dossier.written", path=str(_write(arguments.out / f"{number}.{ending}", data))))
    except _Refused as refused:
        print(words.of(refused.phrase), file=sys.stderr)
        return _WRONG
    if dossier.erased_at:
        print(words("dossier.erased", time=when(dossier.erased_at)))
    print(dossier_pdf.chain_words(dossier.chain, words))
    return 0 if dossier.chain.holds else 1


def _number(written: str) -> str:
    """The ten digits of a number as people write it."""
    digits = written.translate(_BETWEEN_DIGITS)
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        raise _Refused("dossier.not_a_number", text=written[:_SHOWN])
    if not tickets.is_number(digits):
        raise _Refused("dossier.wrong_digit", number=tickets.spoken(digits))
    return digits


def _recorded(number: str, settings: Settings) -> Dossier:
    """The dossier of a ticket, once the trail says that it was exported: a row too many rather than one too few."""
    now = datetime.now(UTC)
    try:
        with opened(settings) as store:
            with store.begin() as uow:
                ticket_id = _known(uow, number).id
                uow.audit.add("exported", "operator", now, ticket_id)
            with store.reading() as uow:
                return collect(
                    uow,
                    _known(uow, number),
                    unit=settings.region_name,
                    timezone=ZoneInfo(settings.timezone),
                    media_dir=settings.media_dir,
                    now=now,
                )
    except (DBAPIError, ValueError) as error:  # a time that somebody made unreadable is the latter
        raise _Refused("dossier.database", error=type(error).__name__) from None


def _known(uow: UnitOfWork, number: str) -> TicketRow:
    ticket = uow.ticket_by_number(number)
    if ticket is None:
        raise _Refused("dossier.unknown_number", number=tickets.spoken(number))
    return ticket


def _make(folder: Path) -> None:
    """See to it that the folder is there and can be written to, before anything is said to be exported."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _closed(folder, error) from None


def _write(path: Path, data: bytes) -> Path:
    """Write a file for its owner's eyes, whole or not at all."""
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            new = Path(place) / path.name
            new.touch(mode=0o600)
            new.write_bytes(data)
            return new.replace(path)
    except OSError as error:
        raise _closed(path, error) from None


def _closed(path: Path, error: OSError) -> _Refused:
    return _Refused("dossier.folder", path=str(path), error=error.strerror or type(error).__name__)
