"""A person's own record: kept as given, found by derived keys, corrected without losing what was before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, TooLate
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.identifiers.names import phonetic_key
from gruppetto.kernel.journal.models import Change
from gruppetto.kernel.outbox.models import Fact
from gruppetto.registry.people import verbs
from gruppetto.registry.people.models import Person
from tests.registry.people.conftest import Cast, contact_with, journaled
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


def test_names_are_kept_as_given_and_found_without_accents(cast: Cast) -> None:
    with acting(cast.alice.actor):
        one = verbs.add_person(
            "  Le  Goff ",
            "Anne-Élise",
            usage_name="Œuvrard",
            portfolio_id=cast.portfolio_id,
            birth_date="3/5/48",
        )
        one.refresh_from_db()
    assert (one.family_name, one.given_names, one.usage_name) == ("Le Goff", "Anne-Élise", "Œuvrard")
    assert (one.name_key, one.sort_key) == ("anne elise oeuvrard le goff", "oeuvrard anne elise")
    assert (one.birth_date, one.phonetic_key) == (date(1948, 5, 3), phonetic_key("Legoff"))
    assert journaled(one.pk) == ["person.added"]
    with as_owner():
        assert Fact.objects.get(topic="people.added").subject_id == one.pk


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"family_name": "   "}, "empty", "family_name"),
        ({"family_name": "x" * 121}, "too-long", "family_name"),
        ({"given_names": "Je\x00anne"}, "unreadable-characters", "given_names"),
        ({"birth_date": "31/02/1948"}, "date-impossible", "birth_date"),
        ({"birth_date": date(2199, 1, 1)}, "date-too-late", "birth_date"),
        ({"birth_date": "3/5/1948", "died_on": "3/5/1947"}, "death-comes-after-birth", None),
        ({"died_on": date(2199, 1, 1)}, "date-too-late", "died_on"),
        ({"email": "jeanne@"}, "wrong-email", "email"),
        ({"title": "dr"}, "unknown-choice", "title"),
        ({"language": "klingon"}, "unknown-choice", "language"),
        ({"preferred_channel": "pigeon"}, "unknown-choice", "preferred_channel"),
    ],
)
def test_wrong_facts_are_refused_with_a_sentence_next_to_their_field(
    cast: Cast, facts: dict[str, Any], code: str, field: str | None
) -> None:
    with acting(cast.alice.actor):
        before = Person.objects.count()
        with pytest.raises(Refused) as refused:
            verbs.add_person(**{"family_name": "Petit", "portfolio_id": cast.portfolio_id, **facts})
        assert Person.objects.count() == before
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value).rstrip("?").strip()[-1] in ".»"


def test_a_fact_that_is_none_is_a_fault_of_ours(cast: Cast) -> None:
    with acting(cast.alice.actor), pytest.raises(ValueError, match="shoe_size"):
        verbs.correct_person(cast.jeanne.pk, shoe_size=38, asked="face")


def test_a_correction_keeps_what_was_before_and_follows_the_name(cast: Cast) -> None:
    with acting(cast.alice.actor):
        corrected = verbs.correct_person(
            cast.jeanne.pk, family_name="Lefèvre", email=" Jeanne@Example.TEST ", title="mrs", asked="face"
        )
    assert (corrected.version, corrected.email) == (2, "jeanne@example.test")
    assert corrected.sort_key == "roux jeanne"
    assert corrected.name_key == "jeanne roux lefevre"
    with as_owner():
        change = Change.objects.get(table="people_person", row_id=str(cast.jeanne.pk))
        assert change.before == {"family_name": "Martin", "email": ""}
        assert change.actor == cast.alice.actor.name
        assert change.person_id == cast.jeanne.pk
    assert journaled(cast.jeanne.pk) == ["person.corrected"]


def test_a_correction_that_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    with acting(cast.alice.actor):
        assert verbs.correct_person(cast.jeanne.pk, given_names=" Jeanne ", asked="face").version == 1
    assert journaled(cast.jeanne.pk) == []


def test_the_second_of_two_corrections_made_at_once_is_told_to_read_again(cast: Cast) -> None:
    with acting(cast.alice.actor):
        verbs.correct_person(cast.jeanne.pk, version=1, energy_provider="EDF", asked="face")
        with pytest.raises(TooLate) as late:
            verbs.correct_person(cast.jeanne.pk, version=1, energy_provider="Engie", asked="face")
        assert late.value.code == "person-changed"
        cast.jeanne.refresh_from_db()
    assert cast.jeanne.energy_provider == "EDF"


def test_a_caller_is_known_by_what_they_said_and_the_number_they_call_from(cast: Cast) -> None:
    with acting(cast.alice.actor):
        one = verbs.caller("Mme Martine Roux (sa fille)", "06 39 98 01 02", portfolio_id=cast.portfolio_id)
        phone = one.phones.get()
    assert (one.full_name, phone.number, phone.main, phone.kind) == (
        "Mme Martine Roux",
        "+33639980102",
        True,
        "mobile",
    )


def test_an_agent_adds_only_the_person_their_contact_opened(cast: Cast) -> None:
    with acting(cast.charlie.actor), pytest.raises(Refused) as refused:
        verbs.add_person("Petit", "Paul")
    assert refused.value.code == "out-of-scope"
    new = new_id()
    contact_with(cast.charlie, new)
    with acting(cast.charlie.actor):
        one = verbs.add_person("Petit", "Paul", person_id=new)
        verbs.add_phone(one.pk, "0561000009", asked="face")
    assert (one.pk, one.portfolio_id) == (new, 0)


def test_the_first_visit_is_the_earliest_and_the_last_the_latest(cast: Cast) -> None:
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)), acting(cast.alice.actor):
        new = verbs.add_person("Petit", portfolio_id=cast.portfolio_id)
        verbs.note_visit(new.pk, "3/6/2026")
        verbs.note_visit(new.pk)
        seen = verbs.note_visit(new.pk, date(2026, 2, 1))
    assert (seen.first_visit_on, seen.last_visit_on) == (date(2026, 2, 1), date(2026, 11, 20))


def test_a_subscription_ends_after_it_begins(cast: Cast) -> None:
    with acting(cast.alice.actor):
        verbs.set_subscription(cast.jeanne.pk, date(2026, 1, 1), date(2026, 6, 30))
        with pytest.raises(Refused) as refused:
            verbs.set_subscription(cast.jeanne.pk, date(2026, 7, 1), date(2026, 6, 30))
    assert refused.value.code == "a-subscription-ends-after-it-begins"


def test_adding_a_person_has_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries: object) -> None:
    with acting(cast.alice.actor), django_assert_num_queries(3):  # type: ignore[operator]
        verbs.add_person("Petit", "Paul", portfolio_id=cast.portfolio_id)


def test_the_database_refuses_a_number_that_is_none_whoever_writes(cast: Cast) -> None:
    with (
        acting(cast.alice.actor),
        pytest.raises(IntegrityError, match="a_number_is_international"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE people_phone SET number = '0561000001'")
