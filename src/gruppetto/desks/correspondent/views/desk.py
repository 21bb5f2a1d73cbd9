"""The desk itself: the next task, today's work in one list, the counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gruppetto.desks.correspondent import work
from gruppetto.kernel.access.rules import page

# What a day is judged by; the rail counts the rest.
TILES = ("moi", "retard", "confirmer")


@page("work_interventions")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do now, and everything there is to do, oldest due first."""
    context = {**work.desk(request), "next": work.task(request)}
    tiles = [shelf for shelf in context["shelves"] if shelf.queue.code in TILES]
    return render(request, "correspondent/home.html", {**context, "tiles": tiles})


@page("work_interventions")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The list alone, read again when the reader asks for what is new."""
    return render(request, "correspondent/list_fragment.html", work.desk(request))
