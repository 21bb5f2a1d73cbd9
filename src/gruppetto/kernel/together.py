"""New rows of several tables in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


def insert_together(rows: Iterable[Model]) -> None:
    """Insert new ``rows``, those of one model side by side, in one statement: all see the database as it was before.

    What the database fills in by itself is not read back.
    """
    parts: list[str] = []
    values: list[Any] = []
    for model, group in groupby(rows, attrgetter("__class__")):
        query = InsertQuery(model)
        query.insert_values(model._meta.concrete_fields, list(group))
        for sql, params in query.get_compiler(connection=connection).as_sql():
            parts.append(f"part{len(parts)} AS ({sql})")
            values += params
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(parts)} SELECT", values)
