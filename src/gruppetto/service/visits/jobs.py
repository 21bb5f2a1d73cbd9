"""The clock of visits: silence raises the alarm, an alarm that nobody takes reaches more colleagues, rows go in time.

Each minute selects what is due (decisions 23): after a stop of the worker or of the database, what was due is raised
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.jobs.queue import every
from gruppetto.service.visits.models import Visit
from gruppetto.service.visits.privacy import ALARM_DAYS, ENDED_DAYS
from gruppetto.service.visits.verbs import LARGEST_CIRCLE, raise_silent, widen

S = Visit.State
WATCH = "visits.watch"
CHUNK = 500


@every(WATCH, "* * * * *", in_steps=True)
def watch() -> None:
    """Each minute."""
    look_around()


@every("visits.forget", "30 2 * * *")
def forget() -> None:
    """Each night."""
    forget_what_is_old()


def look_around() -> None:
    """Raise the alarm of visits whose time is over; widen those that nobody has taken. Each in an act of its own."""
    with acting(Actor.job(WATCH)):
        silent = _keys(Visit.objects.filter(state=S.UNDER_WAY, alarm_at__lte=now()).order_by("alarm_at"))
    _each(raise_silent, silent)
    with acting(Actor.job(WATCH)):
        waiting = [
            visit.pk
            for visit in Visit.objects.filter(state=S.RAISED, circle__lt=LARGEST_CIRCLE)
            .only("circle", "raised_at")
            .order_by("raised_at")[:CHUNK]
            if visit.raised_at
            and visit.raised_at + timedelta(minutes=settings.GRUPPETTO_VISIT_WIDEN) * visit.circle <= now()
        ]
    _each(widen, waiting)


def forget_what_is_old() -> None:
    """Visits that went well go after a day, alarms three months after their end."""
    for rows, order in (
        (Visit.objects.filter(state=S.ENDED, out_at__lt=now() - timedelta(days=ENDED_DAYS)), "out_at"),
        (Visit.objects.filter(state=S.CLOSED, closed_at__lt=now() - timedelta(days=ALARM_DAYS)), "closed_at"),
    ):
        Visit.objects.filter(pk__in=_keys(rows.order_by(order))).delete()


def _keys(rows: QuerySet[Visit]) -> list[UUID]:
    return list(rows.values_list("pk", flat=True)[:CHUNK])


def _each(verb: Callable[[UUID], None], keys: Iterable[UUID]) -> None:
    """One row, one act: what one refuses does not hold back the others."""
    for key in keys:
        try:
            with acting(Actor.job(WATCH)):
                verb(key)
        except Refused:
            continue
