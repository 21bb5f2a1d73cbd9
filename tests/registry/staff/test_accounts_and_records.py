"""Accounts are another's to make and stop, by a verb or by the database; records say who works when."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.staff import verbs
from gruppetto.registry.staff.models import Staff as Record
from gruppetto.registry.staff.models import WorkingTime
from gruppetto.registry.staff.verbs import Period
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(db: None) -> Staff:
    """The administrator."""
    return staff("Dana", "administrator")


@pytest.fixture
def alice(db: None) -> Staff:
    return staff("Alice", "correspondent")


@pytest.fixture
def gisele(db: None) -> Staff:
    return staff("Gisèle", "back_office")


def test_a_new_account_has_a_password_good_for_seven_days(dana: Staff) -> None:
    with acting(dana.actor):
        made = verbs.create_account(" Luc   Petit ", "Luc.Petit@Example.test", "agent")
    with as_owner():
        account = Account.objects.get(pk=made.account.pk)
        assert (account.name, account.email, account.role) == ("Luc Petit", "luc.petit@example.test", "agent")
        assert account.check_password(made.password)
        assert account.temporary_until is not None
        assert Entry.objects.filter(verb="account.created", subject_id=account.pk).count() == 1


@pytest.mark.parametrize(
    ("name", "email", "role", "code"),
    [
        ("  ", "luc@example.test", "agent", "name-missing"),
        ("Luc", "luc(à)example.test", "agent", "email-wrong"),
        ("Luc", "ALICE@example.test", "agent", "email-taken"),
        ("Luc", "luc@example.test", "chef", "role-unknown"),
        ("Luc", "luc@example.test", "service", "role-unknown"),
    ],
)
def test_an_account_that_cannot_be_is_refused_beside_its_field(
    dana: Staff, alice: Staff, name: str, email: str, role: str, code: str
) -> None:
    with acting(dana.actor), pytest.raises(Refused) as refused:
        verbs.create_account(name, email, role)
    assert (refused.value.code, refused.value.field) == (code, code.split("-", maxsplit=1)[0])


@pytest.mark.parametrize("role", ["agent", "correspondent", "supervisor", "back_office", "auditor"])
def test_no_other_role_touches_accounts(alice: Staff, role: str) -> None:
    other = staff("Bob", role)
    with acting(other.actor):
        for act in (verbs.stop, verbs.renew_password, verbs.reset_second_factor, verbs.close_sessions):
            with pytest.raises(NotYours):
                act(alice.account.pk, "parce que")
        with pytest.raises(NotYours):
            verbs.create_account("Luc", "luc@example.test", "administrator")
        with pytest.raises(NotYours):
            verbs.change_role(alice.account.pk, "administrator", "parce que")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE access_account SET role = 'administrator' WHERE id = %s", "accounts_are_kept"),
        ("UPDATE access_account SET is_active = false WHERE id = %s", "accounts_are_kept"),
        ("UPDATE access_account SET email = 'x@example.test' WHERE id = %s", "accounts_are_kept"),
        ("UPDATE access_account SET password = 'x' WHERE id = %s", "accounts_are_kept"),
        (
            "INSERT INTO access_account (id, email, name, kind, is_active, password)"
            " VALUES (gen_random_uuid(), 'x@example.test', %s::text, 'human', true, 'x')",
            "accounts_are_kept",
        ),
    ],
)
def test_the_database_says_it_last(alice: Staff, statement: str, rule: str) -> None:
    bob = staff("Bob", "supervisor")
    with (
        acting(bob.actor),
        pytest.raises(DatabaseError, match=rule.replace("_", " ")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [alice.account.pk])


def test_nobody_changes_their_own_rights_not_even_in_the_database(dana: Staff) -> None:
    with acting(dana.actor):
        for act in (verbs.stop, verbs.reset_second_factor, verbs.renew_password):
            with pytest.raises(Refused) as refused:
                act(dana.account.pk, "parce que")
            assert refused.value.code == "own-account"
        with (
            pytest.raises(DatabaseError, match="nobody changes their own rights"),
            transaction.atomic(),
        ):
            Account.objects.filter(pk=dana.account.pk).update(role="auditor")


def test_a_stopped_account_is_out_at_once_and_comes_back_with_a_new_password(
    dana: Staff, alice: Staff
) -> None:
    browser = alice.client()
    assert browser.get("/guide-de-style/").status_code == 200
    with acting(dana.actor):
        verbs.stop(alice.account.pk, "a quitté la coopérative")
        with pytest.raises(Refused, match="déjà fermé"):
            verbs.stop(alice.account.pk, "encore")
    assert browser.get("/guide-de-style/").status_code == 302
    with acting(dana.actor):
        back = verbs.reopen(alice.account.pk, "revient de congé")
        with pytest.raises(Refused, match="déjà ouvert"):
            verbs.reopen(alice.account.pk, "encore")
    assert back.account.check_password(back.password)


def test_another_role_begins_by_signing_in_again(dana: Staff, alice: Staff) -> None:
    browser = alice.client()
    with acting(dana.actor):
        with pytest.raises(Refused, match="déjà ce rôle"):
            verbs.change_role(alice.account.pk, "correspondent", "pour voir")
        verbs.change_role(alice.account.pk, "supervisor", "prend l’équipe du Lauragais")
    assert browser.get("/guide-de-style/").status_code == 302


def test_no_act_without_its_reason(dana: Staff, alice: Staff) -> None:
    with acting(dana.actor), pytest.raises(Refused) as refused:
        verbs.close_sessions(alice.account.pk, "   ")
    assert (refused.value.code, refused.value.field) == ("why-missing", "why")


def test_without_a_second_factor_there_is_none_to_reset(dana: Staff, alice: Staff) -> None:
    with acting(dana.actor), pytest.raises(Refused, match="pas encore de double clé"):
        verbs.reset_second_factor(alice.account.pk, "téléphone perdu, reconnue à l’accueil")


WEEK = [Period(1, time(8, 30), time(12, 30)), Period(1, time(13, 30), time(18)), Period(4, time(9), time(12))]


def test_somebody_is_hired_with_their_week_once(gisele: Staff, alice: Staff) -> None:
    with acting(gisele.actor):
        record = verbs.hire(
            alice.account.pk, date(2026, 12, 1), WEEK, phone="06 12 34 56 78", languages=["fr", "oc", "fr"]
        )
        with pytest.raises(Refused, match="déjà sa fiche"):
            verbs.hire(alice.account.pk, date(2026, 12, 1), WEEK)
    assert (record.phone, record.languages) == ("+33612345678", ["fr", "oc"])
    with as_owner():
        assert WorkingTime.objects.filter(staff=record).count() == 3
        assert Entry.objects.filter(verb="staff.hired", subject_id=record.pk).count() == 1


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([Period(1, time(9), time(9))], "hours-order"),
        ([Period(1, time(8), time(12)), Period(1, time(11), time(14))], "hours-overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_nobody_is_hired(
    gisele: Staff, alice: Staff, week: list[Period], code: str
) -> None:
    with acting(gisele.actor), pytest.raises(Refused) as refused:
        verbs.hire(alice.account.pk, date(2026, 12, 1), week)
    assert refused.value.code == code
    with as_owner():
        assert not Record.objects.exists()


def test_a_record_changes_and_ends_after_it_began(gisele: Staff, alice: Staff) -> None:
    with acting(gisele.actor):
        record = verbs.hire(alice.account.pk, date(2026, 12, 1), WEEK)
        assert verbs.change_hours(record.pk, WEEK[:1]) == 4
        verbs.change_record(record.pk, takes_calls=True, phone="")
        with pytest.raises(Refused, match="Le dernier jour vient après le premier"):
            verbs.change_record(record.pk, ends=date(2026, 11, 30))
    with as_owner():
        record.refresh_from_db()
        assert (record.takes_calls, record.ends) == (True, None)
