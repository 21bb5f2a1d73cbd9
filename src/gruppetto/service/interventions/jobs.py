"""What follows from interventions: acknowledgement, the call we owe, giving up, closing, following a hand-over."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, F, OuterRef

from gruppetto.kernel import journal, outbox
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import moment_text
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.coverage.models import Holding
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.contacts.events import CALL_BACK_CHANGED
from gruppetto.service.contacts.models import CallBack
from gruppetto.service.contacts.verbs import owe_call_back
from gruppetto.service.interventions.models import ACTIVE, Attempt, Handover, Intervention, Paper, State
from gruppetto.service.interventions.states import WAITING
from gruppetto.service.interventions.verbs import attempt, close, give_up_confirming, wake
from gruppetto.service.interventions.verbs.answering import (
    LETTER_PATIENCE,
    REST_BEFORE_CLOSING,
    attempts_since_answer,
)
from gruppetto.service.interventions.verbs.steps import change_hands, crew_of, name_of, step
from gruppetto.service.messages.verbs import prepare

CHUNK = 500
BEGUN = (State.IN_PROGRESS, *WAITING)


@job("interventions.acknowledge")
def acknowledge(subject_id: str, **fact: object) -> None:
    """Prepare the acknowledgement with the precise delay (Q15)."""
    intervention = Intervention.objects.get(pk=subject_id)
    wanted = sorted(intervention.papers.filter(state=Paper.State.NEEDED), key=lambda paper: paper.code)
    papers = "\n".join(f"- {paper.label}" for paper in wanted)
    prepare(
        intervention.subject_id,
        kind="acknowledgement-papers" if papers else "acknowledgement",
        key=f"acknowledgement:{intervention.pk}",
        facts={
            "reference": intervention.reference,
            "title": intervention.title,
            "worker": name_of(intervention.worker_id) or "Notre équipe",
            "delay": f"au plus tard {moment_text(intervention.due_at)}",
            "papers": papers,
        },
        intervention_id=intervention.pk,
        promised_until=intervention.due_at,
    )


@job("interventions.owe_the_answer")
def owe_the_answer(subject_id: str, **fact: object) -> None:
    """An answer is read to the person by phone: the call is owed at once, to who has a telephone."""
    intervention = Intervention.objects.get(pk=subject_id)
    if intervention.state != State.ANSWERED:
        return
    try:
        owe_call_back(
            why=CallBack.Why.CONFIRM,
            person_id=intervention.subject_id,
            intervention_id=intervention.pk,
            due_at=now(),
        )
    except Refused as refused:
        # The correspondent reads it to them at the next visit; it stays in the list « à confirmer ».
        if refused.code != "no-number":
            raise


@job("interventions.count_calls")
def count_calls(subject_id: str, **fact: object) -> None:
    """A call owed for an answer was tried in vain: it counts among the tries, each one once."""
    owed = (
        CallBack.objects.filter(pk=subject_id, why=CallBack.Why.CONFIRM)
        .exclude(state=CallBack.State.DONE)
        .first()
    )
    if owed is None or owed.intervention_id is None:
        return
    intervention = Intervention.objects.get(pk=owed.intervention_id)
    if intervention.state != State.ANSWERED:
        return
    noted = [one for one in attempts_since_answer(intervention) if one.how == Attempt.How.CALL]
    for _missing in range(owed.attempts - len(noted)):
        attempt(intervention.pk)


@job("interventions.drop_the_call")
def drop_the_call(subject_id: str, **fact: object) -> None:
    """The person has spoken: the call that was owed for the answer has no object any more."""
    intervention = Intervention.objects.get(pk=subject_id)
    if intervention.state == State.ANSWERED:
        return
    owed = CallBack.objects.filter(
        intervention_id=intervention.pk, why=CallBack.Why.CONFIRM, state=CallBack.State.DUE
    )
    for one in owed.order_by("id"):
        if owed.filter(pk=one.pk).update(state=CallBack.State.MOOT, done_at=now()):
            journal.act(
                "call_back.moot",
                subject=("contacts.callback", one.pk),
                person_id=one.subject_id,
                portfolio_id=one.portfolio_id,
            )
            outbox.publish(CALL_BACK_CHANGED, one.pk)


@job("interventions.follow_portfolio")
def follow_portfolio(portfolio_id: int, **fact: object) -> None:
    """A portfolio changed hands: the work under way goes to whoever holds it now (nothing moves by hand)."""
    follow(portfolio_id)


@job("interventions.follow_absence")
def follow_absence(subject_id: str, **fact: object) -> None:
    """Somebody is away from today on: what they have not begun goes at once to who stands in for them."""
    for portfolio_id in Holding.objects.filter(
        staff_id=subject_id, capacity="holder", during__contains=today()
    ).values_list("portfolio_id", flat=True):
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
    """Give the work of a portfolio to its worker of today; returns how much changed hands.

    Not begun: from whoever is not there today, unless a colleague handed it on to them. Begun: only from who no longer
    holds the portfolio nor stands in, as it is; somebody away for a week finds their own work again. What a supervisor
    keeps stays theirs.
    """
    worker = worker_of(portfolio_id, today())
    if worker.account_id is None:
        return 0
    crew, moved = crew_of(portfolio_id), 0
    work = Intervention.objects.filter(portfolio_id=portfolio_id).order_by("id")
    handed = Handover.objects.filter(
        intervention=OuterRef("pk"), to_id=OuterRef("worker_id"), state=Handover.State.ACCEPTED
    )
    to_begin = work.filter(state__in=(State.OPENED, State.ASSIGNED)).exclude(
        Exists(handed), worker_id__in=crew.holding
    )
    for intervention in to_begin.exclude(worker_id__in={worker.account_id, *crew.leading})[:CHUNK]:
        step(intervention, "assign", why=worker.capacity, worker_id=worker.account_id, queue_reason="")
        moved += 1
    begun = work.filter(state__in=BEGUN)
    for intervention in begun.exclude(worker_id__in=crew.holding | crew.leading)[:CHUNK]:
        change_hands(intervention, worker.account_id, worker.capacity)
        moved += 1
    return moved


@every("interventions.wake_what_is_due", "*/5 * * * *")
def wake_what_is_due() -> None:
    """What was put aside until now comes back on top of the list; selects what is due (decisions 23)."""
    due = Intervention.objects.filter(snoozed_until__lte=now()).order_by("snoozed_until")
    for key in list(due.values_list("pk", flat=True)[:CHUNK]):
        _one(wake, key)


@every("interventions.end_what_is_over", "40 * * * *")
def end_what_is_over() -> None:
    """Give up confirming what had two calls and a letter, close what has rested; selects what is due (decisions 23)."""
    at = now()
    for verb, rows in (
        (
            give_up_confirming,
            Intervention.objects.filter(
                state=State.ANSWERED,
                attempts__how="letter",
                attempts__at__gte=F("answered_at"),
                attempts__at__lte=at - LETTER_PATIENCE,
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
