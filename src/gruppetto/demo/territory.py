"""The stage: the map, the catalogue, the staff with their teams and portfolios."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum

from gruppetto.demo import knowledge, names, rota
from gruppetto.demo.cast import AWAY, DAYS_AGO, DAYS_AWAY, SUPERVISOR, TERRITORY, Plan, TeamPlan, plan
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import day_of
from gruppetto.registry.coverage.models import (
    Coverage,
    Holding,
    Portfolio,
    Team,
    TeamMember,
    Territory,
    Zone,
    ZonePart,
)
from gruppetto.registry.geography.models import Commune, CommunePostcode
from gruppetto.registry.geography.seeding import load as load_geography
from gruppetto.registry.organisations.seeding import load as load_organisations
from gruppetto.registry.staff.models import Absence, Staff
from gruppetto.service.catalogue.verbs import load as load_catalogue

OPENED = timedelta(days=400)
"""The pilot opened that long before the first day told."""
PLANNED_SINCE = timedelta(days=35)


@dataclass(frozen=True)
class Stand:
    """Somebody who holds a portfolio in place of its holder, both days included."""

    portfolio: int
    account: UUID
    first: date
    last: date


@dataclass
class Stage:
    """The territory as made; ``places``: the parts where the people of each portfolio live."""

    shares: dict[int, float]
    staff: dict[UUID, str] = field(default_factory=dict)
    answering: dict[UUID, str] = field(default_factory=dict)
    agent: UUID | None = None
    supervisor: UUID | None = None
    holders: dict[int, UUID] = field(default_factory=dict)
    teams: dict[int, UUID] = field(default_factory=dict)
    stands: list[Stand] = field(default_factory=list)
    places: dict[int, list[CommunePostcode]] = field(default_factory=dict)
    inhabitants: int = 0

    def worker(self, portfolio: int, on: date) -> tuple[UUID, str]:
        """Who works a portfolio that day, and in what capacity, as ``coverage.worker_of``."""
        for stand in self.stands:
            if stand.portfolio == portfolio and stand.first <= on <= stand.last:
                return stand.account, "substitute"
        return self.holders[portfolio], "holder"


def set_up(subscribers: int, passwords: dict[str, str], today: date, since: datetime) -> Stage:
    """Make the territory, without its people; owner role, inside ``acting``.

    ``passwords``: by e-mail; an account without one cannot be used. ``since``: from when the catalogue is in force.
    """
    whole = plan(subscribers)
    load_geography(whole.departments)
    load_organisations()
    load_catalogue(since)
    stage = Stage(shares=whole.shares)
    begin = min(day_of(since), today) - OPENED
    records = _staff(stage, whole, passwords, begin)
    _teams(stage, whole, records, begin)
    _absence(stage, records[AWAY], today)
    knowledge.set_up(records, since)
    # A month of the past is enough to look back at.
    rota.set_up(records, max(begin, today - PLANNED_SINCE), today)
    return stage


def _staff(stage: Stage, whole: Plan, passwords: dict[str, str], begin: date) -> dict[str, Staff]:
    records = {}
    for number, member in enumerate(whole.staff):
        account = Account.objects.create_account(
            member.email, member.name, member.role, passwords.get(member.email)
        )
        stage.staff[account.pk] = member.name
        answers = member.role in ("agent", "correspondent", "supervisor")
        if answers:
            stage.answering[account.pk] = member.role
        if member.role == "agent":
            stage.agent = account.pk
        elif member.name == SUPERVISOR:
            stage.supervisor = account.pk
        for portfolio in member.portfolios:
            stage.holders[portfolio] = account.pk
        records[member.name] = Staff.objects.create(
            account=account,
            starts=begin,
            takes_calls=answers,
            phone=names.mobile(names.STAFF + number) if number < 100 else "",
        )
    return records


def _teams(stage: Stage, whole: Plan, records: dict[str, Staff], begin: date) -> None:
    territory = Territory.objects.create(name=TERRITORY)
    holders = {number: member.name for member in whole.staff for number in member.portfolios}
    leaders = {member.leads: member.name for member in whole.staff if member.leads}
    spare = _spare_places(whole)
    always = (begin, None)
    for planned in whole.teams:
        team = Team.objects.create(territory=territory, name=planned.name)
        zone = Zone.objects.create(territory=territory, name=planned.name)
        parts = _parts(planned) or spare.pop()
        ZonePart.objects.bulk_create(
            ZonePart(zone=zone, commune_id=part.commune_id, postcode=part.postcode, during=always)
            for part in parts
        )
        Coverage.objects.create(zone=zone, team=team, during=always)
        stage.inhabitants += sum(part.estimated_population or 0 for part in parts)
        for leader in {SUPERVISOR, leaders.get(planned.name, SUPERVISOR)}:
            TeamMember.objects.create(team=team, staff=records[leader], leads=True, during=always)
        for number, name, substitute in planned.portfolios:
            portfolio = Portfolio.objects.create(
                id=number, team=team, name=name, standing_substitute=records[substitute]
            )
            holder = records[holders[number]]
            TeamMember.objects.create(team=team, staff=holder, during=always)
            Holding.objects.create(
                portfolio=portfolio,
                staff=holder,
                capacity=Holding.Capacity.HOLDER,
                during=always,
                why="ouverture du pilote",
            )
            stage.places[number] = parts
            stage.teams[number] = team.pk


def _parts(planned: TeamPlan) -> list[CommunePostcode]:
    """The (commune, postcode) parts of the map that a plan names."""
    if not planned.epcis and not planned.parts:
        return []
    wanted = Q(commune__epci_code__in=planned.epcis, commune__nature=Commune.Nature.CURRENT)
    for commune, postcode in planned.parts:
        wanted |= Q(commune_id=commune, postcode=postcode)
    found = CommunePostcode.objects.filter(wanted).select_related("commune")
    return list(found.order_by("commune_id", "postcode"))


def _spare_places(whole: Plan) -> list[list[CommunePostcode]]:
    """The rest of the region shared between the teams that name no place, by whole intercommunality."""
    teams = sum(not (planned.epcis or planned.parts) for planned in whole.teams)
    if not teams:
        return []
    taken = [epci for planned in whole.teams for epci in planned.epcis]
    # The intercommunality of a part (Toulouse) is left whole to its first team.
    taken += Commune.objects.filter(
        code__in=[commune for planned in whole.teams for commune, _ in planned.parts]
    ).values_list("epci_code", flat=True)
    sizes = (
        Commune.objects.filter(nature=Commune.Nature.CURRENT, department__in=whole.departments)
        .exclude(epci_code__in=[*taken, ""])
        .values_list("epci_code")
        .annotate(size=Sum("population"))
        .order_by("-size", "epci_code")
    )
    shares: list[list[str]] = [[] for _ in range(teams)]
    for rank, (epci, _size) in enumerate(sizes):
        shares[rank % teams].append(epci)
    return [_parts(TeamPlan("", epcis=tuple(share))) for share in shares]


def _absence(stage: Stage, away: Staff, today: date) -> None:
    """A week's leave in the past, with the usual substitutes in place."""
    first = today - timedelta(days=DAYS_AGO)
    last = first + timedelta(days=DAYS_AWAY - 1)
    during = (first, last + timedelta(days=1))
    Absence.objects.create(staff=away, during=during, reason=Absence.Reason.LEAVE)
    held = Holding.objects.filter(staff=away, capacity=Holding.Capacity.HOLDER)
    for holding in held.select_related("portfolio__standing_substitute"):
        portfolio, substitute = holding.portfolio, holding.portfolio.standing_substitute
        if substitute is None:
            continue
        Holding.objects.create(
            portfolio=portfolio,
            staff=substitute,
            capacity=Holding.Capacity.SUBSTITUTE,
            during=during,
            why="remplaçant habituel pendant l’absence du titulaire",
        )
        stage.stands.append(Stand(portfolio.pk, substitute.account_id, first, last))
