"""What happens now: the figures, the load, and the rail that stands beside every list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gruppetto.desks.supervision.board import board, load_chart
from gruppetto.kernel.access.rules import page


@page("supervise")
def home(request: HttpRequest) -> HttpResponse:
    """The figures of the moment, each leading to its rows, and the work of each person."""
    return render(request, "supervision/home.html", {"board": board(), "load": load_chart()})


@page("supervise")
def figures(request: HttpRequest) -> HttpResponse:
    """The figures alone, read again when something happens."""
    return render(request, "supervision/parts/figures.html", {"board": board()})


@page("supervise")
def load(request: HttpRequest) -> HttpResponse:
    """The load alone."""
    return render(request, "supervision/parts/load.html", {"load": load_chart()})


@page("supervise")
def rail(request: HttpRequest) -> HttpResponse:
    """The counts of the rail; ``ici`` is the queue on screen."""
    return render(
        request, "supervision/parts/rail.html", {"board": board(), "here": request.GET.get("ici", "")}
    )
