"""The back office keeps delays, hours and days unlike the others; nothing moves what was promised by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from gruppetto.kernel.actors import acting
from gruppetto.kernel.calendars.models import OpeningHours
from gruppetto.kernel.calendars.rules import periods_of
from gruppetto.kernel.clock import now, today
from gruppetto.service.commitments.models import Commitment, Place, Recomputation, SpecialDay
from gruppetto.service.commitments.reads import hours_of
from gruppetto.service.messages.hours import SHIPPED, message_hours
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.actors import Staff

pytestmark = pytest.mark.django_db
PROMISE = {
    "nature": "answer",
    "channel": "",
    "kind": "",
    "grade": "simple",
    "count": "2",
    "unit": "days",
    "why": "au calme",
}
WEEK = {f"day{n}": "9 h – 12 h, 14 h – 17 h 30" for n in range(5)} | {"day5": "", "day6": ""}


def test_a_delay_is_promised_then_ended(office: Client, cast: Cast) -> None:
    assert "Délais de départ" in office.get("/gestion/engagements/").content.decode()
    assert office.post("/gestion/engagements/", PROMISE).status_code == 303
    row = Commitment.objects.get()
    page = office.get("/gestion/engagements/").content.decode().replace("\u00a0", " ")
    assert "Simple : 2 jours ouvrés" in page
    assert "Gisèle" in page
    assert office.post(f"/gestion/engagements/{row.pk}/terminer/").status_code == 303
    page = office.get("/gestion/engagements/").content.decode()
    assert "seuls les délais de départ comptent" in page


def test_what_is_refused_is_said_and_what_was_typed_stays(office: Client, cast: Cast) -> None:
    page = office.post("/gestion/engagements/", {**PROMISE, "kind": "health-card-renewal"})
    assert page.status_code == 422
    assert "une difficulté, pas les deux" in page.content.decode()
    assert 'value="au calme"' in page.content.decode()
    assert office.post("/gestion/engagements/", {**PROMISE, "count": "0"}).status_code == 422
    assert office.post("/gestion/engagements/", {**PROMISE, "since": "hier"}).status_code == 422
    assert not Commitment.objects.exists()


def test_a_recount_is_asked_for_and_shows_how_far_it_is(office: Client, cast: Cast) -> None:
    assert office.post("/gestion/engagements/recalculer/", {"why": ""}).status_code == 422
    asked = office.post("/gestion/engagements/recalculer/", {"why": "jour férié ajouté", "later": "on"})
    assert asked.status_code == 303
    run = Recomputation.objects.get()
    assert run.later
    part = office.get("/gestion/engagements/recalculs/").content.decode()
    assert "jour férié ajouté" in part
    assert "avec report des dates déjà dites" in part
    again = office.post("/gestion/engagements/recalculer/", {"why": "encore"})
    assert again.status_code == 422
    assert "déjà en cours" in again.content.decode()


def test_a_place_has_its_week_its_holidays_and_its_days(office: Client, cast: Cast) -> None:
    opened = office.post("/gestion/horaires/", {"label": "Guichet de Revel", "department": "31"})
    assert opened["Location"] == "/gestion/horaires/guichet-de-revel/"
    address = opened["Location"]
    assert Place.objects.get().department == "31"
    # Until it has hours of its own, it shows those of the platform.
    assert "8 h 30 – 12 h 30" in office.get(address).content.decode()
    changed = office.post(
        address,
        {"form": "week", **WEEK, "holidays": "FR-alsace-moselle", "zone": "Europe/Paris", "why": "essai"},
    )
    assert changed.status_code == 303
    rules = hours_of("guichet-de-revel", now())
    assert str(rules.week[0][1]) == "14:00-17:30"
    assert rules.holidays == "FR-alsace-moselle"
    day = today() + timedelta(days=10)
    typed = {"form": "day", "day": f"{day:%d/%m/%Y}", "hours": "", "why": "inventaire"}
    assert office.post(address, typed).status_code == 303
    assert not hours_of("guichet-de-revel", now()).is_open_day(day)
    twice = office.post(address, typed)
    assert twice.status_code == 422
    assert "déjà un horaire exceptionnel" in twice.content.decode()
    row = SpecialDay.objects.get()
    assert "inventaire" in office.get(address).content.decode()
    assert office.post(f"{address}jours/{row.pk}/retirer/").status_code == 303
    assert "Aucun jour exceptionnel" in office.get(address).content.decode()


def test_a_day_of_the_platform_is_everywhere(office: Client, cast: Cast) -> None:
    day = today() + timedelta(days=10)
    office.post(
        "/gestion/horaires/platform/",
        {"form": "day", "day": f"{day:%d/%m/%Y}", "hours": "10 h – 0 h", "why": "nuit"},
    )
    row = SpecialDay.objects.get()
    assert (row.place, row.hours) == ("", "10:00-24:00")
    assert "10 h – 0 h" in office.get("/gestion/horaires/platform/").content.decode()


def test_hours_that_overlap_or_never_open_are_refused(office: Client, cast: Cast) -> None:
    base = {"form": "week", "holidays": "FR", "zone": "Europe/Paris", "why": "essai"}
    wrong = office.post("/gestion/horaires/platform/", {**base, **WEEK, "day0": "8 h – 12 h, 11 h – 13 h"})
    assert wrong.status_code == 422
    assert "se chevauchent" in wrong.content.decode()
    closed = office.post("/gestion/horaires/platform/", {**base, **{f"day{n}": "" for n in range(7)}})
    assert closed.status_code == 422
    assert not OpeningHours.objects.exists()
    assert office.get("/gestion/horaires/nulle-part/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/gestion/engagements/", "/gestion/horaires/", "/gestion/horaires/platform/"]
)
def test_a_supervisor_keeps_them_too_and_an_agent_does_not(cast: Cast, address: str) -> None:
    assert cast.sylvie.signed_in.client().get(address).status_code == 200
    assert cast.charlie.signed_in.client().get(address).status_code == 403


def test_an_open_request_is_not_moved_by_what_is_written_here(
    office: Client, cast: Cast, gisele: Staff
) -> None:
    one = make.intervention(cast.jeanne, cast.alice)
    office.post("/gestion/engagements/", {**PROMISE, "grade": one.grade, "count": "15"})
    office.post(
        "/gestion/horaires/platform/",
        {"form": "week", **WEEK, "holidays": "FR", "zone": "Europe/Paris", "why": "x"},
    )
    with acting(cast.alice.actor):
        before = one.due_at
        one.refresh_from_db()
    assert one.due_at == before


def test_the_hours_when_a_message_may_ring_are_kept_apart(office: Client, cast: Cast) -> None:
    address = "/gestion/horaires/messages/"
    assert address in office.get("/gestion/horaires/").content.decode()
    shown = office.get(address).content.decode()
    assert "Jours exceptionnels" not in shown
    assert "19 h 30" in shown
    base = {"form": "week", "holidays": "FR", "zone": "Europe/Paris", "why": "plus calme"}
    tomorrow = today() + timedelta(days=1)
    assert office.post(address, {**base, **WEEK, "since": f"{tomorrow:%d/%m/%Y}"}).status_code == 303
    later = now() + timedelta(days=2)
    assert message_hours(now()) == SHIPPED
    assert message_hours(later).week[0] == periods_of("09:00-12:00 14:00-17:30")
    assert hours_of("platform", later).week != message_hours(later).week
