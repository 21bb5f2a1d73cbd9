"""The keys one chooses are one's own, and follow from one computer to another."""

from __future__ import annotations

import json

import pytest

from gruppetto.kernel.preferences.models import Preference
from tests.support.actors import staff

pytestmark = pytest.mark.django_db
ADDRESS = "/compte/raccourcis/"
CHOICE = {"off": False, "keys": {"n": "shift+n", "ctrl+enter": "ctrl+s", "?": "f1"}}


def test_keys_chosen_here_are_found_elsewhere_and_by_nobody_else() -> None:
    alice, bob = staff("Alice", "agent"), staff("Bob", "correspondent")
    here, elsewhere, other = alice.client(), alice.client(), bob.client()
    assert here.get(ADDRESS).json() == {"off": False, "keys": {}}
    assert here.post(ADDRESS, {"choice": json.dumps(CHOICE)}).status_code == 204
    assert elsewhere.get(ADDRESS).json() == CHOICE
    assert other.get(ADDRESS).json() == {"off": False, "keys": {}}
    assert elsewhere.post(ADDRESS, {"choice": json.dumps({**CHOICE, "off": True})}).status_code == 204
    assert here.get(ADDRESS).json()["off"] is True
    assert not Preference.objects.exists(), "without a session nothing is seen"


@pytest.mark.parametrize(
    "choice",
    [
        "",
        "[]",
        "{}",
        '{"off": 1}',
        '{"off": true, "keys": {"n": "deux mots"}}',
        '{"off": 0, "keys": {"n": 3}}',
    ],
)
def test_what_is_no_set_of_keys_is_refused(choice: str) -> None:
    client = staff("Alice", "agent").client()
    assert client.post(ADDRESS, {"choice": choice}).status_code == 422
    assert client.get(ADDRESS).json() == {"off": False, "keys": {}}


def test_many_keys_are_refused() -> None:
    keys = {f"k{number}": "a" for number in range(101)}
    client = staff("Alice", "agent").client()
    assert client.post(ADDRESS, {"choice": json.dumps({"off": False, "keys": keys})}).status_code == 422
