"""The real program with a fault of ours in it: words that hold POISON break whatever handles them.

Run as ``python tests/fault/breaking.py run``.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from chatbot.cli import main
from chatbot.core import conversation
from chatbot.services.desk import Desk

POISON = "beracun"


class PoisonedError(Exception):
    """What a fault of ours raises."""


_decide, _handle = conversation.decide, Desk.handle


def _decided(state: Any, said: Any, *rest: Any) -> Any:
    if POISON in said.text:
        raise PoisonedError
    return _decide(state, said, *rest)


def _handled(desk: Desk, message: Any, *rest: Any) -> Any:
    if POISON in message.text:
        raise PoisonedError
    return _handle(desk, message, *rest)


if __name__ == "__main__":
    with patch.object(conversation, "decide", _decided), patch.object(Desk, "handle", _handled):
        main()
