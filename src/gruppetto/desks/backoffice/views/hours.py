"""Where and when we are open: the week of each place, its holidays, the days unlike the others."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gruppetto.desks.backoffice.commitment_forms import (
    CALENDAR_NAMES,
    DAYS,
    PlaceForm,
    SpecialForm,
    WeekForm,
    midnight,
    text,
)
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.names import names_of
from gruppetto.desks.shared.promises import opening
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.calendars import OpeningRules
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.calendars.rules import periods_of
from gruppetto.kernel.clock import now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.geography.models import Department
from gruppetto.service.commitments import verbs
from gruppetto.service.commitments.reads import PLATFORM, hours_history, hours_of, places, special_days
from gruppetto.service.messages.hours import NAME as MESSAGES
from gruppetto.service.messages.hours import message_hours


@page("keep_commitments")
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """The places with hours of their own, and a new one."""
    departments = list(Department.objects.order_by("code").values_list("code", "name"))
    form = PlaceForm(request.POST or None, departments=departments)
    if request.method == "POST" and form.is_valid():
        try:
            opened = verbs.open_place(form.cleaned_data["label"], form.cleaned_data["department"])
        except Refused as refused:
            say_no(form, refused)
        else:
            return see("backoffice:hours_of_place", opened.code)
    at = now()
    named = dict(departments)
    rows = [(PLATFORM, _("La plate-forme"), ""), (MESSAGES, _label(MESSAGES), "")]
    rows += [(one.code, one.label, named.get(one.department, "")) for one in places(at)]
    return render(
        request,
        "backoffice/hours.html",
        {
            "form": form,
            "columns": [Column(_("Lieu")), Column(_("Demandes du département")), Column(_("Jours fériés"))],
            "rows": [
                [
                    Cell(label, reverse("backoffice:hours_of_place", args=[code])),
                    department,
                    _calendar(_rules(code, at).holidays),
                ]
                for code, label, department in rows
            ],
        },
        status=TO_CORRECT if form.errors else 200,
    )


@page("keep_commitments")
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place: its week from a day on, or its next days unlike the others."""
    label, at, asked = _label(code), now(), request.POST.get("form")
    week = WeekForm(request.POST if asked == "week" else None, rules=_week_now(code, at))
    special = SpecialForm(request.POST if asked == "day" else None)
    if asked:
        form = week if week.is_bound else special
        if form.is_valid():
            try:
                done = _set_week(week, code) if form is week else _set_day(special, code)
            except Refused as refused:
                say_no(form, refused)
            else:
                messages.success(request, done)
                return see("backoffice:hours_of_place", code)
    history = hours_history(code)
    names = names_of(one.made_by for one in history)
    rules = _rules(code, at)
    return render(
        request,
        "backoffice/hours_of_place.html",
        {
            "code": code,
            "label": label,
            # Its week only: a day when the platform is closed is no reason to ring at night.
            "of_messages": code == MESSAGES,
            "week": week,
            "special": special,
            "ahead": [
                (
                    day_text(day, year=True).capitalize(),
                    opening(rules.periods(day)) or _("Fermé"),
                    _("jour férié") if rules.is_public_holiday(day) else "",
                )
                for day in (today() + timedelta(days=n) for n in range(14))
            ],
            "ahead_columns": [Column(_("Jour")), Column(_("Horaires")), Column("")],
            "days": [
                (one, day_text(one.day, year=True), opening(periods_of(one.hours)) or _("fermé"))
                for one in special_days(code, today())
            ],
            "history_columns": [
                Column(_("À partir du")),
                Column(_("Semaine")),
                Column(_("Par")),
                Column(_("Pourquoi")),
            ],
            "history": [
                [one.valid_from, _week_opening(one.rules["week"]), names.get(one.made_by, ""), one.why]
                for one in history
            ],
        },
        status=TO_CORRECT if week.errors or special.errors else 200,
    )


@page("keep_commitments")
@require_POST
def withdraw_day(request: HttpRequest, code: str, day_id: UUID) -> HttpResponse:
    """The day is as the others again."""
    verbs.withdraw_day(day_id)
    messages.success(request, _("Ce jour redevient un jour comme les autres."))
    return see("backoffice:hours_of_place", code)


def _set_week(form: WeekForm, code: str) -> str:
    verbs.set_hours(code, form.rules(), form.cleaned_data["why"], since=midnight(form.cleaned_data["since"]))
    return _("Les horaires sont notés. Les délais déjà promis ne changent pas.")


def _set_day(form: SpecialForm, code: str) -> str:
    cleaned = form.cleaned_data
    everywhere = cleaned["everywhere"] or code == PLATFORM
    verbs.set_day(cleaned["day"], text(cleaned["hours"]), cleaned["why"], place="" if everywhere else code)
    return _("Ce jour est noté. Les délais déjà promis ne changent pas : recalculez-les si besoin.")


def _rules(code: str, at: datetime) -> OpeningRules:
    return message_hours(at) if code == MESSAGES else hours_of(code, at)


def _week_now(code: str, at: datetime) -> OpeningRules:
    """The week in force; that of the platform for a place that has none yet."""
    if code == MESSAGES:
        return message_hours(at)
    return hours_in_force(at, code if hours_history(code, 1) else PLATFORM)


def _label(code: str) -> str:
    if code == PLATFORM:
        return _("La plate-forme")
    if code == MESSAGES:
        return _("Messages qui font sonner un téléphone")
    for one in places(now()):
        if one.code == code:
            return one.label
    raise Unknown(_("Ce lieu n’existe pas."), code="place-unknown")


def _calendar(name: str | None) -> str:
    return str(dict(CALENDAR_NAMES)[name or ""])


def _week_opening(week: list[str]) -> str:
    """``lundi 8 h 30 – 12 h 30 ; …``, the days that are closed left out."""
    open_days = [
        f"{name} {opening(periods_of(hours))}" for name, hours in zip(DAYS, week, strict=True) if hours
    ]
    return " ; ".join(map(str, open_days))
