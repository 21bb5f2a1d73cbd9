"""The desk itself: the next task, today's work in one list, the counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gruppetto.desks.correspondent import work
from gruppetto.kernel.access.rules import page


@page("work_interventions")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do now, and everything there is to do, oldest due first."""
    context = {**work.desk(request), "next": work.task(request)}
    return render(request, "correspondent/home.html", context)


@page("work_interventions")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The list alone, read again when the reader asks for what is new."""
    context = {**work.desk(request), "next": work.task(request)}
    return render(request, "correspondent/list_fragment.html", context)
