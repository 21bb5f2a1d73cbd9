"""Contact reasons: those of today, how they were before, and changing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gruppetto.desks.backoffice.parts import line, slug
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, see
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.service.catalogue import reasons as keeping
from gruppetto.service.catalogue.files import MOST_REASONS
from gruppetto.service.catalogue.models import Reason
from gruppetto.service.catalogue.reads import reasons_in_force
from gruppetto.service.contacts.verbs import said_otherwise, settle_otherwise

MOST_SUBS = 8
PAST = 50


class ReasonForm(forms.Form):
    """A reason and its finer reasons."""

    label = forms.CharField(label=gettext_lazy("Motif"), max_length=80)
    hint = forms.CharField(label=gettext_lazy("Aide pour l’agent"), max_length=120)
    shortcut = forms.CharField(label=gettext_lazy("Touche"), max_length=1)
    repeat_days = forms.IntegerField(
        label=gettext_lazy("Réitération, en jours"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("Le même motif dans ce délai compte comme une réitération."),
    )

    def __init__(self, reason: Reason | None, data: Any = None) -> None:
        self.subs = list(reason.sub_reasons.all()) if reason else []
        shown = {f"sub_{rank}": sub.label for rank, sub in enumerate(self.subs, 1)}
        names = ("label", "hint", "shortcut", "repeat_days")
        initial = {name: getattr(reason, name) for name in names} if reason else {}
        super().__init__(data, initial={**initial, **shown})
        for rank in range(1, MOST_SUBS + 1):
            made = line(_("Sous-motif %(rank)d") % {"rank": rank})
            made.max_length = 80
            self.fields[f"sub_{rank}"] = made

    def facts(self) -> keeping.Facts:
        """What was typed, once valid; a finer reason keeps its code, an emptied one goes."""
        typed = [(rank, self.cleaned_data[f"sub_{rank}"]) for rank in range(1, MOST_SUBS + 1)]
        codes = [sub.code for sub in self.subs]
        return keeping.Facts(
            label=self.cleaned_data["label"],
            hint=self.cleaned_data["hint"],
            shortcut=self.cleaned_data["shortcut"],
            repeat_days=self.cleaned_data["repeat_days"],
            subs=[
                (codes[rank - 1] if rank <= len(codes) else slug(said), said[:80])
                for rank, said in typed
                if said
            ],
        )


@page("keep_catalogue")
def reasons(request: HttpRequest) -> HttpResponse:
    """The reasons of today, the last fifty shown before, and what was said otherwise (4 queries)."""
    shown = reasons_in_force(now())
    labels = {one.code: one.label for one in shown}
    past = Reason.objects.exclude(valid_until=None).order_by("-valid_until", "-id")[:PAST]
    return render(
        request,
        "backoffice/reasons.html",
        {
            "columns": [
                Column(_("Motif")),
                Column(_("Touche")),
                Column(_("Réitération, en jours"), "number"),
                Column(_("Sous-motifs")),
                Column(_("Depuis")),
            ],
            "rows": [
                [
                    Cell(one.label, reverse("backoffice:reason", args=[one.code])),
                    one.shortcut,
                    one.repeat_days,
                    ", ".join(sub.label for sub in one.sub_reasons.all()),
                    one.valid_from,
                ]
                for one in shown
            ],
            "past_columns": [Column(_("Motif")), Column(_("Touche")), Column(_("Du")), Column(_("Au"))],
            "past": [[one.label, one.shortcut, one.valid_from, one.valid_until] for one in past],
            "room": len(shown) < MOST_REASONS,
            "otherwise": [(one, labels.get(one.reason, one.reason)) for one in said_otherwise()],
        },
    )


@page("keep_catalogue")
def reason(request: HttpRequest, code: str = "") -> HttpResponse:
    """Change a reason, or make a new one: it is shown so from now on."""
    known = {one.code: one for one in reasons_in_force(now())}
    if code and code not in known:
        raise Unknown(_("Ce motif de contact n’existe pas."), code="unknown-reason")
    found = known.get(code)
    form = ReasonForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change_reason(code or slug(form.cleaned_data["label"]), form.facts(), new=not code)
        except Refused as refused:
            refused.field = {"subs": "sub_1"}.get(refused.field or "", refused.field)
            if refused.code == "one-reason-per-key-at-a-time":
                refused.field = "shortcut"
            say_no(form, refused)
        else:
            messages.success(request, _("C’est montré ainsi à partir de maintenant."))
            return see("backoffice:reasons")
    context = {"form": form, "reason": found, "heading": found.label if found else _("Nouveau motif")}
    return render(request, "backoffice/reason.html", context, status=TO_CORRECT if form.errors else 200)


@page("keep_catalogue")
@require_POST
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Show a reason no more."""
    keeping.end_reason(code)
    messages.success(request, _("Ce motif n’est plus proposé."))
    return see("backoffice:reasons")


@page("keep_catalogue")
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """What was said otherwise is dealt with; the words are sent, never written in an address."""
    try:
        settle_otherwise(request.POST.get("words", ""))
    except Unknown as gone:
        messages.warning(request, str(gone.message))
    else:
        messages.success(request, _("C’est traité. Ces mots reviendront ici si on les dit encore."))
    return see("backoffice:reasons")
