"""``chatbot queue``: what was set aside on its way in or out, and putting it back.

Owns the ids by which operators name rows: ``in:12`` and ``out:12`` are different things. Shows nothing of what a row
says, nor whose it is. Refuses to judge what may go again (``services.retry``). Beside a running program these verbs
are one more writer: each row is put back in a short transaction of its own, under the database's own lock.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from chatbot.app import telegram_of, whatsapp_of
from chatbot.channels.base import Channel
from chatbot.channels.telegram import TelegramChannel
from chatbot.cli_store import opened
from chatbot.cli_words import Words
from chatbot.core.message import Phrase
from chatbot.services.retry import Refusal, Retry
from chatbot.settings import Settings
from chatbot.store.set_aside import Aside
from chatbot.store.store import Store

_WRONG = 2
_ID = re.compile(r"(in|out):(\d{1,18})")
_TRIES = 5  # of putting a row back while the program changes its ticket
_SHOWN = 40  # characters of what is no id


class _Refused(Exception):
    """Nothing was done; the phrase says why."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.phrase = Phrase(key, {**values})


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    steps.add_parser("dead", help="help.queue_dead")
    retry = steps.add_parser("retry", help="help.queue_retry")
    retry.add_argument("ids", nargs="*", metavar="ID", help="help.queue_ids")
    retry.add_argument("--all", action="store_true", help="help.all")


def run(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Carry a step out; the exit status, 1 where something is or stays set aside, 2 where nothing could be done."""
    try:
        with opened(settings) as store:
            try:
                return _list(store, words) if arguments.step == "dead" else _retry(arguments, store, settings, words)
            except DBAPIError as error:
                raise _Refused("queue.no_answer", error=type(error).__name__) from None
    except _Refused as refused:
        print(words.of(refused.phrase), file=sys.stderr)
        return _WRONG


def _list(store: Store, words: Words) -> int:
    causes: Counter[tuple[str, str]] = Counter()
    with store.reading() as uow:
        for road, rows in (("in", uow.set_aside.inbound()), ("out", uow.set_aside.outbound())):
            for row in rows:
                causes[road, row.cause] += 1
                print(_line(road, row, words))
    for (road, cause), count in causes.most_common():
        print(f"{count:6} {road:3} {cause or '-'}")
    print(words("queue.count", count=f"{sum(causes.values()):6}"))
    return 1 if causes else 0


def _line(road: str, row: Aside, words: Words) -> str:
    since = words("queue.since", time=row.since.strftime("%Y-%m-%d %H:%M:%S UTC"))
    name, tries = f"{road}:{row.id}", words("queue.tries", count=str(row.attempts))
    return f"{name:14} {row.channel:9} {row.what:12} {since}  {tries:14} {row.cause or '-'}"


def _retry(arguments: argparse.Namespace, store: Store, settings: Settings, words: Words) -> int:
    if bool(arguments.ids) == arguments.all:
        raise _Refused("queue.choose")
    names = list(_everything(store)) if arguments.all else _named(arguments.ids)
    served = (telegram_of(settings), whatsapp_of(settings))
    channels: dict[str, Channel] = {channel.name: channel for channel in served if channel}
    refused = 0
    for road, row_id in names:
        refusal = _put_back(store, channels, road, row_id)
        refused += refusal is not None
        name = f"{road}:{row_id}"
        if refusal:
            print(words("queue.stays", id=name, reason=Phrase(f"queue.refused_{refusal}")))
        else:
            print(words("queue.goes_in" if road == "in" else "queue.goes_out", id=name))
    return 1 if refused else 0


def _named(ids: Sequence[str]) -> list[tuple[str, int]]:
    found = [_ID.fullmatch(name) for name in ids]
    if wrong := [name[:_SHOWN] for name, match in zip(ids, found, strict=True) if not match]:
        raise _Refused("queue.no_such_name", names=", ".join(wrong))
    return [(match[1], int(match[2])) for match in found if match]


def _everything(store: Store) -> Iterator[tuple[str, int]]:
    with store.reading() as uow:
        yield from (("in", row.id) for row in uow.set_aside.inbound())
        yield from (("out", row.id) for row in uow.set_aside.outbound())


def _put_back(store: Store, channels: dict[str, Channel], road: str, row_id: int) -> Refusal | None:
    for _ in range(_TRIES):
        try:
            with store.begin() as uow:
                retry = Retry(uow, channels, TelegramChannel.name, datetime.now(UTC))
                return retry.message(row_id) if road == "in" else retry.send(row_id)
        except StaleDataError:  # the program changed the ticket in between
            continue
    raise _Refused("queue.busy", id=f"{road}:{row_id}")
