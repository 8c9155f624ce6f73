"""``chatbot db``: the schema brought up to date, a backup taken or restored, people's words encrypted.

Owns what the operator reads of it on the terminal, and its exit statuses. Refuses to serve: a backup is taken beside a
running program, a restore without one.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from chatbot.cli_store import Unopened, opened
from chatbot.cli_words import Words
from chatbot.core.message import Phrase
from chatbot.services.backup import Manifest, take
from chatbot.services.restore import bring_back
from chatbot.settings import Settings
from chatbot.store.backup import Unusable
from chatbot.store.encryption import new_key
from chatbot.store.engine import database_url, make_engine
from chatbot.store.pg_tools import ToolFailed
from chatbot.store.reencryption import encrypt_all
from chatbot.store.schema import SchemaBusy, upgrade

_WRONG = 2
_PRIVATE = 0o077  # what is made is for its owner's eyes
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    steps.add_parser("upgrade", help="help.db_upgrade")
    backup = steps.add_parser("backup", help="help.db_backup")
    backup.add_argument(
        "target",
        type=Path,
        metavar="FOLDER",
        help="help.db_backup_folder",
    )
    restore = steps.add_parser("restore", help="help.db_restore")
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="help.db_restore_folder")

    steps.add_parser("key", help="help.db_key")
    steps.add_parser("encrypt", help="help.db_encrypt")


def run(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Carry a step out; the exit status, 1 where files are missing or damaged, 2 where nothing could be done."""

    def nothing_done(key: str, **values: str) -> int:
        return _refuse(words("backup.nothing_done", reason=Phrase(key, {**values})))

    steps = {"upgrade": _upgrade, "backup": _backup, "restore": _restore, "key": _key, "encrypt": _encrypt}
    before = os.umask(_PRIVATE)
    try:
        return steps[arguments.step](arguments, settings, words)
    except (Unusable, ToolFailed) as reason:
        return nothing_done(f"backup.{reason.key}", **reason.values)
    except OSError as error:
        place = error.filename or words("backup.the_disk")
        return nothing_done("backup.disk", file=place, error=error.strerror or type(error).__name__)
    except sqlite3.Error as error:  # of a file alone, so that it quotes no row
        return nothing_done("backup.sqlite", error=str(error))
    except DBAPIError as error:
        raise Unopened("doctor.database_unreachable", error=type(error).__name__) from None
    finally:
        os.umask(before)


def _refuse(line: str, status: int = _WRONG) -> int:
    print(line, file=sys.stderr)
    return status


def _upgrade(_: argparse.Namespace, settings: Settings, words: Words) -> int:
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        raise Unopened("start.needs_postgresql", verb="db upgrade")
    engine = make_engine(url)
    try:
        upgrade(engine)
    except SchemaBusy:
        return _refuse(words("backup.schema_busy"), status=1)
    finally:
        engine.dispose()
    return 0


def _backup(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    taken = take(settings.database_url, settings.media_dir, arguments.target, datetime.now(UTC))
    print(words("backup.taken", folder=str(taken.folder), size=_size(taken.size), **_told(taken.manifest)))
    if taken.missing:
        print(words("backup.files_missing", count=str(taken.missing)))
    return 1 if taken.missing else 0


def _restore(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    brought = bring_back(arguments.backup, settings.database_url, settings.media_dir, datetime.now(UTC), settings.keys)
    print(words("backup.restored", held=str(brought.held), aside=str(brought.aside), **_told(brought.manifest)))
    if brought.damaged:
        print(words("backup.files_damaged", count=str(brought.damaged)))
    return 1 if brought.damaged else 0


def _told(manifest: Manifest) -> dict[str, str]:
    """What a backup holds, as its words name it."""
    return {
        "messages": str(manifest.messages),
        "tickets": str(manifest.tickets),
        "files": str(manifest.files),
        "time": f"{manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC",
    }


def _key(_: argparse.Namespace, __: Settings, ___: Words) -> int:
    print(new_key())
    return 0


def _encrypt(_: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Encrypt beside a running program. One without these keys could not read what is written then."""
    if not settings.keys:
        return _refuse(words("backup.no_keys"))
    with opened(settings) as store:
        if not store.is_encrypted():
            return _refuse(words("backup.keys_unused"))
        done = encrypt_all(store.engine)
    print(words("backup.encrypted", count=str(done.changed)))
    if done.log_kept:
        print(words("backup.log_kept"))
    if done.closed:
        print(words("backup.values_closed", count=str(done.closed)))
    return 1 if done.closed else 0


def _size(count: float) -> str:
    for unit in _UNITS:
        if count < _THOUSAND or unit == _UNITS[-1]:
            break
        count /= _THOUSAND
    return f"{count:.0f} {unit}" if unit == _UNITS[0] else f"{count:.1f} {unit}"
