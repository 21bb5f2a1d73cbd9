"""Where a provider's doors are and which keys it signs with: asked of it, kept an hour for all processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from gruppetto.gateways.identity.lines import Unreachable, ask
from gruppetto.gateways.identity.providers import Provider, is_safe
from gruppetto.kernel.clock import now

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT = 3600
# A key we do not know: the provider may have changed its keys, and a stranger may have invented it.
ASKED_AGAIN = 60
# Never a secret shared with us: a signature proves that the provider made it (RFC 8725, 3.1).
KINDS = frozenset({"RSA", "EC", "OKP"})


@dataclass(frozen=True)
class Doors:
    """Addresses of a provider; ``userinfo`` and ``end_session`` empty when it has none.

    ``posts_secret``: it takes our secret in the form; else in the header. ``names_itself``: its answers carry ``iss``
    (RFC 9207).
    """

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    posts_secret: bool
    names_itself: bool


def look_up(provider: Provider) -> Doors:
    """Ask ``provider`` for its doors, now. Raises ``Unreachable``."""
    answer = ask(provider.issuer.rstrip("/") + WELL_KNOWN)
    if answer.status != 200:
        raise Unreachable(f"status {answer.status}")
    said = answer.object()
    if said.get("issuer") != provider.issuer:
        raise Unreachable("another issuer")
    doors = Doors(
        authorization=str(said.get("authorization_endpoint") or ""),
        token=str(said.get("token_endpoint") or ""),
        keys=str(said.get("jwks_uri") or ""),
        userinfo=str(said.get("userinfo_endpoint") or ""),
        end_session=str(said.get("end_session_endpoint") or ""),
        # Without the list, the header alone (OpenID Connect Discovery 1.0, 3).
        posts_secret="client_secret_post" in (said.get("token_endpoint_auth_methods_supported") or ()),
        names_itself=bool(said.get("authorization_response_iss_parameter_supported")),
    )
    needed, others = (doors.authorization, doors.token, doors.keys), (doors.userinfo, doors.end_session)
    if not all(map(is_safe, [*needed, *filter(None, others)])):
        raise Unreachable("a door is missing or without TLS")
    return doors


def doors(provider: Provider) -> Doors:
    """As ``look_up``, from what was said within the hour."""
    place = _place("doors", provider)
    known: Doors | None = cache.get(place)
    if known is None:
        known = look_up(provider)
        cache.set(place, known, KEPT)
    return known


def look_up_keys(address: str) -> list[dict[str, Any]]:
    """The public keys at ``address`` that sign. Raises ``Unreachable``."""
    answer = ask(address)
    keys = answer.object().get("keys") if answer.status == 200 else None
    if not isinstance(keys, list):
        raise Unreachable(f"no keys, status {answer.status}")
    return [
        key
        for key in keys
        if isinstance(key, dict) and key.get("kty") in KINDS and key.get("use", "sig") == "sig"
    ]


def key(provider: Provider, name: str | None) -> dict[str, Any] | None:
    """The key that a signature names (``kid``), or the only one; None when there is none. Raises ``Unreachable``."""
    place, at = _place("keys", provider), now().timestamp()
    known, asked = cache.get(place) or ([], 0.0)
    found = _pick(known, name)
    if found is None and at - asked > ASKED_AGAIN:
        known = look_up_keys(doors(provider).keys)
        cache.set(place, (known, at), KEPT)
        found = _pick(known, name)
    return found


def _pick(keys: list[dict[str, Any]], name: str | None) -> dict[str, Any] | None:
    named = [key for key in keys if name is None or key.get("kid") == name]
    return named[0] if len(named) == 1 else None


def _place(what: str, provider: Provider) -> str:
    return f"oidc:{what}:{hashlib.sha256(provider.issuer.encode()).hexdigest()}"
