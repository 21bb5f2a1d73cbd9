"""Staff search, read, rate and correct; each page at a fixed cost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now, today
from gruppetto.registry.organisations import seeding
from gruppetto.registry.organisations.models import Organisation
from gruppetto.service.catalogue import verbs as catalogue
from gruppetto.service.knowledge import corrections, verbs
from gruppetto.service.knowledge.models import Article, Correction, Rating, Reading, VainSearch
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
ONE = "waiting-for-a-health-card"


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    since = now() - timedelta(days=30)
    with as_owner():
        seeding.load()
        catalogue.load(since)
        verbs.load(since)


@pytest.fixture
def chloe(db: None) -> Staff:
    return staff("Chloé", "agent")


@pytest.fixture
def agent(chloe: Staff) -> Client:
    return chloe.client()


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


@pytest.mark.parametrize("role", ["agent", "correspondent", "supervisor", "back_office"])
def test_whoever_works_with_people_reads(role: str) -> None:
    assert staff("Nadia", role).client().get("/savoir/").status_code == 200


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_others_have_no_business_here(role: str) -> None:
    assert staff("Nadia", role).client().get("/savoir/").status_code == 403


def test_a_search_leads_to_articles_kinds_and_organisations(
    agent: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        page = agent.get("/savoir/", {"q": "assurance carte vitale"})
    shown = text_of(page)
    assert "Refaire une carte Vitale" in shown
    assert f"/savoir/articles/{ONE}/" in shown or "Aucun article n’a tous ces mots" in shown
    assert "Assurance Maladie (CPAM)" in text_of(agent.get("/savoir/", {"q": "assurance"}))


def test_a_search_in_vain_is_counted_once_however_often_the_page_is_read_again(agent: Client) -> None:
    for _again in range(3):
        page = agent.get("/savoir/", {"q": "zygomatique"})
    assert "Rien ne répond à ces mots" in text_of(page)
    agent.get("/savoir/", {"q": "autrechose"})
    agent.get("/savoir/", {"q": "zygomatique"})
    assert dict(VainSearch.objects.values_list("words", "times")) == {"zygomatique": 2, "autrechose": 1}


@pytest.mark.parametrize(
    "typed", ["a", "'; DROP TABLE x --", "x" * 10_000, "%", "06 12 34 56 78", "<script>"]
)
def test_strange_searches_are_answered_in_words(agent: Client, typed: str) -> None:
    page = agent.get("/savoir/", {"q": typed})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().split("<main")[1]


def test_an_article_is_read_and_rated(agent: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(13):
        shown = text_of(agent.get(f"/savoir/articles/{ONE}/"))
    assert "L’attestation de droits remplace la carte" in shown
    assert "À vérifier" in shown
    assert "Refaire une carte Vitale" in shown
    assert agent.post(f"/savoir/articles/{ONE}/avis/", {"useful": "no"}).status_code == 303
    assert agent.post(f"/savoir/articles/{ONE}/avis/", {"useful": "yes"}).status_code == 303
    assert Rating.objects.get().useful
    assert agent.post(f"/savoir/articles/{ONE}/avis/", {}).status_code == 422
    assert agent.get("/savoir/articles/nothing/").status_code == 404


def test_a_kind_leads_to_its_organisations_and_articles(agent: Client) -> None:
    shown = text_of(agent.get("/savoir/demarches/health-card-renewal/"))
    cpam = Organisation.objects.get(key="assurance-maladie")
    assert f"/savoir/organismes/{cpam.pk}/" in shown
    assert f"/savoir/articles/{ONE}/" in shown
    assert "36 46" in text_of(agent.get(f"/savoir/organismes/{cpam.pk}/")).replace(
        "\u00a0", " "
    ) or "3646" in text_of(agent.get(f"/savoir/organismes/{cpam.pk}/"))


def test_the_pane_beside_a_script_is_a_fragment(agent: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        pane = agent.get("/savoir/demarches/health-card-renewal/a-cote/")
    assert f"/savoir/articles/{ONE}/" in text_of(pane)
    assert "Proposer une correction" in text_of(pane)
    assert "<html" not in pane.content.decode()
    assert "Aucun article" in text_of(agent.get("/savoir/demarches/no-such-kind/a-cote/"))


def test_a_correction_is_proposed_from_where_one_reads_and_the_answer_comes_back(
    agent: Client, chloe: Staff
) -> None:
    address = "/savoir/proposer/kind/health-card-renewal/"
    assert agent.get(address).status_code == 200
    empty = agent.post(address, {"words": " "})
    assert empty.status_code == 422
    assert "Dites ce qui est faux" in text_of(empty)
    pane = agent.post(address, {"words": "Le délai est plus long."}, headers={"HX-Request": "true"})
    assert pane.status_code == 200
    assert "48 heures" in text_of(pane)
    assert "<html" not in pane.content.decode()
    assert agent.post(address, {"words": "Et le prix ?"}).status_code == 303
    one = Correction.objects.get(words="Et le prix ?")
    with acting(staff("Gisèle", "back_office").actor):
        corrections.answer(one.pk, "declined", "La carte est gratuite.")
    assert "Une réponse vous attend" in text_of(agent.get("/savoir/"))
    shown = text_of(agent.get("/savoir/propositions/"))
    assert "La carte est gratuite." in shown
    assert "Nouvelle réponse" in shown
    assert "Nouvelle réponse" not in text_of(agent.get("/savoir/propositions/"))
    assert "Une réponse vous attend" not in text_of(agent.get("/savoir/"))
    assert agent.get("/savoir/proposer/kind/nothing/").status_code == 404


def test_the_articles_read_the_most_this_month_come_first_whoever_read_them(agent: Client) -> None:
    assert "Les plus lus ce mois-ci" not in text_of(agent.get("/savoir/"))
    codes = list(Article.objects.order_by("code").values_list("code", flat=True)[:2])
    others = [staff(name, "agent").client() for name in ("Nadia", "Omar")]
    agent.get(f"/savoir/articles/{codes[0]}/")
    for client in (agent, *others):
        address = f"/savoir/articles/{codes[1]}/"
        client.get(address)
        # Shown again after an opinion, it is the same reading.
        client.get(address, headers={"Referer": f"http://testserver{address}"})
    page = agent.get("/savoir/")
    assert "Les plus lus ce mois-ci" in text_of(page)
    assert [one.code for one in page.context["most_read"]] == [codes[1], codes[0]]
    assert dict(Reading.objects.values_list("article_id", "times")) == {codes[0]: 1, codes[1]: 3}
    with as_owner():
        Reading.objects.update(month=(today() - timedelta(days=40)).replace(day=1))
    assert agent.get("/savoir/").context["most_read"] == ()
