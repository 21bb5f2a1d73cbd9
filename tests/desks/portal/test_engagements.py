"""The page of commitments: for everybody, without signing in, in words and in figures that say their denominators."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.calendars import days, minutes
from gruppetto.kernel.clock import PARIS
from gruppetto.service.commitments import verbs
from gruppetto.service.commitments.models import Measure
from tests.support import factories as make
from tests.support.actors import staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=PARIS)
KIND = "health-card-renewal"


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody passing by."""
    make.catalogue()
    return Client()


def measured(
    *rows: tuple[str, str, int, int], at: datetime = datetime(2026, 3, 2, 3, 10, tzinfo=UTC)
) -> None:
    with as_owner():
        for sort, code, kept, made in rows:
            Measure.objects.create(at=at, days=90, sort=sort, code=code, made=made, kept=kept)


def test_a_stranger_reads_what_we_promise_and_the_number_to_call(stranger: Client, settings: Any) -> None:
    settings.GRUPPETTO_PHONE_SHOWN = "05 61 00 00 00"
    with clock.at(MONDAY):
        page = stranger.get("/engagements/")
    text = page.content.decode().replace("\u00a0", " ")
    assert page.status_code == 200
    assert "2 heures d’ouverture" in text
    assert "3 jours ouvrés" in text
    assert "05 61 00 00 00" in text
    assert "mood-door" in text
    assert "Les premiers chiffres seront comptés cette nuit" in text


def test_figures_are_those_of_the_last_count_and_small_ones_are_kept_back(stranger: Client) -> None:
    measured(("all", "", 1, 2), at=datetime(2026, 3, 1, 3, tzinfo=UTC))
    measured(
        ("all", "", 1999, 2000),
        ("grade", "simple", 11, 11),
        ("grade", "complex", 1, 10),
        ("first", "phone", 9, 12),
    )
    with clock.at(MONDAY):
        shown = stranger.get("/engagements/").context["shown"]
        text = stranger.get("/engagements/").content.decode()
    # Never rounded up: 99.95 % is not all.
    assert shown.overall.share == 99
    lines = {line.code: line for line in (*shown.grades, *shown.channels)}
    assert "100" in lines["simple"].said
    assert "non publié" in lines["complex"].said
    assert lines["phone"].result.share == 75
    assert lines["letter"].said == "pas encore mesuré"
    assert "99 % des réponses" in text


def test_the_json_says_the_same_with_its_numbers(stranger: Client) -> None:
    gisele = staff("Gisèle", "back_office")
    measured(("all", "", 45, 50), ("kind", KIND, 20, 40))
    with acting(gisele.actor), clock.at(MONDAY):
        verbs.promise(days(2), "engagement", kind=KIND)
        verbs.promise(minutes(5), "plus de monde", nature="first", channel="phone")
        verbs.set_day(date(2026, 3, 3), "10:00-11:30", "formation")
    with clock.at(MONDAY + timedelta(hours=1)):
        answer = stranger.get("/engagements.json")
    said = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert "max-age=300" in answer["Cache-Control"]
    assert said["measured"] == {
        "at": "2026-03-02T03:10:00+00:00",
        "days": 90,
        "least_published": 11,
        "all": {"made": 50, "kept": 45, "share": 0.9},
    }
    kind = next(line for line in said["kinds"] if line["code"] == KIND)
    assert kind["delay"] == {"count": 2, "unit": "business_days"}
    assert kind["result"] == {"made": 40, "kept": 20, "share": 0.5}
    phone = next(line for line in said["first_answers"] if line["code"] == "phone")
    assert phone["delay"] == {"count": 5, "unit": "business_minutes"}
    assert phone["result"] is None
    assert said["opening"][1] == {"day": "2026-03-03", "hours": ["10:00-11:30"]}


def test_the_page_counts_nothing_and_asks_a_fixed_number_of_questions(
    stranger: Client, django_assert_max_num_queries: Any
) -> None:
    measured(("all", "", 45, 50))
    with django_assert_max_num_queries(16):
        stranger.get("/engagements.json")
