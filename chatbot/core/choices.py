"""The choices that a citizen is shown, and what a press, a number or a word makes of them.

Owns every payload on the citizen's side (at most 64 bytes) and the paging of long lists. Refuses to act on a choice.
A payload that comes in is looked up among those that are possible now, and never trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.core.commands import DONE, NO, SKIP, YES, number_of
from chatbot.core.complaint import (
    AREA,
    CATEGORIES,
    CONSENT,
    IDENTITIES,
    QUESTION,
    REVIEW,
    SAFE,
    Complaint,
    steps_of,
)
from chatbot.core.decision import Option
from chatbot.core.ticket import TicketView, spoken

MOST = 10  # choices in one list, the least of what the platforms allow
_PAGE = 8  # choices of a long list shown at once, beside the ways to the pages around
SCORES = range(1, 6)

MENU = (
    Option("menu:complaint", "choice.menu_complaint"),
    Option("menu:status", "choice.menu_status"),
    Option("menu:officer", "choice.menu_officer"),
)
MENU_WITH_FORM = (Option("form:resume", "choice.resume"), Option("menu:status", "choice.menu_status"), MENU[2])
RESUME = (Option("form:resume", "choice.resume"), Option("form:drop", "choice.drop"))
REFUSAL = (
    Option("start:officer", "choice.menu_officer"),
    Option("start:complaint", "choice.menu_complaint"),
    Option("menu:home", "choice.menu"),
)
NOT_HELPFUL = (Option("start:officer", "choice.menu_officer"), Option("start:complaint", "choice.menu_complaint"))
START = (Option("start:complaint", "choice.start"), Option("start:officer", "choice.menu_officer"), REFUSAL[2])
HELPFUL = (Option("help:yes", "choice.helpful"), Option("help:no", "choice.not_helpful"))
HELD = (Option("held:complaint", "choice.held_complaint"), Option("held:question", "choice.held_question"))
LANGUAGES = (Option("lang:id", "choice.indonesian"), Option("lang:en", "choice.english"))
PUT_IN = Option("put:yes", "choice.put_in")
ADD_ANYWAY = "choice.add_to_ticket"
NEW_COMPLAINT = Option("start:complaint", "choice.new_complaint")
SHORT_CUT = (Option("form:short", "choice.send_now"), Option("form:resume", "choice.resume"))
BACK = Option("form:back", "choice.back")
DATA = (
    Option("data:send", "choice.data_send"),
    Option("data:correct", "choice.data_correct"),
    Option("data:erase", "choice.data_erase"),
)
DATA_WHILE_BLOCKED = (DATA[0], DATA[2])
CORRECT = (
    Option("data:name", "choice.data_name"),
    Option("data:language", "choice.data_language"),
    Option("data:report", "choice.data_report"),
)
ERASE = (Option("data:erase_now", "choice.data_erase_now"), Option("data:keep", "choice.data_keep"))
HIDE = (Option("safe:yes", "choice.may_write"), Option("safe:no", "choice.do_not_write"))

# Pressed at any time, whatever was shown since.
ALWAYS = frozenset(option.payload for option in (*MENU, *LANGUAGES)) | {"menu:home"}

_CANCEL = Option("form:cancel", "choice.cancel")
_STEP_CHOICES: dict[str, tuple[Option, ...]] = {
    CONSENT: (Option("form:agree", "choice.agree"), Option("form:disagree", "choice.disagree")),
    "category": tuple(Option(f"cat:{name}", f"category.{name}") for name in CATEGORIES),
    "what": (_CANCEL,),
    # The platform's own way to send a location takes the place of the buttons.
    "where": (),
    "when": tuple(
        Option(f"when:{name}", f"choice.when_{name}") for name in ("now", "today", "yesterday", "ongoing", "other")
    ),
    "who": (Option("skip:who", "choice.skip"), _CANCEL),
    "evidence": (Option("skip:evidence", "choice.skip"), _CANCEL),
    SAFE: (Option("safe:yes", "choice.safe"), Option("safe:no", "choice.unsafe")),
    "identity": tuple(Option(f"id:{name}", f"choice.identity_{name}") for name in IDENTITIES),
    REVIEW: (Option("review:send", "choice.send"), Option("review:change", "choice.change"), _CANCEL),
}
_EVIDENCE_BEGUN = (Option("done:evidence", "choice.done"), _CANCEL)
_EVIDENCE_AGAIN = (Option("done:evidence", "choice.done"), Option("clear:evidence", "choice.clear_evidence"), _CANCEL)

# What people type for a choice besides its number and its label.
_SAID: dict[str, frozenset[str]] = {
    **{f"cat:{name}": frozenset({name, name.replace("_", " ")}) for name in CATEGORIES},
    "form:agree": YES,
    "form:disagree": NO,
    "form:resume": YES | {"lanjut", "lanjutkan", "continue", "resume"},
    "form:drop": NO | {"hapus isian", "delete", "drop"},
    "start:complaint": YES | {"lapor", "aduan", "buat aduan", "report", "complaint"},
    "start:officer": frozenset({"petugas", "officer"}),
    "held:complaint": frozenset(
        {"aduan", "lapor", "laporan", "pengaduan", "melapor", "complaint", "report", "mau lapor"}
    ),
    "held:question": frozenset({"pertanyaan", "tanya", "bertanya", "mau tanya", "question", "ask", "nanya"}),
    "help:yes": YES | {"membantu", "sangat membantu", "helpful", "cukup membantu"},
    "help:no": NO | {"tidak membantu", "kurang membantu", "not helpful", "belum"},
    "faq:none": NO | {"none of these", "none", "tidak ada"},
    "put:yes": YES | {"masukkan", "masukkan ke aduan", "put it in"},
    "skip:where": SKIP,
    "skip:who": SKIP | NO,
    "skip:evidence": SKIP | NO | DONE,
    "done:evidence": DONE | SKIP | NO,
    "when:now": frozenset({"sekarang", "baru saja", "barusan", "now", "just now", "saat ini", "skrg", "skrang"}),
    "when:today": frozenset({"hari ini", "today", "hr ini"}),
    "when:yesterday": frozenset({"kemarin", "kmrn", "kemaren", "yesterday"}),
    "when:ongoing": frozenset(
        {
            "masih berlangsung",
            "masih",
            "sedang berlangsung",
            "masih terjadi",
            "still going on",
            "still happening",
            "ongoing",
        }
    ),
    "id:open": frozenset({"terbuka", "open", "buka"}),
    "id:confidential": frozenset({"rahasia", "dirahasiakan", "confidential", "secret"}),
    "id:anonymous": frozenset({"anonim", "anonymous", "tanpa nama"}),
    "safe:yes": YES | {"aman", "safe"},
    "safe:no": NO
    | {"tidak aman", "tdk aman", "jangan tulis lebih dulu", "jangan tulis dulu", "jangan menulis lebih dulu", "unsafe"},
    "review:send": YES | {"kirim", "kirimkan", "ya kirim", "send", "submit", "kirim sekarang"},
    "review:change": NO | {"ubah", "ganti", "edit", "change", "koreksi", "perbaiki"},
    "data:send": frozenset({"salinan", "minta salinan", "kirim data", "unduh data", "copy", "a copy", "send"}),
    "data:correct": frozenset({"perbaiki", "koreksi", "perbaikan", "ubah data", "correct", "correction"}),
    "data:erase": frozenset({"penghapusan", "hapus semua", "erase", "delete", "erase all"}),
    "data:erase_now": YES | {"ya hapus", "hapus semua", "yes erase", "erase"},
    "data:keep": NO | {"jangan hapus", "keep"},
    "form:back": frozenset({"kembali", "back"}),
    "menu:complaint": frozenset({"aduan", "lapor"}),
    "menu:officer": frozenset({"petugas"}),
}

# To a closing, and where it was asked whether somebody objects; not where it was asked to which of several.
_OBJECTION = "choice.object"
_NOT_YET = frozenset(
    "belum,blm,belom,blom,belum selesai,blm selesai,belum sesuai,belum beres,belum tuntas,belum puas,"
    "not yet,not done,not done yet,not resolved".split(",")
)
_DONE = frozenset(
    "selesai,sudah,sudah selesai,udah selesai,sdh selesai,sudah beres,udah beres,beres,sudah sesuai,sesuai,"
    "done,it is done,resolved,solved".split(",")
)
_THANKS = re.compile(r"[\s,.!]*(?:(?:terima kasih|terimakasih|makasih|trims|tks|thanks|thank you).*)?$")


def step_choices(form: Complaint) -> tuple[Option, ...]:
    """The choices under the form's current question."""
    if form.step == "evidence" and form.evidence:
        return _EVIDENCE_AGAIN if form.what and len(form.answered) >= len(steps_of(form)) - 1 else _EVIDENCE_BEGUN
    if form.step == "what" and form.category == QUESTION:
        return (_CANCEL,)
    if form.step == AREA:
        areas = (Option(f"area:{code}", text=name, detail=beside) for code, name, beside in form.areas)
        return (*areas, Option("area:", "choice.other_area"))
    return _STEP_CHOICES.get(form.step, ())


