"""Nobody real can be called by the demo, and nobody in it is impossible."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import pytest

from gruppetto.demo import names
from gruppetto.demo.cast import LARGEST_PILOT, PORTFOLIOS_OF_A_TEAM, SHARES, STAFF, TEAMS, plan
from gruppetto.kernel.identifiers import phones

# Arcep, décision 2018-0881: numbers kept for fiction.
FICTION = re.compile(r"\+33(199 ?00|26191|35301|46571|53649|63998)\d{4}")
TODAY = date(2026, 11, 22)


def test_every_invented_number_is_kept_for_fiction_and_can_be_read() -> None:
    numbers = [names.landline(n) for n in range(0, 50_000, 97)] + [
        names.mobile(n) for n in range(0, 10_000, 97)
    ]
    for number in numbers:
        assert FICTION.fullmatch(number)
        assert phones.parse(number) == number


def test_numbers_are_given_once_as_long_as_there_are_some() -> None:
    assert len({names.landline(n) for n in range(50_000)}) == 50_000
    assert len({names.mobile(n) for n in range(10_000)}) == 10_000
    with pytest.raises(ValueError, match="ten thousand"):
        names.mobile(10_000)


def test_people_have_the_age_of_those_concerned() -> None:
    chance = Random(1)
    people = [names.invent(chance, TODAY) for _ in range(500)]
    ages = [(TODAY - one.born).days // 365 for one in people]
    assert min(ages) >= 57
    assert max(ages) <= 97
    assert 0.55 < sum(one.title == "mrs" for one in people) / 500 < 0.77
    assert all(one.usage != one.family for one in people)


def test_the_pilot_has_six_correspondents_an_agent_and_a_supervisor() -> None:
    roles = [member.role for member in STAFF]
    assert (roles.count("correspondent"), roles.count("agent"), roles.count("supervisor")) == (6, 1, 1)
    assert {"back_office", "auditor", "administrator"} <= set(roles)
    assert sorted(number for member in STAFF for number in member.portfolios) == sorted(SHARES)
    assert len({member.email for member in STAFF}) == len(STAFF)


def test_one_postcode_of_toulouse_is_shared_by_the_portfolios_of_one_team() -> None:
    town, *country = TEAMS
    assert town.parts == (("31555", "31300"),)
    assert len(town.portfolios) > 1
    assert country
    assert all(team.epcis and not team.parts for team in country)


def test_a_larger_demo_has_more_teams_with_a_holder_and_a_substitute_for_each_portfolio() -> None:
    assert plan(LARGEST_PILOT).staff == STAFF
    whole = plan(6_000)
    numbers = [number for team in whole.teams for number, _name, _substitute in team.portfolios]
    held = [number for member in whole.staff for number in member.portfolios]
    assert sorted(numbers) == sorted(held) == sorted(whole.shares)
    assert 130 < 6_000 / len(numbers) < 160
    known = {member.name for member in whole.staff}
    for team in whole.teams[3:]:
        assert len(team.portfolios) <= PORTFOLIOS_OF_A_TEAM
        assert {substitute for _number, _name, substitute in team.portfolios} <= known
