"""Complaints on screen: noted during a call, answered by somebody else, never shown to those they concern."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.actors import acting
from gruppetto.service.complaints.models import Complaint
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.verbs import choose_person, take
from tests.service.conftest import Cast, on_stage
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.telephony import in_service, ring

pytestmark = pytest.mark.django_db

WORDS = "Alice m’a raccroché au nez."


@pytest.fixture
def cast(db: None) -> Cast:
    return on_stage()


@pytest.fixture
def call(cast: Cast) -> Contact:
    ringing = ring(in_service())
    with acting(cast.charlie.actor):
        taken = take(ringing.pk)
        choose_person(taken.pk, cast.jeanne.pk)
    return taken


def filed(cast: Cast, call: Contact) -> UUID:
    """Charlie notes it on screen."""
    answer = cast.charlie.signed_in.client().post(
        f"/reclamations/noter/{call.pk}/",
        {"about": "conduct", "words": WORDS, "concerned": [str(cast.alice.account.pk)]},
        follow=True,
    )
    assert "Donnez ce numéro à la personne" in answer.content.decode()
    with as_owner():
        return Complaint.objects.get().pk


def test_what_was_typed_stays_when_something_is_missing(cast: Cast, call: Contact) -> None:
    client = cast.charlie.signed_in.client()
    assert "10 jours ouvrés" in client.get(f"/reclamations/noter/{call.pk}/").content.decode()
    answer = client.post(f"/reclamations/noter/{call.pk}/", {"words": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert "data-error-summary" in answer.content.decode()


def test_the_one_it_is_about_finds_nothing(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call)
    for who in (cast.alice, cast.bob, cast.charlie):
        client = who.signed_in.client()
        assert client.get("/reclamations/").status_code == 403
        assert client.get(f"/reclamations/{complaint}/").status_code == 403
    concerned = make.colleague("Renée", "supervisor").signed_in.client()
    assert concerned.get(f"/reclamations/{complaint}/").status_code == 404
    assert "Aucune réclamation ici" in concerned.get("/reclamations/").content.decode()


def test_the_supervisor_answers_and_prints_the_letter(cast: Cast, call: Contact) -> None:
    complaint = filed(cast, call)
    client = cast.sylvie.signed_in.client()
    assert "Comportement" in client.get("/reclamations/").content.decode()
    page = client.get(f"/reclamations/{complaint}/").content.decode()
    assert WORDS in page
    assert "M’en charger" in page
    client.post(f"/reclamations/{complaint}/prendre/", {"version": 1})
    wrong = client.post(f"/reclamations/{complaint}/reponse/", {"version": 2, "text": "Excusez-nous."})
    assert wrong.status_code == 422
    assert "Excusez-nous." in wrong.content.decode()
    done = client.post(
        f"/reclamations/{complaint}/reponse/",
        {"version": 2, "finding": "founded", "text": "Excusez-nous."},
        follow=True,
    )
    assert "La réponse est notée" in done.content.decode()
    letter = client.get(f"/reclamations/{complaint}/lettre.pdf")
    assert letter.content.startswith(b"%PDF")
    late = client.post(f"/reclamations/{complaint}/cloture/", {"version": 2, "ending": "satisfied"})
    assert "a changé entre-temps" in late.content.decode()
    client.post(f"/reclamations/{complaint}/cloture/", {"version": 3, "ending": "satisfied"})
    assert "Closes" in client.get("/reclamations/?liste=closes").content.decode()
    assert client.get(f"/reclamations/{complaint}/inconnue/").status_code == 405
    assert client.post(f"/reclamations/{complaint}/inconnue/").status_code == 404


def test_named_among_those_concerned_the_supervisor_is_led_back_to_the_list(
    cast: Cast, call: Contact
) -> None:
    make.colleague("Renée", "supervisor")
    complaint = filed(cast, call)
    client = cast.sylvie.signed_in.client()
    client.post(f"/reclamations/{complaint}/prendre/", {"version": 1})
    answer = client.post(
        f"/reclamations/{complaint}/concerne/",
        {"version": 2, "account_id": str(cast.sylvie.account.pk), "why": "J’ai décidé."},
        follow=True,
    )
    assert answer.redirect_chain == [("/reclamations/", 303)]
    assert client.get(f"/reclamations/{complaint}/").status_code == 404


def test_the_list_asks_as_much_for_one_as_for_many(cast: Cast, call: Contact) -> None:
    client = cast.sylvie.signed_in.client()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/reclamations/").status_code == 200
        return len(queries)

    filed(cast, call)
    first = asked()
    with as_owner():
        one = Complaint.objects.get()
        for rank in range(5):
            one.pk, one.reference = None, f"R-{rank}"
            one.pk = UUID(int=rank + 1)
            one.save(force_insert=True)
    assert asked() == first <= 12


def test_the_delay_and_the_mediator_are_kept_by_the_back_office(cast: Cast) -> None:
    client = make.colleague("Denise", "back_office").signed_in.client()
    assert client.post("/reclamations/delai/", {"days": 41}).status_code == 422
    client.post("/reclamations/delai/", {"days": 8, "mediator": "Médiateur", "address": "1 rue X"})
    page = client.get("/reclamations/delai/").content.decode()
    assert 'value="8"' in page
    assert cast.sylvie.signed_in.client().get("/reclamations/delai/").status_code == 403
