"""Who serves a place, who holds a portfolio today, which portfolio a person would best be in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.kernel.clock import PARIS, now
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.coverage.models import Coverage, Holding, Portfolio, ZonePart
from gruppetto.registry.people.models import Address, Person
from gruppetto.registry.staff.models import Absence, Staff
from gruppetto.registry.staff.reads import weekly_hours_of

# For each request opened: written by hand, since to compile it took longer than to run it.
HELD = """
SELECT h.portfolio_id, h.capacity, s.id, s.account_id, a.name,
       a.is_active AND s.starts <= %(on)s AND (s.ends IS NULL OR s.ends >= %(on)s) AND NOT EXISTS (
           SELECT FROM staff_absence b WHERE b.staff_id = s.id AND b.during @> %(on)s)
FROM coverage_holding h JOIN staff_staff s ON s.id = h.staff_id JOIN access_account a ON a.id = s.account_id
WHERE h.portfolio_id = ANY (%(portfolios)s) AND h.during @> %(on)s
"""


def today() -> date:
    """The day it is in France."""
    return now().astimezone(PARIS).date()


@dataclass(frozen=True)
class Worker:
    """Who works a portfolio on a day; ``account_id`` None and ``why`` said when nobody does."""

    account_id: UUID | None
    staff_id: UUID | None = None
    name: str = ""
    capacity: str = ""
    why: str = ""


@dataclass(frozen=True)
class Proposal:
    """The portfolio proposed for a person, and what was weighed."""

    portfolio_id: int
    weighed: dict[str, Any]


def worker_of(portfolio_id: int, on: date) -> Worker:
    """The substitute of that day, else the holder; nobody when the holder is away and not replaced (1 query)."""
    return workers_of([portfolio_id], on)[portfolio_id]


def workers_of(portfolio_ids: Iterable[int], on: date) -> dict[int, Worker]:
    """``worker_of`` each portfolio (1 query for all)."""
    found: dict[int, dict[str, _Held]] = {portfolio: {} for portfolio in portfolio_ids}
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"portfolios": sorted(set(found) - {UNASSIGNED}), "on": on})
        for portfolio, capacity, *held in cursor.fetchall():
            found[portfolio][capacity] = _Held(*held)
    return {portfolio: _worker(portfolio, by_capacity) for portfolio, by_capacity in found.items()}


class _Held(NamedTuple):
    """Who has a portfolio; ``there``: employed that day, with an account, and not away."""

    staff_id: UUID
    account_id: UUID
    name: str
    there: bool


def _worker(portfolio_id: int, by_capacity: Mapping[str, _Held]) -> Worker:
    if portfolio_id == UNASSIGNED:
        return Worker(None, why=_("La personne n’est dans aucun portefeuille."))
    for capacity in (Holding.Capacity.SUBSTITUTE, Holding.Capacity.HOLDER):
        held = by_capacity.get(capacity)
        if held and held.there:
            return Worker(held.account_id, held.staff_id, held.name, capacity)
    if Holding.Capacity.HOLDER in by_capacity:
        return Worker(None, why=_("Le correspondant est absent et personne ne le remplace."))
    return Worker(None, why=_("Le portefeuille n’a pas de titulaire."))


def team_of(commune: str, postcode: str, on: date) -> UUID | None:
    """The team that serves (commune, postcode) on a day; None in a gap."""
    zone = ZonePart.objects.filter(commune_id=commune, postcode=postcode, during__contains=on).values(
        "zone_id"
    )
    return (
        Coverage.objects.filter(zone__in=zone, during__contains=on).values_list("team_id", flat=True).first()
    )


def loads(team_id: UUID | None = None) -> dict[int, int]:
    """How many living persons each portfolio has, as the coverage rooms count (not a matter of scope)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT portfolio_id, persons FROM coverage.loads(%s)", [team_id])
        return dict(cursor.fetchall())


def propose(person_id: UUID, on: date | None = None) -> Proposal:
    """The portfolio that suits a person best: team of the home address, then the lightest load for the hours worked.

    ``weighed`` says the figures. Portfolio 0 with the reason when there is no address, no team or no portfolio.
    Raises ``Unknown`` when the person is not in scope.
    """
    on = on or today()
    if not Person.objects.filter(pk=person_id).exists():
        raise Unknown(_("Cette personne n’est pas dans votre périmètre."), code="person-unknown")
    home = Address.objects.filter(subject_id=person_id, kind=Address.Kind.HOME, until=None).first()
    if home is None:
        return Proposal(UNASSIGNED, {"why": _("Il manque l’adresse du domicile.")})
    team = team_of(home.commune_id, home.postcode, on)
    if team is None:
        return Proposal(
            UNASSIGNED, {"why": _("Aucune équipe ne sert cette adresse."), "commune": home.commune_id}
        )
    return lightest(team, on)


