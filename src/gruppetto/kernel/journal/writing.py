"""Writing to the journal: all that an act says there, entries and bodies, in one statement at its end."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from gruppetto.kernel.actors import current_actor
from gruppetto.kernel.actors.lines import Book, keep
from gruppetto.kernel.errors import Refused
from gruppetto.kernel.identifiers import new_id
from gruppetto.kernel.journal.verbs import declared

Subject = tuple[str, UUID | None]

JOURNAL = Book(
    "entry",
    """SELECT * FROM json_to_recordset(%s) AS line (
        place int, id uuid, happened_at timestamptz, kind text, verb text, request uuid, subject text, subject_id uuid,
        person_id uuid, portfolio_id int, commitment bytea, salt bytea, data text) ORDER BY place""",
    (
        """INSERT INTO journal_entry (id, recorded_at, happened_at, kind, verb, actor, request, subject, subject_id,
                                      person_id, portfolio_id, commitment)
        SELECT id, clock_timestamp(), happened_at, kind, verb, '', request, subject, subject_id, person_id,
               portfolio_id, commitment FROM entry""",
        "INSERT INTO journal_body (entry_id, salt, data) SELECT id, salt, data FROM entry",
    ),
)


def act(
    verb: str,
    *,
    subject: Subject = ("", None),
    person_id: UUID | None = None,
    portfolio_id: int | None = None,
    body: Mapping[str, object] | None = None,
    happened_at: datetime | None = None,
) -> UUID:
    """Record that the current actor did ``verb`` to ``subject`` (table label, id) for ``person_id``.

    ``body``: facts beyond identifiers, keys as declared with the verb. ``happened_at`` (UTC): when it is claimed
    to have happened, if not now; never later than the record. Returns the entry's id.
    Raises ``ValueError`` for an undeclared verb or key: a fault of ours.
    """
    return _write("act", verb, subject, person_id, portfolio_id, body, happened_at)


def look(
    verb: str,
    *,
    subject: Subject = ("", None),
    person_id: UUID | None = None,
    portfolio_id: int | None = None,
) -> UUID:
    """Record that the current actor opened ``subject`` (a look: kept 12 months, decisions 16)."""
    return _write("look", verb, subject, person_id, portfolio_id, None, None)


def refusals(refused: Iterable[Refused]) -> None:
    """Record what the domain refused in an act, after its transaction ended."""
    for one in refused:
        facts = {key: str(value) for key, value in one.facts.items()}
        _write(
            "refusal",
            "refused",
            ("", None),
            None,
            None,
            {"code": one.code, "facts": facts},
            None,
        )


def canonical(body: Mapping[str, object]) -> str:
    """The one text form of a body: keys sorted, no spaces, UTF-8; the commitment is over it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def commitment(salt: bytes, text: str) -> bytes:
    """SHA-256 of salt and text: binds the body without revealing it once the body is forgotten."""
    return hashlib.sha256(salt + text.encode()).digest()


def _write(
    kind: str,
    verb: str,
    subject: Subject,
    person_id: UUID | None,
    portfolio_id: int | None,
    body: Mapping[str, object] | None,
    happened_at: datetime | None,
) -> UUID:
    known = declared().get(verb)
    if known is None:
        raise ValueError(f"verb {verb} is not declared")
    if stray := set(body or {}) - known.body:
        raise ValueError(f"verb {verb} has no place for {', '.join(sorted(stray))}")
    entry_id, salt, data = new_id(), os.urandom(16), canonical(body or {})
    keep(
        JOURNAL,
        {
            "id": entry_id,
            "happened_at": happened_at,
            "kind": kind,
            "verb": verb,
            "request": current_actor().request,
            "subject": subject[0],
            "subject_id": subject[1],
            "person_id": person_id,
            "portfolio_id": portfolio_id,
            "commitment": f"\\x{commitment(salt, data).hex()}",
            "salt": f"\\x{salt.hex()}",
            "data": data,
        },
    )
    return entry_id
