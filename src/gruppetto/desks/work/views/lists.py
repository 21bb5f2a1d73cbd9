"""The list of interventions: one page for all, its filters, its file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT
from gruppetto.desks.work.forms import FilterForm
from gruppetto.desks.work.lines import chips, lines
from gruppetto.desks.work.reading import shelves, wanted
from gruppetto.kernel.access.rules import abilities_of, page
from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.errors import Refused
from gruppetto.service.worklists import exporting, reads
from gruppetto.service.worklists.fields import FIELDS
from gruppetto.service.worklists.filters import ORDERS


@page("work_interventions")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The list that the address asks for; what it cannot ask is said beside the filter, and what was typed stays."""
    try:
        found = wanted(request)
    except Refused as refused:
        if not refused.code.startswith("filter"):
            raise
        return _filters(request, refused)
    asked = reads.ask(found.filters)
    alone = request.headers.get("HX-Target") == "list"
    shown = reads.page(asked, cursor_of(request), beside=() if alone else found.beside)
    context = {
        "wanted": found,
        "title": found.view.label if found.view else _("Liste filtrée"),
        "lines": lines(shown.rows, asked.names),
        "shown": len(shown.rows),
        "after": shown.after,
        "total": shown.total,
        "chips": chips(found.filters, asked.names),
        "order": ORDERS[found.filters.way],
        "one_portfolio": len(asked.names) < 2,
        "may_assign": "assign_interventions" in abilities_of(current_actor().role),
    }
    if alone:
        return render(request, "work/parts/list.html", context)
    return render(request, "work/list.html", {**context, "shelves": shelves(found, shown.beside)})


@page("work_interventions")
@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """All the filters on one page, those of the list filled in."""
    try:
        found = wanted(request)
    except Refused as refused:
        return _filters(request, refused)
    return render(request, "work/filters.html", _groups(FilterForm(initial=found.filters)))


@page("work_interventions")
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The list as a file for a spreadsheet: the whole answer is built in the act (decisions 1)."""
    content = exporting.export(wanted(request).filters)
    return HttpResponse(
        content,
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="demandes.csv"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _filters(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page of the filters with what was typed, and why it cannot be."""
    form = FilterForm(request.GET)
    form.is_valid()
    form.errors.clear()
    say_no(form, refused)
    return render(request, "work/filters.html", _groups(form), status=TO_CORRECT)


# The questions asked most often stand open; the others one key away.
FIRST = ("etat", "qui", "retard", "echeance", "urgent", "cote", "depuis")


def _groups(form: FilterForm) -> dict[str, Any]:
    rest = [name for name in FIELDS if name not in FIRST]
    return {
        "form": form,
        "first": [form[name] for name in FIRST],
        "others": [form[name] for name in rest],
        "open": any(form.errors.get(name) or form.initial.get(name) for name in rest),
        "order": form["tri"],
    }
