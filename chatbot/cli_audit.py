"""``chatbot audit``: that nothing received is unaccounted for, and that the audit trail holds.

Owns how both are shown on the terminal. Refuses to look for breaks itself (``store.audit``).
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from chatbot.cli_store import Unopened, opened
from chatbot.cli_words import Words
from chatbot.core.message import Phrase
from chatbot.settings import Settings
from chatbot.store.audit import Verdict

_ENDED = ("answered", "ticketed", "ignored", "quarantined")


def run(settings: Settings, words: Words) -> int:
    """Received = answered + ticketed + ignored + quarantined; whatever waits is named. And the trail's chain.

    Returns:
        The exit status, 1 where messages are missing or the chain is broken.

    Raises:
        Unopened: the database is not there, or its rows cannot be read.
        WrongKeys: the keys do not open what lies there.
    """
    try:
        with opened(settings) as store, store.reading() as uow:
            outcomes, verdict = uow.inbox.outcomes(), uow.audit.verify()
    except (DBAPIError, ValueError) as error:  # a time that somebody made unreadable is the latter
        raise Unopened("start.unreadable_rows", error=type(error).__name__) from None
    waiting = outcomes.pop("", 0)
    ended = {name: outcomes.pop(name, 0) for name in _ENDED}
    difference = sum(outcomes.values())
    received = sum(ended.values()) + waiting + difference

    shown: dict[str, object] = {"received": received, **ended, "waiting": waiting, "difference": difference}
    shown |= {"trail": verdict.count, "head": verdict.head or "-", "emptied": verdict.emptied}
    shown["chain"] = words.of(_chain(verdict))
    labels = {name: words(f"audit.{name}") for name in shown}
    width = max(map(len, labels.values()))
    for name, value in shown.items():
        print(f"{labels[name]:{width}}  {value}")
    return 1 if difference or verdict.broken else 0


def _chain(verdict: Verdict) -> Phrase:
    if not verdict.broken:
        return Phrase("audit.chain_holds")
    first = verdict.broken[0]
    return Phrase("audit.chain_broken", {"reason": Phrase(f"dossier.break_{first.reason}", {"id": str(first.id)})})
