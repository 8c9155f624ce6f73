"""What the groups hear after a restore: that there was one, what is lost with it, and what waits for a decision.

Owns these words, said once a restore, in one message a group however much there is to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.core import ticket as tickets
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_LISTED = 20


def tell_restored(office: Office, uow: UnitOfWork) -> None:
    """Tell of a restore that nobody was told of yet; the cards of tickets with doubtful answers are brought up to date.

    To be called before anything is sent.
    """
    now = office.clock()
    restore = uow.restores.untold(now)
    if restore is None:
        return
    post = Post(uow, office, now)
    doubtful = uow.restores.doubtful()
    for ticket in doubtful:
        post.card_changed(ticket)
    time = office.catalogues.format_time(restore.taken_at, office.timezone, office.locale)
    for chat in dict.fromkeys(uow.groups.current_chat(one) for one in office.desk_groups()):
        lines = [office.words("desk.restored", time=time)]
        if here := [ticket for ticket in doubtful if ticket.chat == chat]:
            lines.append(office.words("desk.restored_doubtful", numbers=_numbers(here)))
        post.to_group(chat, "\n".join(lines))
    if office.admins:
        held, aside = str(restore.held), str(restore.aside)
        words = office.words("desk.restored_admins", time=time, held=held, aside=aside)
        post.to_group(uow.groups.current_chat(office.admins), words)


def _numbers(doubtful: Sequence[TicketRow]) -> str:
    shown = [f"#{tickets.spoken(ticket.number)}" for ticket in doubtful[:_LISTED]]
    more = [f"+{len(doubtful) - _LISTED}"] if len(doubtful) > _LISTED else []
    return ", ".join([*shown, *more])
