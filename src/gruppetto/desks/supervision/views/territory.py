"""Territories: who serves which part, what nobody serves, how full portfolios are; handing one over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.desks.supervision.forms import HandOverConfirmed, HandOverForm
from gruppetto.desks.supervision.teams import members, my_teams
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.coverage.models import Coverage, Zone, ZonePart
from gruppetto.registry.coverage.previews import HandOver, hand_over_preview
from gruppetto.registry.coverage.reads import Gap, PortfolioCard, cards_of_teams, gaps, today
from gruppetto.registry.coverage.unserved import departments_of
from gruppetto.registry.coverage.verbs import hand_over as hand_portfolio_over
from gruppetto.service.interventions.models import ACTIVE
from gruppetto.service.interventions.reads import count

MOST_GAPS = 200
WHY_GAP = {"no_zone": gettext_lazy("dans aucune zone"), "no_team": gettext_lazy("zone sans équipe")}


@page("supervise")
def territory(request: HttpRequest) -> HttpResponse:
    """Portfolios with their load, zones with their parts, and the gaps."""
    teams, on = my_teams(), today()
    zones = _zones(teams, on)
    found = [gap for department in sorted(departments_of(teams)) for gap in gaps(department, on)]
    return render(
        request,
        "supervision/territory.html",
        {
            "portfolio_columns": [
                Column(_("Portefeuille")),
                Column(_("Équipe")),
                Column(_("Suivi aujourd’hui par")),
                Column(_("Personnes"), "number"),
                Column(_("Taille visée"), "number"),
                Column(_("Remplaçant habituel")),
                Column(_("Changer de mains")),
            ],
            "portfolio_rows": [_portfolio_row(one) for one in cards_of_teams(teams, on)],
            "zone_columns": [Column(_("Zone")), Column(_("Équipe")), Column(_("Communes et codes postaux"))],
            "zone_rows": [_zone_row(zone) for zone in zones],
            "gap_columns": [Column(_("Commune")), Column(_("Code postal")), Column(_("Pourquoi"))],
            "gap_rows": [_gap_row(gap) for gap in found[:MOST_GAPS]],
            "gap_count": len(found),
            "gaps_shown": min(len(found), MOST_GAPS),
        },
    )


@page("lead_team")
def hand_over(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """Hand a portfolio over: chosen, shown with what it changes, then confirmed with the reason."""
    colleagues = members(my_teams())
    if request.method == "POST":
        form = HandOverConfirmed(request.POST, colleagues=colleagues)
        if form.is_valid():
            to, on, why = (form.cleaned_data[name] for name in ("staff", "on", "why"))
            try:
                hand_portfolio_over(portfolio_id, UUID(to), on, why)
            except Refused as refused:
                say_no(form, refused)
            else:
                messages.success(request, _("Le portefeuille change de mains %(day)s.") % {"day": _from(on)})
                return SeeOther(reverse("supervision:territory"))
        return _hand_over_page(request, portfolio_id, form, TO_CORRECT)
    asked: Any = request.GET if "staff" in request.GET else None
    choice = HandOverForm(asked, colleagues=colleagues, initial={"on": today()})
    return _hand_over_page(request, portfolio_id, choice)


def _hand_over_page(
    request: HttpRequest, portfolio_id: int, form: HandOverForm, status: int = 200
) -> HttpResponse:
    """Asked first, then shown with what it changes; ``known``: only the reason is still to be given."""
    if form.is_bound:
        form.is_valid()
    decided: dict[str, Any] = (
        {name: form.cleaned_data.get(name) for name in ("staff", "on")} if form.is_bound else {}
    )
    known = all(decided.values()) and bool(decided)
    about = hand_over_preview(portfolio_id, decided["on"] if known else today())
    confirming = isinstance(form, HandOverConfirmed)
    if known and not confirming:
        form = HandOverConfirmed(colleagues=members(my_teams()), initial=decided)
    return render(
        request,
        "supervision/hand_over.html",
        {
            "form": form,
            "ready": known or confirming,
            "known": known,
            "about": about,
            "facts": _facts(about, decided if known else {}, dict(form.fields["staff"].choices)),  # type: ignore[attr-defined]
            "under_way": count([portfolio_id], [str(state) for state in ACTIVE]),
        },
        status=status,
    )


def _facts(about: HandOver, decided: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("Portefeuille"), f"{about.portfolio.name} ({about.portfolio.team})"),
        (_("Titulaire ce jour-là"), about.holder.account.name if about.holder else _("personne")),
        (_("Personnes suivies"), about.persons),
    ]
    if decided:
        facts += [
            (_("Nouveau titulaire"), names[decided["staff"]]),
            (_("À partir du"), day_text(decided["on"], year=True)),
        ]
    return facts


def _from(on: date) -> str:
    return _("aujourd’hui") if on == today() else _("le %(day)s") % {"day": day_text(on)}


def _zones(teams: list[UUID], on: date) -> list[Zone]:
    """The zones that these teams serve on a day, each with its parts (3 queries)."""
    covered = Coverage.objects.filter(during__contains=on).select_related("team")
    parts = ZonePart.objects.filter(during__contains=on).select_related("commune")
    return list(
        Zone.objects.filter(coverages__team__in=teams, coverages__during__contains=on)
        .prefetch_related(
            Prefetch("parts", parts.order_by("commune__name_key", "postcode"), to_attr="parts_now"),
            Prefetch("coverages", covered, to_attr="covered_now"),
        )
        .distinct()
        .order_by("name", "id")
    )


def _portfolio_row(one: PortfolioCard) -> list[Any]:
    substitute = one.portfolio.standing_substitute
    worker = (
        Cell(one.worker.name)
        if one.worker.account_id
        else Cell(_("Personne : %(why)s") % {"why": one.worker.why})
    )
    return [
        one.portfolio.name,
        str(one.portfolio.team),
        worker,
        one.persons,
        one.portfolio.target_size,
        substitute.account.name if substitute else _("aucun"),
        Cell(
            _("Transmettre %(name)s") % {"name": one.portfolio.name},
            reverse("supervision:hand_over", args=[one.portfolio.pk]),
        ),
    ]


def _zone_row(zone: Zone) -> list[Any]:
    parts = ", ".join(f"{part.commune.name} ({part.postcode})" for part in zone.parts_now)  # type: ignore[attr-defined]
    team = next((str(one.team) for one in zone.covered_now), "")  # type: ignore[attr-defined]
    return [zone.name, team, parts]


def _gap_row(gap: Gap) -> list[Any]:
    return [gap.name, gap.postcode, WHY_GAP[gap.why]]
