"""WhatsApp on this machine: a local server that speaks the Cloud API, and the citizens' phones behind it.

For tests, the demo and training: start it, point the bot's API URL at what ``start`` returns, ``connect`` the bot's
webhook, then let people act. Owns the public face only; the rules are in the ``whatsapp_*`` modules beside it.
Refuses to know the bot: nothing of it is imported here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Literal, TypeVar

from chatbot.sandbox.whatsapp_errors import GraphError, webhook_error
from chatbot.sandbox.whatsapp_phones import Phones
from chatbot.sandbox.whatsapp_sends import TYPING, Refusal, Sends
from chatbot.sandbox.whatsapp_server import Fault, FaultMode, GraphServer
from chatbot.sandbox.whatsapp_state import Call, ChatMessage, Template, Webhook
from chatbot.sandbox.whatsapp_webhook import CallbackRefusedError, Courier

__all__ = ["Call", "CallbackRefusedError", "ChatMessage", "Webhook", "WhatsAppSandbox"]

T = TypeVar("T")
_RETRY_DELAYS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WhatsAppSandbox(Phones):
    """One business number on a local Cloud API.

    Args:
        token: The access token the bot must send.
        app_secret: Key of the webhook signature.
        phone_number_id: The number's id in paths and metadata.
        version: API version in the path.
        limits: Whether pair and throughput limits apply (131056, 130429).
        clock: Aware UTC time; drives windows, link lives and timestamps, not the repeats of webhooks.
        account_id: Id of the WhatsApp Business Account.
        display_number: The business number in digits.
        retry_delays: Seconds before each repeat of a webhook that was not answered 200.
        connections: How many webhooks are posted at once; 0 for as many as there are.
    """

    def __init__(
        self,
        token: str,
        app_secret: str,
        phone_number_id: str,
        *,
        version: str = "v23.0",
        limits: bool = False,
        clock: Callable[[], datetime] = _utc_now,
        account_id: str = "102290129340398",
        display_number: str = "6281100001110",
        retry_delays: Sequence[float] = _RETRY_DELAYS,
        connections: int = 40,
    ) -> None:
        metadata = {"display_phone_number": display_number, "phone_number_id": phone_number_id}
        courier = Courier(app_secret, account_id, metadata, retry_delays, self._changed, clock, connections)
        super().__init__(courier, display_number, clock)
        self._news = asyncio.Event()
        self._sends = Sends(self, courier, clock, self._chat, display_number, limits)
        self._server = GraphServer(
            token=token,
            version=version,
            phone_number_id=phone_number_id,
            account_id=account_id,
            display_number=display_number,
            sends=self._sends,
            clock=clock,
            changed=self._changed,
        )

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen (port 0: any free one) and return the API URL with version, to which the bot appends ``/<id>/...``."""
        return await self._server.start(host, port)

    async def stop(self) -> None:
        """Stop deliveries and the server. Safe to call twice."""
        await self._courier.close()
        await self._server.stop()

    async def connect(self, callback_url: str, verify_token: str) -> None:
        """Register the bot's webhook by Meta's handshake.

        Raises:
            CallbackRefusedError: The challenge was not echoed with status 200.
        """
        await self._courier.connect(callback_url, verify_token)

    @property
    def calls(self) -> list[Call]:
        """Every request of the bot so far, oldest first."""
        return self._server.calls

    @property
    def webhooks(self) -> list[Webhook]:
        """Every delivery to the bot so far with its attempts, in the order created."""
        return self._courier.webhooks

    @property
    def idle(self) -> bool:
        """Whether every webhook has been answered 200 or given up."""
        return self._courier.idle

    def messages(self, person: str) -> list[ChatMessage]:
        """Return a person's chat, both directions, oldest first."""
        return [message for message in self._chat.values() if message.person == person]

    def message(self, message_id: str) -> ChatMessage:
        """Return one message by id.

        Raises:
            KeyError: No such message.
        """
        return self._chat[message_id]

    def read_marks(self, person: str) -> list[str]:
        """Return the ids of a person's messages that the bot has marked read."""
        return [message.id for message in self.messages(person) if message.read_by_business]

    def typing(self, person: str) -> bool:
        """Whether the person sees "typing": from the bot's call until its next message, 25 seconds at most."""
        since = self.people[person].typing_since
        return since is not None and self._clock() < since + TYPING

    def window_open(self, person: str) -> bool:
        """Whether free text may reach this person now."""
        return self._sends.window_open(self.people[person])

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 10) -> T:
        """Return the predicate's first true value, looking again at each event.

        Args:
            predicate: Read-only look at this sandbox.
            timeout: Seconds of real time.

        Raises:
            TimeoutError: It never became true; the text lists the last calls.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await self._news.wait()
                return found
        except TimeoutError:
            lines = [f"{call.method} {call.path} {call.params.get('type', '')} -> {call.status}" for call in self.calls]
            answers = [webhook.attempts for webhook in self.webhooks[-5:]]
            raise TimeoutError(
                f"Nothing of the kind within {timeout} s. Last calls: {lines[-8:]}. Last webhooks' answers: {answers}."
            ) from None

    async def settled(self, timeout: float = 10) -> None:
        """Wait until every webhook is delivered or given up.

        Raises:
            TimeoutError: Some are still being repeated.
        """
        await self.wait_for(lambda: self.idle, timeout)

    async def raw_webhook(self, body: bytes, signature: str | None = None) -> int:
        """Post these bytes to the bot once and return the HTTP status (0: no answer).

        Args:
            body: Any bytes, e.g. ``webhooks[-1].body`` for a duplicate.
            signature: The header's value; None for the right one, empty for no header at all.
        """
        return await self._courier.raw(body, signature)

    def add_template(
        self,
        name: str,
        language: str = "id",
        body_params: int = 0,
        *,
        header_params: int = 0,
        buttons: Sequence[str] = (),
        category: str = "UTILITY",
        text: str = "",
    ) -> None:
        """Register an approved template.

        Args:
            name: Template name.
            language: Language code.
            body_params: How many variables the body has.
            header_params: How many variables the header has.
            buttons: Titles of its quick replies.
            category: UTILITY, MARKETING or AUTHENTICATION.
            text: Body text, for views.
        """
        made = Template(name, language, body_params, header_params, tuple(buttons), category, text)
        self._sends.templates[name, language] = made

    def report_statuses(self, *statuses: str) -> None:
        """Set which statuses follow every accepted send, in this order; none at all switches them off."""
        self._sends.statuses = statuses

    def report_status(self, message_id: str, status: str, *, code: int | None = None, details: str = "") -> None:
        """Send one status of a message the bot sent, at any time and in any order; ``code`` belongs to "failed"."""
        error = None if code is None else webhook_error(code, details)
        self._sends.status(self._chat[message_id], status, error, None)
        self._changed()

    def window_errors(self, way: Literal["webhook", "answer"]) -> None:
        """Choose how a send outside the window fails: by a later status (the default) or in the answer."""
        self._sends.window_errors = way

    def close_window(self, person: str) -> None:
        """End a person's 24 hours now; their next message opens them again."""
        self.people[person].last_inbound_at = None

    def fail_next(
        self,
        *,
        status: int | None = None,
        code: int = 131000,
        details: str = "",
        times: int = 1,
        person: str | None = None,
        path: str = "",
        mode: FaultMode = "answer",
        seconds: float = 1.0,
        retry_after: str = "",
    ) -> None:
        """Spoil the answers to the bot's next calls.

        Args:
            status: HTTP status of the error answer; the documented one for the code when omitted.
            code: Graph error code of the answer.
            details: Text of ``error_data.details``.
            times: How many calls.
            person: Only sends to this person; any call otherwise.
            path: Only calls whose path holds this, such as a medium's id.
            mode: ``answer`` refuses with the error; ``drop_before`` cuts the connection and does nothing;
                ``reset_after``, ``half_json``, ``empty`` do the work and lose the answer; ``delay`` does it and
                answers after ``seconds``.
            seconds: For ``delay``, real time.
            retry_after: For ``answer``, a header of this name.
        """
        error = GraphError(code, details, status=status)
        self._server.faults.append(Fault(error, mode, times, person, seconds, path, retry_after))

    @property
    def failures_left(self) -> int:
        """How many of the calls that `fail_next` ordered are still to fail."""
        return sum(fault.times for fault in self._server.faults)

    @property
    def refusals_left(self) -> int:
        """How many of the sends that `fail_delivery` ordered are still to fail."""
        return sum(refusal.times for refusal in self._sends.refusals)

    def revoke_token(self) -> None:
        """Refuse the token from now on, with code 190."""
        self._server.revoked = True

    def repair(self) -> None:
        """Take back every failure that `fail_next` and `fail_delivery` ordered, and the revocation of the token."""
        self._server.revoked = False
        self._server.faults.clear()
        self._sends.refusals.clear()

    def fail_delivery(
        self, code: int = 131026, details: str = "", *, times: int = 1, person: str | None = None
    ) -> None:
        """Accept the next sends with 200 and report them failed with this code."""
        self._sends.refusals.append(Refusal(code, details, person, times))

    def template_refused(self, name: str, code: int = 132015) -> None:
        """Refuse this template from now on, in every language (132015: paused).

        Raises:
            KeyError: No template has this name.
        """
        found = [template for template in self._sends.templates.values() if template.name == name]
        if not found:
            raise KeyError(name)
        for template in found:
            template.refused_with = code

    def expire_media(self, media_id: str) -> None:
        """Let a medium's life end now."""
        self.shelf.get(media_id).expires_at = self._clock()

    def lie_about_size(self, media_id: str, size: int = 1) -> None:
        """Announce another ``file_size`` (bytes) than the file has."""
        self.shelf.get(media_id).told_size = size

    def redirect_media(self, media_id: str, url: str) -> None:
        """Answer the medium's download with a redirect to this URL; empty: with the file again."""
        self.shelf.get(media_id).redirect = url or None

    def forget(self, before: datetime) -> None:
        """Forget what is older than a moment: calls, messages, delivered webhooks, people who were silent since.

        For runs of many messages, whose memory would grow with every one. A forgotten person is on WhatsApp no more.
        """
        self._server.calls[:] = [call for call in self.calls if call.time >= before]
        for message in list(takewhile(lambda one: one.at < before, self._chat.values())):
            del self._chat[message.id]
        self._courier.forget(before)
        self._forget_silent(before)

    def _changed(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
