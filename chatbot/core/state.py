"""The dialogue with one citizen between two messages, and what the desk knows of that person.

Owns the shapes only. ``Conversation`` is kept as JSON, so every field has a default and old rows go on decoding.
Refuses any rule: ``conversation.decide`` has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatbot.core.complaint import Complaint
from chatbot.core.decision import Option
from chatbot.core.message import Place
from chatbot.core.ticket import TicketView

WESTERN_INDONESIA = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where the dialogue with a person stands.

    Attributes:
        locale: the language that we answer in.
        locale_chosen: whether the person chose it, so that it no longer follows the messages.
        greeted: whether the person has been told who we are.
        seen_at: when the last message was handled.
        consented_at: when the person last agreed to the privacy notice.
        form: the complaint, or question to an officer, that is being filled in.
        paused: whether the form waits, so that plain words are not taken for an answer to it.
        pending: what was asked outside the form: "held", "start", "ticket", "resume", "object", "reason",
            "appeal", "name", "amend:" and a ticket's id; or nothing.
        offered: the choices last shown, those of the last question first.
        shown: how many of ``offered`` belong to the last question; numbers name these only.
        pages: all choices of a list that is too long to be shown at once.
        pages_key: the phrase over that list.
        candidates: FAQ entries last offered; they can still be pressed after one was read.
        candidates_id: the inbound message that they were offered for; 0 once one of them was chosen.
        last_entry: the FAQ entry last answered.
        aside: text that may become a complaint or a question to an officer, once the person says which.
        aside_id: the inbound message that ``aside`` came with.
        held: inbound messages that still have to be told what they are for: photos, voice notes, pins.
        held_since: when the first of them, or of ``unplaced``, came.
        held_place: the pin among them.
        held_voice: whether one of them is spoken, so that it may tell the whole story.
        unplaced: inbound messages that wait to be told which open ticket they are for.
        ticket_id: the open ticket that the person's last message went to.
        ticket_at: when that was.
        album: the album that was last acknowledged.
        alert_said_at: when we last answered to an emergency.
        hinted_at: when we last said that a kind of message cannot be read.
        status_misses: when numbers were asked for that are not this person's, and receipts shown that are none, newest
            last.
        last_choice: the payload last acted upon; pressed twice, it is obeyed once.
        last_choice_at: when that was.
        wrote_at: when the person last wrote, pressed or edited anything.
        unsafe: whether we must not write first: the person may be watched.
        recent: when the last messages came that were no emergency, oldest first; see ``slowing``.
        slow_at: when a person who writes very much was last answered.
        block_said_at: when a blocked person was last told so.
        data_sent_at: when the person was last given his own data.
        data_erased_at: when the person last had his own data erased.
    """

    locale: str = "id"
    locale_chosen: bool = False
    greeted: bool = False
    seen_at: datetime | None = None
    consented_at: datetime | None = None
    form: Complaint | None = None
    paused: bool = False
    pending: str = ""
    offered: tuple[Option, ...] = ()
    shown: int = 0
    pages: tuple[Option, ...] = ()
    pages_key: str = ""
    candidates: tuple[str, ...] = ()
    candidates_id: int = 0
    last_entry: str = ""
    aside: str = ""
    aside_id: int = 0
    held: tuple[int, ...] = ()
    held_since: datetime | None = None
    held_place: Place | None = None
    held_voice: bool = False
    unplaced: tuple[int, ...] = ()
    ticket_id: int | None = None
    ticket_at: datetime | None = None
    album: str = ""
    alert_said_at: datetime | None = None
    hinted_at: datetime | None = None
    status_misses: tuple[datetime, ...] = ()
    last_choice: str = ""
    last_choice_at: datetime | None = None
    wrote_at: datetime | None = None
    unsafe: bool = False
    recent: tuple[datetime, ...] = ()
    slow_at: datetime | None = None
    block_said_at: datetime | None = None
    data_sent_at: datetime | None = None
    data_erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the desk knows beside the dialogue; all of it about this very person, who is who holds a receipt.

    Attributes:
        region: name of the account's region, as citizens read it.
        tickets: the person's open tickets, newest first.
        closed: those closed within 30 days, newest first: they can be rated and objected to.
        replied_ticket: the ticket that the replied-to message of ours belongs to.
        asked: the ticket whose number stands in the text, only when it is this person's own.
        receipt: the anonymous ticket whose receipt stands in the text, whoever filed it.
        alert_live: whether an emergency of this person is with the officers now.
        propam: whether complaints about police members can reach Propam's group.
        officers: whether everything else can reach the officers' group.
        locale: the account's own language, for a person who has shown none.
        languages: those that it answers in unasked.
        labels: labels of ``Conversation.offered``, folded, each with its payload, in the language they were shown in.
        ahead_of_utc: how far the region's clocks are ahead of UTC.
        related: FAQ entries that are offered under the answer of another, by its id.
        areas: the areas that the message may mean, as in ``Complaint``; looked for while a form asks where.
        officer_wrote_at: when an officer last wrote to this person; what is said next is most likely for him.
        invited: whether the person was told, by a template, that an answer waits for the word that is its command.
        channel: the platform that the message came by.
        blocked: until when the person is blocked, as the person reads it; empty: not blocked.
        appealed: whether the person has objected to this block.
        inbox_days: how long what belongs to no ticket is kept.
        retention_days: how long a ticket is kept after its end; None: nothing says so.
        watched: whether somebody may read along; looked for where the person's own data are asked for.
    """

    region: str = ""
    tickets: tuple[TicketView, ...] = ()
    closed: tuple[TicketView, ...] = ()
    replied_ticket: int | None = None
    asked: TicketView | None = None
    receipt: TicketView | None = None
    alert_live: bool = False
    propam: bool = False
    officers: bool = True
    locale: str = "id"
    languages: tuple[str, ...] = ("id", "en")
    labels: tuple[tuple[str, str], ...] = ()
    ahead_of_utc: timedelta = WESTERN_INDONESIA
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    areas: tuple[tuple[str, str, str], ...] = ()
    officer_wrote_at: datetime | None = None
    invited: bool = False
    channel: str = ""
    blocked: str = ""
    appealed: bool = False
    inbox_days: int = 30
    retention_days: int | None = None
    watched: bool = False
