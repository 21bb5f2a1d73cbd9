"""One gesture to sign in, on a demo and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path

from gruppetto.demo.cast import STAFF
from gruppetto.demo.second_factor import codes, give_codes
from gruppetto.kernel.access import sessions
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.journal.models import Origin
from gruppetto.registry.staff.models import Staff
from gruppetto.settings.urls import urlpatterns as house
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
urlpatterns = [*house, path("demonstration/", include("gruppetto.demo.urls"))]
SUPERVISOR = next(member for member in STAFF if member.role == "supervisor")


@pytest.fixture(autouse=True)
def a_demo_s_addresses(settings: Any, tmp_path: Path) -> None:
    settings.ROOT_URLCONF = __name__
    settings.FOLDER = settings.STATIC_ROOT = tmp_path


@pytest.fixture
def people() -> dict[str, Account]:
    with as_owner():
        made = {m.email: Account.objects.create_account(m.email, m.name, m.role) for m in STAFF}
        Staff.objects.bulk_create(Staff(account=account, starts="2026-01-01") for account in made.values())
        give_codes(made)
    return made


def begin(origin: str) -> None:
    with as_owner():
        Origin.objects.create(origin=origin)


def test_the_addresses_are_not_there_unless_the_settings_say_so(settings: Any, client: Client) -> None:
    settings.ROOT_URLCONF = "gruppetto.settings.urls"
    assert client.get("/demonstration/").status_code == 404


@pytest.mark.parametrize("origin", ["", "real"])
def test_a_platform_that_is_no_demo_refuses(origin: str, client: Client, people: dict[str, Account]) -> None:
    if origin:
        begin(origin)
    assert client.get("/demonstration/").status_code == 403
    refused = client.post("/demonstration/entrer/", {"compte": SUPERVISOR.email})
    assert refused.status_code == 403
    assert sessions.COOKIE not in client.cookies


def test_one_gesture_signs_in_with_both_factors(client: Client, people: dict[str, Account]) -> None:
    begin("demo")
    answer = client.post("/demonstration/entrer/", {"compte": SUPERVISOR.email})
    assert answer.status_code == 302
    assert client.get("/responsable/").status_code == 200
    assert sessions.account_of(client.cookies[sessions.COOKIE].value) == people[SUPERVISOR.email].pk


def test_only_the_demo_s_own_accounts_open_so(client: Client, people: dict[str, Account]) -> None:
    begin("demo")
    with as_owner():
        Account.objects.create_account("chef@exemple.test", "Chef", "administrator")
    for email in ("chef@exemple.test", "personne@demo.gruppetto.test", ""):
        assert client.post("/demonstration/entrer/", {"compte": email}).status_code == 404
    assert client.get("/demonstration/entrer/").status_code == 405


def test_the_door_says_who_is_who_with_the_code_of_the_moment(
    client: Client, people: dict[str, Account]
) -> None:
    begin("demo")
    page = client.get("/demonstration/").content.decode()
    shown = codes(people.values())
    assert len(shown) == len(STAFF)
    for member in STAFF:
        assert f"Entrer comme {member.name}" in page
        assert shown[people[member.email].pk] in page
    assert "Personne. Un appel sonne" in page


def test_the_door_says_who_is_on_the_telephone_and_what_they_answer(
    client: Client, people: dict[str, Account], settings: Any
) -> None:
    begin("demo")
    voice = {
        "number": "06 39 98 00 01",
        "who": "Mme Jeanne Roux",
        "wants": "Un rendez-vous",
        "knows": [["Le mot ?", "mimosa"]],
    }
    (settings.FOLDER / "calls.json").write_text(json.dumps([voice]))
    page = client.get("/demonstration/").content.decode()
    assert "Mme Jeanne Roux" in page
    assert "<strong>mimosa</strong>" in page
