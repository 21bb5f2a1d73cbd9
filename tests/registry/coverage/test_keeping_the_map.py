"""Zones, teams and portfolios change by dates, in acts that are refused when they would move or lose somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.coverage import territory_previews as previews
from gruppetto.registry.coverage import verbs
from gruppetto.registry.coverage.models import Coverage, Holding, Portfolio, TeamMember, Zone, ZonePart
from gruppetto.registry.coverage.reads import gaps, lightest, team_of
from gruppetto.registry.people.models import Person
from tests.service.conftest import Cast
from tests.service.conftest import cast as cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
REVEL, SAINT_JULIA = ("31451", "31250"), ("31499", "31540")
LATER = timedelta(days=10)


@pytest.fixture
def gisele(cast: Cast) -> make.Colleague:
    """Of the back office."""
    return make.colleague("Gisèle", "back_office")


@pytest.fixture
def zone(cast: Cast) -> Zone:
    """The zone of the team, with Revel in it."""
    with as_owner():
        return Zone.objects.get(name="Zone Lauragais")


def refused(act: Callable[..., object], *said: object, **more: object) -> str:
    with pytest.raises(Refused) as answer:
        act(*said, **more)
    return answer.value.code


def test_a_zone_is_drawn_covered_renamed_and_written_in_the_journal(
    gisele: make.Colleague, zone: Zone
) -> None:
    make.commune("31499", "Saint-Julia", "31540")
    with acting(gisele.actor):
        made = verbs.define_zone(zone.territory_id, "  Nord   de Revel ", [SAINT_JULIA], today())
        verbs.rename_zone(made.pk, "Nord")
        team = verbs.open_team(zone.territory_id, "Équipe nord")
        verbs.cover(made.pk, team.pk, today() + LATER)
        assert team_of(*SAINT_JULIA, today()) is None
        assert team_of(*SAINT_JULIA, today() + LATER) == team.pk
    with as_owner():
        said = set(Entry.objects.filter(verb__startswith="zone.").values_list("verb", flat=True))
        assert Zone.objects.get(pk=made.pk).name == "Nord"
    assert said == {"zone.defined", "zone.renamed", "zone.covered"}


def test_a_part_changes_zone_on_a_day_without_a_hole_and_moves_nobody(
    gisele: make.Colleague, zone: Zone, cast: Cast
) -> None:
    day = today() + LATER
    with as_owner():
        part = ZonePart.objects.get(zone=zone)
    with acting(gisele.actor):
        other = verbs.define_zone(zone.territory_id, "Autre", [], today())
        assert refused(verbs.add_parts, other.pk, [REVEL], day) == "part-taken"
        verbs.remove_part(part.pk, day)
        assert refused(verbs.add_parts, other.pk, [REVEL], day - timedelta(days=1)) == "part-taken"
        assert verbs.add_parts(other.pk, [REVEL], day) == 1
        assert refused(verbs.remove_part, part.pk, day) == "part-ended"
        assert team_of(*REVEL, day) is None
        assert [gap.why for gap in gaps(on=day)] == ["no_team"]
    with as_owner():
        assert Person.objects.get(pk=cast.jeanne.pk).portfolio_id == cast.portfolio.pk


def test_a_part_removed_before_its_first_day_leaves_no_trace_on_the_map(
    gisele: make.Colleague, zone: Zone
) -> None:
    make.commune("31499", "Saint-Julia", "31540")
    with acting(gisele.actor):
        verbs.add_parts(zone.pk, [SAINT_JULIA], today() + LATER)
        planned = ZonePart.objects.get(zone=zone, postcode="31540")
        verbs.remove_part(planned.pk, today())
        assert not ZonePart.objects.filter(pk=planned.pk).exists()


@pytest.mark.parametrize(
    ("parts", "days", "code"),
    [
        ([], 0, "parts-missing"),
        ([("31451", "99999")], 0, "part-unknown"),
        ([SAINT_JULIA], -1, "in-the-past"),
        ([SAINT_JULIA, REVEL], 0, "part-taken"),
    ],
)
def test_parts_that_cannot_be_added_change_nothing(
    gisele: make.Colleague, zone: Zone, parts: list[tuple[str, str]], days: int, code: str
) -> None:
    make.commune("31499", "Saint-Julia", "31540")
    with acting(gisele.actor):
        assert refused(verbs.add_parts, zone.pk, parts, today() + timedelta(days=days)) == code
        assert ZonePart.objects.filter(zone=zone).count() == 1


def test_another_team_serves_the_zone_until_the_one_already_planned(
    gisele: make.Colleague, zone: Zone
) -> None:
    with acting(gisele.actor):
        first, second = (verbs.open_team(zone.territory_id, name) for name in ("Une", "Deux"))
        verbs.cover(zone.pk, first.pk, today() + LATER)
        verbs.cover(zone.pk, second.pk, today() + timedelta(days=2))
        assert refused(verbs.cover, zone.pk, first.pk, today() + LATER) == "same-team"
        assert team_of(*REVEL, today() + timedelta(days=9)) == second.pk
        assert team_of(*REVEL, today() + LATER) == first.pk
        assert Coverage.objects.filter(zone=zone).count() == 3


def test_what_changes_is_told_with_who_stays(gisele: make.Colleague, zone: Zone, cast: Cast) -> None:
    paul = make.person("Petit", "Paul")
    make.home(paul, make.commune())
    with as_owner():
        part = ZonePart.objects.select_related("zone", "commune").get(zone=zone)
    with acting(gisele.actor):
        other = verbs.open_team(zone.territory_id, "Autre équipe")
        removed = previews.removed_preview(part, today())
        covered = previews.covered_preview(zone.pk, other.pk, today())
    assert (removed.persons, removed.unplaced) == (2, 1)
    assert [(one.portfolio.pk, one.persons) for one in covered.to_review] == [(cast.portfolio.pk, 1)]
    assert (removed.after, covered.after) == (None, other)
    with acting(cast.charlie.actor):
        # Figures of persons are for those who keep or lead territories.
        assert previews.removed_preview(part, today()).persons == 0


def test_only_a_supervisor_leads_and_begins_on_the_day_said(gisele: make.Colleague, cast: Cast) -> None:
    eve = make.colleague("Ève", "supervisor")
    with acting(gisele.actor):
        team = cast.team.pk
        assert refused(verbs.join_team, team, gisele.record.pk, today()) == "wrong-role"
        assert refused(verbs.join_team, team, cast.charlie.record.pk, today(), leads=True) == (
            "only-a-supervisor-leads-a-team"
        )
        verbs.join_team(team, eve.record.pk, today())
        assert refused(verbs.join_team, team, eve.record.pk, today()) == "already-member"
    assert not sees(eve, cast.jeanne)
    with acting(gisele.actor):
        verbs.join_team(team, eve.record.pk, today(), leads=True)
        assert TeamMember.objects.filter(staff=eve.record).count() == 1
    assert sees(eve, cast.jeanne)


def sees(who: make.Colleague, whom: Person) -> bool:
    with acting(who.actor):
        return Person.objects.filter(pk=whom.pk).exists()


def test_who_holds_a_portfolio_does_not_leave_before_it_is_handed_over(
    gisele: make.Colleague, cast: Cast
) -> None:
    with as_owner():
        member = TeamMember.objects.get(staff=cast.alice.record)
        leader = TeamMember.objects.get(staff=cast.sylvie.record, team=cast.portfolio.team)
    with acting(gisele.actor):
        assert [one.pk for one in previews.leave_preview(member, today()).holds] == [cast.portfolio.pk]
        assert refused(verbs.leave_team, member.pk, today()) == "still-holds"
        assert previews.leave_preview(leader, today()).last_leader
    with acting(cast.sylvie.actor):
        verbs.hand_over(cast.portfolio.pk, cast.bob.record.pk, today() + LATER, "départ")
    with acting(gisele.actor):
        assert refused(verbs.leave_team, member.pk, today() + LATER - timedelta(days=1)) == "still-holds"
        verbs.leave_team(member.pk, today() + LATER)
        assert refused(verbs.leave_team, member.pk, today() + LATER) == "member-left"


def test_a_portfolio_opens_empty_and_changes(gisele: make.Colleague, cast: Cast) -> None:
    team = cast.team.pk
    with acting(gisele.actor):
        assert refused(verbs.open_portfolio, team, "Nord", 0) == "size-odd"
        assert refused(verbs.open_portfolio, team, " ", 150) == "name-missing"
        assert refused(verbs.open_portfolio, team, "Nord", 150, gisele.record.pk) == "substitute-elsewhere"
        opened = verbs.open_portfolio(team, "Nord", 120, cast.bob.record.pk)
        verbs.change_portfolio(opened.pk, "Nord", 90, None)
        kept = Portfolio.objects.get(pk=opened.pk)
        assert (kept.target_size, kept.standing_substitute) == (90, None)
        with pytest.raises(NotYours):
            verbs.hand_over(opened.pk, cast.bob.record.pk, today(), "ouverture")
    with acting(cast.sylvie.actor):
        verbs.hand_over(opened.pk, cast.bob.record.pk, today(), "ouverture")


def test_a_portfolio_closes_only_with_nobody_in_it_and_nobody_comes_in_after(
    gisele: make.Colleague, cast: Cast
) -> None:
    with acting(gisele.actor):
        assert previews.close_preview(cast.portfolio.pk, today()).persons == 1
        assert refused(verbs.close_portfolio, cast.portfolio.pk) == "a-closed-portfolio-has-nobody"
        verbs.close_portfolio(cast.other.pk)
        assert refused(verbs.close_portfolio, cast.other.pk) == "portfolio-closed"
        with pytest.raises(Unknown):
            previews.close_preview(cast.other.pk, today())
        lines = lightest(cast.team.pk, today()).weighed["lines"]
        assert [line["portfolio"] for line in lines] == [cast.portfolio.pk]
    with acting(cast.sylvie.actor):
        assert refused(verbs.place_person, cast.jeanne.pk, cast.other.pk, "plus près") == "portfolio-closed"
        why = "reprise"
        assert (
            refused(verbs.hand_over, cast.other.pk, cast.alice.record.pk, today(), why) == "portfolio-closed"
        )
    with as_owner():
        assert not Holding.objects.filter(portfolio=cast.other, during__contains=today()).exists()
        with pytest.raises(Exception, match="is closed"):
            make.person("Petit", "Paul", within=cast.other)


def test_what_does_not_exist_is_said(gisele: make.Colleague) -> None:
    nothing = new_id()
    with acting(gisele.actor):
        for act, said in (
            (verbs.rename_zone, (nothing, "X")),
            (verbs.rename_team, (nothing, "X")),
            (verbs.remove_part, (nothing, today())),
            (verbs.leave_team, (nothing, today())),
            (verbs.open_team, (nothing, "X")),
            (verbs.define_zone, (nothing, "X", [], today())),
            (verbs.open_portfolio, (nothing, "X")),
            (verbs.close_portfolio, (9_999,)),
        ):
            with pytest.raises(Unknown):
                act(*said)
