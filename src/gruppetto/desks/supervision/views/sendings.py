"""Sendings that wait for somebody's decision, and coordinates that carry nothing any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gruppetto.desks.shared.looks import CHANNEL
from gruppetto.desks.shared.paging import PAGE, cursor_of
from gruppetto.desks.shared.responses import see
from gruppetto.desks.shared.sendings import LOOKS
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.search.pages import lateral
from gruppetto.registry.people.reads import display_names
from gruppetto.service.interventions.reads import portfolios_in_scope
from gruppetto.service.messages import verbs
from gruppetto.service.messages.models import DeadEnd, Delivery, Message
from gruppetto.service.messages.reads import to_decide
from gruppetto.service.messages.reasons import reason

WORDS = {
    "believe": gettext_lazy("Considérer comme envoyé"),
    "again": gettext_lazy("Envoyer de nouveau"),
    "release": gettext_lazy("Envoyer quand même"),
    "by-hand": gettext_lazy("Le remettre nous-mêmes"),
}


@page("supervise")
def sendings(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, oldest first; then the coordinates to check (8 queries)."""
    scope = portfolios_in_scope()
    found = lateral(to_decide(), "portfolio_id", scope, ["queued_at"], cursor_of(request), PAGE)
    dead = lateral(DeadEnd.objects.filter(ended_at=None), "portfolio_id", scope, ["since"], None, PAGE)
    names = display_names({row.subject_id for row in found.rows} | {row.subject_id for row in dead.rows})
    titles = _titles(found.rows)
    return render(
        request,
        "supervision/sendings.html",
        {
            "sendings": [_line(row, names, titles[row.pk]) for row in found.rows],
            "after": str(found.cursor or ""),
            "dead_ends": [
                {
                    "row": row,
                    "name": names.get(row.subject_id, ""),
                    "channel": CHANNEL[row.channel],
                    "why": reason(row.code) or row.get_why_display(),
                }
                for row in dead.rows
            ],
        },
    )


@page("supervise")
@require_POST
def decide(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One of the choices that the state of the sending leaves."""
    try:
        verbs.decide(delivery_id, request.POST.get("choice", ""))
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("C’est décidé."))
    return see("supervision:sendings")


@page("supervise")
@require_POST
def end_dead_end(request: HttpRequest, dead_end_id: UUID) -> HttpResponse:
    """The coordinate was checked with the person."""
    try:
        verbs.end_dead_end(dead_end_id)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("C’est noté : nous pouvons de nouveau y écrire."))
    return see("supervision:sendings")


def _titles(rows: Sequence[Delivery]) -> dict[UUID, list[str]]:
    """The titles of what each sending carries (1 query)."""
    titles: dict[UUID, list[str]] = defaultdict(list)
    carried = Message.objects.filter(delivery_id__in=[row.pk for row in rows]).order_by("prepared_at", "id")
    for delivery_id, title in carried.values_list("delivery_id", "title"):
        if delivery_id is not None:
            titles[delivery_id].append(title)
    return titles


def _line(row: Delivery, names: dict[UUID, str], titles: list[str]) -> dict[str, Any]:
    return {
        "row": row,
        "name": names.get(row.subject_id, ""),
        "titles": titles,
        "channel": CHANNEL[row.channel],
        "state": LOOKS[row.state],
        "why": reason(row.why),
        "choices": [(code, WORDS[code]) for code in verbs.CHOICES[row.state]],
        "twice": row.state == Delivery.State.UNKNOWN,
    }
