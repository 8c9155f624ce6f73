"""Filling in a complaint: which question is put, what an answer does, and what else may be said on the way.

Owns the talk about one form from the consent to the number. Refuses to know when a form is begun by itself
(``conversation`` does) and what happens to it once it is sent (``services``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chatbot.core import choices, narrative, questions
from chatbot.core import complaint as fields
from chatbot.core.complaint import AREA, CONSENT, FREE_STEPS, MEMBERS, QUESTION, REVIEW, SAFE, STEPS, Complaint
from chatbot.core.decision import OpenTicket
from chatbot.core.intent import fold
from chatbot.core.message import Kind, Phrase
from chatbot.core.turn import Turn, within

CONSENT_HOLDS = timedelta(days=30)
_NOTED = frozenset({MEMBERS, "ppa", "orang_hilang"})  # categories with advice of their own
_TOLD_BY_VOICE = frozenset({Kind.VOICE, Kind.AUDIO, Kind.VIDEO})
_SHOWN = 700  # characters of a field in the review


def begin(turn: Turn, category: str = "") -> None:
    """Begin a form with what the person has said and sent so far, and put its first question."""
    state = turn.state
    form = Complaint(category=category, unsafe=state.unsafe)
    if category == QUESTION:
        form = fields.mark(form, *(step for step in STEPS if step != "what"))
        if state.aside:
            form = _told(form, state.aside) or replace(form, asked_again=True)
    elif state.aside:
        form = narrative.begun_with(form, state.aside, fold(state.aside))
    if state.held_place:
        form = fields.with_place(form, state.held_place)
    form = fields.with_evidence(form, *state.held)
    if state.held and state.held_voice:
        form = fields.mark(form, "what")
    turn.change(form=form, paused=False)
    questions.put_away(turn)
    _go_on(turn)


def resume(turn: Turn) -> None:
    """Take up a form that waited, with what was said meanwhile as the answer to its question."""
    aside, place, held = turn.state.aside, turn.state.held_place, turn.state.held
    turn.change(paused=False)
    questions.put_away(turn)
    form = turn.state.form
    if form is None:
        return
    form = fields.with_evidence(form, *held)
    if place:
        form = fields.with_place(form, place)
    if aside and form.step == "what":
        form = _told(form, aside) or replace(form, asked_again=True)
    elif aside and form.step in FREE_STEPS:
        form = fields.with_text(form, form.step, aside)
    elif aside:
        form = fields.with_more(form, aside)
    turn.change(form=form)
    _go_on(turn)


def answer_safety(turn: Turn) -> None:
    """The person said whether we may write first: the form knows, and goes on where it stands."""
    form = turn.state.form
    if form is None:
        return
    turn.change(form=fields.with_safety(form, unsafe=turn.state.unsafe))
    if form.step == SAFE and turn.is_filling():
        _go_on(turn)
    elif turn.is_filling():
        ask(turn)


def drop(turn: Turn) -> None:
    """Throw the form away."""
    form = turn.state.form
    turn.change(form=None, paused=False)
    questions.put_away(turn)
    turn.record("form_cancelled", form.step if form else "")
    turn.say("citizen.cancelled", choices.MENU)


def offer_short_cut(turn: Turn) -> None:
    """The person wants an officer now: offer to send nearly as it is."""
    turn.say("citizen.officer_in_form", choices.SHORT_CUT)


def ask(turn: Turn) -> None:
    """Put the form's current question."""
    form = turn.state.form
    if form is None:
        return
    options = choices.step_choices(form)
    if form.step == REVIEW:
        turn.say("citizen.review", options, values=_summary(form))
    elif form.step == "what" and form.category == QUESTION:
        turn.say("citizen.ask_question", options)
    elif form.step == "what" and form.category in {"ppa", "orang_hilang"}:
        turn.say(f"citizen.ask_what_{form.category}", options)
    else:
        turn.say(f"citizen.ask_{form.step}", options, asks_place=form.step == "where")


def act(turn: Turn, payload: str) -> None:
    """Obey a choice that was found to be possible."""
    form = turn.state.form
    if form is None:
        return
    verb, _, what = payload.partition(":")
    turn.change(paused=False, pending="")
    if verb == "form":
        _act_on_form(turn, form, what)
    elif verb == "review":
        _act_on_review(turn, what)
    elif verb == "change":
        turn.change(form=replace(fields.unmark(form, what), step=what))
        ask(turn)
    elif verb == "clear":
        turn.change(form=replace(form, evidence=()))
        ask(turn)
    elif payload == "when:other":
        turn.say("citizen.ask_when_typed", (choices.BACK,))
    elif payload == "put:yes":
        aside = turn.state.aside
        turn.change(aside="", aside_id=0)
        _taken(turn, _with_words(form, aside) if aside else form)
    else:
        _taken(turn, _with_choice(turn, form, verb, what))


