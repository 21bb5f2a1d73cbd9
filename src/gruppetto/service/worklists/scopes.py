"""Which portfolios a list reads: those its reader sees, narrowed by what the filters say of place, team and worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from gruppetto.kernel.actors import current_actor
from gruppetto.registry.coverage.models import Portfolio, Team, TeamMember
from gruppetto.registry.coverage.reads import today
from gruppetto.registry.people.models import Address
from gruppetto.service.interventions.models import ACTIVE, Intervention
from gruppetto.service.worklists.fields import ME, MINE, NOBODY
from gruppetto.service.worklists.filters import Filters


def seen() -> QuerySet[Portfolio]:
    """The portfolios in the current actor's scope."""
    return Portfolio.objects.filter(pk__in=RawSQL("SELECT unnest(access.scope())", ()))


@dataclass(frozen=True)
class Places:
    """The portfolios that the current actor sees, by name, and those of them that may hold what is asked."""

    names: dict[int, str]
    portfolios: list[int]


def places_of(filters: Filters) -> Places:
    """Where what the filters ask can be (1 query).

    A list then reads one branch of its own index per portfolio that can hold something, instead of looking in all
    of them for what is in two.
    """
    holds = Q(pk__in=_holding(filters).values("pk")) if narrows(filters) else Value(value=True)
    found = seen().annotate(holds=ExpressionWrapper(holds, BooleanField())).order_by("pk")
    rows = list(found.values_list("pk", "name", "holds"))
    return Places({pk: name for pk, name, _holds in rows}, [pk for pk, _name, holds in rows if holds])


def _holding(filters: Filters) -> QuerySet[Portfolio]:
    """The portfolios that may hold what the filters ask, whoever sees them."""
    found = in_place(filters, Portfolio.objects.all())
    if communes := filters.get("commune"):
        homes = Address.objects.filter(commune_id__in=communes, kind=Address.Kind.HOME, until=None)
        found = found.filter(pk__in=homes.values("portfolio_id"))
    # What nobody works may be anywhere.
    if filters.get("qui") and NOBODY not in filters.get("qui"):
        theirs = Intervention.objects.filter(worker_id__in=workers(filters))
        if filters.working:
            theirs = theirs.filter(state__in=[state.value for state in ACTIVE])
        found = found.filter(pk__in=theirs.values("portfolio_id"))
    return found


def narrows(filters: Filters) -> bool:
    """May they leave out portfolios that the current actor sees?"""
    return any(filters.get(name) for name in ("portefeuille", "equipe", "territoire", "commune", "qui"))


def in_place(filters: Filters, among: QuerySet[Portfolio]) -> QuerySet[Portfolio]:
    """Those of ``among`` that are the portfolios, of the teams and of the territories asked for."""
    if numbers := filters.get("portefeuille"):
        among = among.filter(pk__in=[int(number) for number in numbers])
    among = _of(among, filters.get("equipe"), "team__in", _my_teams)
    return _of(
        among,
        filters.get("territoire"),
        "team__territory__in",
        lambda: Team.objects.filter(pk__in=_my_teams()).values("territory_id"),
    )


def workers(filters: Filters) -> list[UUID]:
    """The accounts the filters ask for by « qui », « moi » being who reads."""
    me = current_actor().account_id
    asked = [me if value == ME else UUID(value) for value in filters.get("qui") if value != NOBODY]
    return [account for account in asked if account is not None]


def _of(
    among: QuerySet[Portfolio], asked: tuple[str, ...], lookup: str, mine: Callable[[], QuerySet[Any]]
) -> QuerySet[Portfolio]:
    if not asked:
        return among
    wanted = Q(**{lookup: [UUID(value) for value in asked if value != MINE]})
    return among.filter(wanted | Q(**{lookup: mine()}) if MINE in asked else wanted)


def _my_teams() -> QuerySet[Any]:
    """The teams the current actor is in today."""
    mine = TeamMember.objects.filter(staff__account=current_actor().account_id, during__contains=today())
    return Team.objects.filter(pk__in=mine.values("team_id")).values("pk")
