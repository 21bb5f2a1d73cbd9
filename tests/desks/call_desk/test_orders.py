"""What each level of identity may order, page by page: the table of the levels, and the pages that obey it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import today
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.registry.people.identity import Order, allows
from gruppetto.registry.people.models import Address, Person, Phone, Relative
from gruppetto.service.catalogue.files import read_catalogue
from gruppetto.service.contacts import verbs
from gruppetto.service.contacts.models import CallBack, Contact
from gruppetto.service.interventions.models import Intervention
from tests.desks.call_desk.conftest import Desk, script_of
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.actors import Staff
from tests.support.database import as_owner
from tests.support.telephony import STRANGERS, ring

pytestmark = pytest.mark.django_db

LEVELS = (0, 1, 2, 3)
LEAST = {
    Order.CALL_BACK: 0,
    Order.HELP_ON_LINE: 0,
    Order.CALL_BACK_VERIFIED: 1,
    Order.GENERAL_REQUEST: 1,
    Order.NEW_REQUEST: 2,
    Order.APPOINTMENT: 2,
    Order.CHANGE_APPOINTMENT: 2,
    Order.PAYMENT: 3,
    Order.MANDATE: 3,
    Order.CHANGE_DETAILS: 3,
    Order.RELATIVE_RIGHTS: 3,
}
# One kind of the catalogue for each sort of request.
REQUESTS = {
    Order.HELP_ON_LINE: "bank-card-block",
    Order.GENERAL_REQUEST: "general-information",
    Order.NEW_REQUEST: "health-card-renewal",
    Order.APPOINTMENT: "medical-appointment",
    Order.CHANGE_DETAILS: "bank-details-change",
}
HOME = {"lines": "3 place Victor", "postcode": "31250", "commune": "Revel", "moved": "yes"}
NUMBER: dict[str, Any] = {"number": "06 12 34 56 78"}
# The correspondent's pages of a record, under their order; « {…} » stands for a row of Jeanne's.
RECORD: dict[str, tuple[Order, dict[str, Any]]] = {
    "identite/": (
        Order.CHANGE_DETAILS,
        {
            "version": 1,
            "title": "mrs",
            "family_name": "Rousse",
            "given_names": "Jeanne",
            "language": "fr",
            "preferred_channel": "phone",
        },
    ),
    "telephone/": (Order.CHANGE_DETAILS, NUMBER),
    "telephone-principal/{phone}/": (Order.CHANGE_DETAILS, {}),
    "retirer-telephone/{phone}/": (Order.CHANGE_DETAILS, {}),
    "adresse/": (Order.CHANGE_DETAILS, HOME),
    "mot/": (Order.CHANGE_DETAILS, {"word": "coquelicot"}),
    "proche/": (Order.RELATIVE_RIGHTS, {"name": "Luc Roux", "link": "fils", "source": "elle-même"}),
    "droits-proche/{relative}/": (Order.RELATIVE_RIGHTS, {"rights": ["see", "pay"], "link": "fille"}),
    "retirer-proche/{relative}/": (Order.RELATIVE_RIGHTS, {}),
}
TOO_LOW = "Confirmez d’abord l’identité : à ce niveau, rien ne change dans la fiche."
SAY_HOW = "Dites comment la personne vous l’a demandé."


@pytest.fixture
def family(cast: Cast) -> Mapping[str, Any]:
    """A second number and a daughter in Jeanne's record."""
    lea = make.person("Roux", "Léa", title="mrs", subscriber_since=None)
    return {
        "phone": make.phone(cast.jeanne, "+33582000007", main=False).pk,
        "relative": make.relative(cast.jeanne, lea, "sa fille").pk,
        "lea": lea,
    }


@pytest.fixture
def at_level(cast: Cast, facts: None, gateway: Actor) -> Callable[..., Desk]:
    """A call about Jeanne in the hands of somebody, brought to a level (the way there is tested elsewhere)."""

    def call(who: Staff, level: int, caller: Person | None = None) -> Desk:
        ringing = ring(gateway, STRANGERS)
        with acting(who.actor):
            verbs.take(ringing.pk)
            verbs.choose_person(ringing.pk, cast.jeanne.pk, caller.pk if caller else None, "sa fille")
        desk = Desk(who.client(), ringing.pk)
        bring_to(desk, level)
        return desk

    return call


def bring_to(desk: Desk, level: int) -> None:
    with as_owner():
        Contact.objects.filter(pk=desk.contact_id).update(level=level)


def kept() -> tuple[Any, ...]:
    """All that these pages can change."""
    with as_owner():
        return (
            *Person.objects.order_by("pk").values_list("family_name", "version"),
            *Phone.objects.order_by("pk").values_list("number", "main", "ended_at"),
            *Address.objects.order_by("pk").values_list("lines", "until"),
            *Relative.objects.order_by("pk").values_list("rights", "ended_on"),
            *[person.chosen_word for person in Person.objects.order_by("pk")],
        )


def last_act(of: Person) -> str:
    """What the last act about a person says in the journal."""
    last = Entry.objects.filter(person_id=of.pk, kind="act").order_by("recorded_at", "id").last()
    assert last is not None
    return Body.objects.get(entry_id=last.pk).data


def shown(client: Client, address: str, typed: Mapping[str, Any], status: int) -> str:
    sent = client.post(address, typed)
    page = sent.content.decode()
    assert sent.status_code == status, page[:3000]
    return page


