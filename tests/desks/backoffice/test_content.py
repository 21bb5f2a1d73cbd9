"""The catalogue edited on screen: parts as forms, errors beside their field, another person publishes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gruppetto.desks.shared.paging import PAGE
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now, today
from gruppetto.registry.organisations import seeding
from gruppetto.service.catalogue import drafts, editing, reads
from gruppetto.service.catalogue import verbs as catalogue
from gruppetto.service.catalogue.models import Draft, HelpLine
from gruppetto.service.knowledge import corrections, verbs
from gruppetto.service.knowledge.models import Correction
from tests.support.actors import Staff, staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
CARD = "health-card-renewal"


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    since = now() - timedelta(days=30)
    with as_owner():
        seeding.load()
        catalogue.load(since)
        verbs.load(since)


@pytest.fixture
def sam(db: None) -> Staff:
    """Leads; reads again."""
    return staff("Sam", "supervisor")


@pytest.fixture
def card(office: Client) -> Draft:
    """Gisèle's draft of a kind, opened from its page."""
    done = office.post(f"/gestion/catalogue/demarche/{CARD}/modifier/")
    assert done.status_code == 303
    return Draft.objects.get()


def fields(page: Any) -> dict[str, Any]:
    """What the browser would send of the main form of the page."""
    form = page.context["form"]
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False):
            sent[bound.name] = "on" if value is True else value
    return sent


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


def test_every_part_of_a_draft_is_a_form_and_sent_back_as_it_is_changes_nothing(
    office: Client, card: Draft
) -> None:
    before = reads.kind_in_force(CARD, now())
    address = f"/gestion/brouillons/{card.pk}/"
    page = office.get(address)
    assert page.status_code == 200
    assert page.context["wrong"] == []
    for one in page.context["sections"]:
        places = [f"{n}/" for n in range(1, len(one.lines) + 1)] if one.section.many else [""]
        for place in places:
            part = office.get(f"{address}{one.section.code}/{place}")
            done = office.post(f"{address}{one.section.code}/{place}", fields(part))
            assert done.status_code == 303, (one.section.code, place, text_of(done)[:3000])
    card.refresh_from_db()
    assert drafts.errors_of(card) == []
    after = type(before).from_dict(card.content, CARD, version=before.version)
    assert after == before


def test_an_error_is_said_beside_its_field_and_what_was_typed_is_kept(office: Client, card: Draft) -> None:
    address = f"/gestion/brouillons/{card.pk}/"
    part = office.get(f"{address}essentiel/")
    sent = {**fields(part), "label": "x" * 90, "grade": ""}
    page = office.post(f"{address}essentiel/", sent)
    assert page.status_code == 422
    assert [str(e) for e in page.context["form"].errors["label"]] == ["au plus 80 caractères sont attendus"]
    assert "grade" in page.context["form"].errors
    card.refresh_from_db()
    assert card.content["label"] == "x" * 90
    again = office.get(f"{address}essentiel/")
    assert "label" in again.context["form"].errors
    shown = text_of(office.get(address))
    assert "Ce brouillon n’est pas encore complet" in shown
    assert f"/gestion/brouillons/{card.pk}/essentiel/" in shown


def test_a_question_is_added_with_choices_moved_and_taken_away(office: Client, card: Draft) -> None:
    address = f"/gestion/brouillons/{card.pk}/"
    count = len(card.content["questions"])
    new = {
        "edition": card.edition,
        "id": "Où l’envoyer",
        "ask": "Où faut-il envoyer la carte ?",
        "kind": "choice",
        "fills": "place",
        "choice_1": "Chez moi",
        "choice_2": "À la mairie",
        "shows_if": ["what_happened=lost", "what_happened=stolen", "updated=no"],
    }
    done = office.post(f"{address}questions/0/", new)
    assert done.status_code == 303
    card.refresh_from_db()
    asked = card.content["questions"][count]
    assert asked["id"] == "ou_l_envoyer"
    assert asked["choices"] == [
        {"code": "chez-moi", "label": "Chez moi"},
        {"code": "a-la-mairie", "label": "À la mairie"},
    ]
    assert asked["shows_if"] == {"what_happened": ["lost", "stolen"], "updated": ["no"]}
    assert drafts.errors_of(card) == []
    office.post(f"{address}questions/{count + 1}/deplacer/", {"way": "up", "edition": card.edition})
    card.refresh_from_db()
    assert card.content["questions"][count - 1]["id"] == "ou_l_envoyer"
    stale = office.post(f"{address}questions/{count}/deplacer/", {"way": "away", "edition": 1})
    assert stale.status_code == 409
    office.post(f"{address}questions/{count}/deplacer/", {"way": "away", "edition": card.edition})
    card.refresh_from_db()
    assert len(card.content["questions"]) == count


