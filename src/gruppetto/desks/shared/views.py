"""The living style guide: every building block in every state, the reference of the three desks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gruppetto.desks.shared.style_guide import sample
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now

SHEETS = {
    "": "shared/style_guide/blocks.html",
    "bureau": "shared/style_guide/desk.html",
    "porte": "shared/style_guide/door.html",
    "chiffres": "shared/style_guide/figures.html",
}


@page(signed_in=True)
def style_guide(request: HttpRequest, sheet: str = "") -> HttpResponse:
    """One sheet of the guide; invented people only."""
    view = "detail" if request.GET.get("vue") == "fiche" else "list"
    return render(request, SHEETS[sheet], {**sample(now()), "view": view})
