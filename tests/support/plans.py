"""How the planner reads a table that a test has filled (decisions 4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Until they are cleaned, the waiting entries of a GIN index make it dearer than reading a small table whole.
CLEAN = """
SELECT gin_clean_pending_list(index.oid)
FROM pg_index JOIN pg_class index ON index.oid = indexrelid JOIN pg_am am ON am.oid = index.relam
WHERE am.amname = 'gin' AND indrelid = ANY (%s::regclass[])
"""


def settle(*tables: str) -> None:
    """As the owner, do to tables just filled what autovacuum does with time, so that plans depend on rows alone."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAN, [list(tables)])
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def rows_scanned(*tables: str) -> int:
    """Rows of these tables that sequential scans have read since the transaction began, inside functions too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables WHERE relname = ANY (%s)", [list(tables)]
        )
        return int(cursor.fetchone()[0])


def steps_of(sql: str) -> list[dict[str, Any]]:
    """Every step of the plan of a statement."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql)
        told = cursor.fetchone()[0]
    return list(below((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))


def below(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A step of a plan and those it is made of."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from below(part)


def plans(asked: CaptureQueriesContext, about: str) -> list[list[dict[str, Any]]]:
    """The steps of the plan of each statement captured that names ``about``."""
    return [steps_of(query["sql"]) for query in list(asked) if about in query["sql"]]


def read_whole(steps: list[dict[str, Any]]) -> set[str]:
    """The tables that a plan reads whole."""
    return {step["Relation Name"] for step in steps if step["Node Type"] == "Seq Scan"}
