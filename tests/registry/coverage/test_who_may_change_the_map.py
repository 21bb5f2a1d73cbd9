"""Rights to see follow from teams, portfolios and holders: no page of another role changes them, even by plain SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.access.rules import roles
from gruppetto.kernel.actors import Actor, acting, verb
from gruppetto.kernel.errors import Refused
from gruppetto.registry.coverage.models import TeamMember
from tests.support import factories as make
from tests.support.actors import staff

pytestmark = pytest.mark.django_db
MAP = ("territory", "zone", "zonepart", "team", "teammember", "coverage", "portfolio", "holding")
TABLES = [f"coverage_{name}" for name in MAP] + ["staff_staff"]
MAP_KEEPERS = {"back_office"}
# A supervisor hands portfolios over, and keeps the records of their team.
KEEPERS = {"supervisor", "back_office"}


def refusal(actor: Actor, order: str) -> str:
    """What PostgreSQL says to an order; nothing when it obeys."""
    with acting(actor):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(order)
        except DatabaseError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("role", sorted(roles()))
def test_only_who_keeps_the_lists_changes_the_map(role: str) -> None:
    actor = staff("Alix", role).actor
    for table in TABLES:
        shared = table in ("coverage_holding", "staff_staff")
        may = role in (KEEPERS if shared else MAP_KEEPERS)
        may = may or (role == "administrator" and table == "staff_staff")
        for order in (f"UPDATE {table} SET id = id WHERE false", f"DELETE FROM {table} WHERE false"):
            said = refusal(actor, order)
            assert ("is kept by" in said, said == "") == (not may, may), order


def test_a_correspondent_does_not_make_themselves_the_leader_of_a_team() -> None:
    alix = make.colleague("Alix", "correspondent")
    theirs = make.team()

    @verb
    def lead() -> None:
        TeamMember.objects.create(team=theirs, staff=alix.record, leads=True, during=make.FOR_EVER)

    with acting(alix.actor):
        with pytest.raises(Refused, match="Votre rôle ne permet pas de changer cela"):
            lead()
        with connection.cursor() as cursor:
            cursor.execute("SELECT access.scope()")
            assert cursor.fetchone() == ([],)


def test_who_keeps_the_lists_makes_nobody_but_a_supervisor_a_leader() -> None:
    gisele, alix = make.colleague("Gisèle", "back_office"), make.colleague("Alix", "correspondent")
    sylvie, theirs = make.colleague("Sylvie", "supervisor"), make.team()

    @verb
    def lead(who: make.Colleague) -> None:
        TeamMember.objects.create(team=theirs, staff=who.record, leads=True, during=make.FOR_EVER)

    with acting(gisele.actor):
        for nobody in (gisele, alix):
            with pytest.raises(Refused) as refused:
                lead(nobody)
            assert refused.value.code == "only-a-supervisor-leads-a-team"
        lead(sylvie)
