"""The first page after signing in, and one's own open sessions."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from allauth.account.views import logout
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gruppetto.desks.shared.context import DESKS, address
from gruppetto.gateways.identity.views import way_out
from gruppetto.kernel.access import sessions
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.preferences.choices import choose, chosen


@page(signed_in=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first desk of one's role; one's own account while there is none."""
    role = getattr(request.user, "role", "")
    desks = (address(name) for name, _label, _icon, roles in DESKS if role in roles)
    return HttpResponseRedirect(next(filter(None, desks), address("my_sessions")))


@page(public="signing out")
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here, then at the identity provider that one came by."""
    further = way_out(request) if request.method == "POST" else ""
    response: HttpResponse = logout(request)
    if further:
        # Not a redirection: the answer to a form leads nowhere outside the house (``form-action``).
        response = render(request, "account/leaving.html", {"further": further})
        add_never_cache_headers(response)
    return response


@page(signed_in=True)
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, this browser first."""
    return render(request, "shared/sessions.html", {"sessions": sessions.mine()})


# A key as the pages write it: « shift+c », « ctrl+enter », « ? ».
KEY = re.compile(r"(ctrl\+)?(alt\+)?(shift\+)?\S{1,12}")
MOST_KEYS = 100


@page(signed_in=True)
@require_http_methods(["GET", "HEAD", "POST"])
def my_shortcuts(request: HttpRequest) -> HttpResponse:
    """The keys one chose for one's shortcuts, and whether they are on: they follow from one computer to another."""
    if request.method == "POST":
        choose("shortcuts", _typed_shortcuts(request.POST.get("choice", "")))
        return HttpResponse(status=204)
    return JsonResponse(chosen("shortcuts") or {"off": False, "keys": {}})


def _typed_shortcuts(text: str) -> dict[str, Any]:
    try:
        typed = json.loads(text)
        keys = dict(typed["keys"])
        sound = len(keys) <= MOST_KEYS and all(
            KEY.fullmatch(first) and KEY.fullmatch(key) for first, key in keys.items()
        )
        off = bool(typed["off"])
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound:
        raise Refused(_("Ces raccourcis ne peuvent pas être gardés."), code="shortcuts-unreadable")
    return {"off": off, "keys": keys}


@page(signed_in=True)
@require_POST
def close_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out of one other place."""
    sessions.revoke(session_id)
    messages.success(request, _("La session est fermée."))
    return redirect("my_sessions")


@page(signed_in=True)
@require_POST
def close_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    closed = sessions.revoke_others()
    said = ngettext("Une autre session est fermée.", "%(closed)s autres sessions sont fermées.", closed)
    messages.success(
        request, said % {"closed": closed} if closed else _("Aucune autre session n’était ouverte.")
    )
    return redirect("my_sessions")
