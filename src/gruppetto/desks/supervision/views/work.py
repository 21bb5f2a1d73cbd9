"""Interventions of the teams: lists, one of them, and who follows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gruppetto.desks.shared.deadlines import deadline
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.looks import INTERVENTION
from gruppetto.desks.shared.names import name_of, names_of
from gruppetto.desks.shared.paging import cursor_of
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.forms import AssignForm
from gruppetto.desks.supervision.items import of_intervention
from gruppetto.desks.supervision.kinds import ALL_WORK, Kind
from gruppetto.desks.supervision.layout import Listed, chosen, show
from gruppetto.desks.supervision.teams import who_may_follow
from gruppetto.kernel import journal
from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.coverage.reads import today, worker_of
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.reads import (
    InterventionPage,
    load_by_worker,
    page_of,
    portfolios_in_scope,
)
from gruppetto.service.interventions.reads import work_list as read_work
from gruppetto.service.interventions.verbs import assign as confide
from gruppetto.service.notices.delays import announced

TOPICS = "intervention.opened intervention.moved intervention.answered"


@page("supervise")
def work(request: HttpRequest) -> HttpResponse:
    """A queue of interventions, oldest deadline first."""
    return show(request, "supervision/work.html", _listed(request))


@page("supervise")
def intervention(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """One intervention, with who could follow it."""
    found = page_of(intervention_id)
    _look(found.intervention)
    return _record(request, found, _assign_form(found))


@page("assign_interventions")
def assign(request: HttpRequest, intervention_id: UUID) -> HttpResponse:
    """Confide it to somebody, with the reason; then back to the list."""
    if request.method != "POST":
        return SeeOther(reverse("supervision:intervention", args=[intervention_id]))
    found = page_of(intervention_id)
    form = _assign_form(found, request.POST)
    if form.is_valid():
        try:
            done = confide(intervention_id, UUID(form.cleaned_data["account"]), form.cleaned_data["why"])
        except Refused as refused:
            say_no(form, refused)
        else:
            name = name_of(done.worker_id)
            messages.success(
                request,
                _("La demande %(reference)s est confiée à %(name)s.")
                % {"reference": done.reference, "name": name},
            )
            return SeeOther(f"{reverse('supervision:work')}?{request.GET.urlencode()}")
    return _record(request, found, form, TO_CORRECT)


def _listed(request: HttpRequest) -> Listed:
    kind = chosen(request, "retard", ALL_WORK) if request.GET.get("file") else ALL_WORK
    worker = _worker(request)
    found = read_work(
        portfolios_in_scope(),
        states_in=list(kind.states),
        worker=worker,
        late=kind.late,
        after=cursor_of(request),
    )
    names = names_of(row.worker_id for row in found.rows)
    items = [of_intervention(row, _href(request, row), names.get(row.worker_id, "")) for row in found.rows]
    return Listed(kind, items, found.after, TOPICS, _empty(kind), {"whose": name_of(worker)})


def _href(request: HttpRequest, row: Intervention) -> str:
    query = request.GET.urlencode()
    return reverse("supervision:intervention", args=[row.pk]) + (f"?{query}" if query else "")


def _worker(request: HttpRequest) -> UUID | None:
    typed = request.GET.get("qui", "")
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown") from None


def _empty(kind: Kind) -> str:
    if kind.code == "sans-correspondant":
        return _("Toutes les demandes ont quelqu’un qui les suit.")
    return _("Il n’y a rien dans cette liste en ce moment.")


def _record(
    request: HttpRequest, found: InterventionPage, form: AssignForm, status: int = 200
) -> HttpResponse:
    one = found.intervention
    clock = deadline(one, found.at)
    portfolio = Portfolio.objects.select_related("team").get(pk=one.portfolio_id)
    return show(
        request,
        "supervision/work.html",
        _listed(request),
        current=str(one.pk),
        status=status,
        found=found,
        announced=announced([one.pk]).get(one.pk),
        looks=[INTERVENTION[one.state], *([clock] if clock else [])],
        form=form,
        to_place=one.portfolio_id == UNASSIGNED,
        may_assign=any(step.verb == "assign" for step in found.possible),
        facts=[
            (_("Suivie par"), found.worker_name or _("personne")),
            (_("Portefeuille"), portfolio.name),
            (_("Équipe"), str(portfolio.team or "")),
        ],
    )


def _assign_form(found: InterventionPage, data: Any = None) -> AssignForm:
    one = found.intervention
    load = {row["worker_id"]: row for row in load_by_worker(portfolios_in_scope())}
    usual = worker_of(one.portfolio_id, today()).account_id
    choices = []
    for colleague in who_may_follow(one.portfolio_id):
        row = load.get(colleague.account_id, {"open": 0, "late": 0})
        label = _("%(name)s – %(open)s en cours, %(late)s en retard") % {
            "name": colleague.account.name,
            **row,
        }
        if colleague.account_id == usual:
            label = _("%(label)s – suit ce portefeuille aujourd’hui") % {"label": label}
        choices.append((str(colleague.account_id), label))
    return AssignForm(data, choices=choices, initial={"account": str(usual)} if usual else None)


def _look(one: Intervention) -> None:
    journal.look(
        "intervention.looked_at",
        subject=("interventions.intervention", one.pk),
        person_id=one.subject_id,
        portfolio_id=one.portfolio_id,
    )
