"""What the tests of interventions share: a moment, an intervention already far in its life, who acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from gruppetto.kernel.access.models import Grant
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.identifiers import new_id, shelf_of
from gruppetto.service.contacts.models import Contact
from gruppetto.service.interventions.models import Attempt, Intervention, Merge, Move
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


def on_the_line(who: make.Colleague, person: Any, *, level: int = 2, state: str = "taken") -> UUID:
    """Somebody has the person on the line, identified to ``level``: the contact."""
    may_speak_of(who, person)
    at, key = now(), new_id()
    with as_owner():
        Contact.objects.create(
            id=key,
            shelf=shelf_of(key),
            channel="phone",
            state=state,
            happened_at=at,
            person_id=person.pk,
            person_shelf=person.shelf,
            taken_by_id=who.account.pk,
            taken_at=at,
            level=level,
        )
    return key


def companion(key: UUID) -> UUID:
    """Another intervention of the same person, made by ``put_companion``."""
    with as_owner():
        subject = Intervention.objects.values_list("subject_id", flat=True).get(pk=key)
        others = Intervention.objects.filter(subject_id=subject, title="L’autre demande").exclude(pk=key)
        return others.values_list("pk", flat=True).get()


def put_companion(intervention: Intervention) -> Intervention:
    """A second intervention of the same person, worked by the same one, of the same kind."""
    with as_owner():
        other = Intervention.objects.get(pk=intervention.pk)
        other.pk, other._state.adding = new_id(), True
        other.reference, other.title = f"I-2222-{other.pk.hex[-4:].upper()}", "L’autre demande"
        other.save(force_insert=True)
    return other


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
            merged_into=companion(intervention.pk) if state == "merged" else None,
        )
        if state == "merged":
            intervention.refresh_from_db()
            was = {"clock": intervention.clock, "due_at": at.isoformat(), "first_due_at": at.isoformat()}
            assert intervention.merged_into is not None
            Merge.objects.create(
                **same_person(intervention),
                kept=intervention.merged_into,
                absorbed=intervention,
                before={"kept": was, "absorbed": {**was, "state": "in_progress"}},
                moved={"papers": [], "documents": [], "filled": [], "clock": {}, "seconds": 0},
                at=at,
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
