"""The rota at the desk: a week read as a table, a day changed with its reason, one's own four weeks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.calendars import PLATFORM_HOURS
from gruppetto.kernel.clock import PARIS, today
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.staff import verbs
from gruppetto.registry.staff.models import Absence, ChangedDay, Shift
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
ROTA = "/responsable/planning/"


@pytest.fixture
def monday() -> date:
    """A Monday to come: the first of the next weeks without a public holiday."""
    return next(
        day
        for day in (today() + timedelta(days=n) for n in range(7, 60))
        if day.weekday() == 0
        and not any(PLATFORM_HOURS.is_public_holiday(day + timedelta(days=n)) for n in range(7))
    )


@pytest.fixture
def planned(cast: Cast, monday: date) -> Cast:
    with as_owner():
        verbs.plan_rota(today(), monday + timedelta(days=6))
    return cast


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_week_shows_the_team_and_the_agents_with_the_gaps(
    planned: Cast, sylvie: Client, monday: date
) -> None:
    make.colleague("Étrangère")
    text = page(sylvie, f"{ROTA}?semaine={monday}")
    assert all(name in text for name in ("Alice", "Bob", "Charlie"))
    assert "Étrangère" not in text
    # At work from 8 to 15: nobody answers until 18, nor on Saturday.
    assert "de 15 h à 18 h" in text.replace("\u00a0", " ")
    assert "de 9 h à 12 h" in text.replace("\u00a0", " ")


def test_the_week_is_narrowed_to_a_language(planned: Cast, sylvie: Client, monday: date) -> None:
    with as_owner():
        planned.bob.record.languages = ["fr", "pt"]
        planned.bob.record.save(update_fields=["languages"])
    text = page(sylvie, f"{ROTA}?semaine={monday}&langue=pt")
    assert "portugais" in text
    assert ">Alice" not in text.replace("\n", "").replace("  ", "")
    assert "Personne ne correspond" in page(sylvie, f"{ROTA}?semaine={monday}&langue=fsl")


def test_a_day_is_changed_then_put_back(planned: Cast, sylvie: Client, monday: date) -> None:
    address = f"{ROTA}{planned.alice.record.pk}/{monday}/"
    assert "8 h – 15 h" in page(sylvie, address).replace("\u00a0", " ")
    answer = sylvie.post(address, {"hours": "10 h – 12 h, 14 h – 18 h 30", "why": "formation le matin"})
    assert answer.status_code == 303
    with as_owner():
        shifts = Shift.objects.filter(staff=planned.alice.record, day=monday).order_by("during")
        assert [one.during.upper.astimezone(PARIS).time() for one in shifts] == [time(12), time(18, 30)]
        assert not any(one.takes_calls for one in shifts)
    text = page(sylvie, f"{ROTA}?semaine={monday}")
    assert "formation le matin" in text
    assert "sans appels" in text
    assert sylvie.post(f"{address}habituel/").status_code == 303
    with as_owner():
        assert not ChangedDay.objects.exists()
        assert Shift.objects.filter(staff=planned.alice.record, day=monday).count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"hours": "le matin", "why": "essai"},
        {"hours": "10 h – 9 h", "why": "essai"},
        {"hours": "9 h – 12 h, 11 h – 14 h", "why": "essai"},
        {"hours": "25 h – 26 h", "why": "essai"},
        {"hours": "9 h – 12 h", "why": ""},
    ],
)
def test_what_cannot_be_is_said_and_kept(
    planned: Cast, sylvie: Client, monday: date, typed: dict[str, str]
) -> None:
    answer = sylvie.post(f"{ROTA}{planned.alice.record.pk}/{monday}/", typed)
    assert answer.status_code == 422
    assert typed["hours"] in answer.content.decode()
    with as_owner():
        assert not ChangedDay.objects.exists()


def test_days_and_colleagues_that_are_not_ours_are_unknown(
    planned: Cast, sylvie: Client, monday: date
) -> None:
    stranger = make.colleague("Étrangère")
    for address in (
        f"{ROTA}{stranger.record.pk}/{monday}/",
        f"{ROTA}{new_id()}/{monday}/",
        f"{ROTA}{planned.alice.record.pk}/demain/",
        f"{ROTA}{planned.alice.record.pk}/1999-01-01/",
        f"{ROTA}?semaine=jamais",
    ):
        assert sylvie.get(address).status_code == 404, address
    yesterday = today() - timedelta(days=1)
    assert "Ce jour est passé" in page(sylvie, f"{ROTA}{planned.alice.record.pk}/{yesterday}/")
    assert sylvie.post(f"{ROTA}{planned.alice.record.pk}/{yesterday}/habituel/").status_code == 303


def test_everybody_reads_their_own_weeks_and_nobody_else_s(planned: Cast) -> None:
    alice = planned.alice.signed_in.client()
    with as_owner():
        Absence.objects.create(
            staff=planned.alice.record,
            during=(today() + timedelta(days=1), today() + timedelta(days=3)),
            reason="leave",
        )
    text = page(alice, "/planning/")
    assert "aujourd’hui" in text
    assert "congé" in text
    assert "Bob" not in text
    assert alice.get(ROTA).status_code == 403


def test_somebody_without_a_record_is_told_whom_to_ask(cast: Cast) -> None:
    from tests.support.actors import staff

    assert "Vous n’avez pas encore de fiche" in page(staff("Nouvelle", "agent").client(), "/planning/")


def test_the_week_costs_the_same_for_three_as_for_thirteen(
    planned: Cast, sylvie: Client, monday: date
) -> None:
    address = f"{ROTA}?semaine={monday}"
    sylvie.get(address)
    with CaptureQueriesContext(connection) as few:
        page(sylvie, address)
    for number in range(10):
        make.colleague(f"Agent{number}", "agent")
    with as_owner():
        verbs.plan_rota(monday, monday + timedelta(days=6))
    with CaptureQueriesContext(connection) as many:
        page(sylvie, address)
    assert len(few) == len(many)


def test_the_hours_shown_are_those_of_the_wall(planned: Cast, monday: date) -> None:
    with as_owner():
        one = Shift.objects.filter(staff=planned.alice.record, day=monday).get()
    assert one.during.lower == datetime.combine(monday, time(8), PARIS)
