"""Each page: its rule, then its act. Closed by default; a refusal is a page, and leaves a trace."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access import identities, second_factor, sessions
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.access.rules import Rule, abilities_of, rule_of
from gruppetto.kernel.actors import Actor, acting, introduce
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.kernel.identifiers import new_id

log = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")
# A pane that the page reads again by itself says so: nobody's presence is proved by it.
BY_ITSELF = "X-Gruppetto-By-Itself"
# The pages that come before the others, in this order.
OWN_PASSWORD, SECOND_FACTOR = "account_change_password", "mfa_activate_totp"


class Requests:
    """Name each request, so that everything done in it can be found again."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = new_id()  # type: ignore[attr-defined]
        return self.get_response(request)


class Acting:
    """Open the transaction of the page's act with its actor, run the view in it, and say no in words."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        # Views run inside process_view, where Django asks no middleware about their exceptions.
        self.answer_of_library = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if key := getattr(request, "new_session_key", ""):
            sessions.put_cookie(response, key)
        elif getattr(request, "session_closed", False):
            response.delete_cookie(sessions.COOKIE)
        # Only who was looked up already: a page said while the database is away asks it nothing more.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = rule_of(view, match.view_name if match else None)
        if rule is None:
            return refusal_page(request, NotYours(_("Cette page est fermée."), code="page-without-rule"))
        if rule.streams:
            return None
        try:
            actor = _actor(request, rule, match.view_name if match else "")
            if not (actor.account_id or rule.public or rule.service):
                return _to_sign_in(request)
            return self._act(request, rule, actor, lambda: view(request, *args, **kwargs))
        except _SessionOver:
            logout(request)
            return _to_sign_in(request, over=True)
        except Refused as refused:
            return refusal_page(request, refused)
        except (OperationalError, InterfaceError) as error:
            log.error("the database is away: %s", type(error.__cause__ or error).__name__)
            return import_string(settings.PAUSE_PAGE)(request)

    def _act(
        self, request: HttpRequest, rule: Rule, claimed: Actor, view: Callable[[], HttpResponse]
    ) -> HttpResponse:
        with acting(claimed, introduced_by=partial(_introduce, request)) as actor:
            if first := _still_to_do(request, rule):
                return first
            if rule.ability and rule.ability not in abilities_of(actor.role):
                refused = NotYours(
                    _("Votre rôle ne permet pas d’ouvrir cette page."),
                    code="ability-missing",
                    facts={"ability": rule.ability},
                )
                actor.refusals.append(refused)
                raise refused
            try:
                response = view()
            except (ImmediateHttpResponse, ReauthenticationRequired) as elsewhere:
                return self.answer_of_library(request, elsewhere)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
            return response


class _SessionOver(Exception):
    """The key no longer opens anything: closed elsewhere, too old, or the account was stopped."""


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page (or the fragment, for a pane) that says no: what happened, what to do, a code for the phone."""
    template = "shared/refusal_fragment.html" if request.headers.get("HX-Request") else "shared/error.html"
    context = {"refused": refused, "status": refused.status, "code": refused.code}
    return render(request, template, context, status=refused.status)


def _introduce(request: HttpRequest, actor: Actor) -> Actor:
    """Who a key opens a page for is known from the database alone: Django need not ask for the account again.

    The page's own session must have been opened by this account, with the password it has now.
    """
    if not actor.account_id:
        return introduce(actor)
    account = sessions.arrive(actor, by_hand=BY_ITSELF not in request.headers)
    if account is None or account.pk != actor.account_id:
        raise _SessionOver
    if not constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        raise _SessionOver
    request.user = request._cached_user = account  # type: ignore[attr-defined]  # both places of Django's
    return replace(actor, role=account.role)


def comes_first(request: HttpRequest, user: Account, *, own_password: bool = True) -> str:
    """The route of what comes before the pages: a password of one's own, a second factor; empty when nothing does.

    Without ``own_password``, for the page where it is chosen, the second factor alone.
    """
    if own_password and user.temporary_until is not None and not identities.came_by(request, user):
        return OWN_PASSWORD
    return "" if second_factor.shown(request) else SECOND_FACTOR


def _still_to_do(request: HttpRequest, rule: Rule) -> HttpResponse | None:
    """The page that comes before this one."""
    user = request.user
    if rule.public or rule.service:
        return None
    if not user.is_authenticated:
        raise _SessionOver
    first = comes_first(request, user, own_password=rule.own_password)
    if first == SECOND_FACTOR:
        if second_factor.has_one(user):
            # Signed in with the password alone, before the second factor was set up elsewhere.
            raise _SessionOver
        if not rule.second_factor:
            return None
    return HttpResponseRedirect(resolve_url(first)) if first else None


def _to_sign_in(request: HttpRequest, *, over: bool = False) -> HttpResponse:
    if over:
        messages.info(
            request, _("Votre session est terminée. Reconnectez-vous : vos brouillons sont gardés.")
        )
    where = resolve_url(settings.LOGIN_URL)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    back = "?" + urlencode({"next": request.get_full_path()}) if request.method in SAFE else ""
    return HttpResponseRedirect(where + back)


def _actor(request: HttpRequest, rule: Rule, route: str) -> Actor:
    request_id: UUID = request.id  # type: ignore[attr-defined]
    if rule.service:
        return Actor.service(rule.service, settings.GRUPPETTO_SERVICE_KEY, request_id)
    key = sessions.key_of(request)
    if key and (account := request.session.get(SESSION_KEY)):
        # A claim, with no role yet: see ``_introduce``.
        return Actor.session(key, UUID(account), "", request_id, reading=request.method in SAFE)
    return Actor.visitor(route or "page", request_id)
