"""What follows from interventions: acknowledgement, the call we owe, giving up, closing, following a hand-over."""

from __future__ import annotations

from uuid import UUID

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.contacts.verbs import owe_call_back
from gruppetto.service.interventions.models import ACTIVE, Intervention, State
from gruppetto.service.interventions.verbs import close, give_up_confirming
from gruppetto.service.interventions.verbs.answering import LETTER_PATIENCE, REST_BEFORE_CLOSING
from gruppetto.service.interventions.verbs.steps import step
from gruppetto.service.messages.verbs import prepare

CHUNK = 500


@job("interventions.acknowledge")
def acknowledge(subject_id: str, **fact: object) -> None:
    """Prepare the acknowledgement with the precise delay (Q15)."""
    intervention = Intervention.objects.get(pk=subject_id)
    worker = Account.objects.filter(pk=intervention.worker_id).values_list("name", flat=True).first()
    prepare(
        intervention.person_id,
        kind="acknowledgement",
        key=f"acknowledgement:{intervention.pk}",
        facts={
            "reference": intervention.reference,
            "title": intervention.title,
            "worker": worker or "Notre équipe",
            "delay": f"au plus tard {moment_text(intervention.due_at)}",
        },
        intervention_id=intervention.pk,
    )


@job("interventions.owe_the_answer")
def owe_the_answer(subject_id: str, **fact: object) -> None:
    """An answer is read to the person by phone: the call is owed at once."""
    intervention = Intervention.objects.get(pk=subject_id)
    if intervention.state == State.ANSWERED:
        owe_call_back(
            why="confirm", person_id=intervention.person_id, intervention_id=intervention.pk, due_at=now()
        )


@job("interventions.follow_portfolio")
def follow_portfolio(portfolio_id: int, **fact: object) -> None:
    """A portfolio changed hands: the work under way goes to whoever holds it now (nothing moves by hand)."""
    follow(portfolio_id)


@every("interventions.follow_all_portfolios", "20 2 * * *")
def follow_all_portfolios() -> None:
    """Each night: holders that changed today, substitutes who came back."""
    for portfolio_id in set(
        Intervention.objects.filter(state__in=ACTIVE, portfolio_id__gt=0).values_list(
            "portfolio_id", flat=True
        )
    ):
        follow(portfolio_id)


def follow(portfolio_id: int) -> int:
    """Assign the work under way of a portfolio to its worker of today; returns how much changed hands."""
    worker = worker_of(portfolio_id, today())
    if worker.account_id is None:
        return 0
    others = Intervention.objects.filter(
        portfolio_id=portfolio_id, state__in=(State.OPENED, State.ASSIGNED)
    ).exclude(worker_id=worker.account_id)
    moved = 0
    for intervention in others.order_by("id")[:CHUNK]:
        step(intervention, "assign", why=worker.capacity, worker_id=worker.account_id, queue_reason="")
        moved += 1
    return moved


@every("interventions.end_what_is_over", "40 * * * *")
def end_what_is_over() -> None:
    """Give up confirming what had two calls and a letter, close what has rested; selects what is due (decisions 23)."""
    at = now()
    for verb, rows in (
        (
            give_up_confirming,
            Intervention.objects.filter(
                state=State.ANSWERED, attempts__how="letter", attempts__at__lte=at - LETTER_PATIENCE
            ),
        ),
        (
            close,
            Intervention.objects.filter(state=State.CONFIRMED, confirmed_at__lte=at - REST_BEFORE_CLOSING),
        ),
        (
            close,
            Intervention.objects.filter(
                state=State.NOT_CONFIRMED,
                moves__target=State.NOT_CONFIRMED,
                moves__at__lte=at - REST_BEFORE_CLOSING,
            ),
        ),
    ):
        for key in list(rows.order_by("id").values_list("pk", flat=True).distinct()[:CHUNK]):
            _one(verb, key)


def _one(verb: object, key: UUID) -> None:
    """One row, one act: what one refuses does not hold back the others."""
    try:
        with acting(Actor.job("interventions.end_what_is_over")):
            verb(key)  # type: ignore[operator]  # a verb of one id
    except Refused:
        return
