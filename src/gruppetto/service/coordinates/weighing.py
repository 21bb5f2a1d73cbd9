"""How the coordinates of persons stand: one statement for each five hundred persons, the same again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection

from gruppetto.kernel import clock
from gruppetto.registry.people.models import Person

CHUNK = 500
VERIFIED_FOR = timedelta(days=183)
"""Coordinates are verified anew every six months (Q28)."""


def weigh(persons: Sequence[UUID]) -> None:
    """Weigh the coordinates of these persons; whom we no longer follow has no standing any more (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coordinates.weigh(%s::uuid[], %s, %s::interval)",
            [list(persons), clock.now(), f"{VERIFIED_FOR.days} days"],
        )


def weigh_all() -> int:
    """Weigh everybody's, five hundred at a time; returns how many persons."""
    after, number = None, 0
    while chunk := _next(after):
        weigh(chunk)
        after, number = chunk[-1], number + len(chunk)
    return number


def _next(after: UUID | None) -> list[UUID]:
    rows = Person.objects.order_by("pk").values_list("pk", flat=True)
    return list((rows.filter(pk__gt=after) if after else rows)[:CHUNK])
