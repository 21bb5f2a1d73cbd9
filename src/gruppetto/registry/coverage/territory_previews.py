"""What a change of the map would change, and for how many: nobody is moved by it (decisions 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from gruppetto.kernel.access.rows import UNASSIGNED
from gruppetto.registry.coverage.models import Coverage, Holding, Portfolio, Team, TeamMember, ZonePart
from gruppetto.registry.coverage.reads import loads
from gruppetto.registry.coverage.territories import Place, coming, portfolio
from gruppetto.registry.staff.models import Role


@dataclass(frozen=True)
class Stay:
    """The subscribers of a place who are in one portfolio and stay there; ``elsewhere``: it is of another team."""

    portfolio: Portfolio
    persons: int
    elsewhere: bool


@dataclass(frozen=True)
class PlacesPreview:
    """``before`` and ``after``: the teams that serve the places; ``unplaced``: subscribers in no portfolio yet."""

    before: Team | None
    after: Team | None
    stays: tuple[Stay, ...]
    unplaced: int

    @property
    def persons(self) -> int:
        """Subscribers who live there."""
        return self.unplaced + sum(one.persons for one in self.stays)

    @property
    def to_review(self) -> tuple[Stay, ...]:
        """Those whose correspondent is not of the team proposed from then on: the supervisor decides, one by one."""
        return tuple(one for one in self.stays if one.elsewhere)


def added_preview(zone_id: UUID, places: Sequence[Place], on: date) -> PlacesPreview:
    """What a zone that gains places on ``on`` changes. Three queries."""
    return _preview(places, None, _team(zone_id, on))


def removed_preview(part: ZonePart, on: date) -> PlacesPreview:
    """What a zone that loses a part on ``on`` changes. Three queries."""
    return _preview([(part.commune_id, part.postcode)], _team(part.zone_id, on), None)


def covered_preview(zone_id: UUID, team_id: UUID, on: date) -> PlacesPreview:
    """What another team in a zone on ``on`` changes. Five queries."""
    parts = ZonePart.objects.filter(zone=zone_id, during__contains=on).values_list("commune_id", "postcode")
    return _preview(list(parts), _team(zone_id, on), Team.objects.filter(pk=team_id).first())


def _team(zone_id: UUID, on: date) -> Team | None:
    covered = Coverage.objects.filter(zone=zone_id, during__contains=on).select_related("team").first()
    return covered.team if covered else None


def _preview(places: Sequence[Place], before: Team | None, after: Team | None) -> PlacesPreview:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portfolio_id, persons FROM coverage.living_at(%s, %s)",
            [[code for code, _ in places], [postcode for _, postcode in places]],
        )
        persons: dict[int, int] = dict(cursor.fetchall())
    after_id = after.pk if after else None
    stays = tuple(
        Stay(one, persons[one.pk], one.team_id != after_id)
        for one in Portfolio.objects.filter(pk__in=set(persons) - {UNASSIGNED}).order_by("name", "id")
    )
    return PlacesPreview(before, after, stays, persons.get(UNASSIGNED, 0))


@dataclass(frozen=True)
class JoinPreview:
    """``persons``: those of the team's portfolios, whom who leads it sees from then on."""

    portfolios: int
    persons: int


def join_preview(team_id: UUID) -> JoinPreview:
    """What somebody who leads a team comes to see. One query."""
    persons = loads(team_id)
    return JoinPreview(Portfolio.objects.filter(team=team_id, closed_on=None).count(), sum(persons.values()))


@dataclass(frozen=True)
class LeavePreview:
    """``holds``: to be handed over first; ``stands_in``: need another; ``last_leader``: nobody leads then."""

    holds: tuple[Portfolio, ...]
    stands_in: tuple[Portfolio, ...]
    last_leader: bool


def leave_preview(member: TeamMember, on: date) -> LeavePreview:
    """What a departure of ``member`` on ``on`` leaves open. Three queries."""
    of_team = Portfolio.objects.filter(team=member.team_id, closed_on=None).order_by("id")
    held = Holding.objects.filter(coming(on), staff=member.staff_id, capacity=Holding.Capacity.HOLDER)
    others = TeamMember.objects.filter(Q(team=member.team_id, leads=True, during__contains=on)).exclude(
        staff=member.staff_id
    )
    return LeavePreview(
        tuple(of_team.filter(pk__in=held.values("portfolio"))),
        tuple(of_team.filter(standing_substitute=member.staff_id)),
        member.leads and not others.exists(),
    )


@dataclass(frozen=True)
class Led:
    """A team that somebody leads, and who else does: nobody when it is ``alone``."""

    team: str
    others: tuple[str, ...]

    @property
    def alone(self) -> bool:
        """The team would have no leader: another is named first."""
        return not self.others


def led_by(account_id: UUID, on: date) -> tuple[Led, ...]:
    """The teams that an account leads on a day, which end with the role of supervisor. Two queries."""
    rows = TeamMember.objects.filter(leads=True, during__contains=on)
    teams = Team.objects.filter(members__in=rows.filter(staff__account=account_id)).order_by("name", "id")
    leaders = rows.filter(
        team__in=teams, staff__account__is_active=True, staff__account__role=Role.SUPERVISOR
    ).exclude(staff__account=account_id)
    others: dict[UUID, list[str]] = {}
    for team_id, name in leaders.order_by("staff__account__name").values_list(
        "team_id", "staff__account__name"
    ):
        others.setdefault(team_id, []).append(name)
    return tuple(Led(team.name, tuple(others.get(team.pk, ()))) for team in teams)


@dataclass(frozen=True)
class ClosePreview:
    """``persons``: who are still in it, so that it stays open; ``holder``: who holds it today."""

    portfolio: Portfolio
    persons: int
    holder: str


def close_preview(portfolio_id: int, on: date) -> ClosePreview:
    """What keeps a portfolio from closing. Three queries. Raises ``Unknown``."""
    one = portfolio(portfolio_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coverage.living_in(%s)", [portfolio_id])
        persons = cursor.fetchone()[0]
    holding = (
        Holding.objects.filter(portfolio=one, capacity=Holding.Capacity.HOLDER, during__contains=on)
        .select_related("staff__account")
        .first()
    )
    return ClosePreview(one, persons, holding.staff.account.name if holding else "")
