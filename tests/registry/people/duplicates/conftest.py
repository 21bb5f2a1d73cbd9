"""Dora leads the team; Jeanne is on file twice: as Jeanne Roux with Alice, as Jeanne Martin with Bob."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.people.duplicates.plan import plan
from gruppetto.registry.people.merging import Pair
from gruppetto.registry.people.models import Person
from tests.support import factories as make
from tests.support.actors import Staff


@dataclass(frozen=True)
class Twice:
    """Who is on stage: ``roux`` and ``martin`` are one person, ``paul`` is another."""

    dora: Staff
    alice: Staff
    bob: Staff
    roux: Person
    martin: Person
    paul: Person
    first: Portfolio
    second: Portfolio

    def again(self, person: Person) -> Person:
        """The record as it is now."""
        return Person.objects.get(pk=person.pk)


@pytest.fixture
def twice(db: None) -> Twice:
    alice, bob, dora = make.colleague("Alice"), make.colleague("Bob"), make.colleague("Dora", "supervisor")
    revel = make.commune()
    team = make.team(leader=dora, serves=revel)
    first, second = make.portfolio(team, alice), make.portfolio(team, bob)
    unseen = {"first_visit_on": None, "birth_date": date(1944, 5, 3)}
    roux = make.person("Martin", "Jeanne", within=first, usage_name="Roux", **unseen)
    martin = make.person("Martin", "Jeanne", within=second, **unseen)
    paul = make.person("Petit", "Paul", within=second, birth_date=date(1950, 1, 2))
    make.phone(roux, "+33561000001")
    make.phone(martin, "+33561000001")
    make.home(roux, revel)
    return Twice(dora.signed_in, alice.signed_in, bob.signed_in, roux, martin, paul, first, second)


@pytest.fixture
def every_choice() -> Callable[..., dict[str, str]]:
    """The first choice for each conflict, but for those named."""

    def choose(kept: Person, lost: Person, **others: str) -> dict[str, str]:
        found = plan(Pair(kept, lost)).conflicts
        return {one.code: others.get(one.code, one.choices[0].code) for one in found}

    return choose
