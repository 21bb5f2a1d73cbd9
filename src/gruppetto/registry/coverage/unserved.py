"""The parts of the map that nobody serves, kept for who leads around them (decisions 19)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from gruppetto.registry.coverage.models import UnservedPart, ZonePart
from gruppetto.registry.coverage.reads import gaps


def keep_gaps(on: date) -> int:
    """Keep the gaps of a day, each with the first day it was found, and nothing else; returns how many. Worker only."""
    found = {(gap.commune, gap.postcode): gap.why for gap in gaps(on=on)}
    over = [
        part.pk
        for part in UnservedPart.objects.only("commune_id", "postcode")
        if (part.commune_id, part.postcode) not in found
    ]
    UnservedPart.objects.filter(pk__in=over).delete()
    UnservedPart.objects.bulk_create(
        [
            UnservedPart(commune_id=commune, postcode=postcode, why=why, since=on)
            for (commune, postcode), why in found.items()
        ],
        update_conflicts=True,
        unique_fields=["commune", "postcode"],
        update_fields=["why"],
        batch_size=500,
    )
    return len(found)


def departments_of(team_ids: Iterable[UUID]) -> QuerySet[ZonePart, str]:
    """The departments where these teams serve a zone, or did: who loses a zone still hears of it."""
    return (
        ZonePart.objects.filter(zone__coverages__team__in=team_ids)
        .order_by()
        .values_list("commune__department_id", flat=True)
        .distinct()
    )


def unserved_in(team_ids: Iterable[UUID]) -> QuerySet[UnservedPart]:
    """What nobody serves around these teams."""
    return UnservedPart.objects.filter(commune__department__in=departments_of(team_ids))
