from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _clean_environment() -> None:
    """A developer's own settings change no result."""
    for name in list(os.environ):
        if name.startswith("CHATBOT_") or name in {"DATABASE_URL", "PORT"}:
            del os.environ[name]
    os.environ["PTB_TIMEDELTA"] = "true"
