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
from chatbot.services.i18n import Catalogues
from chatbot.services.retry import Refusal, Retry
from chatbot.settings import Settings
from chatbot.store.set_aside import Aside
from chatbot.store.store import Store

_WRONG = 2
_ID = re.compile(r"(in|out):(\d{1,18})")
_TRIES = 5  # of putting a row back while the program changes its ticket


class _Refused(Exception):
    """Nothing was done; the text says why."""


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    steps.add_parser("dead", help="list what was set aside, by cause")
    retry = steps.add_parser("retry", help="put back what was set aside")
    retry.add_argument("ids", nargs="*", metavar="ID", help="in:NUMBER or out:NUMBER, as `chatbot queue dead` lists")
    retry.add_argument("--all", action="store_true", help="everything that may go again")


def run(arguments: argparse.Namespace, settings: Settings, _: Catalogues) -> int:
    """Carry a step out; the exit status, 1 where something is or stays set aside, 2 where nothing could be done."""
    try:
        with opened(settings) as store:
            try:
                return _list(store) if arguments.step == "dead" else _retry(arguments, store, settings)
            except DBAPIError as error:
                raise _Refused(f"The database did not answer ({type(error).__name__}); try again.") from None
    except _Refused as refused:
        print(refused, file=sys.stderr)
        return _WRONG


def _list(store: Store) -> int:
    causes: Counter[tuple[str, str]] = Counter()
    with store.reading() as uow:
        for road, rows in (("in", uow.set_aside.inbound()), ("out", uow.set_aside.outbound())):
            for row in rows:
                causes[road, row.cause] += 1
                print(_line(road, row))
    for (road, cause), count in causes.most_common():
        print(f"{count:6} {road:3} {cause or '-'}")
    print(f"{sum(causes.values()):6} set aside")
    return 1 if causes else 0


def _line(road: str, row: Aside) -> str:
    since = row.since.strftime("%Y-%m-%d %H:%M:%S UTC")
    name, tries = f"{road}:{row.id}", f"{row.attempts} tries"
    return f"{name:14} {row.channel:9} {row.what:12} since {since}  {tries:9} {row.cause or '-'}"


def _retry(arguments: argparse.Namespace, store: Store, settings: Settings) -> int:
    if bool(arguments.ids) == arguments.all:
        raise _Refused("Name the rows (in:NUMBER, out:NUMBER; see `chatbot queue dead`), or say --all.")
    names = list(_everything(store)) if arguments.all else _named(arguments.ids)
    served = (telegram_of(settings), whatsapp_of(settings))
    channels: dict[str, Channel] = {channel.name: channel for channel in served if channel}
    refused = 0
    for road, row_id in names:
        refusal = _put_back(store, channels, road, row_id)
        refused += refusal is not None
        done = "will be handled again" if road == "in" else "will be sent again"
        print(f"{road}:{row_id} stays as it is: {refusal}" if refusal else f"{road}:{row_id} {done}")
    return 1 if refused else 0


def _named(ids: Sequence[str]) -> list[tuple[str, int]]:
    found = [_ID.fullmatch(name) for name in ids]
    if wrong := [name[:40] for name, match in zip(ids, found, strict=True) if not match]:
        raise _Refused(f"No row is called {', '.join(wrong)}: write in:NUMBER or out:NUMBER.")
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
    raise _Refused(f"The program is busy with the ticket of {road}:{row_id}; try again.")