def unseen_choices(form: Complaint) -> tuple[str, ...]:
    """Payloads that the current question takes although no button shows them."""
    return ("skip:where",) if form.step == "where" else ()


def field_choices(form: Complaint) -> tuple[Option, ...]:
    """What of a complaint can be changed, at its review."""
    return (*(Option(f"change:{step}", f"field.{step}") for step in steps_of(form)), BACK)


def entry_choices(entry_ids: Sequence[str]) -> tuple[Option, ...]:
    """FAQ entries to choose from, numbered, and the way out."""
    return (*_entries(entry_ids), Option("faq:none", "choice.none_of_these"))


def after_answer(related: Sequence[str]) -> tuple[Option, ...]:
    """What stands under an answer: entries that the person may want next, numbered, and whether it helped."""
    return (*_entries(related), *HELPFUL)


def _entries(entry_ids: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(f"faq:{entry}", text=str(number), entry_id=entry) for number, entry in enumerate(entry_ids, 1))


def ticket_choices(tickets: Sequence[TicketView], verb: str = "add") -> tuple[Option, ...]:
    """Tickets to choose from, by their numbers, with what they are about."""
    return tuple(
        Option(f"{verb}:{ticket.id}", text=spoken(ticket.number), description=f"category.{ticket.category}")
        for ticket in tickets
    )


