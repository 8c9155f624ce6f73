"""The heart: what follows from one message of a citizen.

Owns the order in which a message is understood: danger, presses, a receipt, commands, the form, a ticket's number, open
tickets, the FAQ, a person. Refuses rows, clocks and words that anyone reads: facts and the time come in, phrase keys
go out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from chatbot.core import blocking, choices, following, form, narrative, own_data, questions, receipt, slowing, wishes
from chatbot.core import complaint as fields
from chatbot.core.commands import Command, command_of
from chatbot.core.complaint import MEMBERS, QUESTION, Complaint
from chatbot.core.decision import Alert, Decision, Option
from chatbot.core.intent import fold
from chatbot.core.message import Kind, Match
from chatbot.core.state import Conversation, Facts
from chatbot.core.turn import Turn, within
from chatbot.core.utterance import Utterance

__all__ = ["Conversation", "Facts", "after_closing", "decide", "reworded", "unanswered_held", "withdrawn"]

RESUME_AFTER = timedelta(hours=6)
_NOTICE_EVERY = timedelta(minutes=2)  # the whole 110 notice, while an alert lives
_ADDED_EVERY = timedelta(seconds=30)  # "added", so that a frightened person is not flooded
_DOERS = frozenset(  # an answer of nothing else names who did it, and says of no danger now
    "begal pembegal maling pencuri preman copet jambret penjambret rampok perampok penodong pembunuh penculik teroris "
    "geng motor pasar kampung orang dua tiga empat lima 2 3 4 5 sekelompok segerombolan tidak tak dikenal kenal mabuk "
    "bertopeng bertato wong jalma robber robbers thief thieves gang a the two three unknown man men people".split()
)
_FLIP_WORDS = 3  # fewer words than this do not change the language of a dialogue
# Said with a finger on an older message, or by the platform: nothing that a citizen waits for an answer to.
_SILENT = frozenset({Kind.EDIT, Kind.REVOKE, Kind.REACTION, Kind.RECEIPT, Kind.MEMBERSHIP, Kind.MIGRATION, Kind.SYSTEM})


def decide(state: Conversation, utterance: Utterance, match: Match, facts: Facts, now: datetime) -> Decision:
    """Decide what follows from a message. Pure, total, deterministic.

    Args:
        state: the dialogue so far; a new one for a new person.
        utterance: the message, read.
        match: what the FAQ says to its text.
        facts: what the desk knows of this person.
        now: the time, aware, UTC.
    """
    if utterance.kind in _SILENT:
        return Decision(state)
    turn = Turn(slowing.counted(state, utterance, now), utterance, match, facts, now)
    _follow_language(turn)
    if facts.blocked:
        _while_blocked(turn)
        return slowing.calmed(state, turn.decision(), utterance, now)
    resume_due = _pause_what_is_old(turn)
    if utterance.choice:
        wishes.press(turn)
    elif utterance.emergency and not _answers_us(turn):
        _raise_alarm(turn)
    elif receipt.is_meant(utterance.text):
        _receipt(turn)
    elif not wishes.typed_choice(turn) and not wishes.command(turn):
        _plain(turn, resume_due=resume_due)
    return slowing.calmed(state, turn.decision(), utterance, now)


def after_closing(
    state: Conversation, ticket_id: int, now: datetime, *, rejected: bool = False
) -> tuple[Conversation, tuple[Option, ...]]:
    """The state once the words of a closing are on their way, and the choices to go with them.

    A mark that is typed counts right after it, unless a form is being filled in, where a number answers the form.
    Nobody is asked for a mark on a rejection.
    """
    options = choices.closing_choices(ticket_id)[-1 if rejected else 0 :]
    if state.form and not state.paused:
        return state, options
    return replace(state, offered=options, shown=len(options), seen_at=now), options


def unanswered_held(state: Conversation) -> tuple[Conversation, Complaint, tuple[int, ...]]:
    """What to do when nobody said what a photo, voice note or pin is for, or which of several tickets words are for.

    Returns:
        The state after; what to bring to the officers as a report of its own, without a name, since nobody chose how
        identity is to be treated; and, where that is empty, the messages to bring to an open ticket.
    """
    fills_in = state.form is not None and fields.is_about_members(state.form)
    about_members = fills_in or narrative.concerns_members(fold(state.aside))
    found = Complaint(
        category=MEMBERS if about_members else "lainnya",
        what=state.aside[: fields.MAX_TEXT],
        place=state.held_place,
        evidence=state.held,
        identity="confidential",
        unsafe=state.unsafe,
    )
    rest = replace(
        state,
        held=(),
        held_since=None,
        held_place=None,
        held_voice=False,
        unplaced=(),
        aside="",
        aside_id=0,
        pending="",
    )
    return rest, found, () if state.held or about_members else state.unplaced


def withdrawn(state: Conversation, inbound_id: int) -> Conversation:
    """The state without a message that its writer took back before it became part of a ticket."""

    def without(ids: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(one for one in ids if one != inbound_id)

    form = replace(state.form, evidence=without(state.form.evidence)) if state.form else None
    rest = replace(state, form=form, held=without(state.held), unplaced=without(state.unplaced))
    if not rest.held:
        rest = replace(rest, held_since=None, held_voice=False)
    return replace(rest, aside="", aside_id=0) if state.aside_id == inbound_id else rest


def reworded(state: Conversation, before: str, after: str) -> Conversation:
    """The state with a message's new words in the place of its old ones, wherever the form or what is kept has them."""
    lines = re.compile(rf"(?<![^\n]){re.escape(before)}(?![^\n])")  # only whole ones: a message is never part of one

    def changed(text: str) -> str:
        return lines.sub(lambda _: after, text)[: fields.MAX_TEXT] if before else text

    form = state.form
    if form:
        form = replace(
            form,
            what=changed(form.what),
            where_text=changed(form.where_text),
            when=changed(form.when),
            who=changed(form.who),
        )
    return replace(state, form=form, aside=changed(state.aside))