@pytest.mark.parametrize("level", LEVELS)
def test_the_table_of_orders_is_that_of_the_levels(level: int) -> None:
    assert {order for order in Order if allows(level, order)} == {
        order for order, least in LEAST.items() if least <= level
    }


def test_each_level_has_its_kinds() -> None:
    kinds = {kind.code: kind.identity_level for kind in read_catalogue().kinds}
    assert set(kinds.values()) == set(LEVELS)
    assert {order: kinds[code] for order, code in REQUESTS.items()} == {
        order: LEAST[order] for order in REQUESTS
    }


@pytest.mark.parametrize("order", REQUESTS)
def test_a_request_is_opened_from_its_level_on(
    cast: Cast, at_level: Callable[..., Desk], order: Order
) -> None:
    desk, kind = at_level(cast.charlie.signed_in, 0), REQUESTS[order]
    make.catalogue("general-information", "bank-details-change")
    desk.send(f"demande/{kind}/", **script_of(kind))
    for level in range(LEAST[order] + 1):
        bring_to(desk, level)
        token = desk.see(f"demande/{kind}/relire/").split('name="reading" value="')[1].split('"')[0]
        may = level == LEAST[order]
        page = desk.send(f"demande/{kind}/relire/", 303 if may else 422, reading=token)
        assert may or "confirmez d’abord l’identité" in page
        with as_owner():
            assert Intervention.objects.filter(kind=kind).exists() is may


def test_a_call_back_is_promised_to_anybody(cast: Cast, at_level: Callable[..., Desk]) -> None:
    desk, day = at_level(cast.charlie.signed_in, 0), (today() + timedelta(days=1)).isoformat()
    desk.send("rappeler/", number="06 12 34 56 78", day=day, hour="14 h 30")
    with as_owner():
        assert CallBack.objects.count() == 1


@pytest.mark.parametrize(("what", "typed"), [("telephone", NUMBER), ("adresse", HOME)])
def test_an_agent_changes_details_of_a_confirmed_person_only(
    cast: Cast, at_level: Callable[..., Desk], what: str, typed: dict[str, Any]
) -> None:
    desk, before = at_level(cast.charlie.signed_in, 0), kept()
    for level in LEVELS:
        bring_to(desk, level)
        may = level >= LEAST[Order.CHANGE_DETAILS]
        assert ("Identité à confirmer d’abord" in desk.see(f"fiche/{what}/")) is not may
        assert (f'{desk.at()}fiche/{what}/"' in desk.see()) is may
        page = desk.send(f"fiche/{what}/", 303 if may else 422, **typed)
        assert may or (TOO_LOW in page and next(iter(typed.values())) in page)
        assert (kept() != before) is may


@pytest.mark.parametrize("page", RECORD)
def test_a_correspondent_in_contact_obeys_the_level_of_the_contact(
    cast: Cast, at_level: Callable[..., Desk], family: Mapping[str, Any], page: str
) -> None:
    (order, typed), before = RECORD[page], kept()
    desk, address = at_level(cast.alice.signed_in, 0), f"/personnes/{cast.jeanne.pk}/{page.format(**family)}"
    for level in LEVELS:
        bring_to(desk, level)
        may = level >= LEAST[order]
        assert ("Identité à confirmer d’abord" in desk.client.get(address).content.decode()) is not may
        # What is said beside changes nothing: the contact decides.
        said = shown(desk.client, address, {**typed, "asked": "face"}, 303 if may else 422)
        assert may or TOO_LOW in said
        assert (kept() != before) is may


@pytest.mark.parametrize("page", RECORD)
def test_outside_a_contact_a_correspondent_says_how_they_know(
    cast: Cast, facts: None, family: Mapping[str, Any], page: str
) -> None:
    typed, client = RECORD[page][1], cast.alice.signed_in.client()
    address, before = f"/personnes/{cast.jeanne.pk}/{page.format(**family)}", kept()
    asked = client.get(address).content.decode()
    assert asked.count('type="radio" name="asked"') == 4
    assert "checked" not in asked.split('name="asked"', 1)[1].split("</fieldset>")[0]
    refused = shown(client, address, typed, 422)
    assert SAY_HOW in refused
    assert kept() == before
    shown(client, address, {**typed, "asked": "letter"}, 303)
    assert kept() != before
    with as_owner():
        assert '"asked":"letter"' in last_act(cast.jeanne)


def test_a_relative_however_confirmed_changes_nothing_of_the_person(
    cast: Cast, at_level: Callable[..., Desk], family: Mapping[str, Any]
) -> None:
    desk, before = at_level(cast.charlie.signed_in, 3, family["lea"]), kept()
    assert "proposez de la rappeler, elle" in desk.see("fiche/telephone/")
    assert "proposez de la rappeler, elle" in desk.send("fiche/telephone/", 422, **NUMBER)
    assert kept() == before


def test_the_change_made_in_a_contact_is_written_with_its_level(
    cast: Cast, at_level: Callable[..., Desk]
) -> None:
    desk = at_level(cast.charlie.signed_in, 3)
    desk.send("fiche/telephone/", **NUMBER)
    with as_owner():
        assert last_act(cast.jeanne) == f'{{"contact":"{desk.contact_id}","level":3}}'


def test_a_page_that_does_not_exist_or_a_contact_of_another_is_refused(
    cast: Cast, at_level: Callable[..., Desk]
) -> None:
    desk = at_level(cast.charlie.signed_in, 3)
    desk.see("fiche/iban/", 404)
    assert cast.alice.signed_in.client().get(desk.at("fiche/telephone/")).status_code == 403
