"""What protects an account changes only by its owner, recognised again; never down to a password alone."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import DatabaseError, connection, transaction

from gruppetto.kernel.access import accounts
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.secrets import CannotOpen
from tests.kernel.access.conftest import PASSWORD, House, Somebody, new_browser
from tests.support.codes import code

Make = Callable[..., Somebody]
NEW = "Une-autre-Porte-4-deux"
LAST = "C’est votre dernière double clé"


def later(browser: Any, seconds: int = 1000) -> None:
    """The moment of signing in goes back."""
    page = browser.session
    page[RECORDS] = [{**record, "at": time.time() - seconds} for record in page[RECORDS]]
    page.save()


def change_password(browser: Any, new: str, old: str = PASSWORD) -> Any:
    typed = {"oldpassword": old, "password1": new, "password2": new}
    return browser.post("/compte/mot-de-passe/", typed)


def as_actor(somebody: Somebody) -> Actor:
    key = somebody.browser.cookies["gruppetto_key"].value
    return Actor.session(key, somebody.account.pk, somebody.account.role)


@pytest.mark.parametrize(
    "path",
    [
        "double-cle/cles/ajouter/",
        "double-cle/application/retirer/",
        "double-cle/secours/nouveaux/",
    ],
)
def test_sensitive_pages_ask_who_it_is_again_and_then_lead_back(somebody: Make, path: str) -> None:
    browser = somebody().sign_in()
    asked = browser.get(f"/compte/{path}")
    assert asked.url.startswith("/compte/verification/?next=")
    assert browser.post(asked.url, {"password": "faux"}).status_code == 200
    answer = browser.post(asked.url, {"password": PASSWORD, "next": f"/compte/{path}"})
    assert answer.url == f"/compte/{path}"
    assert browser.get(answer.url).status_code == 200
    later(browser)
    assert browser.get(f"/compte/{path}").url.startswith("/compte/verification/")


def test_a_code_recognises_too_but_not_the_one_that_has_served(somebody: Make, house: House) -> None:
    alix = somebody()
    served, browser = code(alix.secret), alix.browser
    alix.type_password()
    alix.type_code(served)
    page = {"next": "/compte/double-cle/cles/ajouter/"}
    assert browser.post("/compte/verification/code/", {"code": served, **page}).status_code == 200
    answer = browser.post("/compte/verification/code/", {"code": code(alix.secret, 1), **page})
    assert answer.url == page["next"]


def test_five_wrong_answers_to_who_is_it_close_the_door(somebody: Make) -> None:
    browser = somebody().sign_in()
    answers = [
        browser.post("/compte/verification/", {"password": "faux"}).status_code,
        browser.post("/compte/verification/code/", {"code": "000000"}).status_code,
        change_password(browser, NEW, old="faux").status_code,
        change_password(browser, NEW, old="faux").status_code,
        browser.post("/compte/verification/", {"password": "faux"}).status_code,
        browser.post("/compte/verification/", {"password": PASSWORD}).status_code,
    ]
    assert answers == [200] * 4 + [429] * 2


def test_changing_the_password_signs_out_everywhere_else(somebody: Make, house: House) -> None:
    alix = somebody()
    browser, other = alix.sign_in(), new_browser()
    house.change("DELETE FROM access_cache")
    alix.type_password(browser=other)
    alix.type_code(browser=other)
    assert change_password(browser, NEW).url == "/"
    assert browser.get("/compte/sessions/").status_code == 200
    assert other.get("/compte/sessions/").status_code == 302
    assert alix.type_password(NEW, browser=new_browser()).url == "/compte/connexion/code/"
    assert alix.journal("account.password_changed") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Court1!", "Au moins 12 caractères"),
        ("Azertyuiop12!", "Évitez les suites"),
        ("Motdepasse26!", "trop courant"),
        (PASSWORD, "différent de celui que vous avez"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(somebody: Make, typed: str, said: str) -> None:
    alix = somebody()
    answer = change_password(alix.sign_in(), typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_a_temporary_password_opens_only_the_page_that_replaces_it(somebody: Make) -> None:
    alix = somebody(protected=False, temporary_until=now() + timedelta(days=7))
    browser = alix.browser
    alix.type_password()
    for path in ("/", "/compte/sessions/", "/compte/double-cle/application/", "/compte/double-cle/"):
        assert browser.get(path).url == "/compte/mot-de-passe/", path
    change_password(browser, NEW)
    assert browser.get("/").url == "/compte/double-cle/application/"


def test_a_temporary_password_too_old_opens_nothing(somebody: Make) -> None:
    alix = somebody(protected=False, temporary_until=now() - timedelta(minutes=1))
    answer = alix.type_password()
    assert answer.status_code == 422
    assert "Votre mot de passe provisoire n’est plus valable." in answer.content.decode()
    assert alix.browser.get("/").url.startswith("/compte/connexion/")


def test_the_last_second_factor_cannot_be_removed_by_its_owner(somebody: Make) -> None:
    alix = somebody()
    browser = alix.sign_in()
    browser.post("/compte/verification/", {"password": PASSWORD})
    assert LAST in browser.get("/compte/double-cle/application/retirer/").content.decode()
    assert LAST in browser.post("/compte/double-cle/application/retirer/").content.decode()
    with pytest.raises(Refused, match=LAST), acting(as_actor(alix)):
        Authenticator.objects.filter(user=alix.account).delete()
    with (
        pytest.raises(DatabaseError, match="the last second factor"),
        acting(as_actor(alix)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM mfa_authenticator WHERE user_id = %s", [alix.account.pk])
    assert Authenticator.objects.filter(user=alix.account).exists()


def test_one_of_two_may_go_the_other_stays(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    with house.owning():
        Authenticator.objects.create(user=alix.account, type="webauthn", data={"name": "clé bleue"})
    browser.post("/compte/verification/", {"password": PASSWORD})
    assert browser.post("/compte/double-cle/application/retirer/").url == "/compte/double-cle/"
    key = Authenticator.objects.get(user=alix.account, type="webauthn")
    answer = browser.post(f"/compte/double-cle/cles/{key.pk}/retirer/")
    assert answer.status_code == 422
    assert LAST in answer.content.decode()
    assert alix.journal("account.key_removed") == 1


def test_an_administrator_resets_the_second_factor_of_another(somebody: Make) -> None:
    alix, admin = somebody(), somebody("administrator")
    admin.sign_in()
    with acting(as_actor(admin)):
        assert accounts.forget_second_factor(alix.account.pk) == 1
    alix.type_password()
    assert alix.browser.get("/").url == "/compte/double-cle/application/"


def test_nobody_removes_the_key_of_another_through_their_own_pages(somebody: Make, house: House) -> None:
    alix, sacha = somebody(), somebody()
    browser = sacha.sign_in()
    browser.post("/compte/verification/", {"password": PASSWORD})
    with house.owning():
        key = Authenticator.objects.create(user=alix.account, type="webauthn", data={"name": "à Alix"})
    for page in ("retirer", "nom"):
        assert browser.post(f"/compte/double-cle/cles/{key.pk}/{page}/", {"name": "à moi"}).status_code == 404
    assert Authenticator.objects.get(pk=key.pk).data["name"] == "à Alix"


def test_a_secret_of_the_second_factor_needs_the_key_of_the_house(somebody: Make, settings: Any) -> None:
    alix = somebody()
    alix.type_password()
    settings.GRUPPETTO_FILES_KEY = "other:" + base64.b64encode(b"o" * 32).decode()
    factor = Authenticator.objects.get(user=alix.account)
    with pytest.raises(CannotOpen, match="unknown-key"):
        TOTP(factor).validate_code(code(alix.secret))


def test_the_recovery_codes_are_shown_only_to_who_is_recognised(somebody: Make) -> None:
    browser = somebody().sign_in()
    browser.post("/compte/verification/", {"password": PASSWORD})
    browser.post("/compte/double-cle/secours/nouveaux/")
    assert (
        len(re.findall(r"\d{8}", browser.get("/compte/double-cle/secours/fichier/").content.decode())) == 10
    )
    later(browser)
    for path in ("secours/", "secours/fichier/"):
        assert browser.get(f"/compte/double-cle/{path}").url.startswith("/compte/verification/")
