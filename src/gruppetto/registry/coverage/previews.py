"""What an absence or a hand-over would change, shown before it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from gruppetto.kernel.errors import Unknown
from gruppetto.registry.coverage.models import Holding, Portfolio
from gruppetto.registry.coverage.reads import loads
from gruppetto.registry.staff.models import Absence, Staff


@dataclass(frozen=True)
class StandIn:
    """One portfolio during an absence: who steps in, or nobody and why."""

    portfolio: Portfolio
    substitute: Staff | None
    why_not: str = ""


@dataclass(frozen=True)
class AbsencePreview:
    """``held``: the portfolios of the absent one; ``owed``: those they were to stand in for on these days."""

    staff: Staff
    held: tuple[StandIn, ...]
    owed: tuple[Portfolio, ...]

    @property
    def covered(self) -> tuple[StandIn, ...]:
        """What somebody works meanwhile."""
        return tuple(one for one in self.held if one.substitute is not None)

    @property
    def uncovered(self) -> tuple[StandIn, ...]:
        """What nobody would work."""
        return tuple(one for one in self.held if one.substitute is None)


def absence_preview(staff_id: UUID, first: date, last: date) -> AbsencePreview:
    """What becomes of the portfolios of ``staff_id`` from ``first`` to ``last`` (both included). Five queries.

    The same rule as ``declare_absence``: the usual substitute, unless away one of these days, or who already stands
    in. Raises ``Unknown`` (staff-unknown).
    """
    staff = Staff.objects.select_related("account").filter(pk=staff_id).first()
    if staff is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown")
    during = (first, last + timedelta(days=1))
    held = (
        Holding.objects.filter(staff=staff, capacity="holder", during__overlap=during)
        .select_related("portfolio__standing_substitute__account")
        .order_by("portfolio_id")
    )
    portfolios = [holding.portfolio for holding in held]
    already = {
        holding.portfolio_id: holding.staff
        for holding in Holding.objects.filter(
            portfolio__in=portfolios, capacity="substitute", during__overlap=during
        ).select_related("staff__account")
    }
    away = set(
        Absence.objects.filter(
            staff__in=[one.standing_substitute_id for one in portfolios], during__overlap=during
        ).values_list("staff_id", flat=True)
    )
    owed = Portfolio.objects.filter(
        holdings__staff=staff, holdings__capacity="substitute", holdings__during__overlap=during
    ).order_by("id")
    return AbsencePreview(
        staff=staff,
        held=tuple(_stand_in(portfolio, already.get(portfolio.pk), away) for portfolio in portfolios),
        owed=tuple(owed.distinct()),
    )


def _stand_in(portfolio: Portfolio, already: Staff | None, away: set[UUID]) -> StandIn:
    if already is not None:
        return StandIn(portfolio, already)
    usual = portfolio.standing_substitute
    if usual is None:
        return StandIn(portfolio, None, _("Ce portefeuille n’a pas de remplaçant habituel."))
    if usual.pk in away:
        words = {"name": usual.account.name}
        return StandIn(portfolio, None, _("%(name)s, remplaçant habituel, est absent aussi.") % words)
    return StandIn(portfolio, usual)


@dataclass(frozen=True)
class HandOver:
    """One portfolio about to change hands: from whom (None: nobody holds it), how many persons follow."""

    portfolio: Portfolio
    holder: Staff | None
    persons: int


def hand_over_preview(portfolio_id: int, on: date) -> HandOver:
    """Who holds a portfolio on ``on`` and how many persons it has. Three queries. Raises ``Unknown``."""
    portfolio = Portfolio.objects.select_related("team").filter(pk=portfolio_id, team__isnull=False).first()
    if portfolio is None:
        raise Unknown(_("Ce portefeuille n’existe pas."), code="portfolio-unknown")
    holding = (
        Holding.objects.filter(portfolio=portfolio, capacity="holder", during__contains=on)
        .select_related("staff__account")
        .first()
    )
    return HandOver(
        portfolio, holding.staff if holding else None, loads(portfolio.team_id).get(portfolio_id, 0)
    )
