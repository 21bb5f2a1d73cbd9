"""The identity providers of the organisation as the environment describes them; without one, nothing is offered.

``GRUPPETTO_OIDC=entra,proconnect`` names them; ``GRUPPETTO_OIDC_ENTRA_ISSUER`` and so on describe each
(docs/operators/sign-in.md). One that is not well described stays closed: ``gruppetto doctor`` says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PREFIX = "GRUPPETTO_OIDC"
CODE = re.compile(r"[a-z][a-z0-9]{0,19}")
NEEDED = ("NAME", "ISSUER", "CLIENT_ID", "CLIENT_SECRET")
SWITCHES = ("SIGNED_USERINFO", "EMAILS_VERIFIED")
OPTIONAL = ("SCOPES", "ACR", "SECOND_FACTOR", *SWITCHES)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Provider:
    """One identity provider. ``code``: its word in our addresses; ``name``: on the button; ``acr``: the levels asked
    for, one of which the answer must have (none: any); ``signed_userinfo``: it signs what it says of the person
    (ProConnect); ``emails_verified``: the organisation vouches for all its e-mails (Entra does not say it of each);
    ``second_factor``: claim and values by which an answer counts as our second factor too (none: it never does).
    """

    code: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = "openid email"
    acr: tuple[str, ...] = ()
    signed_userinfo: bool = False
    emails_verified: bool = False
    second_factor: tuple[str, frozenset[str]] | None = None

    def proves_two_factors(self, claims: Mapping[str, Any]) -> bool:
        """Does this (verified) id_token say, in the words agreed, that two factors were shown?"""
        if self.second_factor is None:
            return False
        claim, values = self.second_factor
        said = claims.get(claim)
        return bool(values.intersection(said if isinstance(said, list) else [said]))

    def reaches(self, claims: Mapping[str, Any]) -> bool:
        """Does this (verified) id_token have a level that is asked for?"""
        return not self.acr or claims.get("acr") in self.acr


@dataclass(frozen=True)
class Fault:
    """Why a provider stays closed, for the operator."""

    variable: str
    sentence: str


def read(environment: Mapping[str, str]) -> tuple[list[Provider], list[Fault]]:
    """The providers that ``environment`` describes well, in its order, and what is wrong with the others."""
    codes = [code.strip() for code in environment.get(PREFIX, "").split(",") if code.strip()]
    found: dict[str, Provider] = {}
    faults = []
    for code in codes:
        described = _read_one(code, environment)
        if isinstance(described, Provider) and described.issuer in found:
            described = [Fault(f"{PREFIX}_{code.upper()}_ISSUER", "two providers have the same issuer.")]
        if isinstance(described, Provider):
            found[described.issuer] = described
        else:
            faults += described
    return list(found.values()), faults


def is_safe(address: str) -> bool:
    """May our secret or a code travel to ``address``? TLS, or this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )


def _read_one(code: str, environment: Mapping[str, str]) -> Provider | list[Fault]:
    if not CODE.fullmatch(code):
        return [Fault(PREFIX, f"« {code} » is not a code: small letters and figures, a letter first.")]
    stem = f"{PREFIX}_{code.upper()}_"
    given = {name.removeprefix(stem): value for name, value in environment.items() if name.startswith(stem)}
    faults = [Fault(stem + key, "not set.") for key in NEEDED if not given.get(key)]
    # A word mistyped must not leave a requirement out.
    faults += [
        Fault(stem + key, "there is no such setting.") for key in sorted(given.keys() - {*NEEDED, *OPTIONAL})
    ]
    faults += [
        Fault(stem + key, "write 1 or 0.") for key in SWITCHES if given.get(key, "0") not in ("0", "1")
    ]
    issuer = given.get("ISSUER", "")
    if issuer and (not is_safe(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment):
        faults.append(Fault(f"{stem}ISSUER", "write its https:// address, as its own configuration says it."))
    scopes = given.get("SCOPES") or Provider.scopes
    if "openid" not in scopes.split():
        faults.append(Fault(f"{stem}SCOPES", "openid is missing."))
    claim, _equals, values = given.get("SECOND_FACTOR", "").partition("=")
    if given.get("SECOND_FACTOR") and (claim not in ("acr", "amr") or not values.split()):
        faults.append(Fault(f"{stem}SECOND_FACTOR", "write acr=VALUE VALUE… or amr=VALUE VALUE…"))
    return faults or Provider(
        code=code,
        name=given["NAME"],
        issuer=issuer,
        client_id=given["CLIENT_ID"],
        client_secret=given["CLIENT_SECRET"],
        scopes=scopes,
        acr=tuple(given.get("ACR", "").split()),
        signed_userinfo=given.get("SIGNED_USERINFO") == "1",
        emails_verified=given.get("EMAILS_VERIFIED") == "1",
        second_factor=(claim, frozenset(values.split())) if claim else None,
    )
