"""Tables that take millions of rows at once: their indexes and constraints are made again afterwards, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models

from gruppetto.demo.past.book import OWNER
from gruppetto.demo.progress import Bar
from gruppetto.kernel.actors import acting

# Constraints of a single row are kept: each new row is judged by them at once.
OTHERS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype = 'f'
FROM pg_constraint WHERE (conrelid = ANY (%(tables)s::regclass[]) AND contype IN ('p', 'u', 'x', 'f'))
   OR (confrelid = ANY (%(tables)s::regclass[]) AND contype = 'f')
ORDER BY contype = 'f', oid
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
WHERE indrelid = ANY (%(tables)s::regclass[])
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY indexrelid
"""


@contextmanager
def bare(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """The tables of these models without indexes, triggers and constraints between rows, until the block ends.

    As the owner. Then all are made again, and so judge every row. After an error nothing is: the database is not
    finished, and is made anew.
    """
    names = [f'"{model._meta.db_table}"' for model in tables]
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, {"tables": names})
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, {"tables": names})
        indexes = cursor.fetchall()
        _each(
            # What a constraint between tables rests upon goes after it.
            [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, *_ in reversed(constraints)]
            + [f"DROP INDEX {name}" for name, _made in indexes]
            + [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
        )
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        again = [
            (between, f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}")
            for table, name, made, between in constraints
        ]
        _each(
            [made for between, made in again if not between]
            + [made for _name, made in indexes]
            + [made for between, made in again if between]
            + [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names],
            Bar("indexes", len(again) + len(indexes)),
        )
        cursor.execute("RESET maintenance_work_mem")


def _each(statements: list[str], bar: Bar | None = None) -> None:
    """One transaction each; inside another one, what waits to be judged is judged first."""
    for number, statement in enumerate(statements, 1):
        with acting(OWNER), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
        if bar:
            bar.at(number)
    if bar:
        bar.done()
