"""What the tests of interventions share: a moment, an intervention already far in its life, who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gruppetto.kernel.access.models import Grant
from gruppetto.kernel.clock import PARIS, now
from gruppetto.service.interventions.models import Attempt, Intervention, Move
from gruppetto.service.interventions.states import AFTER_ANSWER
from gruppetto.service.interventions.verbs.steps import same_person
from tests.support import factories as make
from tests.support.database import as_owner

# A Monday, at nine: the platform is open.
MONDAY = datetime(2026, 3, 2, 9, tzinfo=PARIS)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def may_speak_of(who: make.Colleague, person: Any) -> None:
    """Somebody who has the person on the line sees them for the time of the contact."""
    with as_owner():
        Grant.objects.create(account=who.account, person_id=person.pk, source="test:contact", why="contact")


def put(intervention: Intervention, state: str, *, worker: make.Colleague | None = None) -> Intervention:
    """The intervention as if it had come to ``state`` weeks ago, everything that the state asks for said."""
    at = now()
    answered = state in AFTER_ANSWER
    with as_owner():
        Intervention.objects.filter(pk=intervention.pk).update(
            state=state,
            worker_id=worker.account.pk if worker else intervention.worker_id,
            answered_at=at - days(45) if answered else None,
            outcome="done" if answered else "",
            answer="C’est fait." if answered else "",
            confirmed_at=at - days(20) if state == "confirmed" else None,
            confirmed_to=intervention.worker_id if state == "confirmed" else None,
            closed_at=at if state == "closed" else None,
        )
        intervention.refresh_from_db()
        for how, ago in (("call", 44), ("call", 43), ("letter", 43)) if answered else ():
            Attempt.objects.create(
                **same_person(intervention), intervention=intervention, how=how, at=at - days(ago)
            )
        if state == "not_confirmed":
            Move.objects.create(
                **same_person(intervention),
                intervention=intervention,
                source="answered",
                target=state,
                verb="give_up_confirming",
                at=at - days(20),
                actor="job:test",
            )
    return intervention


@contextmanager
def each_forgotten() -> Iterator[None]:
    """What happens inside leaves no trace: the next case finds the stage as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