def take(turn: Turn) -> None:
    """Take a message that is no choice and no command for what it is: an answer, evidence, a place, a question."""
    form, said = turn.state.form, turn.said
    if form is None:
        return
    if said.place:
        _taken(turn, fields.with_areas(fields.with_place(form, said.place), turn.facts.areas), "citizen.place_kept")
    elif said.has_file:
        _take_file(turn, form)
    elif not said.text:
        if turn.hint("citizen.cannot_read"):
            ask(turn)
    elif questions.surely_answered(turn):
        _answer_aside(turn)
    elif form.step == "what":
        _take_story(turn, form)
    elif form.step in FREE_STEPS:
        form = fields.with_text(form, form.step, said.text)
        _taken(turn, fields.with_areas(form, turn.facts.areas) if form.step == "where" else form)
    else:
        _take_words(turn, form)


def _take_story(turn: Turn, form: Complaint) -> None:
    """What happened; what says nothing is asked for once more, and then taken as it is: nobody afraid is refused."""
    told = _told(form, turn.said.text)
    if told:
        _taken(turn, told)
    else:
        turn.change(form=replace(form, asked_again=True))
        turn.say("citizen.story_empty", choices.step_choices(form))


def _told(form: Complaint, text: str) -> Complaint | None:
    """The form with its story; None where the text says nothing and was not asked for again yet."""
    if not form.asked_again and not form.evidence and narrative.says_nothing(fold(text)):
        return None
    return fields.with_text(form, "what", text)


def _go_on(turn: Turn) -> None:
    """Put the next question, or the consent's, or send what needs no review."""
    form = turn.state.form
    if form is None:
        return
    folded = fold(form.what)
    if form.category == QUESTION and narrative.concerns_members(folded):
        # It is asked of the very unit: what it tells goes to Propam like any complaint about members, or nowhere.
        form = narrative.begun_with(replace(form, category="", answered=()), form.what, folded)
        turn.change(form=form)
    if not within(turn.state.consented_at, turn.now, CONSENT_HOLDS):
        turn.change(form=replace(form, step=CONSENT))
        ask(turn)
        return
    step = fields.next_step(form)
    if step == SAFE and turn.state.unsafe:  # said already
        form = fields.with_safety(form, unsafe=True)
        step = fields.next_step(form)
    if form.category in _NOTED and form.noted != form.category:
        form = replace(form, noted=form.category)
        turn.say(_note(turn, form.category))
    turn.change(form=replace(form, step=step))
    if step == REVIEW and form.category == QUESTION:
        _send(turn)
    else:
        ask(turn)


def _note(turn: Turn, category: str) -> str:
    if category != MEMBERS:
        return f"citizen.note_{category}"
    return "citizen.note_propam" if turn.facts.propam else "citizen.note_no_propam"


def _taken(turn: Turn, form: Complaint, word: str = "") -> None:
    """The form holds an answer: go on if the question is answered, else put it again."""
    before = turn.state.form
    turn.change(form=form)
    if word:
        turn.say(word)
    if form.ongoing and not (before and before.ongoing):
        turn.say("citizen.ongoing")
    _go_on(turn)


def _act_on_form(turn: Turn, form: Complaint, what: str) -> None:
    if what == "agree":
        turn.change(consented_at=turn.now)
        turn.record("consent_given", form.category)
        _go_on(turn)
    elif what == "disagree":
        turn.change(form=None)
        turn.record("consent_refused", form.category)
        turn.say("citizen.consent_refused", choices.MENU)
    elif what in {"cancel", "drop"}:
        drop(turn)
    elif what == "short":
        turn.change(form=fields.cut_short(form))
        _go_on(turn)
    elif what == "resume":
        resume(turn)
    else:
        ask(turn)


def _act_on_review(turn: Turn, what: str) -> None:
    if what == "send":
        _send(turn)
    else:
        form = turn.state.form or Complaint()
        turn.say("citizen.ask_change", choices.field_choices(form))


def _send(turn: Turn) -> None:
    form = turn.state.form
    if form is None:
        return
    turn.do(OpenTicket(form))
    turn.change(form=None, paused=False, ticket_id=None, ticket_at=None)
    questions.put_away(turn)
    turn.say(receipt_key(form, propam=turn.facts.propam, officers=turn.facts.officers))
    if form.identity == "anonymous":
        turn.say("citizen.receipt", secret=True)


