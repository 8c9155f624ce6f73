"""Whatever is said in whatever order: the dialogue never fails, and its state survives being written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.core.choices import closing_choices
from chatbot.core.conversation import Conversation, Facts, decide
from chatbot.core.decision import AddToTicket, Alert, Answer, OpenTicket, RateTicket, Say
from chatbot.core.intent import clean, fold, is_question, language_of
from chatbot.core.message import NO_MATCH, Candidate, Kind, Match, Phrase, Place
from chatbot.core.ticket import TicketStatus, TicketView
from chatbot.core.utterance import Utterance
from chatbot.services.i18n import Catalogues

CATALOGUES = Catalogues(Path(__file__).parents[2] / "locales")
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
FILES = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.VOICE, Kind.AUDIO, Kind.DOCUMENT})
SILENT = frozenset({Kind.EDIT, Kind.REVOKE, Kind.REACTION, Kind.RECEIPT, Kind.MEMBERSHIP, Kind.MIGRATION, Kind.SYSTEM})
VIEWS = tuple(
    TicketView(number, f"{number:010d}", TicketStatus.RECEIVED, "lalin", "hari ini", "hari ini", alert=number == 1)
    for number in range(1, 15)
)
SHORT = (
    "ya tidak batal menu status lapor petugas lanjut selesai lewati bahasa english keberatan halo ubah kirim kembali "
    "rahasia sekarang 1 2 3 7 10 99 0000000001 1234567890 aduan pertanyaan terima_kasih hubungi_petugas "
    "masih_berlangsung waktu_lain kirim_singkat hapus_isian masukkan_ke_aduan membantu bukan_itu"
)
WORDS = st.sampled_from(SHORT.split())
TEXTS = st.one_of(
    st.just(""),
    WORDS.map(lambda word: word.replace("_", " ")),
    st.sampled_from(
        ["motor saya dicuri di pasar kemarin", "berapa biaya sim?", "oknum polisi minta uang", "my bike was stolen"]
    ),
    st.text(max_size=60),
)
MATCHES = st.one_of(
    st.just(NO_MATCH),
    st.builds(
        Match,
        candidates=st.lists(
            st.builds(Candidate, st.sampled_from(["a", "b", "c", "d"]), st.floats(0, 1)), max_size=5
        ).map(tuple),
        sure=st.booleans(),
        likely=st.booleans(),
    ),
)
FACTS = st.builds(
    Facts,
    region=st.just("Polres Contoh"),
    tickets=st.sampled_from([(), VIEWS[:1], VIEWS[:2], VIEWS[:13]]),
    closed=st.sampled_from([(), VIEWS[13:]]),
    replied_ticket=st.sampled_from([None, 1, 14, 999]),
    asked=st.sampled_from([None, VIEWS[0]]),
    alert_live=st.booleans(),
    propam=st.booleans(),
    officer_wrote_at=st.sampled_from([None, NOW, NOW + timedelta(hours=1)]),
)
# A press is taken from what was shown (by its place), from what could ever be shown, or made up.
CHOICES = st.one_of(
    st.integers(0, 12), st.sampled_from([option.payload for option in closing_choices(14)]), st.text(max_size=20)
)
Move = tuple[Kind, str, int | str, bool, Match, Facts, int]
MOVES = st.tuples(
    st.sampled_from(list(Kind)),
    TEXTS,
    CHOICES,
    st.booleans(),
    MATCHES,
    FACTS,
    st.sampled_from([1, 50, 4000, 30_000, 3_000_000]),
)


def utterance(
    number: int, kind: Kind, text: str, choice: int | str, state: Conversation, *, emergency: bool
) -> Utterance:
    payload = ""
    if kind is Kind.PRESS:
        payload = (
            choice
            if isinstance(choice, str)
            else "".join(option.payload for option in state.offered[choice : choice + 1])
        )
    kept = clean(text)
    return Utterance(
        inbound_id=number,
        kind=kind,
        text=kept,
        folded=fold(kept),
        choice=payload,
        place=Place(-6.2, 106.8) if kind is Kind.PLACE else None,
        has_file=kind in FILES,
        album="a" if number % 3 else "",
        language=language_of(kept),
        emergency=emergency,
        question=is_question(kept),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(MOVES, max_size=25))
def test_no_sequence_of_messages_fails_and_every_state_survives_json(moves: list[Move]) -> None:
    state, now = Conversation(), NOW
    for number, (kind, text, choice, danger, match, facts, seconds) in enumerate(moves, 1):
        said = utterance(number, kind, text, choice, state, emergency=danger and number % 5 == 0)
        labels = CATALOGUES.spoken_labels(state.offered, state.locale, lambda entry, _: entry)
        known = replace(facts, labels=labels)
        decision = decide(state, said, match, known, now)
        assert decision == decide(state, said, match, known, now)
        if kind in SILENT:
            assert decision.effects == ()
        elif said.emergency and not said.choice:
            assert any(isinstance(effect, Alert) for effect in decision.effects)
        own = {view.id for view in (*known.tickets, *known.closed)}
        opened = False
        for effect in decision.effects:
            opened = opened or isinstance(effect, OpenTicket)
            if isinstance(effect, AddToTicket | RateTicket):
                assert effect.ticket_id in own
            if isinstance(effect, Say | Answer):
                assert len(effect.options) <= 10
                assert all(len(option.payload.encode()) <= 64 for option in effect.options)
            if isinstance(effect, Say):
                given_by_service = {"number": "1", "time": "2", "unit": "3"} if opened else {}
                phrase = Phrase(effect.phrase.key, {**effect.phrase.values, **given_by_service})
                assert CATALOGUES.render(phrase, decision.state.locale)
        state = msgspec.json.decode(msgspec.json.encode(decision.state), type=Conversation)
        assert state == decision.state
        now += timedelta(seconds=seconds)
