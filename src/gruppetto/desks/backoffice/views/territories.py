"""Territories on screen: zones, gaps, teams and their portfolios; what is new, what is renamed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gruppetto.desks.backoffice.territory_forms import NameForm, WithinForm
from gruppetto.desks.shared.figures import Cell, Column
from gruppetto.desks.shared.forms import say_no
from gruppetto.desks.shared.responses import TO_CORRECT, SeeOther
from gruppetto.kernel.access.rules import abilities_of, page
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers.dates import day_text
from gruppetto.registry.coverage import territories as reads
from gruppetto.registry.coverage import verbs
from gruppetto.registry.coverage.models import Team, Territory, Zone
from gruppetto.registry.coverage.reads import Gap, gaps, loads, workers_of

MOST_GAPS = 200
WHY_GAP = {"no_zone": gettext_lazy("dans aucune zone"), "no_team": gettext_lazy("zone sans équipe")}


@page("see_territories")
def territories(request: HttpRequest) -> HttpResponse:
    """Zones with their team, the parts that nobody serves, teams with who leads them. Eight queries or so, fixed."""
    on = today()
    found = gaps(on=on)
    return render(
        request,
        "backoffice/territories/all.html",
        {
            "keeps": keeps(request),
            "any_territory": Territory.objects.exists(),
            "zone_columns": [
                Column(_("Zone")),
                Column(_("Territoire")),
                Column(_("Équipe")),
                Column(_("Communes et codes postaux"), "number"),
            ],
            "zone_rows": [_zone_row(one) for one in reads.zones(on)],
            "team_columns": [
                Column(_("Équipe")),
                Column(_("Territoire")),
                Column(_("Menée par")),
                Column(_("Membres"), "number"),
                Column(_("Portefeuilles"), "number"),
            ],
            "team_rows": [_team_row(one) for one in reads.teams(on)],
            "gap_columns": [Column(_("Commune")), Column(_("Code postal")), Column(_("Pourquoi"))],
            "gap_rows": [_gap_row(one) for one in found[:MOST_GAPS]],
            "gap_count": len(found),
            "gaps_shown": min(len(found), MOST_GAPS),
        },
    )


@page("see_territories")
def zone(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """One zone: its parts and its teams, today and to come."""
    found = reads.zone(zone_id, today())
    keep = keeps(request)
    return render(
        request,
        "backoffice/territories/zone.html",
        {
            "zone": found,
            "keeps": keep,
            "part_columns": [
                Column(_("Commune")),
                Column(_("Code postal")),
                Column(_("Depuis")),
                Column(_("Jusqu’au")),
                *([Column(_("Retirer"))] if keep else []),
            ],
            "part_rows": [
                [
                    part.commune.name,
                    part.postcode,
                    *_days(part.during),
                    *([_remove(part)] if keep else []),
                ]
                for part in found.parts_to_come  # type: ignore[attr-defined]  # put there by the read
            ],
            "team_columns": [Column(_("Équipe")), Column(_("Depuis")), Column(_("Jusqu’au"))],
            "team_rows": [
                [Cell(one.team.name, reverse("backoffice:team", args=[one.team_id])), *_days(one.during)]
                for one in found.covered_to_come  # type: ignore[attr-defined]  # put there by the read
            ],
        },
    )


@page("see_territories")
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team: its members, who leads, its portfolios with who works them."""
    on = today()
    found = reads.team(team_id, on)
    keep, persons = keeps(request), loads(team_id)
    portfolios = found.portfolios_open  # type: ignore[attr-defined]  # put there by the read
    workers = workers_of([one.pk for one in portfolios], on)
    return render(
        request,
        "backoffice/territories/team.html",
        {
            "team": found,
            "keeps": keep,
            "member_columns": [
                Column(_("Membre")),
                Column(_("Rôle dans l’équipe")),
                Column(_("Depuis")),
                Column(_("Jusqu’au")),
                *([Column(_("Départ"))] if keep else []),
            ],
            "member_rows": [
                [
                    one.staff.account.name,
                    _("mène l’équipe") if one.leads else _("membre"),
                    *_days(one.during),
                    *([_leave(one)] if keep else []),
                ]
                for one in found.members_to_come  # type: ignore[attr-defined]  # put there by the read
            ],
            "portfolio_columns": [
                Column(_("Portefeuille")),
                Column(_("Suivi aujourd’hui par")),
                Column(_("Personnes"), "number"),
                Column(_("Taille visée"), "number"),
                Column(_("Remplaçant habituel")),
            ],
            "portfolio_rows": [
                [
                    Cell(one.name, reverse("backoffice:portfolio", args=[one.pk]) if keep else ""),
                    workers[one.pk].name or workers[one.pk].why,
                    persons.get(one.pk, 0),
                    one.target_size,
                    one.standing_substitute.account.name if one.standing_substitute else _("aucun"),
                ]
                for one in portfolios
            ],
        },
    )


