"""What each part of the desk works with: the rows, the account, the time, the acts on tickets, and the post.

Owns nothing but these; the parts are the roster, incidents, safety and their like.
"""

from __future__ import annotations

from datetime import datetime

from chatbot.services.acts import Acts
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.store.unit_of_work import UnitOfWork


class DeskPart:
    """A part of the desk, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime, acts: Acts) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._acts = acts
        self._post = Post(uow, office, now)
