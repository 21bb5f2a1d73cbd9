"""Organisations: adding, changing, vouching, closing; what the database refuses; the national file."""

from __future__ import annotations

import io
from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.organisations import reads, seeding, verbs
from gruppetto.registry.organisations.models import Organisation
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture
def alice(db: None) -> Staff:
    return staff("Alice", "back_office")


def journaled() -> list[str]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT verb FROM journal_entry WHERE verb LIKE 'organisation.%' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_person_adds_changes_vouches_for_and_closes_an_organisation(alice: Staff) -> None:
    with acting(alice.actor):
        town = verbs.add(
            "town_welfare_office",
            "  CCAS de   Saint-Lys ",
            siret="732 829 320 00074",
            phone="05 61 00 00 00",
        )
        assert (town.name, town.name_key) == ("CCAS de Saint-Lys", "ccas de saint lys")
        assert (town.siren, town.siret, town.phone) == ("732829320", "73282932000074", "+33561000000")
        assert not town.is_checked

        checked = verbs.check(town.pk)
        assert (checked.checked_by_id, checked.is_checked) == (alice.account.pk, True)

        changed = verbs.change(town.pk, phone="05 61 00 00 01")
        assert not changed.is_checked

        verbs.retire(town.pk, on=TODAY)
    assert journaled() == [
        "organisation.added",
        "organisation.checked",
        "organisation.changed",
        "organisation.retired",
    ]
    assert not reads.active(TODAY).exists()
    assert reads.active(date(2026, 11, 21)).get() == town


def test_each_change_keeps_what_was_before(alice: Staff) -> None:
    with acting(alice.actor):
        one = verbs.add("provider", "Orange", phone="05 61 00 00 00")
        verbs.change(one.pk, phone="05 61 00 00 01")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT before ->> 'phone', after ->> 'phone', actor FROM journal_change WHERE row_id = %s",
            [str(one.pk)],
        )
        assert cursor.fetchall() == [("+33561000000", "+33561000001", alice.actor.name)]


def test_a_change_that_changes_nothing_leaves_the_check_and_no_trace(alice: Staff) -> None:
    with acting(alice.actor):
        one = verbs.add("provider", "Orange")
        verbs.check(one.pk)
        assert verbs.change(one.pk, name=" Orange ").is_checked
    assert journaled() == ["organisation.added", "organisation.checked"]


def test_a_command_cannot_vouch(db: None) -> None:
    with as_owner():
        one = verbs.add("provider", "Orange")
        with pytest.raises(Refused) as refused:
            verbs.check(one.pk)
    assert refused.value.code == "check-needs-a-human"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"siren": "732829321"}, "wrong-siren"),
        ({"siret": "12345"}, "wrong-siret"),
        ({"phone": "pas un numéro"}, "phone-letters"),
        ({"siren": "552081317", "siret": "73282932000074"}, "a-siret-begins-with-its-siren"),
        ({"name": "   "}, "an-organisation-has-a-name"),
        ({"name": "ENGIE"}, "one-active-organisation-per-kind-name-and-commune"),
        ({"kind": "club"}, "an-organisation-has-a-known-kind"),
    ],
)
def test_wrong_facts_are_refused_with_a_sentence_and_nothing_is_kept(
    alice: Staff, facts: dict[str, str], code: str
) -> None:
    with acting(alice.actor):
        verbs.add("provider", "Engie")
        with pytest.raises(Refused) as refused:
            verbs.add(facts.pop("kind", "provider"), facts.pop("name", "Autre"), **facts)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert Organisation.objects.count() == 1


def test_the_same_name_may_come_back_once_the_first_is_closed(alice: Staff) -> None:
    with acting(alice.actor):
        verbs.retire(verbs.add("provider", "Engie").pk, on=TODAY)
        verbs.add("provider", "Engie")
    assert Organisation.objects.count() == 2


def test_only_our_own_companies_have_a_parent_and_it_is_ours(alice: Staff) -> None:
    with acting(alice.actor):
        head = verbs.add("own", "Gruppetto France")
        branch = verbs.add("own", "Gruppetto Occitanie", parent=head)
        assert branch.parent == head
        provider = verbs.add("provider", "EDF")
        with pytest.raises(Refused) as refused:
            verbs.add("own", "Gruppetto Bretagne", parent=provider)
        assert refused.value.code == "parent-is-not-ours"
        with pytest.raises(Refused) as refused:
            verbs.change(provider.pk, parent=head)
        assert refused.value.code == "only-our-own-companies-have-a-parent"
        with pytest.raises(Refused) as refused:
            verbs.change(head.pk, parent=head)
        assert refused.value.code == "only-our-own-companies-have-a-parent"


