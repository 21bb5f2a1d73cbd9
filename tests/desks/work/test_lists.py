"""The list in a browser: chips, pages, filters that cannot be, views, acts on many, the file."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gruppetto.desks.shared.lists import address
from gruppetto.kernel.actors import acting
from gruppetto.kernel.live import presence
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.worklists import reads
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import BulkAct, SavedView
from gruppetto.service.worklists.verbs import bulk as bulk_verbs
from gruppetto.service.worklists.verbs import save_view
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.service.worklists.conftest import Work
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
LIST = "/interventions/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.alice.signed_in.client()


@pytest.fixture
def sylvie(cast: Cast) -> Client:
    return cast.sylvie.signed_in.client()


def read(client: Client, address: str, status: int = 200) -> str:
    """The words of a page."""
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return re.sub(r"\s+", " ", answer.content.decode())


def rows(page: str) -> list[str]:
    """The identifiers of the rows, in order."""
    return re.findall(r'data-key="row-([^"]+)"', page)


def test_mine_opens_first_oldest_due_first(alice: Client, sylvie: Client, work: Work) -> None:
    page = read(alice, LIST)
    assert rows(page) == [str(key) for key in work.jeanne]
    assert '<h1 id="worklist-title">À moi</h1>' in page
    with as_owner():
        # Confided last, due first.
        Intervention.objects.filter(pk=work.paul).update(due_at=F("due_at") - timedelta(days=30))
    page = read(sylvie, LIST)
    assert rows(page) == [str(work.paul), *map(str, work.jeanne)]
    assert '<h1 id="worklist-title">Mes équipes</h1>' in page


def test_a_line_says_which_colleagues_have_the_request_open(
    cast: Cast, alice: Client, sylvie: Client, work: Work
) -> None:
    assert "Ouverte aussi par" not in read(alice, LIST)
    with acting(cast.sylvie.actor):
        presence.here(opened := uuid4(), work.jeanne[0])
    line = read(alice, LIST).split(f'data-key="row-{work.jeanne[0]}"')[1].split("data-key=")[0]
    assert "Ouverte aussi par Sylvie" in line
    assert read(alice, LIST).count("Ouverte aussi par") == 1
    assert "Ouverte aussi par" not in read(sylvie, LIST)
    with acting(cast.sylvie.actor):
        presence.gone(opened)
    assert "Ouverte aussi par" not in read(alice, LIST)


def test_each_chip_is_taken_away_by_one_click(alice: Client, cast: Cast, work: Work) -> None:
    page = read(
        alice, address(qui=["moi", cast.alice.account.pk], retard=True, portefeuille=cast.portfolio.pk)
    )
    for words in (
        "Suivie par : moi",
        "Suivie par : Alice",
        "En retard : oui",
        f"Portefeuille : {cast.portfolio}",
    ):
        assert words in page
    assert f'href="/interventions/?qui=moi&amp;retard=oui&amp;portefeuille={cast.portfolio.pk}"' in page
    assert 'href="/interventions/?etat=a-faire"' in read(alice, address(retard=True))


def test_pages_follow_each_other_and_keep_the_filters(alice: Client, cast: Cast, work: Work) -> None:
    for _each in range(24):
        make.intervention(cast.jeanne, cast.alice)
    page = read(alice, address(qui="moi", tri="recentes"))
    assert len(rows(page)) == 25
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    second = read(alice, LIST + following[1].replace("&amp;", "&"))
    assert rows(second) == [str(key) for key in reversed(work.jeanne[:2])]
    read(alice, f"{LIST}?qui=moi&apres={work.paul}", 422)
    read(alice, f"{LIST}?qui=moi&apres=x", 404)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("etat=envolee", "« envolee » n’est pas un choix possible"),
        ("couleur=bleu", "Le filtre « couleur » n’existe pas."),
        ("type=" + "a" * 10_000, "une valeur est trop longue"),
        ("qui=%27%3B+DROP+TABLE+x%3B+--", "n’existe pas"),
        ("retard=oui&etat=close", "une demande n’est jamais en retard"),
        ("du=5/5/2026&au=1/5/2026", "La fin de la période est avant son début."),
    ],
)
def test_what_cannot_be_is_said_beside_its_filter_and_stays_typed(
    alice: Client, query: str, said: str
) -> None:
    page = read(alice, f"{LIST}?{query}", 422)
    assert said in page
    assert "Filtrer la liste" in page
    if query.startswith("du"):
        assert 'value="5/5/2026"' in page
    assert "Filtrer la liste" in read(alice, f"{LIST}filtres/?{query}", 422)


def test_the_page_of_filters_shows_those_of_the_list(alice: Client, work: Work) -> None:
    page = read(alice, f"{LIST}filtres/?etat=en-cours&depuis=3&du=2026-05-03")
    assert re.search(r'name="etat" value="en-cours"[^>]*checked', page)
    assert 'value="3"' in page
    assert 'value="03/05/2026"' in page


def test_a_view_is_kept_shown_changed_and_taken_away(sylvie: Client, alice: Client, cast: Cast) -> None:
    new = f"{LIST}vues/nouvelle/?retard=oui&tri=attente"
    assert "En retard : oui" in read(sylvie, new)
    assert sylvie.post(new, {"name": "", "audience": "me"}).status_code == 422
    given = {
        "name": "Du matin",
        "audience": f"team:{cast.team.pk}",
        "pinned": "on",
        "opens_for": "correspondent",
    }
    made = sylvie.post(new, given)
    assert made.status_code == 303
    with acting(cast.sylvie.actor):
        view = SavedView.objects.get()
    assert made["Location"] == f"{LIST}?vue={view.pk}"
    assert '<h1 id="worklist-title">Du matin</h1>' in read(alice, LIST)
    assert "Du matin" in read(alice, f"{LIST}vues/")
    read(alice, f"{LIST}vues/{view.pk}/", 404)
    assert alice.post(f"{LIST}vues/{view.pk}/retirer/").status_code == 403
    assert alice.post(new, {**given, "name": "Autre"}).status_code == 422
    changed = sylvie.post(f"{LIST}vues/{view.pk}/", {**given, "name": "Du soir", "pinned": ""})
    assert changed.status_code == 303
    assert "Du soir" in read(sylvie, f"{LIST}vues/")
    assert "Retirer la vue « Du soir »" in read(sylvie, f"{LIST}vues/{view.pk}/retirer/")
    assert sylvie.post(f"{LIST}vues/{view.pk}/retirer/").status_code == 303
    read(sylvie, f"{LIST}?vue={view.pk}", 404)


def test_a_broken_view_breaks_only_itself(alice: Client, cast: Cast, work: Work) -> None:
    with acting(cast.alice.actor):
        view = save_view("Ancienne", Filters())
    with as_owner():
        SavedView.objects.update(filters={"etat": ["disparue"]})
    assert "à corriger" in read(alice, LIST)
    assert "« disparue »" in read(alice, f"{LIST}?vue={view.pk}", 422)
    assert "Cette vue est à refaire" in read(alice, f"{LIST}vues/")


def act(client: Client, given: dict[str, Any], code: str, arguments: dict[str, str]) -> tuple[str, str]:
    """Choose, decide, read what came of it: (address, page)."""
    chosen = client.post(f"{LIST}choisir/", given)
    assert chosen.status_code == 303
    where = chosen["Location"]
    assert "Agir sur" in read(client, where)
    assert "Vous aurez dix minutes" in read(client, f"{where}?geste={code}")
    done = client.post(f"{where}?geste={code}", arguments)
    assert done.status_code == 303, done.content.decode()
    return where, read(client, where)


def test_several_are_entrusted_told_and_put_back(sylvie: Client, cast: Cast, work: Work) -> None:
    stage.put(Intervention(pk=work.jeanne[0]), "answered", worker=cast.alice)
    given = {"id": [*map(str, work.jeanne), str(work.paul)], "query": "etat=toutes"}
    where, page = act(sylvie, given, "confier", {"account": str(cast.sylvie.account.pk), "why": "absences"})
    assert "3 demandes confiées sur 4" in page
    assert "n’est pas possible" in page
    assert "Remettre comme avant" in page
    assert sylvie.post(f"{where}annuler/").status_code == 303
    assert "3 demandes remises comme avant" in read(sylvie, where)
    assert "3 demandes remises" in read(sylvie, f"{LIST}gestes/")
    assert "déjà annulé" in read(sylvie, sylvie.post(f"{where}annuler/")["Location"])
    with as_owner():
        assert not Intervention.objects.filter(worker_id=cast.sylvie.account.pk).exists()


def test_all_of_a_list_is_done_in_turns(
    alice: Client, cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect.unwrap(bulk_verbs.go_on), "__defaults__", (2,))
    given = {"tout": "1", "query": "qui=moi"}
    where, page = act(alice, given, "commencer", {})
    assert "2 demandes commencées sur 3" in page
    assert 'hx-trigger="load delay:200ms, submit"' in page
    fragment = alice.post(f"{where}suite/", headers={"HX-Request": "true"}).content.decode()
    assert "3 demandes commencées sur 3" in fragment
    assert "<html" not in fragment
    assert "hx-trigger" not in fragment


def test_a_choice_that_cannot_be_is_said_and_loses_nothing(alice: Client, cast: Cast, work: Work) -> None:
    for given in ({}, {"id": "x"}, {"id": str(uuid4())}, {"tout": "1", "query": "etat=envolee"}):
        answer = alice.post(f"{LIST}choisir/", {**given})
        assert answer.status_code == 303
    chosen = alice.post(f"{LIST}choisir/", {"id": str(work.jeanne[0])})["Location"]
    assert alice.post(f"{chosen}?geste=attendre", {"awaited": "paper"}).status_code == 422
    assert alice.post(f"{chosen}?geste=confier", {"account": "titulaire", "why": "x"}).status_code == 403
    read(alice, f"{chosen}?geste=effacer", 422)
    with acting(cast.alice.actor):
        assert set(BulkAct.objects.values_list("state", flat=True)) == {"prepared"}


def test_the_file_is_that_of_the_list(alice: Client, work: Work) -> None:
    answer = alice.get(f"{LIST}liste.csv?qui=moi&tri=recentes")
    assert answer["Content-Disposition"] == 'attachment; filename="demandes.csv"'
    assert not answer.streaming
    assert answer.content.decode("utf-8-sig").count("\r\n") == 4


def test_the_list_alone_is_read_again_for_news(alice: Client, work: Work) -> None:
    fragment = alice.get(LIST, headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<html" not in fragment
    assert len(rows(fragment)) == 3


def cost(client: Client, address: str) -> int:
    """How many queries a page asks in its act: not the savepoints, nor the end of the actor in a test's transaction."""
    with CaptureQueriesContext(connection) as asked:
        read(client, address)
    return len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]) - 1


