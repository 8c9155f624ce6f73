"""Owns the failures a test has ordered; refuses to invent any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["answer", "drop_before", "reset_after", "half_json", "empty", "delay"]


@dataclass
class Fault:
    """One ordered failure; see `TelegramSandbox.fail_next`."""

    method: str
    chat_id: int | None
    status: int
    description: str
    parameters: dict[str, Any] | None
    mode: Mode
    delay: float
    left: int
    location: str = ""


class Faults:
    """Ordered failures, oldest first."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Let the next matching calls fail."""
        self._ordered.append(fault)

    def left(self, method: str, status: int) -> int:
        """How many calls of this method are still to fail with this status."""
        return sum(fault.left for fault in self._ordered if (fault.method, fault.status) == (method, status))

    def clear(self) -> None:
        """Forget what was ordered."""
        self._ordered.clear()

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The failure for this call, counted down, or None."""
        for fault in self._ordered:
            if fault.method not in {"*", method} or (fault.chat_id is not None and str(fault.chat_id) != chat_id):
                continue
            fault.left -= 1
            if fault.left <= 0:
                self._ordered.remove(fault)
            return fault
        return None
