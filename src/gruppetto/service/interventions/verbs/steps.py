"""Taking a step of the table: who may, the clock, the compare-and-set, the trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import TooLate, Unknown
from gruppetto.registry.coverage.models import Holding, TeamMember
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.interventions import events, states
from gruppetto.service.interventions.clocks import Promise
from gruppetto.service.interventions.models import Handover, Intervention, Move, Notice

LONGEST_WHY = 300
# No longer put aside, no longer come back.
AT_HAND: dict[str, Any] = {"snoozed_until": None, "snooze_why": "", "back_at": None}
# Steps after which a hand-over offered before has no object.
ENDS_AN_OFFER = ("assign", "answer", "cancel", "merge")


def get(intervention_id: UUID) -> Intervention:
    """The intervention, if the actor may see it. Raises ``Unknown`` (a stranger cannot tell it from absence)."""
    found = Intervention.objects.filter(pk=intervention_id).first()
    if found is None:
        raise Unknown(_("Cette intervention n’est pas dans votre périmètre."), code="intervention-unknown")
    return found


def who_am_i(intervention: Intervention) -> frozenset[str]:
    """What the current actor is to this intervention, as the table of ``states`` understands it.

    The worker: who it is confided to, and the holder or substitute of the portfolio today. The supervisor: one
    whose teams include the portfolio (a call taken for another team's person does not make one).
    """
    actor = current_actor()
    if actor.account_id is None:
        return frozenset({states.PLATFORM})
    who = {states.ANYONE}
    # Asked in this order: on a correspondent's own page the first answer is enough, and costs no query.
    if (
        actor.account_id == intervention.worker_id
        or actor.account_id == worker_of(intervention.portfolio_id, today()).account_id
    ):
        who.add(states.WORKER)
    if actor.role == "supervisor" and intervention.portfolio_id in portfolios_in_scope():
        who.add(states.SUPERVISOR)
    return frozenset(who)


def name_of(account_id: UUID | None) -> str:
    """The name of who has this account; empty for nobody."""
    if account_id is None:
        return ""
    return Account.objects.filter(pk=account_id).values_list("name", flat=True).first() or ""


def portfolios_in_scope() -> list[int]:
    """The portfolios the current actor sees, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.scope()")
        return sorted(cursor.fetchone()[0])


@dataclass(frozen=True)
class Crew:
    """The accounts that see a portfolio today: who holds it or stands in, and who leads its team."""

    holding: frozenset[UUID]
    leading: frozenset[UUID]


def crew_of(portfolio_id: int) -> Crew:
    """Who could be entrusted with the work of a portfolio: nobody else would see it (2 queries)."""
    on = today()
    holding = Holding.objects.filter(portfolio_id=portfolio_id, during__contains=on)
    leading = TeamMember.objects.filter(team__portfolios=portfolio_id, leads=True, during__contains=on)
    return Crew(
        frozenset(holding.values_list("staff__account_id", flat=True)),
        frozenset(leading.values_list("staff__account_id", flat=True)),
    )


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

    ``promise``: a new clock in place of the running one. Raises ``Refused``/``NotYours`` (the table), ``TooLate``
    when somebody changed it meanwhile.
    """
    at = at or now()
    taken = states.check(verb, intervention.state, who_am_i(intervention))
    promise = (promise or Promise.from_json(intervention.clock)).entering(taken.target, at)
    values = {
        "state": taken.target,
        "state_since": at,
        "clock": promise.to_json(),
        "due_at": promise.due(unless_stopped=intervention.due_at),
        # Whoever takes a step has it before them again.
        **AT_HAND,
        **changes,
    }
    source = intervention.state
    write(intervention, values)
    trace(intervention, verb, source, why, at)
    if verb in ENDS_AN_OFFER:
        withdraw_offers(intervention, at)
    tell_followers(intervention, at)
    return intervention


def change_hands(intervention: Intervention, account_id: UUID, why: str) -> Intervention:
    """Entrust work under way to ``account_id`` without touching its state: what was awaited is still awaited."""
    at = now()
    write(intervention, {"worker_id": account_id})
    trace(intervention, "assign", intervention.state, why, at)
    withdraw_offers(intervention, at)
    tell_followers(intervention, at)
    return intervention


def write(intervention: Intervention, values: dict[str, Any]) -> None:
    """Compare and set, on the version read by this act. Raises ``TooLate``."""
    written = Intervention.objects.filter(pk=intervention.pk, version=intervention.version).update(
        version=F("version") + 1, **values
    )
    if not written:
        raise TooLate(
            _("Quelqu’un vient de modifier cette intervention. Relisez-la avant de continuer."),
            code="intervention-changed",
        )
    for name, value in values.items():
        setattr(intervention, name, value)
    intervention.version += 1


def move_of(intervention: Intervention, verb: str, source: str, target: str, why: str, at: datetime) -> Move:
    """The line of its life for a step just taken, not yet written."""
    actor = current_actor()
    return Move(
        **same_person(intervention),
        intervention=intervention,
        source=source,
        target=target,
        verb=verb,
        why=why[:LONGEST_WHY],
        at=at,
        account_id=actor.account_id,
        actor=actor.name,
    )


def trace(intervention: Intervention, verb: str, source: str, why: str, at: datetime) -> None:
    """Write the move, the journal and the fact of a step just taken."""
    move_of(intervention, verb, source, intervention.state, why, at).save(force_insert=True)
    announce(intervention, verb, source, why)


def announce(intervention: Intervention, verb: str, source: str, why: str) -> None:
    """Write the journal and the fact of a step just taken."""
    body: dict[str, object] = {"source": source, "target": intervention.state, "why": why}
    if intervention.outcome:
        body["outcome"] = intervention.outcome
    record(f"intervention.{verb}", intervention, **body)
    outbox.publish(events.MOVED, intervention.pk, portfolio_id=intervention.portfolio_id)


def record(name: str, intervention: Intervention, **body: object) -> None:
    """Journal what was done to an intervention beside its steps."""
    journal.act(
        name,
        subject=("interventions.intervention", intervention.pk),
        person_id=intervention.subject_id,
        portfolio_id=intervention.portfolio_id,
        body=body,
    )


def withdraw_offers(intervention: Intervention, at: datetime) -> None:
    """The work changed hands or is over: what was offered to a colleague is no longer (1 query)."""
    Handover.objects.filter(intervention=intervention, state=Handover.State.OFFERED).update(
        state=Handover.State.WITHDRAWN, answered_at=at
    )


FOLLOWERS = """
INSERT INTO interventions_notice (id, shelf, portfolio_id, department, intervention_id, account_id, kind, by_id, at)
SELECT gen_random_uuid(), %(shelf)s, %(portfolio)s, %(department)s, f.intervention_id, f.account_id, 'news', %(by)s,
       %(at)s
FROM interventions_follow f
WHERE f.intervention_id = %(id)s AND f.account_id IS DISTINCT FROM %(by)s
ON CONFLICT DO NOTHING
"""


def tell_followers(intervention: Intervention, at: datetime) -> None:
    """Those who follow it have news of it, once until they read it; not of what they did themselves (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            FOLLOWERS,
            {
                "id": intervention.pk,
                "shelf": intervention.shelf,
                "portfolio": intervention.portfolio_id,
                "department": intervention.department,
                "by": current_actor().account_id,
                "at": at,
            },
        )


def tell(
    intervention: Intervention, account_id: UUID, kind: Notice.Kind, *, note_id: UUID | None = None
) -> None:
    """Tell a colleague something of an intervention: it waits in their notices until they read it."""
    notice = Notice.objects.create(
        **same_person(intervention),
        intervention=intervention,
        account_id=account_id,
        kind=kind,
        note_id=note_id,
        by_id=current_actor().account_id,
        at=now(),
    )
    outbox.publish(events.NOTICE, notice.pk, portfolio_id=intervention.portfolio_id, account=str(account_id))


def same_person(intervention: Intervention) -> dict[str, Any]:
    """The columns that a row hung on an intervention shares with it."""
    return {
        "shelf": intervention.shelf,
        "portfolio_id": intervention.portfolio_id,
        "department": intervention.department,
    }
