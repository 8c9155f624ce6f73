"""What is neither a command nor an answer to a question of ours: the FAQ, the offer of a complaint, a person.

Owns the order sure answer, complaint, choice, honest refusal. Refuses to decide how sure the FAQ is (``matching``).
"""

from __future__ import annotations

from chatbot.core import choices, narrative
from chatbot.core.complaint import MAX_TEXT
from chatbot.core.decision import CloseGap, NoteGap, Option
from chatbot.core.message import Kind
from chatbot.core.turn import Turn

_MOST_CANDIDATES = 3
_SPOKEN = frozenset({Kind.VOICE, Kind.AUDIO, Kind.VIDEO})
SMALL_TALK = "obrolan"  # id of the file of greetings, small talk and insults among what no entry answers


def introduce(turn: Turn) -> None:
    """Say who we are to a person who has not heard it."""
    if not turn.state.greeted:
        turn.change(greeted=True)
        turn.say("citizen.hello", values={"region": turn.facts.region})


def greet(turn: Turn) -> None:
    """The whole greeting and the menu."""
    turn.change(greeted=True)
    turn.say("citizen.greeting", choices.MENU, values={"region": turn.facts.region})


def menu(turn: Turn) -> None:
    """The menu; with a form that waits, the way back to it comes first."""
    if turn.state.form:
        turn.change(paused=True)
        turn.say("citizen.menu_form", choices.MENU_WITH_FORM)
    elif turn.state.greeted:
        turn.say("citizen.menu", choices.MENU)
    else:
        greet(turn)


def hold(turn: Turn) -> None:
    """Keep a photo, voice note or pin that came without a word, and ask what it is for, once."""
    if turn.state.pending == "start":
        _keep_with_story(turn)
        return
    first = not turn.state.held
    if first:
        # What was said before belongs to another matter.
        turn.change(pending="held", aside="", aside_id=0)
    keep(turn)
    if first:
        introduce(turn)
        turn.say("citizen.held_ask", choices.HELD)


def _keep_with_story(turn: Turn) -> None:
    """A file right after a story that was offered to become a complaint belongs to it."""
    repeated = turn.repeats_album()
    keep(turn)
    turn.change(album=turn.said.album)
    if not repeated:
        _offer_complaint(turn)


def keep(turn: Turn) -> None:
    """Keep the message until the person says what it is for: its words, its file, its pin."""
    state, said = turn.state, turn.said
    if said.has_file or said.place:
        turn.change(
            held=(*state.held, said.inbound_id),
            held_since=state.held_since or turn.now,
            held_place=said.place or state.held_place,
            held_voice=said.kind in _SPOKEN or (state.held_voice and bool(state.held)),
        )
    if said.text:
        going_on = state.pending in {"start", "resume", "ticket", "object"} and state.aside
        text = f"{state.aside}\n{said.text}" if going_on else said.text
        turn.change(aside=text[:MAX_TEXT], aside_id=said.inbound_id)


def put_away(turn: Turn) -> None:
    """Forget what was kept until the person said what it is for.

    What waits to be told which ticket it is for goes on waiting: it is somebody's word to an officer.
    """
    turn.change(
        pending="",
        aside="",
        aside_id=0,
        held=(),
        held_since=turn.state.held_since if turn.state.unplaced else None,
        held_place=None,
        held_voice=False,
        candidates=(),
        candidates_id=0,
    )


def forget(turn: Turn) -> None:
    """The same, and what waited for a ticket has found one, or is not wanted any more."""
    turn.change(unplaced=())
    put_away(turn)


def surely_answered(turn: Turn) -> bool:
    """Whether this is a question that the FAQ surely answers."""
    return turn.said.question and turn.match.sure and bool(turn.match.candidates)


def answer_best(turn: Turn) -> None:
    """Answer with the best entry."""
    best = turn.match.candidates[0]
    turn.change(last_entry=best.entry_id, pending="")
    turn.answer(best.entry_id, best.confidence, _after(turn, best.entry_id))


def answer_chosen(turn: Turn, entry_id: str) -> None:
    """Answer with the entry that the person picked."""
    offered = turn.state.candidates
    first = bool(turn.state.candidates_id) and entry_id in offered  # of this offer; another may be read afterwards
    # What was chosen, and what it was chosen from, best first: an entry that is passed over often is found wrongly.
    turn.record("faq_chosen", " ".join((entry_id, *offered)) if first else entry_id)
    if first:
        turn.do(CloseGap(turn.state.candidates_id, offered))
        turn.change(candidates_id=0)
    turn.change(last_entry=entry_id)
    turn.answer(entry_id, 1.0, _after(turn, entry_id))


def _after(turn: Turn, entry_id: str) -> tuple[Option, ...]:
    return choices.after_answer(turn.facts.related.get(entry_id, ()))


def judge(turn: Turn, *, helped: bool) -> None:
    """The person says whether the answer helped."""
    turn.record("faq_helpful" if helped else "faq_unhelpful", turn.state.last_entry)
    if helped:
        turn.say("citizen.glad")
    else:
        turn.say("citizen.not_helpful", choices.NOT_HELPFUL)


def refuse(turn: Turn, *, asked: bool = True) -> None:
    """An honest "we have no official answer", or "not understood" to what asked nothing, and the way to a person."""
    turn.record("faq_none")
    turn.say("citizen.no_answer" if asked else "citizen.not_understood", choices.REFUSAL)


def answer(turn: Turn) -> None:
    """Answer a message of words: from the FAQ, by the offer of a complaint, by a choice, or by refusing."""
    said, match = turn.said, turn.match
    introduce(turn)
    # "I report that my motorbike was stolen" is no question, however well an answer about reporting fits.
    reports = narrative.reports(said.folded) and not said.question
    if match.sure and match.candidates and not reports:
        turn.change(aside=said.text, aside_id=said.inbound_id)
        answer_best(turn)
        return
    keep(turn)
    incident = narrative.tells_incident(said.folded)
    if reports or ((incident or turn.state.pending == "start") and not said.question):
        _offer_complaint(turn)
    elif match.likely and match.candidates:
        found = tuple(dict.fromkeys(candidate.entry_id for candidate in match.candidates))[:_MOST_CANDIDATES]
        turn.change(candidates=found, candidates_id=said.inbound_id, pending="")
        turn.say("citizen.clarify", choices.entry_choices(found))
        # A gap until one of them is chosen: most who find nothing among them say no more.
        _note_gap(turn, found)
    elif incident:
        _offer_complaint(turn)
    else:
        turn.change(pending="")
        refuse(turn, asked=said.question)
        _note_gap(turn)


def _note_gap(turn: Turn, offered: tuple[str, ...] = ()) -> None:
    """Note a question that the FAQ should answer, and nothing else: no small talk, no caption, nothing of members."""
    said = turn.said
    about_members = narrative.concerns_members(said.folded)
    small_talk = turn.match.refused == SMALL_TALK
    if said.question and not (said.has_file or said.place or about_members or small_talk):
        turn.do(NoteGap(offered))


def _offer_complaint(turn: Turn) -> None:
    turn.change(pending="start", album=turn.said.album)
    turn.say("citizen.offer_complaint", choices.START)
