"""Pages of the tests alone: one without a rule, one that asks for an ability nobody at a telephone has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from gruppetto.kernel.access.rules import page
from gruppetto.kernel.access.sessions import mine


def no_rule(request: HttpRequest) -> HttpResponse:
    """A page somebody forgot to close."""
    return HttpResponse("ouvert")


@page("administer")
def for_administrators(request: HttpRequest) -> HttpResponse:
    """Says who is in."""
    return HttpResponse(str(len(mine())))


urlpatterns = [
    path("oubliee/", no_rule),
    path("reservee/", for_administrators),
    path("", include("gruppetto.settings.urls")),
]
