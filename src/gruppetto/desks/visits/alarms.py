"""Alarms of colleagues: on every page as long as one is open, taken by one, closed with what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.names import names_of
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.desks.visits.forms import CloseForm, TakeOverForm
from gruppetto.desks.visits.help_lines import rescue
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import human
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.visits import reads, verbs
from gruppetto.service.visits.models import Visit

S = Visit.State
COLUMNS = [
    Column(gettext_lazy("Collègue")),
    Column(gettext_lazy("Alarme donnée")),
    Column(gettext_lazy("Pourquoi")),
    Column(gettext_lazy("Qui s’en est chargé")),
    Column(gettext_lazy("Ce qui s’est passé")),
]
LOOKS: dict[str, Look] = {
    S.RAISED: Look(gettext_lazy("Personne ne s’en occupe encore"), "danger", "alarm"),
    S.TAKEN: Look(gettext_lazy("Quelqu’un s’en occupe"), "warning", "person-check"),
    S.CLOSED: Look(gettext_lazy("Close"), "neutral", "check2"),
}


@dataclass(frozen=True)
class Shown:
    """An alarm with the names in it; ``ours``: is it in the hands of who looks?"""

    visit: Visit
    visitor: str
    taker: str
    ours: bool
    look: Look


@page("answer_alarms")
@require_safe
def band(request: HttpRequest) -> HttpResponse:
    """What stands on every page: alarms to answer, and one's own visit under way; mostly nothing. Two queries."""
    me = human()
    mine = reads.mine(me)
    return render(request, "visits/band.html", {"alarms": _shown(reads.to_answer(me), me), "mine": mine})


@page("answer_alarms")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Alarms that reached one: open ones first, then those closed."""
    me = human()
    found = reads.closed(me, cursor_of(request))
    names = names_of(key for visit in found.rows for key in (visit.account_id, visit.taken_by))
    rows = [
        (
            Cell(names.get(visit.account_id, ""), href=reverse("visits:alarm", args=[visit.pk])),
            visit.raised_at,
            capfirst(str(visit.get_how_display())),
            names.get(visit.taken_by, ""),
            capfirst(str(visit.get_finding_display())),
        )
        for visit in found.rows
    ]
    context = {
        "alarms": _shown(reads.to_answer(me), me),
        "columns": COLUMNS,
        "rows": rows,
        "after": str(found.cursor or ""),
    }
    return render(request, "visits/alarms.html", context)


@page("answer_alarms")
@require_safe
def one(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One alarm: who, where, since when, what to do. The look is written."""
    return _page(request, verbs.read(visit_id))


@page("answer_alarms")
@require_POST
def act(request: HttpRequest, visit_id: UUID, step: str) -> HttpResponse:
    """Take an alarm, take it over, or close it. Said too late, the page shows who was first."""
    visit = verbs.read(visit_id)
    form: forms.Form = forms.Form(request.POST)
    try:
        if step == "prendre":
            verbs.take(visit_id)
            messages.success(request, _("Vous vous en occupez. Les autres le voient."))
        elif step == "reprendre":
            form = TakeOverForm(visit, request.POST)
            if form.is_valid():
                verbs.take_over(visit_id, form.cleaned_data["from_account"])
                messages.success(request, _("Vous vous en occupez. Les autres le voient."))
        elif step == "clore":
            form = CloseForm(request.POST)
            if form.is_valid():
                verbs.close(visit_id, **form.cleaned_data)
                messages.success(request, _("L’alarme est close."))
        else:
            raise Unknown(_("Cette étape n’existe pas."), code="step-unknown")
    except Refused as refused:
        if refused.field is None:
            raise
        say_no(form, refused)
    if form.errors:
        return _page(request, visit, form)
    return see("visits:alarm", visit_id)


def _page(request: HttpRequest, visit: Visit, typed: forms.Form | None = None) -> HttpResponse:
    me = human()
    (shown,) = _shown([visit], me)
    context: dict[str, Any] = {
        "shown": shown,
        "visit": visit,
        "lines": rescue(now()),
        "discreet": visit.how == Visit.How.DISCREET,
        "called": sorted(name for name in names_of(visit.alerted).values()),
        "close": typed or CloseForm() if shown.ours and visit.state == S.TAKEN else None,
        "over": TakeOverForm(visit) if visit.state == S.TAKEN and not shown.ours else None,
        "typed": typed,
    }
    return render(request, "visits/alarm.html", context, status=TO_CORRECT if typed else 200)


def _shown(visits: list[Visit], me: UUID) -> list[Shown]:
    names = names_of(key for visit in visits for key in (visit.account_id, visit.taken_by)) if visits else {}
    return [
        Shown(
            visit,
            names.get(visit.account_id, ""),
            names.get(visit.taken_by, ""),
            visit.taken_by == me,
            LOOKS[visit.state],
        )
        for visit in visits
    ]
