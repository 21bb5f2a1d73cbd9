"""Signing in: a password and a second factor, always both; failures are few and leave a trace."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from tests.kernel.access.conftest import House, Somebody, new_browser
from tests.support.codes import code

Make = Callable[..., Somebody]
LOCKED = "Trop d’essais"


def test_a_password_then_a_code_open_the_desk(somebody: Make, house: House) -> None:
    alix = somebody()
    assert alix.type_password().url == "/compte/connexion/code/"
    answer = alix.type_code()
    assert (answer.status_code, answer.url) == (302, "/")
    assert alix.browser.get("/compte/sessions/").status_code == 200
    assert alix.journal("session.opened") == 1


def test_the_key_of_a_session_is_the_browser_s_and_the_database_knows_its_hash(
    somebody: Make, house: House
) -> None:
    alix = somebody()
    alix.sign_in()
    cookie = alix.browser.cookies["gruppetto_key"]
    assert len(cookie.value) >= 43
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    rows = house.rows("SELECT key_hash FROM access_session WHERE account_id = %s", alix.account.pk)
    assert [bytes(row[0]) for row in rows] == [hashlib.sha256(cookie.value.encode()).digest()]


def test_behind_https_no_cookie_travels_in_clear(somebody: Make, settings: Any) -> None:
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    alix = somebody()
    alix.type_password(secure=True)
    alix.type_code(secure=True)
    assert {name for name, cookie in alix.browser.cookies.items() if not cookie["secure"]} == set()


def test_a_password_alone_opens_nothing(somebody: Make) -> None:
    alix = somebody()
    alix.type_password()
    for path in (
        "/",
        "/compte/sessions/",
        "/compte/double-cle/",
        "/compte/mot-de-passe/",
        "/guide-de-style/",
    ):
        assert alix.browser.get(path).url.startswith("/compte/connexion/"), path
    assert "gruppetto_key" not in alix.browser.cookies


def test_who_has_no_second_factor_is_led_to_set_one_up_and_opens_nothing_else(somebody: Make) -> None:
    alix = somebody(protected=False)
    assert alix.type_password().url == "/"
    for path in (
        "/",
        "/compte/sessions/",
        "/compte/double-cle/",
        "/compte/double-cle/cles/",
        "/guide-de-style/",
    ):
        assert alix.browser.get(path).url == "/compte/double-cle/application/", path
    page = alix.browser.get("/compte/double-cle/application/").content.decode()
    alix.secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]  # type: ignore[index]
    refused = alix.browser.post("/compte/double-cle/application/", {"code": code(alix.secret, 99)})
    assert "Ce code n’est pas le bon" in refused.content.decode()
    done = alix.browser.post("/compte/double-cle/application/", {"code": code(alix.secret)})
    assert done.url == "/compte/double-cle/secours/"
    shown = alix.browser.get(done.url).content.decode()
    assert len(re.findall(r"(?m)^\d{8}$|>\d{8}$", shown)) == 10
    assert alix.browser.get("/compte/sessions/").status_code == 200
    assert alix.journal("account.key_added") == 1


def test_a_session_opened_with_the_password_alone_ends_when_a_second_factor_is_set_up_elsewhere(
    somebody: Make,
) -> None:
    alix = somebody(protected=False)
    stranger = new_browser()
    alix.type_password()
    alix.type_password(browser=stranger)
    page = alix.browser.get("/compte/double-cle/application/").content.decode()
    alix.secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]  # type: ignore[index]
    alix.browser.post("/compte/double-cle/application/", {"code": code(alix.secret)})
    for path in ("/compte/double-cle/cles/ajouter/", "/compte/mot-de-passe/", "/"):
        assert stranger.get(path).url.startswith("/compte/connexion/"), path


def test_a_recovery_code_opens_once(somebody: Make, house: House) -> None:
    alix = somebody()
    alix.sign_in()
    alix.browser.post("/compte/verification/", {"password": alix.password})
    alix.browser.post("/compte/double-cle/secours/nouveaux/")
    page = alix.browser.get("/compte/double-cle/secours/").content.decode()
    spare = re.findall(r"\b\d{8}\b", page)[0]
    for expected in (302, 200):
        other = new_browser()
        alix.type_password(browser=other)
        assert alix.type_code(spare, browser=other).status_code == expected


def test_a_code_serves_once_even_while_it_is_still_shown(somebody: Make) -> None:
    alix = somebody()
    shown = code(alix.secret)
    for expected in (302, 200):
        browser = new_browser()
        alix.type_password(browser=browser)
        answer = alix.type_code(shown, browser=browser)
        assert answer.status_code == expected
    assert "il a déjà servi" in answer.content.decode()


def test_five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(somebody: Make, house: House) -> None:
    alix = somebody()
    typed = [alix.account.email, alix.account.email.upper(), f" {alix.account.email} ", alix.account.email]
    for login in typed:
        answer = alix.browser.post("/compte/connexion/", {"login": login, "password": "faux"})
        assert answer.status_code == 200
        assert "Le courriel ou le mot de passe n’est pas le bon." in answer.content.decode()
    for answer in (alix.type_password("faux"), alix.type_password(), alix.type_password()):
        assert answer.status_code == 429
        assert LOCKED in answer.content.decode()
    elsewhere = new_browser(REMOTE_ADDR="192.0.2.7")
    assert alix.type_password(browser=elsewhere).url == "/compte/connexion/code/"
    house.change("UPDATE axes_accessattempt SET attempt_time = attempt_time - interval '14 minutes'")
    assert alix.type_password().status_code == 429
    house.change("UPDATE axes_accessattempt SET attempt_time = attempt_time - interval '1 minute'")
    assert alix.type_password().url == "/compte/connexion/code/"


def test_an_account_that_does_not_exist_is_locked_alike(house: House) -> None:
    browser = new_browser(REMOTE_ADDR="192.0.2.8")
    typed = {"login": "personne@example.test", "password": "faux"}
    answers = [browser.post("/compte/connexion/", typed).status_code for _ in range(6)]
    assert answers == [200] * 4 + [429] * 2


def test_five_wrong_codes_close_the_second_step_from_anywhere(somebody: Make) -> None:
    alix = somebody()
    alix.type_password()
    for _ in range(4):
        assert alix.type_code("000000").status_code == 200
    locked = alix.type_code("000000")
    assert locked.status_code == 429
    assert LOCKED in locked.content.decode()
    elsewhere = new_browser(REMOTE_ADDR="192.0.2.9")
    alix.type_password(browser=elsewhere)
    assert alix.type_code(browser=elsewhere).status_code == 429


def test_signing_in_forgets_earlier_failures(somebody: Make) -> None:
    alix = somebody()
    for _ in range(4):
        alix.type_password("faux")
    alix.type_password()
    for _ in range(4):
        alix.type_code("000000")
    assert alix.type_code().status_code == 302
    other = new_browser()
    assert alix.type_password("faux", browser=other).status_code == 200


def test_a_failure_is_journaled_without_what_was_typed(house: House) -> None:
    before = house.rows("SELECT count(*) FROM journal_entry WHERE verb = 'session.refused'")[0][0]
    new_browser().post("/compte/connexion/", {"login": "jeanne.roux@example.test", "password": "Tournesol"})
    after = house.rows("SELECT count(*) FROM journal_entry WHERE verb = 'session.refused'")[0][0]
    assert after == before + 1
    journal = house.rows(
        "SELECT e::text, b::text FROM journal_entry e JOIN journal_body b ON b.entry_id = e.id"
    )
    assert not [row for row in journal if "jeanne" in json.dumps(row) or "Tournesol" in json.dumps(row)]
    kept = house.rows("SELECT get_data, post_data FROM axes_accessattempt")
    assert not [row for row in kept if "Tournesol" in row[1] or "jeanne" in row[1]]


def test_a_wrong_code_is_not_kept_either(somebody: Make, house: House) -> None:
    alix = somebody()
    alix.type_password()
    alix.type_code("918273")
    assert not [row for row in house.rows("SELECT post_data FROM axes_accessattempt") if "918273" in row[0]]
    assert house.rows("SELECT 1 FROM axes_accessattempt WHERE username = %s", f"second:{alix.account.pk}")


def test_a_closed_account_is_told_so_and_opens_nothing(somebody: Make) -> None:
    alix = somebody(is_active=False)
    assert alix.type_password().url == "/compte/ferme/"
    assert alix.browser.get("/compte/ferme/").status_code == 200
    assert alix.browser.get("/").url.startswith("/compte/connexion/")


def test_the_secrets_of_the_second_factor_are_encrypted(somebody: Make, house: House) -> None:
    alix = somebody()
    (kept,) = house.rows("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", alix.account.pk)
    assert alix.secret not in kept[0]
    alix.sign_in()


def test_after_signing_in_the_page_asked_for_is_shown(somebody: Make) -> None:
    alix = somebody()
    answer = alix.browser.get("/guide-de-style/?vue=fiche")
    assert answer.url == "/compte/connexion/?next=%2Fguide-de-style%2F%3Fvue%3Dfiche"
    typed = {"login": alix.account.email, "password": alix.password, "next": "/guide-de-style/?vue=fiche"}
    alix.browser.post("/compte/connexion/", typed)
    assert alix.type_code().url == "/guide-de-style/?vue=fiche"


def test_nobody_is_sent_to_another_site_after_signing_in(somebody: Make) -> None:
    alix = somebody()
    typed = {"login": alix.account.email, "password": alix.password, "next": "https://ailleurs.example/"}
    alix.browser.post("/compte/connexion/", typed)
    assert alix.type_code().url == "/"
