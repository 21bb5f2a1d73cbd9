"""Is what a provider signed its own, for us, in time, and in answer to our question? The checks are PyJWT's."""

from __future__ import annotations

from secrets import compare_digest
from typing import Any

import jwt

from gruppetto.gateways.identity import discovery
from gruppetto.gateways.identity.providers import Provider

# Public-key signatures only: neither "none" nor a shared secret, whatever the token itself asks for.
SIGNATURES = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
LEEWAY = 30
LONGEST_SUBJECT = 255


class NotSound(Exception):
    """A signed text that proves nothing: the reason is for the log, never for the page."""


def id_token(token: object, provider: Provider, nonce: str) -> dict[str, Any]:
    """The claims of an id_token (OpenID Connect Core 1.0, 3.1.3.7). Raises ``NotSound``, ``Unreachable``."""
    claims = _read(token, provider, ["iss", "sub", "aud", "exp", "iat"])
    said = claims.get("nonce")
    if not isinstance(said, str) or not compare_digest(said.encode(), nonce.encode()):
        raise NotSound("nonce")
    return claims


def userinfo(token: bytes, provider: Provider, subject: str) -> dict[str, Any]:
    """The claims of a signed userinfo (3.1.3.7, 5.3.2) about ``subject``. Raises ``NotSound``, ``Unreachable``."""
    claims = _read(token.decode("ascii", "replace"), provider, ["iss", "sub", "aud"])
    if claims["sub"] != subject:
        raise NotSound("userinfo about somebody else")
    return claims


def _read(token: object, provider: Provider, required: list[str]) -> dict[str, Any]:
    if not isinstance(token, str):
        raise NotSound("missing")
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in SIGNATURES:
            raise NotSound(f"signature {algorithm!r:.20}")
        key = discovery.key(provider, header.get("kid"))
        if key is None or key.get("alg", algorithm) != algorithm:
            raise NotSound("key")
        claims: dict[str, Any] = jwt.decode(
            token,
            jwt.PyJWK(key, algorithm),
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY,
            options={"require": required},
        )
    except jwt.PyJWTError as error:
        raise NotSound(type(error).__name__) from error
    # A token for several clients says which one asked: it must be us.
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise NotSound("azp")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
        raise NotSound("sub")
    return claims
