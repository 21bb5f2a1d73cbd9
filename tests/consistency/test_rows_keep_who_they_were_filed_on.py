"""A table that changes and names a person says both who it was filed on and who that is now (decisions 18)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tests.consistency.telling import nothing

# Why a table that changes names a person once only.
NAMES_ONE = {
    "access_alias": "it is what says who is who",
    "access_grant": "access.persons() follows the aliases",
    "journal_change": "a trace, never rewritten",
    "people_startingline": "the record a line became, whatever became of it later",
}
TRIGGERS = """
SELECT c.relname, array_agg(t.tgname::text) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'person_id' AND NOT a.attisdropped
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1
"""


@pytest.mark.django_db
def test_a_table_that_changes_has_a_subject_held_by_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        tables = {name: set(triggers) for name, triggers in cursor.fetchall()}
    changing = {name for name, triggers in tables.items() if "append_only" not in triggers} - set(NAMES_ONE)
    assert {"people_phone", "contacts_contact", "interventions_intervention"} <= changing
    assert set(NAMES_ONE) <= set(tables), "an exception for a table that is gone"
    nothing(
        sorted(name for name in changing if "subject" not in tables[name]),
        "person_id and subject_id (kernel.access.rows), walls.subject(table):",
    )


def test_constraints_and_indexes_are_about_the_person_as_known_now() -> None:
    wrong = []
    for model in apps.get_models():
        fields = {getattr(field, "attname", "") for field in model._meta.get_fields()}
        if (
            "subject_id" not in fields
            or "person_id" not in fields
            or not model.__module__.startswith("gruppetto.")
        ):
            continue
        if model._meta.label in ("journal.Entry", "files.File", "access.Alias"):
            continue  # never changes; the same paper may come with each of two records; says who is who
        for one in (*model._meta.constraints, *model._meta.indexes):
            if {"person", "person_id"} & set(getattr(one, "fields", ())):
                wrong.append(f"{model._meta.label}: {one.name}")
    nothing(wrong, "subject_id in place of person_id:")
