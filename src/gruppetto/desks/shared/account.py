"""The first page after signing in, and one's own open sessions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.shared.context import DESKS, address
from gruppetto.kernel.access import sessions
from gruppetto.kernel.access.rules import page


@page(signed_in=True)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first desk of one's role; one's own account while there is none."""
    role = getattr(request.user, "role", "")
    desks = (address(name) for name, _label, _icon, roles in DESKS if role in roles)
    return HttpResponseRedirect(next(filter(None, desks), address("my_sessions")))


@page(signed_in=True)
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, this browser first."""
    return render(request, "shared/sessions.html", {"sessions": sessions.mine()})


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
