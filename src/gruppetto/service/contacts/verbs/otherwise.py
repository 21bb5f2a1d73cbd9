"""Reasons said otherwise than the list has them: counted by words, reviewed each month by who keeps the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Unknown
from gruppetto.kernel.journal import act

MONTH = timedelta(days=31)
MOST = 100


@dataclass(frozen=True)
class Said:
    """Words as one of those who wrote them did; ``reason``: the code of the list beside which they stood the most."""

    words: str
    reason: str
    times: int
    last_at: datetime


def said_otherwise() -> list[Said]:
    """Words of the last month that nobody settled, the most frequent first; never of whom. One query.

    Nothing for anybody but who keeps the list: the function itself says so.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT words, reason, times, last_at FROM contacts.said_otherwise(%s, %s)", [now() - MONTH, MOST]
        )
        return [Said(*row) for row in cursor.fetchall()]


@verb
def settle_otherwise(words: str) -> int:
    """These words of the last month are dealt with, however they were written; returns how many times they were said.

    Said again later, they come back. Raises ``Unknown`` when nobody said them, or they are settled.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT contacts.settle_otherwise(%s, %s, %s)", [words[:200], now() - MONTH, now()])
        times: int = cursor.fetchone()[0]
    if not times:
        raise Unknown(_("Ces mots n’attendent plus rien."), code="words-unknown")
    # The words stay out of the journal: somebody may have written a name.
    act("reasons.settled", body={"times": times})
    return times
