"""The cast of the trade's tests: Alice holds Jeanne's portfolio, Bob another, Charlie answers, Sylvie leads."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gruppetto.registry.coverage.models import Portfolio, Team
from gruppetto.registry.people.models import Person
from tests.support import factories as make


@dataclass(frozen=True)
class Cast:
    """Who is on stage."""

    alice: make.Colleague
    bob: make.Colleague
    charlie: make.Colleague
    sylvie: make.Colleague
    team: Team
    portfolio: Portfolio
    other: Portfolio
    jeanne: Person


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in the test's transaction."""
    return on_stage()


def on_stage() -> Cast:
    """Jeanne lives in Revel, in the portfolio Alice holds; Bob stands in for Alice and holds another portfolio."""
    make.catalogue()
    alice, bob = make.colleague("Alice"), make.colleague("Bob")
    charlie, sylvie = make.colleague("Charlie", "agent"), make.colleague("Sylvie", "supervisor")
    revel = make.commune()
    team = make.team(leader=sylvie, serves=revel)
    portfolio = make.portfolio(team, alice, substitute=bob)
    other = make.portfolio(team, bob, substitute=alice)
    jeanne = make.person(within=portfolio)
    make.home(jeanne, revel)
    make.phone(jeanne, verified_by=bob)
    return Cast(alice, bob, charlie, sylvie, team, portfolio, other, jeanne)