def test_a_list_costs_ten_queries_at_most(alice: Client, sylvie: Client, cast: Cast, work: Work) -> None:
    for _each in range(reads.PAGE):
        make.intervention(cast.jeanne, cast.alice)
    newest = address(etat="toutes", tri="recentes")
    with acting(cast.alice.actor):
        after = reads.page(reads.ask(Filters.of(etat="toutes", tri="recentes"))).after
    for client in (alice, sylvie):
        read(client, LIST)
        assert cost(client, LIST) == 9
        assert cost(client, newest) == 9
        assert cost(client, f"{newest}&apres={after}") == 10
        # The name of a colleague, to be said in the filter.
        assert cost(client, address(qui=str(cast.alice.account.pk))) == 10
        assert cost(client, address(equipe="la-mienne", commune="31451", retard=True)) <= 10


def test_a_list_costs_the_same_for_one_row_as_for_twenty(alice: Client, cast: Cast, work: Work) -> None:
    addresses = (
        LIST,
        address(qui="moi"),
        address(etat="toutes", tri="attente"),
        f"{LIST}filtres/",
        f"{LIST}vues/",
    )
    read(alice, LIST)

    def costs() -> dict[str, int]:
        found = {}
        for one in addresses:
            with CaptureQueriesContext(connection) as asked:
                read(alice, one)
            found[one] = len(asked)
        return found

    few = costs()
    for _each in range(20):
        make.intervention(cast.jeanne, cast.alice)
    assert costs() == few
    with acting(cast.alice.actor):
        for number in range(5):
            save_view(f"Vue {number}", Filters.of(qui="moi", depuis=number + 1))
    assert costs()[LIST] == few[LIST]
