"""What is asked turns out to be something else, or to be more or less pressing: the promise follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused
from gruppetto.service.catalogue.reads import kind_version, kinds_in_force
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.verbs import change_kind, change_urgency
from gruppetto.service.interventions.verbs.steps import get
from gruppetto.service.notices.delays import announced


class WhyForm(forms.Form):
    """Why the promise changes: the person may ask."""

    why = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=300,
        help_text=gettext_lazy("La personne peut le demander."),
    )


class KindForm(WhyForm):
    """Another kind of request."""

    kind = forms.ChoiceField(label=gettext_lazy("La bonne démarche"))
    field_order = ("kind", "why")

    def __init__(self, data: Any = None, *, but: str) -> None:
        super().__init__(data, auto_id="kind_%s")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice field
            (kind.code, kind.label) for kind in kinds_in_force(now()) if kind.code != but
        ]


@page("work_interventions")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """Change the kind or the urgency of a request that waits for its answer."""
    found = get(intervention_id)
    asked = request.POST.get("form")
    kind = KindForm(request.POST if asked == "kind" else None, but=found.kind)
    urgency = WhyForm(request.POST if asked == "urgency" else None, auto_id="urgency_%s")
    form = kind if asked == "kind" else urgency
    if asked and form.is_valid():
        try:
            changed = _change(found, form)
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("C’est changé. La promesse faite à la personne a suivi."))
            return see("correspondent:intervention", changed.pk)
    return render(
        request,
        "correspondent/change.html",
        {
            "intervention": found,
            "announced": announced([found.pk]).get(found.pk),
            "now": kind_version(found.kind, found.kind_version).label,
            "kind_form": kind,
            "urgency_form": urgency,
        },
        status=TO_CORRECT if form.errors else 200,
    )


def _change(found: Intervention, form: WhyForm) -> Intervention:
    why = form.cleaned_data["why"]
    if isinstance(form, KindForm):
        return change_kind(found.pk, form.cleaned_data["kind"], why)
    return change_urgency(found.pk, not found.urgent, why)
