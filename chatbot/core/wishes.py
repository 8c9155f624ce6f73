"""What a person plainly asks for: a choice pressed or typed, a command of one or a few words.

Owns which of them is possible now and what it does. Refuses messages that only hold such words (``conversation`` has
them understood otherwise).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from chatbot.core import choices, following, form, narrative, own_data, questions, safety
from chatbot.core.commands import Command, asks_status_of, behind_slash, command_of, is_objection
from chatbot.core.complaint import QUESTION
from chatbot.core.ticket import TicketStatus, is_number
from chatbot.core.turn import Turn, within

_TWICE = timedelta(minutes=1)  # the same press again within this is a finger's slip
_NOT_YET = ("belum ", "belum,", "belum.", "blm ", "blm,", "belom ", "not yet ", "not yet,")
# Commands that answer many a question.
_EVERYDAY = frozenset({Command.READ, Command.OFFICER, Command.CANCEL, Command.DATA})
_SMALL_TALK = frozenset({Command.GREETING, Command.THANKS, Command.WHO})


def press(turn: Turn) -> None:
    """Obey a press, if its payload is possible now; a stale or foreign one is refused politely."""
    payload, state = turn.said.choice, turn.state
    if _is_possible(turn, payload):
        _obey(turn, payload)
    elif command_of("", payload.casefold()) == Command.READ:
        _read(turn)  # the button of the template about a waiting answer
    elif payload != state.last_choice or not within(state.last_choice_at, turn.now, _TWICE):
        turn.record("choice_rejected")
        if turn.is_filling():
            turn.say("citizen.stale_choice")
            form.ask(turn)
        else:
            turn.say("citizen.stale_choice", choices.MENU_WITH_FORM if state.form else choices.MENU)


def _is_possible(turn: Turn, payload: str) -> bool:
    if payload in choices.ALWAYS or any(option.payload == payload for option in turn.possible()):
        return True
    verb, _, rest = payload.partition(":")
    if verb == "faq":
        return rest in turn.state.candidates
    return any(
        payload == option.payload for ticket in turn.facts.closed for option in choices.closing_choices(ticket.id)
    )


def typed_choice(turn: Turn) -> bool:
    """Obey words that name a choice. Words said after an officer's message are for him, unless a form asks."""
    if turn.said.has_file or turn.said.place or following.is_for_officer(turn):
        return False
    payload = turn.typed_choice()
    if payload:
        _obey(turn, payload)
    return bool(payload)


def _obey(turn: Turn, payload: str) -> None:
    turn.change(last_choice=payload, last_choice_at=turn.now)
    verb, _, rest = payload.partition(":")
    act = _ACTS.get(verb)
    if act:
        act(turn, rest)
    else:
        form.act(turn, payload)


def _choose_entry(turn: Turn, entry_id: str) -> None:
    if entry_id == "none":
        questions.refuse(turn)
    else:
        questions.answer_chosen(turn, entry_id)


def _turn_page(turn: Turn, page: str) -> None:
    turn.say(turn.state.pages_key, turn.state.pages, page=int(page))


def _rate(turn: Turn, rest: str) -> None:
    ticket_id, _, score = rest.partition(":")
    _on_closed(turn, int(ticket_id), int(score))


def _on_closed(turn: Turn, ticket_id: int, score: int = 0) -> None:
    """Rate a closed ticket, or object to it; it may have been opened again since the choices were shown."""
    ticket = following.find(turn.facts.closed, ticket_id)
    if ticket is None:
        turn.say("citizen.stale_choice", choices.MENU)
    elif score:
        following.rate(turn, ticket.id, score)
    else:
        following.object_to(turn, ticket, reason_given=False)


def _agree(turn: Turn, ticket_id: int) -> None:
    ticket = following.find(turn.facts.closed, ticket_id)
    if ticket is None:
        turn.say("citizen.stale_choice", choices.MENU)
    else:
        following.agree(turn, ticket)


def _obey_menu(turn: Turn, what: str) -> None:
    if what == "home":
        questions.menu(turn)
    elif what == "status":
        _status(turn)
    elif what == "officer":
        _forget_aside(turn)
        _begin(turn, QUESTION)
    else:
        _forget_aside(turn)
        _begin(turn)


def _forget_aside(turn: Turn) -> None:
    """What was said earlier is not part of what is begun from the menu now."""
    turn.change(aside="", aside_id=0)


def _begin(turn: Turn, category: str = "") -> None:
    """Begin a complaint or a question to an officer, unless one is being filled in already."""
    questions.introduce(turn)
    current = turn.state.form
    if current and category == QUESTION and current.category != QUESTION:
        if current.what or current.evidence:
            form.offer_short_cut(turn)
            return
        turn.change(form=None)
    elif current and turn.state.paused:
        turn.say("citizen.form_waits", choices.RESUME)
        return
    elif current:
        form.ask(turn)
        return
    form.begin(turn, category)


def _set_language(turn: Turn, locale: str) -> None:
    turn.change(locale=locale, locale_chosen=True)
    turn.say("citizen.language_set")
    if turn.is_filling():
        form.ask(turn)


def _status(turn: Turn) -> None:
    questions.introduce(turn)
    following.status_list(turn)
    if turn.is_filling():
        form.ask(turn)


# Commands


def command(turn: Turn) -> bool:
    """Obey a message that is a command as a whole; False when it is none, or not one here."""
    said = turn.said
    if said.has_file or said.place or not said.folded:
        return False
    found = command_of(said.text, said.folded)
    if found is None or not _answers_question(turn, found):
        return _obey_command(turn, found)
    return False


