"""Every address of a desk, as every role and as a stranger: the table is complete, or the test fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.test import Client
from django.urls import URLPattern

from tests.support.actors import staff

ROLES = ("agent", "correspondent", "supervisor", "back_office", "auditor", "administrator")
SIGN_IN = "/compte/connexion/"


def names(patterns: Iterable[URLPattern]) -> set[str]:
    """The names of all the addresses of a desk."""
    return {str(pattern.name) for pattern in patterns}


def statuses(addresses: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """For each name, what each role and a stranger ("nobody") are answered to a read of its address."""
    browsers = {role: staff(f"Visitor-{role}", role).client() for role in ROLES} | {"nobody": Client()}
    found: dict[str, dict[str, int]] = {}
    for name, address in addresses.items():
        found[name] = {}
        for who, browser in browsers.items():
            answer = browser.get(address)
            found[name][who] = answer.status_code
            if who == "nobody":
                assert answer["Location"].startswith(SIGN_IN), (name, answer["Location"])
    return found


def only(role: str, status: int = 200) -> dict[str, int]:
    """``role`` is answered ``status``, the other roles are refused, a stranger is sent to sign in."""
    return {**dict.fromkeys(ROLES, 403), "nobody": 302, role: status}
