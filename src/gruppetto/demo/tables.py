"""Writing many rows at once: COPY, as the owner, each row complete (decisions 29)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Value
from psycopg.types.json import Jsonb

from gruppetto.kernel.secrets.fields import EncryptedTextField

Row = Mapping[str, Any]


class Table:
    """Rows of one model, as mappings of attribute names to plain values; what a row leaves out is the default."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self.name = model._meta.db_table
        self.places = {field.attname: place for place, field in enumerate(fields)}
        self.defaults = [_default(field) for field in fields]
        self.json = [field.attname for field in fields if isinstance(field, models.JSONField)]
        self.sealed = [field for field in fields if isinstance(field, EncryptedTextField)]
        self.model = model
        self.sql = f'COPY "{self.name}" ({columns}) FROM STDIN'

    def write(self, rows: Iterable[Row]) -> int:
        """COPY ``rows``; returns how many. Raises ``KeyError`` for an attribute that the model does not have."""
        count = 0
        with connection.cursor() as cursor, cursor.copy(self.sql) as copy:
            for values in map(self._values, rows):
                copy.write_row(values)
                count += 1
        return count

    def _values(self, row: Row) -> list[Any]:
        values, places = self.defaults.copy(), self.places
        for name, value in row.items():
            values[places[name]] = value
        for name in self.json:
            if (held := values[places[name]]) is not None:
                values[places[name]] = Jsonb(held)
        for field in self.sealed:
            # An encrypted text is sealed to its own row.
            if (text := values[places[field.attname]]) is not None:
                owner = self.model(**{"pk": row["id"], field.attname: text})
                values[places[field.attname]] = bytes(field.pre_save(owner, add=True) or b"")
        return values


def in_chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """``rows`` in lists of at most ``size``, without holding them all."""
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _default(field: models.Field[Any, Any]) -> Any:
    if field.primary_key:
        return None
    default = field.get_default() if field.has_default() else None
    of_database: object = field.db_default
    if default is None and isinstance(of_database, Value):
        default = of_database.value
    if default is None and isinstance(field, (models.CharField, models.TextField)) and not field.null:
        default = ""
    return list(default) if isinstance(field, ArrayField) and default is not None else default
