"""The line now: how long one waits, who could answer, in which language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.insight.indicators.stats import median
from gruppetto.kernel.clock import now
from gruppetto.registry.staff.rota import OnShift, next_up, on_shift
from gruppetto.service.contacts.models import LineCall
from gruppetto.service.contacts.states import ANSWERED, RINGING

LAST = 20
# Older calls say nothing of now.
LATELY = timedelta(hours=2)


@dataclass(frozen=True)
class Waiting:
    """Who waits now, since when, and how long the last ones taken had waited (seconds)."""

    at: datetime
    ringing: int
    longest: int
    taken: int
    median: float | None

    @property
    def sentence(self) -> str:
        """What can honestly be said of the wait."""
        if self.median is None:
            return _("Aucun appel pris depuis deux heures : il n’y a pas d’attente à dire.")
        words = ngettext(
            "Le dernier appel pris depuis deux heures a attendu %(wait)s.",
            "Parmi les %(n)s derniers appels pris depuis deux heures, la moitié ont attendu moins de %(wait)s.",
            self.taken,
        )
        return words % {"n": self.taken, "wait": duration(self.median)}


def waiting_now(at: datetime | None = None, rings: Iterable[datetime] | None = None) -> Waiting:
    """The wait on the line at this moment. Two queries; one when it is known since when calls ring (``rings``)."""
    at = at or now()
    if rings is None:
        rings = LineCall.objects.filter(state__in=(RINGING, ANSWERED)).values_list("rang_at", flat=True)
    rings = list(rings)
    taken = (
        LineCall.objects.filter(rang_at__gte=at - LATELY, rang_at__lte=at, taken_at__isnull=False)
        .order_by("-rang_at")
        .values_list("rang_at", "taken_at")[:LAST]
    )
    waits = sorted(max(0.0, (until - since).total_seconds()) for since, until in taken if until)
    return Waiting(
        at=at,
        ringing=len(rings),
        longest=max((int((at - since).total_seconds()) for since in rings), default=0),
        taken=len(waits),
        median=median(waits) if waits else None,
    )


def duration(seconds: float) -> str:
    """« 40 secondes », « 2 min 10 s »."""
    whole = round(seconds)
    if whole < 60:
        return ngettext("%(n)s seconde", "%(n)s secondes", whole) % {"n": whole}
    return _("%(minutes)s min %(seconds)02d s") % {"minutes": whole // 60, "seconds": whole % 60}


@dataclass(frozen=True)
class Crew:
    """Who could take a call now, who is at work but busy, who comes next today."""

    free: list[OnShift]
    busy: list[OnShift]
    later: list[OnShift]


def crew(language: str = "", skill: str = "", at: datetime | None = None) -> Crew:
    """Those of the rota who take calls and are not away, perhaps only those with a language or a skill. Three queries.

    Busy: they have a contact in hand, on any channel. How long is nobody's business.
    """
    at = at or now()
    there, later = on_shift(at), next_up(at)
    taken = in_contact()

    def fits(one: OnShift) -> bool:
        known = one.staff
        spoken = not language or language in known.languages
        return one.takes_calls and spoken and (not skill or skill in known.skills)

    return Crew(
        free=[one for one in there if fits(one) and one.staff.account_id not in taken],
        busy=[one for one in there if fits(one) and one.staff.account_id in taken],
        later=[one for one in later if fits(one)],
    )


def in_contact() -> set[UUID]:
    """The accounts that have a contact in hand; nobody for who does not answer calls. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id FROM indicators.in_contact() AS taken(account_id)")
        return {row[0] for row in cursor.fetchall()}
