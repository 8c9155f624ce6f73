"""A ticket's dossier: all that is known of one complaint, for whoever has to account for it, and what proves it.

Owns what stands in it. Refuses what never does: the reporter's numbers and addresses, and the name where the reporter
asked for that; and how it looks on paper (``dossier_pdf``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from chatbot.core import ticket as tickets
from chatbot.core.privacy import mask_name, mask_own_number, neutral_file_name, shows_name
from chatbot.services.cards import complaint_of
from chatbot.store.audit import ERASED, digest, said_in
from chatbot.store.audit_tables import AuditRow
from chatbot.store.tables import MediaRow, TicketEventRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_ABOUT_ANOTHER = frozenset(
    {"edited", "revoked", "corrected", "recalled"}
)  # events that say something of an earlier one
_DIGITS = re.compile(r"\d+")

Masked = Callable[[str], str]


@dataclass(slots=True)
class Happening:
    """One event of the ticket's history.

    Attributes:
        at: when, by the region's clocks.
        act: what happened.
        actor: "citizen", "desk" or the officer's platform id.
        text: what was said, the reporter's own number struck out.
        sha256: of what was said, as it stands in the history.
        row: the row of the audit trail that proves it; None: from before the trail.
        proved: whether that row names this very text, or the text was erased as the trail says.
        emptied: whether the text was erased; ``sha256`` is then that of the text that stood there.
        later: what was made of it afterwards: edited, revoked, corrected, recalled.
    """

    at: datetime
    act: str
    actor: str
    text: str
    sha256: str
    row: int | None
    proved: bool
    emptied: bool = False
    later: list[Happening] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file of the ticket.

    Attributes:
        name: says nothing of the sender.
        sender: "citizen" or "officer".
        at: when its message was taken in.
        mime: as the platform says.
        size: bytes.
        sha256: of its content, once it was kept.
        state: wanted, kept, too_large or gone.
        shelf: what lies in the media folder now: intact, changed or missing; empty where nothing was kept.
    """

    name: str
    sender: str
    at: datetime
    mime: str
    size: int
    sha256: str
    state: str
    shelf: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A row of the audit trail, with all that its hash is of."""

    id: int
    at: str  # in UTC, in the words that are hashed
    actor: str
    act: str
    ticket_id: int | None
    event_id: int | None
    detail: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether the whole trail holds, and the first break where it does not."""

    holds: bool
    rows: int
    head: str
    broken_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything, in the order in which it is read. Times are those of the region's clocks."""

    number: str
    unit: str
    exported_at: datetime
    timezone: str
    status: str
    category: str
    channel: str
    identity: str
    reporter: str | None  # the name; None where the reporter does not want it told
    left_out: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None
    erased_at: datetime | None
    officer: str
    result: str
    rating: int | None
    alert: bool
    ongoing: bool
    complaint: dict[str, str]
    history: list[Happening]
    files: list[Exhibit]
    trail: list[Proof]
    chain: Chain


