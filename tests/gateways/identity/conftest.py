"""Who signs in with which provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from gruppetto.kernel.access.models import Account, ProviderIdentity
from gruppetto.kernel.journal.models import Body, Entry
from tests.support.actors import Staff, staff
from tests.support.codes import new_secret
from tests.support.database import as_owner
from tests.support.oidc import Liar, client, described, liars, real_provider

CLIENTS = (
    client("plain"),
    client("other"),
    client("signed", userinfo_signed_response_alg="RS256"),
    client("header", token_endpoint_auth_method="client_secret_basic"),
)


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """A real provider, where the house is known under several names."""
    with real_provider(*CLIENTS) as address:
        yield address


@pytest.fixture(autouse=True)
def nothing_remembered_of_providers(db: None) -> None:
    """Doors and keys are kept an hour: each test asks again."""
    cache.clear()


@pytest.fixture
def plain(issuer: str, settings: Any) -> str:
    """The house offers one provider, as simple as can be; its address."""
    settings.GRUPPETTO_OIDC = described("plain", issuer)
    return issuer


@pytest.fixture(scope="session")
def another_liar() -> Iterator[Callable[[], Liar]]:
    """Providers that lie, a new one for each test."""
    with liars() as another:
        yield another


@pytest.fixture
def dishonest(another_liar: Callable[[], Liar], settings: Any) -> Liar:
    """The house offers a provider that lies."""
    one = another_liar()
    settings.GRUPPETTO_OIDC = described("liar", one.issuer)
    return one


@pytest.fixture
def alice(db: None) -> Staff:
    """alice@example.test, with a second factor of her own."""
    one = staff("Alice", "agent")
    protect(one.account)
    return one


def protect(account: Account) -> str:
    """Give an account a second factor; its secret."""
    secret = new_secret()
    with as_owner():
        TOTP.activate(account, secret)
    return secret


def alices(**more: Any) -> dict[str, Any]:
    """What Alice's organisation says of her."""
    return {"sub": "a-1", "email": "alice@example.test", "email_verified": True, **more}


def bound() -> set[tuple[str, str]]:
    """(subject, e-mail of the account) of each identity bound."""
    with as_owner():
        return set(ProviderIdentity.objects.values_list("subject", "account__email"))


def journal(verb: str) -> list[dict[str, Any]]:
    """The bodies of what was written."""
    with as_owner():
        found = Entry.objects.filter(verb=verb).order_by("id").values_list("id", flat=True)
        return [json.loads(Body.objects.get(pk=one).data) for one in found]


def said(browser: Client) -> str:
    """What the sign-in page says."""
    page = browser.get("/compte/connexion/").content.decode()
    return page.replace("\u00a0", " ")
