"""The administrator's desk: accounts by another's hand, a password shown once, the platform's health in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from gruppetto.desks.backoffice import health
from gruppetto.desks.backoffice.views.platform import ACTS
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.jobs.delays import Delay
from gruppetto.kernel.journal.models import Entry
from tests.service.conftest import Cast
from tests.support.actors import Staff
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db

LUC = {"name": "Luc Petit", "email": "luc@example.test", "role": "agent"}


def shown(page: Any) -> str:
    """The temporary password on a page."""
    found = re.search(r'spoken-code">([^<]+)<', page.content.decode())
    assert found
    return found[1]


def test_a_new_account_signs_in_once_with_what_was_shown_once(platform: Client) -> None:
    made = platform.post("/plateforme/comptes/nouveau/", LUC)
    assert made.status_code == 303
    password = shown(platform.get(made["Location"]))
    assert password not in platform.get(made["Location"]).content.decode()
    luc = Client()
    assert luc.post("/compte/connexion/", {"login": LUC["email"], "password": password}).status_code == 302
    for address in ("/", "/plate-forme/", "/compte/double-cle/application/"):
        assert luc.get(address)["Location"] == "/compte/mot-de-passe/"
    same = {"oldpassword": password, "password1": password, "password2": password}
    assert "différent" in luc.post("/compte/mot-de-passe/", same).content.decode()
    own = "Une-phrase-2-mon-choix"
    chosen = {"oldpassword": password, "password1": own, "password2": own}
    assert luc.post("/compte/mot-de-passe/", chosen)["Location"] == "/"
    assert luc.get("/")["Location"] == "/compte/double-cle/application/"
    with as_owner():
        assert Account.objects.get(email=LUC["email"]).temporary_until is None


def test_an_account_that_cannot_be_keeps_what_was_typed(platform: Client, cast: Cast) -> None:
    page = platform.post("/plateforme/comptes/nouveau/", {**LUC, "email": "alice@example.test"})
    assert page.status_code == 422
    assert page.context["form"]["name"].value() == "Luc Petit"
    assert "Un compte existe déjà avec ce courriel." in page.content.decode()


def test_an_account_is_stopped_with_a_reason_after_saying_whom_it_follows(
    platform: Client, cast: Cast
) -> None:
    address = f"/plateforme/comptes/{cast.alice.account.pk}/"
    assert cast.portfolio.name in platform.get(f"{address}fermer/").content.decode()
    refused = platform.post(f"{address}fermer/", {"why": ""})
    assert refused.status_code == 422
    assert platform.post(f"{address}fermer/", {"why": "a quitté la coopérative"}).status_code == 303
    assert "Rouvrir le compte" in platform.get(address).content.decode()
    assert platform.get(f"{address}fermer/").status_code == 404
    back = platform.post(f"{address}rouvrir/", {"why": "revient"})
    assert shown(platform.get(back["Location"]))


def test_each_act_is_done_and_journaled_with_its_reason(platform: Client, cast: Cast, dana: Staff) -> None:
    bob = cast.bob.account
    for code, more in (("role", {"role": "agent"}), ("mot-de-passe", {}), ("sessions", {})):
        done = platform.post(f"/plateforme/comptes/{bob.pk}/{code}/", {"why": "à sa demande", **more})
        assert done.status_code == 303, code
    with as_owner():
        told = Entry.objects.filter(account_id=dana.account.pk, subject_id=bob.pk)
        assert set(told.values_list("verb", flat=True)) == {
            "account.role_changed",
            "account.password_given",
            "account.sessions_closed",
        }


def test_the_second_factor_of_somebody_without_one_is_not_reset(platform: Client, cast: Cast) -> None:
    page = platform.post(
        f"/plateforme/comptes/{cast.bob.account.pk}/double-cle/", {"why": "reconnu à l’accueil"}
    )
    assert page.status_code == 422
    assert "pas encore de double clé" in page.content.decode()


def test_one_s_own_account_is_another_administrator_s(platform: Client, dana: Staff) -> None:
    page = platform.get(f"/plateforme/comptes/{dana.account.pk}/").content.decode()
    assert "C’est votre propre compte" in page
    refused = platform.post(f"/plateforme/comptes/{dana.account.pk}/fermer/", {"why": "essai"})
    assert refused.status_code == 422
    assert "demandez à un autre administrateur" in refused.content.decode()


def test_every_act_has_its_page(platform: Client, cast: Cast) -> None:
    for act in ACTS.values():
        expected = 200 if act.when(cast.bob.account) else 404
        assert platform.get(f"/plateforme/comptes/{cast.bob.account.pk}/{act.code}/").status_code == expected
    assert platform.get(f"/plateforme/comptes/{cast.bob.account.pk}/autre/").status_code == 404


def test_accounts_are_listed_with_their_state(platform: Client, cast: Cast) -> None:
    page = platform.get("/plateforme/")
    names = [row[0].value for row in page.context["rows"]]
    assert names == sorted(names)
    assert {"Alice", "Bob", "Charlie", "Sylvie", "Dana"} <= set(names)


def levels() -> dict[str, str]:
    return {one.subject: one.level for one in health.examine()}


def test_the_health_of_the_platform_is_said_in_plain_words(platform: Client) -> None:
    page = platform.get("/plateforme/sante/")
    said = {row[0]: row[2] for row in page.context["rows"]}
    assert said["Base de données"].startswith("PostgreSQL")
    assert said["Tables"] == "Toutes les mises à jour sont faites."
    assert said["Travaux échoués"] == "Aucun."
    assert "gruppetto doctor" not in page.content.decode()


def test_what_is_broken_comes_first_with_what_to_do(
    platform: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    told = (Delay("facts", 12, 95), Delay("jobs", 0, 0), Delay("cut", 1, 400), Delay("failed", 2, 60))
    late = {delay.what: delay for delay in told}
    monkeypatch.setattr(health, "delays", lambda: late)
    settings.GRUPPETTO_SERVICE_KEY = "short"
    settings.GRUPPETTO_FONTS_FOLDER = tmp_path
    settings.GRUPPETTO_CLAMD = ""
    settings.GRUPPETTO_SPOOL_FOLDER = tmp_path
    (tmp_path / "call.json").touch()
    page = platform.get("/plateforme/sante/")
    rows = {row[0]: row for row in page.context["rows"]}
    broken = [
        "Nouvelles à transmettre",
        "Travaux interrompus",
        "Travaux échoués",
        "Clé des services",
        "Lettres imprimées",
    ]
    assert list(rows)[: len(broken)] == broken
    assert page.context["faults"] == len(broken)
    assert "12 attendent, le plus ancien depuis 95 secondes." in rows["Nouvelles à transmettre"][2]
    assert all(rows[name][3] != "Rien" for name in (*broken, "Antivirus", "Appels gardés pendant une panne"))


def test_a_change_of_role_says_first_what_becomes_of_the_teams_led(platform: Client, cast: Cast) -> None:
    address = f"/plateforme/comptes/{cast.sylvie.account.pk}/role/"
    assert "personne d’autre ne la mène" in platform.get(address).content.decode()
    refused = platform.post(address, {"role": "agent", "why": "à sa demande"})
    assert refused.status_code == 422
    assert "nommez d’abord un autre responsable" in refused.content.decode()
