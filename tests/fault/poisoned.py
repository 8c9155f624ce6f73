"""The real program, but that one word breaks the handling of the message which says it, and another kills the process.

Run as ``python tests/fault/poisoned.py run``. Each try of the first word is printed.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from chatbot.cli import main
from chatbot.core import conversation

BREAKS, KILLS = "semangka", "rambutan"
_decide = conversation.decide


def _decide_or_die(state: Any, utterance: Any, *rest: Any) -> Any:
    if BREAKS in utterance.folded:
        sys.stderr.write("tried to handle poison\n")
        raise ValueError("poison")
    if KILLS in utterance.folded:
        os.kill(os.getpid(), signal.SIGKILL)
    return _decide(state, utterance, *rest)


patch.object(conversation, "decide", _decide_or_die).start()

if __name__ == "__main__":
    main()