def lightest(team_id: UUID, on: date) -> Proposal:
    """The team's portfolio with the least persons for the hours its worker has that week."""
    persons, portfolios = (
        loads(team_id),
        list(Portfolio.objects.filter(team_id=team_id, closed_on=None).order_by("id")),
    )
    workers = workers_of([portfolio.pk for portfolio in portfolios], on)
    week = weekly_hours_of(worker.staff_id for worker in workers.values())
    weighed: list[dict[str, Any]] = []
    for portfolio in portfolios:
        worker = workers[portfolio.pk]
        hours = week.get(worker.staff_id, 0.0)
        count = persons.get(portfolio.pk, 0)
        weighed.append(
            {
                "portfolio": portfolio.pk,
                "name": portfolio.name,
                "persons": count,
                "target": portfolio.target_size,
                "hours": hours,
                "worker": worker.name,
                # Full time is 35 hours; a half-time correspondent's portfolio fills twice as fast.
                "fullness": round(count / max(portfolio.target_size * hours / 35, 1), 3) if hours else None,
            }
        )
    able = [line for line in weighed if line["fullness"] is not None]
    if not able:
        return Proposal(
            UNASSIGNED, {"why": _("Aucun portefeuille de l’équipe n’a de correspondant."), "lines": weighed}
        )
    best = min(able, key=lambda line: (line["fullness"], line["portfolio"]))
    return Proposal(best["portfolio"], {"team": str(team_id), "lines": weighed})


@dataclass(frozen=True)
class Gap:
    """A part of a commune of the territory that no zone or no team serves."""

    commune: str
    name: str
    postcode: str
    why: str


def gaps(department: str = "", on: date | None = None) -> list[Gap]:
    """The (commune, postcode) of a department (of all when empty) where we serve some zone, but not this one."""
    with connection.cursor() as cursor:
        cursor.execute(GAPS, {"department": department, "on": on or today()})
        return [Gap(*row) for row in cursor.fetchall()]


GAPS = """
SELECT c.code, c.name, cp.postcode, CASE WHEN z.id IS NULL THEN 'no_zone' ELSE 'no_team' END
FROM geography_commune c
JOIN geography_communepostcode cp ON cp.commune_id = c.code
LEFT JOIN coverage_zonepart z ON z.commune_id = c.code AND z.postcode = cp.postcode AND z.during @> %(on)s::date
LEFT JOIN coverage_coverage v ON v.zone_id = z.zone_id AND v.during @> %(on)s::date
WHERE %(department)s IN ('', c.department_id) AND c.nature = 'current' AND v.id IS NULL
  AND c.epci_code IN (SELECT n.epci_code FROM coverage_zonepart p
                      JOIN geography_commune n ON n.code = p.commune_id WHERE p.during @> %(on)s::date)
ORDER BY c.name, cp.postcode
"""


@dataclass(frozen=True)
class PortfolioCard:
    """A portfolio as its supervisor sees it."""

    portfolio: Portfolio
    worker: Worker
    persons: int


def cards_of_teams(team_ids: list[UUID], on: date | None = None) -> list[PortfolioCard]:
    """The portfolios of teams with who works them that day and how many persons they hold (4 queries)."""
    on = on or today()
    persons = loads()
    portfolios = list(
        Portfolio.objects.filter(team_id__in=team_ids, closed_on=None)
        .select_related("team", "standing_substitute__account")
        .order_by("team__name", "id")
    )
    workers = workers_of([portfolio.pk for portfolio in portfolios], on)
    return [PortfolioCard(p, workers[p.pk], persons.get(p.pk, 0)) for p in portfolios]


def led_by(staff_id: UUID, on: date | None = None) -> list[UUID]:
    """The teams a supervisor leads on a day."""
    return list(
        Staff.objects.filter(
            pk=staff_id, memberships__leads=True, memberships__during__contains=on or today()
        )
        .values_list("memberships__team_id", flat=True)
        .distinct()
    )


def free_to_help(team_id: UUID, on: date) -> list[Staff]:
    """Members of a team who are there that day, least loaded first: whom a supervisor may ask."""
    away = Absence.objects.filter(during__contains=on).values("staff_id")
    return list(
        Staff.objects.filter(
            memberships__team_id=team_id, memberships__during__contains=on, account__is_active=True
        )
        .exclude(pk__in=away)
        .annotate(held=Count("holdings", filter=Q(holdings__during__contains=on), distinct=True))
        .select_related("account")
        .order_by("held", "account__name", "id")
    )