def closing_choices(ticket_id: int) -> tuple[Option, ...]:
    """What follows the closing of a ticket: five marks and the objection."""
    marks = tuple(Option(f"rate:{ticket_id}:{score}", f"rate.{score}") for score in SCORES)
    return (*marks, Option(f"object:{ticket_id}", _OBJECTION))


def page_of(options: tuple[Option, ...], page: int) -> tuple[Option, ...]:
    """What is shown of a list: all of it when it is short, else one page and the ways to its neighbours."""
    if len(options) <= MOST:
        return options
    first = max(0, min(page, (len(options) - 1) // _PAGE)) * _PAGE
    shown = options[first : first + _PAGE]
    if first + _PAGE < len(options):
        shown += (Option(f"page:{first // _PAGE + 1}", "choice.more"),)
    if first:
        shown += (Option(f"page:{first // _PAGE - 1}", "choice.previous"),)
    return shown


def chosen(
    folded: str, offered: Sequence[Option], shown: int, labels: Sequence[tuple[str, str]], unseen: Sequence[str] = ()
) -> str:
    """The payload that a typed message names: by number, by label, or by what people say for it; empty if none.

    Args:
        folded: the message.
        offered: the choices that count, those of the last question first.
        shown: how many of them belong to the last question; numbers name these.
        labels: folded label and payload, in the person's language.
        unseen: further payloads that words, not numbers, can name.
    """
    if not folded:
        return ""
    number = number_of(folded)
    if number is not None and number <= min(shown, len(offered)):
        return offered[number - 1].payload
    payloads = [option.payload for option in offered]
    for label, payload in labels:
        if label == folded and payload in payloads:
            return payload
    for option in offered:
        if option.text and option.text.casefold() == folded:
            return option.payload
    said = (payload for payload in (*payloads, *unseen) if folded in _SAID.get(payload, ()))
    return _of_closing(folded, offered) or next(said, "")


def _of_closing(folded: str, offered: Sequence[Option]) -> str:
    """What a message says to a closing: that it is done, or not yet; empty where it says neither, or none is shown."""
    objection = next((one.payload for one in offered if one.phrase == _OBJECTION), "")
    if folded in _NOT_YET:
        return objection
    return objection.replace("object:", "agree:") if _THANKS.sub("", folded) in _DONE else ""
