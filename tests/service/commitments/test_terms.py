"""What is promised: the most precise commitment in force, under the hours of the person's own place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.calendars import PLATFORM_HOURS, OpeningRules, days, minutes
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.commitments import verbs
from gruppetto.service.commitments.models import Commitment, Place, SpecialDay
from gruppetto.service.commitments.reads import PLATFORM, Terms, hours_of, terms, usual
from gruppetto.service.contacts.verbs import choose_person, visit
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=PARIS)
LATER = MONDAY + timedelta(days=1)
KIND = "health-card-renewal"


@pytest.fixture
def gisele(db: None) -> Staff:
    """Of the back office."""
    make.catalogue()
    return staff("Gisèle", "back_office")


def asked(urgent: bool = False, channel: str = "", grade: str = "ordinary", department: str = "31") -> Terms:
    return terms(KIND, grade, urgent=urgent, at=LATER, channel=channel, department=department)


def test_until_somebody_says_otherwise_the_grade_makes_the_delay(gisele: Staff) -> None:
    with acting(gisele.actor):
        assert asked() == Terms(days(3), PLATFORM_HOURS, None)
        assert asked(urgent=True).target == minutes(120)
        assert asked(grade="very_complex").target == days(20)


def test_the_most_precise_commitment_wins(gisele: Staff) -> None:
    with acting(gisele.actor), clock.at(MONDAY):
        everyone = verbs.promise(days(9), "au lancement")
        assert asked().target == days(9)
        verbs.promise(days(8), "courrier lent", channel="letter")
        verbs.promise(days(7), "plus simple", grade="ordinary")
        assert asked().target == asked(channel="letter").target == days(7)
        verbs.promise(days(6), "plus simple", grade="ordinary", channel="letter")
        assert asked(channel="letter").target == days(6)
        mine = verbs.promise(days(2), "engagement pris avec la caisse", kind=KIND)
        assert asked(channel="letter") == Terms(days(2), PLATFORM_HOURS, mine.pk)
        assert usual(KIND, "ordinary", Commitment.objects.all()) == days(2)
        # What is urgent is promised apart.
        assert asked(urgent=True).target == minutes(120)
        verbs.promise(minutes(60), "urgences", urgent=True)
        assert asked(urgent=True).target == minutes(60)
    with acting(gisele.actor), clock.at(LATER - timedelta(minutes=1)):
        verbs.end(mine.pk)
        assert asked().target == days(7)
        assert asked(grade="complex").commitment == everyone.pk


def test_a_new_commitment_takes_the_place_of_the_one_before(gisele: Staff) -> None:
    with acting(gisele.actor):
        with clock.at(MONDAY):
            first = verbs.promise(days(5), "au lancement")
            verbs.promise(days(4), "à partir de mercredi", since=MONDAY + timedelta(days=2))
        with clock.at(LATER):
            assert asked().target == days(5)
        assert terms(KIND, "ordinary", urgent=False, at=MONDAY + timedelta(days=3)).target == days(4)
        first.refresh_from_db()
        assert first.valid_until == MONDAY + timedelta(days=2)


def test_the_channel_is_that_of_the_contact_and_the_place_that_of_its_person(
    gisele: Staff, cast: Cast
) -> None:
    with acting(gisele.actor), clock.at(MONDAY):
        verbs.promise(days(1), "au guichet on répond plus vite", channel="counter")
        verbs.open_place("Haute-Garonne", "31")
        verbs.set_hours("haute-garonne", OpeningRules.of(["09:00-17:00"] * 5 + ["", ""]), "horaires locaux")
    with acting(cast.alice.actor):
        contact = visit("counter")
        choose_person(contact.pk, cast.jeanne.pk)
        found = terms(KIND, "ordinary", urgent=False, at=LATER, contact_id=contact.pk)
    assert found.target == days(1)
    assert found.rules.week[5] == ()


def test_a_department_has_its_own_holidays(gisele: Staff) -> None:
    with acting(gisele.actor), clock.at(MONDAY):
        verbs.open_place("Moselle", "57")
        rules = OpeningRules.of(["08:30-12:30 13:30-18:00"] * 5 + ["", ""], holidays="FR-alsace-moselle")
        verbs.set_hours("moselle", rules, "jours fériés d’Alsace-Moselle")
        good_friday = date(2026, 4, 3)
        assert not asked(department="57").rules.is_open_day(good_friday)
        assert asked(department="31").rules.is_open_day(good_friday)


def test_days_unlike_the_others_are_promised_under(gisele: Staff) -> None:
    bridge, night = date(2026, 5, 15), date(2026, 5, 16)
    with acting(gisele.actor), clock.at(MONDAY):
        everywhere = verbs.set_day(bridge, "", "pont de l’Ascension")
        verbs.open_place("Guichet de Revel")
        verbs.set_day(bridge, "09:00-12:00", "permanence", place="guichet-de-revel")
        verbs.set_day(night, "20:00-22:00", "soirée portes ouvertes")
        assert not asked().rules.is_open_day(bridge)
        assert hours_of("guichet-de-revel", MONDAY).is_open_day(bridge)
        assert hours_of(PLATFORM, MONDAY).periods(night)[0].opens == 20 * 60
        verbs.withdraw_day(everywhere.pk)
        assert asked().rules.is_open_day(bridge)
        with pytest.raises(Refused) as twice:
            verbs.withdraw_day(everywhere.pk)
        assert twice.value.code == "day-withdrawn"
        verbs.set_day(bridge, "", "finalement fermé")
        assert not asked().rules.is_open_day(bridge)


def test_hours_planned_begin_on_their_day(gisele: Staff) -> None:
    summer = OpeningRules.of(["08:00-13:00"] * 5 + ["", ""])
    with acting(gisele.actor), clock.at(MONDAY):
        verbs.set_hours(PLATFORM, summer, "horaires d’été", since=datetime(2026, 7, 1, tzinfo=PARIS))
        assert asked().rules == PLATFORM_HOURS
        assert hours_of(PLATFORM, datetime(2026, 7, 2, tzinfo=UTC)) == summer


def test_what_makes_no_sense_is_refused_in_words(gisele: Staff) -> None:
    closed = OpeningRules.of([""] * 7)

    def code(act: object) -> str:
        with pytest.raises(Refused) as refused, acting(gisele.actor), clock.at(MONDAY):
            act()  # type: ignore[operator]  # a lambda
        assert str(refused.value.message)
        return str(refused.value.code)

    assert code(lambda: verbs.promise(days(3), " ")) == "why-missing"
    assert code(lambda: verbs.promise(days(3), "x", kind="tea")) == "unknown-kind"
    assert code(lambda: verbs.promise(days(121), "x")) == "a-commitment-is-neither-empty-nor-endless"
    assert (
        code(lambda: verbs.promise(days(3), "x", kind=KIND, grade="simple"))
        == "a-commitment-is-for-a-kind-or-a-grade"
    )
    assert (
        code(lambda: verbs.promise(days(3), "x", nature="first"))
        == "a-first-answer-is-promised-for-a-channel"
    )
    assert code(lambda: verbs.promise(days(3), "x", since=MONDAY - timedelta(days=1))) == (
        "commitment-in-the-past"
    )
    assert code(lambda: verbs.set_hours("nulle-part", PLATFORM_HOURS, "x")) == "place-unknown"
    assert code(lambda: verbs.set_hours(PLATFORM, closed, "x")) == "never-open"
    assert code(lambda: verbs.set_day(date(2026, 3, 1), "", "x")) == "day-past"
    assert code(lambda: verbs.set_day(date(2026, 4, 1), "12:00-9:00", "x")) == "period-order"
    assert code(lambda: verbs.set_day(date(2026, 4, 1), "8:00-12:00 11:00-13:00", "x")) == "periods-overlap"
    assert code(lambda: verbs.open_place(" ")) == "label-missing"
    assert code(lambda: verbs.open_place("Platform")) == "label-taken"


def test_a_day_and_a_place_are_set_once(gisele: Staff) -> None:
    with acting(gisele.actor):
        with clock.at(MONDAY):
            verbs.set_day(date(2026, 5, 15), "", "pont")
            with pytest.raises(Refused, match="déjà un horaire"):
                verbs.set_day(date(2026, 5, 15), "09:00-10:00", "astreinte")
            verbs.open_place("Revel")
            with pytest.raises(Refused, match="déjà ce nom"):
                verbs.open_place("revel")
        with pytest.raises(Unknown):
            verbs.end(Place.objects.get().pk)


def test_what_was_promised_is_not_rewritten_and_only_kept_by_its_keepers(gisele: Staff) -> None:
    with acting(gisele.actor), clock.at(MONDAY):
        made = verbs.promise(days(5), "au lancement")
        verbs.set_day(date(2026, 5, 15), "", "pont")
    for change in (
        lambda: Commitment.objects.filter(pk=made.pk).update(count=1),
        lambda: SpecialDay.objects.update(hours="09:00-10:00"),
        lambda: Commitment.objects.filter(pk=made.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), as_owner():
            change()
    with pytest.raises(Refused), acting(staff("Charlie", "agent").actor), clock.at(MONDAY):
        verbs.promise(days(1), "je préfère")


def test_one_planned_can_be_given_up_before_it_begins(gisele: Staff) -> None:
    with acting(gisele.actor), clock.at(MONDAY):
        planned = verbs.promise(days(1), "trop tôt", since=LATER - timedelta(hours=1))
        verbs.end(planned.pk)
        assert asked().target == days(3)
        with pytest.raises(Refused, match="déjà terminé"):
            verbs.end(planned.pk)


def test_one_query_whatever_is_promised(gisele: Staff, django_assert_num_queries: object) -> None:
    with acting(gisele.actor), clock.at(MONDAY):
        verbs.promise(days(1), "x", grade="ordinary")
        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's
            asked()
