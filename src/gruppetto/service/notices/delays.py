"""A promise that will not be kept is told before it is broken, with its new date; the new one is a promise too (Q15).

What a person was told last is the latest ``promised_until`` of the messages about their request: each date is told
once, whatever runs twice. The first promise stays in the figures as it was: telling does not make it kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.service.interventions.clocks import STOPPED, Promise
from gruppetto.service.interventions.models import ACTIVE, Intervention, State
from gruppetto.service.interventions.verbs.steps import name_of
from gruppetto.service.messages.models import Message
from gruppetto.service.messages.verbs import prepare

KIND = "delay"
AHEAD = timedelta(hours=4)
"""How long before a date that was told the next one is, when it will not do either."""
CHUNK = 500


def told(intervention: Intervention) -> datetime:
    """The date the person knows (1 query)."""
    known = Message.objects.filter(intervention_id=intervention.pk, promised_until__isnull=False)
    last = known.exclude(state=Message.State.DROPPED).aggregate(last=Max("promised_until"))["last"]
    return last or intervention.first_due_at


def announced(interventions: Iterable[UUID]) -> dict[UUID, datetime]:
    """The last date that was announced in place of the first, by request; absent when none was (1 query)."""
    known = Message.objects.filter(
        intervention_id__in=set(interventions), kind=KIND, promised_until__isnull=False
    )
    dates = known.exclude(state=Message.State.DROPPED).order_by().values_list("intervention_id")
    return dict(dates.annotate(last=Max("promised_until")))


@verb
def tell_it_takes_longer(intervention_id: UUID) -> Message | None:
    """The date told will be broken: prepare the waiting message with a new one; None when there is nothing to tell.

    The new date gives the whole delay again from now, in the hours promised under: it is meant to be kept.
    """
    intervention, at = _running(intervention_id), now()
    if intervention is None:
        return None
    known = told(intervention)
    if known > at + AHEAD and known > intervention.due_at:
        return None
    promise = Promise.from_json(intervention.clock)
    until = Promise.begin(at, promise.clock.target, promise.rules).due(unless_stopped=known)
    return _tell(intervention, known, until) if until > known else None


@verb
def tell_it_moved(intervention_id: UUID) -> Message | None:
    """The promise itself was moved later: prepare the waiting message with its date, unless the person knows it."""
    intervention = _running(intervention_id)
    if intervention is None:
        return None
    known = told(intervention)
    return _tell(intervention, known, intervention.due_at) if intervention.due_at > known else None


def about_to_pass(at: datetime) -> list[UUID]:
    """The requests whose last date told passes soon, still under way."""
    soon = Message.objects.filter(kind=KIND, promised_until__gt=at - AHEAD, promised_until__lte=at + AHEAD)
    keys = (
        soon.exclude(state=Message.State.DROPPED)
        .order_by("promised_until")
        .values_list("intervention_id", flat=True)
    )
    running = Intervention.objects.filter(pk__in=list(keys[:CHUNK]), state__in=RUNNING)
    return [one.pk for one in running.order_by("due_at", "id") if told(one) <= at + AHEAD]


RUNNING = [state for state in ACTIVE if state not in STOPPED]


def _running(intervention_id: UUID) -> Intervention | None:
    """The request if we still owe its answer, and nobody but us is awaited."""
    return (
        Intervention.objects.select_for_update(no_key=True)
        .filter(pk=intervention_id, state__in=RUNNING)
        .first()
    )


def _tell(intervention: Intervention, known: datetime, until: datetime) -> Message:
    waits = intervention.state == State.WAITING_PROVIDER
    why = (
        _("Nous attendons la réponse de l’organisme.")
        if waits
        else _("Votre demande nous prend plus de travail que prévu.")
    )
    return prepare(
        intervention.subject_id,
        kind=KIND,
        key=f"delay:{intervention.pk}:{known:%Y%m%dT%H%M}",
        facts={
            "reference": intervention.reference,
            "title": intervention.title,
            "worker": name_of(intervention.worker_id) or _("Notre équipe"),
            "delay": _("au plus tard %(moment)s") % {"moment": moment_text(until)},
            "why": why,
        },
        intervention_id=intervention.pk,
        promised_until=until,
    )
