"""Absences of the teams."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from gruppetto.desks.shared import absences as shared
from gruppetto.desks.supervision.teams import members, my_teams
from gruppetto.kernel.access.rules import page


@page("supervise")
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away, now and later."""
    return shared.list_absences(request, "supervision/absences.html", members(my_teams()))


@page("lead_team")
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an absence, after seeing what it changes."""
    return shared.declare(request, "supervision/absence.html", members(my_teams()), "supervision:absences")
