"""The visitor's page and the alarms of colleagues, on screen: plain forms, nothing shown to whom it is not for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gruppetto.desks.visits.urls import urlpatterns
from gruppetto.kernel.clock import now
from gruppetto.registry.coverage.models import TeamMember
from gruppetto.service.visits.models import Visit
from tests.service.conftest import Cast, on_stage
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.permissions import ROLES, names, statuses

pytestmark = pytest.mark.django_db

BAND, MINE = "/visites/alarmes/bandeau/", "/visites/ma-visite/"
SAID = {
    "whose": "Mme Roux",
    "place": "12 rue du Temple",
    "phone": "06 12 34 56 78",
    "minutes": 60,
    "grace": 10,
}


@pytest.fixture
def cast(db: None) -> Cast:
    return on_stage()


def browser(who: make.Colleague) -> Client:
    return who.signed_in.client()


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def goes_in(who: make.Colleague) -> UUID:
    assert browser(who).post(MINE, SAID).status_code == 303
    with as_owner():
        return Visit.objects.get(account_id=who.account.pk, out_at=None, closed_at=None).pk


def test_the_table_of_who_may_open_what(cast: Cast) -> None:
    nobodys = "00000000-0000-7000-8000-000000000000"
    alarm = f"/visites/alarmes/{nobodys}/"
    at_work = {"agent", "correspondent", "supervisor"}
    answering = {role: 200 if role in at_work else 403 for role in ROLES} | {"nobody": 302}
    visiting = {**answering, "agent": 403}

    def answered(status: int, of: dict[str, int]) -> dict[str, int]:
        return {who: status if code == 200 else code for who, code in of.items()}

    found = statuses(
        {
            "home": MINE,
            "say": f"{MINE}aide/",
            "alarms": "/visites/alarmes/",
            "band": BAND,
            "alarm": alarm,
            "answer": f"{alarm}prendre/",
        }
    )
    assert set(found) == names(urlpatterns)
    assert found == {
        "home": visiting,
        "say": answered(405, visiting),
        "alarms": answering,
        "band": answering,
        "alarm": answered(404, answering),
        "answer": answered(405, answering),
    }


def test_the_form_knows_what_the_house_knows(cast: Cast) -> None:
    page = text(browser(cast.alice), f"{MINE}?personne={cast.jeanne.pk}")
    assert "Jeanne Roux" in page
    assert "12 rue du Temple" in page
    assert "En cas d’alarme, on prévient : Sylvie." in page
    assert text(browser(cast.alice), f"{MINE}?personne=nobody")


def test_what_was_typed_stays_when_something_is_wrong(cast: Cast) -> None:
    answer = browser(cast.alice).post(MINE, {**SAID, "phone": "douze"})
    assert answer.status_code == 422
    assert "12 rue du Temple" in answer.content.decode()
    assert "data-error-summary" in answer.content.decode()


def test_a_visit_goes_by_gestures_and_nobody_sees_it(cast: Cast) -> None:
    visit = goes_in(cast.alice)
    client = browser(cast.alice)
    page = text(client, MINE)
    for words in ("J’ai besoin d’aide", "Tout va bien, je suis sorti", "Encore 30 minutes", "renseignement"):
        assert words in page
    assert "Ma visite" in text(client, BAND)
    assert text(browser(cast.sylvie), BAND).strip() == ""
    client.post(f"{MINE}prolonger/", {"minutes": 30})
    client.post(f"{MINE}prolonger/", {"minutes": "beaucoup"})
    with as_owner():
        one = Visit.objects.get(pk=visit)
    assert (one.expected_at - one.begun_at).total_seconds() == 120 * 60
    # Begun twice in haste, the form says why not.
    assert "déjà une visite en cours" in client.post(MINE, SAID).content.decode()
    assert "vous êtes sorti" in client.post(f"{MINE}sorti/", follow=True).content.decode()
    assert "Je commence ma visite" in text(client, MINE)
    assert "pas de visite en cours" in client.post(f"{MINE}aide/", follow=True).content.decode()


def test_help_is_on_every_page_of_who_leads_until_it_is_closed(cast: Cast) -> None:
    visit = goes_in(cast.alice)
    browser(cast.alice).post(f"{MINE}aide/")
    mine = text(browser(cast.alice), MINE)
    assert "L’alarme est donnée" in mine
    assert 'href="tel:17"' in mine
    assert 'href="sms:114"' in mine
    assert text(browser(cast.bob), BAND).strip() == ""
    client = browser(cast.sylvie)
    assert f'hx-get="{BAND}"' in text(client, "/responsable/")
    band = text(client, BAND)
    for words in (
        "Alice a demandé de l’aide",
        "12 rue du Temple",
        'href="tel:+33612345678"',
        "Je m’en occupe",
    ):
        assert words in band
    alarm = f"/visites/alarmes/{visit}/"
    assert "appelez le 17 ou le 112" in text(client, alarm)
    taken = client.post(f"{alarm}prendre/", follow=True).content.decode()
    assert "Clore l’alarme" in taken
    assert "Sylvie" in text(browser(cast.alice), MINE)
    late = client.post(f"{alarm}prendre/")
    assert late.status_code == 409
    wrong = client.post(f"{alarm}clore/", {"found": "Elle va bien."})
    assert wrong.status_code == 422
    assert "Elle va bien." in wrong.content.decode()
    client.post(f"{alarm}clore/", {"finding": "safe", "found": "Elle va bien."})
    assert text(client, BAND).strip() == ""
    assert "Elle va bien." in text(client, alarm)
    assert "Alice" in text(client, "/visites/alarmes/")
    assert client.post(f"{alarm}inconnue/").status_code == 404


def test_asked_discreetly_nothing_is_seen_on_the_visitor_s_telephone(cast: Cast) -> None:
    visit = goes_in(cast.alice)
    client = browser(cast.alice)
    before = text(client, MINE), text(client, BAND)
    said = client.post(f"{MINE}renseignement/", follow=True).content.decode()
    assert "alarme est donnée" not in said
    assert "Continuez votre visite" in said
    assert [without_token(one) for one in (text(client, MINE), text(client, BAND))] == [
        without_token(one) for one in before
    ]
    band = text(browser(cast.sylvie), BAND)
    assert "Ne l’appelez pas" in band
    assert "tel:+33612345678" not in band
    assert "N’appelez pas ce téléphone" in text(browser(cast.sylvie), f"/visites/alarmes/{visit}/")


def test_who_took_it_and_is_gone_may_be_replaced(cast: Cast) -> None:
    renee, marc = make.colleague("Renée", "supervisor"), make.colleague("Marc", "supervisor")
    with as_owner():
        for one in (renee, marc):
            during = (date(2020, 1, 1), None)
            TeamMember.objects.create(team=cast.team, staff=one.record, leads=True, during=during)
    visit = goes_in(cast.alice)
    browser(cast.alice).post(f"{MINE}aide/")
    alarm = f"/visites/alarmes/{visit}/"
    browser(renee).post(f"{alarm}prendre/")
    assert "M’en occuper à sa place" in text(browser(marc), alarm)
    browser(marc).post(f"{alarm}reprendre/", {"from_account": str(renee.account.pk)})
    assert "Clore l’alarme" in text(browser(marc), alarm)
    assert (
        browser(renee).post(f"{alarm}reprendre/", {"from_account": str(renee.account.pk)}).status_code == 409
    )


def test_the_band_costs_every_page_two_questions(cast: Cast) -> None:
    client = browser(cast.sylvie)
    client.get(BAND)
    with CaptureQueriesContext(connection) as queries:
        client.get(BAND)
    asked = [one["sql"] for one in queries.captured_queries if "visits_visit" in one["sql"]]
    assert len(asked) == 2


def without_token(page: str) -> str:
    """A page without what is drawn anew each time."""
    return re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": |depuis=)[^>}]*', "", page)


def test_a_page_that_comes_before_the_others_does_not_ask_for_the_band(cast: Cast) -> None:
    account = cast.alice.account
    with as_owner():
        account.set_password("Quatre-Chevaux-9-Roues")
        account.save(update_fields=["password"])
    alice = browser(cast.alice)
    change = reverse("account_change_password")
    assert BAND in alice.get(change).content.decode()
    with as_owner():
        account.temporary_until = now() + timedelta(days=7)
        account.save(update_fields=["temporary_until"])
    assert BAND not in alice.get(change).content.decode()
