"""Staff records and absences. Accounts are an administrator's: here, who works, when, in which languages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.backoffice.forms import ChangeForm, HireForm, RecordForm, week_of
from gruppetto.desks.shared import absences as shared
from gruppetto.desks.shared.context import ROLES
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.hours import hours_text
from gruppetto.desks.shared.looks import Look
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import phones
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.staff import reads, verbs
from gruppetto.registry.staff.models import Absence, Staff

DEFAULT_DAY = "8 h 30 – 12 h 30, 13 h 30 – 16 h 30"
FACTS = ("phone", "takes_calls", "languages", "skills")


@page("keep_staff")
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody with a record, and the accounts that still need one."""
    away = set(Absence.objects.filter(during__contains=today()).values_list("staff_id", flat=True))
    return render(
        request,
        "backoffice/staff.html",
        {
            "to_hire": [(one, ROLES.get(one.role, "")) for one in reads.accounts_without_record()],
            "columns": [
                Column(_("Nom")),
                Column(_("Rôle")),
                Column(_("Heures par semaine"), "number", 1),
                Column(_("Prend des appels")),
                Column(_("Depuis")),
                Column(_("Aujourd’hui")),
            ],
            "rows": [_row(one, one.pk in away) for one in reads.everybody()],
        },
    )


@page("keep_staff")
def hire(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Open the record of an account, with the usual week."""
    account = reads.account(account_id)
    usual = {f"day_{number}": DEFAULT_DAY for number in range(1, 6)}
    form = HireForm(request.POST or None, initial={**usual, "starts": today(), "languages": ["fr"]})
    if request.method == "POST" and form.is_valid():
        try:
            record = verbs.hire(account_id, form.cleaned_data["starts"], form.week, **_facts(form))
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("La fiche est ouverte."))
            return see("backoffice:staff_record", record.pk)
    return render(
        request,
        "backoffice/hire.html",
        {
            "form": form,
            "account": account,
            "role": ROLES.get(account.role, ""),
            "staff_href": reverse("backoffice:staff"),
        },
        status=TO_CORRECT if form.errors else 200,
    )


@page("keep_staff")
def record(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """One record: what it says, and changing it."""
    known = reads.record(staff_id)
    initial = {name: getattr(known, name) for name in (*FACTS, "ends")}
    initial["phone"] = phones.display(known.phone) if known.phone else ""
    form = ChangeForm(request.POST or None, initial={**initial, **week_of(known)})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_record(staff_id, ends=form.cleaned_data["ends"], **_facts(form))
            if any(name.startswith("day_") for name in form.changed_data):
                verbs.change_hours(staff_id, form.week)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("La fiche est à jour."))
            return see("backoffice:staff_record", staff_id)
    return render(
        request,
        "backoffice/staff_record.html",
        {"form": form, "known": known, "facts": _shown(known), "staff_href": reverse("backoffice:staff")},
        status=TO_CORRECT if form.errors else 200,
    )


@page("keep_staff")
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away, now and later."""
    return shared.list_absences(request, "backoffice/absences.html", list(reads.everybody()))


@page("keep_staff")
def declare_absence(request: HttpRequest) -> HttpResponse:
    """Declare an absence, after seeing what it changes."""
    there = [one for one in reads.everybody() if one.account.is_active]
    return shared.declare(request, "backoffice/absence.html", there, "backoffice:absences")


def _facts(form: RecordForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in FACTS}


def _row(one: Staff, away: bool) -> list[object]:
    if not one.account.is_active or (one.ends and one.ends < today()):
        look = Look(_("Parti"), "neutral", "box-arrow-right")
    elif away:
        look = Look(_("Absent"), "warning", "calendar-x")
    else:
        look = Look(_("Présent"), "good", "person-check")
    return [
        Cell(one.account.name, reverse("backoffice:staff_record", args=[one.pk])),
        str(ROLES.get(one.account.role, "")),
        reads.weekly_hours(one),
        _("oui") if one.takes_calls else _("non"),
        day_text(one.starts, year=True, weekday=False),
        Cell(look=look),
    ]


def _shown(known: Staff) -> list[tuple[str, object]]:
    held = Portfolio.objects.filter(
        holdings__staff=known, holdings__capacity="holder", holdings__during__contains=today()
    )
    return [
        (_("Rôle"), str(ROLES.get(known.account.role, ""))),
        (_("Courriel"), known.account.email),
        (_("Premier jour"), day_text(known.starts, year=True)),
        (_("Tient aujourd’hui"), ", ".join(str(one) for one in held.distinct().order_by("id")) or _("rien")),
        (
            _("Horaires"),
            hours_text(known.working_times.all())
            and _("%(hours)s heures par semaine") % {"hours": f"{reads.weekly_hours(known):g}"},
        ),
    ]
