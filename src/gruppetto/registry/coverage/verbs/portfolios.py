"""Portfolios: opened empty, named, given a usual substitute, closed once nobody is in them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import verb
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.registry.coverage.models import Holding, Portfolio, Team, TeamMember
from gruppetto.registry.coverage.verbs.days import end_before
from gruppetto.registry.coverage.verbs.zones import named

SIZES = range(1, 1001)


@verb
def open_portfolio(
    team_id: UUID, name: str, target_size: int = 150, substitute_id: UUID | None = None
) -> Portfolio:
    """An empty portfolio of a team: its supervisor then hands it to a correspondent.

    ``target_size``: persons, for full time. Raises ``Unknown`` (team-unknown), ``Refused`` (name-missing, size-odd,
    substitute-elsewhere, or the name is taken).
    """
    # Portfolios take their numbers one after the other, under the lock of one row.
    Team.objects.select_for_update().order_by("id").first()
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise Unknown(_("Cette équipe n’existe pas."), code="team-unknown")
    last = Portfolio.objects.aggregate(last=Max("id"))["last"] or 0
    portfolio = Portfolio(id=last + 1, team=team)
    _write(portfolio, name, target_size, substitute_id)
    portfolio.save(force_insert=True)
    journal.act("portfolio.opened", portfolio_id=portfolio.pk, body={"portfolio": portfolio.pk})
    return portfolio


@verb
def change_portfolio(
    portfolio_id: int, name: str, target_size: int, substitute_id: UUID | None = None
) -> Portfolio:
    """Name, size aimed at, usual substitute; substitutions already planned stay.

    Raises ``Unknown`` (portfolio-unknown), ``Refused`` as ``open_portfolio`` (and portfolio-closed).
    """
    portfolio = _open(portfolio_id)
    before = (portfolio.name, portfolio.target_size, portfolio.standing_substitute_id)
    _write(portfolio, name, target_size, substitute_id)
    after = (portfolio.name, portfolio.target_size, portfolio.standing_substitute_id)
    fields = [
        field
        for field, was, is_now in zip(
            ("name", "target_size", "standing_substitute"), before, after, strict=True
        )
        if was != is_now
    ]
    if fields:
        portfolio.save(update_fields=fields)
        journal.act(
            "portfolio.changed",
            portfolio_id=portfolio.pk,
            body={"portfolio": portfolio.pk, "fields": fields, "substitute": substitute_id},
        )
    return portfolio


@verb
def close_portfolio(portfolio_id: int) -> Portfolio:
    """Close a portfolio today; its holder holds it no more. Refused while a person is in it: nobody is moved silently.

    Raises ``Unknown`` (portfolio-unknown), ``Refused`` (portfolio-closed, a-closed-portfolio-has-nobody).
    """
    portfolio, on = _open(portfolio_id), today()
    portfolio.closed_on = on
    portfolio.save(update_fields=["closed_on"])
    held = Holding.objects.filter(portfolio=portfolio)
    for holding in held.filter(Q(during__endswith__gt=on) | Q(during__upper_inf=True)).order_by("id"):
        end_before(holding, on)
    journal.act("portfolio.closed", portfolio_id=portfolio.pk, body={"portfolio": portfolio.pk, "on": on})
    return portfolio


def _open(portfolio_id: int) -> Portfolio:
    portfolio = (
        Portfolio.objects.select_for_update(no_key=True).filter(pk=portfolio_id, team__isnull=False).first()
    )
    if portfolio is None:
        raise Unknown(_("Ce portefeuille n’existe pas."), code="portfolio-unknown")
    if portfolio.closed_on is not None:
        raise Refused(_("Ce portefeuille est fermé."), code="portfolio-closed")
    return portfolio


def _write(portfolio: Portfolio, name: str, target_size: int, substitute_id: UUID | None) -> None:
    if target_size not in SIZES:
        raise Refused(_("Écrivez un nombre de 1 à 1 000."), code="size-odd", field="target_size")
    stays = substitute_id in (None, portfolio.standing_substitute_id)
    if not stays and not _member(portfolio.team_id, substitute_id, today()):
        raise Refused(
            _("Le remplaçant habituel est un membre de l’équipe."),
            code="substitute-elsewhere",
            field="substitute",
        )
    portfolio.name = named(name)
    portfolio.target_size = target_size
    portfolio.standing_substitute_id = substitute_id


def _member(team_id: UUID | None, staff_id: UUID | None, on: date) -> bool:
    return TeamMember.objects.filter(team=team_id, staff=staff_id, during__contains=on).exists()
