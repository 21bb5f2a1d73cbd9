"""Taking a step of the table: who may, the clock, the compare-and-set, the trace."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import TooLate, Unknown
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.interventions import events, states
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Intervention, Move


def get(intervention_id: UUID) -> Intervention:
    """The intervention, if the actor may see it. Raises ``Unknown`` (a stranger cannot tell it from absence)."""
    found = Intervention.objects.filter(pk=intervention_id).first()
    if found is None:
        raise Unknown(_("Cette intervention n’est pas dans votre périmètre."), code="intervention-unknown")
    return found


def who_am_i(intervention: Intervention) -> frozenset[str]:
    """What the current actor is to this intervention, as ``states.STEPS`` understands it.

    The worker: who it is confided to, and the holder or substitute of the portfolio today. The supervisor: one
    whose teams include the portfolio (a call taken for another team's person does not make one).
    """
    actor = current_actor()
    if actor.account_id is None:
        return frozenset({states.PLATFORM})
    who = {states.ANYONE}
    if actor.account_id in (
        intervention.worker_id,
        worker_of(intervention.portfolio_id, today()).account_id,
    ):
        who.add(states.WORKER)
    if actor.role == "supervisor" and intervention.portfolio_id in _scope():
        who.add(states.SUPERVISOR)
    return frozenset(who)


def _scope() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.scope()")
        return list(cursor.fetchone()[0])


def step(
    intervention: Intervention,
    verb: str,
    *,
    why: str = "",
    at: datetime | None = None,
    promise: Promise | None = None,
    **changes: Any,
) -> Intervention:
    """Take ``verb`` on ``intervention`` as read by this act, writing ``changes`` with it.

    ``promise``: a new clock in place of the running one. Raises ``Refused``/``NotYours`` (the table), ``TooLate`` when somebody changed it meanwhile.
    """
    at = at or now()
    taken = states.check(verb, intervention.state, who_am_i(intervention))
    promise = (promise or Promise.from_json(intervention.clock)).entering(taken.target, at)
    values = {
        "state": taken.target,
        "clock": promise.to_json(),
        "due_at": promise.due(unless_stopped=intervention.due_at),
        **changes,
    }
    written = Intervention.objects.filter(pk=intervention.pk, version=intervention.version).update(
        version=F("version") + 1, **values
    )
    if not written:
        raise TooLate(
            _("Quelqu’un vient de modifier cette intervention. Relisez-la avant de continuer."),
            code="intervention-changed",
        )
    source = intervention.state
    for name, value in values.items():
        setattr(intervention, name, value)
    intervention.version += 1
    trace(intervention, verb, source, why, at)
    return intervention


def trace(intervention: Intervention, verb: str, source: str, why: str, at: datetime) -> None:
    """Write the move, the journal and the fact of a step just taken."""
    actor = current_actor()
    Move.objects.create(
        **same_person(intervention),
        intervention=intervention,
        source=source,
        target=intervention.state,
        verb=verb,
        why=why,
        at=at,
        account_id=actor.account_id,
        actor=actor.name,
    )
    body: dict[str, object] = {"source": source, "target": intervention.state, "why": why}
    if intervention.outcome:
        body["outcome"] = intervention.outcome
    journal.act(
        f"intervention.{verb}",
        subject=("interventions.intervention", intervention.pk),
        person_id=intervention.person_id,
        portfolio_id=intervention.portfolio_id,
        body=body,
    )
    outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)


def same_person(intervention: Intervention) -> dict[str, Any]:
    """The columns that a row hung on an intervention shares with it."""
    return {
        "shelf": intervention.shelf,
        "portfolio_id": intervention.portfolio_id,
        "department": intervention.department,
    }
