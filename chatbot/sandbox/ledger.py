"""Owns the read-only look into the bot's database: rows written since a moment, the form's step, the proof.

Refuses to write, to wait for a lock, and to show what anybody wrote: only columns that tell how far a row has come.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Marks = Mapping[str, int]
_MOST = 60  # rows of a table
_HIDDEN = {"inbound": "kind <> 'receipt'"}  # a receipt shows in the row that it is about
_COLUMNS = {
    "inbound": "id, channel, kind, state, outcome, attempts",
    "outbound": "id, channel, for_group, task, purpose, state, attempts, receipt, uncertain",
    "ticket": "id, number, status, category, identity",
    "ticket_event": "id, ticket_id, event",
    "media": "id, state, mime, size",
    "record": "id, fact, detail",
}


class Ledger:
    """Reads one SQLite file.

    Args:
        database: the bot's file; it may not exist yet.
    """

    def __init__(self, database: Path) -> None:
        self._database = database

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"{self._database.as_uri()}?mode=ro", uri=True, timeout=0.2)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection

    def marks(self) -> Marks:
        """The newest id of each table.

        Raises:
            sqlite3.Error: the file cannot be read now.
        """
        with self._reading() as connection:
            return {
                table: connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]  # noqa: S608  our own names
                for table in _COLUMNS
            }

    def since(self, marks: Marks) -> dict[str, list[Json]]:
        """The rows beyond the marks, by table.

        Raises:
            sqlite3.Error: the file cannot be read now.
        """
        with self._reading() as connection:
            return {
                table: [
                    dict(row)
                    for row in connection.execute(
                        f"SELECT {columns} FROM {table} WHERE id > ? AND {_HIDDEN.get(table, 'true')} "  # noqa: S608  our own names too
                        f"ORDER BY id LIMIT {_MOST}",
                        (marks.get(table, 0),),
                    )
                ]
                for table, columns in _COLUMNS.items()
            }

    def step(self, channel: str, external_id: str) -> str:
        """The step of the form that this person is asked now; empty outside the form.

        Raises:
            sqlite3.Error: the file cannot be read now.
        """
        with self._reading() as connection:
            row = connection.execute(
                "SELECT state FROM conversation JOIN address USING (contact_id) WHERE channel = ? AND external_id = ?",
                (channel, external_id),
            ).fetchone()
        form = json.loads(row["state"]).get("form") if row else None
        # The step that every form begins with is a default, which is not written down.
        return str(form.get("step", "consent")) if form else ""

    def fates(self, external_ids: set[str]) -> Mapping[str, str]:
        """What became of deliveries by their ids: empty while they wait, else the outcome. Unknown ones are left out.

        Raises:
            sqlite3.Error: the file cannot be read now.
        """
        with self._reading() as connection:
            rows = connection.execute("SELECT external_id, state, outcome FROM inbound").fetchall()
        return {
            row["external_id"]: "" if row["state"] == "stored" else str(row["outcome"])
            for row in rows
            if row["external_id"] in external_ids
        }
