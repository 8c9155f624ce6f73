"""The complaint: its fields, the order in which they are asked, what each answer does to it.

Owns the form as a value and its rules. Refuses to ask (``form``) and to understand free text (``narrative``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatbot.core.message import Place

# What a citizen picks from: ten, the most that one list holds.
CATEGORIES = (
    "kriminal",
    "siber",
    "narkoba",
    "ppa",
    "lalin",
    "kamtibmas",
    "orang_hilang",
    "pelayanan",
    "anggota",
    "lainnya",
)
MEMBERS = "anggota"  # about police members: Propam's alone
QUESTION = "pertanyaan"  # a question handed to an officer
EMERGENCY = "darurat"  # an alert
IDENTITIES = ("open", "confidential", "anonymous")

CONSENT, REVIEW = "consent", "review"
AREA = "area"  # which of several places of one name; asked only where the words left it open
SAFE = "safe"  # whether we may write first; asked only where an aggressor may read along
# In the order in which they are asked.
STEPS = ("category", "what", "where", "when", "who", "evidence", SAFE, "identity")
_WATCHED = frozenset({"ppa"})  # categories whose reporter may live with the one reported
FREE_STEPS = frozenset({"what", "where", "when", "who"})  # answered in the person's own words
_OPTIONAL = ("where", "when", "who", "evidence")

MAX_TEXT = 40_000  # characters of one field: a story told in ten full messages
MAX_EVIDENCE = 1000


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as far as it is filled in. Kept as JSON: every field has a default.

    Attributes:
        category: one of ``CATEGORIES``, or QUESTION or EMERGENCY; empty until known.
        what: what happened, in the person's words. Empty when it was told by voice.
        where_text: where, in words.
        place: where, as a pin.
        area: the code of the area that it lies in; empty: unknown.
        areas: what it may be while that is open: code, name, and what tells it from others of that name.
        when: when, in the person's words or as day-month-year and hour of the region's clocks.
        ongoing: whether it was still going on when this was said.
        who: who is said to have done it.
        evidence: inbound messages that carry files.
        identity: "open", "confidential" (only the officer in charge knows) or "anonymous".
        step: the question last asked: CONSENT, one of STEPS, or REVIEW.
        answered: the steps that need not be asked any more, answered or skipped.
        alerted: whether an emergency was raised while this was filled in.
        noted: the category for which its own advice has been given.
        unsafe: whether we must not write first.
        asked_again: whether a story that said nothing was asked for once more.
    """

    category: str = ""
    what: str = ""
    where_text: str = ""
    place: Place | None = None
    area: str = ""
    areas: tuple[tuple[str, str, str], ...] = ()
    when: str = ""
    ongoing: bool = False
    who: str = ""
    evidence: tuple[int, ...] = ()
    identity: str = "open"
    step: str = CONSENT
    answered: tuple[str, ...] = ()
    alerted: bool = False
    noted: str = ""
    unsafe: bool = False
    asked_again: bool = False


def next_step(form: Complaint) -> str:
    """The question to ask next, once there is consent: the first step without an answer, else REVIEW."""
    if form.areas and "where" in form.answered:
        return AREA
    return next((step for step in steps_of(form) if step not in form.answered), REVIEW)


def steps_of(form: Complaint) -> tuple[str, ...]:
    """What is asked in a complaint of this category, in order."""
    return STEPS if form.category in _WATCHED else tuple(step for step in STEPS if step != SAFE)


def mark(form: Complaint, *steps: str) -> Complaint:
    """The same form with these steps answered."""
    done = {*form.answered, *steps}
    return replace(form, answered=tuple(step for step in STEPS if step in done))


def unmark(form: Complaint, step: str) -> Complaint:
    """The same form with this step to be asked again; what it holds stays until it is answered anew."""
    return replace(form, answered=tuple(done for done in form.answered if done != step))


def with_category(form: Complaint, category: str) -> Complaint:
    """Set the category."""
    return mark(replace(form, category=category), "category")


def with_identity(form: Complaint, identity: str) -> Complaint:
    """Set how the person's identity is treated."""
    return mark(replace(form, identity=identity), "identity")


def with_text(form: Complaint, step: str, text: str) -> Complaint:
    """Answer one of FREE_STEPS in words; what was there is replaced."""
    text = text[:MAX_TEXT]
    if step == "where":
        return mark(replace(form, where_text=text, place=None, area="", areas=()), "where")
    if step == "when":
        return mark(replace(form, when=text, ongoing=False), "when")
    if step == "who":
        return mark(replace(form, who=text), "who")
    return mark(replace(form, what=text), "what")


def with_areas(form: Complaint, found: Sequence[tuple[str, str, str]]) -> Complaint:
    """What the answer to where says of the area: one is certain, several are asked about, none is nobody's guess."""
    certain = found[0][0] if len(found) == 1 else ""
    return replace(form, area=certain, areas=() if certain else tuple(found))


def with_area(form: Complaint, code: str) -> Complaint:
    """The person chose one of the areas, or none of them."""
    return replace(form, area=code, areas=())


def with_more(form: Complaint, text: str) -> Complaint:
    """Add words to what happened, whatever is being asked."""
    joined = f"{form.what}\n{text}" if form.what else text
    return mark(replace(form, what=joined[:MAX_TEXT]), "what")


def has_room(form: Complaint, text: str) -> bool:
    """Whether more words can be added to what happened and none is cut off."""
    return len(form.what) + 1 + len(text) <= MAX_TEXT


def with_place(form: Complaint, place: Place) -> Complaint:
    """Answer where by a pin; words said before stay beside it, unless where is asked anew."""
    words = "" if form.step == "where" else form.where_text
    return mark(replace(form, place=place, where_text=words), "where")


def with_evidence(form: Complaint, *inbound_ids: int) -> Complaint:
    """Add files, each once; those beyond MAX_EVIDENCE are not named any more."""
    known = dict.fromkeys((*form.evidence, *inbound_ids))
    return replace(form, evidence=tuple(known)[:MAX_EVIDENCE])


def skipped(form: Complaint, step: str) -> Complaint:
    """Leave one of the optional steps open; what it held goes."""
    if step == "where":
        form = replace(form, where_text="", place=None, area="", areas=())
    elif step == "when":
        form = replace(form, when="", ongoing=False)
    elif step == "who":
        form = replace(form, who="")
    return mark(form, step)


def with_safety(form: Complaint, *, unsafe: bool) -> Complaint:
    """The person said whether we may write first."""
    return mark(replace(form, unsafe=unsafe), SAFE)


def cut_short(form: Complaint) -> Complaint:
    """Send it nearly as it is: only what a complaint cannot do without is still asked."""
    return mark(form, *_OPTIONAL)


def with_moment(form: Complaint, choice: str, local: datetime) -> Complaint:
    """Answer when by one of the choices, written so that it stays true when it is read later.

    Args:
        form: the form.
        choice: "now", "ongoing", "today" or "yesterday" (then ``local`` is a time of that day).
        local: the moment by the region's clocks.
    """
    pattern = "%d-%m-%Y %H.%M" if choice in {"now", "ongoing"} else "%d-%m-%Y"
    return mark(replace(form, when=local.strftime(pattern), ongoing=choice == "ongoing"), "when")


def is_about_members(form: Complaint) -> bool:
    """Whether the complaint is about police members, so that only Propam may see it."""
    return form.category == MEMBERS
