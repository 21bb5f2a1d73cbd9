"""Who joins and leaves a team, its portfolios: shown with what changes for whom before it is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gruppetto.desks.backoffice.territory_forms import JoinForm, PortfolioForm, UntilForm
from gruppetto.desks.backoffice.two_steps import Act, Changes, two_steps
from gruppetto.desks.backoffice.views.territories import write_page
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.clock import today
from gruppetto.registry.coverage import territories as reads
from gruppetto.registry.coverage import verbs
from gruppetto.registry.coverage.models import TeamMember
from gruppetto.registry.coverage.territory_previews import close_preview, join_preview, leave_preview
from gruppetto.registry.coverage.verbs.teams import MEMBERS
from gruppetto.registry.staff.models import Staff
from gruppetto.registry.staff.reads import everybody


@page("keep_territories")
def join(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Somebody joins a team, or begins or ceases to lead it, from a day."""
    team = reads.team(team_id, today())
    there = [one for one in everybody() if one.account.is_active and one.account.role in MEMBERS]
    act = Act(
        title=_("Faire entrer quelqu’un dans l’équipe"),
        button=_("Faire entrer dans l’équipe"),
        done=_("C’est noté : l’équipe change ce jour-là."),
        back=reverse("backoffice:team", args=[team_id]),
        back_label=team.name,
        form=lambda data: JoinForm(data, colleagues=there, initial={"on": today()}),
        preview=lambda said: _joined(team_id, said),
        do=lambda said: verbs.join_team(team_id, UUID(said["staff"]), said["on"], leads=said["leads"]),
        facts=[(_("Équipe"), team.name)],
    )
    return two_steps(request, act)


def _joined(team_id: UUID, said: dict[str, Any]) -> Changes:
    if not said["leads"]:
        return Changes([_("Cette personne pourra tenir ou remplacer un portefeuille de l’équipe.")])
    preview = join_preview(team_id)
    return Changes(
        [
            ngettext(
                "Cette personne verra l’abonné des portefeuilles de l’équipe, et pourra le confier.",
                "Cette personne verra les %(n)s abonnés des portefeuilles de l’équipe, et pourra les confier.",
                preview.persons,
            )
            % {"n": preview.persons},
            _("Elle verra aussi les personnes que personne ne suit encore."),
        ]
    )


@page("keep_territories")
def leave(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Somebody leaves a team from a day."""
    member = reads.member(member_id)
    act = Act(
        title=_("Noter un départ de l’équipe"),
        button=_("Noter le départ"),
        done=_("Le départ est noté."),
        back=reverse("backoffice:team", args=[member.team_id]),
        back_label=member.team.name,
        form=lambda data: UntilForm(data, initial={"on": max(today(), member.during.lower)}),
        preview=lambda said: _left(member, said),
        do=lambda said: verbs.leave_team(member_id, said["on"]),
        facts=[(_("Équipe"), member.team.name), (_("Membre"), member.staff.account.name)],
        tone="danger",
    )
    return two_steps(request, act)


def _left(member: TeamMember, said: dict[str, Any]) -> Changes:
    preview = leave_preview(member, said["on"])
    told = [_("Aucune personne suivie ne change de portefeuille.")]
    if member.leads:
        told.append(_("Cette personne ne verra plus les abonnés de l’équipe."))
    warnings = [
        _("Elle tient encore « %(portfolio)s » : un responsable le transmet d’abord.")
        % {"portfolio": one.name}
        for one in preview.holds
    ]
    warnings += [
        _("Elle reste le remplaçant habituel de « %(portfolio)s » : choisissez-en un autre.")
        % {"portfolio": one.name}
        for one in preview.stands_in
    ]
    if preview.last_leader:
        warnings.append(_("Plus personne ne mènera l’équipe ce jour-là."))
    return Changes(told, warnings, possible=not preview.holds)


@page("keep_territories")
def new_portfolio(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """An empty portfolio of a team; its first persons come by the supervisor's decisions."""
    team, back = reads.team(team_id, today()), reverse("backoffice:team", args=[team_id])
    form = PortfolioForm(request.POST or None, members=_members(team_id))

    def write() -> str:
        verbs.open_portfolio(team_id, *form.said)
        return back

    told = _(
        "Il s’ouvre vide. Un responsable le transmet à un correspondant ; il sera alors proposé aux"
        " nouvelles personnes, le moins rempli d’abord. Personne d’autre ne change."
    )
    return write_page(
        request,
        form,
        write,
        _("Nouveau portefeuille"),
        _("Ouvrir le portefeuille"),
        back,
        team.name,
        told=told,
    )


@page("keep_territories")
def portfolio(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """A portfolio: its name, the size aimed at, its usual substitute."""
    known = reads.portfolio(portfolio_id)
    back = reverse("backoffice:team", args=[known.team_id])
    initial = {
        "name": known.name,
        "target_size": known.target_size,
        "substitute": known.standing_substitute_id,
    }
    form = PortfolioForm(request.POST or None, members=_members(known.team_id, known), initial=initial)

    def write() -> str:
        verbs.change_portfolio(portfolio_id, *form.said)
        return back

    told = _("Le remplaçant habituel sert aux absences notées ensuite. Celles déjà notées ne changent pas.")
    return write_page(
        request,
        form,
        write,
        _("Portefeuille %(name)s") % {"name": known.name},
        _("Enregistrer"),
        back,
        str(known.team),
        told=told,
        close_href=reverse("backoffice:close_portfolio", args=[portfolio_id]),
    )


@page("keep_territories")
def close(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """Close a portfolio that nobody is in any more."""
    about = close_preview(portfolio_id, today())
    team = about.portfolio.team
    words = {"name": about.holder, "n": about.persons}
    told = [_("Le portefeuille ne sera plus proposé. Son passé reste.")]
    if about.holder:
        told.append(_("%(name)s ne le tient plus dès aujourd’hui.") % words)
    warnings = [
        ngettext(
            "Une personne y est encore : un responsable la place d’abord ailleurs.",
            "%(n)s personnes y sont encore : un responsable les place d’abord ailleurs.",
            about.persons,
        )
        % words
    ]
    act = Act(
        title=_("Fermer le portefeuille"),
        button=_("Fermer le portefeuille"),
        done=_("Le portefeuille est fermé."),
        back=reverse("backoffice:team", args=[about.portfolio.team_id]),
        back_label=str(team),
        form=lambda data: forms.Form(data),
        preview=lambda _said: Changes(told, warnings if about.persons else [], possible=not about.persons),
        do=lambda _said: verbs.close_portfolio(portfolio_id),
        facts=[(_("Équipe"), str(team)), (_("Portefeuille"), about.portfolio.name)],
        tone="danger",
    )
    return two_steps(request, act)


def _members(team_id: UUID | None, known: Any = None) -> list[Staff]:
    """Who may stand in: the members of today, and who already does."""
    may = Q(memberships__team=team_id, memberships__during__contains=today())
    if known is not None:
        may |= Q(pk=known.standing_substitute_id)
    return list(
        Staff.objects.filter(may).select_related("account").distinct().order_by("account__name", "id")
    )
