"""Teams: opened, named, joined and left by dates, led by a supervisor."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.coverage.models import Holding, Team, TeamMember, Territory
from gruppetto.registry.coverage.verbs.days import end_before, not_past
from gruppetto.registry.coverage.verbs.zones import named
from gruppetto.registry.staff.models import Role, Staff

# Those who work with persons; the others see no one's story.
MEMBERS = (Role.AGENT, Role.CORRESPONDENT, Role.SUPERVISOR)


@verb
def open_team(territory_id: UUID, name: str) -> Team:
    """A team, with nobody yet. Raises ``Unknown`` (territory-unknown), ``Refused`` (name-missing, or taken)."""
    territory = Territory.objects.filter(pk=territory_id).first()
    if territory is None:
        raise Unknown(_("Ce territoire n’existe pas."), code="territory-unknown", field="territory")
    team = Team.objects.create(territory=territory, name=named(name))
    journal.act("team.opened", body={"team": team.pk})
    return team


@verb
def rename_team(team_id: UUID, name: str) -> Team:
    """Call a team otherwise. Raises ``Unknown`` (team-unknown), ``Refused`` (name-missing, or taken)."""
    team = _team(team_id)
    team.name = named(name)
    team.save(update_fields=["name"])
    journal.act("team.renamed", body={"team": team.pk})
    return team


@verb
def join_team(team_id: UUID, staff_id: UUID, on: date, *, leads: bool = False) -> TeamMember:
    """From ``on``, somebody is of the team, and perhaps leads it: who leads sees all its portfolios.

    A member whose ``leads`` differs changes from that day. Raises ``Unknown``, ``Refused`` (in-the-past, wrong-role,
    only-a-supervisor-leads-a-team, already-member).
    """
    team = _team(team_id)
    staff = Staff.objects.select_related("account").filter(pk=staff_id, account__is_active=True).first()
    if staff is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown", field="staff")
    not_past(on)
    if staff.account.role not in MEMBERS:
        raise Refused(_("Son rôle ne suit pas de personnes."), code="wrong-role", field="staff")
    if leads and staff.account.role != Role.SUPERVISOR:
        raise Refused(
            _("Seul un responsable mène une équipe."), code="only-a-supervisor-leads-a-team", field="leads"
        )
    rows = TeamMember.objects.filter(team=team, staff=staff)
    current = rows.filter(during__contains=on).first()
    if current is not None and current.leads == leads:
        raise Refused(_("Cette personne est déjà dans l’équipe."), code="already-member", field="staff")
    until = current.during.upper if current else None
    if current is not None:
        end_before(current, on)
    later = rows.filter(during__startswith__gt=on).order_by("during")
    until = until or later.values_list(Lower("during"), flat=True).first()
    member = TeamMember.objects.create(team=team, staff=staff, leads=leads, during=(on, until))
    journal.act(
        "team.joined",
        subject=("staff.staff", staff.pk),
        body={"team": team.pk, "staff": staff.pk, "leads": leads, "on": on},
    )
    return member


@verb
def leave_team(member_id: UUID, on: date) -> None:
    """From ``on``, somebody is of the team no more; what they hold is handed over before.

    Raises ``Unknown`` (member-unknown), ``Refused`` (in-the-past, member-left, still-holds).
    """
    member = TeamMember.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="member-unknown")
    not_past(on)
    if member.during.upper is not None and member.during.upper <= on:
        raise Refused(_("Cette personne a déjà quitté l’équipe."), code="member-left", field="on")
    held = (
        Holding.objects.filter(
            Q(during__endswith__gt=on) | Q(during__upper_inf=True),
            staff=member.staff_id,
            portfolio__team=member.team_id,
            capacity=Holding.Capacity.HOLDER,
        )
        .select_related("portfolio")
        .order_by("portfolio_id")
        .first()
    )
    if held is not None:
        raise Refused(
            _("Cette personne tient encore « %(portfolio)s » : un responsable le transmet d’abord.")
            % {"portfolio": held.portfolio.name},
            code="still-holds",
            field="on",
        )
    end_before(member, on)
    journal.act(
        "team.left",
        subject=("staff.staff", member.staff_id),
        body={"team": member.team_id, "staff": member.staff_id, "on": on},
    )


def _team(team_id: UUID) -> Team:
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise Unknown(_("Cette équipe n’existe pas."), code="team-unknown")
    return team
