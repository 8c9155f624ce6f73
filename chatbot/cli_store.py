"""The database as verbs open it beside a running program.

Owns what keeps a verb from reading it. Refuses to make a database or bring one up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from chatbot.core.message import Phrase
from chatbot.settings import Settings
from chatbot.store.engine import database_url
from chatbot.store.schema import Standing, standing_of
from chatbot.store.store import Store


class Unopened(Exception):
    """The database is not there, or not as a verb needs it.

    Args:
        key: which of that, and what to do, in the catalogues.
        values: what stands in those words.
    """

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.phrase = Phrase(key, values)


def require_schema(engine: Engine, older: str) -> None:
    """Make sure that this version runs on a database as it is.

    Args:
        engine: the database.
        older: the key of what to do about an older schema.

    Raises:
        Unopened: it does not, or the database cannot be reached.
    """
    try:
        standing = standing_of(engine)
    except DBAPIError as error:
        raise Unopened("doctor.database_unreachable", error=type(error).__name__) from None
    if standing == Standing.NEWER:
        raise Unopened("doctor.database_newer")
    if standing == Standing.OLDER:
        raise Unopened(older)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database of the settings, whose schema and keys are right.

    Raises:
        Unopened: it is not.
        WrongKeys: the keys do not open what lies there.
    """
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise Unopened("doctor.database_new", path=url.database or "")  # looking would make one
    store = Store(settings.database_url, settings.keys)
    try:
        require_schema(store.engine, older="start.older_schema")
        store.require_keys()
        yield store
    finally:
        store.close()
