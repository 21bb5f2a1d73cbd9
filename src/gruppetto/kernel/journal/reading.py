"""Bodies of entries as they are today: whole, forgotten on purpose, or altered; told apart by their commitment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import connection

from gruppetto.kernel.journal.writing import commitment

QUERY = """
SELECT e.id, e.commitment, b.salt, b.data, f.entry_id IS NOT NULL
FROM journal_entry e LEFT JOIN journal_body b ON b.entry_id = e.id LEFT JOIN journal_forgotten f ON f.entry_id = e.id
WHERE e.id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of a body; ``data``: its canonical JSON, when it is whole."""

    state: Literal["whole", "forgotten", "altered"]
    data: str | None = None


def bodies_of(entries: Iterable[UUID]) -> dict[UUID, Kept]:
    """The body of each of these entries that one sees. One query.

    Gone with a line that says so: forgotten. Gone without one, or not what was committed to: altered.
    """
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [list(entries)])
        return {key: _kept(*facts) for key, *facts in cursor.fetchall()}


def _kept(committed: bytes, salt: bytes | None, data: str | None, forgotten: bool) -> Kept:
    if salt is None or data is None:
        return Kept("forgotten" if forgotten else "altered")
    return Kept("whole", data) if commitment(bytes(salt), data) == bytes(committed) else Kept("altered")
