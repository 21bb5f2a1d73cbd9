"""Pages for everybody, without signing in: large type, few words, the phone number in sight."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from gruppetto.desks.portal.published import as_json, published
from gruppetto.desks.shared.figures import Column
from gruppetto.desks.shared.promises import opening
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.identifiers.dates import day_text

A_WEEK = 7
FRESH = 300
"""Seconds a reader may keep the JSON: the figures are counted once a night."""


@page(public="what we promise, and how well it is kept, is for everybody to read")
def engagements(request: HttpRequest) -> HttpResponse:
    """What we promise and how well it was kept (6 queries)."""
    shown = published(now())
    today = shown.at.astimezone(PARIS).date()
    days = [today + timedelta(days=n) for n in range(A_WEEK)]
    return render(
        request,
        "portal/engagements.html",
        {
            "shown": shown,
            "answer_columns": [
                Column(_("Votre demande")),
                Column(_("Réponse au plus tard sous")),
                Column(_("Résultat")),
            ],
            "answers": [[line.label, line.delay, line.said] for line in shown.grades],
            "channel_columns": [Column(_("Vous nous joignez")), Column(_("Sous")), Column(_("Résultat"))],
            "channels": [[line.label, line.delay, line.said] for line in shown.channels],
            "kind_columns": [
                Column(_("Démarche")),
                Column(_("Réponse au plus tard sous")),
                Column(_("Résultat")),
            ],
            "kinds": [[line.label, line.delay, line.said] for line in shown.kinds],
            "day_columns": [Column(_("Jour")), Column(_("Horaires"))],
            "days": [
                [day_text(day).capitalize(), opening(shown.hours.periods(day)) or _("Fermé")] for day in days
            ],
        },
    )


@page(public="what we promise, and how well it is kept, is for everybody to read")
@cache_control(public=True, max_age=FRESH)
def engagements_json(request: HttpRequest) -> HttpResponse:
    """The same for machines (6 queries)."""
    return JsonResponse(as_json(published(now())), json_dumps_params={"ensure_ascii": False})
