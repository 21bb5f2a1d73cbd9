"""The search box of every desk: what is typed is sent, what is found leads to its page, bad input is told in words."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gruppetto.kernel.actors import acting
from gruppetto.service.contacts.verbs import choose_person, visit
from gruppetto.service.finding.query import LONGEST
from tests.service.conftest import Cast
from tests.service.conftest import cast as cast
from tests.support import factories as make
from tests.support.permissions import SIGN_IN, statuses

pytestmark = pytest.mark.django_db
BOX, SUGGESTIONS = "/recherche/", "/recherche/propositions/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.alice.signed_in.client()


def results(client: Client, typed: str) -> str:
    """Send the box; the page of results, without tags."""
    sent = client.post(BOX, {"q": typed})
    assert sent.status_code == 303, sent.content.decode()[-2000:]
    page = client.get(sent["Location"])
    assert page.status_code == 200
    return page.content.decode()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_only_desks_that_find_have_the_box(cast: Cast) -> None:
    may = dict.fromkeys(("agent", "correspondent", "supervisor", "back_office"), 200)
    found = statuses({"find": BOX})["find"]
    assert found == {**may, "auditor": 403, "administrator": 403, "nobody": 302}
    assert Client().post(SUGGESTIONS, {"q": "roux"})["Location"].startswith(SIGN_IN)


def test_the_box_is_in_the_header_of_the_desks(cast: Cast, alice: Client) -> None:
    for browser, address in (
        (alice, "/correspondant/"),
        (cast.charlie.signed_in.client(), "/plate-forme/"),
        (cast.sylvie.signed_in.client(), "/responsable/"),
    ):
        page = browser.get(address).content.decode()
        assert f'action="{BOX}"' in page
        assert 'role="search"' in page


def test_what_is_found_is_grouped_marked_and_leads_to_its_page(cast: Cast, alice: Client) -> None:
    made = make.intervention(cast.jeanne, cast.alice, title="Refaire la carte de Mme Roux")
    page = results(alice, "roux")
    assert f'href="/personnes/{cast.jeanne.pk}/"' in page
    assert f'href="/correspondant/interventions/{made.pk}/"' in page
    assert "Mme Jeanne <mark>Roux</mark>" in page
    assert "carte de Mme <mark>Roux</mark>" in page
    assert page.index("Personnes</h2>") < page.index("Demandes</h2>")
    assert "2 résultats." in page
    assert "<mark>00 01</mark>" in results(alice, "0001").replace("\u00a0", " ")


def test_no_address_says_what_was_typed_nor_opens_for_another(cast: Cast, alice: Client) -> None:
    address = alice.post(BOX, {"q": "roux"})["Location"]
    assert "roux" not in address.lower()
    assert "Jeanne" in alice.get(address).content.decode()
    for other, where in (
        (cast.bob, address),
        (cast.alice, address[:-6] + "AAAAA/"),
        (cast.alice, f"{BOX}x/"),
    ):
        gone = other.signed_in.client().get(where)
        assert (gone.status_code, gone["Location"]) == (303, BOX)


def test_a_place_leads_to_those_who_live_there(cast: Cast, alice: Client) -> None:
    page = results(alice, "revel")
    assert "Personnes à Revel" in page
    assert "Jeanne Roux" in plain(page)


def test_nothing_found_says_what_to_try(cast: Cast, alice: Client) -> None:
    assert "Rien ne correspond" in results(alice, "introuvable")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Tapez un nom"),
        ("a", "au moins deux signes"),
        ("🙂", "au moins deux signes"),
        ("%%% -- ''", "Tapez un nom"),
        ("x" * 10_000, "trop long"),
        ("\x00\x00\x00", "Tapez un nom"),
    ],
)
def test_what_cannot_be_searched_is_told_beside_the_box(
    cast: Cast, alice: Client, typed: str, said: str
) -> None:
    page = alice.post(BOX, {"q": typed})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "data-error-summary" in page.content.decode()
    assert len(page.content) < 60_000 + 2 * LONGEST
    suggested = alice.post(SUGGESTIONS, {"q": typed})
    assert suggested.status_code == 200
    assert said in suggested.content.decode()


def test_sql_is_only_words(cast: Cast, alice: Client) -> None:
    assert "Rien ne correspond" in results(alice, "'; DROP TABLE people_person; --")
    assert "Jeanne" in results(alice, "roux")


def test_suggestions_are_options_one_may_open(cast: Cast, alice: Client) -> None:
    page = alice.post(SUGGESTIONS, {"q": "rou"}).content.decode()
    assert f'<a role="option" tabindex="-1" href="/personnes/{cast.jeanne.pk}/">' in page
    assert 'data-said="1 résultat.' in page


def test_articles_are_found_beside_people(cast: Cast, alice: Client) -> None:
    make.article()
    page = results(alice, "carte vitale")
    assert "/savoir/articles/waiting-for-a-health-card/" in page
    assert 'role="option"' in alice.post(SUGGESTIONS, {"q": "carte vitale"}).content.decode()


def test_an_agent_is_led_to_their_contact_and_finds_nobody_without_one(cast: Cast) -> None:
    browser = cast.charlie.signed_in.client()
    assert "Jeanne" not in results(browser, "roux")
    with acting(cast.charlie.actor):
        contact = visit("counter")
        choose_person(contact.pk, cast.jeanne.pk)
    page = results(browser, "roux")
    assert f'href="/plate-forme/contacts/{contact.pk}/"' in page
    assert f"/personnes/{cast.jeanne.pk}/" not in page
