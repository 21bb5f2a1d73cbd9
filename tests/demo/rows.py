"""All the rows of a story as values that can be compared: identifiers and moments apart, links kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from gruppetto.demo.past.book import TABLES
from gruppetto.kernel.journal.models import Body, Entry
from gruppetto.service.contacts.models import Contact

STORY = TABLES[TABLES.index(Contact) :]
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?")
# What each telling draws or says of its own moment.
DRAWN = (
    (re.compile(r"[IR]-[0-9A-Z]{4}-[0-9A-Z]{4}"), "<reference>"),
    (re.compile(r"past-[0-9a-f-]+"), "<call>"),
    (re.compile(r"au plus tard [^.]*"), "<delay>"),
    (MOMENT, "<moment>"),
)
IDENTIFIER = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
Rows = Counter[tuple[str, str]]


def known() -> set[UUID]:
    """The journal's entries that were there before the story."""
    return set(Entry.objects.values_list("id", flat=True))


def told(before: set[UUID], world: dict[UUID, str], shelves: set[int]) -> Rows:
    """The rows of the story, as the owner sees them.

    ``world``: names of the identifiers that both tellings share; ``shelves``: of the persons in it.
    """
    plain: list[tuple[str, UUID | None, dict[str, Any]]] = []
    bodies = {body.entry_id: body.data for body in Body.objects.exclude(entry_id__in=before)}
    for model in STORY:
        if model is Body:
            continue
        for row in _rows(model):
            key = row.pop("id", None)
            if "shelf" in row and row["shelf"] not in shelves:
                # That of a contact follows from its own identifier.
                row["shelf"] = "<shelf>"
            if model is Entry:
                if key in before:
                    continue
                row["body"] = bodies.pop(key)
            plain.append((model._meta.db_table, key, row))
    assert not bodies, "bodies without their entry"
    labels = {key: _label(table, _plain(row, world)) for table, key, row in plain if key is not None}
    linked = {**world, **labels}
    return Counter((table, _text(_plain(row, linked))) for table, _key, row in plain)


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}"')
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _plain(row: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    return {column: _value(value, names) for column, value in row.items()}


def _value(value: Any, names: dict[UUID, str]) -> Any:
    match value:
        case UUID():
            return names.get(value, "<id>")
        case datetime() | date():
            return "<moment>"
        case bytes() | memoryview():
            return "<bytes>"
        case str():
            for pattern, said in DRAWN:
                value = pattern.sub(said, value)
            return IDENTIFIER.sub(lambda found: names.get(UUID(found[0]), "<id>"), value)
        case dict() | list():
            return _value(_text(value), names)
        case _:
            return value


def _label(table: str, row: dict[str, Any]) -> str:
    """A row's name is its own content: two rows alike are the same to whoever points to them."""
    return f"<{table} {hashlib.sha256(_text(row).encode()).hexdigest()[:12]}>"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def differences(one: Rows, other: Rows) -> list[str]:
    """What differs, column by column where a row of the same table is nearly the same."""
    said = []
    for table, text in sorted((one - other).elements()):
        row = json.loads(text)
        near = [json.loads(text) for name, text in (other - one).elements() if name == table]
        if not near:
            said.append(f"{table}: only {text[:300]}")
            continue
        best = min(near, key=lambda candidate: sum(candidate[name] != row[name] for name in row))
        changed = {name: (row[name], best[name]) for name in row if row[name] != best[name]}
        said.append(f"{table}: {changed}")
    return said
