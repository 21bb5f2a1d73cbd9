"""Suspects are found when a record is written and at night, never asked twice, seen by who leads either person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, TooLate, Unknown
from gruppetto.registry.people import verbs
from gruppetto.registry.people.duplicates import finding
from gruppetto.registry.people.duplicates.likeness import MOST_ON_A_NUMBER
from gruppetto.registry.people.duplicates.verbs import refuse
from gruppetto.registry.people.models import Person, Suspect
from tests.registry.people.conftest import as_worker
from tests.registry.people.duplicates.conftest import Twice
from tests.support import factories as make
from tests.support.actors import staff
from tests.support.database import as_owner
from tests.support.plans import settle


def suspects() -> list[Suspect]:
    with as_owner():
        return list(Suspect.objects.order_by("rank", "id"))


def test_a_record_written_is_compared_at_once_and_the_pair_is_kept_once(twice: Twice) -> None:
    with as_worker("test"):
        assert finding.look_at([twice.roux.pk, twice.martin.pk, twice.paul.pk]) == 1
        assert finding.look_at([twice.martin.pk]) == 0
    one = suspects()[0]
    assert {one.first_id, one.second_id} == {twice.roux.pk, twice.martin.pk}
    assert (one.grade, one.state) == ("sure", "open")
    assert set(one.reasons) == {"same_name", "same_birth", "same_number"}
    assert {one.portfolio_id, one.other_portfolio_id} == {twice.first.pk, twice.second.pk}


def test_a_correction_changes_the_grade(twice: Twice) -> None:
    with as_worker("test"):
        finding.sweep()
    with acting(twice.bob.actor):
        verbs.correct_person(twice.martin.pk, birth_date="5/3/1944", asked="face")
    with as_worker("test"):
        finding.look_at([twice.martin.pk])
    assert [one.grade for one in suspects()] == ["likely"]


def test_the_night_looks_at_each_record_once_in_batches(twice: Twice) -> None:
    with as_worker("test"):
        assert finding.sweep(2) == 2
        assert finding.sweep(2) == 1
        assert finding.sweep(2) == 0
        assert not Person.objects.filter(compared_at=None).exists()
    assert len(suspects()) == 1


def test_two_persons_told_apart_are_not_proposed_again_for_a_year(twice: Twice) -> None:
    with as_worker("test"):
        finding.sweep()
    with acting(twice.dora.actor):
        refuse(suspects()[0].pk, "ce sont deux cousines")
        with pytest.raises(TooLate):
            refuse(suspects()[0].pk)
    with as_worker("test"):
        finding.look_at([twice.roux.pk])
        assert finding.forget(clock.now()) == 0
    assert [one.state for one in suspects()] == ["refused"]
    with as_worker("test"):
        assert finding.forget(clock.now() + timedelta(days=366)) == 1
        assert finding.look_at([twice.roux.pk]) == 1


def test_who_leads_either_person_sees_the_pair_and_nobody_else(twice: Twice) -> None:
    with as_worker("test"):
        finding.sweep()
    far = make.team("Comminges")
    eve = make.colleague("Eve", "supervisor")
    make.team("Volvestre", leader=eve)
    with as_owner():
        elsewhere = make.portfolio(far)
        Person.objects.filter(pk=twice.martin.pk).update(portfolio_id=elsewhere.pk)
    with acting(twice.dora.actor):
        assert Suspect.objects.count() == 1
    charlie = staff("Charlie", "agent")
    for who, refusal in ((charlie, Refused), (eve.signed_in, Unknown)):
        with acting(who.actor):
            assert Suspect.objects.count() == 0
            with pytest.raises(refusal):
                refuse(suspects()[0].pk)


def test_a_switchboard_says_nothing(twice: Twice) -> None:
    with as_owner():
        for rank in range(MOST_ON_A_NUMBER):
            one = make.person("Martin", f"Jeanne{'abcdefgh'[rank] * 3}", birth_date=date(1930, 1, 1 + rank))
            make.phone(one, "+33561000001")
        Person.objects.filter(pk=twice.martin.pk).update(birth_date=None)
    with as_worker("test"):
        assert finding.look_at([twice.martin.pk]) == 0


def test_among_many_records_few_are_read(twice: Twice) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (id, shelf, title, given_names, family_name, usage_name, language,"
            " preferred_channel, email, protected, energy_provider, phone_provider, version, birth_date, likeness_keys)"
            " SELECT gen_random_uuid(), 1, 'mr', 'Jean', 'Nom ' || n, '', 'fr', 'phone', '', false, '', '', 1,"
            " date '1930-01-01' + n % 9000, ARRAY['b:' || n % 9000 || ':nom' || n, 'b:' || n % 9000 || ':jA']"
            " FROM generate_series(1, 20000) AS n"
        )
        settle("people_person")
    with as_worker("test"):
        finding.look_at([twice.roux.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + finding.SHARING, {"ids": [twice.roux.pk], "most": 60, "crowd": 8})
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "persons_by_likeness" in plan
    assert "Seq Scan on people_person" not in plan
    assert "Seq Scan on people_phone" not in plan
