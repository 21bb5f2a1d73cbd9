"""Reasons and causes on screen: figures lead to rows, a cause is noted where it is read, the list is kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.desks.causes.urls import urlpatterns
from tests.service.causes.test_causes import noted
from tests.service.conftest import Cast, on_stage
from tests.support import factories as make
from tests.support.permissions import names, only, statuses

pytestmark = pytest.mark.django_db

DESK = "/responsable/causes/"


@pytest.fixture
def cast(db: None) -> Cast:
    return on_stage()


def test_the_table_of_who_may_open_what(cast: Cast) -> None:
    found = statuses(
        {
            "table": DESK,
            "rows": f"{DESK}contacts/",
            "waiting": f"{DESK}a-trouver/",
            "find": f"{DESK}contacts/{cast.jeanne.pk}/",
            "kept": f"{DESK}liste/",
            "retire": f"{DESK}liste/other/retirer/",
        }
    )
    assert set(found) == names(urlpatterns)
    assert found == {
        **dict.fromkeys(("table", "rows", "waiting"), only("supervisor")),
        "find": only("supervisor", 405),
        "kept": only("back_office"),
        "retire": only("back_office", 405),
    }


def test_a_cause_is_noted_where_it_is_read_and_counted(cast: Cast) -> None:
    client = cast.sylvie.signed_in.client()
    assert "Aucun contact sur cette période" in client.get(DESK).content.decode()
    assert "Rien à chercher ici" in client.get(f"{DESK}a-trouver/").content.decode()
    reason = noted(cast, "complaint", rank=2)
    here = f"{DESK}a-trouver/?jours=30"
    page = client.get(here).content.decode()
    assert "Jeanne Roux" in page
    assert "revenue pour la même chose" in page
    none = client.post(f"{DESK}contacts/{reason}/", {"cause": "", "retour": here}, follow=True)
    assert "Choisissez une cause de la liste" in none.content.decode()
    done = client.post(f"{DESK}contacts/{reason}/", {"cause": "our-delay", "retour": here}, follow=True)
    assert done.redirect_chain == [(here, 303)]
    assert "La cause est notée" in done.content.decode()
    away = client.post(f"{DESK}contacts/{reason}/", {"cause": "no-news", "retour": "https://example.test/"})
    assert away["Location"] == f"{DESK}a-trouver/"
    page = client.get(f"{DESK}?jours=365").content.decode()
    assert "1 sur 1." in page
    assert f"{DESK}contacts/?jours=365&amp;motif=complaint&amp;cause=no-news" in page
    behind = client.get(f"{DESK}contacts/?jours=365&motif=complaint&cause=no-news").content.decode()
    assert "Jeanne Roux" in behind
    assert "Aucun contact" in client.get(f"{DESK}contacts/?motif=complaint&cause=sans").content.decode()


def test_another_period_keeps_what_the_list_shows(cast: Cast) -> None:
    client = cast.sylvie.signed_in.client()
    first, every = (client.get(f"{DESK}a-trouver/{asked}").content.decode() for asked in ("", "?tous=1"))
    assert 'href="?jours=365"' in first
    assert 'href="?jours=365&amp;tous=1"' in every


def test_the_list_asks_as_much_for_one_as_for_many(cast: Cast) -> None:
    client = cast.sylvie.signed_in.client()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{DESK}a-trouver/").status_code == 200
        return len(queries)

    noted(cast, "complaint")
    asked()
    first = asked()
    for _one in range(5):
        noted(cast, "complaint")
    assert asked() == first <= 14


def test_the_back_office_keeps_the_list(cast: Cast) -> None:
    client = make.colleague("Denise", "back_office").signed_in.client()
    wrong = client.post(f"{DESK}liste/", {"label": "Autre cause" * 8})
    assert wrong.status_code == 422
    assert "data-error-summary" in wrong.content.decode()
    assert (
        "Guichet fermé"
        in client.post(f"{DESK}liste/", {"label": "Guichet fermé"}, follow=True).content.decode()
    )
    page = client.post(f"{DESK}liste/guichet-ferme/retirer/", follow=True).content.decode()
    assert "n’est plus proposée" in page
    assert "Guichet fermé" not in page
