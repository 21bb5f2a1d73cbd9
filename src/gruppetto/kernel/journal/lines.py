"""How the journal is written for strangers: one text for each entry, leaf, head and key, made by the database alone.

The same columns feed the sealer, the export and the proofs: what is hashed is what is shown, to the byte.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from gruppetto.kernel.journal.verifier import Key

MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
# In this order for ever: the text of an entry is hashed.
FIELDS = (
    ("id", "e.id::text"),
    ("recorded_at", MOMENT.format("e.recorded_at")),
    ("happened_at", MOMENT.format("e.happened_at")),
    ("kind", "e.kind"),
    ("verb", "e.verb"),
    ("actor", "e.actor"),
    ("account_id", "e.account_id::text"),
    ("request", "e.request::text"),
    ("subject", "e.subject"),
    ("subject_id", "e.subject_id::text"),
    ("person_id", "e.person_id::text"),
    ("portfolio_id", "e.portfolio_id"),
    ("commitment", "encode(e.commitment, 'hex')"),
)
NAMES = tuple(name for name, _ in FIELDS)
ENTRY = ", ".join(sql for _, sql in FIELDS)
"""Columns of ``journal_entry e``, in the order of ``NAMES``."""

LEAF = (
    "l.position, l.entry_id::text, encode(l.hash, 'hex') || ' ' || l.kind || ' ' || l.entry_id || ' ' ||"
    f" {MOMENT.format('l.recorded_at')} || ' ' || encode(l.digest, 'hex')"
)
HEAD = (
    "concat_ws(' ', h.size, h.previous, encode(h.root, 'hex'),"
    f" {MOMENT.format('h.at')}, encode(h.key, 'hex'), encode(h.signature, 'hex'))"
)
LAST_HEAD = f"SELECT {HEAD} FROM journal_head h ORDER BY h.size DESC LIMIT 1"  # noqa: S608  (our own columns)
KEYS = f"""
SELECT concat_ws(' ', encode(k.public, 'hex'), k.since, {MOMENT.format("k.at")},
    CASE WHEN k.announced = '' THEN '-' ELSE encode(lag(k.name) OVER (ORDER BY k.number), 'hex') END,
    CASE WHEN k.announced = '' THEN '-' ELSE encode(k.announced, 'hex') END, encode(k.shown, 'hex'))
FROM journal_key k ORDER BY k.number
"""  # noqa: S608  (our own columns)


def entry_line(values: Sequence[str | int | None]) -> bytes:
    """The canonical line of an entry: ``values`` in the order of ``NAMES``."""
    return json.dumps(
        dict(zip(NAMES, values, strict=True)), separators=(",", ":"), ensure_ascii=False
    ).encode()


def keys_of(rows: Sequence[tuple[str]]) -> list[Key]:
    """The keys that ``KEYS`` found, the first one first."""
    return [Key.read(line) for (line,) in rows]
