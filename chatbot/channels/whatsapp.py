"""WhatsApp: one number on the Cloud API, by webhook.

Owns authentication, the handshake, reading and fetching for one phone number id; parsing, sending and the wire are in
``whatsapp_parse``, ``whatsapp_send`` and ``whatsapp_request``. Refuses storage, order, rates and every decision.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from chatbot.channels.base import (
    Capabilities,
    FetchError,
    Finding,
    Parsed,
    Rejected,
    Route,
    SendError,
    SendResult,
    Unauthenticated,
)
from chatbot.channels.payload import header, text_in, whole_in
from chatbot.channels.whatsapp_examine import Template, examine
from chatbot.channels.whatsapp_parse import CHANNEL, parse_body, sha256_hex
from chatbot.channels.whatsapp_request import GraphClient, error_of
from chatbot.channels.whatsapp_send import MAX_CAPTION, MAX_TEXT, MAX_UPLOAD, WhatsAppSender
from chatbot.core.message import Attachment, Outbound

PATH = "/webhooks/whatsapp"

_MAX_FETCH = 100 * 1000 * 1000
_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_NO_SUCH_OBJECT = "100"
# Meta's 24 hours, less a margin for clocks and for a row that waits its turn.
_REPLY_WINDOW = timedelta(hours=23, minutes=50)


def _now() -> datetime:
    return datetime.now(UTC)


class WhatsAppChannel:
    """One number.

    Args:
        api_url: base of the Graph API with version.
        phone_number_id: our number's id there.
        token: access token.
        app_secret: key of the webhook signature.
        verify_token: what the handshake must show.
        template: name of the approved template; empty: none.
        template_locale: its language.
        business_account: id of the account that the number belongs to, of which only ``examine`` asks; empty: unknown.
        clock: aware UTC time, for items without a sensible time.
    """

    name = CHANNEL
    capabilities = Capabilities(
        max_text=MAX_TEXT,
        max_caption=MAX_CAPTION,
        max_upload=MAX_UPLOAD,
        max_fetch=_MAX_FETCH,
        buttons=3,
        reply_window=_REPLY_WINDOW,
        person_burst=40,
        person_interval=timedelta(seconds=6),
        edits=False,
    )

    def __init__(
        self,
        *,
        api_url: str,
        phone_number_id: str,
        token: str,
        app_secret: str,
        verify_token: str,
        template: str,
        template_locale: str = "id",
        business_account: str = "",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.account = phone_number_id
        self._app_secret = app_secret.encode()
        self._verify_token = verify_token
        self._template = Template(template, template_locale, business_account)
        self._clock = clock
        self._client = GraphClient(api_url, token)
        self._sender = WhatsAppSender(self._client, phone_number_id, template, template_locale)

    def routes(self) -> Sequence[Route]:
        """The webhook with its handshake."""
        return (Route(PATH, challenges=True),)

    def challenge(self, query: Mapping[str, str]) -> str:
        """Answer Meta's handshake with the text to echo. It is a stranger's text, so it is bounded.

        Raises:
            Unauthenticated: another mode or token, or a challenge that is none of Meta's.
        """
        token = query.get("hub.verify_token", "").encode(errors="surrogatepass")
        known = bool(self._verify_token) and hmac.compare_digest(token, self._verify_token.encode())
        challenge = query.get("hub.challenge", "")
        if query.get("hub.mode") != "subscribe" or not known or not _CHALLENGE.fullmatch(challenge):
            raise Unauthenticated("wrong_handshake")
        return challenge

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature over the raw body.

        Raises:
            Unauthenticated: 401 without a signature, 403 with a wrong one.
        """
        shown = header(headers, "X-Hub-Signature-256")
        if shown is None:
            raise Unauthenticated("no_signature", 401)
        due = "sha256=" + hmac.digest(self._app_secret, body, "sha256").hex()
        # As bytes, for comparing texts raises on what is not ASCII.
        same = hmac.compare_digest(shown.encode(errors="surrogatepass"), due.encode())
        if not self._app_secret or not same:
            raise Unauthenticated("wrong_signature")

    def parse(self, body: bytes) -> Parsed:
        """Read every item of a body.

        Raises:
            Unparsable: it is no JSON object of a WhatsApp account.
        """
        return parse_body(body, account=self.account, clock=self._clock)

    async def open(self) -> None:
        """Open the session. Meta is told our webhook by hand, in its dashboard."""
        await self._client.open()

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def send(self, message: Outbound) -> SendResult:
        """Perform one call.

        Raises:
            SendError: one of the closed list.
        """
        return await self._sender.perform(message)

    def examine(self) -> AsyncIterator[Finding]:
        """What may be wrong between us and Meta, as far as Meta tells; changes nothing."""
        return examine(self._client, number=self.account, template=self._template, clock=self._clock)

    def failure(self, code: str) -> SendError:
        """What the error code of a ``failed`` receipt means: a send may be accepted and fail later."""
        return error_of(int(code)) if code.isascii() and code.isdigit() else Rejected(code)

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of a file, checked against the stated size and SHA-256.

        Raises:
            FetchError: while iterating; for a wrong SHA-256 after the last byte.
        """
        try:
            found = await self._client.get(quote(attachment.ref, safe=""), {"phone_number_id": self.account})
        except SendError as error:
            raise FetchError(error.code, permanent=error.code == _NO_SUCH_OBJECT) from None
        size = whole_in(found, "file_size") or 0
        if max(size, attachment.size) > _MAX_FETCH:
            raise FetchError("too_large", permanent=True, too_large=True)
        digest = hashlib.sha256()
        async for chunk in self._client.download(text_in(found, "url"), _MAX_FETCH):
            digest.update(chunk)
            yield chunk
        stated = {sha256_hex(text_in(found, "sha256")), attachment.sha256.lower()} - {""}
        if not stated <= {digest.hexdigest()}:
            raise FetchError("sha256")
