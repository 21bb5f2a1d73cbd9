"""The two pages of signing in with an identity provider: off to it, and back. What it asks of us is in ``journey``."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gruppetto.gateways.identity import journey
from gruppetto.gateways.identity.providers import Provider, read
from gruppetto.kernel.access import identities, lockout, second_factor
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.journal import act

# In the page's session: how to sign out at the provider; whether it must ask again who is there.
LEAVING, AFRESH = "oidc_leaving", "oidc_afresh"
# Somebody was recognised, but not somebody who may come in: the next try must not recognise the same one unasked.
ANOTHER_PERSON = frozenset({"email-not-vouched-for", "no-account", "account-has-another-identity"})
View = Callable[[HttpRequest, Provider], HttpResponse]


def offered() -> list[Provider]:
    """The providers whose buttons stand on the sign-in page."""
    return read(settings.GRUPPETTO_OIDC)[0]


def of_provider(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give ``view`` the provider of its address, or answer 404; what it refuses is said on the sign-in page."""

    @wraps(view)
    def run(request: HttpRequest, code: str) -> HttpResponse:
        provider = next((one for one in offered() if one.code == code), None)
        if provider is None:
            raise Http404
        try:
            return view(request, provider)
        except Refused as refused:
            messages.error(request, str(refused.message))
            if refused.code in ANOTHER_PERSON:
                request.session[AFRESH] = True
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
        except (OperationalError, InterfaceError):
            return import_string(settings.PAUSE_PAGE)(request)

    return run


# These pages open their own transactions: none waits, open, for another house's answer.
@page(public="signing in with an identity provider", streams=True)
@require_safe
@never_cache
@of_provider
def start(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Off to the provider, with what its answer will have to show."""
    then = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(then, {request.get_host()}, require_https=request.is_secure()):
        then = "/"
    if request.user.is_authenticated:
        return HttpResponseRedirect(then)
    afresh = bool(request.session.pop(AFRESH, False))
    return HttpResponseRedirect(
        journey.begin(request, provider, _back(request, provider), then, afresh=afresh)
    )


@page(public="signing in with an identity provider", streams=True)
@require_safe
@never_cache
@of_provider
def come_back(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Back with the provider's answer: the same steps as after a password follow."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/")
    begun = journey.take(request, provider, request.GET.get("state", ""))
    try:
        answer = journey.finish(provider, begun, request.GET.dict(), _back(request, provider))
        account = identities.account_of(provider.issuer, answer.subject)
        email = None if account else journey.email(provider, answer)
        with acting(_visitor(request)):
            account = account or identities.bind_at_first_sign_in(provider.issuer, answer.subject, email)
            _refuse_if_not_welcome(request, account)
            return _come_in(request, provider, answer, account, begun.then)
    except Refused as refused:
        with acting(_visitor(request)):
            act("session.refused", body={"provider": provider.code, "code": refused.code})
        raise


def way_out(request: HttpRequest) -> str:
    """Where to sign out at the provider that this session came by; empty when it came by none."""
    kept: dict[str, Any] = request.session.get(LEAVING, {})
    if not kept:
        return ""
    asked = {
        "id_token_hint": kept["id_token"],
        "client_id": kept["client_id"],
        "post_logout_redirect_uri": request.build_absolute_uri(resolve_url(settings.LOGIN_URL)),
        "state": secrets.token_urlsafe(48),
    }
    return str(kept["door"]) + ("&" if "?" in kept["door"] else "?") + urlencode(asked)


def _come_in(
    request: HttpRequest, provider: Provider, answer: journey.Answer, account: Account, then: str
) -> HttpResponse:
    """What follows a password: our second factor, unless the provider is said to prove it and does; a session."""
    proved = provider.proves_two_factors(answer.claims)
    identities.note_came_by(request, account, provider.code)
    if door := answer.end_session:
        kept = {"door": door, "id_token": answer.id_token, "client_id": provider.client_id}
        request.session[LEAVING] = kept
    done = {"stages": {AuthenticateStage.key: {"handled": True}}} if proved else {}
    response = perform_login(request, Login(user=account, redirect_url=then, state=done))
    if proved and request.user.is_authenticated:
        second_factor.note_shown(request, account)
    return response


def _refuse_if_not_welcome(request: HttpRequest, account: Account) -> None:
    identities.refuse_if_closed(account)
    if lockout.is_locked(request, account):
        raise Refused(
            _("Trop d’essais sur ce compte : attendez un quart d’heure, puis recommencez."), code="locked"
        )


def _back(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("provider_come_back", args=[provider.code]))


def _visitor(request: HttpRequest) -> Actor:
    return Actor.visitor("sign-in", request.id)  # type: ignore[attr-defined]  # named by middleware.Requests
