"""Signing in with a real identity provider: the same door as a password, never a new account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import now
from tests.gateways.identity.conftest import alices, bound, journal, protect, said
from tests.support.actors import Staff, staff
from tests.support.codes import code
from tests.support.database import as_owner
from tests.support.oidc import Visitor, described, of

pytestmark = pytest.mark.django_db

START, BACK = "/compte/connexion/avec/plain/", "/compte/connexion/avec/plain/retour/"
CODE = "/compte/connexion/code/"


def go(browser: Any, visitor: Visitor, start: str = START, **who: Any) -> str:
    """Press the button, say who one is, come back: the address of the way back, not opened yet."""
    return visitor.visit(browser.get(start)["Location"], **who)


def come_in(browser: Any, start: str = START, **who: Any) -> Any:
    """The whole way; the house's answer."""
    return browser.get(go(browser, Visitor(), start, **who))


def test_without_a_provider_there_is_no_button_and_no_door(settings: Any, client: Any) -> None:
    settings.GRUPPETTO_OIDC = {}
    assert "Se connecter avec" not in said(client)
    assert [client.get(address).status_code for address in (START, BACK)] == [404, 404]


def test_the_button_leads_to_the_provider_with_all_that_its_answer_must_prove(
    plain: str, client: Any
) -> None:
    page = said(client)
    assert "Se connecter avec Chez plain" in page
    assert f'href="{START}"' in page
    asked = of(client.get(START)["Location"])
    assert (asked["response_type"], asked["scope"]) == ("code", "openid email")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert min(len(asked[word]) for word in ("state", "nonce", "code_challenge")) >= 43
    again = of(client.get(START)["Location"])
    assert not {asked[word] for word in ("state", "nonce", "code_challenge")} & set(again.values())


def test_the_first_sign_in_binds_by_the_e_mail_and_our_second_factor_is_still_asked(
    plain: str, client: Any
) -> None:
    alice = staff("Alice", "agent")
    secret = protect(alice.account)
    assert come_in(client, **alices()).url == CODE
    assert client.get("/compte/sessions/").url.startswith("/compte/connexion/")
    assert client.post(CODE, {"code": code(secret)}).url == "/"
    assert client.get("/compte/sessions/").status_code == 200
    assert bound() == {("a-1", "alice@example.test")}
    assert journal("account.identity_bound") == [{"issuer": plain}]
    assert journal("session.opened") == [{"provider": "plain"}]


def test_afterwards_the_subject_alone_counts_whatever_the_e_mail_becomes(
    plain: str, alice: Staff, client: Any
) -> None:
    bob = staff("Bob", "supervisor")
    come_in(client, **alices())
    come_in(Client(), **alices(email=bob.account.email))
    come_in(Client(), **alices(email="alix@elsewhere.test", email_verified=False))
    assert bound() == {("a-1", "alice@example.test")}
    # Her address, given to somebody else at the provider, opens nothing.
    newcomer: Any = Client()
    assert come_in(newcomer, **alices(sub="n-7")).url == "/compte/connexion/"
    assert "déjà relié à une autre identité" in said(newcomer)
    assert bound() == {("a-1", "alice@example.test")}


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"email": "inconnue@example.test"}, "Aucun compte n’a le courriel"),
        ({"email_verified": False}, "ne garantit pas votre courriel"),
        ({"email_verified": "true"}, "ne garantit pas votre courriel"),
        ({"email": None}, "ne garantit pas votre courriel"),
        # U+212A, the kelvin sign, becomes a k in small letters.
        ({"email": "\u212aarim@example.test"}, "ne garantit pas votre courriel"),
        ({"leaves": True}, "a été arrêtée là-bas"),
    ],
)
def test_who_is_not_ours_is_told_why_and_what_to_do_and_makes_no_account(
    plain: str, alice: Staff, client: Any, who: dict[str, Any], words: str
) -> None:
    staff("Karim", "administrator")
    with as_owner():
        before = Account.objects.count()
    assert come_in(client, **alices(**who)).url == "/compte/connexion/"
    page = said(client)
    assert words in page
    assert "administrateur" in page or "mot de passe" in page
    with as_owner():
        assert Account.objects.count() == before
    assert bound() == set()
    assert len(journal("session.refused")) == 1


