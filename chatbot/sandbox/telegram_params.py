"""Owns the reading of a request's parameters, which all arrive as strings; refuses to act on them.

Whatever the encoding (query, urlencoded, multipart, JSON), the real server sees one flat map of strings, where
nested values are JSON texts. Parameters it does not know are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatbot.sandbox.telegram_errors import bad_request


@dataclass(frozen=True)
class Upload:
    """One file of a multipart request."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Params:
    """The parameters of one call.

    Args:
        values: parameter name to its text.
        files: multipart part name to the file in it.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a parameter; absent is empty, as on the real server."""
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        """The text of a parameter that must not be empty.

        Raises:
            ApiError: 400 'parameter "..." is required'.
        """
        value = self.text(name)
        if not value:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none reads as the default, as on the real server."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def boolean(self, name: str) -> bool:
        """A flag: "true", "yes" and "1" in any case are true."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def json(self, name: str, what: str) -> Any:
        """A nested value, or None where it is absent.

        Raises:
            ApiError: 400 "can't parse <what> JSON object".
        """
        raw = self.text(name)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {what} JSON object") from None

    def number(self, name: str, *, low: float, high: float) -> float:
        """A decimal number that must be given.

        Raises:
            ApiError: 400 "<name> is empty" or "wrong <name>".
        """
        raw = self.text(name)
        if not raw:
            raise bad_request(f"{name} is empty")
        try:
            value = float(raw)
        except ValueError:
            raise bad_request(f"wrong {name}") from None
        if not low <= value <= high:
            raise bad_request(f"wrong {name}")
        return value


def flat(value: Any) -> str:
    """A member of a JSON body as the text the other encodings would have carried."""
    return value if isinstance(value, str) else json.dumps(value)
