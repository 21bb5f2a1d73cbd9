"""Coordinates are verified every six months, what comes back is said, and how many records are filled is counted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.journal.models import Entry
from gruppetto.kernel.outbox import facts
from gruppetto.registry.people import verbs as people
from gruppetto.registry.people.events import CHANGED
from gruppetto.registry.people.models import Person, Phone
from gruppetto.registry.people.reads import card
from gruppetto.service.contacts.verbs import choose_person, visit
from gruppetto.service.coordinates import jobs
from gruppetto.service.coordinates.models import Confirmation, Standing
from gruppetto.service.coordinates.reads import (
    Coordinate,
    Rate,
    Said,
    coordinates_of,
    rates,
    to_verify,
    together,
)
from gruppetto.service.coordinates.verbs import come_back, confirm
from gruppetto.service.coordinates.weighing import weigh, weigh_all
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.plans import plans, read_whole, settle

pytestmark = pytest.mark.django_db


def weighed(person: Person) -> Standing:
    with as_owner():
        weigh_all()
        return Standing.objects.get(person_id=person.pk)


def test_what_was_never_verified_is_due_at_once(cast: Cast) -> None:
    standing = weighed(cast.jeanne)
    assert (standing.old, standing.returned, standing.missing) == (["home", "phone"], [], [])
    assert standing.due_at <= clock.now()
    assert standing.filled


def test_a_confirmation_holds_for_six_months(cast: Cast) -> None:
    with as_owner():
        number = Phone.objects.get()
    with acting(cast.alice.actor):
        confirm(cast.jeanne.pk, "home")
        said = confirm(cast.jeanne.pk, "phone", number.pk)
    assert (said.account_id, said.contact_id, said.value) == (cast.alice.account.pk, None, number.number)
    assert weighed(cast.jeanne).old == []
    assert weighed(cast.jeanne).due_at > clock.now() + timedelta(days=182)
    with clock.at(clock.now() + timedelta(days=184)):
        assert weighed(cast.jeanne).old == ["home", "phone"]
    with as_owner():
        assert Entry.objects.filter(verb="coordinate.confirmed", person_id=cast.jeanne.pk).count() == 2


def test_a_confirmation_during_a_contact_is_tied_to_it(cast: Cast) -> None:
    with acting(cast.charlie.actor):
        contact = visit("counter")
        choose_person(contact.pk, cast.jeanne.pk)
        assert confirm(cast.jeanne.pk, "home").contact_id == contact.pk


def test_what_came_back_is_due_until_it_is_confirmed_again(cast: Cast) -> None:
    with acting(cast.alice.actor):
        confirm(cast.jeanne.pk, "home")
    with clock.at(clock.now() + timedelta(days=1)):
        with acting(cast.alice.actor):
            come_back(cast.jeanne.pk, "home")
        assert weighed(cast.jeanne).returned == ["home"]
    with clock.at(clock.now() + timedelta(days=2)):
        with acting(cast.alice.actor):
            confirm(cast.jeanne.pk, "home")
        assert weighed(cast.jeanne).returned == []


def test_a_new_address_is_not_confirmed_by_what_was_said_of_the_old_one(cast: Cast) -> None:
    with acting(cast.alice.actor):
        confirm(cast.jeanne.pk, "home")
        people.correct_home(cast.jeanne.pk, "14 rue du Temple", "31250", "31451", asked="face")
    assert "home" in weighed(cast.jeanne).old


def test_an_address_is_verified_on_the_record_until_it_changes_or_what_is_sent_comes_back(cast: Cast) -> None:
    def verified() -> bool:
        with as_owner():
            return Person.objects.get(pk=cast.jeanne.pk).email_verified_at is not None

    with acting(cast.alice.actor):
        people.correct_person(cast.jeanne.pk, email="jeanne@example.test", asked="face")
        assert not verified()
        confirm(cast.jeanne.pk, "email")
        assert verified()
        people.correct_person(cast.jeanne.pk, usage_name="Martin", asked="face")
        assert verified()
        come_back(cast.jeanne.pk, "email")
        assert not verified()
        confirm(cast.jeanne.pk, "email")
        people.correct_person(cast.jeanne.pk, email="autre@example.test", asked="face")
        assert not verified()


def test_what_is_missing_is_to_be_asked(cast: Cast) -> None:
    paul = make.person("Petit", "Paul", within=cast.portfolio)
    standing = weighed(paul)
    assert (standing.missing, standing.filled) == (["phone", "home"], False)


def test_only_whom_we_follow_is_counted(cast: Cast) -> None:
    weighed(cast.jeanne)
    with as_owner():
        Person.objects.filter(pk=cast.jeanne.pk).update(died_on=clock.today())
        weigh_all()
        assert not Standing.objects.exists()


def test_somebody_is_followed_until_the_midnight_of_france(cast: Cast) -> None:
    last = clock.today() + timedelta(days=30)
    midnight = datetime.combine(last + timedelta(days=1), time(), clock.PARIS)
    with as_owner():
        Person.objects.filter(pk=cast.jeanne.pk).update(subscriber_until=last)
        for minutes, followed in ((-1, True), (1, False)):
            with clock.at(midnight.astimezone(UTC) + timedelta(minutes=minutes)):
                weigh_all()
            assert Standing.objects.exists() is followed


def test_there_is_nothing_to_confirm_of_what_is_not_there(cast: Cast) -> None:
    with acting(cast.alice.actor):
        for what in ("email", "mail", "phone", "fax", ""):
            with pytest.raises(Refused) as refused:
                confirm(cast.jeanne.pk, what)
            assert refused.value.code == "coordinate-gone"
    with acting(cast.bob.actor), pytest.raises(Unknown):
        confirm(cast.jeanne.pk, "home")
    with as_owner():
        assert not Confirmation.objects.exists()


def test_the_list_and_the_rates_are_those_of_ones_portfolios(cast: Cast) -> None:
    make.person("Petit", "Paul", within=cast.other)
    weighed(cast.jeanne)
    with acting(cast.alice.actor):
        assert [row.person_id for row in to_verify(None, 25).rows] == [cast.jeanne.pk]
        assert rates() == [Rate(cast.portfolio.pk, 1, 1, 0)]
    with acting(cast.charlie.actor):
        assert (to_verify(None, 25).rows, rates()) == ([], [])
    with acting(cast.sylvie.actor):
        assert len(to_verify(None, 25).rows) == 2
        assert [one.percent for one in rates()] == [0, 100]
        assert (together(rates()).percent, together([]).percent) == (50, 0)


def test_a_record_that_changes_is_weighed_again(cast: Cast) -> None:
    assert jobs.WEIGH in facts._subscribers[CHANGED]
    with as_owner():
        weigh([cast.jeanne.pk])
        assert Standing.objects.get().person_id == cast.jeanne.pk


def test_ages_are_told_from_what_was_said_of_the_same_value(cast: Cast) -> None:
    now = clock.now()
    with acting(cast.alice.actor):
        known = card(cast.jeanne.pk)
    value = f"{known.home.lines} 31250 31451" if known.home else ""
    said = [
        Said("home", value, True, now - timedelta(days=2), ""),
        Said("home", value, False, now - timedelta(days=300), "Alice"),
        Said("home", "elsewhere", False, now, "Bob"),
    ]
    phone, home = coordinates_of(known, said, {})
    assert (home.verified_at, home.who, home.returned_at) == (said[1].at, "Alice", said[0].at)
    assert home.old(now)
    assert phone.verified_at == known.phones[0].verified_at
    sure = Coordinate("home", None, "", now - timedelta(days=183), "", None)
    assert (sure.old(now), sure.old(now + timedelta(days=1))) == (False, True)


def test_the_list_reads_one_page_of_each_portfolio(cast: Cast) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO coordinates_standing (id, shelf, portfolio_id, person_id, filled, due_at, old, returned,"
            " missing)"
            " SELECT gen_random_uuid(), 1, CASE WHEN n %% 2 = 0 THEN %s ELSE %s END, gen_random_uuid(), true,"
            " now() - n * interval '1 minute', '{home}', '{}', '{}' FROM generate_series(1, 8000) n",
            [cast.portfolio.pk, cast.other.pk],
        )
        settle("coordinates_standing")
    with acting(cast.sylvie.actor), CaptureQueriesContext(connection) as asked:
        assert len(to_verify(None, 25).rows) == 25
    with acting(cast.sylvie.actor):
        (steps,) = plans(asked, "LATERAL")
    assert "coordinates_standing" not in read_whole(steps), steps
    assert "coordinates_to_verify" in {step.get("Index Name") for step in steps}, steps
