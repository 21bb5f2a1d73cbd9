"""The columns that every row about a person carries: distribution key, portfolio, department (decisions 2a, 6).

A table that changes and names a person has two columns for them: ``person_id``, as filed, and ``subject_id``, who that
is now that records may have been merged (decisions 18). Constraints and reads use ``subject_id``, verbs write
``person_id``; rows that never change are read through ``same_person``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id

# The portfolio of rows that nobody holds yet: unknown callers, persons still to be placed.
UNASSIGNED = 0

SENTENCES = {
    "a_merged_record_takes_nothing_more": _(
        "Cette fiche a été réunie avec une autre : ouvrez la fiche gardée, tout y est."
    ),
    "a_row_stays_on_its_shelf": _("Le rangement d’une ligne ne change jamais."),
}


class PersonRow(models.Model):
    """Base of each table whose rows are about a person.

    ``shelf``: hash of the person's id, never changed. ``portfolio_id``: who may see it, moved when the person
    moves (the room says so in ``merging.py``). ``department``: a plain fact for statistics.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shelf = models.SmallIntegerField(editable=False)
    portfolio_id = models.IntegerField(db_default=UNASSIGNED, default=UNASSIGNED)
    department = models.CharField(max_length=3, blank=True, db_default="", default="")

    class Meta:
        abstract = True


class _AsFiled:
    """A new row is about the person it is filed on: nothing is filed on a merged record (trigger ``subject``)."""

    attname: str

    def pre_save(self, row: models.Model, add: bool) -> Any:
        if add and getattr(row, self.attname) is None:
            setattr(row, self.attname, row.person_id)  # type: ignore[attr-defined]  # the rows that have a subject
        return super().pre_save(row, add)  # type: ignore[misc]  # of the field it is mixed with


class SubjectField(_AsFiled, models.UUIDField):
    """``subject_id`` of a table without foreign keys to persons; ``null`` as ``person_id``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"editable": False, **options})


class SubjectKey(_AsFiled, models.ForeignKey):
    """``subject``, with its column ``subject_id``; the database fills it and holds it right by trigger."""

    def __init__(self, to: Any, on_delete: Any = models.CASCADE, **options: Any) -> None:
        super().__init__(to, on_delete, **{"editable": False, "db_constraint": False, **options})


def records_of(person_id: UUID) -> RawSQL:
    """As ``same_person``, inside a query: ``.filter(person_id__in=records_of(person.pk))``."""
    return RawSQL("SELECT unnest(access.same_person(%s))", [person_id])


def same_person(person_id: UUID) -> list[UUID]:
    """All the records that are this person's, the one kept first: for rows that never change (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.same_person(%s)", [person_id])
        return list(cursor.fetchone()[0])
