"""Every page of the desk, for every role: one’s own people, another’s, nobody signed in (quality.md)."""

from __future__ import annotations

import pytest
from django.test import Client

from gruppetto.desks.correspondent.urls import urlpatterns
from gruppetto.registry.people.models import Phone
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.actors import staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

# name: (address, (status for who follows the person, for another correspondent)); pages to send to refuse a GET.
PAGES: dict[str, tuple[str, tuple[int, int]]] = {
    "home": ("/correspondant/", (200, 200)),
    "list": ("/correspondant/liste/", (200, 200)),
    "day_sheet": ("/correspondant/feuille-du-jour.pdf", (200, 200)),
    "document": ("/correspondant/documents/{nothing}/", (404, 404)),
    "intervention": ("/correspondant/interventions/{intervention}/", (200, 404)),
    "story": ("/correspondant/interventions/{intervention}/histoire/", (200, 404)),
    "time": ("/correspondant/interventions/{intervention}/temps/", (405, 405)),
    "draft": ("/correspondant/interventions/{intervention}/brouillon/", (405, 405)),
    "draft_of": ("/correspondant/interventions/{intervention}/brouillon/repondre/", (405, 405)),
    "here": ("/correspondant/interventions/{intervention}/presence/", (405, 405)),
    "organise": ("/correspondant/interventions/{intervention}/organiser/", (200, 404)),
    "change": ("/correspondant/interventions/{intervention}/changer/", (200, 404)),
    "notices": ("/correspondant/pour-moi/", (200, 200)),
    "read_notices": ("/correspondant/pour-moi/lus/", (405, 405)),
    "read_notice": ("/correspondant/pour-moi/{nothing}/", (405, 405)),
    "act": ("/correspondant/interventions/{intervention}/noter/", (405, 405)),
    "people": ("/personnes/", (200, 200)),
    "communes": ("/personnes/communes/", (200, 200)),
    "coordinates": ("/personnes/coordonnees/", (200, 200)),
    "person": ("/personnes/{person}/", (200, 404)),
    "confirm": ("/personnes/{person}/confirmer/", (405, 405)),
    "edit": ("/personnes/{person}/telephone/", (200, 404)),
    "edit_row": ("/personnes/{person}/retirer-telephone/{phone}/", (200, 404)),
}
SENT = (
    "time",
    "draft",
    "draft_of",
    "here",
    "organise",
    "change",
    "read_notice",
    "act",
    "confirm",
    "edit",
    "edit_row",
    "people",
)


def addresses(cast: Cast) -> dict[str, str]:
    with as_owner():
        number = Phone.objects.get(person=cast.jeanne).pk
    facts = {
        "intervention": make.intervention(cast.jeanne, cast.alice).pk,
        "person": cast.jeanne.pk,
        "phone": number,
        "nothing": "01900000-0000-7000-8000-000000000000",
    }
    return {name: way.format(**facts) for name, (way, _expected) in PAGES.items()}


def test_the_table_has_every_page_of_the_desk() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(PAGES)


def test_each_page_is_open_to_who_follows_the_person_and_to_no_one_else(cast: Cast) -> None:
    ways = addresses(cast)
    outsiders = {
        role: staff(role.title(), role).client() for role in ("back_office", "auditor", "administrator")
    }
    outsiders["agent"] = cast.charlie.signed_in.client()
    alice, sylvie, bob = (who.signed_in.client() for who in (cast.alice, cast.sylvie, cast.bob))
    wrong = []
    for name, way in ways.items():
        own, other = PAGES[name][1]
        for who, client, expected in (
            ("alice", alice, own),
            ("sylvie", sylvie, own),
            ("bob", bob, other),
            *((role, client, 403) for role, client in outsiders.items()),
        ):
            got = client.get(way).status_code
            if got != expected:
                wrong.append((name, who, got, expected))
        answer = Client().get(way)
        if answer.status_code != 302 or not answer["Location"].startswith("/compte/"):
            wrong.append((name, "anonymous", answer.status_code, 302))
    assert wrong == []


def test_nothing_is_sent_by_who_may_not(cast: Cast) -> None:
    ways = addresses(cast)
    bob, charlie = cast.bob.signed_in.client(), cast.charlie.signed_in.client()
    typed = {
        "page": "01900000-0000-7000-8000-000000000000",
        "what": "lier",
        "text": "vu",
        "text_kind": "internal",
        "number": "0612345678",
        "seconds": "10",
        "who": "roux",
    }
    for name in SENT:
        assert bob.post(ways[name], typed).status_code == (200 if name == "people" else 404), name
        assert charlie.post(ways[name], typed).status_code == 403, name
        assert Client().post(ways[name], typed).status_code == 302, name
