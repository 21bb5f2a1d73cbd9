"""What is not opened is closed: pages without a rule, pages of another role, pages of libraries that we do not use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.urls import NoReverseMatch, reverse

from tests.kernel.access.conftest import House, Somebody, new_browser

Make = Callable[..., Somebody]
pytestmark = pytest.mark.urls("tests.kernel.access.rooms")


def test_a_page_without_a_rule_is_closed_to_everybody(somebody: Make, house: House) -> None:
    for browser in (new_browser(), somebody("administrator").sign_in()):
        answer = browser.get("/oubliee/")
        assert answer.status_code == 403
        assert "Cette page est fermée." in answer.content.decode()


def test_a_page_of_another_role_is_closed_and_the_try_is_journaled(somebody: Make, house: House) -> None:
    alix = somebody("agent")
    browser = alix.sign_in()
    answer = browser.get("/reservee/")
    assert answer.status_code == 403
    assert "Votre rôle ne permet pas d’ouvrir cette page." in answer.content.decode()
    query = (
        "SELECT b.data FROM journal_entry e JOIN journal_body b ON b.entry_id = e.id"
        " WHERE e.kind = 'refusal' AND e.account_id = %s"
    )
    assert house.rows(query, alix.account.pk) == [
        ('{"code":"ability-missing","facts":{"ability":"administer"}}',)
    ]
    assert somebody("administrator").sign_in().get("/reservee/").content == b"1"


def test_a_role_nobody_declared_opens_nothing(somebody: Make) -> None:
    browser = somebody("stranger").sign_in()
    assert browser.get("/reservee/").status_code == 403


def test_a_pane_gets_the_words_alone(somebody: Make) -> None:
    answer = somebody().sign_in().get("/reservee/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "Votre rôle ne permet pas" in page


def test_signing_up_and_passwords_by_courriel_have_no_address() -> None:
    for name in (
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "mfa_trust",
        "mfa_signup_webauthn",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("signup/", "email/", "password/reset/", "login/code/", "inscription/", ""):
        assert new_browser().get(f"/compte/{path}").status_code == 404


def test_pages_of_a_session_are_never_kept_by_the_browser(somebody: Make) -> None:
    answer = somebody().sign_in().get("/compte/sessions/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_the_database_the_page_says_what_is_kept_and_when_to_come_back(
    somebody: Make, house: House
) -> None:
    browser = somebody().sign_in()
    connection.close()
    port = connection.settings_dict["PORT"]
    connection.settings_dict["PORT"] = "1"
    try:
        answer = browser.get("/compte/sessions/")
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "La plate-forme est en pause" in answer.content.decode()
    assert browser.get("/compte/sessions/").status_code == 200
