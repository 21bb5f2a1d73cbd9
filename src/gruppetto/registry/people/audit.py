"""Whom an audit is about: found by name and birth date together, since an auditor sees no record."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection


def find_to_audit(name: str, birth_date: date) -> list[tuple[UUID, str]]:
    """(id, name) of at most five persons born on that day whose name is alike; for auditors, journaled. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, name FROM people.find_to_audit(%s, %s)", [name, birth_date])
        return [(key, found) for key, found in cursor.fetchall()]
