"""Sessions end: by hand, elsewhere, after an hour of nothing, after ten hours whatever one does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.access import jobs, sessions
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import Unknown
from tests.kernel.access.conftest import House, Somebody, new_browser

Make = Callable[..., Somebody]
OVER = "Votre session est terminée."
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def is_in(browser: Any) -> bool:
    return browser.get("/compte/sessions/").status_code == 200


def let_pass(house: House, somebody: Somebody, columns: str, interval: str) -> None:
    changes = ", ".join(f"{column} = {column} - interval '{interval}'" for column in columns.split())
    house.change(f"UPDATE access_session SET {changes} WHERE account_id = %s", somebody.account.pk)


def test_signing_out_closes_the_key_not_only_the_page(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    key = browser.cookies["gruppetto_key"].value
    page = browser.cookies["gruppetto_page"].value
    assert browser.post("/compte/deconnexion/").url == "/compte/connexion/"
    assert sessions.account_of(key) is None
    thief = new_browser()
    thief.cookies["gruppetto_key"], thief.cookies["gruppetto_page"] = key, page
    assert not is_in(thief)
    assert alix.journal("session.closed") == 1


def test_ten_hours_end_a_session_even_a_busy_one(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    let_pass(house, alix, "opened_at until", "9 hours 59 minutes")
    assert is_in(browser)
    let_pass(house, alix, "until", "2 minutes")
    assert not is_in(browser)


def test_an_hour_of_nothing_ends_a_session_and_says_so(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    let_pass(house, alix, "seen_at", "59 minutes")
    assert is_in(browser)
    let_pass(house, alix, "seen_at", "59 minutes")
    assert is_in(browser)
    let_pass(house, alix, "seen_at", "61 minutes")
    answer = browser.get("/compte/sessions/")
    assert answer.url.startswith("/compte/connexion/?next=")
    assert OVER in browser.get(answer.url).content.decode()
    assert alix.journal("session.closed") == 0


def test_a_pane_that_reads_itself_again_is_nobody_at_the_keyboard(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    let_pass(house, alix, "seen_at", "59 minutes")
    assert browser.get("/compte/sessions/", headers={"X-Gruppetto-By-Itself": "1"}).status_code == 200
    let_pass(house, alix, "seen_at", "2 minutes")
    assert not is_in(browser)


def test_a_pane_of_a_session_that_is_over_sends_the_whole_page_to_sign_in(
    somebody: Make, house: House
) -> None:
    alix = somebody()
    browser = alix.sign_in()
    let_pass(house, alix, "until opened_at", "10 hours 1 minute")
    answer = browser.get("/compte/sessions/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/compte/connexion/")


def test_what_is_sent_after_the_end_is_not_done(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    other = new_browser()
    alix.type_password(browser=other)
    house.change("DELETE FROM access_cache")
    alix.type_code(browser=other)
    let_pass(house, alix, "seen_at", "61 minutes")
    assert browser.post("/compte/sessions/fermer/").status_code == 302
    assert alix.journal("session.revoked") == 0


def test_one_sees_where_one_is_signed_in_and_closes_the_rest(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    others = [new_browser(HTTP_USER_AGENT=FIREFOX), new_browser(HTTP_USER_AGENT=EDGE)]
    for other in others:
        house.change("DELETE FROM access_cache")
        alix.type_password(browser=other)
        alix.type_code(browser=other)
    page = browser.get("/compte/sessions/").content.decode()
    assert page.count("Cette session") == 1
    assert "Firefox, Windows" in page
    assert "Edge, Linux" in page
    with acting(Actor.session(browser.cookies["gruppetto_key"].value, alix.account.pk, "agent")):
        ours = {session.device: session for session in sessions.mine()}
    assert ours[""].this
    browser.post(f"/compte/sessions/{ours['Firefox, Windows'].id}/fermer/")
    assert [is_in(other) for other in others] == [False, True]
    assert browser.post(f"/compte/sessions/{ours['Firefox, Windows'].id}/fermer/").status_code == 404
    browser.post("/compte/sessions/fermer/")
    assert [is_in(other) for other in (*others, browser)] == [False, False, True]
    assert alix.journal("session.revoked") == 2


def test_nobody_sees_nor_closes_the_sessions_of_another(somebody: Make, house: House) -> None:
    alix, sacha = somebody(), somebody()
    alix_in, sacha_in = alix.sign_in(), sacha.sign_in()
    (row,) = house.rows("SELECT id FROM access_session WHERE account_id = %s", alix.account.pk)
    with acting(Actor.session(sacha_in.cookies["gruppetto_key"].value, sacha.account.pk, "agent")):
        assert [session.this for session in sessions.mine()] == [True]
        for theirs in (row[0], uuid4()):
            with pytest.raises(Unknown):
                sessions.revoke(theirs)
    assert is_in(alix_in)


def test_the_key_of_one_with_the_page_of_another_opens_nothing(somebody: Make) -> None:
    alix, sacha = somebody().sign_in(), somebody().sign_in()
    alix.cookies["gruppetto_key"] = sacha.cookies["gruppetto_key"].value
    assert not is_in(alix)


def test_a_stopped_account_is_out_at_once(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    house.change("UPDATE access_account SET is_active = false WHERE id = %s", alix.account.pk)
    assert not is_in(browser)


def test_signing_in_again_in_the_same_browser_closes_the_first_session(somebody: Make) -> None:
    alix, sacha = somebody(), somebody()
    browser = alix.sign_in()
    old = browser.cookies["gruppetto_key"].value
    browser.cookies.pop("gruppetto_page")
    sacha.browser = browser
    sacha.sign_in()
    assert sessions.account_of(old) is None
    assert sessions.account_of(browser.cookies["gruppetto_key"].value) == sacha.account.pk


def test_what_is_over_is_removed_each_night_and_nothing_else(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    new_browser().post("/compte/connexion/", {"login": "jeanne.roux@example.test", "password": "faux"})
    house.change("UPDATE axes_accessattempt SET attempt_time = attempt_time - interval '25 hours'")
    house.change(
        "INSERT INTO access_session (id, key_hash, account_id, opened_at, until)"
        " SELECT gen_random_uuid(), '\\x00', id, now() - interval '400 days', now() - interval '399 days'"
        " FROM access_account WHERE id = %s",
        alix.account.pk,
    )
    house.change(
        "INSERT INTO django_session VALUES ('old', '', now() - interval '1 day');"
        " INSERT INTO access_cache VALUES ('old', '', now() - interval '1 day')"
    )
    with house.working():
        jobs.remove_what_is_over()
    assert house.rows("SELECT min(opened_at) > now() - interval '1 day' FROM access_session") == [(True,)]
    for table in (
        "axes_accessattempt",
        "django_session WHERE session_key = 'old'",
        "access_cache WHERE value = ''",
    ):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert is_in(browser)


def test_only_the_worker_forgets_sessions(house: House) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT access.forget_sessions(0)")


def test_a_page_of_an_older_password_is_over(somebody: Make, house: House) -> None:
    alix = somebody()
    browser = alix.sign_in()
    key = browser.cookies["gruppetto_key"].value
    house.change("UPDATE access_account SET password = 'another' WHERE id = %s", alix.account.pk)
    assert not is_in(browser)
    assert sessions.account_of(key) is None


def test_a_role_taken_away_is_gone_at_the_next_page(somebody: Make, house: House) -> None:
    sylvie = somebody("supervisor")
    browser = sylvie.sign_in()
    assert browser.get("/responsable/").status_code == 200
    house.change("UPDATE access_account SET role = 'agent' WHERE id = %s", sylvie.account.pk)
    assert browser.get("/responsable/").status_code == 403


def test_a_signed_in_page_costs_two_queries_of_its_own(somebody: Make) -> None:
    """The page's session; the key, which says who acts; then the page's own (here, one)."""
    browser = somebody().sign_in()
    with CaptureQueriesContext(connection) as queries:
        assert is_in(browser)
    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert len(asked) == 3, asked
    assert len(queries) - len(asked) == 2, "BEGIN and COMMIT"
