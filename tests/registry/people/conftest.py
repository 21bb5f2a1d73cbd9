"""Alice holds Jeanne's portfolio, Bob another one, Charlie answers the phone and has no contact under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from gruppetto.kernel.access.models import Grant
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.people.models import Person
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner


@dataclass(frozen=True)
class Cast:
    """Who is on stage, and two portfolios; Jeanne lives in Revel, in the first one."""

    alice: Staff
    bob: Staff
    charlie: Staff
    jeanne: Person
    portfolio: Portfolio
    other: Portfolio

    @property
    def portfolio_id(self) -> int:
        return self.portfolio.pk

    @property
    def other_id(self) -> int:
        return self.other.pk


@pytest.fixture
def cast(db: None) -> Cast:
    alice, bob = make.colleague("Alice"), make.colleague("Bob")
    revel = make.commune()
    team = make.team(serves=revel)
    portfolio, other = make.portfolio(team, alice), make.portfolio(team, bob)
    jeanne = make.person(within=portfolio, usage_name="Roux", family_name="Martin")
    make.home(jeanne, revel)
    make.phone(jeanne)
    return Cast(alice.signed_in, bob.signed_in, staff("Charlie", "agent"), jeanne, portfolio, other)


def contact_with(who: Staff, person_id: UUID) -> UUID:
    """What a contact under way gives: its identifier, and a grant on the person for those who took it."""
    contact_id = new_id()
    with as_owner():
        Grant.objects.create(
            account=who.account,
            person_id=person_id,
            starts=now() - timedelta(hours=1),
            until=now() + timedelta(hours=8),
            source=f"contact:{contact_id}",
            why="contact under way",
        )
    return contact_id


def journaled(person_id: UUID | None = None) -> list[str]:
    """The verbs written about a person (or nobody), in order."""
    with as_owner():
        return list(
            Entry.objects.filter(person_id=person_id)
            .order_by("recorded_at", "id")
            .values_list("verb", flat=True)
        )


@contextmanager
def as_worker(job: str) -> Iterator[None]:
    """As the worker's role, in one job."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE gruppetto_worker")
    try:
        with acting(Actor.job(job)):
            yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE gruppetto_web")
