"""Who sees which person follows from who holds the portfolio; a change of hands moves nobody (decisions 2a, 19)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.coverage.models import Holding, Placement, ZonePart
from gruppetto.registry.coverage.reads import gaps, propose, today, worker_of
from gruppetto.registry.coverage.verbs import declare_absence, hand_over, place_person
from gruppetto.registry.people.models import Person
from tests.service.conftest import Cast
from tests.service.conftest import cast as cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def sees(who: make.Colleague, whom: Person) -> bool:
    with acting(who.actor):
        return Person.objects.filter(pk=whom.pk).exists()


def test_a_correspondent_sees_their_people_only(cast: Cast) -> None:
    assert sees(cast.alice, cast.jeanne)
    assert not sees(cast.bob, cast.jeanne)
    assert not sees(cast.charlie, cast.jeanne)
    assert sees(cast.sylvie, cast.jeanne)


def test_nobody_in_a_portfolio_is_seen_by_the_supervisor_only(cast: Cast) -> None:
    paul = make.person("Petit", "Paul")
    assert sees(cast.sylvie, paul)
    assert not sees(cast.alice, paul)


def test_the_substitute_sees_them_for_the_days_of_the_absence_only(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        declare_absence(cast.alice.record.pk, today(), today() + timedelta(days=2), "leave")
    assert sees(cast.bob, cast.jeanne)
    assert worker_of(cast.portfolio.pk, today()).account_id == cast.bob.account.pk
    assert worker_of(cast.portfolio.pk, today() + timedelta(days=3)).account_id == cast.alice.account.pk


def test_a_substitution_to_come_shows_nothing_yet(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        declare_absence(
            cast.alice.record.pk, today() + timedelta(days=5), today() + timedelta(days=6), "leave"
        )
    assert not sees(cast.bob, cast.jeanne)


def test_when_all_are_away_nobody_works_it_and_it_is_said(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        declare_absence(cast.bob.record.pk, today(), today(), "sick")
        declare_absence(cast.alice.record.pk, today(), today(), "sick")
    worker = worker_of(cast.portfolio.pk, today())
    assert worker.account_id is None
    assert "absent" in worker.why


def test_a_portfolio_is_handed_over_in_one_act_and_nobody_moves(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        hand_over(cast.portfolio.pk, cast.bob.record.pk, today(), "Alice quitte la coopérative")
    assert not sees(cast.alice, cast.jeanne)
    assert sees(cast.bob, cast.jeanne)
    with as_owner():
        assert Placement.objects.filter(person_id=cast.jeanne.pk).count() == 1
        assert Holding.objects.filter(portfolio=cast.portfolio, capacity="holder").count() == 2


def test_a_hand_over_to_come_keeps_the_holder_until_then(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        hand_over(cast.portfolio.pk, cast.bob.record.pk, today() + timedelta(days=30), "départ à la retraite")
    assert sees(cast.alice, cast.jeanne)
    assert not sees(cast.bob, cast.jeanne)


@pytest.mark.parametrize(("why", "days", "code"), [("", 0, "why-missing"), ("départ", -1, "in-the-past")])
def test_a_hand_over_has_a_reason_and_a_date_to_come(cast: Cast, why: str, days: int, code: str) -> None:
    with acting(cast.sylvie.actor), pytest.raises(Refused) as refused:
        hand_over(cast.portfolio.pk, cast.bob.record.pk, today() + timedelta(days=days), why)
    assert refused.value.code == code


def test_a_person_moves_only_with_a_reason_and_all_their_rows_follow(cast: Cast) -> None:
    with acting(cast.sylvie.actor):
        with pytest.raises(Refused, match="pourquoi"):
            place_person(cast.jeanne.pk, cast.other.pk, "  ")
        place_person(cast.jeanne.pk, cast.other.pk, "Alice et Mme Roux sont de la même famille")
    assert not sees(cast.alice, cast.jeanne)
    with acting(cast.bob.actor):
        assert Person.objects.get(pk=cast.jeanne.pk).phones.count() == 1
    with as_owner():
        assert Placement.objects.filter(person_id=cast.jeanne.pk, until=None).count() == 1


def test_a_correspondent_cannot_take_a_person_of_another(cast: Cast) -> None:
    with acting(cast.bob.actor), pytest.raises(Unknown):
        place_person(cast.jeanne.pk, cast.other.pk, "je la connais")
    with acting(cast.alice.actor), pytest.raises(Refused):
        place_person(cast.jeanne.pk, cast.other.pk, "je n’en veux plus")


def test_the_lightest_portfolio_of_the_address_is_proposed_with_its_reasons(cast: Cast) -> None:
    paul = make.person("Petit", "Paul")
    make.home(paul, make.commune())
    with acting(cast.sylvie.actor):
        proposal = propose(paul.pk)
    assert proposal.portfolio_id == cast.other.pk
    assert {line["persons"] for line in proposal.weighed["lines"]} == {0, 1}


def test_without_an_address_nothing_is_guessed(cast: Cast) -> None:
    paul = make.person("Petit", "Paul")
    with acting(cast.sylvie.actor):
        assert propose(paul.pk).portfolio_id == 0


def test_two_zones_never_share_a_part_and_a_gap_is_found(cast: Cast) -> None:
    place = make.commune("31499", "Saint-Julia", "31540")
    with as_owner():
        assert [gap.commune for gap in gaps("31")] == [place.code]
        part = ZonePart.objects.get(commune_id="31451")
    gisele = make.colleague("Gisèle", "back_office")
    with acting(gisele.actor), pytest.raises(Exception, match="two_zones_never_share_a_part"):
        ZonePart.objects.create(
            zone=part.zone, commune=part.commune, postcode=part.postcode, during=make.FOR_EVER
        )
