"""What the environment says of the providers: one that is not well described stays closed, and the doctor says why."""

from __future__ import annotations

from typing import Any

import pytest

from gruppetto.cli import doctor
from gruppetto.gateways.identity.providers import is_safe, read
from tests.gateways.identity.conftest import said
from tests.support.oidc import SECRET, Liar, described

ISSUER = "https://login.example.test/v2.0"


def told(environment: dict[str, str]) -> list[tuple[str, str, str]]:
    """What the doctor says of the providers."""
    return [(one.level, one.subject, one.sentence) for one in doctor.providers(environment)]


def test_no_provider_is_the_rule_and_no_fault() -> None:
    assert read({}) == ([], [])
    assert told({"GRUPPETTO_OIDC": " , "}) == []


def test_a_provider_is_read_as_it_is_described() -> None:
    more = {"ACR": "eidas1 eidas2", "SIGNED_USERINFO": "1", "SECOND_FACTOR": "amr=mfa hwk"}
    (one,), faults = read(described("proconnect", ISSUER, SCOPES="openid email uid", **more))
    assert not faults
    assert (one.code, one.name, one.issuer, one.scopes) == (
        "proconnect",
        "Chez proconnect",
        ISSUER,
        "openid email uid",
    )
    assert (one.acr, one.signed_userinfo, one.emails_verified) == (("eidas1", "eidas2"), True, False)
    assert one.second_factor == ("amr", frozenset({"mfa", "hwk"}))
    assert SECRET not in repr(one)


def test_several_are_offered_in_the_order_of_their_list() -> None:
    both = {**described("entra", ISSUER), **described("proconnect", "https://b.test")}
    found, _faults = read(both | {"GRUPPETTO_OIDC": "proconnect,entra"})
    assert [one.code for one in found] == ["proconnect", "entra"]


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"GRUPPETTO_OIDC": "Entra!"}, "GRUPPETTO_OIDC"),
        ({"GRUPPETTO_OIDC_ENTRA_CLIENT_SECRET": ""}, "GRUPPETTO_OIDC_ENTRA_CLIENT_SECRET"),
        ({"GRUPPETTO_OIDC_ENTRA_NAME": ""}, "GRUPPETTO_OIDC_ENTRA_NAME"),
        ({"GRUPPETTO_OIDC_ENTRA_ISSUER": "http://login.example.test"}, "GRUPPETTO_OIDC_ENTRA_ISSUER"),
        ({"GRUPPETTO_OIDC_ENTRA_ISSUER": "login.example.test"}, "GRUPPETTO_OIDC_ENTRA_ISSUER"),
        ({"GRUPPETTO_OIDC_ENTRA_ARC": "high"}, "GRUPPETTO_OIDC_ENTRA_ARC"),
        ({"GRUPPETTO_OIDC_ENTRA_EMAILS_VERIFIED": "yes"}, "GRUPPETTO_OIDC_ENTRA_EMAILS_VERIFIED"),
        ({"GRUPPETTO_OIDC_ENTRA_SCOPES": "email"}, "GRUPPETTO_OIDC_ENTRA_SCOPES"),
        ({"GRUPPETTO_OIDC_ENTRA_SECOND_FACTOR": "mfa"}, "GRUPPETTO_OIDC_ENTRA_SECOND_FACTOR"),
        ({"GRUPPETTO_OIDC_ENTRA_SECOND_FACTOR": "amr="}, "GRUPPETTO_OIDC_ENTRA_SECOND_FACTOR"),
        (
            {**described("two", ISSUER), "GRUPPETTO_OIDC": "entra,two"},
            "GRUPPETTO_OIDC_TWO_ISSUER",
        ),
    ],
)
def test_one_that_is_wrongly_described_stays_closed_and_the_doctor_names_the_setting(
    changed: dict[str, str], variable: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(doctor, "look_up", lambda provider: pytest.fail("nobody is asked"))
    environment = {**described("entra", ISSUER), **changed}
    found, faults = read(environment)
    assert [fault.variable for fault in faults] == [variable]
    if "TWO" in variable:
        assert [one.code for one in found] == ["entra"]
        return
    assert found == []
    ((level, subject, sentence),) = told(environment)
    assert (level, subject) == ("fault", variable)
    assert sentence.endswith("This provider is not offered.")


@pytest.mark.django_db
def test_a_provider_wrongly_described_has_neither_button_nor_door(client: Any, settings: Any) -> None:
    settings.GRUPPETTO_OIDC = described("entra", ISSUER, CLIENT_SECRET="")
    assert "Se connecter avec" not in said(client)
    assert client.get("/compte/connexion/avec/entra/").status_code == 404


def test_secrets_travel_by_tls_or_not_at_all() -> None:
    assert is_safe("https://a.test/x")
    assert is_safe("http://127.0.0.1:8080")
    assert not any(map(is_safe, ["http://a.test", "ftp://a.test", "https://", "//a.test", "", "a.test"]))


@pytest.mark.django_db
def test_the_doctor_asks_the_provider(dishonest: Liar, settings: Any) -> None:
    environment = dict(settings.GRUPPETTO_OIDC)
    assert told(environment)[0][0] == "advice"
    dishonest.doors["end_session_endpoint"] = dishonest.issuer + "/out"
    assert told(environment) == [("well", "identity provider liar", "reached, 1 key(s)")]
    believed = told(environment | {"GRUPPETTO_OIDC_LIAR_EMAILS_VERIFIED": "1"})
    assert believed[1][0] == "advice"
    dishonest.keys = [{"kty": "oct", "k": "c2VjcmV0"}]
    assert told(environment)[0][0] == "fault"
    gone = told(environment | {"GRUPPETTO_OIDC_LIAR_ISSUER": "http://127.0.0.1:9"})
    assert gone[0][0] == "fault"
    assert "only passwords open now" in gone[0][2]
    assert SECRET not in str(gone)
