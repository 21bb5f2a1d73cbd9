"""Declaring an absence, for the desks that may: who is away, who steps in and what stays uncovered, then confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.figures import Column
from gruppetto.desks.shared.forms import DayField, say_no
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.coverage.previews import absence_preview
from gruppetto.registry.coverage.verbs import declare_absence
from gruppetto.registry.staff.models import Absence, Staff

ASKED = ("staff", "first", "last")


def named(staff: Iterable[Staff]) -> list[tuple[str, str]]:
    """Colleagues as choices, with an empty one first."""
    return [("", str(_("Choisissez"))), *((str(one.pk), one.account.name) for one in staff)]


class AbsenceForm(forms.Form):
    """Who is away, and when: enough for the preview."""

    staff = forms.ChoiceField(label=gettext_lazy("Qui est absent ?"))
    first = DayField(
        label=gettext_lazy("Premier jour d’absence"), help_text=gettext_lazy("Par exemple 3/5 ou 3 mai 2027.")
    )
    last = DayField(
        label=gettext_lazy("Dernier jour d’absence"), help_text=gettext_lazy("Compris dans l’absence.")
    )

    def __init__(self, *args: Any, colleagues: Iterable[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = named(colleagues)  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("Le dernier jour vient après le premier."))
        return found


class AbsenceConfirmed(AbsenceForm):
    """The same, with the reason: the act itself."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Motif"),
        choices=[("", gettext_lazy("Choisissez")), *Absence.Reason.choices],
    )


def list_absences(request: HttpRequest, template: str, colleagues: Sequence[Staff]) -> HttpResponse:
    """Who among ``colleagues`` is away, today and later."""
    known = Absence.objects.filter(staff__in=colleagues, during__endswith__gt=today())
    found = keyset(known.select_related("staff__account"), ["-id"], cursor_of(request), PAGE)
    rows = sorted(found.rows, key=lambda one: (one.during.lower, one.staff.account.name))
    columns = [Column(_("Qui")), Column(_("Premier jour")), Column(_("Dernier jour")), Column(_("Motif"))]
    return render(
        request,
        template,
        {"columns": columns, "rows": [_row(one) for one in rows], "after": str(found.cursor or "")},
    )


def declare(request: HttpRequest, template: str, colleagues: Sequence[Staff], done: str) -> HttpResponse:
    """The page that declares one of ``colleagues`` away; then to the page named ``done``."""
    if request.method != "POST":
        asked: Any = request.GET if "staff" in request.GET else None
        return _page(request, template, colleagues, AbsenceForm(asked, colleagues=colleagues))
    form = AbsenceConfirmed(request.POST, colleagues=colleagues)
    if form.is_valid():
        who, first, last, why = (form.cleaned_data[name] for name in (*ASKED, "reason"))
        try:
            declare_absence(UUID(who), first, last, why)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("L’absence est notée."))
            return see(done)
    return _page(request, template, colleagues, form, TO_CORRECT)


def _page(
    request: HttpRequest, template: str, colleagues: Sequence[Staff], form: AbsenceForm, status: int = 200
) -> HttpResponse:
    if form.is_bound:
        form.is_valid()
    known = form.cleaned_data if form.is_bound else {}
    asked = {name: known[name] for name in ASKED if name in known}
    preview = (
        absence_preview(UUID(asked["staff"]), asked["first"], asked["last"]) if len(asked) == 3 else None
    )
    if preview is not None and not isinstance(form, AbsenceConfirmed):
        form = AbsenceConfirmed(colleagues=colleagues, initial=asked)
    context = {
        "form": form,
        "posting": isinstance(form, AbsenceConfirmed),
        "preview": preview,
        "facts": preview
        and [
            (_("Qui"), preview.staff.account.name),
            (_("Du"), day_text(asked["first"], year=True)),
            (_("Au"), day_text(asked["last"], year=True)),
        ],
    }
    return render(request, template, context, status=status)


def _row(one: Absence) -> list[Any]:
    return [
        one.staff.account.name,
        day_text(one.during.lower, year=True),
        day_text(one.during.upper - timedelta(days=1), year=True),
        str(one.get_reason_display()).capitalize(),
    ]
