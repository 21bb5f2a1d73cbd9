"""Who may open which address of the back office, the auditor and the administrator: complete and exact."""

from __future__ import annotations

from uuid import uuid4

import pytest

from gruppetto.desks.backoffice import audit_urls, platform_urls
from gruppetto.kernel.actors import acting
from gruppetto.kernel.journal import act
from gruppetto.registry.organisations.models import Organisation
from gruppetto.registry.people import starting_lists
from gruppetto.registry.people.starting_lists.reading import NEEDED
from tests.service.conftest import Cast
from tests.support.actors import Staff, staff
from tests.support.database import as_owner
from tests.support.permissions import ROLES, names, only, statuses

pytestmark = pytest.mark.django_db

OFFICE_ACTS = {
    "receive_list",
    "decide_line",
    "load_list",
    "drop_list",
    "change_organisation",
    "check_organisation",
    "check_entry",
}
# The addresses tried here; those of contents, promises and hours in test_permissions_of_content.py, of messages and
# of territories, read by others too, in test_messages.py and test_territories.py.
OFFICE = {
    "home",
    "lists",
    "receive_list",
    "list",
    "decide_line",
    "load_list",
    "drop_list",
    "organisations",
    "organisation",
    "change_organisation",
    "check_organisation",
    "catalogue",
    "kind",
    "check_entry",
    "staff",
    "hire",
    "staff_record",
    "absences",
    "declare_absence",
}


@pytest.fixture
def office(cast: Cast, gisele: Staff) -> dict[str, str]:
    """One address for each name, about something that exists."""
    with as_owner():
        railway = Organisation.objects.create(kind="provider", name="Train", name_key="train")
    with acting(gisele.actor):
        one = starting_lists.receive("liste.csv", ";".join(NEEDED).encode() + b"\nRoux", "CCAS")
    desk = "/gestion/"
    listed, organisation = f"{desk}listes/{one.pk}/", f"{desk}organismes/{railway.pk}/"
    return {
        "home": desk,
        "lists": f"{desk}listes/",
        "receive_list": f"{desk}listes/recevoir/",
        "list": listed,
        "decide_line": f"{listed}decider/",
        "load_list": f"{listed}charger/",
        "drop_list": f"{listed}abandonner/",
        "organisations": f"{desk}organismes/",
        "organisation": organisation,
        "change_organisation": f"{organisation}corriger/",
        "check_organisation": f"{organisation}verifier/",
        "catalogue": f"{desk}catalogue/",
        "kind": f"{desk}catalogue/demarches/health-card-renewal/",
        "check_entry": f"{desk}catalogue/demarche/health-card-renewal/verifier/",
        "staff": f"{desk}equipe/",
        "hire": f"{desk}equipe/comptes/{staff('Luc', 'agent').account.pk}/",
        "staff_record": f"{desk}equipe/{cast.alice.record.pk}/",
        "absences": f"{desk}absences/",
        "declare_absence": f"{desk}absences/nouvelle/",
    }


@pytest.fixture
def journal(cast: Cast) -> dict[str, str]:
    with acting(cast.alice.actor):
        entry = act("contact.hung_up")
    return {"home": "/journal/", "person": "/journal/personne/", "entry": f"/journal/{entry}/"}


@pytest.fixture
def platform(cast: Cast) -> dict[str, str]:
    account = f"/plateforme/comptes/{cast.alice.account.pk}/"
    return {
        "home": "/plateforme/",
        "create_account": "/plateforme/comptes/nouveau/",
        "account": account,
        "password": f"{account}mot-de-passe-provisoire/",
        "act": f"{account}fermer/",
        "health": "/plateforme/sante/",
    }


def test_the_tables_of_addresses_are_complete(
    office: dict[str, str], journal: dict[str, str], platform: dict[str, str]
) -> None:
    assert set(office) == OFFICE
    assert set(journal) == names(audit_urls.urlpatterns)
    assert set(platform) == names(platform_urls.urlpatterns)


def test_the_back_office_alone_opens_its_pages(office: dict[str, str]) -> None:
    assert statuses(office) == {
        name: only("back_office", 303 if name in OFFICE_ACTS else 200) for name in office
    }


def test_the_auditor_alone_opens_the_journal(journal: dict[str, str]) -> None:
    assert statuses(journal) == {name: only("auditor") for name in journal}


def test_the_administrator_alone_opens_the_platform(platform: dict[str, str]) -> None:
    assert statuses(platform) == {name: only("administrator") for name in platform}


@pytest.mark.parametrize("role", ROLES)
def test_an_act_sent_by_another_role_changes_nothing(
    office: dict[str, str], platform: dict[str, str], role: str
) -> None:
    visitor = staff("Zoé", role).client()
    sent = {name: visitor.post(office[name], {"why": "essai"}).status_code for name in sorted(OFFICE_ACTS)}
    if role != "back_office":
        assert set(sent.values()) == {403}
    if role != "administrator":
        for name in ("create_account", "act"):
            assert visitor.post(platform[name], {"why": "essai"}).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_signing_in_leads_to_one_s_own_desk(role: str) -> None:
    desks = {
        "agent": "/plate-forme/",
        "supervisor": "/responsable/",
        "back_office": "/gestion/",
        "auditor": "/journal/",
        "administrator": "/plateforme/",
    }
    first = staff("Zoé", role).client().get("/")
    assert first.status_code == 302
    assert first["Location"] == desks.get(role, first["Location"])


def test_what_does_not_exist_is_not_there(cast: Cast, gisele: Staff, dana: Staff, aude: Staff) -> None:
    for who, address in (
        (gisele, f"/gestion/listes/{uuid4()}/"),
        (gisele, f"/gestion/organismes/{uuid4()}/"),
        (gisele, f"/gestion/equipe/{uuid4()}/"),
        (gisele, f"/gestion/equipe/comptes/{uuid4()}/"),
        (gisele, "/gestion/catalogue/demarches/autre/"),
        (dana, f"/plateforme/comptes/{uuid4()}/"),
        (aude, f"/journal/{uuid4()}/"),
        (aude, "/journal/?apres=x"),
    ):
        assert who.client().get(address).status_code == 404, address
