"""The columns that every row about a person carries: distribution key, portfolio, department (decisions 2a, 6)."""

from __future__ import annotations

from django.db import models

from gruppetto.kernel.identifiers import new_id

# The portfolio of rows that nobody holds yet: unknown callers, persons still to be placed.
UNASSIGNED = 0


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