# Before anything else


def _while_blocked(turn: Turn) -> None:
    """Danger counts whoever speaks of it; nothing that we asked before can make it an answer. The rest waits."""
    own_data_wish = own_data.asked_while_blocked(turn)
    turn.change(offered=(), shown=0, paused=turn.state.form is not None)
    if turn.said.emergency:
        _raise_alarm(turn)
    elif own_data_wish:
        own_data_wish(turn)
    elif not turn.said.choice and not blocking.is_appeal(turn.said.text) and _joins_alert(turn):
        turn.do(Alert(follows=True))
        _say_added(turn)
    else:
        blocking.answer(turn)


def _follow_language(turn: Turn) -> None:
    state, said = turn.state, turn.said
    if state.locale_chosen:
        return
    if state.seen_at is None:
        hints = (said.language, said.chat_language[:2].lower(), turn.facts.locale)
        turn.change(locale=next((hint for hint in hints if hint in turn.facts.languages), state.locale))
    elif (
        said.language in turn.facts.languages
        and not said.choice
        and (said.emergency or len(said.folded.split()) >= _FLIP_WORDS)
    ):
        turn.change(locale=said.language)


def _pause_what_is_old(turn: Turn) -> bool:
    """A form left for hours waits until it is asked for again. True when the person is to be asked now."""
    state = turn.state
    if state.form is None or state.paused or within(state.seen_at, turn.now, RESUME_AFTER):
        return state.pending == "resume" and state.form is not None
    turn.change(paused=True, pending="resume")
    return True


# Danger


def _answers_us(turn: Turn) -> bool:
    """Whether words that sound of danger are what we asked for: a choice, the bare name of a doer, "hide"."""
    if turn.said.has_file or turn.said.place:
        return False
    if command_of(turn.said.text, turn.said.folded) == Command.HIDE:
        return True
    form = turn.state.form
    words = turn.said.folded.split() if form and form.step == "who" and turn.is_filling() else []
    return bool(turn.typed_choice()) or (bool(words) and _DOERS.issuperset(words))