def test_the_preview_is_what_the_agent_sees(office: Client, card: Draft) -> None:
    address = f"/gestion/brouillons/{card.pk}/apercu/"
    page = office.get(address)
    assert page.status_code == 200
    assert "Avez-vous essayé de mettre la carte à jour" not in text_of(page)
    page = office.post(address, {"q-what_happened": "broken", "q-care_soon": "yes"})
    shown = text_of(page)
    assert "Avez-vous essayé de mettre la carte à jour" in shown
    assert "carte Vitale qui ne marche plus" in shown
    assert "La personne a besoin de son attestation avant ses soins." in shown
    assert len(page.context["sentences"]) == 3


def test_a_draft_goes_from_one_person_to_another_and_into_force(
    office: Client, card: Draft, sam: Staff
) -> None:
    address = f"/gestion/brouillons/{card.pk}/"
    part = office.get(f"{address}essentiel/")
    office.post(f"{address}essentiel/", {**fields(part), "label": "Avoir une autre carte Vitale"})
    nothing = office.post(f"{address}decision/proposer/", {"why": ""})
    assert nothing.status_code == 422
    assert office.post(f"{address}decision/proposer/", {"why": "Un nom plus simple."}).status_code == 303
    card.refresh_from_db()
    other = sam.client()
    page = other.get(address)
    assert "Avoir une autre carte Vitale" in text_of(page)
    assert ["nom", "Refaire une carte Vitale", "Avoir une autre carte Vitale"] in page.context["changes"]
    assert office.post(f"{address}decision/publier/", {"edition": card.edition}).status_code == 422
    late = other.post(f"{address}decision/publier/", {"edition": card.edition, "valid_from": "3/5/2020"})
    assert late.status_code == 422
    done = other.post(f"{address}decision/publier/", {"edition": card.edition, "valid_from": ""})
    assert done.status_code == 303
    assert reads.kind_in_force(CARD, now()).label == "Avoir une autre carte Vitale"
    shown = text_of(office.get(f"/gestion/catalogue/demarches/{CARD}/"))
    assert "Sam" in shown
    assert "Un nom plus simple." in shown


def test_help_lines_guides_and_articles_are_edited_in_the_same_way(office: Client, sam: Staff) -> None:
    for table, code, change in (
        ("numero", "samu", {"label": "SAMU, urgences"}),
        ("conduite", "danger", {"sign": "Des cris."}),
        ("article", "waiting-for-a-health-card", {"summary": "Que montrer sans la carte."}),
    ):
        opened = office.post(f"/gestion/catalogue/{table}/{code}/modifier/")
        assert opened.status_code == 303
        part = office.get(f"{opened['Location']}texte/")
        done = office.post(f"{opened['Location']}texte/", {**fields(part), **change})
        assert done.status_code == 303, text_of(done)[:3000]
        office.post(f"{opened['Location']}decision/proposer/", {"why": "Plus clair."})
        page = sam.client().get(opened["Location"])
        assert len(page.context["changes"]) == 1
        published = sam.client().post(
            f"{opened['Location']}decision/publier/", {"edition": page.context["draft"].edition}
        )
        assert published.status_code == 303
    assert not Draft.objects.exists()


def test_a_new_kind_says_all_it_still_needs(office: Client) -> None:
    done = office.post(
        "/gestion/brouillons/nouvelle-demarche/", {"label": "Déclarer un décès", "copy_of": ""}
    )
    page = office.get(done["Location"])
    assert page.status_code == 200
    assert Draft.objects.get().code == "declarer-un-deces"
    assert len(page.context["wrong"]) > 10
    for one in page.context["sections"]:
        number = "0/" if one.section.many else ""
        assert office.get(f"{done['Location']}{one.section.code}/{number}").status_code == 200
    again = office.post("/gestion/brouillons/nouvelle-demarche/", {"label": "Déclarer un décès"})
    assert again.status_code == 422


