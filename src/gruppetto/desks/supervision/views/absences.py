"""Absences of the teams: those known, and declaring one after seeing who steps in and what stays uncovered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.figures import Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.forms import AbsenceConfirmed, AbsenceForm
from gruppetto.desks.supervision.layout import PAGE, cursor_of
from gruppetto.desks.supervision.teams import members, my_teams
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.coverage.previews import absence_preview
from gruppetto.registry.coverage.reads import today
from gruppetto.registry.coverage.verbs import declare_absence
from gruppetto.registry.staff.models import Absence


@page("supervise")
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away, now and later; newest noted first."""
    team = members(my_teams())
    known = Absence.objects.filter(staff__in=team, during__endswith__gt=today()).select_related(
        "staff__account"
    )
    found = keyset(known, ["-id"], cursor_of(request), PAGE)
    rows = sorted(found.rows, key=lambda one: (one.during.lower, one.staff.account.name))
    return render(
        request,
        "supervision/absences.html",
        {
            "columns": [
                Column(_("Qui")),
                Column(_("Premier jour")),
                Column(_("Dernier jour")),
                Column(_("Motif")),
            ],
            "rows": [_row(one) for one in rows],
            "after": str(found.cursor or ""),
        },
    )


@page("lead_team")
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an absence: chosen, shown with what it changes, then confirmed."""
    team = members(my_teams())
    if request.method == "POST":
        form = AbsenceConfirmed(request.POST, colleagues=team)
        if form.is_valid():
            who, first, last, why = (form.cleaned_data[name] for name in ("staff", "first", "last", "reason"))
            try:
                declare_absence(UUID(who), first, last, why)
            except Refused as refused:
                say_no(form, refused)
            else:
                messages.success(request, _("L’absence est notée."))
                return SeeOther(reverse("supervision:absences"))
        return _page(request, form, TO_CORRECT)
    asked: Any = request.GET if "staff" in request.GET else None
    return _page(request, AbsenceForm(asked, colleagues=team))


def _page(request: HttpRequest, form: AbsenceForm, status: int = 200) -> HttpResponse:
    decided = form.cleaned_data if form.is_bound and form.is_valid() else {}
    confirming = isinstance(form, AbsenceConfirmed)
    known = {name: decided[name] for name in ("staff", "first", "last") if name in decided}
    if confirming and not decided:
        known = {
            name: form.cleaned_data[name] for name in ("staff", "first", "last") if name in form.cleaned_data
        }
    preview = (
        absence_preview(UUID(known["staff"]), known["first"], known["last"]) if len(known) == 3 else None
    )
    if preview is not None and not confirming:
        form = AbsenceConfirmed(colleagues=members(my_teams()), initial=known)
    return render(
        request,
        "supervision/absence.html",
        {
            "form": form,
            "preview": preview,
            "facts": [
                (_("Qui"), preview.staff.account.name),
                (_("Du"), day_text(known["first"], year=True)),
                (_("Au"), day_text(known["last"], year=True)),
            ]
            if preview
            else [],
        },
        status=status,
    )


def _row(one: Absence) -> list[Any]:
    return [
        one.staff.account.name,
        day_text(one.during.lower, year=True),
        day_text(one.during.upper - timedelta(days=1), year=True),
        str(one.get_reason_display()).capitalize(),
    ]
