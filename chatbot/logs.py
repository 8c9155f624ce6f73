"""The log: one structured line to stdout for each inbound and each send.

Owns the chain, the redaction and the hashing of addresses. Refuses message text, names, numbers and tokens: a value
may be logged only under a key in the list below.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any

import structlog

_KEYS = frozenset(
    {
        *(
            "event",
            "level",
            "timestamp",
            "logger",
            "channel",
            "road",
            "kind",
            "outcome",
            "contact",
            "ticket_id",
            "chat",
        ),
        *(
            "count",
            "new",
            "duplicates",
            "conflicts",
            "reason",
            "code",
            "task",
            "purpose",
            "attempts",
            "seconds",
            "error",
        ),
        *(
            "status",
            "port",
            "host",
            "file",
            "line",
            "media_id",
            "outbound_id",
            "inbound_id",
            "role",
            "entries",
            "faults",
        ),
        "where",
    }
)
_TOKEN = re.compile(r"(bot)?\d{6,}:[A-Za-z0-9_-]{20,}|EAA[A-Za-z0-9]{20,}|Bearer\s+\S+")
_NOISY = ("httpx", "httpcore", "telegram", "aiohttp.access", "alembic")
_key = b""


def fingerprint(address: str) -> str:
    """An address as logs may show it: the same each time, and of no use to a reader without the key."""
    return hmac.new(_key, address.encode(), hashlib.sha256).hexdigest()[:12]


def _only_known(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    kept: MutableMapping[str, Any] = {key: value for key, value in event.items() if key in _KEYS}
    return {key: _TOKEN.sub("***", value) if isinstance(value, str) else value for key, value in kept.items()}


class _Printer(structlog.PrintLogger):
    """Standard output, where it can be written: no full disk and no reader that has gone may stop the work."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class _Foreign(logging.Handler):
    """Other libraries' records: their logger's name, level and the kind of trouble, never their text."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        structlog.get_logger().log(
            record.levelno, "library", logger=record.name, error=error, where=f"{record.module}:{record.lineno}"
        )


def configure(hash_key: bytes) -> None:
    """Set up logging for this process: JSON lines, readable ones on a terminal."""
    global _key  # noqa: PLW0603  one process, one key
    _key = hash_key
    renderer: Any = structlog.dev.ConsoleRenderer() if sys.stdout.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_known,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Printer(sys.stdout),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Foreign()], level=logging.WARNING, force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def log() -> Any:
    """The logger."""
    return structlog.get_logger()


def failure(error: BaseException) -> Mapping[str, str]:
    """What may be said of an exception: its kind and where it came from, never its text."""
    trace = error.__traceback__
    where = ""
    while trace:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("chatbot"):
            where = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return {"error": type(error).__name__, "where": where}