def test_reasons_are_edited_in_a_form(office: Client) -> None:
    assert office.get("/gestion/motifs/").status_code == 200
    part = office.get("/gestion/motifs/alert/")
    twice = office.post("/gestion/motifs/alert/", {**fields(part), "shortcut": "1"})
    assert twice.status_code == 422
    assert "shortcut" in twice.context["form"].errors
    done = office.post(
        "/gestion/motifs/alert/", {**fields(part), "repeat_days": "9", "sub_4": "Autre alerte"}
    )
    assert done.status_code == 303
    assert reads.repeat_days("alert", now()) == 9
    shown = text_of(office.get("/gestion/motifs/"))
    assert "Autre alerte" in shown
    assert "Nouveau motif" not in shown
    ended = office.post("/gestion/motifs/make-request/retirer/")
    assert ended.status_code == 422


def test_corrections_wait_for_an_answer_the_oldest_first(
    office: Client, django_assert_max_num_queries: Any
) -> None:
    chloe = staff("Chloé", "agent")
    with acting(chloe.actor):
        made = corrections.propose("kind", CARD, "Le numéro 3646 a changé.")
    with django_assert_max_num_queries(12):
        page = office.get("/gestion/corrections/")
    assert "Refaire une carte Vitale" in text_of(page)
    address = f"/gestion/corrections/{made.pk}/"
    assert office.post(address, {"state": "accepted", "words": ""}).status_code == 422
    assert office.post(address, {"state": "accepted", "words": "Merci."}).status_code == 303
    assert "Aucune proposition en attente" in text_of(office.get("/gestion/corrections/"))
    assert "Acceptée" in text_of(office.get("/gestion/corrections/?voir=toutes"))
    assert "Merci." in text_of(office.get(address))
    with as_owner():
        assert Correction.objects.get().answered_by is not None


def to_read(office: Client, sort: str) -> list[str]:
    """The titles of one sort, page after page."""
    titles, after = list[str](), ""
    while True:
        following = f"&apres={after}" if after else ""
        page = office.get(f"/gestion/a-verifier/?mois=6&quoi={sort}{following}")
        assert page.context["current"].code == sort
        assert len(page.context["rows"]) <= PAGE
        assert f"({page.context['of']})" in text_of(page)
        titles += [one.title for one in page.context["rows"]]
        after = page.context["after"]
        if not after:
            assert len(titles) == int(page.context["of"])
            return titles
        assert f"mois=6&amp;quoi={sort}&amp;apres={after}" in page.content.decode()


def test_sources_to_read_again_are_listed_and_signed(
    office: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(15):
        office.get("/gestion/a-verifier/?mois=6")
    assert "Refaire une carte Vitale" in to_read(office, "demarche")
    assert "Se soigner sans carte Vitale" in to_read(office, "article")
    for table, code in (("demarche", CARD), ("article", "waiting-for-a-health-card"), ("numero", "samu")):
        done = office.post(f"/gestion/catalogue/{table}/{code}/verifier/", {"next": "a-verifier"})
        assert done["Location"] == f"/gestion/a-verifier/?quoi={table}"
    assert "Refaire une carte Vitale" not in to_read(office, "demarche")


def test_sources_to_read_again_come_page_by_page_with_their_count(office: Client) -> None:
    before = len(to_read(office, "numero"))
    with as_owner():
        line = HelpLine.objects.get(code="samu")
        HelpLine.objects.bulk_create(
            HelpLine(
                code=f"aide-{number}",
                number="3639",
                label=f"Aide {number}",
                purpose=line.purpose,
                channel=line.channel,
                position=number,
                valid_from=line.valid_from + timedelta(minutes=number),
            )
            for number in range(2 * PAGE)
        )
    assert len(to_read(office, "numero")) == before + 2 * PAGE
    first = office.get("/gestion/a-verifier/?quoi=numero")
    assert f"À vérifier ({first.context['total']})" in text_of(first)


def test_a_version_planned_is_taken_back_and_a_kind_withdrawn_with_its_reason(
    office: Client, card: Draft, sam: Staff
) -> None:
    with acting(sam.actor):
        drafts.take_over(card.pk)
        drafts.propose(card.pk, "Pour plus tard.")
    later = f"{today() + timedelta(days=40):%d/%m/%Y}"
    assert (
        office.post(f"/gestion/brouillons/{card.pk}/decision/publier/", {"valid_from": later}).status_code
        == 303
    )
    page = office.get(f"/gestion/catalogue/demarches/{CARD}/")
    assert page.context["planned"].number == 2
    taken = office.post(f"/gestion/catalogue/demarches/{CARD}/versions/2/retirer/")
    assert taken.status_code == 303
    refused = office.post("/gestion/catalogue/demarches/bank-card-block/retirer/", {"why": "Fini."})
    assert refused.status_code == 422
    with acting(sam.actor):
        assert editing.begin_again(drafts.KIND, CARD)