def receipt_key(form: Complaint, *, propam: bool, officers: bool) -> str:
    """The phrase that says what became of a complaint: never that somebody has it where nobody would get it.

    Args:
        form: the complaint.
        propam: whether what is about police members can reach Propam's group.
        officers: whether everything else can reach the officers' group.
    """
    if fields.is_about_members(form):
        return "citizen.ticket_opened_propam" if propam else "citizen.ticket_sealed"
    if not officers:
        return "citizen.ticket_kept"
    return "citizen.question_opened" if form.category == QUESTION else "citizen.ticket_opened"


def _with_choice(turn: Turn, form: Complaint, verb: str, what: str) -> Complaint:
    if verb == "cat":
        return fields.with_category(form, what)
    if verb == "id":
        return fields.with_identity(form, what)
    if verb == "when":
        local = turn.now + turn.facts.ahead_of_utc
        return fields.with_moment(form, what, local - timedelta(days=1) if what == "yesterday" else local)
    if verb == "skip":
        return fields.skipped(form, what)
    if verb == "area":
        return fields.with_area(form, what)
    return fields.mark(form, "evidence")  # done:evidence


def _with_words(form: Complaint, text: str) -> Complaint:
    """Words that stay in the form: an answer where one is asked for, else more of what happened."""
    return fields.with_text(form, form.step, text) if form.step in FREE_STEPS else fields.with_more(form, text)


def _add_words(turn: Turn, form: Complaint, text: str) -> bool:
    """Add words to what happened; False where there is no room, which is said."""
    if not fields.has_room(form, text):
        turn.say("citizen.too_long", choices.step_choices(form))
        return False
    turn.change(form=fields.with_more(form, text))
    return True


def _take_file(turn: Turn, form: Complaint) -> None:
    said = turn.said
    form = fields.with_evidence(form, said.inbound_id)
    turn.change(form=form)
    repeated = turn.repeats_album()
    turn.change(album=said.album)
    if form.step == "what":
        if said.text or said.kind in _TOLD_BY_VOICE:
            _taken(turn, fields.with_text(form, "what", said.text))
        elif not repeated:
            turn.say("citizen.file_needs_words", choices.step_choices(form))
    elif form.step == "evidence":
        if not repeated:
            turn.say("citizen.evidence_kept", choices.step_choices(form))
    elif not repeated:
        turn.say("citizen.file_kept")
        ask(turn)


def _answer_aside(turn: Turn) -> None:
    """A question on the way: answer it, offer to put it into the complaint, put the form's question again."""
    best = turn.match.candidates[0]
    turn.change(aside=turn.said.text, aside_id=turn.said.inbound_id, last_entry=best.entry_id)
    turn.answer(best.entry_id, best.confidence, (choices.PUT_IN,))
    ask(turn)


def _take_words(turn: Turn, form: Complaint) -> None:
    """Words where a choice was asked for."""
    said = turn.said
    if form.step == "category" and (category := narrative.category_of(said.folded)):
        form = fields.with_category(form, category)
        if not form.what and narrative.is_story(said.folded):
            form = fields.with_text(form, "what", said.text)
        _taken(turn, form)
    elif form.step == "category" and not form.what and narrative.is_story(said.folded):
        turn.change(form=narrative.begun_with(form, said.text, said.folded))
        turn.say("citizen.words_kept")
        ask(turn)
    elif form.step == AREA and len(turn.facts.areas) == 1:
        _taken(turn, fields.with_areas(form, turn.facts.areas))
    elif form.step == "evidence":
        if _add_words(turn, form, said.text):
            turn.say("citizen.evidence_words", choices.step_choices(form))
    elif form.step == CONSENT and narrative.is_story(said.folded):
        if _add_words(turn, form, said.text):
            turn.say("citizen.words_kept")
            ask(turn)
    else:
        turn.say("citizen.please_choose")
        ask(turn)


def _summary(form: Complaint) -> dict[str, str | Phrase]:
    missing = Phrase("citizen.not_filled")
    told = Phrase("citizen.in_files") if form.evidence else missing
    when: str | Phrase = _cut(form.when) or missing
    pin = Phrase("citizen.pin", {"text": _cut(form.where_text)}) if form.place else missing
    return {
        "category": Phrase(f"category.{form.category or 'lainnya'}"),
        "what": _cut(form.what) or told,
        "where": pin if form.place else _cut(form.where_text) or missing,
        "when": Phrase("citizen.when_ongoing", {"when": form.when}) if form.ongoing else when,
        "who": _cut(form.who) or missing,
        "evidence": Phrase("citizen.files", {"count": str(len(form.evidence))}) if form.evidence else missing,
        "identity": Phrase(f"choice.identity_{form.identity}"),
    }


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"