def collect(
    uow: UnitOfWork, ticket: TicketRow, *, unit: str, timezone: ZoneInfo, media_dir: Path, now: datetime
) -> Dossier:
    """The dossier of a ticket.

    Args:
        uow: reads only.
        ticket: whose.
        unit: the account's name.
        timezone: where it is.
        media_dir: where kept files lie; each is read.
        now: the time, aware.
    """
    mask = _masks(uow, ticket)
    named = shows_name(ticket.identity) and not ticket.erased_at
    rows = uow.audit.of_ticket(ticket.id)
    verdict = uow.audit.verify()
    form = complaint_of(ticket)
    told = {"what": form.what, "where": form.where_text, "when": form.when, "who": form.who}
    pin = f"{form.place.latitude:.6f}, {form.place.longitude:.6f}" if form.place else ""
    first = verdict.broken[0] if verdict.broken else None
    return Dossier(
        number=tickets.spoken(ticket.number),
        unit=unit,
        exported_at=now.astimezone(timezone),
        timezone=timezone.key,
        status=ticket.status,
        category=ticket.category,
        channel=ticket.channel,
        identity=ticket.identity,
        reporter=mask_name(uow.people.contact(ticket.contact_id).name) if named else None,
        left_out=("number", "address") if named else ("name", "number", "address"),
        opened_at=ticket.opened_at.astimezone(timezone),
        closed_at=ticket.closed_at.astimezone(timezone) if ticket.closed_at else None,
        erased_at=ticket.erased_at.astimezone(timezone) if ticket.erased_at else None,
        officer=ticket.officer_name,
        result=mask(ticket.result),
        rating=ticket.rating,
        alert=ticket.alert,
        ongoing=form.ongoing,
        complaint={**{name: mask(text) for name, text in told.items() if text}, **({"pin": pin} if pin else {})},
        history=_history(uow.events(ticket.id), rows, mask, timezone),
        files=[*_exhibits(uow.media.of_ticket(ticket.id), media_dir, timezone)],
        trail=[_proof(row) for row in rows],
        chain=Chain(not first, verdict.count, verdict.head, first.id if first else None, first.reason if first else ""),
    )


def as_json(dossier: Dossier) -> bytes:
    """The dossier as JSON, for programs and for whoever checks a hash."""
    return msgspec.json.format(msgspec.json.encode(dossier), indent=2) + b"\n"


def _masks(uow: UnitOfWork, ticket: TicketRow) -> Masked:
    """Strikes out every number under which the reporter is known to be reached."""
    addresses = [address.external_id for address in uow.people.reached_at(ticket.contact_id)]
    numbers = {number for address in addresses for number in _DIGITS.findall(address)}

    def mask(text: str) -> str:
        for number in sorted(numbers):
            text = mask_own_number(text, number)
        return text

    return mask


def _history(
    events: Sequence[TicketEventRow], rows: Sequence[AuditRow], mask: Masked, timezone: ZoneInfo
) -> list[Happening]:
    """The events in order; what was made of a message later stands with the message."""
    proofs = {row.event_id: row for row in rows if row.event_id is not None}
    erased = max((row.id for row in rows if row.act == ERASED), default=0)
    history: list[Happening] = []
    by_message: dict[int | None, Happening] = {}
    for event in events:
        row = proofs.get(event.id)
        said = said_in(row.detail) if row else {}
        told = said.get("text", "")
        emptied = row is not None and row.id < erased and not event.text and told != digest("")
        sha256 = told if emptied else digest(event.text)
        happening = Happening(
            at=event.at.astimezone(timezone),
            act=event.event,
            actor=event.actor,
            text=mask(event.text),
            sha256=sha256,
            row=row.id if row else None,
            proved=told == sha256,
            emptied=emptied,
        )
        # A citizen's edit is a message of its own, and the trail says of which one; an officer's bears the first's id.
        message = said.get("original", event.inbound_id)
        about = by_message.get(message) if message and event.event in _ABOUT_ANOTHER else None
        if about:
            about.later.append(happening)
            continue
        history.append(happening)
        by_message[event.inbound_id] = happening
    return history


def _exhibits(media: Sequence[MediaRow], folder: Path, timezone: ZoneInfo) -> Iterator[Exhibit]:
    for position, row in enumerate(media, 1):
        yield Exhibit(
            name=neutral_file_name(position, row.mime),
            sender="officer" if row.contact_id is None else "citizen",
            at=row.created_at.astimezone(timezone),
            mime=row.mime,
            size=row.size,
            sha256=row.sha256,
            state=row.state,
            shelf=_on_shelf(folder / row.sha256[:2] / row.sha256, row.sha256) if row.state == "kept" else "",
        )


def _on_shelf(path: Path, sha256: str) -> str:
    try:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return "missing"
    return "intact" if same else "changed"


def _proof(row: AuditRow) -> Proof:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return Proof(row.id, at, row.actor, row.act, row.ticket_id, row.event_id, row.detail, row.prev, row.hash)
