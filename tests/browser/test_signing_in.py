"""Signing in with a real browser: by keyboard alone, with a key of access, the first time, after too many tries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from gruppetto.kernel.clock import now
from tests.browser import stage
from tests.browser.conftest import Opens, Platform, axe
from tests.browser.signing_in import (
    PASSWORD,
    SIGN_IN,
    member,
    narrow_without_loss,
    sign_in,
    stranger,
    tab_to,
)
from tests.support.codes import code

pytestmark = pytest.mark.browser
NEW = "Une-autre-Porte-4-deux"
DESK = "**/plate-forme/"


@pytest.fixture(scope="module")
def running(platform: Opens) -> Iterator[Platform]:
    with platform(stage.empty) as one:
        yield one


def sound(page: Page) -> None:
    """Nothing for axe to say, nothing lost when narrow or enlarged."""
    assert axe(page) == []
    narrow_without_loss(page)


def test_signing_in_by_keyboard_alone(running: Platform) -> None:
    who = member(running, "Clara")
    with stranger(running) as page:
        page.goto("/guide-de-style/")
        tab_to(page, page.get_by_label("Courriel"))
        sound(page)
        page.keyboard.type(who.account.email)
        tab_to(page, page.get_by_label("Mot de passe"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Deuxième vérification")).to_be_visible()
        sound(page)
        tab_to(page, page.get_by_label("Code à 6 chiffres"))
        page.keyboard.type(who.code())
        page.keyboard.press("Enter")
        page.wait_for_url("**/guide-de-style/")
        expect(page.get_by_text("Clara").first).to_be_attached()


def test_the_first_time_one_chooses_a_password_sets_up_codes_and_keeps_the_spare_ones(
    running: Platform,
) -> None:
    who = member(running, "Doriane", protected=False, temporary_until=now() + timedelta(days=7))
    with stranger(running) as page:
        page.goto(SIGN_IN)
        page.get_by_label("Courriel").fill(who.account.email)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Changer mon mot de passe")).to_be_visible()
        sound(page)
        page.get_by_label("Mot de passe actuel").fill(PASSWORD)
        page.get_by_label("Nouveau mot de passe").fill("Azertyuiop12!")
        page.get_by_label("Le nouveau, encore une fois").fill("Azertyuiop12!")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Évitez les suites").first).to_be_visible()
        sound(page)
        page.get_by_label("Mot de passe actuel").fill(PASSWORD)
        page.get_by_label("Nouveau mot de passe").fill(NEW)
        page.get_by_label("Le nouveau, encore une fois").fill(NEW)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Mettre en service l’application de codes")).to_be_visible()
        expect(page.get_by_text("Votre mot de passe est changé.")).to_be_visible()
        sound(page)
        secret = page.get_by_label("tapez cette clé dans l’application").input_value()
        page.get_by_label("Code à 6 chiffres").fill(code(secret))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
        sound(page)
        page.goto("/")
        page.wait_for_url(DESK)


def test_a_key_of_access_replaces_the_password_and_the_code(running: Platform) -> None:
    who = member(running, "Élodie")
    with stranger(running) as page:
        wire = page.context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        wire.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        sign_in(page, who)
        page.goto("/compte/double-cle/cles/ajouter/")
        expect(page.get_by_role("heading", name="Est-ce bien vous ?")).to_be_visible()
        sound(page)
        page.get_by_label("Votre mot de passe").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("Nom de la clé").fill("mon téléphone")
        page.get_by_label("Me connecter avec cette clé, sans mot de passe").check()
        sound(page)
        page.get_by_role("button", name="Ajouter cette clé").press("Enter")
        expect(page.get_by_text("La clé d’accès est en service.")).to_be_visible()
        page.goto("/compte/double-cle/cles/")
        expect(page.get_by_role("heading", name="mon téléphone")).to_be_visible()
        sound(page)
        page.goto("/compte/deconnexion/")
        page.get_by_role("button", name="Se déconnecter").last.press("Enter")
        expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
        page.get_by_role("button", name="Utiliser ma clé d’accès").press("Enter")
        page.wait_for_url(DESK)


def test_five_wrong_tries_lead_to_a_page_that_says_how_long_to_wait(running: Platform) -> None:
    who = member(running, "Fanny")
    with stranger(running, "429") as page:
        page.goto(SIGN_IN)
        for _ in range(4):
            page.get_by_label("Courriel").fill(who.account.email)
            page.get_by_label("Mot de passe").fill("pas celui-là")
            page.keyboard.press("Enter")
            expect(page.get_by_text("n’est pas le bon").first).to_be_visible()
        sound(page)
        page.get_by_label("Mot de passe").fill("pas celui-là")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Trop d’essais")).to_be_visible()
        expect(page.get_by_text("Attendez un quart d’heure")).to_be_visible()
        sound(page)


def test_a_session_closed_elsewhere_leads_to_sign_in_and_back(running: Platform) -> None:
    who = member(running, "Gaëlle")
    with stranger(running) as here, stranger(running) as there:
        sign_in(here, who)
        there.goto(SIGN_IN)
        there.get_by_label("Courriel").fill(who.account.email)
        there.get_by_label("Mot de passe").fill(PASSWORD)
        there.keyboard.press("Enter")
        # The code shown now has served: the next one is accepted a little early.
        there.get_by_label("Code à 6 chiffres").fill(who.code(1))
        there.keyboard.press("Enter")
        there.wait_for_url(DESK)
        here.goto("/compte/sessions/")
        expect(here.get_by_text("Cette session", exact=True)).to_have_count(1)
        sound(here)
        here.get_by_role("button", name="Fermer cette session").press("Enter")
        expect(here.get_by_text("La session est fermée.")).to_be_visible()
        there.goto("/compte/sessions/")
        expect(there.get_by_role("heading", name="Se connecter")).to_be_visible()
        expect(there.get_by_text("Votre session est terminée.")).to_be_visible()
        sound(there)
