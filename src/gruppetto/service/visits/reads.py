"""Reading visits and alarms: row security leaves one's own, and the alarms that one was called for."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from gruppetto.kernel.search.pages import Page, keyset
from gruppetto.service.visits.models import Visit

S = Visit.State
OPEN = (S.RAISED, S.TAKEN)
PAGE = 25


def mine(account_id: UUID) -> Visit | None:
    """The visit that ``account_id`` has not said to be out of. One query."""
    return Visit.objects.filter(account_id=account_id, out_at=None, closed_at=None).first()


def to_answer(account_id: UUID) -> list[Visit]:
    """Alarms that reach ``account_id`` and are not closed, the oldest first. One query."""
    alarms = Visit.objects.filter(state__in=OPEN, alerted__contains=[account_id])
    return list(alarms.order_by("raised_at", "id"))


def closed(account_id: UUID, cursor: object | None, size: int = PAGE) -> Page[Visit]:
    """Alarms that reached ``account_id`` and are closed, the newest first."""
    alarms = Visit.objects.filter(state=S.CLOSED, alerted__contains=[account_id])
    return keyset(alarms.defer("whose", "place", "found"), ["-begun_at"], cursor, size)


def would_be_called() -> list[str]:
    """The names of those who would receive one's own alarm now. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM visits.would_be_called()")
        return [name for (name,) in cursor.fetchall()]
