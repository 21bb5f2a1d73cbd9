"""Finding a person, and their record from all sides."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from gruppetto.desks.correspondent.dossier import dossier
from gruppetto.kernel import journal
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.registry.geography.reads import communes_of
from gruppetto.registry.people.reads import needs_to_review
from gruppetto.registry.people.reads import search as find


class SearchForm(forms.Form):
    """What one knows of somebody: a name, a number, a birth date."""

    who = forms.CharField(
        label=_("Nom, téléphone ou date de naissance"),
        help_text=_("Par exemple « Roux », « 06 12 34 56 78 » ou « Roux 3/5/48 »."),
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
    """A person from all sides; each opening is a look, shown on the page itself."""
    return render(request, "correspondent/person.html", {"dossier": dossier(person_id)})


@page("see_persons")
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """The communes of a postcode, for the address form."""
    found = communes_of(request.GET.get("code_postal", "")[:10])
    return JsonResponse([{"code": one.code, "name": one.name} for one in found], safe=False)
