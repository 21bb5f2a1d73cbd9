"""After signing in, each role arrives at its own desk; nobody at a page that refuses them."""

from __future__ import annotations

import pytest

from gruppetto.kernel.access.rules import roles
from tests.support.actors import staff

pytestmark = pytest.mark.django_db
FIRST = {
    "agent": "/plate-forme/",
    "correspondent": "/correspondant/",
    "supervisor": "/responsable/",
    "back_office": "/gestion/",
    "auditor": "/journal/",
    "administrator": "/plateforme/",
}


@pytest.mark.parametrize("role", sorted(roles()))
def test_each_role_arrives_at_its_desk(role: str) -> None:
    browser = staff("Alix", role).client()
    answer = browser.get("/")
    assert answer.headers["Location"] == FIRST[role]
    assert browser.get(FIRST[role]).status_code == 200


def test_a_role_without_a_desk_arrives_at_its_own_account() -> None:
    browser = staff("Sacha", "relative").client()
    assert browser.get("/").headers["Location"] == "/compte/sessions/"
    assert browser.get("/compte/sessions/").status_code == 200
