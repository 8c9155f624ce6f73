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
from chatbot.services.backup import take
from chatbot.services.i18n import Catalogues
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
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_THOUSAND = 1000


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    steps.add_parser("upgrade", help="bring the schema up to date, on PostgreSQL")
    backup = steps.add_parser("backup", help="copy the database and its files, also while the program runs")
    backup.add_argument(
        "target",
        type=Path,
        metavar="FOLDER",
        help="where to: in a new folder there, or as this folder if there is none",
    )
    restore = steps.add_parser("restore", help="fill an empty database from a backup, while the program is stopped")
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="the folder that `chatbot db backup` made")

    steps.add_parser("key", help="make a key for CHATBOT_DATA_KEYS")
    steps.add_parser("encrypt", help="bring what is plain or under an older key under the newest key")


def run(arguments: argparse.Namespace, settings: Settings, _: Catalogues) -> int:
    """Carry a step out; the exit status, 1 where files are missing or damaged, 2 where nothing could be done."""
    steps = {"upgrade": _upgrade, "backup": _backup, "restore": _restore, "key": _key, "encrypt": _encrypt}
    before = os.umask(_PRIVATE)
    try:
        return steps[arguments.step](arguments, settings)
    except (Unusable, ToolFailed) as reason:
        return _refuse(f"Nothing was done: {reason}.")
    except OSError as error:
        return _refuse(f"Nothing was done: {error.filename or 'the disk'}: {error.strerror or type(error).__name__}.")
    except sqlite3.Error as error:  # of a file alone, so that it quotes no row
        return _refuse(f"Nothing was done: SQLite says: {error}.")
    except DBAPIError as error:
        raise Unopened("doctor.database_unreachable", error=type(error).__name__) from None
    finally:
        os.umask(before)


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return _WRONG


def _upgrade(_: argparse.Namespace, settings: Settings) -> int:
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        raise Unopened("start.needs_postgresql", verb="db upgrade")
    engine = make_engine(url)
    try:
        upgrade(engine)
    except SchemaBusy:
        print("A table was kept by somebody else, such as a backup; nothing was changed: try again.", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    return 0


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    taken = take(settings.database_url, settings.media_dir, arguments.target, datetime.now(UTC))
    held = taken.manifest
    print(
        f"{taken.folder}: {_size(taken.size)}, {held.messages} messages, {held.tickets} tickets, {held.files} files, "
        f"as of {held.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    if taken.missing:
        print(f"{taken.missing} files are not in CHATBOT_MEDIA_DIR as they were kept; the rest was backed up.")
    return 1 if taken.missing else 0


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    brought = bring_back(arguments.backup, settings.database_url, settings.media_dir, datetime.now(UTC), settings.keys)
    held = brought.manifest
    print(
        f"Restored as of {held.taken_at:%Y-%m-%d %H:%M:%S} UTC: {held.messages} messages, {held.tickets} tickets, "
        f"{held.files} files; held back: {brought.held} to citizens, {brought.aside} that came in "
        "(`chatbot queue dead`)"
    )
    if brought.damaged:
        print(f"{brought.damaged} files of the backup are damaged and were left out.")
    return 1 if brought.damaged else 0


def _key(_: argparse.Namespace, __: Settings) -> int:
    print(new_key())
    return 0


def _encrypt(_: argparse.Namespace, settings: Settings) -> int:
    """Encrypt beside a running program. One without these keys could not read what is written then."""
    if not settings.keys:
        return _refuse("CHATBOT_DATA_KEYS: set it first (`chatbot db key` makes a key), and start the program with it.")
    with opened(settings) as store:
        if not store.is_encrypted():
            return _refuse(
                "Start the program with CHATBOT_DATA_KEYS first: one without could not read what is encrypted."
            )
        done = encrypt_all(store.engine)
    print(f"{done.changed} values encrypted; what can be opened lies under the first of CHATBOT_DATA_KEYS now.")
    if done.log_kept:
        print("The log beside the file still has words as they were: it loses them when the program is stopped.")
    if done.closed:
        print(f"{done.closed} values are damaged, or of a key that is not given.")
        return 1
    return 0


def _size(count: float) -> str:
    for unit in _UNITS:
        if count < _THOUSAND or unit == _UNITS[-1]:
            break
        count /= _THOUSAND
    return f"{count:.0f} {unit}" if unit == _UNITS[0] else f"{count:.1f} {unit}"