@page("keep_territories")
def new_territory(request: HttpRequest) -> HttpResponse:
    """A territory, empty yet."""
    form = NameForm(request.POST or None)

    def write() -> str:
        verbs.open_territory(form.cleaned_data["name"])
        return reverse("backoffice:territories")

    return write_page(request, form, write, _("Nouveau territoire"), _("Ouvrir le territoire"))


@page("keep_territories")
def new_zone(request: HttpRequest) -> HttpResponse:
    """A zone, whose communes are chosen next."""
    form = WithinForm(request.POST or None, territories=Territory.objects.order_by("name"))

    def write() -> str:
        made = verbs.define_zone(form.within, form.cleaned_data["name"], [], today())
        return reverse("backoffice:add_parts", args=[made.pk])

    return write_page(request, form, write, _("Nouvelle zone"), _("Créer la zone et choisir ses communes"))


@page("keep_territories")
def new_team(request: HttpRequest) -> HttpResponse:
    """A team, with nobody yet."""
    form = WithinForm(request.POST or None, territories=Territory.objects.order_by("name"))

    def write() -> str:
        made = verbs.open_team(form.within, form.cleaned_data["name"])
        return reverse("backoffice:team", args=[made.pk])

    return write_page(request, form, write, _("Nouvelle équipe"), _("Ouvrir l’équipe"))


@page("keep_territories")
def rename_zone(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Another name for a zone."""
    known, back = reads.zone(zone_id, today()), reverse("backoffice:zone", args=[zone_id])
    form = NameForm(request.POST or None, initial={"name": known.name})

    def write() -> str:
        verbs.rename_zone(zone_id, form.cleaned_data["name"])
        return back

    return write_page(request, form, write, _("Renommer la zone"), _("Renommer"), back, known.name)


@page("keep_territories")
def rename_team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Another name for a team."""
    known, back = reads.team(team_id, today()), reverse("backoffice:team", args=[team_id])
    form = NameForm(request.POST or None, initial={"name": known.name})

    def write() -> str:
        verbs.rename_team(team_id, form.cleaned_data["name"])
        return back

    return write_page(request, form, write, _("Renommer l’équipe"), _("Renommer"), back, known.name)


def keeps(request: HttpRequest) -> bool:
    """Whether the visitor may change territories, or only read them."""
    return "keep_territories" in abilities_of(request.user.role)  # type: ignore[union-attr]  # signed in


def write_page(
    request: HttpRequest,
    form: forms.Form,
    write: Callable[[], str],
    title: str,
    button: str,
    back: str = "",
    back_label: str = "",
    **more: Any,
) -> HttpResponse:
    """A form that changes nothing for anybody: written at once; ``write`` returns where to go next."""
    if request.method == "POST" and form.is_valid():
        try:
            next_page = write()
        except Refused as refused:
            say_no(form, refused)
        else:
            messages.success(request, _("C’est enregistré."))
            return SeeOther(next_page)
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back": back or reverse("backoffice:territories"),
        "back_label": back_label or _("Territoires"),
        **more,
    }
    return render(
        request, "backoffice/territories/write.html", context, status=TO_CORRECT if form.errors else 200
    )


def _zone_row(one: Zone) -> list[Any]:
    covered = next(iter(one.covered_now), None)  # type: ignore[attr-defined]  # put there by the read
    return [
        Cell(one.name, reverse("backoffice:zone", args=[one.pk])),
        one.territory.name,
        covered.team.name if covered else _("aucune"),
        one.parts_count,  # type: ignore[attr-defined]  # put there by the read
    ]


def _team_row(one: Team) -> list[Any]:
    members = one.members_now  # type: ignore[attr-defined]  # put there by the read
    leaders = [member.staff.account.name for member in members if member.leads]
    return [
        Cell(one.name, reverse("backoffice:team", args=[one.pk])),
        one.territory.name,
        ", ".join(leaders) or _("personne"),
        len(members),
        one.portfolios_count,  # type: ignore[attr-defined]  # put there by the read
    ]


def _gap_row(gap: Gap) -> list[Any]:
    return [gap.name, gap.postcode, str(WHY_GAP[gap.why])]


def _remove(part: Any) -> Cell:
    words = {"place": f"{part.commune.name} {part.postcode}"}
    return Cell(_("Retirer %(place)s") % words, reverse("backoffice:remove_part", args=[part.pk]))


def _leave(member: Any) -> Cell:
    words = {"name": member.staff.account.name}
    return Cell(_("Noter le départ de %(name)s") % words, reverse("backoffice:leave_team", args=[member.pk]))


def _days(during: Any) -> tuple[str, str]:
    """First and last day, as people say them."""
    return _day(during.lower), _day(during.upper and during.upper - timedelta(days=1))


def _day(on: date | None) -> str:
    return day_text(on, year=True, weekday=False) if on else _("sans fin")
