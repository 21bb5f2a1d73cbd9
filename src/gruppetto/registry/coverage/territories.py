"""The map as those who keep it see it: zones with their parts, teams with their members, portfolios by dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Unknown
from gruppetto.registry.coverage.models import Coverage, Portfolio, Team, TeamMember, Zone, ZonePart
from gruppetto.registry.geography.models import Commune, CommunePostcode
from gruppetto.registry.geography.reads import propose

Place = tuple[str, str]
"""A part of the map: (commune code, postcode)."""

# A city has tens of postcodes; a screen shows no more lines than this.
MOST_LINES = 80


def coming(on: date) -> Q:
    """Rows that hold on a day or later."""
    return Q(during__endswith__gt=on) | Q(during__upper_inf=True)


def zones(on: date) -> QuerySet[Zone]:
    """All zones by territory and name, with ``parts_count`` and ``covered_now`` that day. Two queries."""
    covered = Coverage.objects.filter(during__contains=on).select_related("team")
    return (
        Zone.objects.select_related("territory")
        .annotate(parts_count=Count("parts", filter=Q(parts__during__contains=on)))
        .prefetch_related(Prefetch("coverages", covered, to_attr="covered_now"))
        .order_by("territory__name", "name", "id")
    )


def zone(zone_id: UUID, on: date) -> Zone:
    """A zone with ``parts_to_come`` (from that day on) and ``covered_to_come``. Three queries. Raises ``Unknown``."""
    parts = ZonePart.objects.filter(coming(on)).select_related("commune")
    covered = Coverage.objects.filter(coming(on)).select_related("team")
    found = (
        Zone.objects.select_related("territory")
        .prefetch_related(
            Prefetch(
                "parts", parts.order_by("commune__name_key", "postcode", "during"), to_attr="parts_to_come"
            ),
            Prefetch("coverages", covered.order_by("during"), to_attr="covered_to_come"),
        )
        .filter(pk=zone_id)
        .first()
    )
    if found is None:
        raise Unknown(_("Cette zone n’existe pas."), code="zone-unknown")
    return found


def part(part_id: UUID) -> ZonePart:
    """A part with its zone and commune. One query. Raises ``Unknown``."""
    found = ZonePart.objects.select_related("zone", "commune").filter(pk=part_id).first()
    if found is None:
        raise Unknown(_("Cette commune n’est pas dans la zone."), code="part-unknown")
    return found


def taken(places: Iterable[Place], on: date) -> dict[Place, ZonePart]:
    """Those of ``places`` that some zone has on ``on`` or later, with what has them. One query."""
    wanted = set(places)
    rows = (
        ZonePart.objects.filter(coming(on), commune__in={code for code, _postcode in wanted})
        .select_related("zone", "commune")
        .order_by("commune__name_key", "postcode", "-during")
    )
    found = {(row.commune_id, row.postcode): row for row in rows}
    return {place: row for place, row in found.items() if place in wanted}


def places_for(text: str, zone_id: UUID, on: date) -> list[CommunePostcode]:
    """The lines to choose from: what ``text`` (a name or the first digits of a postcode) finds, at most four queries;
    without a text, what no zone has in the intercommunalities of the zone, two queries.
    """
    if text.strip():
        digits = "".join(text.split())
        found = [
            part
            for commune in propose(text)
            for part in commune.postcodes.all()
            if not digits.isdigit() or part.postcode.startswith(digits[:5])
        ]
        shown = [(part.commune_id, part.postcode) for part in found[:MOST_LINES]]
        return [
            one for one in _places({code for code, _ in shown}) if (one.commune_id, one.postcode) in shown
        ]
    here = Commune.objects.filter(zonepart__zone=zone_id, zonepart__during__contains=on).exclude(epci_code="")
    around = CommunePostcode.objects.filter(
        commune__epci_code__in=here.values("epci_code"), commune__nature=Commune.Nature.CURRENT
    )
    lines = list(around.select_related("commune").order_by("commune__name_key", "postcode"))
    served = taken([(one.commune_id, one.postcode) for one in lines], on)
    return [one for one in lines if (one.commune_id, one.postcode) not in served][:MOST_LINES]


def chosen(places: Iterable[Place]) -> list[CommunePostcode]:
    """The rows of the map of ``places``; what is not on it is left out. One query."""
    wanted = set(places)
    return [one for one in _places({code for code, _ in wanted}) if (one.commune_id, one.postcode) in wanted]


def _places(codes: set[str]) -> QuerySet[CommunePostcode]:
    return (
        CommunePostcode.objects.filter(commune__in=codes)
        .select_related("commune__department")
        .order_by("commune__name_key", "commune", "postcode")
    )


def teams(on: date) -> QuerySet[Team]:
    """All teams by name with ``members_now`` and ``portfolios_count`` that are open. Two queries."""
    return (
        Team.objects.select_related("territory")
        .annotate(portfolios_count=Count("portfolios", filter=Q(portfolios__closed_on=None)))
        .prefetch_related(Prefetch("members", _members(Q(during__contains=on)), to_attr="members_now"))
        .order_by("name", "id")
    )


def team(team_id: UUID, on: date) -> Team:
    """A team with ``members_to_come`` and ``portfolios_open``. Three queries. Raises ``Unknown``."""
    portfolios = Portfolio.objects.filter(closed_on=None).select_related("standing_substitute__account")
    found = (
        Team.objects.select_related("territory")
        .prefetch_related(
            Prefetch("members", _members(coming(on)), to_attr="members_to_come"),
            Prefetch("portfolios", portfolios.order_by("id"), to_attr="portfolios_open"),
        )
        .filter(pk=team_id)
        .first()
    )
    if found is None:
        raise Unknown(_("Cette équipe n’existe pas."), code="team-unknown")
    return found


def member(member_id: UUID) -> TeamMember:
    """A membership with its team and its staff. One query. Raises ``Unknown``."""
    found = _members(Q(pk=member_id)).select_related("staff__account", "team").first()
    if found is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="member-unknown")
    return found


def portfolio(portfolio_id: int) -> Portfolio:
    """An open portfolio with its team. One query. Raises ``Unknown``."""
    found = (
        Portfolio.objects.select_related("team")
        .filter(pk=portfolio_id, team__isnull=False, closed_on=None)
        .first()
    )
    if found is None:
        raise Unknown(_("Ce portefeuille n’existe pas, ou il est fermé."), code="portfolio-unknown")
    return found


def _members(which: Q) -> QuerySet[TeamMember]:
    rows = TeamMember.objects.filter(which).select_related("staff__account")
    return rows.order_by("-leads", "staff__account__name", "during", "id")
