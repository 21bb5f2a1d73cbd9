"""One place per permission: roles have abilities, pages ask for one ability. A page without a rule stays closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """What a page asks of its visitor.

    ``ability``: one that their role must have. ``signed_in``: any signed-in staff. ``public``: why anyone may.
    ``service``: the gateway whose service session the view acts with. ``streams``: opens its own transactions.
    ``second_factor``: False only for the pages where a second factor is set up. ``own_password``: False only where
    a password given by an administrator is replaced.
    """

    ability: str = ""
    signed_in: bool = False
    public: str = ""
    service: str = ""
    streams: bool = False
    second_factor: bool = True
    own_password: bool = True


# Pages of libraries, by the name of their route; "x*" stands for all names that begin so.
LIBRARY_PAGES: dict[str, Rule] = {
    "account_login": Rule(public="signing in"),
    "account_inactive": Rule(public="said to a closed account"),
    "account_reauthenticate": Rule(signed_in=True, second_factor=False),
    # Before the second factor: a password that somebody else knows is replaced first of all.
    "account_change_password": Rule(signed_in=True, second_factor=False, own_password=False),
    "mfa_authenticate": Rule(public="second step of signing in"),
    "mfa_login_webauthn": Rule(public="signing in with a passkey"),
    "mfa_reauthenticate*": Rule(signed_in=True),
    # Where a first second factor is set up.
    "mfa_activate_totp": Rule(signed_in=True, second_factor=False),
    "mfa_add_webauthn": Rule(signed_in=True, second_factor=False),
    "mfa_*": Rule(signed_in=True),
}

_abilities: dict[str, frozenset[str]] = {}


def declare_role(role: str, abilities: Iterable[str]) -> None:
    """Say which abilities ``role`` has; called once per role by the registry."""
    _abilities[role] = frozenset(abilities)


def abilities_of(role: str) -> frozenset[str]:
    """The abilities of ``role``; none for a role nobody declared."""
    return _abilities.get(role, frozenset())


def roles() -> dict[str, frozenset[str]]:
    """All declared roles with their abilities (for docs/access.md and the permission tests)."""
    return dict(_abilities)


def page(
    ability: str = "",
    *,
    signed_in: bool = False,
    public: str = "",
    service: str = "",
    streams: bool = False,
) -> Callable[[View], View]:
    """Declare the rule of a page; ``@page("take_calls")``, ``@page(public="why anyone may")``."""
    if sum(map(bool, (ability, signed_in, public, service))) != 1:
        raise ValueError("a page has exactly one rule")
    rule = Rule(
        ability=ability,
        signed_in=signed_in,
        public=public,
        service=service,
        streams=streams,
    )

    def declare(view: View) -> View:
        view.rule = rule  # type: ignore[attr-defined]  # functions take attributes
        return view

    return declare


def rule_of(view: Callable[..., Any], route_name: str | None) -> Rule | None:
    """The rule of a page: declared on its view, or in the table of library pages; None when it has none."""
    declared = getattr(view, "rule", None) or getattr(getattr(view, "view_class", None), "rule", None)
    if declared is not None:
        return declared
    name = route_name or ""
    if name in LIBRARY_PAGES:
        return LIBRARY_PAGES[name]
    stems = [stem for stem in LIBRARY_PAGES if stem.endswith("*") and name.startswith(stem[:-1])]
    return LIBRARY_PAGES[max(stems, key=len)] if stems else None
