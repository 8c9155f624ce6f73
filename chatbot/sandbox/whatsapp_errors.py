"""The Graph API's errors: owns codes, titles, HTTP statuses and the body's shape.

Refuses to decide when an error is due; the checks and the server do that.
"""

from __future__ import annotations

import secrets
from typing import Any

# Meta's page "Cloud API error codes": code -> (HTTP status, title). 400 where the page gives no other status.
TITLES: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "Application request limit reached"),
    10: (403, "Permission Denied"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130429: (400, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business Account locked"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped User ID recipients are not supported for this message"),
    131064: (400, "Message failed to send because this account has reached its messaging limit"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132007: (400, "Template Format Character Policy Violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is Paused"),
    132016: (400, "Template is Disabled"),
    132018: (400, "There was an issue with the parameters in your template"),
    133016: (400, "Account register deregister rate limit exceeded"),
}
DETAILS: dict[int, str] = {
    131026: "Message Undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this "
    "number.",
    131051: "Message type is currently not supported.",
    131056: "Message failed to send because there were too many messages sent from this phone number to the same phone "
    "number in a short period of time.",
    130429: "Message failed to send because there were too many messages sent from this phone number in a short period "
    "of time.",
}


class GraphError(Exception):
    """An error answer of the Graph API, raised inside the sandbox and turned into a body by the server.

    Args:
        code: Meta's error code.
        details: Text of ``error_data.details``; Meta's own text for the code when empty.
        status: HTTP status; the documented one for the code when omitted.
        message: Whole ``message``; ``(#code) title`` when omitted.
        kind: ``type`` of the error object.
        subcode: ``error_subcode``, if any.
    """

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        status: int | None = None,
        message: str | None = None,
        kind: str = "OAuthException",
        subcode: int | None = None,
    ) -> None:
        super().__init__(f"Graph error {code}")
        documented, title = TITLES.get(code, (400, "Unknown error"))
        self.code = code
        self.status = status or documented
        self.details = details or DETAILS.get(code, "")
        self.message = message or f"(#{code}) {title}"
        self.kind = kind
        self.subcode = subcode

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON as the Graph API writes it."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}


def webhook_error(code: int, details: str = "") -> dict[str, Any]:
    """Return one item of ``errors`` as it stands in a failed status or an unsupported message."""
    title = TITLES.get(code, (400, "Unknown error"))[1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or DETAILS.get(code, title)},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }


def bad_token() -> GraphError:
    """Return the answer to a wrong or absent bearer token."""
    return GraphError(190, message=TITLES[190][1])


def missing(parameter: str) -> GraphError:
    """Return the answer to a request without a required top-level parameter."""
    return GraphError(100, message=f"(#100) The parameter {parameter} is required.")


def bad_parameter(sentence: str) -> GraphError:
    """Return a code 100 whose message is the whole complaint, as Graph's own parameter checks word it."""
    return GraphError(100, message=f"(#100) {sentence}")


def unknown_object(verb: str, object_id: str) -> GraphError:
    """Return Graph's answer for an id it does not know, or not with this method.

    Args:
        verb: ``get``, ``post`` or ``delete``.
        object_id: The id in the path.
    """
    return GraphError(
        100,
        message=f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        kind="GraphMethodException",
        subcode=33,
    )


def unknown_path(path: str) -> GraphError:
    """Return Graph's 404 for a path of a form it has no object or edge for."""
    return GraphError(2500, status=404, message=f"Unknown path components: {path}")
