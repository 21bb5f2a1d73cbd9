"""A scenario started with a button rings through the webhook, is answered by HTTP, and is reviewed from its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house_settings
from django.test import Client
from django.urls import include, path

from gruppetto.demo.keys import LINE
from gruppetto.gateways.telephony.sending import Line
from gruppetto.kernel.actors import acting
from gruppetto.kernel.clock import now
from gruppetto.service.catalogue.reads import kind_in_force
from gruppetto.service.contacts.models import Contact
from gruppetto.service.contacts.verbs import read_back_accepted
from gruppetto.service.interventions.verbs import open_intervention
from gruppetto.settings.urls import urlpatterns as house
from gruppetto.training import casting
from gruppetto.training.ringing import ASKED, Trainer
from gruppetto.training.scenarios import Caller, Step, scenarios
from tests.desks.call_desk.conftest import Desk, answer_rightly, facts, gateway
from tests.service.conftest import Cast, cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.permissions import only, statuses

__all__ = ["cast", "facts", "gateway"]

pytestmark = pytest.mark.django_db
urlpatterns = [*house, path("entrainement/", include("gruppetto.training.urls"))]
HOME = "/entrainement/"


class Wire(Line):
    """A line whose other end is the platform of the test."""

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        answer = Client().post(
            f"/hooks/telephony/{self.name}", body, content_type="application/json", headers=dict(headers)
        )
        return answer.status_code, json.loads(answer.content)


@pytest.fixture
def trainer(cast: Cast, facts: None, gateway: object, settings: Any, tmp_path: Path) -> Trainer:
    """A sandbox where Jeanne and her son play all the parts."""
    settings.ROOT_URLCONF, settings.FOLDER, settings.TRAINING = __name__, tmp_path, True
    son = make.person("Roux", "Paul", within=cast.portfolio, subscriber_since=None)
    make.phone(son, "+33639980017")
    make.relative(cast.jeanne, son, "son fils")
    with as_owner():
        casting.write(tmp_path)
    made = Trainer(tmp_path, "http://127.0.0.1:1", "")
    made.line = Wire("", LINE, house_settings.GRUPPETTO_LINES[LINE], provider="demo")
    return made


def start(browser: Client, code: str, trainer: Trainer) -> str:
    """The button; then the call rings. The address of the exercise."""
    answer = browser.post(f"{HOME}{code}/commencer/")
    assert answer.status_code == 303
    trainer.tick()
    return str(answer["Location"])


def test_a_scenario_plays_to_its_review_by_http(cast: Cast, trainer: Trainer) -> None:
    browser = cast.charlie.signed_in.client()
    exercise = start(browser, "appelant-mecontent", trainer)
    page = browser.get(exercise).content.decode()
    assert "L’appel sonne" in page
    assert "Trois semaines que j’attends" in page
    assert "Jeanne Roux" in page
    with as_owner():
        ringing = Contact.objects.get(call_id=exercise.rstrip("/").rpartition("/")[2])
    desk = Desk(browser, ringing.pk)
    desk.send("prendre/")
    trainer.tick()
    assert browser.get(exercise).content.decode().count("Pas encore") == 3
    desk.send("personne/", person=cast.jeanne.pk)
    answer_rightly(cast, desk)
    desk.send("motifs/", reasons=["understand"])
    page = browser.get(exercise).content.decode()
    assert page.count("Pas encore") == 1
    desk.send("raccrocher/")
    desk.send("conclure/", summary="Elle sera rappelée vendredi.")
    done = browser.get(exercise).content.decode()
    assert "Pas encore" not in done
    assert "L’appel est conclu" in done
    trainer.tick()
    assert trainer.calls == []
    assert "Un appelant mécontent" in browser.get(HOME).content.decode()


@pytest.mark.parametrize("code", list(scenarios()))
def test_each_scenario_rings_as_its_caller_would(cast: Cast, trainer: Trainer, code: str) -> None:
    exercise = start(cast.charlie.signed_in.client(), code, trainer)
    with as_owner():
        ringing = Contact.objects.get(call_id=exercise.rstrip("/").rpartition("/")[2])
    expected = {Caller.HIDDEN: "", Caller.RELATIVE: "+33639980017", Caller.SUBSCRIBER: "+33561000001"}
    assert ringing.number == expected[scenarios()[code].caller]
    assert ringing.state == Contact.State.RINGING
    assert not list((trainer.folder / ASKED).iterdir())


def test_nobody_calls_by_themselves(trainer: Trainer) -> None:
    for second in (0.0, 1_000.0, 100_000.0):
        trainer.clock = lambda now=second: now  # type: ignore[misc]  # its own second
        trainer.tick()
    assert trainer.calls == []


def test_an_exercise_is_its_trainee_s_own(cast: Cast, trainer: Trainer) -> None:
    exercise = start(cast.charlie.signed_in.client(), "carte-vitale-perdue", trainer)
    assert cast.alice.signed_in.client().get(exercise).status_code == 404
    assert cast.alice.signed_in.client().post(f"{HOME}autre/commencer/").status_code == 404


def test_those_who_answer_the_line_practise(cast: Cast, trainer: Trainer) -> None:
    allowed = {**only("agent"), "correspondent": 200, "supervisor": 200}
    assert statuses({"home": HOME}) == {"home": allowed}


def test_the_addresses_are_not_there_on_a_real_platform(cast: Cast) -> None:
    assert cast.charlie.signed_in.client().get(HOME).status_code == 404


def test_two_requests_and_what_was_read_back_are_reviewed(cast: Cast, trainer: Trainer) -> None:
    browser = cast.charlie.signed_in.client()
    exercise = start(browser, "plusieurs-demandes", trainer)
    with as_owner():
        desk = Desk(browser, Contact.objects.get(call_id=exercise.rstrip("/").rpartition("/")[2]).pk)
    desk.send("prendre/")
    desk.send("personne/", person=cast.jeanne.pk)
    answer_rightly(cast, desk)

    def ask(kind: str) -> str:
        with acting(cast.charlie.actor):
            open_intervention(desk.contact_id, cast.jeanne.pk, kind, make.answers(kind_in_force(kind, now())))
        return browser.get(exercise).content.decode()

    assert "Il manque une demande" in ask("health-card-renewal")
    assert "Tout ce qui était demandé est enregistré" in ask("medical-appointment")
    with acting(cast.charlie.actor):
        read_back_accepted(desk.contact_id, ["Une carte.", "Un rendez-vous.", "Vendredi."])
    assert "la personne a dit oui" in browser.get(exercise).content.decode()


def test_scenarios_are_six_kinds_of_calls_that_can_be_reviewed() -> None:
    known = scenarios().values()
    assert len(known) >= 6
    assert {one.caller for one in known} >= {Caller.SUBSCRIBER, Caller.RELATIVE, Caller.HIDDEN}
    for one in known:
        assert Step.CONCLUDED in one.expects, one.code
        assert (Step.REQUEST in one.expects) == (one.requests > 0), one.code
