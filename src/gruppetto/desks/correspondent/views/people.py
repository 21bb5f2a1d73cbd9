"""Finding a person, and their record from all sides."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gruppetto.desks.correspondent.dossier import dossier, thread_of
from gruppetto.desks.correspondent.past import THREADS
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import SeeOther
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.geography.reads import communes_of
from gruppetto.registry.people.reads import needs_to_review
from gruppetto.registry.people.reads import search as find
from gruppetto.service.coordinates import reads as standing
from gruppetto.service.coordinates import verbs as coordinates
from gruppetto.service.coordinates.models import Standing, What


class SearchForm(forms.Form):
    """What one knows of somebody: a name, a number, a birth date."""

    who = forms.CharField(
        label=gettext_lazy("Nom, téléphone ou date de naissance"),
        help_text=gettext_lazy("Par exemple « Roux », « 06 12 34 56 78 » ou « Roux 3/5/48 »."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "type": "search"}),
    )


@page("see_persons")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search among the persons in sight. What is typed is sent, never written in an address."""
    form = SearchForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = find(form.cleaned_data["who"])
        journal.act("person.searched")
    status = 422 if form.errors else 200
    context = {"form": form, "found": found, "reviews": needs_to_review(today())}
    return render(request, "correspondent/people.html", context, status=status)


@page("see_persons")
@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A person from all sides; each opening is a look, shown on the page itself. ``fil``: which of the history."""
    found = dossier(person_id, thread_of(request.GET.get("fil", "")))
    if found.card.person.pk != person_id:
        messages.info(request, _("Cette fiche a été réunie avec une autre : voici la fiche gardée."))
        return SeeOther(reverse("correspondent:person", args=[found.card.person.pk]))
    return render(request, "correspondent/person.html", {"dossier": found, "threads": THREADS.values()})


@page("edit_persons")
@require_POST
def confirm(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One gesture: the person says that a coordinate is right, or what was sent there came back."""
    try:
        row_id = UUID(request.POST["row"]) if request.POST.get("row") else None
    except ValueError:
        raise Unknown(_("Cette ligne n’est plus dans la fiche."), code="row-unknown") from None
    back = request.POST.get("said") == "back"
    try:
        (coordinates.come_back if back else coordinates.confirm)(
            person_id, request.POST.get("what", ""), row_id
        )
    except Unknown:
        raise
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(
            request,
            _("C’est noté : à vérifier avec la personne.")
            if back
            else _("C’est noté : vérifié aujourd’hui."),
        )
    return SeeOther(reverse("correspondent:person", args=[person_id]) + "#part-phones")


@page("see_persons")
@require_safe
def to_verify(request: HttpRequest) -> HttpResponse:
    """The coordinates to verify in one's portfolios, the longest waiting first, and how many records are filled."""
    rows = standing.to_verify(cursor_of(request), PAGE)
    found = standing.rates()
    names = dict(
        Portfolio.objects.filter(pk__in=[one.portfolio_id for one in found]).values_list("pk", "name")
    )
    context = {
        "rows": [(row, words(row)) for row in rows.rows],
        "after": str(rows.cursor or ""),
        "all": standing.together(found),
        "rates": [(names.get(one.portfolio_id, ""), one) for one in found],
        "target": standing.TARGET,
        "at": now(),
    }
    return render(request, "correspondent/coordinates.html", context)


def words(row: Standing) -> list[str]:
    """What is to be verified with this person, in words."""
    said = [_("%(what)s revenu : demander le bon") % {"what": What(one).label} for one in row.returned]
    said += [
        _("%(what)s à vérifier") % {"what": What(one).label} for one in row.old if one not in row.returned
    ]
    return [*said, *(_("%(what)s à demander") % {"what": What(one).label} for one in row.missing)]


@page("see_persons")
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """The communes of a postcode, for the address form."""
    found = communes_of(request.GET.get("code_postal", "")[:10])
    return JsonResponse([{"code": one.code, "name": one.name} for one in found], safe=False)
