"""A request from its kind to the person's yes: script, draft, three sentences, promise; and the answers to confirm."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.service.contacts.models import Draft
from gruppetto.service.interventions import verbs as work
from gruppetto.service.interventions.models import Intervention, State
from tests.desks.call_desk.conftest import Desk, script_of
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

KIND, CARD = "health-card-renewal", "bank-card-block"
SCRIPT, BACK = f"demande/{KIND}/", f"demande/{KIND}/relire/"


def opened() -> list[Intervention]:
    """All the requests there are."""
    with as_owner():
        return list(Intervention.objects.order_by("opened_at", "id"))


def token_of(page: str) -> str:
    """What says that these sentences were read, and when."""
    return page.split('name="reading" value="')[1].split('"')[0]


def drafts() -> dict[str, dict[str, object]]:
    """What is kept, by form."""
    with as_owner():
        return {one.form: json.loads(one.fields) for one in Draft.objects.all()}


def read_and_open(desk: Desk, kind: str = KIND, **changed: str) -> None:
    """Ask the whole script, read the sentences, hear yes."""
    desk.send(f"demande/{kind}/", **{**script_of(kind), **changed})
    desk.send(f"demande/{kind}/relire/", reading=token_of(desk.see(f"demande/{kind}/relire/")))


def test_three_letters_find_the_kind_and_enter_opens_the_first(matched: Desk) -> None:
    found = matched.client.post(matched.at("demarches/"), {"typed": "vit"}, headers={"HX-Request": "true"})
    assert "Refaire une carte Vitale" in found.content.decode()
    page = matched.client.post(matched.at("demarches/"), {"typed": "vit"})
    assert page.headers["Location"] == matched.at(SCRIPT)


def test_letters_that_lead_nowhere_say_so(matched: Desk) -> None:
    found = matched.client.post(matched.at("demarches/"), {"typed": "zzz"}, headers={"HX-Request": "true"})
    assert "Aucune démarche avec ces lettres" in found.content.decode()
    assert matched.client.post(matched.at("demarches/"), {"typed": "zzz"}).status_code == 303


def test_the_whole_way_ends_with_the_person_s_own_correspondent(cast: Cast, matched: Desk) -> None:
    matched.send(SCRIPT, title="Ma carte verte", **script_of(KIND))
    page = matched.see(BACK)
    sentences = re.findall(
        r"<li>(Madame Roux[^<]+|[^<]+)</li>", page.split('class="read-aloud">')[1].split("</ol>")[0]
    )
    assert len(sentences) == 3
    assert sentences[0].startswith("Madame Roux")
    assert "au plus tard" in page
    answer = matched.client.post(matched.at(BACK), {"reading": token_of(page)}, follow=True).content.decode()
    (request,) = opened()
    assert (request.title, request.worker_id) == ("Ma carte verte", cast.alice.account.pk)
    assert f"Demande {request.reference} ouverte. Alice la suit." in answer
    contact = matched.contact()
    assert (len(contact.read_back), contact.accepted_at is not None) == (3, True)
    assert drafts() == {}


def test_the_promise_kept_is_the_one_that_was_read(matched: Desk) -> None:
    matched.send(SCRIPT, **script_of(KIND))
    page = matched.see(BACK)
    read_at = clock.now()
    with clock.at(read_at + timedelta(minutes=50)):
        matched.send(BACK, reading=token_of(page))
    (request,) = opened()
    assert abs(request.opened_at - read_at) < timedelta(minutes=1)


def test_several_requests_are_opened_in_one_call(matched: Desk) -> None:
    read_and_open(matched)
    read_and_open(matched, "train-ticket")
    assert {one.kind for one in opened()} == {KIND, "train-ticket"}
    assert {one.contact_id for one in opened()} == {matched.contact_id}
    assert len(matched.contact().read_back) == 6


def test_an_urgent_request_promises_two_hours(matched: Desk) -> None:
    matched.send(SCRIPT, urgent="on", **script_of(KIND))
    matched.send(BACK, reading=token_of(matched.see(BACK)))
    (request,) = opened()
    assert request.urgent


def test_what_changed_since_the_reading_is_read_again(matched: Desk) -> None:
    matched.send(SCRIPT, **script_of(KIND))
    token = token_of(matched.see(BACK))
    matched.send(SCRIPT, urgent="on", **script_of(KIND))
    assert "Relisez les trois phrases" in matched.send(BACK, 422, reading=token)
    assert "Relisez les trois phrases" in matched.send(BACK, 422, reading="inventé")
    assert opened() == []


def test_an_incomplete_script_is_said_question_by_question_and_keeps_what_was_typed(matched: Desk) -> None:
    page = matched.send(
        f"demande/{CARD}/", 422, **{"q-bank": "Crédit du Lauragais", "q-happened_on": "31/2/26"}
    )
    assert "Posez cette question : la réponse est nécessaire." in page
    assert 'value="Crédit du Lauragais"' in page
    assert 'value="31/2/26"' in page
    assert 'id="q-happened_on_error"' in page
    assert 'href="#q-someone_asking_0"' in page
    assert matched.client.get(matched.at(f"demande/{CARD}/relire/")).status_code == 303


def test_a_closed_tab_loses_nothing(matched: Desk) -> None:
    saved = matched.client.post(
        matched.at(f"brouillon/demande-{CARD}/"),
        {"q-bank": "Crédit du Lauragais", "q-what_happened": "stolen"},
    )
    assert saved.status_code == 204
    matched.client.post(
        matched.at(f"brouillon/demande-{CARD}/"), {"q-safe": "yes", "title": "Carte volée au marché"}
    )
    matched.client.post(matched.at("brouillon/conclure/"), {"summary": "Elle va bien."})
    matched.client.post(matched.at("brouillon/motifs/"), {"reasons": ["alert", "alert:lost-card"]})
    matched.client.post(matched.at("brouillon/signaler-danger/"), {"words": "Quelqu’un crie"})
    page = matched.see(f"demande/{CARD}/")
    assert 'value="Crédit du Lauragais"' in page
    assert 'value="Carte volée au marché"' in page
    assert re.search(r'name="q-safe" value="yes"[^>]* checked', page)
    screen = matched.see()
    assert "Elle va bien." in screen
    assert "Quelqu’un crie" in screen
    assert re.search(r'value="alert:lost-card" id="[^"]+" checked', screen)


def test_a_draft_is_seen_by_its_author_only_and_ends_with_the_contact(cast: Cast, matched: Desk) -> None:
    matched.client.post(matched.at("brouillon/conclure/"), {"summary": "Elle va bien."})
    other = Desk(cast.alice.signed_in.client(), matched.contact_id)
    assert "Elle va bien." not in other.see()
    matched.client.post(matched.at(f"brouillon/demande-{CARD}/"), {"q-bank": "X"})
    matched.send("conclure/", summary="Elle va bien.")
    assert drafts() == {}


def test_a_form_that_does_not_exist_keeps_no_draft(matched: Desk) -> None:
    assert matched.client.post(matched.at("brouillon/autre/"), {"x": "y"}).status_code == 404
    assert drafts() == {}


def test_an_answer_brings_only_the_questions_it_changes(matched: Desk) -> None:
    page = matched.see(f"demande/{CARD}/")
    shown = re.findall(r'name="shown" value="([a-z_]+)"', page)
    assert "safe" not in shown
    answer = matched.send(
        f"demande/{CARD}/questions/",
        200,
        **{"q-what_happened": "stolen", "q-someone_asking": "yes", "shown": shown},
    )
    assert re.findall(r'id="question-([a-z_]+)" hx-swap-oob', answer) == ["safe"]
    assert "Arnaque en cours" in answer
    assert "Urgent" in answer
    assert "safe" in re.findall(r'name="shown" value="([a-z_]+)"', answer)


def test_a_fact_of_the_record_is_compared_without_being_read_aloud(chosen: Desk, matched: Desk) -> None:
    page = matched.see("demande/medical-appointment/").replace("\u00a0", " ")
    assert "à comparer sans le lire à voix haute" in page
    assert "05 61 00 00 01" in page


def test_below_the_level_a_script_shows_no_fact_of_the_record(chosen: Desk) -> None:
    page = chosen.see("demande/medical-appointment/")
    assert "à comparer sans le lire à voix haute" not in page
    assert "Identité à confirmer d’abord" in page


def test_a_bank_card_is_blocked_at_once_whoever_speaks(chosen: Desk) -> None:
    read_and_open(chosen, CARD)
    assert [one.kind for one in opened()] == [CARD]


def test_without_a_person_the_questions_may_be_asked_not_the_request_opened(call: Desk) -> None:
    call.send(f"demande/{CARD}/", **script_of(CARD))
    page = call.see(f"demande/{CARD}/relire/")
    assert "Choisissez d’abord la personne" in call.send(
        f"demande/{CARD}/relire/", 422, reading=token_of(page)
    )
    assert opened() == []


def test_a_yes_confirms_the_answer_and_a_no_reopens_the_request(cast: Cast, matched: Desk) -> None:
    yes, no = (make.intervention(cast.jeanne, cast.alice, title=title) for title in ("Carte", "Aide"))
    with acting(cast.alice.actor):
        for one in (yes, no):
            work.start(one.pk)
            work.answer(one.pk, "done", f"Réponse : {one.title}")
    assert "Réponse : Carte" in matched.see()
    matched.send(f"demandes/{yes.pk}/", decision="yes")
    page = matched.send(f"demandes/{no.pk}/", 422, decision="no", why="")
    assert 'aria-invalid="true"' in page
    matched.send(f"demandes/{no.pk}/", decision="no", why="Rien n’est arrivé")
    assert {one.title: one.state for one in opened()} == {"Carte": State.CONFIRMED, "Aide": State.IN_PROGRESS}


def test_what_was_awaited_is_brought_and_what_is_no_longer_wanted_is_cancelled(
    cast: Cast, matched: Desk
) -> None:
    waits, drop = (make.intervention(cast.jeanne, cast.alice, title=title) for title in ("Attend", "Lâche"))
    with acting(cast.alice.actor):
        work.start(waits.pk)
        work.wait(waits.pk, "paper", "La facture")
    matched.send(f"demandes/{waits.pk}/", decision="resume")
    matched.send(f"demandes/{drop.pk}/", decision="drop", why="Son fils s’en charge")
    assert {one.title: one.state for one in opened()} == {
        "Attend": State.IN_PROGRESS,
        "Lâche": State.CANCELLED,
    }


def test_a_step_that_the_state_forbids_is_refused_in_words(cast: Cast, matched: Desk) -> None:
    one = make.intervention(cast.jeanne, cast.alice)
    assert 'role="alert"' in matched.send(f"demandes/{one.pk}/", 422, decision="yes")
    assert opened()[0].state == State.ASSIGNED


def test_nobody_decides_for_another_person(cast: Cast, matched: Desk) -> None:
    other = make.person("Pons", "Denise", within=cast.portfolio)
    one = make.intervention(other, cast.alice)
    assert "Pons" not in matched.send(f"demandes/{one.pk}/", 422, decision="drop", why="x")
    assert opened()[0].state == State.ASSIGNED


def test_the_script_has_a_fixed_number_of_queries(
    cast: Cast, matched: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (1, 3):
        for _again in range(more):
            make.intervention(cast.jeanne, cast.alice)
        with django_assert_num_queries(41):
            matched.see(SCRIPT)
        with django_assert_num_queries(14):
            matched.send(f"{SCRIPT}questions/", 200, shown="")
