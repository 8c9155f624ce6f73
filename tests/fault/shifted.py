"""The real program with a clock that is wrong: by as many seconds as stand in a file, which is read at each look.

Run as ``python tests/fault/shifted.py run`` with CLOCK_FILE.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chatbot import app
from chatbot.cli import main

_FILE = Path(os.environ["CLOCK_FILE"])


def _shifted() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(_FILE.read_text(encoding="ascii")))


if __name__ == "__main__":
    app.clock = _shifted
    main()
