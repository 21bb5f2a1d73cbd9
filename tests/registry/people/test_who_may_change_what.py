"""Every verb is closed to who does not see the person: Bob holds another portfolio, Charlie has no contact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.people import identity, verbs
from gruppetto.registry.people.models import Need, Person, Phone, Relative
from tests.registry.people.conftest import Cast, contact_with
from tests.support.actors import Staff, staff
from tests.support.database import as_owner
from tests.support.factories import same_rows

pytestmark = pytest.mark.django_db

ON_THE_PERSON: dict[str, Callable[[Person], object]] = {
    "correct_person": lambda p: verbs.correct_person(p.pk, email="x@example.test", asked="face"),
    "verify_email": lambda p: verbs.verify_email(p.pk),
    "note_visit": lambda p: verbs.note_visit(p.pk),
    "set_subscription": lambda p: verbs.set_subscription(p.pk, date(2026, 1, 1)),
    "add_phone": lambda p: verbs.add_phone(p.pk, "0561000002", asked="face"),
    "move_home": lambda p: verbs.move_home(p.pk, "1 rue", "31250", "31451", asked="face"),
    "correct_home": lambda p: verbs.correct_home(p.pk, "1 rue", "31250", "31451", asked="face"),
    "give_consent": lambda p: verbs.give_consent(p.pk, "sms", "visite"),
    "withdraw_consent": lambda p: verbs.withdraw_consent(p.pk, "record"),
    "note_need": lambda p: verbs.note_need(p.pk, "sight", "lunettes", "elle"),
    "choose_word": lambda p: verbs.choose_word(p.pk, "coquelicot", asked="face"),
    "add_relative": lambda p: verbs.add_relative(p.pk, name="Luc Roux", source="elle", asked="face"),
    "draw": lambda p: identity.draw(p.pk, new_id()),
    "word_to_say": lambda p: identity.word_to_say(p.pk, new_id(), recognised=True),
}
ON_A_ROW: dict[str, Callable[[UUID], object]] = {
    "end_phone": verbs.end_phone,
    "choose_main_phone": verbs.choose_main_phone,
    "verify_phone": lambda key: verbs.verify_phone(key, "called"),
    "review_need": verbs.review_need,
    "end_need": verbs.end_need,
    "change_relative": lambda key: verbs.change_relative(key, rights=[], asked="face"),
    "end_relative": verbs.end_relative,
}


def test_the_tables_name_every_verb() -> None:
    elsewhere = {"add_person", "caller", "first_phone"}
    assert set(verbs.__all__) - elsewhere <= ON_THE_PERSON.keys() | ON_A_ROW.keys()


@pytest.fixture(params=["bob", "charlie"])
def stranger(request: pytest.FixtureRequest, cast: Cast) -> Staff:
    return getattr(cast, request.param)


@pytest.mark.parametrize("name", ON_THE_PERSON)
def test_a_stranger_cannot_tell_the_person_from_nobody(cast: Cast, stranger: Staff, name: str) -> None:
    with acting(stranger.actor), pytest.raises(Unknown) as unknown:
        ON_THE_PERSON[name](cast.jeanne)
    assert unknown.value.code == "unknown-person"


@pytest.mark.parametrize("name", ON_A_ROW)
def test_a_stranger_cannot_touch_a_row_of_the_person(cast: Cast, stranger: Staff, name: str) -> None:
    with as_owner():
        keys = {
            "phone": Phone.objects.get(person=cast.jeanne).pk,
            "need": Need.objects.create(
                person=cast.jeanne,
                kind="sight",
                words="lunettes",
                source="elle",
                noted_on=date(2026, 1, 1),
                review_on=date(2027, 1, 1),
                **same_rows(cast.jeanne),
            ).pk,
            "relative": Relative.objects.create(
                person=cast.jeanne,
                relative_id=new_id(),
                link="fils",
                chosen_on=date(2026, 1, 1),
                source="elle",
                **same_rows(cast.jeanne),
            ).pk,
        }
    with acting(stranger.actor), pytest.raises(Unknown):
        ON_A_ROW[name](keys[name.split("_")[-1]])


def test_the_holder_and_whoever_a_contact_opened_the_record_to_may_write(cast: Cast) -> None:
    contact_with(cast.charlie, cast.jeanne.pk)
    for who, number in ((cast.alice, "0561000002"), (cast.charlie, "0561000003")):
        with acting(who.actor):
            assert verbs.add_phone(cast.jeanne.pk, number, asked="face").portfolio_id == cast.portfolio_id


def test_nobody_adds_a_person_to_the_portfolio_of_another(cast: Cast) -> None:
    for who in (cast.bob, cast.charlie):
        with acting(who.actor), pytest.raises(NotYours) as refused:
            verbs.add_person("Petit", portfolio_id=cast.portfolio_id)
        assert refused.value.code == "out-of-scope"


def test_plain_sql_of_a_stranger_changes_no_row(cast: Cast, stranger: Staff) -> None:
    for table in ("people_person", "people_phone", "people_address"):
        with acting(stranger.actor), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET department = '99'")
            assert cursor.rowcount == 0
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0


def test_nobody_deletes_a_person_and_a_check_is_never_altered(cast: Cast) -> None:
    with acting(cast.alice.actor):
        for statement in ("DELETE FROM people_person", "DELETE FROM people_identitycheck"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE people_identitycheck SET result = 'match'")


def test_an_answer_without_its_question_is_refused_by_the_database(cast: Cast) -> None:
    with (
        acting(cast.alice.actor),
        pytest.raises(IntegrityError, match="an_answer_has_its_question"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO people_identitycheck (id, shelf, portfolio_id, person_id, contact_id, fact, result,"
            " account_id, round) VALUES (gen_random_uuid(), 1, %s, %s, gen_random_uuid(), 'x', 'match',"
            " gen_random_uuid(), 1)",
            [cast.portfolio_id, cast.jeanne.pk],
        )


def test_the_back_office_sees_nobody(cast: Cast) -> None:
    clerk = staff("Denise", "back_office")
    with acting(clerk.actor):
        assert not Person.objects.exists()
        with pytest.raises(Refused):
            verbs.add_person("Petit")
