"""A provider that lies, breaks or is gone: nobody comes in by it, everybody is told, passwords still serve."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.test import Client

from gruppetto.gateways.identity.journey import PLACE
from gruppetto.kernel.clock import now
from tests.gateways.identity.conftest import alices, bound, journal, said
from tests.support.actors import Staff
from tests.support.oidc import SECRET, Liar, described, of, public

pytestmark = pytest.mark.django_db

START, BACK = "/compte/connexion/avec/liar/", "/compte/connexion/avec/liar/retour/"
STRANGER = rsa.generate_private_key(65537, 2048)
CODE, SIGN_IN = "/compte/connexion/code/", "/compte/connexion/"
VOUCHED = {"email": "alice@example.test", "email_verified": True}


def begin(browser: Any) -> tuple[str, str]:
    """Press the button: the state and the nonce."""
    asked = of(browser.get(START)["Location"])
    return asked["state"], asked["nonce"]


def answered(browser: Any, state: str, **more: str) -> Any:
    """Back from the provider."""
    return browser.get(BACK, {"code": "c", "state": state, **more})


def give(one: Liar, token: Any) -> None:
    """What it gives for the next code."""
    one.tokens = {"access_token": "a", "token_type": "Bearer", "id_token": token}


def come_in(browser: Any, one: Liar, **claims: Any) -> Any:
    """The whole way with a well signed id_token that says ``claims`` besides."""
    state, nonce = begin(browser)
    give(one, one.sign(one.claims(nonce, **VOUCHED) | claims))
    return answered(browser, state)


def test_a_sound_answer_opens_and_our_secret_went_to_the_right_door(
    dishonest: Liar, alice: Staff, client: Any
) -> None:
    dishonest.doors["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert come_in(client, dishonest).url == CODE
    (form,) = dishonest.asked
    assert (form["grant_type"], form["client_secret"], form["authorization"]) == (
        "authorization_code",
        SECRET,
        "",
    )
    assert len(form["code_verifier"]) >= 43


def test_a_provider_that_says_nothing_of_it_gets_the_secret_in_the_header(
    dishonest: Liar, alice: Staff, client: Any
) -> None:
    assert come_in(client, dishonest).url == CODE
    (form,) = dishonest.asked
    assert form["authorization"] == "Basic " + base64.b64encode(f"gruppetto-liar:{SECRET}".encode()).decode()
    assert "client_secret" not in form


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": ["gruppetto-liar", "another-client"]},
        {"azp": "another-client"},
        {"iss": "https://elsewhere.test"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nonce": "of-another-journey"},
        {"nonce": None},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 256},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_here_and_now_is_refused(
    dishonest: Liar, alice: Staff, client: Any, claims: dict[str, Any]
) -> None:
    state, nonce = begin(client)
    said_of_her = dishonest.claims(nonce, **VOUCHED) | claims
    give(dishonest, dishonest.sign({word: value for word, value in said_of_her.items() if value is not None}))
    assert answered(client, state).url == SIGN_IN
    assert "n’est pas sûre : la connexion est refusée" in said(client)
    assert journal("session.refused") == [{"provider": "liar", "code": "answer-not-sound"}]
    assert bound() == set()


def forged(one: Liar, claims: dict[str, Any], how: str) -> Any:
    """The same claims, not signed by the provider."""
    pem = one.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "kid": "one"}, claims)
    )
    match how:
        case "none":
            return f"{header}.{body}."
        case "our secret":
            return jwt.encode(claims, SECRET, "HS256", headers={"kid": "one"})
        case "public key as a secret":
            signed = jwt.api_jws.PyJWS()
            signed._algorithms["HS256"].prepare_key = lambda key: key  # type: ignore[method-assign]
            return signed.encode(json.dumps(claims).encode(), pem, "HS256", headers={"kid": "one"})
        case "a stranger's key":
            return jwt.encode(claims, STRANGER, "RS256", headers={"kid": "one"})
        case "a key of its own":
            jwk = public(STRANGER.public_key(), "mine")
            return jwt.encode(claims, STRANGER, "RS256", headers={"kid": "mine", "jwk": jwk})
        case "another kind":
            curve = ec.generate_private_key(ec.SECP256R1())
            return jwt.encode(claims, curve, "ES256", headers={"kid": "one"})
        case "altered":
            first, _middle, last = one.sign(claims).split(".")
            return f"{first}.{body.replace('a', 'b', 1)}.{last}"
        case "not text":
            return {"sub": "42"}
        case "missing":
            return None
    return "not a token"


@pytest.mark.parametrize(
    "how",
    [
        "none",
        "our secret",
        "public key as a secret",
        "a stranger's key",
        "a key of its own",
        "another kind",
        "altered",
        "not text",
        "missing",
        "rubbish",
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    dishonest: Liar, alice: Staff, client: Any, how: str
) -> None:
    state, nonce = begin(client)
    give(dishonest, forged(dishonest, dishonest.claims(nonce, **VOUCHED), how))
    assert answered(client, state).url == SIGN_IN
    assert "n’est pas sûre" in said(client)
    assert bound() == set()


def test_an_answer_that_has_served_is_not_carried_to_the_provider_again(
    dishonest: Liar, alice: Staff, client: Any
) -> None:
    state, nonce = begin(client)
    give(dishonest, dishonest.sign(dishonest.claims(nonce, **VOUCHED)))
    before = client.session[PLACE]
    assert answered(client, state).url == CODE
    # Twice at the same moment: the second reads the session as it was.
    page = client.session
    page[PLACE] = before
    page.save()
    assert answered(client, state).url == SIGN_IN
    # Later: the session alone remembers.
    cache.clear()
    assert answered(client, state).url == SIGN_IN
    assert len(dishonest.asked) == 1


def test_an_answer_for_one_provider_is_not_carried_to_another(
    plain: str, another_liar: Callable[[], Liar], client: Any, settings: Any
) -> None:
    one = another_liar()
    both = {**settings.GRUPPETTO_OIDC, **described("liar", one.issuer), "GRUPPETTO_OIDC": "plain,liar"}
    settings.GRUPPETTO_OIDC = both
    state = of(client.get("/compte/connexion/avec/plain/")["Location"])["state"]
    assert answered(client, state).url == SIGN_IN
    assert "a expiré ou a déjà servi" in said(client)
    assert one.asked == []


def test_keys_that_changed_are_asked_for_again_but_not_for_each_invented_one(
    dishonest: Liar, alice: Staff, client: Any, monkeypatch: Any
) -> None:
    come_in(client, dishonest)
    dishonest.key = STRANGER
    dishonest.keys = [public(STRANGER.public_key(), "two")]
    later = now() + timedelta(seconds=61)
    for minute, name, way, asked in (
        ("this", "two", SIGN_IN, 1),
        ("next", "two", CODE, 2),
        ("next", "invented", SIGN_IN, 2),
    ):
        if minute == "next":
            monkeypatch.setattr("gruppetto.gateways.identity.discovery.now", lambda: later)
        browser: Any = Client()
        state, nonce = begin(browser)
        give(dishonest, dishonest.sign(dishonest.claims(nonce), kid=name))
        assert answered(browser, state).url == way
        assert dishonest.paths.count("/keys") == asked


def test_a_level_too_low_is_refused_with_what_to_do(
    dishonest: Liar, alice: Staff, client: Any, settings: Any
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_LIAR_ACR": "high higher"}
    for claims in ({}, {"acr": "low"}):
        assert come_in(client, dishonest, **claims).url == SIGN_IN
        assert "votre deuxième preuve" in said(client)
    assert come_in(client, dishonest, acr="higher").url == CODE


@pytest.mark.parametrize(
    "userinfo", [{"sub": "43", **VOUCHED}, VOUCHED, {"sub": "42"}, "signed", "elsewhere"]
)
def test_what_the_userinfo_says_counts_only_about_the_same_person(
    dishonest: Liar, alice: Staff, client: Any, userinfo: Any
) -> None:
    state, nonce = begin(client)
    give(dishonest, dishonest.sign(dishonest.claims(nonce)))
    about = {"iss": dishonest.issuer, "aud": "gruppetto-liar", "sub": "43", **VOUCHED}
    signed = {"signed": about, "elsewhere": about | {"sub": "42", "aud": "another-client"}}
    dishonest.userinfo = dishonest.sign(signed[userinfo]) if isinstance(userinfo, str) else userinfo
    assert answered(client, state).url == SIGN_IN
    assert bound() == set()


def test_an_error_of_the_provider_is_told_in_our_words_never_in_its_own(dishonest: Liar, client: Any) -> None:
    for problem, words in (
        ("access_denied", "a été arrêtée là-bas"),
        ("server_error", "refuse notre demande"),
    ):
        state, _nonce = begin(client)
        answer = client.get(
            BACK, {"error": problem, "error_description": "<b>Appelez le 08</b>", "state": state}
        )
        assert answer.url == SIGN_IN
        page = said(client)
        assert words in page
        assert "Appelez" not in page


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (400, {"error": "invalid_grant"}, "a expiré ou a déjà servi"),
        (401, {"error": "invalid_client"}, "refuse notre demande"),
        (500, {}, "ne répond pas"),
        (200, [], "ne répond pas"),
        (302, {}, "ne répond pas"),
    ],
)
def test_a_code_that_gives_no_token_is_told_by_its_cause(
    dishonest: Liar, alice: Staff, client: Any, status: int, answer: Any, words: str
) -> None:
    state, _nonce = begin(client)
    dishonest.status, dishonest.tokens = status, answer
    assert answered(client, state).url == SIGN_IN
    assert words in said(client)


@pytest.mark.parametrize(
    "doors",
    [
        {"issuer": "https://elsewhere.test"},
        {"token_endpoint": "http://elsewhere.test/tokens"},
        {"authorization_endpoint": None},
        {"jwks_uri": "javascript:alert(1)"},
        {"end_session_endpoint": "http://elsewhere.test/"},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(
    dishonest: Liar, client: Any, doors: dict[str, Any]
) -> None:
    dishonest.doors |= doors
    assert client.get(START).url == SIGN_IN
    assert "« Chez liar » ne répond pas" in said(client)


def test_while_the_provider_is_gone_a_password_still_opens(
    dishonest: Liar, alice: Staff, client: Any, settings: Any
) -> None:
    settings.GRUPPETTO_OIDC |= {"GRUPPETTO_OIDC_LIAR_ISSUER": "http://127.0.0.1:9"}
    assert client.get(START).url == SIGN_IN
    page = said(client)
    assert "connectez-vous avec votre courriel et votre mot de passe" in page
    assert 'name="password"' in page


def test_words_of_the_log_name_nobody(
    dishonest: Liar, alice: Staff, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    state, nonce = begin(client)
    give(dishonest, dishonest.sign(dishonest.claims(nonce, **alices(), aud="another-client")))
    answered(client, state)
    assert "answer refused: InvalidAudienceError" in caplog.text
    assert "alice" not in caplog.text
