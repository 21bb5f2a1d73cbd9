"""Standard texts by versions, preview, readability, colleagues' requests; prices, budgets and what was spent."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from gruppetto.desks.backoffice import message_urls
from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import Refused
from gruppetto.service.messages import costs
from gruppetto.service.messages.models import Budget, Price, TextRequest, TextVersion
from gruppetto.service.messages.verbs import prepare
from gruppetto.service.messages.wording import ask_change, in_force, write
from tests.service.conftest import Cast
from tests.service.messages.stage import FACTS
from tests.support.actors import Staff
from tests.support.database import as_owner
from tests.support.permissions import ROLES, names, only, statuses

pytestmark = pytest.mark.django_db
ONE = "/gestion/textes/acknowledgement/"
READERS = dict.fromkeys(("agent", "correspondent", "supervisor", "back_office"), 200)


def typed(**changes: object) -> dict[str, object]:
    """The form of the acknowledgement as it stands, with what is changed."""
    version = in_force("acknowledgement")
    return {
        "after": version.version,
        "title": version.title,
        "body": version.body,
        "short": version.short,
        "why": "plus clair",
        "do": "write",
        **changes,
    }


def test_who_opens_which_address(cast: Cast) -> None:
    with acting(cast.charlie.actor):
        asked = ask_change("acknowledgement", "Plus court")
    addresses = {
        "texts": "/gestion/textes/",
        "text": ONE,
        "write_text": f"{ONE}ecrire/",
        "ask_text": f"{ONE}demander/",
        "answer_text_request": f"/gestion/textes/demandes/{asked.pk}/",
        "costs": "/gestion/messages/",
        "set_price": "/gestion/messages/prix/",
        "set_budget": "/gestion/messages/budget/",
    }
    assert set(addresses) == names(message_urls.urlpatterns)
    nobody = {**dict.fromkeys(ROLES, 403), "nobody": 302}
    found = statuses(addresses)
    assert found["texts"] == found["text"] == {**nobody, **READERS}
    assert found["ask_text"] == {**nobody, **dict.fromkeys(READERS, 405)}
    assert found["write_text"] == found["set_price"] == found["set_budget"] == only("back_office", 405)
    assert found["costs"] == found["answer_text_request"] == only("back_office")


def test_a_text_is_shown_as_it_will_be_read(office: Client) -> None:
    page = office.get(ONE).content.decode()
    assert "Mme Jeanne Roux" in page
    assert "Note de lecture" in page
    assert "{reference}" in page
    assert "à garder" in page


def test_a_text_that_does_not_exist_is_not_there(office: Client) -> None:
    assert office.get("/gestion/textes/rien/").status_code == 404
    assert office.post("/gestion/textes/rien/ecrire/", typed()).status_code == 404
    assert office.get(f"/gestion/textes/demandes/{uuid4()}/").status_code == 303


def test_a_new_version_is_what_leaves_from_now_on(office: Client, cast: Cast) -> None:
    assert office.post(f"{ONE}ecrire/", typed(title="C’est noté : {reference}")).status_code == 303
    with acting(cast.alice.actor):
        message = prepare(cast.jeanne.pk, kind="acknowledgement", key="one", facts=FACTS)
    assert (message.title, message.text_version) == ("C’est noté : I-4K7Q-M2X9", 1)
    assert "plus clair" in office.get(ONE).content.decode()


def test_a_preview_puts_nothing_in_force(office: Client) -> None:
    page = office.post(f"{ONE}ecrire/", typed(title="Essai {reference}", do="preview"))
    assert page.status_code == 200
    assert "Essai I-4K7Q-M2X9" in page.content.decode()
    with as_owner():
        assert not TextVersion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "Pour {person}"}, "se lit sans ouvrir"),
        ({"body": "Votre demande {reference}."}, "{delay}"),
        ({"body": "{reference} {delay} {inconnue}"}, "n’existe pas"),
        ({"body": "{reference} {delay} {"}, "accolade"),
        ({"body": "{reference.__class__} {delay}"}, "accolade"),
        ({"body": "{reference!r} {delay}"}, "accolade"),
        ({"short": "{reference} {delay} " + "🙂" * 200}, "plus de 4 SMS"),
        ({"why": ""}, "pourquoi"),
        ({"after": 7}, "autre version"),
    ],
)
def test_words_that_could_not_leave_are_refused_and_kept(
    office: Client, changes: dict[str, object], said: str
) -> None:
    page = office.post(f"{ONE}ecrire/", typed(**changes))
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_request_is_answered_within_48_hours_or_shown_late(office: Client, cast: Cast) -> None:
    agent = cast.charlie.signed_in.client()
    assert agent.post(f"{ONE}demander/", {"words": "Dire « bonjour »"}).status_code == 303
    assert "Attend une réponse" in office.get("/gestion/textes/").content.decode()
    with as_owner():
        asked = TextRequest.objects.get()
        assert asked.due_at - asked.asked_at == timedelta(hours=48)
        TextRequest.objects.update(due_at=clock.now() - timedelta(hours=1))
    assert "plus de 48 heures" in office.get("/gestion/textes/").content.decode()
    address = f"/gestion/textes/demandes/{asked.pk}/"
    assert office.post(address, {"answer": "done", "reply": ""}).status_code == 422
    assert office.post(address, {"answer": "done", "reply": "C’est fait."}).status_code == 303
    assert office.post(address, {"answer": "refused", "reply": "Non."}).status_code == 422
    assert "C’est fait." in agent.get(ONE).content.decode()
    assert "C’est fait." not in cast.bob.signed_in.client().get(ONE).content.decode()


def test_a_price_and_a_budget_are_dated(office: Client, cast: Cast) -> None:
    today = clock.today()
    price = {"channel": "sms", "mills": "0,052 €", "valid_from": f"{today:%d/%m/%Y}", "source": "contrat"}
    assert office.post("/gestion/messages/prix/", price).status_code == 303
    assert office.post("/gestion/messages/prix/", price).status_code == 422
    with as_owner():
        assert Price.objects.get().mills == 52
        assert costs.price("sms", today) == 52
        assert costs.price("sms", today - timedelta(days=1)) == 49
    budget = {"territory": f"team:{cast.team.pk}", "mills": "25", "from_month": f"{today:%d/%m/%Y}"}
    assert office.post("/gestion/messages/budget/", budget).status_code == 303
    with as_owner():
        assert (Budget.objects.get().mills, Budget.objects.get().from_month.day) == (25_000, 1)
        costs.count(cast.team.pk, "31", clock.now(), "sms", 3, 156)
    page = office.get("/gestion/messages/").content.decode()
    assert "25,00" in page
    assert "0,052" in page
    assert "Lauragais" in page


@pytest.mark.parametrize("amount", ["-1", "beaucoup", "0,0491", "NaN", "1e99", ""])
def test_an_amount_that_is_none_is_said(office: Client, amount: str) -> None:
    price = {
        "channel": "sms",
        "mills": amount,
        "valid_from": f"{clock.today():%d/%m/%Y}",
        "source": "contrat",
    }
    assert office.post("/gestion/messages/prix/", price).status_code == 422


def test_only_the_back_office_writes_even_by_another_door(cast: Cast, gisele: Staff) -> None:
    version = in_force("acknowledgement")
    with acting(cast.charlie.actor), pytest.raises(Refused, match="Votre rôle"):
        write(
            "acknowledgement", title="x {reference}", body=version.body, short=version.short, why="x", after=0
        )
