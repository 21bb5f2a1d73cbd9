"""What the back office keeps, and what waits for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now, today
from gruppetto.registry.organisations.reads import unchecked
from gruppetto.registry.people.models import StartingList
from gruppetto.registry.staff.models import Absence
from gruppetto.registry.staff.reads import accounts_without_record
from gruppetto.service.catalogue.models import DistressGuide, HelpLine, KindVersion
from gruppetto.service.catalogue.reads import in_force


@page("keep_catalogue")
def home(request: HttpRequest) -> HttpResponse:
    """Each thing kept, with how much of it waits (7 queries)."""
    running = in_force(now())
    return render(
        request,
        "backoffice/home.html",
        {
            "lists": StartingList.objects.filter(state=StartingList.State.PREVIEW).count(),
            "organisations": unchecked(today()).count(),
            "kinds": KindVersion.objects.filter(running, published=True, checked_on=None).count(),
            "help_lines": HelpLine.objects.filter(running, checked_on=None).count(),
            "guides": DistressGuide.objects.filter(running, checked_on=None).count(),
            "to_hire": len(accounts_without_record()),
            "links": {
                "lists": reverse("backoffice:lists"),
                "organisations": f"{reverse('backoffice:organisations')}?a_verifier=on",
                "kinds": reverse("backoffice:catalogue"),
                "help_lines": f"{reverse('backoffice:catalogue')}#help",
                "guides": f"{reverse('backoffice:catalogue')}#guides",
                "staff": reverse("backoffice:staff"),
                "absences": reverse("backoffice:absences"),
            },
            "away": Absence.objects.filter(during__contains=today()).count(),
        },
    )
