"""A person's rights to his own data, carried out: a copy as a file, corrections, erasure of what need not be kept.

Owns what becomes of each request, and that it stands in the audit trail without its contents. What stays and why is
``erasure``, what stands in the copy ``own_copy``. Refuses to decide what is asked for (``core.own_data``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from shutil import rmtree

from chatbot.core.decision import AmendTicket, CorrectName, EraseOwnData, OwnDataEffect
from chatbot.core.message import Inbound, Phrase
from chatbot.core.privacy import for_group, shows_name
from chatbot.core.ticket import AMENDED, ENDED, spoken
from chatbot.services.acts import Acts
from chatbot.services.desk_part import DeskPart
from chatbot.services.erasure import Eraser, Stays, begin, exports_of, kept_until, why_kept
from chatbot.services.office import Office
from chatbot.services.outgoing import Purpose, Recipient
from chatbot.services.own_copy import OwnCopy
from chatbot.services.shelf import shelve
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_STEP = 500  # rows to one statement
_LISTED = 10


class OwnData(DeskPart):
    """Gives, corrects and erases, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime, acts: Acts, media_dir: Path) -> None:
        super().__init__(uow, office, now, acts)
        self._media_dir = media_dir

    def carry_out(
        self, effect: OwnDataEffect, to: Recipient, message: Inbound, inbound_id: int, known: Sequence[TicketRow]
    ) -> int | None:
        """Do what is asked for.

        Args:
            effect: what.
            to: who asks; nobody else's rows are touched or shown.
            message: the message that asks.
            inbound_id: its row.
            known: the person's tickets that are open or ended lately.

        Returns:
            The ticket that the message belongs to from now on.
        """
        if isinstance(effect, AmendTicket):
            return self._amend(effect.ticket_id, to, message, inbound_id, known)
        if isinstance(effect, CorrectName):
            self._rename(effect.name, to, known)
        elif isinstance(effect, EraseOwnData):
            self._erase(to, inbound_id)
        else:
            self._send(to)
        return None

    # A copy

    def _send(self, to: Recipient) -> None:
        locale = self._acts.dialogue.locale_of(to.contact_id)
        copy = OwnCopy(self._uow, self._office, self._acts.dialogue, self._acts.reread, locale)
        data = copy.text(to.contact_id, self._now).encode()
        name = self._office.words("citizen.copy_file_name", locale)
        try:
            file = shelve(exports_of(self._media_dir, to.contact_id), name, "text/plain", data)
        except OSError:
            self._post.to_citizen(to, self._office.words("citizen.data_failed", locale))
            return
        self._uow.audit.add("data_sent", "citizen", self._now, contact=to.contact_id)
        self._post.own_file_to_citizen(to, file, self._office.words("citizen.data_sent", locale))

    # Corrections

    def _rename(self, name: str, to: Recipient, known: Sequence[TicketRow]) -> None:
        self._uow.people.contact(to.contact_id).name = name[:200]
        self._uow.audit.add("data_corrected", "citizen", self._now, field="name", contact=to.contact_id)
        for ticket in known:
            if ticket.status not in ENDED and shows_name(ticket.identity):
                self._post.to_desk(ticket, self._office.words("desk.name_corrected"))
                self._post.card_changed(ticket)

    def _amend(
        self, ticket_id: int, to: Recipient, message: Inbound, inbound_id: int, known: Sequence[TicketRow]
    ) -> int | None:
        """A correction stands beside what it corrects: nothing that was said is overwritten."""
        ticket = next((one for one in known if one.id == ticket_id and one.contact_id == to.contact_id), None)
        if ticket is None or ticket.erased_at:
            return None
        text = for_group(message.text, ticket.address)
        words = self._office.words("desk.amended", text=text)
        self._post.to_desk(ticket, words, purpose=Purpose.RELAY, source_id=inbound_id)
        ticket.updated_at = self._now
        self._uow.audit.happened(ticket, AMENDED, "citizen", self._now, inbound_id=inbound_id, text=text)
        return ticket.id

    # Erasure

    def _erase(self, to: Recipient, inbound_id: int) -> None:
        kept: list[tuple[TicketRow, Stays]] = []
        erased = 0
        for ticket in self._uow.erasures.of_contact(to.contact_id):
            why = None if ticket.erased_at else why_kept(ticket, self._office, self._now)
            if why:
                kept.append((ticket, why))
            elif not ticket.erased_at:
                begin(self._uow, ticket, "citizen", self._now, "asked")
                erased += 1
        self._uow.flush()
        self._without_ticket(to.contact_id, inbound_id)
        if all(ticket.identity == "anonymous" for ticket, _ in kept):
            self._uow.people.contact(to.contact_id).name = ""
        self._uow.audit.add("erasure_asked", "citizen", self._now, contact=to.contact_id, erased=erased, kept=len(kept))
        for ticket, why in kept:
            self._uow.audit.add("erasure_asked", "citizen", self._now, ticket.id, kept=str(why))
            # Said at the same moment of two tickets, it would show that both are one person's.
            if len(kept) == 1 or shows_name(ticket.identity):
                self._post.to_desk(ticket, self._office.words("desk.erasure_asked"))
        self._answer(to, kept, erased)

    def _without_ticket(self, contact_id: int, inbound_id: int) -> None:
        """What the person wrote and sent, and was sent, that belongs to no ticket; the copies that were given too."""
        ids = list(dict.fromkeys((*self._uow.erasures.messages_of(contact_id), inbound_id)))
        eraser = Eraser(self._office, self._media_dir, _STEP)
        for start in range(0, len(ids), _STEP):
            some = ids[start : start + _STEP]
            eraser.files(self._uow, [row for row in self._uow.media.of_messages(some) if row.ticket_id is None])
            self._uow.erasures.erase_messages(some, self._now)
        self._uow.erasures.erase_sent_to(contact_id)
        rmtree(exports_of(self._media_dir, contact_id), ignore_errors=True)

    def _answer(self, to: Recipient, kept: Sequence[tuple[TicketRow, Stays]], erased: int) -> None:
        """Say what is gone, and what stays, why and until when; to who may be watched, that it stays and no more."""
        locale = self._acts.dialogue.locale_of(to.contact_id)
        values = {"time": self._time(self._now, locale), "days": str(self._office.inbox_days)}
        key = "citizen.data_erased" if kept else "citizen.data_erased_all"
        said = [self._office.words(key, locale, **values)]
        if erased:
            said.append(self._office.words("citizen.data_erased_reports", locale, count=str(erased)))
        self._post.to_citizen(to, "\n".join(said))
        watched = self._acts.dialogue.state(to.contact_id).unsafe or any(ticket.unsafe for ticket, _ in kept)
        if kept and watched:
            self._post.to_citizen(to, self._office.words("citizen.data_stays_unnamed", locale))
        elif kept:
            lines: str | Phrase = ""
            if len(kept) > _LISTED:
                lines = Phrase("citizen.data_stay_more", {"count": str(len(kept) - _LISTED)})
            for ticket, why in reversed(kept[-_LISTED:]):
                lines = self._line(ticket, why, lines, locale)
            self._post.to_citizen(to, self._office.words("citizen.data_stays", locale, lines=lines))

    def _line(self, ticket: TicketRow, why: Stays, rest: str | Phrase, locale: str) -> Phrase:
        until = kept_until(ticket, self._office)
        dated = why in {Stays.MEMBERS, Stays.PERIOD}
        values: dict[str, str | Phrase] = {"number": spoken(ticket.number), "rest": rest}
        if dated and until:
            day = until.astimezone(self._office.timezone).date()
            return Phrase(
                f"citizen.data_stay_{why}", {**values, "day": self._office.catalogues.format_day(day, locale)}
            )
        return Phrase(f"citizen.data_stay_{why}_undated" if dated else f"citizen.data_stay_{why}", values)

    def _time(self, at: datetime, locale: str) -> str:
        return self._office.catalogues.format_time(at, self._office.timezone, locale)
