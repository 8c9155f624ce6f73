"""Whatever was said before: no cry for help is swallowed by slowing, by the filter of empty stories or by a block."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatbot.core import slowing
from chatbot.core.complaint import CONSENT, REVIEW, STEPS, Complaint
from chatbot.core.conversation import Conversation, Facts, decide
from chatbot.core.decision import Alert, Say
from chatbot.core.intent import read
from chatbot.core.message import NO_MATCH, Inbound, Kind

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
CRIES = (
    "tolong ada maling bawa celurit di rumah saya",
    "suami saya memukuli saya sekarang tolong",
    "TOLONG!!!",
    "kebakaran di rumah sebelah",
    "tolong saya disekap",
    "BANDING tolong saya mau dibunuh sekarang",
    "help he has a knife in my house",
    "\N{SQUARED SOS}",
)
PIECES = st.lists(st.sampled_from([*" ".join(CRIES).split(), "test", "coba", "...", "aaaa", "banding", "hapus"]))
TEXTS = st.one_of(st.sampled_from(CRIES), PIECES.map(" ".join))
FORMS = st.one_of(
    st.none(),
    st.builds(
        Complaint,
        category=st.sampled_from(["", "ppa", "lalin", "pertanyaan"]),
        step=st.sampled_from([CONSENT, REVIEW, *(step for step in STEPS if step != "who")]),
        asked_again=st.booleans(),
    ),
)
STATES = st.builds(
    Conversation,
    form=FORMS,
    paused=st.booleans(),
    pending=st.sampled_from(["", "appeal", "start", "resume"]),
    seen_at=st.just(NOW - timedelta(minutes=1)),
    recent=st.integers(0, slowing.MOST + 1).map(lambda count: (NOW - timedelta(seconds=30),) * count),
    slow_at=st.sampled_from([None, NOW - timedelta(seconds=5)]),
    block_said_at=st.sampled_from([None, NOW - timedelta(hours=1)]),
)
FACTS = st.builds(
    Facts,
    region=st.just("Polres Contoh"),
    blocked=st.sampled_from(["", "1 Desember 2026 12.00 WIB"]),
    appealed=st.booleans(),
)
FLOODED = Conversation(recent=(NOW,) * (slowing.MOST + 1), slow_at=NOW)


def cry(text: str) -> Inbound:
    return Inbound(
        channel="telegram",
        account="1",
        external_id="1",
        kind=Kind.TEXT,
        chat="501",
        message_id="1",
        author="501",
        author_name="Warga",
        text=text,
        at=NOW,
        private=True,
    )


@settings(max_examples=300, deadline=None)
@example(CRIES[0], FLOODED, Facts(blocked="1 Desember 2026 12.00 WIB", appealed=True))
@example(CRIES[2], replace(FLOODED, form=Complaint(category="lalin", step="what")), Facts())
@given(TEXTS, STATES, FACTS)
def test_no_cry_for_help_is_swallowed(text: str, state: Conversation, facts: Facts) -> None:
    said = read(1, cry(text))
    decision = decide(state, said, NO_MATCH, facts, NOW)
    if said.emergency:
        assert any(isinstance(effect, Alert) for effect in decision.effects)
        assert any(isinstance(effect, Say) and effect.urgent for effect in decision.effects)
    else:
        assert not any(isinstance(effect, Say) and effect.urgent for effect in decision.effects)


@given(st.sampled_from(CRIES))
def test_the_cries_of_this_test_are_cries(text: str) -> None:
    assert read(1, cry(text)).emergency
