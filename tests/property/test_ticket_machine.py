"""Whatever citizens and officers do in whatever order, forms and desk stay apart and nothing is lost or said twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.integration.desk_bench import COLLEAGUE, OFFICER
from tests.property.ticket_book import Events, TicketBook
from tests.property.ticket_model import MAY_RECALL, READ_BY_CITIZEN, Said, Ticket
from tests.property.ticket_world import FORM, FORM_ENDS

CITIZENS = (501, 502)
MANY = 27  # messages in ten minutes; a few more are answered less often
CRY = "tolong ada maling bawa celurit di rumah saya"
TOLD = ("aduan", "setuju", "lewati", "kirim", "lanjut", "batal", "status", "hapus", *FORM[2:], *FORM_ENDS[:-1])
COMMANDS = {
    "answered": "jawab",
    "asked": "tanya",
    "noted": "catat",
    "mistyped": "jwab",
    "closed": "tutup",
    "rejected": "tolak",
    "released": "lepas",
    "verified": "verifikasi",
    "reopened": "buka",
}

citizens = st.sampled_from(CITIZENS)
officers = st.sampled_from((OFFICER, COLLEAGUE))
which = st.integers(0, 5)


class FormAgainstDesk(TicketBook, RuleBasedStateMachine):
    """Two citizens, two officers, one real database; what must stand in it is kept beside."""

    @initialize()
    def open(self) -> None:
        self.begin()

    @invariant()
    def all_is_where_it_belongs(self) -> None:
        if self.begun:
            self.nobody_reads_what_is_anothers()
            self.tickets_stand_where_their_history_leads()
            self.each_report_is_one_ticket_and_its_citizen_knows_the_number()
            self.each_word_of_an_officer_is_written_once_to_each_whom_it_is_for()
            self.audit_trail_holds()

    def teardown(self) -> None:
        if self.begun:
            self.world.close()

    # Citizens

    def hear(self, who: int, **content: Any) -> Events:
        """A citizen's message: whatever follows from it happens to that citizen's own tickets."""
        self.world.run(self.world.citizen(who, **content))
        self.unexplained.add(who)
        events = self.happened()
        for ticket_id, event in events:
            assert self.tickets[ticket_id - 1].owner == who
            assert event in {"opened", "added", "reopened", "rated", "edited"}
        self.written(who)
        return events

    def breath(self, who: int) -> None:
        """Who writes very much sees fewer questions, and cannot answer those that were not shown."""
        recent = [at for at in self.world.wrote[who] if self.world.now - at < timedelta(minutes=10)]
        if len(recent) + len((*FORM, *FORM_ENDS)) > MANY:
            self.time_passes(16)

    def opened(self, events: Events) -> int:
        return sum(count for (_, event), count in events.items() if event == "opened")

    @rule(who=citizens)
    def citizen_files_a_whole_form(self, who: int) -> None:
        self.breath(who)
        self.hear(who, text="batal")
        before = len(self.tickets)
        for text in (*FORM, *FORM_ENDS[:-1]):
            assert not self.opened(self.hear(who, text=text.format(self.mark(who, writer=who))))
        assert self.opened(self.hear(who, text=FORM_ENDS[-1])) == 1
        assert not self.opened(self.hear(who, text=FORM_ENDS[-1]))  # a finger's slip
        assert len(self.tickets) == before + 1

    @rule(who=citizens, text=st.sampled_from(("pelakunya memakai jaket merah {}", *TOLD)))
    def citizen_writes(self, who: int, text: str) -> None:
        """Words for a ticket, or some piece of a form, whether it is asked for or not."""
        mine = [one for one in self.tickets if one.owner == who and one.open]
        plain = text.endswith("{}") and len(mine) == 1 and not self.world.fills_in(who)
        events = self.hear(who, text=text.format(self.mark(who, writer=who)))
        assert self.opened(events) <= (text == "kirim")
        assert not plain or (mine[0].id, "added") in events

    @rule(who=citizens, captioned=st.booleans())
    def citizen_sends_a_photo(self, who: int, *, captioned: bool) -> None:
        name = f"p{self.marks}"
        photo = [{"file_id": name, "file_unique_id": name, "width": 9, "height": 9, "file_size": 9}]
        caption = {"caption": f"fotonya {self.mark(who, writer=who)}"} if captioned else {}
        assert not self.opened(self.hear(who, photo=photo, **caption))

    @rule(who=citizens, text=st.sampled_from(("keberatan", "belum", "1", "2", "5")))
    def citizen_answers_a_closing(self, who: int, text: str) -> None:
        for ticket_id, event in self.hear(who, text=text):
            if event == "rated":
                self.rated[ticket_id] = int(text)

    @rule(who=citizens)
    def citizen_cries_for_help(self, who: int) -> None:
        """An alert that lives is joined; else it is a ticket of its own."""
        live = self.world.rows("select 1 from ticket where alert_live and address = ?", str(who))
        assert self.opened(self.hear(who, text=f"{CRY} {self.mark(who, writer=who)}")) == (0 if live else 1)

    # Officers

    def obey(self, text: str, who: int, expected: Events, **content: Any) -> int:
        message: int = self.world.run(self.world.officer(text, who, **content))
        assert self.happened() == expected, text
        self.written()
        return message

    def press(self, choice: str, who: int, expected: Events) -> None:
        self.world.run(self.world.press(choice, who))
        assert self.happened() == expected, choice
        self.written()

    @rule(at=which, who=officers, over=st.booleans())
    def officer_takes(self, at: int, who: int, *, over: bool) -> None:
        ticket = self.pick(at)
        free = not ticket.holder or (over and ticket.holder != str(who))
        expected = Counter({(ticket.id, "assigned"): 1} if ticket.here and ticket.open and free else {})
        self.press(f"d:{'takeover' if over else 'take'}:{ticket.id}", who, expected)

    @rule(at=which, who=officers, what=st.sampled_from(("released", "verified", "reopened")))
    def officer_commands(self, at: int, who: int, what: str) -> None:
        ticket = self.pick(at)
        may = {
            "released": ticket.open and ticket.holder == str(who),
            "verified": ticket.status in {"received", "forwarded"},
            "reopened": not ticket.open,
        }[what]
        expected = Counter({(ticket.id, what): 1} if ticket.here and may else {})
        self.obey(f"/{COMMANDS[what]} #{ticket.number}", who, expected)

    @rule(at=which, who=officers, what=st.sampled_from(("answered", "answered", "asked", "noted", "mistyped")))
    def officer_writes(self, at: int, who: int, what: str) -> None:
        self.officer_says(at, who, what)

    @rule(at=which, who=officers, what=st.sampled_from(("closed", "closed", "rejected")))
    def officer_ends(self, at: int, who: int, what: str) -> None:
        self.officer_says(at, who, what)

    def officer_says(self, at: int, who: int, what: str) -> None:
        ticket = self.pick(at)
        told: list[Ticket] = []
        if ticket.here and what == "noted":
            told = [ticket]
        elif ticket.here and ticket.open and what != "mistyped":
            told = [ticket] if what == "rejected" else self.together(ticket)
        mark = self.mark(*(() if what == "noted" else (one.owner for one in told)))
        text = f"/{COMMANDS[what]} #{ticket.number} perhatikan {mark}"
        message = self.obey(text, who, Counter({(one.id, what): 1 for one in told}))
        row, became = self.world.row_of(message), what if told else ""
        self.said.append(Said(message, who, ticket, became, [mark], [row], self.world.now, told, row, self.seen_event))

    # Second thoughts

    @precondition(lambda self: self.said)
    @rule(at=which, named=st.booleans())
    def officer_takes_back(self, at: int, *, named: bool) -> None:
        """The officer's last word that stands, on the ticket that is named or on any, if it has not left yet."""
        word = self.said[-1 - at % len(self.said)]
        who, ticket = word.by, word.ticket
        mine = [
            one
            for one in self.said
            if one.by == who
            and one.became in READ_BY_CITIZEN
            and not one.back
            and self.world.now - one.at <= MAY_RECALL
            and (not named or ticket in one.told)
        ]
        last = max(mine, key=lambda one: one.order, default=None)
        may = last is not None and (ticket.here or not named) and bool(left := self.left(last)) and "sent" not in left
        expected: Events = Counter({(one.id, "recalled"): 1 for one in last.told} if last and may else {})
        if last and may:
            last.back = True
        self.obey(f"/batal #{ticket.number}" if named else "/batal", who, expected)

    @precondition(lambda self: self.said)
    @rule(at=which)
    def officer_edits(self, at: int) -> None:
        """The words change where they stand; what was obeyed as nothing is obeyed now."""
        said = self.said[-1 - at % len(self.said)]
        if not said.ticket.here:
            return
        obeyed_now = not said.became
        if obeyed_now:
            said.told = self.together(said.ticket) if said.ticket.open else []
        mark = self.mark(*(() if said.became == "noted" else (one.owner for one in said.told)))
        command = COMMANDS[said.became or "answered"]
        event = "answered" if obeyed_now else "corrected"
        expected: Events = Counter({(one.id, event): 1 for one in said.told})
        if said.became in {"answered", "asked"} and "sent" in self.left(said):
            said.late.append(said.marks[-1])
        said.marks.append(mark)
        text = f"/{command} #{said.ticket.number} perhatikan {mark}"
        self.obey(text, said.by, expected, update="edited_message", message_id=said.message, edit_date=1)
        said.rows.append(self.world.row_of(said.message))
        if obeyed_now and said.told:
            said.obeyed = said.rows[-1]
            said.became, said.at, said.order = "answered", self.world.now, self.seen_event

    @precondition(lambda self: self.said)
    @rule(at=which)
    def officer_makes_an_answer_a_note(self, at: int) -> None:
        """It is taken back from all whom it was for, and noted where it was written; once it has left, it stays."""
        said = self.said[-1 - at % len(self.said)]
        if said.became not in {"answered", "asked"} or said.back or not said.ticket.here:
            return
        left = "sent" in self.left(said)
        expected: Events = Counter() if left else Counter({(one.id, "recalled"): 1 for one in said.told})
        if not left:
            expected.update({(said.ticket.id, "corrected"): 1, (said.ticket.id, "noted"): 1})
        mark = self.mark()
        text = f"/catat #{said.ticket.number} perhatikan {mark}"
        self.obey(text, said.by, expected, update="edited_message", message_id=said.message, edit_date=1)
        if not left:
            said.became, said.told, said.back = "noted", [said.ticket], True
            said.marks.append(mark)

    @precondition(lambda self: any(one.became == "noted" and not one.back for one in self.said))
    @rule(at=which, who=officers)
    def officer_sends_a_note_after_all(self, at: int, who: int) -> None:
        notes = [one for one in self.said if one.became == "noted" and not one.back]  # others have no button
        said = notes[at % len(notes)]
        told = self.together(said.ticket) if said.ticket.here and said.ticket.open else []
        self.readers[said.marks[-1]] |= {one.owner for one in told}
        self.press(f"d:send:{said.obeyed}", who, Counter({(one.id, "answered"): 1 for one in told}))
        if told:
            said.became, said.told, said.by = "answered", told, who
            said.at, said.order = self.world.now, self.seen_event

    # Other units, other reports, watched citizens

    @precondition(lambda self: len(self.tickets) > len(CITIZENS))
    @rule(at=which, who=officers)
    def officer_forwards(self, at: int, who: int) -> None:
        ticket = self.pick(at)
        expected: Events = Counter()
        if ticket.here and ticket.open:
            expected[ticket.id, "forwarded"] = 1
            expected += self._leaves(ticket)
        self.obey(f"/teruskan #{ticket.number} polsek wilayahnya", who, expected)
        ticket.here = ticket.here and not expected

    def _leaves(self, ticket: Ticket) -> Events:
        """A ticket leaves its incident; one that is left alone is of none."""
        same = [one for one in self.tickets if ticket.incident and one.incident == ticket.incident]
        left = same if len(same) <= 2 else [ticket]
        for one in left:
            one.incident = 0
        return Counter({(one.id, "split"): 1 for one in left})

    @rule(at=which, other=which, who=officers)
    def officer_joins(self, at: int, other: int, who: int) -> None:
        one, two = self.pick(at), self.pick(other)
        live = self.world.rows("select 1 from ticket where alert_live and id in (?, ?)", one.id, two.id)
        joined = one.incident and one.incident == two.incident
        together: list[Ticket] = []
        if one is not two and one.here and two.here and one.open and two.open and not live and not joined:
            incidents = {one.incident, two.incident} - {0}
            together = [t for t in self.tickets if t in (one, two) or t.incident in incidents]
        first = together[0].id if together else 0
        moved = [t for t in together if t in (one, two) or t.incident != first]
        for ticket in together:
            ticket.incident = first
        self.obey(f"/gabung #{one.number} #{two.number}", who, Counter({(t.id, "joined"): 1 for t in moved}))

    @rule(at=which, who=officers)
    def officer_splits(self, at: int, who: int) -> None:
        ticket = self.pick(at)
        self.obey(f"/pisah #{ticket.number}", who, self._leaves(ticket) if ticket.here else Counter())

    @rule(at=which, who=officers, safe=st.booleans())
    def officer_marks_who_may_be_watched(self, at: int, who: int, *, safe: bool) -> None:
        ticket = self.pick(at)
        self.obey(f"/{'aman' if safe else 'tidak-aman'} #{ticket.number}", who, Counter())

    # Time

    @rule(wait=st.sampled_from([0.1, 1, 6, 16, 61, 24 * 60, 4 * 24 * 60, 11 * 24 * 60]))
    def time_passes(self, wait: float) -> None:
        self.world.run(self.world.passes(timedelta(minutes=wait)))
        events = self.happened()
        assert {event for _, event in events} <= {"reminded", "lapsed", "confirmed", "added", "opened"}
        opened = {self.tickets[ticket_id - 1].owner for ticket_id, event in events if event == "opened"}
        assert opened <= self.unexplained
        assert self.opened(events) == len(opened)
        self.unexplained -= opened
        self.written()


FormAgainstDesk.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],  # real rows, on a machine that may be busy
)
TestFormAgainstDesk = FormAgainstDesk.TestCase