def test_an_organisation_that_is_not_there_is_unknown(alice: Staff) -> None:
    with acting(alice.actor):
        for wish in (verbs.check, verbs.change):
            with pytest.raises(Unknown):
                wish(uuid4())
    for key in ("", "nobody"):
        with pytest.raises(Unknown):
            reads.by_key(key)


def test_a_fact_that_is_none_is_a_fault_of_ours(alice: Staff) -> None:
    with acting(alice.actor), pytest.raises(ValueError, match="checked_on"):
        verbs.add("provider", "EDF", checked_on=TODAY)


def test_names_are_proposed_without_accents_by_any_word(alice: Staff) -> None:
    with acting(alice.actor):
        verbs.add("provider", "Médiateur national de l’énergie")
        verbs.add("partner", "Énergie solidaire")
    assert [o.name for o in reads.propose("energ", TODAY)] == [
        "Énergie solidaire",
        "Médiateur national de l’énergie",
    ]
    assert [o.kind for o in reads.propose("energ", TODAY, kind="provider")] == ["provider"]
    assert reads.propose(" ", TODAY) == []


def test_the_web_role_never_deletes_and_never_writes_without_an_actor(alice: Staff) -> None:
    with acting(alice.actor):
        one = verbs.add("provider", "EDF")
    for statement in ("DELETE FROM {}", "TRUNCATE {}"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format("organisations_organisation"))
    with pytest.raises(ProgrammingError, match="without an actor"), acting(Actor(name="")):
        Organisation.objects.filter(pk=one.pk).update(name="EDF bis")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("phone = '05 61'", "an_organisation_phone_is_a_number"),
        ("siren = '12'", "a_siren_has_nine_digits"),
        ("siret = '12'", "a_siret_begins_with_its_siren"),
        ("checked_on = '2026-11-22'", "a_check_has_a_person_and_a_date"),
        ("active_from = '2026-02-02', active_until = '2026-02-01'", "an_organisation_begins_before_it_ends"),
        ("parent_id = id", "only_our_own_companies_have_a_parent"),
    ],
)
def test_the_database_says_it_last(alice: Staff, change: str, rule: str) -> None:
    with acting(alice.actor):
        verbs.add("provider", "EDF")
        with (
            pytest.raises(IntegrityError, match=rule),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE organisations_organisation SET {change}")


def test_the_national_file_comes_in_once_and_nobody_has_vouched_for_it(db: None) -> None:
    out = io.StringIO()
    with as_owner():
        call_command("seed_organisations", stdout=out)
        again = seeding.load()
    entries = seeding.entries()
    assert out.getvalue().startswith(f"{len(entries)} added, 0 completed")
    assert (again.added, again.filled, again.left) == (0, 0, len(entries))
    assert reads.unchecked(TODAY).count() == len(entries)
    assert reads.by_key("caf").phone == "3230"


def test_the_national_file_fills_blanks_and_overwrites_nothing(db: None) -> None:
    with as_owner():
        seeding.load()
        caf = reads.by_key("caf")
        verbs.change(caf.pk, phone="05 61 00 00 00", website="")
        again = seeding.load()
    caf.refresh_from_db()
    assert (again.filled, caf.phone, caf.website) == (1, "+33561000000", "https://www.caf.fr/")


def test_every_national_organisation_that_the_ten_kinds_need_is_in_the_file() -> None:
    keys = [entry["key"] for entry in seeding.entries()]
    assert len(keys) == len(set(keys))
    needed = {
        "assurance-maladie",
        "doctolib",
        "sncf-voyageurs",
        "edf",
        "engie",
        "caf",
        "dgfip",
        "france-titres",
        "assurance-retraite",
        "agirc-arrco",
        "orange",
        "opposition-carte",
    }
    assert needed <= set(keys)


def test_a_number_in_the_file_says_where_it_was_read() -> None:
    for entry in seeding.entries():
        if entry.get("phone"):
            assert entry.get("source_url") or "liste des lignes d’aide" in entry.get("notes", ""), entry[
                "key"
            ]
        assert not entry.keys() & {"checked_by", "checked_on"}


def test_each_rule_has_a_sentence_of_its_own() -> None:
    for constraint in Organisation._meta.constraints:
        sentence = str(constraint.get_violation_error_message())
        assert sentence.endswith(".")
        assert "Constraint" not in sentence
