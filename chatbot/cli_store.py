"""The database as verbs open it beside a running program.

Owns what keeps a verb from reading it, and the line that says so. Refuses to make a database or bring one up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from chatbot.settings import Settings
from chatbot.store.engine import database_url
from chatbot.store.schema import is_ready
from chatbot.store.store import Store


class Unopened(Exception):
    """The database is not there, or not as this version needs it; the text says which, and what to do."""


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database of the settings, whose schema and keys are right.

    Raises:
        Unopened: it is not.
        WrongKeys: the keys do not open what lies there.
    """
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise Unopened("There is no database at CHATBOT_DATABASE_URL yet.")  # looking would make one
    store = Store(settings.database_url, settings.keys)
    try:
        try:
            ready = is_ready(store.engine)
        except DBAPIError as error:
            name = type(error).__name__
            raise Unopened(f"The database cannot be reached ({name}): see CHATBOT_DATABASE_URL.") from None
        if not ready:
            raise Unopened("The database has another schema: start the bot once, or run `chatbot db upgrade`, first.")
        store.require_keys()
        yield store
    finally:
        store.close()
