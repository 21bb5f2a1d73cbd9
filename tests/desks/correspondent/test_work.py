"""The desk of a correspondent: what to do now, and how each act is noted through the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.files.verbs import scan
from gruppetto.kernel.journal.models import Entry
from gruppetto.registry.coverage.verbs import declare_absence
from gruppetto.registry.people.verbs import note_need
from gruppetto.service.interventions.models import Intervention, Note, Paper
from gruppetto.service.interventions.verbs import note, wait
from tests.kernel.files.samples import PDF
from tests.kernel.files.stage import Straw, as_worker
from tests.service.conftest import Cast
from tests.service.interventions import stage
from tests.support import factories as make
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
HOME = "/correspondant/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.alice.signed_in.client()


def page(key: Any) -> str:
    return f"{HOME}interventions/{key}/"


def row(key: Any) -> Intervention:
    with as_owner():
        return Intervention.objects.get(pk=key)


def working(cast: Cast) -> Intervention:
    """A request that Alice has begun."""
    return stage.put(make.intervention(cast.jeanne, cast.alice, title="Ma carte est perdue"), "in_progress")


# --- the list -----------------------------------------------------------------------------------------


def test_the_desk_shows_the_next_task_and_the_list_oldest_due_first(cast: Cast, alice: Client) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        old = make.intervention(cast.jeanne, cast.alice, title="La plus ancienne")
    new = make.intervention(cast.jeanne, cast.alice, title="La plus récente")
    shown = alice.get(HOME)
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Prochaine tâche" in text
    assert shown.context["next"].id == old.pk
    assert [item.id for item in shown.context["items"]] == [old.pk, new.pk]
    assert "En retard" in text
    assert 'data-news="intervention.opened intervention.moved"' in text


@pytest.mark.parametrize(
    ("queue", "number"), [("moi", 4), ("portefeuille", 5), ("retard", 2), ("attente", 1), ("confirmer", 2)]
)
def test_each_queue_has_its_rows_and_its_count(cast: Cast, alice: Client, queue: str, number: int) -> None:
    with clock.at(clock.now() - timedelta(days=40)):
        old = [make.intervention(cast.jeanne, cast.alice) for _late in range(3)]
    stage.put(old[0], "waiting_person")
    stage.put(old[1], "in_progress")
    stage.put(old[2], "assigned", worker=cast.sylvie)
    for state in ("answered", "not_confirmed", "closed"):
        stage.put(make.intervention(cast.jeanne, cast.alice), state)
    for _recent in range(2):
        make.intervention(cast.jeanne, cast.alice)
    shown = alice.get(HOME, {"vue": queue})
    assert len(shown.context["items"]) == number
    assert next(shelf.count for shelf in shown.context["shelves"] if shelf.current) == number


def test_the_list_goes_page_by_page_and_keeps_its_queue(cast: Cast, alice: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(
        "gruppetto.service.interventions.reads.work_list.__kwdefaults__",
        {"states_in": None, "worker": None, "late": False, "after": None, "size": 2},
        raising=False,
    )
    keys = [make.intervention(cast.jeanne, cast.alice).pk for _each in range(3)]
    first = alice.get(HOME, {"vue": "portefeuille"})
    assert first.context["after"]
    second = alice.get(HOME, {"vue": "portefeuille", "apres": first.context["after"]})
    shown = [item.id for one in (first, second) for item in one.context["items"]]
    assert sorted(shown) == sorted(keys)
    assert f"apres={first.context['after']}" in first.content.decode()


@pytest.mark.parametrize("after", ["rien", "01900000-0000-7000-8000-000000000000"])
def test_an_address_of_another_time_says_so(cast: Cast, alice: Client, after: str) -> None:
    make.intervention(cast.jeanne, cast.alice)
    shown = alice.get(HOME, {"apres": after})
    assert shown.status_code == 422
    assert "La liste a changé" in shown.content.decode()


def test_an_empty_desk_says_what_will_come(cast: Cast, alice: Client) -> None:
    text = alice.get(HOME).content.decode()
    assert "Les nouvelles demandes arriveront ici" in text
    assert "Rien ne presse" in text


def test_the_list_can_be_read_again_alone(cast: Cast, alice: Client) -> None:
    opened = make.intervention(cast.jeanne, cast.alice)
    shown = alice.get(f"{HOME}liste/", {"vue": "moi"}, headers={"HX-Request": "true"})
    assert str(opened.pk) in shown.content.decode()
    assert "<html" not in shown.content.decode()


# --- the page of one ----------------------------------------------------------------------------------


def test_the_page_shows_the_person_what_helps_the_request_and_what_may_be_done(
    cast: Cast, alice: Client
) -> None:
    with acting(cast.alice.actor):
        note_need(
            cast.jeanne.pk,
            "hearing",
            "Entend mal de l’oreille gauche",
            "elle-même",
            helps="parler lentement",
            frightens="qu’on crie",
        )
    text = alice.get(page(working(cast).pk)).content.decode()
    for said in (
        "Ma carte est perdue",
        "parler lentement",
        "qu’on crie",
        'href="tel:+33561000001"',
        "Réponse promise avant",
        "On ne fait jamais",
        "Papiers réunis",
        "À vérifier",
    ):
        assert said in text, said


def test_each_opening_is_a_look(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    alice.get(page(key))
    alice.get(f"{page(key)}histoire/")
    with as_owner():
        look = Entry.objects.get(verb="intervention.looked_at")
    assert (look.account_id, look.person_id) == (cast.alice.account.pk, cast.jeanne.pk)


def test_a_script_gets_the_two_panes_only(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    fragment = alice.get(page(key), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-swap-oob="innerHTML"' in fragment
    back = alice.get(page(key), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_internal_and_to_the_person_cannot_be_taken_for_each_other(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    alice.post(f"{page(key)}noter/", {"text": "Sa fille est fâchée.", "text_kind": "internal", "go": "note"})
    alice.post(f"{page(key)}noter/", {"text": "Je vous rappelle.", "text_kind": "to_person", "go": "note"})
    text = alice.get(page(key)).content.decode()
    inside = text[text.index("entry-internal") :]
    assert "Note interne – la personne ne la voit pas" in inside
    assert inside.index("Sa fille est fâchée.") > inside.index("Note interne")
    assert "entry-to_person" in text
    with as_owner():
        assert dict(Note.objects.values_list("whom", "text")) == {
            "us": "Sa fille est fâchée.",
            "person": "Je vous rappelle.",
        }


def test_the_page_costs_the_same_whatever_happened(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    alice.get(page(key))

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            alice.get(page(key), headers={"HX-Request": "true"})
        return len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    before = asked()
    with acting(cast.alice.actor):
        for _each in range(5):
            note(key, "us", "encore")
    assert asked() == before
    # The page's session, who asks, what the panes read, and in a test's transaction the end of the actor.
    assert before == 16


def test_the_whole_page_costs_twenty_one_queries(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    with CaptureQueriesContext(connection) as captured:
        alice.get(page(key))
    asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked[:-1]) == 21, asked
    assert "set_config" in asked[-1]


# --- acts ---------------------------------------------------------------------------------------------


def test_a_whole_life_through_the_pages(cast: Cast, alice: Client) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    for act, typed, state in (
        ("commencer", {}, "in_progress"),
        (
            "noter",
            {"text": "La caisse rappelle jeudi", "text_kind": "internal", "go": "provider"},
            "waiting_provider",
        ),
        ("noter", {"text": "", "text_kind": "internal", "go": "resume"}, "in_progress"),
        ("noter", {"text": "Sa photo", "text_kind": "to_person", "go": "paper"}, "waiting_paper"),
        ("noter", {"text": "La photo est là", "text_kind": "internal", "go": "resume"}, "in_progress"),
        ("repondre", {"outcome": "done", "text": "La carte arrive mardi."}, "answered"),
        ("essai", {}, "answered"),
        ("rouvrir", {"why": "elle n’a rien reçu"}, "in_progress"),
        ("repondre", {"outcome": "done", "text": "La carte est repartie."}, "answered"),
        ("accord", {"said": "visit"}, "confirmed"),
        ("clore", {}, "closed"),
    ):
        done = alice.post(f"{page(key)}{act}/", {**typed, "version": row(key).version})
        assert done.status_code == 303, (act, done.content.decode())
        assert done["Location"] == page(key)
        assert row(key).state == state
    text = alice.get(page(key)).content.decode()
    assert "sur place" in text
    assert row(key).confirmed_to == cast.alice.account.pk


def test_a_script_gets_the_panes_the_counts_and_what_was_done(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    done = alice.post(
        f"{page(key)}noter/",
        {"text": "Elle cherche", "text_kind": "internal", "go": "person"},
        headers={"HX-Request": "true"},
    )
    text = done.content.decode()
    assert done.status_code == 200
    assert 'id="shelves"' in text
    assert "Attend la personne" in text
    assert "C’est noté." in text


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("repondre", {"outcome": "", "text": "La carte arrive."}, "Choisissez l’issue"),
        ("repondre", {"outcome": "done", "text": ""}, "Écrivez la réponse"),
        ("noter", {"text": "", "text_kind": "internal", "go": "person"}, "Dites ce qui est attendu"),
        ("noter", {"text": " ", "text_kind": "internal", "go": "note"}, "Écrivez la note"),
        ("annuler", {"why": ""}, "Dites pourquoi"),
        ("rouvrir", {"why": "rien"}, "n’est pas possible"),
        ("clore", {}, "n’est pas possible"),
    ],
)
def test_a_refusal_stands_beside_the_field_and_what_was_typed_stays(
    cast: Cast, alice: Client, act: str, typed: dict[str, str], said: str
) -> None:
    key = working(cast).pk
    refused = alice.post(f"{page(key)}{act}/", typed)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert said in text
    assert "data-error-summary" in text
    assert all(value in text for value in typed.values() if value.strip())
    assert row(key).state == "in_progress"
    again = alice.post(f"{page(key)}{act}/", typed, headers={"HX-Request": "true"})
    assert again["HX-Retarget"] == "#detail"


def test_a_wait_that_is_refused_leaves_no_note_behind(cast: Cast, alice: Client) -> None:
    key = stage.put(make.intervention(cast.jeanne, cast.alice), "assigned").pk
    refused = alice.post(
        f"{page(key)}noter/", {"text": "Je cherche.", "text_kind": "to_person", "go": "person"}
    )
    assert refused.status_code == 422
    with as_owner():
        assert not Note.objects.exists()


def test_who_comes_too_late_sees_what_changed_and_keeps_their_words(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    read = alice.get(page(key)).context
    with acting(cast.alice.actor):
        wait(key, "paper", "sa photo d’identité")
    late = alice.post(
        f"{page(key)}repondre/",
        {
            "outcome": "done",
            "text": "La carte arrive.",
            "version": read["intervention"].version,
            "read_at": read["read_at"],
        },
    )
    text = late.content.decode()
    assert late.status_code == 409
    assert "Ce qui a changé pendant que vous lisiez" in text
    assert "sa photo d’identité" in text
    assert [one.text for one in late.context["meanwhile"]] == ["Attend un papier : sa photo d’identité"]
    assert row(key).state == "waiting_paper"


def test_a_supervisor_confides_the_work_with_a_reason(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    sylvie = cast.sylvie.signed_in.client()
    assert "Confier à quelqu’un d’autre" in sylvie.get(page(key)).content.decode()
    for account, why, status in (
        (cast.bob.account.pk, "il est là", 422),
        (cast.sylvie.account.pk, "", 422),
        (cast.sylvie.account.pk, "situation difficile", 303),
    ):
        done = sylvie.post(f"{page(key)}confier/", {"account": account, "why": why})
        assert done.status_code == status
    assert row(key).worker_id == cast.sylvie.account.pk
    assert "Confier à" not in cast.alice.signed_in.client().get(page(key)).content.decode()


# --- time, drafts, papers -----------------------------------------------------------------------------


def test_the_time_shown_is_sent_with_the_act_and_on_leaving(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    alice.post(f"{page(key)}noter/", {"text": "Vu.", "text_kind": "internal", "seconds": "95"})
    # Refused or not, the time was spent.
    alice.post(f"{page(key)}clore/", {"seconds": "5"})
    assert alice.post(f"{page(key)}temps/", {"seconds": "20"}).status_code == 204
    for nonsense in ("", "-3", "12.5", "mille", "9" * 30):
        assert alice.post(f"{page(key)}temps/", {"seconds": nonsense}).status_code == 204
    assert row(key).seconds_spent == 120
    alice.post(f"{page(key)}temps/", {"seconds": "1100"})
    # Read by a program: no space after the thousands.
    assert 'data-spent="1220"' in alice.get(page(key)).content.decode()


def test_what_is_being_typed_is_kept_until_it_is_noted(cast: Cast, alice: Client) -> None:
    key = working(cast).pk
    typed = {"text": "Elle préfère le matin", "text_kind": "to_person"}
    assert alice.post(f"{page(key)}brouillon/", typed).status_code == 204
    shown = alice.get(page(key))
    assert "Elle préfère le matin" in shown.content.decode()
    assert not shown.context["writes_inside"]
    assert "Elle préfère" not in cast.sylvie.signed_in.client().get(page(key)).content.decode()
    alice.post(f"{page(key)}noter/", {**typed, "go": "note"})
    assert not alice.get(page(key)).context["progress_form"]["text"].value()


def test_missing_papers_are_shown_before_the_answer_and_asked_for(cast: Cast, alice: Client) -> None:
    key = make.intervention(cast.jeanne, cast.alice, complete=False).pk
    alice.post(f"{page(key)}commencer/", {})
    assert "Il manque encore des papiers" in alice.get(page(key)).content.decode()
    typed = {"outcome": "done", "text": "La carte arrive mardi."}
    refused = alice.post(f"{page(key)}repondre/", typed)
    assert refused.status_code == 422
    assert "La carte arrive mardi." in refused.content.decode()
    assert list(refused.context["answer_form"].errors) == ["without_papers"]
    assert alice.post(f"{page(key)}attendre-papiers/", {}).status_code == 303
    assert row(key).state == "waiting_paper"
    alice.post(f"{page(key)}noter/", {"text": "", "text_kind": "internal", "go": "resume"})
    done = alice.post(f"{page(key)}repondre/", {**typed, "without_papers": "la caisse les a déjà"})
    assert done.status_code == 303
    assert "sans tous les papiers (la caisse les a déjà)" in alice.get(page(key)).content.decode()
    complete = alice.get(page(working(cast).pk)).content.decode()
    assert "Il manque encore des papiers" not in complete


def test_a_paper_is_received_with_its_document_in_quarantine_then_opened(
    cast: Cast, alice: Client, settings: Any, tmp_path: Any
) -> None:
    settings.GRUPPETTO_FILES_FOLDER = tmp_path
    key = working(cast).pk
    with as_owner():
        paper = Paper.objects.filter(intervention=key).order_by("code")[0]
    sent = SimpleUploadedFile("photo.pdf", PDF, "application/pdf")
    done = alice.post(f"{page(key)}papier/", {"paper": paper.pk, "state": "received", "file": sent})
    assert done.status_code == 303, done.content.decode()
    with as_owner():
        paper.refresh_from_db()
    assert (paper.state, paper.changed_by) == ("received", cast.alice.account.pk)
    text = alice.get(page(key)).content.decode()
    assert "photo.pdf" in text
    assert "En cours de vérification" in text
    address = reverse("correspondent:document", args=[paper.file_id])
    assert alice.get(address).status_code == 409
    with as_worker():
        scan(UUID(str(paper.file_id)), Straw())
    assert address in alice.get(page(key)).content.decode()
    opened = alice.get(address)
    assert (opened.status_code, opened.content) == (200, PDF)
    assert opened["Content-Disposition"].startswith("attachment")
    assert cast.bob.signed_in.client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.pdf", b"ceci n'est pas un PDF, " * 20, "fichier"),
        ("vide.pdf", b"", "vide"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(
    cast: Cast, alice: Client, settings: Any, tmp_path: Any, name: str, content: bytes, said: str
) -> None:
    settings.GRUPPETTO_FILES_FOLDER = tmp_path
    key = working(cast).pk
    sent = SimpleUploadedFile(name, content, "application/pdf")
    refused = alice.post(f"{page(key)}document/", {"file": sent, "label": "Sa photo d’identité"})
    assert refused.status_code == 422
    assert said in str(refused.context["attach_form"].errors["file"])
    assert "Sa photo d’identité" in refused.content.decode()


def test_the_substitute_of_the_day_works_at_the_same_desk(cast: Cast) -> None:
    key = make.intervention(cast.jeanne, cast.alice).pk
    bob = cast.bob.signed_in.client()
    assert bob.get(page(key)).status_code == 404
    with acting(cast.sylvie.actor):
        declare_absence(cast.alice.record.pk, clock.today(), clock.today(), "sick")
    assert bob.get(page(key)).status_code == 200
    assert bob.post(f"{page(key)}commencer/", {}).status_code == 303
    assert row(key).worker_id == cast.bob.account.pk
