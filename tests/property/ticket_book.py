"""The book kept beside the desk: whose each ticket is, who may read which words; and what the rows must show."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter

from chatbot.core import ticket as tickets
from tests.integration.bench import OFFICERS
from tests.property.ticket_model import (
    ANSWERED_WITHIN,
    ELSEWHERE,
    MARK,
    NUMBER,
    READ_BY_CITIZEN,
    Said,
    Ticket,
)
from tests.property.ticket_world import FIRST_MARKS, new_world

Events = Counter[tuple[int, str]]


class TicketBook:
    """Tickets, officers' words and marks in words, with what must hold of the rows."""

    begun = False

    def begin(self) -> None:
        self.world = new_world()
        self.tickets: list[Ticket] = []
        self.said: list[Said] = []
        self.marks = len(FIRST_MARKS)
        self.readers = {mark: {who} for who, mark in FIRST_MARKS.items()}  # who may read words with a mark
        self.writers = {mark: who for who, mark in FIRST_MARKS.items()}  # whose words they are
        self.seen_event = self.seen_row = 0
        self.unexplained: set[int] = set()  # who wrote what may wait for a word about what it is for
        self.rated: dict[int, int] = {}
        self.happened()
        self.begun = True

    # Marks, picks, and what happened

    def mark(self, *readers: int, writer: int = 0) -> str:
        self.marks += 1
        mark = f"qz{self.marks}zq"
        self.readers[mark] = set(readers)
        if writer:
            self.writers[mark] = writer
        return mark

    def pick(self, number: int) -> Ticket:
        return self.tickets[number % len(self.tickets)]

    def together(self, ticket: Ticket) -> list[Ticket]:
        """Whom an answer in a ticket reaches: the reporters of its incident whose tickets are open."""
        same = [one for one in self.tickets if one.incident and one.incident == ticket.incident and one.open]
        return same if ticket in same else [ticket]

    def happened(self) -> Events:
        """Take up what happened since the last look: each thing had to be allowed where its ticket stood."""
        events = self.world.rows("select * from ticket_event where id > ? order by id", self.seen_event)
        for row in events:
            self.seen_event = row["id"]
            if row["event"] == "opened":
                self._opened(row)
                continue
            ticket = self.tickets[row["ticket_id"] - 1]
            if row["event"] not in {"corrected", "recalled", "edited", "revoked"}:
                assert (tickets.TicketStatus(ticket.status), row["event"]) in tickets.TRANSITIONS
            ticket.happens(row["event"], row["actor"], row["inbound_id"])
        return Counter((row["ticket_id"], row["event"]) for row in events)

    def _opened(self, row: sqlite3.Row) -> None:
        (one,) = self.world.rows("select number, address from ticket where id = ?", row["ticket_id"])
        self.tickets.append(Ticket(row["ticket_id"], tickets.spoken(one["number"]), int(one["address"])))
        assert len(self.tickets) == row["ticket_id"]

    def left(self, said: Said) -> list[str]:
        """The states of what was written to citizens with a message, but for what was kept back."""
        theirs = "select state from outbound where source_id in (select value from json_each(?))"
        rows = self.world.rows(theirs, json.dumps(said.rows))
        return [row["state"] for row in rows if row["state"] not in {"recalled", "dead"}]

    # What always holds

    def written(self, *just_wrote: int) -> None:
        """New rows: nobody reads another's, and nobody who may be watched is written to first."""
        rows = self.world.rows("select * from outbound where id > ? order by id", self.seen_row)
        unsafe = {row["id"] for row in self.world.rows("select id from ticket where unsafe")}
        for row in rows:
            self.seen_row = row["id"]
            who = int(row["chat"])
            if row["contact_id"] is None or row["ticket_id"] not in unsafe or who in just_wrote:
                continue
            wrote_at = self.world.wrote[who][-1]
            assert row["state"] in {"held", "recalled"} or self.world.now - wrote_at < ANSWERED_WITHIN

    def nobody_reads_what_is_anothers(self) -> None:
        owners = {ticket.number: ticket.owner for ticket in self.tickets}
        for row in self.world.rows("select * from outbound"):
            said = words_of(row["payload"])
            if row["contact_id"] is None:
                if row["ticket_id"]:
                    owner = self.tickets[row["ticket_id"] - 1].owner
                    assert all(self.writers.get(mark, owner) == owner for mark in MARK.findall(said)), said
                    assert json.loads(row["payload"]).get("source", "") in {"", str(owner)}
                continue
            who = int(row["chat"])
            assert all(who in self.readers[mark] for mark in MARK.findall(said)), said
            assert all(owners[number] == who for number in NUMBER.findall(said)), said
            assert "Petugas" not in said or "Petugas 1" not in said

    def tickets_stand_where_their_history_leads(self) -> None:
        rows = self.world.rows("select * from ticket order by id")
        assert [row["id"] for row in rows] == [ticket.id for ticket in self.tickets]
        for row, ticket in zip(rows, self.tickets, strict=True):
            assert (row["status"], row["officer_id"]) == (ticket.status, ticket.holder), ticket
            assert row["chat"] == (ELSEWHERE if not ticket.here else OFFICERS)
            assert bool(row["incident_id"]) == bool(ticket.incident)
            assert bool(row["closed_at"]) == (not ticket.open)
            assert row["rating"] == self.rated.get(ticket.id)
            assert (row["asked_until"] is not None) or ticket.status != "waiting"

    def each_report_is_one_ticket_and_its_citizen_knows_the_number(self) -> None:
        told = set()
        for row in self.world.rows(
            "select * from outbound where purpose in ('reply', 'alert') and ticket_id is not null"
        ):
            said = words_of(row["payload"])
            if "bukan Laporan Polisi" in said or "DARURAT" in said:
                told.add((row["ticket_id"], *NUMBER.findall(said)[:1]))
        assert told == {(ticket.id, ticket.number) for ticket in self.tickets}

    def each_word_of_an_officer_is_written_once_to_each_whom_it_is_for(self) -> None:
        written: Counter[tuple[str, int]] = Counter()
        for row in self.world.rows("select * from outbound where source_id is not null and contact_id is not null"):
            if row["state"] not in {"recalled", "dead"}:
                written.update((mark, row["ticket_id"]) for mark in MARK.findall(words_of(row["payload"])))
        expected: Counter[tuple[str, int]] = Counter()
        for said in self.said:
            if said.became in READ_BY_CITIZEN and not said.back:
                edited = said.marks[-1:] if said.became in {"answered", "asked"} else said.marks[:1]
                expected.update((mark, one.id) for mark in (*said.late, *edited) for one in said.told)
        assert written == expected

    def audit_trail_holds(self) -> None:
        with self.world.store.reading() as uow:
            assert uow.audit.verify().broken == []


def words_of(payload: bytes) -> str:
    """All that a row would show to whoever gets it."""
    said = json.loads(payload)
    return " ".join([said.get("text", ""), *(str(choice) for choice in said.get("choices", []))])
