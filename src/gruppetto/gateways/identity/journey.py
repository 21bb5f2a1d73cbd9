"""From our button to the provider and back: authorisation code with PKCE, a nonce, a state of this browser's own.

OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9207 (who answers); RFC 9700 (best practice).
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gruppetto.gateways.identity import discovery, tokens
from gruppetto.gateways.identity.lines import Unreachable, ask
from gruppetto.gateways.identity.providers import Provider
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused

log = logging.getLogger(__name__)
# Journeys under way in this browser, by state: several tabs, and ten minutes for a password lost in a drawer.
PLACE, MOST, SECONDS = "oidc_journeys", 5, 600
# Two answers with one state at the same moment: the second finds that it has served.
ONCE = 60


@dataclass(frozen=True)
class Journey:
    """What we must remember to believe the answer; ``then``: the page asked for before signing in."""

    code: str
    nonce: str
    verifier: str
    then: str
    at: float


@dataclass(frozen=True)
class Answer:
    """Who the provider says it is. ``claims``: of the id_token, verified; ``id_token`` and ``end_session``: to sign
    out there (an address, empty when it has none)."""

    claims: Mapping[str, Any]
    id_token: str
    access_token: str
    end_session: str

    @property
    def subject(self) -> str:
        """The provider's own name for the person, which never changes hands."""
        return str(self.claims["sub"])


def begin(request: HttpRequest, provider: Provider, back: str, then: str, *, afresh: bool = False) -> str:
    """The address where ``provider`` asks who it is; the answer comes to ``back``. ``afresh``: whoever is signed in
    there. Raises ``Refused`` (provider-unreachable)."""
    try:
        doors = discovery.doors(provider)
    except Unreachable as error:
        raise unreachable(provider, error) from error
    state, nonce, verifier = (secrets.token_urlsafe(48) for _each in range(3))
    kept = list(_journeys(request).items())[1 - MOST :]
    journey = Journey(provider.code, nonce, verifier, then, now().timestamp())
    request.session[PLACE] = dict([*kept, (state, asdict(journey))])
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **_levels(provider),
        **({"prompt": "login"} if afresh else {}),
    }
    return doors.authorization + ("&" if "?" in doors.authorization else "?") + urlencode(asked)


def take(request: HttpRequest, provider: Provider, state: str) -> Journey:
    """The journey of this browser that ``state`` names; it serves once. Raises ``Refused`` (sign-in-over)."""
    under_way = _journeys(request)
    found = under_way.pop(state, None)
    request.session[PLACE] = under_way
    served = f"oidc:served:{hashlib.sha256(state.encode()).hexdigest()}"
    # Begun with another provider: its code would be handed to the wrong one (RFC 9700, 4.4).
    if found is None or found["code"] != provider.code or not cache.add(served, 1, ONCE):
        raise over(provider)
    return Journey(**found)


def finish(provider: Provider, journey: Journey, said: Mapping[str, str], back: str) -> Answer:
    """What the provider's answer ``said`` proves. Raises ``Refused``: sign-in-over, sign-in-cancelled,
    provider-refused, provider-unreachable, answer-not-sound, level-too-low."""
    try:
        doors = discovery.doors(provider)
        if said.get("iss", None if doors.names_itself else provider.issuer) != provider.issuer:
            raise tokens.NotSound("iss")
        if problem := said.get("error"):
            raise _problem(provider, problem)
        given = _exchange(provider, doors, journey, said.get("code", ""), back)
        id_token = given.get("id_token")
        claims = tokens.id_token(id_token, provider, journey.nonce)
    except Unreachable as error:
        raise unreachable(provider, error) from error
    except tokens.NotSound as error:
        raise not_sound(provider, error) from error
    if not provider.reaches(claims):
        raise Refused(
            _(
                "« %(name)s » ne vous a pas reconnu assez sûrement. Recommencez en montrant là-bas votre deuxième "
                "preuve (code, carte ou clé), ou demandez de l’aide à un administrateur."
            )
            % {"name": provider.name},
            code="level-too-low",
        )
    return Answer(claims, str(id_token), str(given.get("access_token", "")), doors.end_session)


