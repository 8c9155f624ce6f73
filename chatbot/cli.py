"""The verbs. Know nothing but ``app``, the settings and the store's schema.

Owns arguments, exit codes and what the operator reads on the terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import socket
import sys
from collections.abc import Sequence

import uvloop
from sqlalchemy.exc import DBAPIError

from chatbot import cli_audit, cli_db, cli_doctor, cli_faq, cli_help, cli_queue, cli_region, cli_ticket, logs
from chatbot.app import Program
from chatbot.channels.base import Finding
from chatbot.cli_store import Unopened, require_schema
from chatbot.cli_words import Words, catalogues
from chatbot.memory import give_back_at_once
from chatbot.services import doctor
from chatbot.services.doctor import CannotServe
from chatbot.services.i18n import CatalogueError
from chatbot.services.region_fault import RegionFaults
from chatbot.settings import Settings, WrongSettings, load
from chatbot.store.encryption import WrongKeys
from chatbot.store.engine import StoreInUse, database_url, make_engine
from chatbot.store.schema import SchemaTooNew

_WRONG = 2
_TOOLS = {
    "db": cli_db.run,
    "faq": cli_faq.run,
    "queue": cli_queue.run,
    "region": cli_region.run,
    "ticket": cli_ticket.run,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a verb and leave with its status: 0 done, 1 failed, 2 wrong settings or use."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at each 429
    try:
        catalogues()
    except (OSError, CatalogueError) as error:  # nor are there words to say it in
        sys.exit(_refuse(str(error)))
    words = Words(next((value.strip() for name, value in os.environ.items() if name.upper() == "CHATBOT_LOCALE"), ""))
    chosen = _parser(words).parse_args(arguments)
    try:
        settings = load(serves=chosen.verb not in _TOOLS)
        words = Words(settings.locale)
        tool = _TOOLS.get(chosen.verb)
        status = tool(chosen, settings, words) if tool else _run(chosen.verb, settings, words)
    except WrongSettings as wrong:
        faults = ((fault.setting, words(f"settings.{fault.reason}", **fault.values)) for fault in wrong.faults)
        status = _refuse(words("start.settings"), *(f"  {setting}: {said}" for setting, said in faults))
    except StoreInUse as reason:
        status = _refuse(words("start.in_use", file=str(reason)))
    except SchemaTooNew:
        status = _refuse(words("doctor.database_newer"))
    except Unopened as reason:
        status = _refuse(words.of(reason.phrase))
    except WrongKeys as wrong:
        status = _refuse(words(f"doctor.data_keys_{wrong.args[0]}"))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read the output has gone
        status = 0
    sys.exit(status)


def _parser(words: Words) -> argparse.ArgumentParser:
    parser = cli_help.parser(words)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="help.run")
    verbs.add_parser("web", help="help.web")
    verbs.add_parser("worker", help="help.worker")
    cli_db.add_arguments(verbs.add_parser("db", help="help.db"))
    verbs.add_parser("audit", help="help.audit")
    verbs.add_parser("doctor", help="help.doctor")
    cli_faq.add_arguments(verbs.add_parser("faq", help="help.faq"))
    cli_region.add_arguments(verbs.add_parser("region", help="help.region"))
    cli_ticket.add_arguments(verbs.add_parser("ticket", help="help.ticket"))
    cli_queue.add_arguments(verbs.add_parser("queue", help="help.queue"))
    return parser


def _refuse(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return _WRONG


def _run(verb: str, settings: Settings, words: Words) -> int:
    sqlite = database_url(settings.database_url).get_backend_name() == "sqlite"
    if verb in {"web", "worker"} and sqlite:
        return _refuse(words("start.needs_postgresql", verb=verb))
    tools = {"audit": cli_audit.run, "doctor": cli_doctor.run}
    if verb in tools:
        return tools[verb](settings, words)
    logs.configure(settings.hash_key)
    works = verb != "web"  # which writes to the database alone
    if works and (closed := [found for found in doctor.folders(settings) if found.grave]):
        return _refuse_setup(words, closed)
    if not sqlite:
        engine = make_engine(database_url(settings.database_url))
        try:
            require_schema(engine, older="doctor.database_schema")
        finally:
            engine.dispose()
    return _serve(verb, settings, words)


def _refuse_setup(words: Words, found: Sequence[Finding]) -> int:
    lines = (f"  {doctor.line(one, catalogues(), words.locale)}" for one in found)
    return _refuse(words("start.cannot_serve"), *lines)


def _serve(verb: str, settings: Settings, words: Words) -> int:
    async def serve() -> None:
        # Made inside the loop: its events belong to it.
        await Program(settings, catalogues(), serves_web=verb != "worker", works=verb != "web").run()

    give_back_at_once()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())
    except (StoreInUse, WrongSettings, SchemaTooNew, WrongKeys):
        raise
    except CannotServe as refused:
        return _refuse_setup(words, refused.findings)
    except DBAPIError as error:  # while opening: no loop lets one through
        name = type(error).__name__
        return _refuse_setup(words, [Finding("database_unreachable", {"error": name}, grave=True)])
    except RegionFaults as found:
        return _refuse(words("start.region"), *cli_region.lines(found, words))
    except Exception as error:  # noqa: BLE001  a traceback may quote rows, which are people's words
        if refusal := _cannot_listen(error, settings, words):
            return _refuse(refusal)
        logs.log().critical("crashed", **logs.failure(error))
        return 1
    return 0


def _cannot_listen(error: Exception, settings: Settings, words: Words) -> str:
    """Why nobody can be listened to where the settings say; empty where it is something else."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return words("start.port_taken", port=str(settings.port))
    if number == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return words("start.no_such_host", host=settings.host)
    return ""
