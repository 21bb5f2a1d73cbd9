"""Putting work aside until a date: it leaves the list of what is to be done, and comes back to its top."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import outbox
from gruppetto.kernel.actors import verb
from gruppetto.kernel.calendars.arithmetic import next_opening
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Refused
from gruppetto.registry.coverage.reads import today
from gruppetto.service.interventions import events, states
from gruppetto.service.interventions.models import Intervention, Notice
from gruppetto.service.interventions.verbs.steps import (
    AT_HAND,
    LONGEST_WHY,
    get,
    record,
    tell,
    who_am_i,
    write,
)

FARTHEST = timedelta(days=92)


@verb
def snooze(intervention_id: UUID, day: date, why: str) -> Intervention:
    """Put it aside until the opening hour of ``day``, saying why. Its promise runs on: late, it is shown as late.

    Raises ``Refused`` (why-missing, day-past, day-too-far, state-forbidden), ``NotYours``, ``TooLate``.
    """
    if not why.strip():
        raise Refused(_("Dites pourquoi vous la mettez de côté."), code="why-missing", field="why")
    if day <= today():
        raise Refused(_("Choisissez un jour à partir de demain."), code="day-past", field="day")
    if day > today() + FARTHEST:
        raise Refused(
            _("C’est trop loin : trois mois au plus, la personne attend."), code="day-too-far", field="day"
        )
    intervention = get(intervention_id)
    states.check_beside("snooze", intervention.state, who_am_i(intervention))
    at = now()
    until = opening_of(day, at)
    write(intervention, {"snoozed_until": until, "snooze_why": why.strip()[:LONGEST_WHY], "back_at": None})
    record("intervention.snoozed", intervention, until=until, why=why.strip())
    outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
    return intervention


def opening_of(day: date, at: datetime) -> datetime:
    """When the platform opens on ``day``, or first opens after it, by the hours in force ``at`` (UTC)."""
    return next_opening(datetime.combine(day, time.min, PARIS), hours_in_force(at))


@verb
def wake(intervention_id: UUID) -> Intervention:
    """Take it up again before its date, or at its date (the job): it comes back on top of the list.

    Raises ``Refused`` (not-put-aside, too-early for the job), ``NotYours``, ``TooLate``.
    """
    intervention, at = get(intervention_id), now()
    if intervention.snoozed_until is None:
        raise Refused(_("Cette demande n’est pas mise de côté."), code="not-put-aside")
    who = who_am_i(intervention)
    states.check_beside("wake", intervention.state, who)
    by_date = states.PLATFORM in who
    if by_date and intervention.snoozed_until > at:
        raise Refused(_("Sa date n’est pas encore venue."), code="too-early")
    write(intervention, {**AT_HAND, "back_at": at if by_date else None})
    record("intervention.woken", intervention, by_date=by_date)
    outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)
    if by_date and intervention.worker_id:
        tell(intervention, intervention.worker_id, Notice.Kind.BACK)
    return intervention
