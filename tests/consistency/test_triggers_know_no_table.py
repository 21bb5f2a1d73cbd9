"""A trigger runs on the shards of its table too: it reads the name of its table where it runs (decisions 8)."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.consistency.telling import nothing

# A function that names, in its own words, a table it is a trigger of, one of those laid out by shelf.
NAMED = """
SELECT DISTINCT t.tgrelid::regclass::text, p.oid::regprocedure::text FROM pg_trigger t
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shelf'
WHERE NOT t.tgisinternal AND p.prosrc ~ ('\\m' || c.relname || '\\M')
"""


@pytest.mark.django_db
def test_a_trigger_never_names_its_own_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NAMED)
        nothing(cursor.fetchall(), "TG_TABLE_SCHEMA and TG_TABLE_NAME in place of the table's name:")
