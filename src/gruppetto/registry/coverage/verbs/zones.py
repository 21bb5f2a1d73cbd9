"""Drawing the map: territories, zones, the parts of a zone by dates, the team that serves it by dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.outbox import publish
from gruppetto.registry.coverage.events import MAP_CHANGED
from gruppetto.registry.coverage.models import Coverage, Team, Territory, Zone, ZonePart
from gruppetto.registry.coverage.territories import Place, taken
from gruppetto.registry.coverage.verbs.days import end_before, not_past
from gruppetto.registry.geography.models import CommunePostcode

LONGEST_NAME = 120


@verb
def open_territory(name: str) -> Territory:
    """A territory, empty yet. Raises ``Refused`` (name-missing, or the sentence of a name already taken)."""
    territory = Territory.objects.create(name=named(name))
    journal.act("territory.opened", body={"territory": territory.pk})
    return territory


@verb
def define_zone(territory_id: UUID, name: str, parts: Iterable[Place], on: date) -> Zone:
    """Draw a zone of (commune code, postcode) parts from ``on``; none yet is allowed: its gaps are shown.

    Raises ``Unknown`` (territory-unknown), ``Refused`` (name-missing, in-the-past, part-unknown, part-taken).
    """
    territory = Territory.objects.filter(pk=territory_id).first()
    if territory is None:
        raise Unknown(_("Ce territoire n’existe pas."), code="territory-unknown", field="territory")
    not_past(on)
    zone = Zone.objects.create(territory=territory, name=named(name))
    journal.act("zone.defined", body={"zone": zone.pk, "parts": _draw(zone, parts, on), "on": on})
    publish(MAP_CHANGED)
    return zone


@verb
def rename_zone(zone_id: UUID, name: str) -> Zone:
    """Call a zone otherwise. Raises ``Unknown``, ``Refused`` (name-missing, or the name is taken)."""
    zone = _zone(zone_id)
    zone.name = named(name)
    zone.save(update_fields=["name"])
    journal.act("zone.renamed", body={"zone": zone.pk})
    return zone


@verb
def add_parts(zone_id: UUID, parts: Iterable[Place], on: date) -> int:
    """The zone has these (commune code, postcode) from ``on``; returns how many. Nobody moves.

    Raises ``Unknown`` (zone-unknown), ``Refused`` (parts-missing, in-the-past, part-unknown, part-taken).
    """
    zone = _zone(zone_id)
    not_past(on)
    added = _draw(zone, parts, on)
    if not added:
        raise Refused(_("Choisissez au moins une commune."), code="parts-missing", field="parts")
    journal.act("zone.parts_added", body={"zone": zone.pk, "parts": added, "on": on})
    publish(MAP_CHANGED)
    return added


@verb
def remove_part(part_id: UUID, on: date) -> None:
    """From ``on``, the part is in no zone. Nobody moves; the gap is shown.

    Raises ``Unknown`` (part-unknown), ``Refused`` (in-the-past, part-ended).
    """
    part = ZonePart.objects.select_for_update().filter(pk=part_id).first()
    if part is None:
        raise Unknown(_("Cette commune n’est pas dans la zone."), code="part-unknown")
    not_past(on)
    if part.during.upper is not None and part.during.upper <= on:
        raise Refused(_("Elle n’est déjà plus dans la zone ce jour-là."), code="part-ended", field="on")
    end_before(part, on)
    journal.act(
        "zone.part_removed",
        body={"zone": part.zone_id, "part": part_id, "on": on},
    )
    publish(MAP_CHANGED)


@verb
def cover(zone_id: UUID, team_id: UUID, on: date) -> Coverage:
    """From ``on``, the team serves the zone; the team before serves it until the day before. Nobody moves.

    A team already planned for later stays planned. Raises ``Unknown``, ``Refused`` (in-the-past, same-team).
    """
    zone, team = _zone(zone_id), Team.objects.filter(pk=team_id).first()
    if team is None:
        raise Unknown(_("Cette équipe n’existe pas."), code="team-unknown", field="team")
    not_past(on)
    covered = Coverage.objects.filter(zone=zone)
    before = covered.filter(during__contains=on).first()
    if before is not None and before.team_id == team.pk:
        raise Refused(_("Cette équipe sert déjà la zone."), code="same-team", field="team")
    later = covered.filter(during__startswith__gt=on).order_by("during")
    until = later.values_list(Lower("during"), flat=True).first()
    if before is not None:
        end_before(before, on)
    coverage = Coverage.objects.create(zone=zone, team=team, during=(on, until))
    journal.act("zone.covered", body={"zone": zone.pk, "team": team.pk, "on": on})
    publish(MAP_CHANGED)
    return coverage


def named(typed: str) -> str:
    """A name as kept. Raises ``Refused`` (name-missing)."""
    name = " ".join(typed.split())[:LONGEST_NAME]
    if not name:
        raise Refused(_("Donnez un nom."), code="name-missing", field="name")
    return name


def _zone(zone_id: UUID) -> Zone:
    zone = Zone.objects.select_for_update().filter(pk=zone_id).first()
    if zone is None:
        raise Unknown(_("Cette zone n’existe pas."), code="zone-unknown")
    return zone


def _draw(zone: Zone, parts: Iterable[Place], on: date) -> int:
    """Add the parts; said nicely first, the constraint says it last."""
    wanted = list(dict.fromkeys(parts))
    known = set(
        CommunePostcode.objects.filter(commune__in=[code for code, _postcode in wanted]).values_list(
            "commune_id", "postcode"
        )
    )
    if not known.issuperset(wanted):
        raise Refused(_("Cette commune n’a pas ce code postal."), code="part-unknown", field="parts")
    if found := taken(wanted, on):
        first = next(iter(found.values()))
        words = {"place": f"{first.commune.name} ({first.postcode})", "zone": first.zone.name}
        raise Refused(
            _("%(place)s est déjà dans la zone « %(zone)s » à ces dates.") % words,
            code="part-taken",
            field="parts",
        )
    ZonePart.objects.bulk_create(
        ZonePart(zone=zone, commune_id=commune, postcode=postcode, during=(on, None))
        for commune, postcode in wanted
    )
    return len(wanted)
