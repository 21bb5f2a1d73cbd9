"""Reasons × causes with their denominators, the rows behind each figure, and the list that the back office keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.pages import Page
from gruppetto.registry.people.reads import display_names
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.causes import reads, verbs
from gruppetto.service.contacts.models import ContactReason

PERIODS = ((30, gettext_lazy("30 jours")), (90, gettext_lazy("90 jours")), (365, gettext_lazy("1 an")))
USUAL = 90
NONE = "sans"


class CauseForm(forms.Form):
    """A new cause, in a few words."""

    label = forms.CharField(
        label=gettext_lazy("Nouvelle cause"),
        max_length=verbs.LONGEST,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


@page("supervise")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Each reason: how often noted, for how many the cause is known, and which."""
    days, lines = _days(request), reads.counted(_since(request))
    labels, reasons = reads.cause_labels(), _reasons()
    used = [code for code in labels if any(code in line.causes for line in lines)]
    columns = [
        Column(gettext_lazy("Motif")),
        Column(gettext_lazy("Contacts"), "number"),
        Column(gettext_lazy("Cause connue"), "number"),
        *(Column(labels[code], "number") for code in used),
    ]

    def behind(count: int, line: reads.Line, **more: str) -> Cell:
        asked = urlencode({"jours": days, "motif": line.reason, **more})
        return Cell(count, f"{reverse('causes:rows')}?{asked}" if count else "")

    rows = [
        (
            reasons.get(line.reason, line.reason),
            behind(line.noted, line),
            Cell(line.found),
            *(behind(line.causes.get(code, 0), line, cause=code) for code in used),
        )
        for line in lines
    ]
    noted, found = sum(line.noted for line in lines), sum(line.found for line in lines)
    context = {"columns": columns, "rows": rows, "noted": noted, "found": found, **_period(request)}
    return render(request, "causes/table.html", context)


@page("supervise")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Without a cause yet: people who came back or complained, then the others."""
    others = request.GET.get("tous") == "1"
    found = reads.waiting(_since(request), cursor_of(request), first=not others)
    context = {"others": others, **_listed(request, found), **_period(request)}
    return render(request, "causes/waiting.html", context)


@page("supervise")
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The contacts behind a figure."""
    reason, cause = request.GET.get("motif", ""), request.GET.get("cause")
    found = reads.behind(_since(request), reason, "" if cause == NONE else cause, cursor_of(request))
    context = {
        "reason": _reasons().get(reason, ""),
        "cause": reads.cause_labels().get(cause or "", ""),
        **_listed(request, found),
        **_period(request),
    }
    return render(request, "causes/rows.html", context)


@page("supervise")
@require_POST
def find(request: HttpRequest, reason_id: UUID) -> HttpResponse:
    """Note the cause of one, and come back to the list it was chosen in."""
    back = request.POST.get("retour", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("causes:waiting")
    try:
        verbs.find(reason_id, request.POST.get("cause", ""))
    except Refused as refused:
        if refused.field is None:
            raise
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("La cause est notée."))
    return SeeOther(back)


@page("keep_catalogue")
def kept(request: HttpRequest) -> HttpResponse:
    """The list of causes, and a new one."""
    form = CauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.add(form.cleaned_data["label"])
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("La cause est dans la liste."))
            return see("causes:kept")
    context = {"form": form, "causes": reads.causes_in_force(now())}
    return render(request, "causes/kept.html", context, status=TO_CORRECT if form.errors else 200)


@page("keep_catalogue")
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take one out of the list; what was found keeps it."""
    verbs.retire(code)
    messages.success(request, _("La cause n’est plus proposée. Les contacts déjà vus la gardent."))
    return see("causes:kept")


def _listed(request: HttpRequest, found: Page[ContactReason]) -> dict[str, Any]:
    reasons, known = _reasons(), reads.found_for(found.rows)
    names = display_names(row.subject_id for row in found.rows if row.subject_id)
    items = [
        {
            "row": row,
            "reason": reasons.get(row.reason, row.reason),
            "person": names.get(row.subject_id, "") if row.subject_id else "",
            "again": row.rank > 1 and not row.not_counted,
            "cause": known.get(row.pk, ""),
        }
        for row in found.rows
    ]
    return {
        "items": items,
        "causes": list(reads.causes_in_force(now())),
        "after": str(found.cursor or ""),
        "here": request.get_full_path(),
    }


def _period(request: HttpRequest) -> dict[str, Any]:
    return {"days": _days(request), "periods": PERIODS}


def _days(request: HttpRequest) -> int:
    typed = request.GET.get("jours", "")
    return int(typed) if typed in {str(days) for days, _label in PERIODS} else USUAL


def _since(request: HttpRequest) -> datetime:
    return now() - timedelta(days=_days(request))


def _reasons() -> dict[str, str]:
    return dict(Reason.objects.order_by("valid_from").values_list("code", "label"))