def test_a_closed_account_is_refused_bound_or_not(plain: str, alice: Staff, client: Any) -> None:
    for first in (True, False):
        with as_owner():
            Account.objects.filter(pk=alice.account.pk).update(is_active=False)
        browser: Any = Client()
        assert come_in(browser, **alices()).url == "/compte/connexion/"
        assert "Votre compte est fermé" in said(browser)
        assert bound() == (set() if first else {("a-1", "alice@example.test")})
        with as_owner():
            Account.objects.filter(pk=alice.account.pk).update(is_active=True)
        assert come_in(Client(), **alices()).url == CODE


def test_the_pause_after_five_failures_holds_here_too(plain: str, alice: Staff, client: Any) -> None:
    for _each in range(5):
        Client().post("/compte/connexion/", {"login": alice.account.email, "password": "faux"})
    assert come_in(client, **alices()).url == "/compte/connexion/"
    assert "attendez un quart d’heure" in said(client)


def test_a_temporary_password_that_is_over_does_not_close_the_provider_s_door(
    plain: str, client: Any, settings: Any
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_PLAIN_SECOND_FACTOR": "amr=mfa"}
    nadia = staff("Nadia", "agent")
    with as_owner():
        Account.objects.filter(pk=nadia.account.pk).update(temporary_until=now() - timedelta(days=1))
    who: dict[str, Any] = {
        "sub": "n-1",
        "email": "nadia@example.test",
        "email_verified": True,
        "amr": ["mfa"],
    }
    assert come_in(client, **who).url == "/"
    assert client.get("/compte/sessions/").status_code == 200


def test_who_has_no_second_factor_sets_one_up_without_a_password(plain: str, client: Any) -> None:
    staff("Nadia", "agent")
    assert come_in(client, sub="n-1", email="nadia@example.test", email_verified=True).url == "/"
    assert client.get("/").url == "/compte/double-cle/application/"
    assert client.get("/compte/double-cle/application/").status_code == 200


@pytest.mark.parametrize(
    ("setting", "levels", "counts"),
    [
        ("", {"amr": ["mfa"], "acr": "high"}, False),
        ("amr=mfa", {"amr": ["pwd", "mfa"]}, True),
        ("amr=mfa", {"amr": ["pwd"]}, False),
        ("amr=mfa", {}, False),
        ("acr=high", {"acr": "high"}, True),
        ("acr=high", {"acr": "low"}, False),
    ],
)
def test_the_provider_s_second_factor_counts_only_when_we_said_so_and_it_says_so(
    plain: str,
    alice: Staff,
    client: Any,
    settings: Any,
    setting: str,
    levels: dict[str, Any],
    counts: bool,
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_PLAIN_SECOND_FACTOR": setting}
    answer = come_in(client, **alices(**levels))
    assert answer.url == ("/" if counts else CODE)
    assert (client.get("/compte/sessions/").status_code == 200) is counts


def test_a_level_that_is_required_is_asked_for(plain: str, alice: Staff, client: Any, settings: Any) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_PLAIN_ACR": "high"}
    assert '"values": ["high"]' in of(client.get(START)["Location"])["claims"]
    assert come_in(client, **alices(acr="high")).url == CODE


@pytest.mark.parametrize("name", ["signed", "header"])
def test_a_signed_userinfo_and_a_secret_in_the_header_do_as_well(
    issuer: str, alice: Staff, client: Any, settings: Any, name: str
) -> None:
    more = {"SIGNED_USERINFO": "1"} if name == "signed" else {}
    settings.GRUPPETTO_OIDC = described(name, issuer, **more)
    assert come_in(client, f"/compte/connexion/avec/{name}/", **alices()).url == CODE


def test_a_userinfo_that_should_be_signed_and_is_not_proves_nothing(
    plain: str, alice: Staff, client: Any, settings: Any
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_PLAIN_SIGNED_USERINFO": "1"}
    assert come_in(client, **alices()).url == "/compte/connexion/"
    assert "n’est pas sûre" in said(client)
    assert bound() == set()


def test_an_organisation_that_vouches_for_all_its_e_mails_need_not_say_it_of_each(
    plain: str, alice: Staff, client: Any, settings: Any
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_PLAIN_EMAILS_VERIFIED": "1"}
    # What it says of this one wins.
    assert come_in(Client(), **alices(email_verified=False)).url == "/compte/connexion/"
    assert come_in(client, sub="a-1", email="Alice@Example.test").url == CODE


def test_an_answer_serves_once_and_in_the_browser_that_asked(plain: str, alice: Staff, client: Any) -> None:
    back = go(client, Visitor(), **alices())
    thief: Any = Client()
    assert thief.get(back).url == "/compte/connexion/"
    assert "a expiré ou a déjà servi" in said(thief)
    assert client.get(back).url == CODE
    assert "a expiré ou a déjà servi" in client.get(back, follow=True).content.decode()


def test_a_code_of_another_journey_opens_nothing(plain: str, alice: Staff, client: Any) -> None:
    """Her code, slipped into the attacker's own journey: the verifier and the nonce are not the same."""
    stolen = of(go(client, Visitor(), **alices()))["code"]
    attacker: Any = Client()
    state = of(attacker.get(START)["Location"])["state"]
    assert attacker.get(BACK, {"code": stolen, "state": state, "iss": plain}).url == "/compte/connexion/"
    assert "a expiré ou a déjà servi" in said(attacker)
    assert bound() == set()


def test_an_answer_for_one_provider_is_not_taken_for_another_s(
    plain: str, alice: Staff, client: Any, settings: Any
) -> None:
    another = described("other", "http://127.0.0.1:9/")
    settings.GRUPPETTO_OIDC = {**settings.GRUPPETTO_OIDC, **another, "GRUPPETTO_OIDC": "plain,other"}
    back = go(client, Visitor(), **alices())
    assert client.get(back.replace("/plain/", "/other/")).url == "/compte/connexion/"
    assert client.get(back).url == "/compte/connexion/", "the state has served"
    back = go(client, Visitor(), **alices())
    assert client.get(BACK, of(back) | {"iss": "https://elsewhere.test"}).url == "/compte/connexion/"
    back = go(client, Visitor(), **alices())
    assert client.get(BACK, {k: v for k, v in of(back).items() if k != "iss"}).url == "/compte/connexion/"
    assert bound() == set()


def test_ten_minutes_are_enough(plain: str, alice: Staff, client: Any, monkeypatch: Any) -> None:
    back = go(client, Visitor(), **alices())
    late = now() + timedelta(minutes=11)
    monkeypatch.setattr("gruppetto.gateways.identity.journey.now", lambda: late)
    assert client.get(back).url == "/compte/connexion/"
    assert "a expiré" in said(client)


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ("/guide-de-style/?vue=fiche", "/guide-de-style/?vue=fiche"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("/\\ailleurs.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_the_page_asked_for_is_shown_if_it_is_ours(
    plain: str, client: Any, asked: str, then: str
) -> None:
    secret = protect(staff("Alice", "agent").account)
    way = Visitor().visit(client.get(START, {"next": asked})["Location"], **alices())
    client.get(way)
    assert client.post(CODE, {"code": code(secret)}).url == then


def test_the_sign_in_page_hands_over_the_page_asked_for(plain: str, client: Any) -> None:
    page = client.get("/compte/connexion/", {"next": "/guide-de-style/?vue=fiche"}).content.decode()
    assert f'href="{START}?next=/guide-de-style/%3Fvue%3Dfiche"' in page


def test_signing_out_leads_on_to_the_provider_which_forgets_us_too(
    plain: str, client: Any, settings: Any
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_PLAIN_SECOND_FACTOR": "amr=mfa"}
    staff("Alice", "agent")
    there = Visitor()
    client.get(go(client, there, **alices(amr=["mfa"])))
    # Known there: no question the second time.
    Client().get(go(Client(), there, **alices()))
    assert there.asked == 1
    answer = client.post("/compte/deconnexion/")
    assert client.get("/compte/sessions/").status_code == 302
    assert "no-store" in answer["Cache-Control"]
    further = answer.context["further"]
    assert further.startswith(plain)
    assert f'content="0; url={further.replace("&", "&amp;")}"' in answer.content.decode()
    assert urlsplit(there.visit(further)).path == "/compte/connexion/"
    go(Client(), there, **alices())
    assert there.asked == 2


def test_after_somebody_who_may_not_come_in_the_provider_asks_who_it_is(
    plain: str, alice: Staff, client: Any
) -> None:
    there = Visitor()
    client.get(go(client, there, sub="x", email="x@example.test", email_verified=True))
    assert client.get(go(client, there, **alices())).url == CODE
    assert there.asked == 2


def test_who_is_signed_in_already_goes_on(plain: str) -> None:
    browser: Any = staff("Alice", "agent").client()
    assert browser.get(START, {"next": "/compte/sessions/"}).url == "/compte/sessions/"
    assert browser.get(BACK, {"code": "x", "state": "y"}).url == "/"


def test_these_doors_only_answer_to_reading(plain: str, client: Any) -> None:
    assert [client.post(address).status_code for address in (START, BACK)] == [405, 405]
