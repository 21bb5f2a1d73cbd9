"""Who has a thing open, and who is typing in it: so that two people do not do the same work, and for nothing else.

No history: a row lives as long as its page says « still here », in a table that is never logged, backed up or listed.
Nobody can ask where a colleague is; one asks who else is on what one may see oneself (the caller checks that).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

# A page says that it is open this often (seconds); silent for longer than ``GONE_AFTER``, it is closed.
BEAT = 10
GONE_AFTER = 25


@dataclass(frozen=True)
class Present:
    """A colleague who has the thing open."""

    name: str
    typing: bool


def here(page: UUID, subject: UUID, *, typing: bool = False) -> None:
    """The actor has ``subject`` open in ``page`` (an id that the page drew), and is ``typing`` in it or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT live.here(%s, %s, %s)", [page, subject, typing])


def gone(page: UUID) -> None:
    """The actor's page is closed: nothing remains of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT live.gone(%s)", [page])


def around(subject: UUID) -> list[Present]:
    """The others who have ``subject`` open now, by name; whoever types in one page types (1 query)."""
    return _present([subject]).get(subject, [])


def present(subjects: Iterable[UUID]) -> dict[UUID, list[str]]:
    """For a list: the names of the others who have each of ``subjects`` open, those nobody has left out (1 query).

    Give only ids that the actor was shown: the table itself knows no rights.
    """
    return {key: [one.name for one in found] for key, found in _present(subjects).items()}


def _present(subjects: Iterable[UUID]) -> dict[UUID, list[Present]]:
    found: dict[UUID, list[Present]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id, name, typing FROM live.present(%s::uuid[])", [list(subjects)])
        for subject, name, typing in cursor.fetchall():
            found.setdefault(subject, []).append(Present(name, typing))
    return found


def forget() -> None:
    """Drop what the pages that broke off left behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT live.forget()")
