"""Numbers and addresses: one main number, one current home, each verification with how, when and by whom."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import NotYours, Refused, Unknown
from gruppetto.kernel.outbox.models import Fact
from gruppetto.registry.geography.models import Commune
from gruppetto.registry.people import reads, verbs
from gruppetto.registry.people.models import Address, Phone
from tests.registry.people.conftest import Cast, journaled
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def main_phone(cast: Cast) -> reads.PhoneLine:
    line = reads.card(cast.jeanne.pk).main_phone
    assert line
    return line


def home_of(cast: Cast) -> reads.Home:
    home = reads.card(cast.jeanne.pk).home
    assert home
    return home


def test_a_number_is_kept_as_e164_and_shown_as_people_read_it(cast: Cast) -> None:
    with acting(cast.alice.actor):
        phone = verbs.add_phone(cast.jeanne.pk, "06.39-98 01 02", label=" chez sa fille ", asked="face")
        line = reads.card(cast.jeanne.pk).phones[1]
    assert (phone.number, phone.kind, phone.main, phone.label) == (
        "+33639980102",
        "mobile",
        False,
        "chez sa fille",
    )
    assert (line.shown, line.verified_at) == ("06 39 98 01 02", None)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("05 61 00 00 01", "a-person-has-a-number-once"),
        ("zéro cinq", "phone-letters"),
        ("3114", "phone-short-code"),
        ("0" * 40, "phone-too-long"),
        ("", "phone-empty"),
    ],
)
def test_a_number_that_is_none_or_known_is_refused(cast: Cast, typed: str, code: str) -> None:
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        verbs.add_phone(cast.jeanne.pk, typed, asked="face")
    assert refused.value.code == code


def test_two_persons_may_share_a_number(cast: Cast) -> None:
    with acting(cast.alice.actor):
        husband = verbs.add_person("Roux", "Pierre", portfolio_id=cast.portfolio_id)
        verbs.add_phone(husband.pk, "05 61 00 00 01", asked="face")
        assert Phone.objects.filter(number="+33561000001").count() == 2


def test_a_verification_says_how_when_and_by_whom(cast: Cast) -> None:
    with clock.at(NOON), acting(cast.alice.actor):
        phone = verbs.verify_phone(reads.card(cast.jeanne.pk).phones[0].id, "called")
    assert (phone.verified_how, phone.verified_at, phone.verified_by) == (
        "called",
        NOON,
        cast.alice.account.pk,
    )
    assert journaled(cast.jeanne.pk) == ["person.opened", "phone.verified"]


def test_only_a_human_verifies_and_only_in_a_known_way(cast: Cast) -> None:
    with acting(cast.alice.actor):
        key = reads.card(cast.jeanne.pk).phones[0].id
        with pytest.raises(Refused) as refused:
            verbs.verify_phone(key, "guessed")
        assert refused.value.code == "unknown-choice"
    with as_owner(), pytest.raises(NotYours) as not_human:
        verbs.verify_phone(key, "called")
    assert not_human.value.code == "needs-a-human"


def test_when_the_main_number_ends_another_takes_its_place(cast: Cast) -> None:
    with acting(cast.alice.actor):
        second = verbs.add_phone(cast.jeanne.pk, "06 39 98 01 02", asked="face")
        third = verbs.add_phone(cast.jeanne.pk, "06 39 98 01 03", main=True, asked="face")
        assert main_phone(cast).id == third.pk
        verbs.choose_main_phone(second.pk, asked="face")
        verbs.end_phone(second.pk, asked="face")
        card = reads.card(cast.jeanne.pk)
        assert [line.main for line in card.phones] == [True, False]
        with pytest.raises(Refused) as refused:
            verbs.end_phone(second.pk, asked="face")
        assert refused.value.code == "phone-ended"
        verbs.add_phone(cast.jeanne.pk, "06 39 98 01 02", asked="face")
        assert len(reads.card(cast.jeanne.pk).phones) == 3


def test_a_move_keeps_where_the_person_lived_before(cast: Cast) -> None:
    toulouse = make.commune("31555", "Toulouse", "31000")
    with clock.at(NOON), acting(cast.alice.actor):
        verbs.move_home(
            cast.jeanne.pk,
            " 3  rue du Taur \n\n Bât. B ",
            "31 000",
            toulouse.pk,
            since="1er novembre 2026",
            asked="face",
        )
        home = home_of(cast)
        before = Address.objects.get(person=cast.jeanne, until__isnull=False)
    assert (home.lines, home.postcode, home.commune, home.since) == (
        "3 rue du Taur\nBât. B",
        "31000",
        "Toulouse",
        date(2026, 11, 1),
    )
    assert (before.lines, before.until) == ("12 rue du Temple", date(2026, 11, 1))
    with as_owner():
        assert Fact.objects.filter(topic="people.moved_home", subject_id=cast.jeanne.pk).exists()


def test_a_correction_of_an_address_is_not_a_move(cast: Cast) -> None:
    with acting(cast.alice.actor):
        verbs.correct_home(cast.jeanne.pk, "12 bis rue du Temple", "31250", "31451", asked="face")
        assert [a.lines for a in Address.objects.filter(person=cast.jeanne)] == ["12 bis rue du Temple"]
        with pytest.raises(Unknown):
            verbs.correct_home(cast.jeanne.pk, "BP 12", "31250", "31451", kind="mail", asked="face")


def test_a_commune_merged_away_gives_the_one_that_stands_for_it(cast: Cast) -> None:
    with as_owner():
        revel = Commune.objects.get(pk="31451")
        Commune.objects.create(
            code="31999",
            name="Vieux-Revel",
            name_key="vieux revel",
            nature="former",
            department=revel.department,
            region=revel.region,
            merged_into=revel,
            valid_until=date(2024, 1, 1),
        )
    with acting(cast.alice.actor):
        assert (
            verbs.move_home(cast.jeanne.pk, "1 place", "31250", "31999", asked="face").commune_id == "31451"
        )


@pytest.mark.parametrize(
    ("lines", "postcode", "commune", "since", "code"),
    [
        ("1 rue", "75001", "31451", None, "postcode-not-of-commune"),
        ("1 rue", "31250", "99999", None, "unknown-commune"),
        ("  \n ", "31250", "31451", None, "empty"),
        ("1 rue", "31250", "31451", "1/1/2199", "date-too-late"),
        ("x" * 201, "31250", "31451", None, "too-long"),
    ],
)
def test_an_address_that_is_none_is_refused(
    cast: Cast, lines: str, postcode: str, commune: str, since: str | None, code: str
) -> None:
    with acting(cast.alice.actor), pytest.raises(Refused) as refused:
        verbs.move_home(cast.jeanne.pk, lines, postcode, commune, since=since, asked="face")
    assert refused.value.code == code
    with acting(cast.alice.actor):
        assert home_of(cast).lines == "12 rue du Temple"


def test_the_department_of_a_person_is_that_of_their_home(cast: Cast) -> None:
    with acting(cast.alice.actor):
        new = verbs.add_person("Petit", portfolio_id=cast.portfolio_id)
        address = verbs.move_home(new.pk, "1 rue", "31250", "31451", asked="face")
        new.refresh_from_db()
    assert (new.department, address.department) == ("31", "31")
