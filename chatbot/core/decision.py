"""What ``conversation.decide`` may ask for: a closed list of effects, carried out by ``services.respond``.

Core speaks in phrase keys; nothing here holds a word that a person reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatbot.core.message import Phrase

if TYPE_CHECKING:
    from chatbot.core.complaint import Complaint
    from chatbot.core.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Option:
    """A choice before it has words: ``phrase`` is rendered in the person's language, ``text`` stands as it is.

    The label is ``phrase`` if given, else ``text``. What is shown beside it in lists is the phrase ``description``, or
    the question of the FAQ entry ``entry_id``, or ``detail`` as it stands.
    """

    payload: str
    phrase: str = ""
    text: str = ""
    description: str = ""
    entry_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the citizen something.

    After an ``OpenTicket`` in the same decision the values ``number``, ``time``, ``unit`` are added by the service, and
    ``receipt`` if it is anonymous.
    ``urgent`` goes ahead of everything else that waits. ``asks_place`` offers the platform's location button. A
    ``secret`` is forgotten once it has surely arrived.
    """

    phrase: Phrase
    options: tuple[Option, ...] = ()
    urgent: bool = False
    asks_place: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer from the FAQ, with source, date and the two "was this helpful" options of the conversation."""

    entry_id: str
    confidence: float
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Turn the filled form into a numbered ticket. The inbound messages it names become the ticket's evidence."""

    complaint: Complaint


@dataclass(frozen=True, slots=True)
class AddToTicket:
    """Bring this very message (text, file, pin) to the officers of an open ticket of the same person.

    ``answered`` says that the FAQ answered it already, so that it is a note to the officers and no question.
    ``inbound_ids`` names earlier messages of the same person that were waiting to be told where they belong; they are
    brought instead of this one, which only chose.
    """

    ticket_id: int
    answered: bool = False
    inbound_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """Raise an emergency to the officers ahead of everything else, or join the person's live one.

    ``earlier`` names messages of the same person that were kept unexplained until now: they belong to it too.
    ``follows``: this message adds to the live one, wherever that is, and would not be an emergency by itself.
    ``about_members``: it may be about police members, so that only Propam may see it. ``identity`` and ``unsafe`` as in
    a complaint.
    """

    earlier: tuple[int, ...] = ()
    follows: bool = False
    about_members: bool = False
    identity: str = "open"
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class RateTicket:
    """The citizen's mark, 1 to 5, for a closed ticket; None: it is done, and no mark was given yet."""

    ticket_id: int
    score: int | None


@dataclass(frozen=True, slots=True)
class ObjectToClosing:
    """The citizen objects: the ticket is open again, with this message as the reason unless that is kept back."""

    ticket_id: int
    with_reason: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """A fact worth counting and keeping: consent given, FAQ helpful or not, choice rejected. No text, no names."""

    fact: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NoteGap:
    """This very message is a question that the FAQ does not answer: count it, without who asked.

    ``offered`` are the entries that the person was asked to choose from; empty where it was refused.
    """

    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseGap:
    """One of the entries offered for an earlier question was meant: that question is answered after all."""

    inbound_id: int
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkSafety:
    """The person says whether we may write first; it counts for every ticket of theirs."""

    unsafe: bool


@dataclass(frozen=True, slots=True)
class ClaimTicket:
    """The person holds the receipt of this anonymous ticket: it is theirs from now on, and answered here.

    ``alone``: the message says nothing else, so that its body need not be kept.
    """

    ticket_id: int
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Appeal:
    """A blocked person objects to the block, with these words."""

    text: str


@dataclass(frozen=True, slots=True)
class SendOwnData:
    """The person asks for a copy of what is kept of him."""


@dataclass(frozen=True, slots=True)
class CorrectName:
    """The person says how he is called."""

    name: str


@dataclass(frozen=True, slots=True)
class AmendTicket:
    """This very message corrects what a ticket of the person's says; that stays beside it."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class EraseOwnData:
    """The person asks to have erased whatever need not be kept."""


OwnDataEffect = SendOwnData | CorrectName | AmendTicket | EraseOwnData
Effect = (
    Say
    | Answer
    | OpenTicket
    | AddToTicket
    | Alert
    | RateTicket
    | ObjectToClosing
    | Record
    | NoteGap
    | CloseGap
    | MarkSafety
    | ClaimTicket
    | Appeal
    | OwnDataEffect
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The new state and, in order, what should happen."""

    state: Conversation
    effects: tuple[Effect, ...] = field(default=())
