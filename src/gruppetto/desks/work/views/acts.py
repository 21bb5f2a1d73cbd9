"""Acts on many interventions: chosen, counted, decided, told, put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.lists import LIST
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther, see
from gruppetto.desks.work.forms import ActForm
from gruppetto.kernel.access.rules import abilities_of, page
from gruppetto.kernel.actors import current_actor, human
from gruppetto.kernel.clock import now
from gruppetto.kernel.errors import NotYours, Refused
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.reads import with_names
from gruppetto.service.worklists import verbs
from gruppetto.service.worklists.acts import ACTS, Act, act_of
from gruppetto.service.worklists.filters import Filters
from gruppetto.service.worklists.models import BulkAct, BulkLine
from gruppetto.service.worklists.verbs.bulk import UNDO_WITHIN, get

State = BulkAct.State
SHOWN = 200


@page("work_interventions")
def choose(request: HttpRequest) -> HttpResponse:
    """Take the rows picked in the list, or all of them, and ask what to do."""
    if request.method != "POST":
        return see("work:list")
    query = request.POST.get("query", "")
    try:
        if "tout" in request.POST:
            bulk = verbs.prepare(filters=Filters.parse(dict(QueryDict(query).lists())))
        else:
            bulk = verbs.prepare(ids=_keys(request.POST.getlist("id")))
    except Refused as refused:
        messages.error(request, str(refused.message))
        return SeeOther(f"{LIST}?{query}" if query else LIST)
    return see("work:act", bulk.pk)


@page("work_interventions")
def mine(request: HttpRequest) -> HttpResponse:
    """One's last acts: those to go on with, those that can still be put back."""
    lines = BulkLine.objects.filter(bulk=OuterRef("pk")).order_by().values("bulk")
    found = (
        BulkAct.objects.filter(account_id=human())
        .exclude(state=State.PREPARED)
        .annotate(size=Subquery(lines.annotate(size=Count("pk")).values("size")))
        .order_by("-prepared_at", "-id")
    )
    return render(request, "work/acts.html", {"acts": [_told(bulk) for bulk in found[:25]]})


@page("work_interventions")
def one(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """What can be done to those chosen, with the count of each; then the act, how far it is, what came of it."""
    bulk = get(bulk_id)
    if bulk.state != State.PREPARED:
        return _progress(request, bulk)
    code = request.GET.get("geste", "")
    if not code:
        return render(request, "work/choose_act.html", {"bulk": bulk, **_possible(bulk)})
    act = act_of(code)
    if act.ability not in abilities_of(current_actor().role):
        raise NotYours(_("Votre rôle ne permet pas ce geste."), code="ability-missing")
    form = ActForm(act, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            if form.is_valid():
                verbs.decide(
                    bulk.pk, act.code, {name: str(value) for name, value in form.cleaned_data.items()}
                )
                verbs.go_on(bulk.pk)
                return see("work:act", bulk.pk)
        except Refused as refused:
            say_no(form, refused)
    context = {"bulk": bulk, "act": act, "form": form, **_possible(bulk)}
    context["possible"] = next(found for found in context["acts"] if found["act"] is act)["possible"]
    return render(request, "work/act.html", context, status=TO_CORRECT if form.errors else 200)


@page("work_interventions")
def go_on(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """Do the next rows; the page asks again by itself until it is done."""
    if request.method != "POST":
        return see("work:act", bulk_id)
    verbs.go_on(bulk_id)
    if request.headers.get("HX-Request"):
        return _progress(request, get(bulk_id), "work/parts/progress.html")
    return see("work:act", bulk_id)


@page("work_interventions")
def undo(request: HttpRequest, bulk_id: UUID) -> HttpResponse:
    """Put back what nobody touched since."""
    if request.method == "POST":
        try:
            verbs.undo(bulk_id)
        except Refused as refused:
            messages.error(request, str(refused.message))
    return see("work:act", bulk_id)


def _keys(typed: list[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in typed]
    except ValueError:
        raise Refused(_("Choisissez au moins une demande de la liste."), code="bulk-empty") from None


def _possible(bulk: BulkAct) -> dict[str, Any]:
    """How many were chosen, and how many of them each act is possible for (1 query)."""
    by_state = dict(
        Intervention.objects.filter(pk__in=bulk.lines.values("intervention_id"))
        .values_list("state")
        .annotate(Count("pk"))
        .order_by("state")
    )
    able = abilities_of(current_actor().role)
    return {
        "chosen": sum(by_state.values()),
        "acts": [
            {"act": act, "possible": sum(n for state, n in by_state.items() if act.allowed(state))}
            for act in ACTS.values()
            if act.ability in able
        ],
        "back": f"{LIST}?{bulk.query}" if bulk.query else LIST,
    }


def _progress(request: HttpRequest, bulk: BulkAct, template: str = "work/done.html") -> HttpResponse:
    act = act_of(bulk.act)
    lines = list(
        bulk.lines.filter(state__in=[BulkLine.State.REFUSED, BulkLine.State.KEPT])
        .select_related("intervention")
        .order_by("rank")[:SHOWN]
    )
    with_names([line.intervention for line in lines])
    context = {
        **_told(bulk),
        "left": [
            {
                "href": reverse("correspondent:intervention", args=[line.intervention_id]),
                "reference": line.intervention.reference,
                "person": line.intervention.person,  # type: ignore[attr-defined]  # given by with_names
                "why": line.why,
            }
            for line in lines
        ],
        "back": f"{LIST}?{bulk.query}" if bulk.query else LIST,
        "act": act,
    }
    return render(request, template, context)


def _told(bulk: BulkAct) -> dict[str, Any]:
    """An act and its numbers, in words (1 query)."""
    act = act_of(bulk.act)
    counted = dict(bulk.lines.values_list("state").annotate(Count("pk")).order_by("state"))
    total = sum(counted.values())
    left = counted.get(BulkLine.State.TO_DO, 0)
    return {
        "bulk": bulk,
        "act": act,
        "total": total,
        "so_far": total - left,
        "running": bulk.state == State.RUNNING,
        "said": _said(act, bulk, counted, total),
        "refused": counted.get(BulkLine.State.REFUSED, 0),
        "kept": counted.get(BulkLine.State.KEPT, 0),
        "undo_until": _undo_until(act, bulk, counted),
    }


def _said(act: Act, bulk: BulkAct, counted: dict[str, int], total: int) -> str:
    if bulk.state == State.UNDONE:
        number = counted.get(BulkLine.State.UNDONE, 0)
        words = ngettext("%(n)s demande remise comme avant", "%(n)s demandes remises comme avant", number)
        return words % {"n": number}
    number = counted.get(BulkLine.State.DONE, 0)
    words = ngettext("%(n)s demande %(done)s sur %(total)s", "%(n)s demandes %(done)s sur %(total)s", number)
    return words % {"n": number, "done": act.done, "total": total}


def _undo_until(act: Act, bulk: BulkAct, counted: dict[str, int]) -> Any:
    """Until when it can be put back; None when it cannot."""
    if (
        not act.undone
        or bulk.state != State.DONE
        or bulk.done_at is None
        or not counted.get(BulkLine.State.DONE)
    ):
        return None
    until = bulk.done_at + UNDO_WITHIN
    return until if until > now() else None
