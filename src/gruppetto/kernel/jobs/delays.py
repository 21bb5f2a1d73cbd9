"""How much work waits, and since when: counts only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Delay:
    """``what``: "facts" to relay, "jobs" that are due, "cut" by the death of their worker, "failed".

    ``oldest_seconds``: 0 when none waits.
    """

    what: str
    waiting: int
    oldest_seconds: int


def delays() -> dict[str, Delay]:
    """Delays by name; empty for who does not administer. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, waiting, oldest_seconds FROM jobs.delays()")
        return {row[0]: Delay(*row) for row in cursor.fetchall()}
