"""Owns the error answers of the sandbox's Bot API; refuses to know which method raised them.

The words are those of the public Bot API server, because clients tell causes apart by them.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer with ``ok: false``.

    Args:
        code: the HTTP status, repeated as ``error_code`` in the body.
        description: the full text, prefix included.
        parameters: ``retry_after`` (seconds) or ``migrate_to_chat_id``, where the error carries one.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str) -> ApiError:
    """An answer 400; ``reason`` stands after the prefix "Bad Request: "."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """An answer 403; ``reason`` stands after the prefix "Forbidden: "."""
    return ApiError(403, f"Forbidden: {reason}")


def not_enough_rights(deed: str) -> ApiError:
    """An answer 400 to an administrator who lacks a right; ``deed`` reads like "create a topic"."""
    return bad_request(f"not enough rights to {deed}")


def too_many_requests(seconds: int) -> ApiError:
    """An answer 429 that asks to wait ``seconds``."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(new_chat_id: int) -> ApiError:
    """An answer 400 for a basic group that has become the supergroup ``new_chat_id``."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
