"""Taking a consistent copy of the database while it is served, and filling an empty one from a copy.

Owns how each engine is copied, what a copy holds, and its checks. Refuses folders, files that people sent
(``services.backup``), and what a restored database must not do again (``restores``).

SQLite: the online backup, in one step, which is one moment, for a reader holds up no writer. PostgreSQL: pg_dump in an
exported snapshot, in which everything else is read too.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, func, inspect, select, text
from sqlmodel import Session, col

from chatbot.store import encryption, pg_tools
from chatbot.store.audit import seal, taken
from chatbot.store.engine import make_engine
from chatbot.store.schema import mark, upgrade_within, version_of
from chatbot.store.tables import InboundRow, MediaRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_VERSION_DATA = "TABLE DATA public alembic_version"


class Unusable(Exception):
    """A copy, or what is to be copied or filled, is not as it must be.

    Args:
        key: how it is not, among the catalogues' words of backups.
        values: what stands in those words.
    """

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy of the database holds.

    Attributes:
        schema: the version of its schema.
        messages: how many messages came in.
        tickets: how many tickets there are.
        files: the files that its rows name, SHA-256 and size in bytes, each once.
        probe: by which it is known whether keys open it; empty: nothing in it is encrypted.
    """

    schema: str
    messages: int
    tickets: int
    files: tuple[tuple[str, int], ...]
    probe: bytes


def copy_sqlite(database: Path, copy: Path) -> Contents:
    """Copy a file that may be served meanwhile, and check the copy.

    Raises:
        Unusable: there is no database, or the copy is damaged, as then the database is.
        sqlite3.Error: it cannot be read, or the copy cannot be written.
    """
    if not database.is_file():
        raise Unusable("no_database")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    engine = make_engine(URL.create("sqlite", database=str(copy)))
    try:
        with engine.connect().execution_options(reading=True) as connection:
            verdict = connection.execute(text("pragma integrity_check(1)")).scalars().all()
            if verdict != ["ok"]:
                raise Unusable("database_damaged")
            found = _contents(connection)
    finally:
        engine.dispose()
    one_file(copy)
    return found


def _contents(connection: Connection) -> Contents:
    schema = version_of(connection)
    if not schema:
        raise Unusable("database_empty")

    def count(row_id: Any) -> int:
        return connection.execute(select(func.count(row_id))).scalar_one()

    kept = select(col(MediaRow.sha256), func.max(col(MediaRow.size))).where(col(MediaRow.state) == "kept")
    files = connection.execute(kept.group_by(col(MediaRow.sha256)).order_by(col(MediaRow.sha256)))
    probe = encryption.probe_in(connection) if inspect(connection).has_table("encryption") else b""  # an older schema
    kept_files = tuple((sha256, size) for sha256, size in files)
    return Contents(schema, count(InboundRow.id), count(TicketRow.id), kept_files, probe)


def copy_postgres(url: URL, copy: Path) -> tuple[Contents, int]:
    """Dump a database that may be served meanwhile, and check the dump by reading all of it.

    Returns:
        What it holds, and the major version of pg_dump, which pg_restore must not be older than.

    Raises:
        Unusable: the database is empty.
        ToolFailed: pg_dump or pg_restore is missing, too old, or failed.
        sqlalchemy.exc.DBAPIError: the database cannot be reached.
    """
    with _snapshot(url) as (connection, snapshot):
        found, server = _contents(connection), _server_version(connection)
        dump, version = pg_tools.tool("pg_dump", server)
        pg_tools.run(
            dump,
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={copy}",
            url=url,
        )
    pg_tools.run(pg_tools.tool("pg_restore", version)[0], "--file=/dev/null", str(copy))
    return found, version


@contextmanager
def _snapshot(url: URL) -> Iterator[tuple[Connection, str]]:
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection:
            yield connection, connection.execute(text("select pg_export_snapshot()")).scalar_one()
    finally:
        engine.dispose()


def _server_version(connection: Connection) -> int:
    """The major version of a server."""
    return int(connection.execute(text("select current_setting('server_version_num')")).scalar_one()) // 10_000


def _is_empty(connection: Connection) -> bool:
    """Whether a database holds no table, view or sequence of anybody's."""
    query = """
        select not exists (
            select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
            where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            and nspname <> 'information_schema' and nspname not like 'pg\\_%')
    """
    return bool(connection.execute(text(query)).scalar_one())


def require_empty(url: URL) -> None:
    """Make sure that nobody's data are in a database that is to be filled.

    Raises:
        Unusable: it is not empty.
        sqlalchemy.exc.DBAPIError: it cannot be reached.
    """
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if not _is_empty(connection):
                raise Unusable("database_filled")
    finally:
        engine.dispose()


def fill_postgres(url: URL, copy: Path, *, made_by: int) -> None:
    """Fill an empty database from a dump, all or nothing, but for the version of its schema.

    Until ``filled`` has written that down too, no program takes the database for its own.

    Args:
        url: the database.
        copy: the dump.
        made_by: the major version of the pg_dump that made it.

    Raises:
        ToolFailed: pg_restore is missing, too old, or failed.
    """
    restore, _ = pg_tools.tool("pg_restore", made_by)
    listed = pg_tools.run(restore, "--list", str(copy)).splitlines(keepends=True)
    with tempfile.NamedTemporaryFile("w") as chosen:
        chosen.writelines(line for line in listed if _VERSION_DATA not in line)
        chosen.flush()
        whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        pg_tools.run(restore, *whole, f"--use-list={chosen.name}", str(copy), url=url)


@contextmanager
def filled(url: URL, schema: str, keys: Sequence[str] = ()) -> Iterator[UnitOfWork]:
    """A unit of work on a database that was just filled, in the transaction that brings its schema to ours.

    Args:
        url: the database.
        schema: the version of the schema that it was filled with.
        keys: as for ``Store``.

    Raises:
        WrongKeys: they do not open what it was filled with.
    """
    engine = make_engine(url)
    encryption.use(engine, keys)
    try:
        with engine.begin() as connection:
            if not version_of(connection):
                mark(connection, schema)
            upgrade_within(connection)
            encryption.require(encryption.keys_of(engine.dialect), encryption.probe_in(connection))
            encryption.begin(connection)
            with Session(connection) as session:
                yield UnitOfWork(session)
                session.flush()
                seal(connection, taken(session))
    finally:
        engine.dispose()


def is_free(database: Path) -> bool:
    """Whether there is no SQLite database at a path, nor what belongs to one."""
    beside = [database.with_name(database.name + ending) for ending in ("-wal", "-shm", "-journal")]
    return not any(path.exists() for path in beside) and not (database.exists() and database.stat().st_size)


def one_file(database: Path) -> None:
    """Have an SQLite database that nobody serves be one file, with nothing beside it."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("pragma journal_mode=delete")
