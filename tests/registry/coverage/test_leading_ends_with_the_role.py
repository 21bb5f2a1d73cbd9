"""Leading a team gives sight of all its persons: it ends with the role of supervisor, and no team is left alone."""

from __future__ import annotations

import pytest
from django.db import connection

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.registry.coverage.models import Team, TeamMember
from gruppetto.registry.coverage.territory_previews import led_by
from gruppetto.registry.staff import verbs
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana() -> Staff:
    return staff("Dana", "administrator")


@pytest.fixture
def sylvie() -> make.Colleague:
    return make.colleague("Sylvie", "supervisor")


@pytest.fixture
def lauragais(sylvie: make.Colleague) -> Team:
    made = make.team(leader=sylvie)
    make.portfolio(made)
    return made


def scope(actor: Actor) -> list[int]:
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT access.scope()")
        return list(cursor.fetchone()[0])


def also_leads(team: Team, name: str = "Serge") -> make.Colleague:
    other = make.colleague(name, "supervisor")
    with as_owner():
        TeamMember.objects.create(team=team, staff=other.record, leads=True, during=make.FOR_EVER)
    return other


def test_who_is_supervisor_no_more_sees_the_team_no_more_the_same_day(
    dana: Staff, sylvie: make.Colleague, lauragais: Team
) -> None:
    also_leads(lauragais)
    assert scope(sylvie.actor)
    with acting(dana.actor):
        verbs.change_role(sylvie.account.pk, "correspondent", "revient au terrain")
        rows = TeamMember.objects.filter(team=lauragais, staff=sylvie.record).order_by("during")
        assert [(row.leads, row.during.upper) for row in rows] == [(True, today()), (False, None)]
        assert led_by(sylvie.account.pk, today()) == ()
    assert scope(sylvie.actor) == []


def test_a_role_that_follows_nobody_leaves_the_team(
    dana: Staff, sylvie: make.Colleague, lauragais: Team
) -> None:
    also_leads(lauragais)
    with acting(dana.actor):
        verbs.change_role(sylvie.account.pk, "auditor", "contrôle interne")
        assert not TeamMember.objects.filter(staff=sylvie.record, during__contains=today()).exists()


def test_a_team_is_not_left_without_a_leader(dana: Staff, sylvie: make.Colleague, lauragais: Team) -> None:
    with acting(dana.actor):
        assert [one.alone for one in led_by(sylvie.account.pk, today())] == [True]
        with pytest.raises(Refused, match="nommez d’abord un autre responsable") as refused:
            verbs.change_role(sylvie.account.pk, "agent", "à sa demande")
        assert refused.value.code == "a-team-keeps-a-leader"
    assert scope(sylvie.actor)


def test_a_leader_whose_account_is_closed_does_not_count(
    dana: Staff, sylvie: make.Colleague, lauragais: Team
) -> None:
    gone = also_leads(lauragais)
    with acting(dana.actor):
        assert led_by(sylvie.account.pk, today())[0].others == ("Serge",)
        verbs.stop(gone.account.pk, "a quitté la coopérative")
        assert led_by(sylvie.account.pk, today())[0].alone
        with pytest.raises(Refused):
            verbs.change_role(sylvie.account.pk, "agent", "à sa demande")


def test_a_portfolio_stays_with_somebody_who_follows_persons(dana: Staff, lauragais: Team) -> None:
    alix = make.colleague("Alix")
    make.portfolio(lauragais, holder=alix)
    with acting(dana.actor):
        with pytest.raises(Refused, match="tient encore un portefeuille"):
            verbs.change_role(alix.account.pk, "back_office", "passe au siège")
        verbs.change_role(alix.account.pk, "agent", "passe à la plate-forme")
