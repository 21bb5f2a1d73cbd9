"""Writing many rows at once: COPY, as the owner, each row complete (decisions 29)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Value
from psycopg.types.json import Jsonb


class Table:
    """Rows of one model, given as mappings of attribute names to plain values; what is left out is the default."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        self.fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.json = {field.attname for field in self.fields if isinstance(field, models.JSONField)}
        self.sealed = {field.attname: field for field in self.fields if field.get_internal_type() == "BinaryField"}
        self.model = model
        self.defaults = {field.attname: _default(field) for field in self.fields}
        self.count = 0

    def write(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """COPY ``rows``; returns how many. Raises ``KeyError`` for an attribute that the model does not have."""
        names = [field.attname for field in self.fields]
        columns = ", ".join(f'"{field.column}"' for field in self.fields)
        count = 0
        with connection.cursor() as cursor, cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                if stray := row.keys() - self.defaults.keys():
                    raise KeyError(f"{self.name} has no {', '.join(stray)}")
                copy.write_row([self._value(name, row) for name in names])
                count += 1
        self.count += count
        return count

    def _value(self, name: str, row: Mapping[str, Any]) -> Any:
        value = row.get(name, self.defaults[name])
        if name in self.json and value is not None:
            return Jsonb(value)
        if name in self.sealed and isinstance(value, str):
            # An encrypted text is sealed to its own row.
            field = self.sealed[name]
            return bytes(field.pre_save(self.model(**{"id": row["id"], field.attname: value}), add=True))
        return value


def _default(field: models.Field[Any, Any]) -> Any:
    if field.primary_key:
        return None
    default = field.get_default() if field.has_default() else None
    if default is None and isinstance(getattr(field, "db_default", None), Value):
        default = field.db_default.value
    if default is None and isinstance(field, (models.CharField, models.TextField)) and not field.null:
        default = ""
    return list(default) if isinstance(field, ArrayField) and default is not None else default