def email(provider: Provider, answer: Answer) -> str | None:
    """The e-mail that the provider vouches for, as it writes it; None when it vouches for none. At most one question
    to it. Raises ``Refused`` (provider-unreachable, answer-not-sound)."""
    claims = answer.claims
    if not claims.get("email"):
        try:
            claims = _userinfo(provider, answer)
        except Unreachable as error:
            raise unreachable(provider, error) from error
        except tokens.NotSound as error:
            raise not_sound(provider, error) from error
    said = claims.get("email")
    # The word "true" is not the truth: some providers let anybody write their own claims as text.
    vouched = claims.get("email_verified") is True or (
        provider.emails_verified and claims.get("email_verified", True) is True
    )
    return said if isinstance(said, str) and said and vouched else None


def over(provider: Provider) -> Refused:
    """The answer is too old, has served, or is not this browser's."""
    return Refused(
        _(
            "Cette connexion a expiré ou a déjà servi. Recommencez avec le bouton « Se connecter avec %(name)s »."
        )
        % {"name": provider.name},
        code="sign-in-over",
    )


def unreachable(provider: Provider, error: Exception) -> Refused:
    """The provider is down: a password still opens the house."""
    log.warning("identity provider %s: %s", provider.code, error)
    return Refused(
        _(
            "« %(name)s » ne répond pas. Réessayez dans quelques minutes, ou connectez-vous avec votre courriel et "
            "votre mot de passe."
        )
        % {"name": provider.name},
        code="provider-unreachable",
    )


def not_sound(provider: Provider, error: Exception) -> Refused:
    """What came back proves nothing."""
    log.warning("identity provider %s: answer refused: %s", provider.code, error)
    return Refused(
        _(
            "La réponse de « %(name)s » n’est pas sûre : la connexion est refusée. Recommencez. Si cela se répète, "
            "prévenez un administrateur."
        )
        % {"name": provider.name},
        code="answer-not-sound",
    )


def _journeys(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Those of this browser that are not too old, the first begun first."""
    since = now().timestamp() - SECONDS
    kept: dict[str, dict[str, Any]] = request.session.get(PLACE, {})
    return {state: journey for state, journey in kept.items() if journey["at"] > since}


def _levels(provider: Provider) -> dict[str, str]:
    """How the levels are asked for: required ones as essential claims, those that we would like in the other way."""
    claim, values = provider.second_factor or ("", frozenset())
    wanted: dict[str, Any] = {"amr": {"essential": True}} if claim == "amr" else {}
    if provider.acr:
        wanted["acr"] = {"essential": True, "values": list(provider.acr)}
    asked = {"claims": json.dumps({"id_token": wanted})} if wanted else {}
    if claim == "acr" and not provider.acr:
        asked["acr_values"] = " ".join(sorted(values))
    return asked


def _problem(provider: Provider, problem: str) -> Refused:
    log.warning("identity provider %s: %r", provider.code, problem[:40])
    if problem == "access_denied":
        return Refused(
            _(
                "La connexion avec « %(name)s » a été arrêtée là-bas. Recommencez, ou tapez votre mot de passe."
            )
            % {"name": provider.name},
            code="sign-in-cancelled",
        )
    return Refused(
        _(
            "« %(name)s » refuse notre demande. Prévenez un administrateur ; en attendant, connectez-vous avec votre "
            "courriel et votre mot de passe."
        )
        % {"name": provider.name},
        code="provider-refused",
    )


def _exchange(
    provider: Provider, doors: discovery.Doors, journey: Journey, code: str, back: str
) -> dict[str, Any]:
    """The tokens for ``code``."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": journey.verifier,
    }
    headers = {}
    if doors.posts_secret:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:
        # Each half is encoded before they are joined (RFC 6749, 2.3.1).
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    answer = ask(doors.token, form, headers)
    if answer.status in (400, 401):
        problem = str(answer.object().get("error", ""))
        raise over(provider) if problem == "invalid_grant" else _problem(provider, problem)
    if answer.status != 200:
        raise Unreachable(f"tokens: status {answer.status}")
    return answer.object()


def _userinfo(provider: Provider, answer: Answer) -> Mapping[str, Any]:
    door = discovery.doors(provider).userinfo
    if not door:
        return {}
    said = ask(door, headers={"Authorization": f"Bearer {answer.access_token}"})
    if said.status != 200:
        raise Unreachable(f"userinfo: status {said.status}")
    if provider.signed_userinfo or said.kind == "application/jwt":
        return tokens.userinfo(said.body, provider, answer.subject)
    claims = said.object()
    if claims.get("sub") != answer.subject:
        raise tokens.NotSound("userinfo about somebody else")
    return claims
