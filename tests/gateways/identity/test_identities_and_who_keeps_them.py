"""Which identity opens which account: said once, by an administrator or the first sign-in; held by the database too."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from gruppetto.kernel.access import identities
from gruppetto.kernel.access.models import ProviderIdentity
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.registry.staff import verbs
from tests.gateways.identity.conftest import alices, bound, journal
from tests.support.actors import Staff, staff
from tests.support.database import as_owner
from tests.support.oidc import Visitor

pytestmark = pytest.mark.django_db
ISSUER = "https://idp.example.test"
START, CODE = "/compte/connexion/avec/plain/", "/compte/connexion/code/"


@pytest.fixture
def dana(db: None) -> Staff:
    """The administrator."""
    return staff("Dana", "administrator")


def test_an_administrator_binds_whatever_the_e_mail_and_takes_it_back(
    plain: str, alice: Staff, dana: Staff
) -> None:
    desk, address = dana.client(), f"/plateforme/comptes/{alice.account.pk}/"
    assert "Relier à un fournisseur d’identité" in desk.get(address).content.decode()
    asked = {"issuer": plain, "subject": " a-9 ", "why": "vu avec le service informatique"}
    assert desk.post(f"{address}relier/", asked).status_code == 303
    assert bound() == {("a-9", "alice@example.test")}
    page = desk.get(address).content.decode().replace("\u00a0", " ")
    assert "Chez plain, identifiant « a-9 »" in page
    assert "par un administrateur" in page
    browser: Any = Client()
    who = alices(sub="a-9", email="somebody@else.test", email_verified=False)
    assert browser.get(Visitor().visit(browser.get(START)["Location"], **who)).url == CODE
    removed = desk.post(f"{address}delier/", {"issuer": plain, "why": "s’est trompé"})
    assert removed.status_code == 303
    assert bound() == set()
    assert desk.get(f"{address}delier/").status_code == 404
    assert [body["why"] for body in journal("account.identity_bound")] == ["vu avec le service informatique"]
    assert [body["issuer"] for body in journal("account.identity_removed")] == [plain]


def test_without_a_provider_nothing_is_proposed(settings: Any, alice: Staff, dana: Staff) -> None:
    settings.GRUPPETTO_OIDC = {}
    address = f"/plateforme/comptes/{alice.account.pk}/"
    assert "fournisseur d’identité" not in dana.client().get(address).content.decode()
    assert dana.client().get(f"{address}relier/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"issuer": "https://elsewhere.test"}, "issuer"),
        ({"subject": "  "}, "subject"),
        ({"why": ""}, "why"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    plain: str, alice: Staff, dana: Staff, asked: dict[str, str], field: str
) -> None:
    whole = {"issuer": plain, "subject": "a-9", "why": "arrive", **asked}
    answer = dana.client().post(f"/plateforme/comptes/{alice.account.pk}/relier/", whole)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert bound() == set()


def test_an_identity_opens_one_account_and_an_account_has_one_at_each_provider(
    alice: Staff, dana: Staff
) -> None:
    bob = staff("Bob", "agent")
    with acting(dana.actor):
        verbs.bind_identity(alice.account.pk, ISSUER, "a-1", "arrive")
        verbs.bind_identity(alice.account.pk, "https://other.test", "a-1", "arrive")
    for account, subject, rule in (
        (bob, "a-1", "an-identity-opens-one-account"),
        (alice, "a-2", "an-account-has-one-identity-per-provider"),
    ):
        with pytest.raises(Refused) as refused, acting(dana.actor):
            verbs.bind_identity(account.account.pk, ISSUER, subject, "arrive")
        assert refused.value.code == rule
    with pytest.raises(Refused) as refused, acting(dana.actor):
        verbs.remove_identity(bob.account.pk, ISSUER, "part")
    assert refused.value.code == "no-identity"


def test_taking_an_identity_away_closes_the_sessions_of_the_account(alice: Staff, dana: Staff) -> None:
    with acting(dana.actor):
        verbs.bind_identity(alice.account.pk, ISSUER, "a-1", "arrive")
        verbs.remove_identity(alice.account.pk, ISSUER, "téléphone volé")
    assert journal("account.identity_removed")[0]["sessions"] == 1


def test_nobody_binds_for_themselves_nor_without_being_an_administrator(alice: Staff, dana: Staff) -> None:
    with pytest.raises(Refused) as refused, acting(dana.actor):
        verbs.bind_identity(dana.account.pk, ISSUER, "d-1", "pour moi")
    assert refused.value.code == "own-account"
    with pytest.raises(NotYours), acting(alice.actor):
        verbs.bind_identity(dana.account.pk, ISSUER, "a-1", "pour lui")


@pytest.mark.parametrize("who", ["visitor", "agent", "administrator"])
def test_the_database_says_it_last(alice: Staff, dana: Staff, who: str) -> None:
    actor = {"visitor": Actor.visitor("sign-in"), "agent": alice.actor, "administrator": dana.actor}[who]
    for account in (alice, dana):
        row = ProviderIdentity(issuer=ISSUER, subject=account.account.email, account=account.account)
        allowed = who == "administrator" and account is alice
        with acting(actor):
            if allowed:
                row.save()
            else:
                with pytest.raises(DatabaseError), transaction.atomic():
                    row.save()
    with as_owner():
        kept = ProviderIdentity.objects.create(issuer=ISSUER, subject="d-1", account=dana.account)
    with acting(actor), pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
    with acting(actor), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_provideridentity SET account_id = %s", [alice.account.pk])


def test_a_visitor_binds_only_an_open_human_account_that_has_none_yet(alice: Staff) -> None:
    visitor = Actor.visitor("sign-in")
    for email, code in (("nobody@example.test", "no-account"), (None, "email-not-vouched-for")):
        with pytest.raises(Refused) as refused, acting(visitor):
            identities.bind_at_first_sign_in(ISSUER, "x", email)
        assert refused.value.code == code
    with acting(visitor):
        assert identities.bind_at_first_sign_in(ISSUER, "a-1", "ALICE@example.test") == alice.account
    with pytest.raises(Refused) as refused, acting(visitor):
        identities.bind_at_first_sign_in(ISSUER, "a-2", "alice@example.test")
    assert refused.value.code == "account-has-another-identity"
    bob = staff("Bob", "agent")
    with pytest.raises(Refused) as refused, acting(visitor):
        identities.bind_at_first_sign_in(ISSUER, "a-1", bob.account.email)
    assert refused.value.code == "an-identity-opens-one-account"
