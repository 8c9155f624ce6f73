"""The schema's version: Alembic, forward only, expand before contract.

Owns finding out which version a database has, whether this code runs on it and may write to it, and bringing it to
ours. Refuses the steps themselves (``migrations/versions``).
"""

from __future__ import annotations

import sqlite3
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from chatbot.store.queue import LOCK_SPACE, UPGRADE_LOCK

_PLACE = Path(__file__).parent / "migrations"
_MAY_WRITE = text(
    "select current_setting('transaction_read_only') = 'off' and"
    " bool_and(has_table_privilege(name, 'insert') and has_table_privilege(name, 'update'))"
    " from unnest(array['inbound', 'outbound']) as name"
)
_LOCK_WAIT = "2s"  # for a table that somebody reads for long; whatever else wants it waits behind us


class Standing(StrEnum):
    """What a database is to this version of the program."""

    READY = "ready"
    OLDER = "older"
    NEWER = "newer"
    READ_ONLY = "read_only"


class SchemaTooNew(Exception):
    """The database was brought on by a version which ours is too old to run beside."""


class SchemaBusy(Exception):
    """Somebody keeps a table that a step has to change. Nothing was changed."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_PLACE))
    return config


def newest() -> str:
    """The version that this code wants."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def runs_on(found: str, wanted: str) -> bool:
    """Whether code that wants a version runs on a database that has another one.

    Versions are numbered, and each takes all that the code of the one before writes. One that does not, and each after
    it, also names the oldest whose code still runs: ``0014_from_0012``. So code reads that from a version which it
    does not know (docs/adr/0018).
    """
    number, _, oldest = found.partition("_from_")
    ours = wanted.partition("_from_")[0]
    return oldest <= ours <= number


def is_ready(engine: Engine) -> bool:
    """Whether this code runs on the database as it is."""
    return standing_of(engine) == Standing.READY


def standing_of(engine: Engine) -> Standing:
    """What a database is to this code by its version alone; waits for nobody who writes.

    Raises:
        DBAPIError: it cannot be read.
    """
    with engine.connect().execution_options(reading=True) as connection:
        found = version_of(connection)
    if runs_on(found, newest()):
        return Standing.READY
    return Standing.NEWER if found > newest() else Standing.OLDER


def examine_database(engine: Engine) -> Standing:
    """Whether this code runs on a database, and may write to it; changes nothing.

    Raises:
        DBAPIError: it cannot be read.
    """
    standing = standing_of(engine)
    if standing != Standing.READY:
        return standing
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            return Standing.READY if connection.execute(_MAY_WRITE).scalar() else Standing.READ_ONLY
    try:
        with engine.connect() as connection:
            connection.execute(text("select 1"))  # behind the ``begin immediate`` with which every write begins
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error) and error.orig.sqlite_errorname.startswith("SQLITE_BUSY"):
            return Standing.READY  # somebody writes to it
        return Standing.READ_ONLY
    return Standing.READY


def version_of(connection: Connection) -> str:
    """The version that a database has; empty where it has no schema."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version; does nothing when it is there, or further.

    Raises:
        SchemaTooNew: the database needs newer code.
        SchemaBusy: try again later.
    """
    if is_ready(engine):
        return
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"set local lock_timeout = '{_LOCK_WAIT}'"))
                # Of two machines that do this at once, the second one finds it done.
                lock = {"space": LOCK_SPACE, "key": UPGRADE_LOCK}
                connection.execute(text("select pg_advisory_xact_lock(:space, :key)"), lock)
            found = version_of(connection)
            if runs_on(found, newest()):
                return
            if found > newest():
                raise SchemaTooNew(found)
            upgrade_within(connection)
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable | DeadlockDetected):
            raise SchemaBusy from None
        raise


def upgrade_within(connection: Connection) -> None:
    """Bring the database to the newest version in a transaction that does more; nobody else uses it yet."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def is_known(version: str) -> bool:
    """Whether a version is ours or one that we can bring to ours."""
    return any(script.revision == version for script in ScriptDirectory.from_config(_config()).walk_revisions())


def mark(connection: Connection, version: str) -> None:
    """Write down which version a database has whose version was left out."""
    MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(_config()), version)
