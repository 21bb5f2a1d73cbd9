"""Who may open which address of the lists: the expected table is complete and exact."""

from __future__ import annotations

from uuid import uuid4

import pytest

from gruppetto.desks.work.urls import urlpatterns
from gruppetto.kernel.actors import acting
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.verbs import prepare, save_view
from tests.service.conftest import Cast
from tests.service.worklists.conftest import Work
from tests.support.permissions import ROLES, names, statuses

pytestmark = pytest.mark.django_db

OPEN = {"list": 200, "filters": 200, "file": 200, "views": 200, "new_view": 200, "acts": 200}
# Read, the address of an act leads back to the page it belongs to.
POSTED = {"choose": 303, "go_on": 303, "undo": 303}
# What is another's is as if it did not exist.
ANOTHERS = {"view": 404, "remove_view": 404, "act": 404}


def test_each_address_answers_each_role_as_the_table_says(cast: Cast, work: Work) -> None:
    with acting(cast.alice.actor):
        view, bulk = save_view("La mienne", Filters()), prepare(ids=work.jeanne)
    desk = "/interventions/"
    addresses = {
        "list": desk,
        "filters": f"{desk}filtres/",
        "file": f"{desk}liste.csv",
        "views": f"{desk}vues/",
        "new_view": f"{desk}vues/nouvelle/?retard=oui",
        "view": f"{desk}vues/{view.pk}/",
        "remove_view": f"{desk}vues/{view.pk}/retirer/",
        "choose": f"{desk}choisir/",
        "acts": f"{desk}gestes/",
        "act": f"{desk}gestes/{bulk.pk}/",
        "go_on": f"{desk}gestes/{bulk.pk}/suite/",
        "undo": f"{desk}gestes/{bulk.pk}/annuler/",
    }
    assert set(addresses) == names(urlpatterns)
    expected = {
        name: {
            **dict.fromkeys(ROLES, 403),
            "correspondent": status,
            "supervisor": status,
            "nobody": 302,
        }
        for name, status in {**OPEN, **POSTED, **ANOTHERS}.items()
    }
    assert statuses(addresses) == expected
    own = cast.alice.signed_in.client()
    assert {name: own.get(addresses[name]).status_code for name in ANOTHERS} == dict.fromkeys(ANOTHERS, 200)
    assert own.post(f"{desk}vues/{uuid4()}/retirer/").status_code == 404