def _answers_question(turn: Turn, found: Command) -> bool:
    """Whether a word that is a command elsewhere answers the form: "malam" says when, "petugas" says who."""
    form = turn.state.form
    step = form.step if form and turn.is_filling() and not turn.said.text.startswith("/") else ""
    if step == "what" and found in _SMALL_TALK:
        return narrative.says_nothing(turn.said.folded)  # asked for once more, the second time a story like any other
    return (step, found) in {("when", Command.GREETING), ("who", Command.OFFICER)}


def _obey_command(turn: Turn, found: Command | None) -> bool:
    said = turn.said
    if found and found in _EVERYDAY and not said.text.startswith("/") and _is_asked(turn, found):
        return False
    if found in _OBEYED:
        _OBEYED[found](turn)
        return True
    if found == Command.CONTINUE and turn.state.form:
        form.resume(turn)
        return True
    if found == Command.OBJECT or is_objection(said.folded) or _says_not_yet(turn):
        return _object(turn, reason_given=found is None)
    if found in _SMALL_TALK:
        return _small_talk(turn, found)
    return _number(turn)


def _is_asked(turn: Turn, found: Command) -> bool:
    """Whether an officer asked this person something, so that a word of everyday is most likely the answer."""
    if found == Command.DATA and following.is_reply(turn):
        return True  # "whose data?"
    asked = any(ticket.status == TicketStatus.WAITING for ticket in turn.facts.tickets)
    return asked and not turn.facts.invited and not turn.is_filling()


def _begin_from_words(turn: Turn, payload: str, category: str) -> None:
    if story := behind_slash(turn.said.text):
        turn.change(aside=story, aside_id=turn.said.inbound_id)
    elif not any(option.payload == payload for option in turn.state.offered):
        _forget_aside(turn)
    _begin(turn, category)


def _cancel(turn: Turn) -> None:
    if turn.state.form:
        form.drop(turn)
        return
    questions.forget(turn)
    turn.say("citizen.nothing_to_cancel", choices.MENU)


def _start(turn: Turn) -> None:
    if turn.state.form:
        questions.menu(turn)
    else:
        questions.greet(turn)


def _help(turn: Turn) -> None:
    filling = turn.is_filling()
    questions.introduce(turn)
    turn.say("citizen.help", () if filling else choices.MENU)
    if filling:
        form.ask(turn)


def _read(turn: Turn) -> None:
    """An answer that waited for these words is on its way; who has no complaint is shown the menu."""
    if not (turn.facts.tickets or turn.facts.closed):
        questions.menu(turn)


def _says_not_yet(turn: Turn) -> bool:
    """Whether a message answers a closing with "not yet" and why."""
    closing = any(option.payload.startswith("object:") for option in turn.state.offered)
    return closing and turn.said.folded.startswith(_NOT_YET)


def _object(turn: Turn, *, reason_given: bool) -> bool:
    return not turn.is_filling() and following.object_somewhere(turn, reason_given=reason_given)


def _small_talk(turn: Turn, found: Command) -> bool:
    if turn.facts.alert_live or following.is_for_officer(turn):
        return False
    if found == Command.WHO:
        turn.change(greeted=True)
        turn.say("citizen.who_am_i", () if turn.is_filling() else choices.MENU, values={"region": turn.facts.region})
    elif found == Command.THANKS and not turn.is_filling():
        turn.say("citizen.welcome")
    elif not turn.is_filling():
        if turn.state.form:
            questions.introduce(turn)
            turn.say("citizen.form_waits", choices.RESUME)
        else:
            questions.greet(turn)
    if turn.is_filling():
        form.ask(turn)
    return True


def _number(turn: Turn) -> bool:
    """Tell the status of a number. In a form only what surely is one: other digits may be an answer."""
    said, facts = turn.said, turn.facts
    number = asks_status_of(said.text, said.folded)
    if number is None:
        return False
    if turn.is_filling() and not (facts.asked or (is_number(number) and said.folded.startswith(("status", "cek")))):
        return False
    questions.introduce(turn)
    following.status_of(turn)
    if turn.is_filling():
        form.ask(turn)
    return True


_ACTS: Mapping[str, Callable[[Turn, str], None]] = {
    "menu": _obey_menu,
    "start": lambda turn, what: _begin(turn, QUESTION if what == "officer" else ""),
    "held": lambda turn, what: _begin(turn, QUESTION if what == "question" else ""),
    "lang": _set_language,
    "help": lambda turn, word: questions.judge(turn, helped=word == "yes"),
    "faq": _choose_entry,
    "page": _turn_page,
    "data": own_data.act,
    "amend": lambda turn, ticket_id: own_data.ask_amendment(turn, int(ticket_id)),
    "add": lambda turn, ticket_id: following.add_unplaced(turn, int(ticket_id)),
    "rate": _rate,
    "safe": lambda turn, word: safety.answer(turn, unsafe=word == "no"),
    "agree": lambda turn, ticket_id: _agree(turn, int(ticket_id)),
    "object": lambda turn, ticket_id: _on_closed(turn, int(ticket_id)),
}
_OBEYED: Mapping[Command | None, Callable[[Turn], None]] = {
    Command.CANCEL: _cancel,
    Command.READ: _read,
    Command.START: _start,
    Command.MENU: questions.menu,
    Command.STATUS: _status,
    Command.ENGLISH: lambda turn: _set_language(turn, "en"),
    Command.INDONESIAN: lambda turn: _set_language(turn, "id"),
    Command.LANGUAGE: lambda turn: turn.say("citizen.language", choices.LANGUAGES),
    Command.OFFICER: lambda turn: _begin_from_words(turn, "start:officer", QUESTION),
    Command.HELP: _help,
    Command.DATA: own_data.show,
    Command.HIDE: safety.hide,
    Command.COMPLAIN: lambda turn: _begin_from_words(turn, "start:complaint", ""),
}