def _raise_alarm(turn: Turn) -> None:
    state, said, now, form = turn.state, turn.said, turn.now, turn.state.form
    # What is said while a complaint about members is filled in is most likely about them.
    about_members = narrative.concerns_members(said.folded) or _fills_in_of_members(turn)
    if turn.facts.alert_live and within(state.alert_said_at, now, _NOTICE_EVERY):
        _say_added(turn)
    else:
        turn.change(alert_said_at=now)
        _say_notice(turn, about_members=about_members)
    chosen = form.identity if form and "identity" in form.answered else ""
    # Who has complained of members anywhere is not named to their colleagues either.
    guarded = about_members or following.complains_of_members(turn.facts.tickets)
    identity = chosen or ("confidential" if guarded else "open")
    unsafe = state.unsafe or (form is not None and form.unsafe)
    turn.do(Alert(earlier=state.held, about_members=about_members, identity=identity, unsafe=unsafe))
    turn.change(held=(), held_since=None, held_place=None, held_voice=False, pending="", album=said.album)
    if form:
        waiting = replace(form, alerted=True)
        if said.has_file:
            waiting = fields.with_evidence(waiting, said.inbound_id)
        if waiting.step == "what" and said.text and waiting.category != QUESTION:
            waiting = fields.with_text(waiting, "what", said.text)
        turn.change(form=waiting, paused=True)


def _say_notice(turn: Turn, *, about_members: bool) -> None:
    """110 first, and what becomes of the message here: never that it is passed on where nobody would get it."""
    if about_members and not turn.facts.propam:
        turn.say("citizen.emergency_sealed", urgent=True)
    elif not about_members and not turn.facts.officers:
        turn.say("citizen.emergency_unread", urgent=True)
    else:
        key = "citizen.emergency_propam" if about_members else "citizen.emergency"
        turn.say(key, urgent=True, asks_place=True)


def _say_added(turn: Turn) -> None:
    if turn.said.place:
        turn.change(alert_said_at=turn.now)
        turn.say("citizen.emergency_place", urgent=True)
    elif not within(turn.state.alert_said_at, turn.now, _ADDED_EVERY):
        turn.change(alert_said_at=turn.now)
        turn.say("citizen.emergency_added", urgent=True)


def _joins_alert(turn: Turn) -> bool:
    """Whether a message without danger words belongs to the person's live alert."""
    said, facts = turn.said, turn.facts
    if not facts.alert_live or not (said.place or said.has_file or said.text) or questions.surely_answered(turn):
        return False
    # Which of several alerts is the live one is not known here: none of them may be the unit's.
    open_to_unit = any(ticket.alert and ticket.category != MEMBERS for ticket in facts.tickets)
    if open_to_unit and (following.speaks_of_members(said.folded, facts.tickets) or _fills_in_of_members(turn)):
        return False
    replied = following.find(facts.tickets, facts.replied_ticket)
    return replied is None or replied.alert


def _fills_in_of_members(turn: Turn) -> bool:
    """Whether a complaint about members is begun: what is said now may be its story, and no other officers' matter."""
    form = turn.state.form
    return form is not None and fields.is_about_members(form)


# Everything else


def _plain(turn: Turn, *, resume_due: bool) -> None:
    """A message that is no press, no command and no cry for help."""
    said, state = turn.said, turn.state
    reply = following.is_reply(turn)
    if own_data.take(turn):
        return
    if turn.is_filling() and not reply:
        form.take(turn)
    elif _joins_alert(turn):
        turn.do(Alert(follows=True))
        _say_added(turn)
    elif not (said.text or said.has_file or said.place):
        _unreadable(turn)
    elif state.form and not reply and (resume_due or not turn.facts.tickets or _fills_in_of_members(turn)):
        _offer_to_resume(turn)
    elif following.follow(turn):
        pass
    elif said.text:
        questions.answer(turn)
    else:
        questions.hold(turn)


def _receipt(turn: Turn) -> None:
    """A secret receipt, in whatever dialogue: it is never an answer to a form, nor words for an officer."""
    questions.introduce(turn)
    following.show_receipt(turn)
    if turn.is_filling():
        form.ask(turn)


def _offer_to_resume(turn: Turn) -> None:
    if questions.surely_answered(turn):
        questions.answer_best(turn)
        turn.change(pending="resume")
    else:
        # An album's items come one by one and are answered once.
        repeated = turn.repeats_album()
        questions.keep(turn)
        turn.change(pending="resume", album=turn.said.album)
        if repeated:
            return
    turn.say("citizen.form_waits", choices.RESUME)


def _unreadable(turn: Turn) -> None:
    """A sticker is a smile and needs no answer; of other things the person is told that we cannot read them."""
    if not turn.state.greeted:
        questions.greet(turn)
    elif turn.said.kind != Kind.STICKER:
        turn.hint("citizen.cannot_read")
