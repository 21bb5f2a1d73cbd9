"""Views: all of them, a new one, one changed, one taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.lists import LIST
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.desks.work.forms import ViewForm
from gruppetto.desks.work.lines import chips
from gruppetto.desks.work.reading import wanted
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import current_actor, human
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.worklists import presets
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import SavedView
from gruppetto.service.worklists.scopes import places_of
from gruppetto.service.worklists.verbs import change_view, remove_view, save_view
from gruppetto.service.worklists.verbs.views import led


@page("work_interventions")
def all_views(request: HttpRequest) -> HttpResponse:
    """The saved views one sees: own ones, and those shown by who leads."""
    me, leading = current_actor().account_id, led()
    found = [
        {
            "view": presets.of_saved(view),
            "mine": view.owner_id == me,
            "removable": view.owner_id == me or (view.team_id or view.territory_id) in leading,
        }
        for view in presets.saved_views()
    ]
    return render(request, "work/views.html", {"views": found})


@page("work_interventions")
def new(request: HttpRequest) -> HttpResponse:
    """Keep the list of the address under a name."""
    filters = wanted(request).filters
    form = ViewForm(posted(request), led=led(), initial={"audience": "me", "pinned": True})
    if request.method == "POST" and form.is_valid():
        try:
            view = save_view(filters=filters, **_kept(form))
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("La vue « %(name)s » est gardée.") % {"name": view.name})
            return SeeOther(f"{LIST}?vue={view.pk}")
    return _form(request, form, filters, _("Garder cette liste"))


@page("work_interventions")
def change(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Change the name of one's own view, who sees it, where it stands."""
    saved = _own(view_id)
    view = presets.of_saved(saved)
    target = saved.team_id or saved.territory_id
    initial = {
        "name": saved.name,
        "audience": f"{saved.audience}:{target}" if target else "me",
        "pinned": saved.pinned,
        "opens_for": saved.opens_for,
    }
    form = ViewForm(posted(request), led=led(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_view(view_id, **_kept(form))
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("La vue est changée."))
            return see("work:views")
    return _form(
        request, form, view.filters or Filters(), _("Changer la vue « %(name)s »") % {"name": saved.name}
    )


@page("work_interventions")
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Take a view away, once its words were read."""
    if request.method == "POST":
        remove_view(view_id)
        messages.success(request, _("La vue est retirée. Les demandes, elles, n’ont pas changé."))
        return see("work:views")
    view = SavedView.objects.select_related("team", "territory").filter(pk=view_id).first()
    if view is None:
        raise Unknown(_("Cette vue n’existe pas, ou n’est plus montrée."), code="view-unknown")
    return render(request, "work/remove_view.html", {"view": view})


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, be it empty; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def _own(view_id: UUID) -> SavedView:
    view = SavedView.objects.filter(pk=view_id, owner_id=human()).first()
    if view is None:
        raise Unknown(_("Cette vue n’existe pas, ou n’est pas à vous."), code="view-unknown")
    return view


def _kept(form: ViewForm) -> dict[str, Any]:
    given = form.cleaned_data
    kind, _colon, key = given["audience"].partition(":")
    return {
        "name": given["name"],
        "pinned": given["pinned"],
        "opens_for": given["opens_for"],
        **({kind: UUID(key)} if key else {}),
    }


def _form(request: HttpRequest, form: ViewForm, filters: Filters, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "chips": chips(filters, places_of(Filters()).names),
        "query": filters.query(),
    }
    return render(request, "work/view.html", context, status=TO_CORRECT if form.errors else 200)
