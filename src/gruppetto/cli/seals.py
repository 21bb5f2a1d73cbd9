"""What the doctor looks at in the journal: how long entries wait for their leaf, and whether the key seals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

WAITING = """
SELECT count(*) FILTER (WHERE sound),
       coalesce(extract(epoch FROM clock_timestamp() - min(since) FILTER (WHERE sound)), 0)::int,
       count(*) FILTER (WHERE NOT sound)
FROM (SELECT e.recorded_at AS since, e.id IS NOT NULL AND l.entry_id IS NULL AS sound
      FROM journal_pending p LEFT JOIN journal_entry e ON e.id = p.entry_id
      LEFT JOIN journal_leaf l ON l.entry_id = p.entry_id) AS found
"""
IN_FORCE = "SELECT name FROM journal_key ORDER BY number DESC LIMIT 1"


def waiting(connection: psycopg.Connection[Any]) -> tuple[int, int, int]:
    """How many entries wait for their leaf, the age of the oldest in seconds, how many rows wait for no reason."""
    [[count, oldest, strange]] = connection.execute(WAITING).fetchall()
    return count, oldest, strange


def key_in_force(connection: psycopg.Connection[Any], place: Path) -> str:
    """What is wrong with the key in ``place``; empty when it seals."""
    from gruppetto.kernel.journal import keys

    try:
        key = keys.read(place)
    except keys.KeyUnfit as reason:
        return f"{reason} Nothing is sealed without it (docs/operators/journal.md)."
    known = connection.execute(IN_FORCE).fetchone()
    if known is not None and bytes(known[0]) != key.name:
        return f"{place} is {key.name.hex()}; the one in force is {bytes(known[0]).hex()}: nothing is sealed."
    return ""
