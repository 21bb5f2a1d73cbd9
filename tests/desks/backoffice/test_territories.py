"""Territories on screen: read by supervisors, kept by the back office, with what changes for whom told before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.desks.backoffice import territory_urls
from gruppetto.kernel.clock import today
from gruppetto.registry.coverage.models import Coverage, Portfolio, Team, TeamMember, Zone, ZonePart
from gruppetto.registry.people.models import Person
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.permissions import ROLES, names, only, statuses

pytestmark = pytest.mark.django_db
ROOT = "/gestion/territoires/"


def typed(days: int = 0) -> str:
    """Today, or so many days from today, as people type it."""
    return f"{today() + timedelta(days=days):%d/%m/%Y}"


@pytest.fixture
def zone(cast: Cast) -> Zone:
    """The zone of the team, with Revel in it."""
    with as_owner():
        return Zone.objects.get(name="Zone Lauragais")


@pytest.fixture
def zone_page(zone: Zone) -> str:
    return f"{ROOT}zones/{zone.pk}/"


def test_who_opens_which_address(cast: Cast, zone: Zone, zone_page: str) -> None:
    with as_owner():
        part, member = ZonePart.objects.get(zone=zone), TeamMember.objects.get(staff=cast.alice.record)
    team = f"{ROOT}equipes/{cast.team.pk}/"
    portfolio = f"{ROOT}portefeuilles/{cast.portfolio.pk}/"
    addresses = {
        "territories": ROOT,
        "new_territory": f"{ROOT}nouveau/",
        "new_zone": f"{ROOT}zones/nouvelle/",
        "zone": zone_page,
        "rename_zone": f"{zone_page}renommer/",
        "add_parts": f"{zone_page}communes/",
        "remove_part": f"{ROOT}communes/{part.pk}/retirer/",
        "cover_zone": f"{zone_page}equipe/",
        "new_team": f"{ROOT}equipes/nouvelle/",
        "team": team,
        "rename_team": f"{team}renommer/",
        "join_team": f"{team}membres/",
        "leave_team": f"{ROOT}membres/{member.pk}/depart/",
        "new_portfolio": f"{team}portefeuilles/nouveau/",
        "portfolio": portfolio,
        "close_portfolio": f"{portfolio}fermer/",
    }
    assert set(addresses) == names(territory_urls.urlpatterns)
    read = {**dict.fromkeys(ROLES, 403), "nobody": 302, "supervisor": 200, "back_office": 200}
    seen = {"territories", "zone", "team"}
    assert statuses(addresses) == {name: read if name in seen else only("back_office") for name in addresses}


def test_a_supervisor_reads_without_the_buttons(cast: Cast, zone_page: str) -> None:
    page = cast.sylvie.signed_in.client().get(zone_page).content.decode()
    assert "Revel" in page
    assert "Ajouter des communes" not in page
    assert "/retirer/" not in page


def test_a_zone_is_created_and_its_communes_chosen(office: Client, cast: Cast, zone: Zone) -> None:
    make.commune("31499", "Saint-Julia", "31540")
    made = office.post(f"{ROOT}zones/nouvelle/", {"name": "Nord", "territory": zone.territory_id})
    assert made.status_code == 303
    choosing = made["Location"]
    found = office.get(choosing, {"q": "3154"}).content.decode()
    assert "Saint-Julia (31540)" in found
    told = office.get(choosing, {"q": "3154", "parts": "31499-31540", "on": typed()}).content.decode()
    assert "Aucun abonné n’habite là aujourd’hui" in told
    assert "Aucune équipe ne sert cette zone ce jour-là" in told
    done = office.post(choosing, {"parts": ["31499-31540"], "on": typed()})
    assert done.status_code == 303
    assert "Saint-Julia" in office.get(done["Location"]).content.decode()


def test_a_part_of_another_zone_is_refused_on_its_line(office: Client, cast: Cast, zone: Zone) -> None:
    made = office.post(f"{ROOT}zones/nouvelle/", {"name": "Nord", "territory": zone.territory_id})
    choosing, asked = made["Location"], {"q": "revel", "parts": "31451-31250", "on": typed()}
    before = office.get(choosing, {"q": "revel"}).content.decode()
    assert 'id="trouble-31451-31250"' in before
    for page in (office.get(choosing, asked), office.post(choosing, asked)):
        shown = page.content.decode()
        assert "Revel (31250) : déjà dans la zone « Zone Lauragais »" in shown
        assert "Voici ce qui va changer" not in shown
    assert page.status_code == 422
    with as_owner():
        assert ZonePart.objects.count() == 1


def test_removing_a_commune_says_who_stays_and_moves_nobody(office: Client, cast: Cast, zone: Zone) -> None:
    paul = make.person("Petit", "Paul", within=cast.portfolio)
    make.home(paul, make.commune())
    with as_owner():
        part = ZonePart.objects.get(zone=zone)
    act = f"{ROOT}communes/{part.pk}/retirer/"
    told = office.get(act, {"on": typed()}).content.decode()
    assert "2 abonnés habitent là. Chacun garde son correspondant." in told
    assert "ce trou sera montré au responsable" in told
    assert "Petit" not in told
    assert office.post(act, {"on": typed()}).status_code == 303
    with as_owner():
        assert not ZonePart.objects.filter(during__contains=today()).exists()
        assert Person.objects.get(pk=paul.pk).portfolio_id == cast.portfolio.pk


def test_a_zone_is_confided_to_another_team(office: Client, cast: Cast, zone: Zone, zone_page: str) -> None:
    make.home(make.person("Petit", "Paul", within=cast.portfolio), make.commune())
    office.post(f"{ROOT}equipes/nouvelle/", {"name": "Nord", "territory": zone.territory_id})
    with as_owner():
        team = Team.objects.get(name="Nord")
    said = {"team": str(team.pk), "on": typed()}
    told = office.get(f"{zone_page}equipe/", said).content.decode()
    assert "Personne n’est déplacé" in told
    assert office.post(f"{zone_page}equipe/", said).status_code == 303
    with as_owner():
        assert Coverage.objects.get(zone=zone, during__contains=today()).team_id == team.pk
    again = office.post(f"{zone_page}equipe/", said)
    assert (again.status_code, "sert déjà la zone" in again.content.decode()) == (422, True)


def test_members_join_lead_and_leave(office: Client, cast: Cast) -> None:
    eve = make.colleague("Ève", "supervisor")
    team = f"{ROOT}equipes/{cast.team.pk}/"
    lead = {"staff": str(eve.record.pk), "leads": "on", "on": typed()}
    assert "pourra le confier" in office.get(f"{team}membres/", lead).content.decode()
    assert office.post(f"{team}membres/", lead).status_code == 303
    wrong = office.post(f"{team}membres/", {**lead, "staff": cast.charlie.record.pk})
    assert (wrong.status_code, "Seul un responsable" in wrong.content.decode()) == (422, True)
    with as_owner():
        alice = TeamMember.objects.get(staff=cast.alice.record)
        member = TeamMember.objects.get(staff=eve.record)
    held = office.get(f"{ROOT}membres/{alice.pk}/depart/", {"on": typed()}).content.decode()
    assert "un responsable le transmet d’abord" in held
    assert 'method="post"' not in held.split("<main", 1)[1].split("</main", 1)[0]
    assert office.post(f"{ROOT}membres/{member.pk}/depart/", {"on": typed()}).status_code == 303
    assert "Ève" not in office.get(team).content.decode()


def test_a_portfolio_is_opened_changed_and_closed(office: Client, cast: Cast) -> None:
    team = f"{ROOT}equipes/{cast.team.pk}/"
    said = {"name": "Nord", "target_size": "120", "substitute": str(cast.bob.record.pk)}
    assert office.post(f"{team}portefeuilles/nouveau/", said).status_code == 303
    with as_owner():
        opened = Portfolio.objects.get(name="Nord")
    own = f"{ROOT}portefeuilles/{opened.pk}/"
    assert office.post(own, {**said, "target_size": 0}).status_code == 422
    assert office.post(own, {**said, "substitute": ""}).status_code == 303
    assert "ne sera plus proposé" in office.get(f"{own}fermer/").content.decode()
    assert office.post(f"{own}fermer/").status_code == 303
    assert office.get(own).status_code == 404
    full = f"{ROOT}portefeuilles/{cast.portfolio.pk}/fermer/"
    assert "Une personne y est encore" in office.get(full).content.decode()
    assert office.post(full).status_code == 422


def test_a_day_that_cannot_be_is_said_beside_it(office: Client, zone_page: str, cast: Cast) -> None:
    for on in ("", "hier peut-être", typed(-1)):
        page = office.get(f"{zone_page}equipe/", {"team": str(cast.team.pk), "on": on})
        assert "field-error" in page.content.decode(), on


@pytest.mark.parametrize("q", ["x", "'; DROP TABLE", "9" * 60, "%", "31"])
def test_any_search_of_communes_is_answered(office: Client, zone_page: str, q: str) -> None:
    assert office.get(f"{zone_page}communes/", {"q": q, "parts": ["x", "31451-31250"]}).status_code == 200


def test_a_name_already_taken_or_missing_is_said(
    office: Client, cast: Cast, zone: Zone, zone_page: str
) -> None:
    for name in ("Zone Lauragais", ""):
        said = office.post(f"{ROOT}zones/nouvelle/", {"name": name, "territory": zone.territory_id})
        assert said.status_code == 422
    assert office.post(f"{zone_page}renommer/", {"name": "Lauragais sud"}).status_code == 303
    assert office.post(f"{ROOT}nouveau/", {"name": "Comminges"}).status_code == 303


def test_pages_ask_a_fixed_number_of_queries(office: Client, cast: Cast, zone_page: str) -> None:
    pages = (ROOT, zone_page, f"{ROOT}equipes/{cast.team.pk}/")
    before = [_queries(office, page) for page in pages]
    for number in range(3):
        place = make.commune(f"3160{number}", f"Village {number}", f"3126{number}")
        more = make.team(
            f"Équipe {number}", leader=make.colleague(f"Chef {number}", "supervisor"), serves=place
        )
        make.portfolio(more, cast.alice)
        make.portfolio(cast.team, make.colleague(f"Tenante {number}"))
    assert [_queries(office, page) for page in pages] == before


def _queries(office: Client, page: str) -> int:
    office.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert office.get(page).status_code == 200
    return len(asked)
