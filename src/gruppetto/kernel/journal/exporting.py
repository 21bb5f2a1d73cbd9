"""The journal for strangers: an export of files that any tool reads, proofs of one entry, or of one head by another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.journal.lines import ENTRY, HEAD, KEYS, LAST_HEAD, LEAF, entry_line
from gruppetto.kernel.journal.sealing import Connection, leaves_at
from gruppetto.kernel.journal.tree import Span, beside, between, hashes
from gruppetto.kernel.journal.verifier import FILES, LAST, Head

# Leaves read at once.
PAGE = 5_000
SEALED = f"""
SELECT {LEAF}, encode(b.salt, 'hex'), b.data, e.id IS NOT NULL, {ENTRY}
FROM journal_leaf l LEFT JOIN journal_entry e ON e.id = l.entry_id LEFT JOIN journal_body b ON b.entry_id = l.entry_id
WHERE l.position >= %s AND l.position < %s ORDER BY l.position
"""  # noqa: S608  (our own columns)
UNSEALED = f"""
SELECT encode(b.salt, 'hex'), b.data, {ENTRY}
FROM journal_entry e LEFT JOIN journal_body b ON b.entry_id = e.id
WHERE NOT EXISTS (SELECT 1 FROM journal_leaf l WHERE l.entry_id = e.id)
"""  # noqa: S608  (our own columns)
HEADS = f"SELECT {HEAD} FROM journal_head h ORDER BY h.size"  # noqa: S608  (our own columns)
FORGOTTEN = "SELECT concat_ws(' ', entry_id, actor) FROM journal_forgotten ORDER BY entry_id"
ONE = f"""
SELECT l.position, {ENTRY} FROM journal_leaf l JOIN journal_entry e ON e.id = l.entry_id WHERE l.entry_id = %s
"""  # noqa: S608  (our own columns)
HEAD_OF = f"SELECT {HEAD} FROM journal_head h WHERE h.size = %s"  # noqa: S608  (ours)


@contextmanager
def one_instant(connection: Connection) -> Iterator[None]:
    """All that is read inside is of one instant, and nothing is written."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def export(connection: Connection, folder: Path, *, bodies: bool) -> dict[str, int]:
    """Write the whole journal as it is at this instant into ``folder``, which must not be there yet.

    ``bodies``: with what entries say beyond identifiers, where it was not forgotten. Returns the lines of each file.
    Raises ``Refused`` (folder-exists).
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError as error:
        raise Refused(_("Ce dossier existe déjà."), code="folder-exists", field="folder") from error
    written = dict.fromkeys(FILES, 0)
    with one_instant(connection):
        for name, query in (("keys.txt", KEYS), ("heads.txt", HEADS), ("forgotten.txt", FORGOTTEN)):
            with connection.cursor(name="lines") as rows, (folder / name).open("wb") as file:
                for (line,) in rows.execute(query):
                    file.write(f"{line}\n".encode())
                    written[name] += 1
        with (folder / "leaves.txt").open("wb") as leaves, (folder / "entries.txt").open("wb") as entries:
            for position, _entry, words, salt, data, there, *facts in _sealed(connection):
                leaves.write(f"{position} {words}\n".encode())
                written["leaves.txt"] += 1
                if there:
                    entries.write(_with_body(facts, salt, data, bodies))
                    written["entries.txt"] += 1
            with connection.cursor(name="unsealed") as rows:
                for salt, data, *facts in rows.execute(UNSEALED):
                    entries.write(_with_body(facts, salt, data, bodies))
                    written["entries.txt"] += 1
    (folder / LAST).write_text(json.dumps({"lines": written, "bodies": bodies}) + "\n")
    return written


def _sealed(connection: Connection) -> Iterator[Sequence[Any]]:
    """Page after page: no statement lasts, however long the journal."""
    [[size]] = connection.execute("SELECT coalesce(max(position) + 1, 0) FROM journal_leaf").fetchall()
    for start in range(0, size, PAGE):
        yield from connection.execute(SEALED, [start, start + PAGE])


def _with_body(facts: Sequence[Any], salt: str | None, data: str | None, bodies: bool) -> bytes:
    line = entry_line(facts)
    # JSON writes a tab as two signs: the first real one ends the entry.
    return line + (f"\t{salt}\t{data}\n".encode() if bodies and data is not None else b"\n")


def prove(connection: Connection, entry: UUID, size: int | None = None) -> dict[str, Any]:
    """The proof that ``entry`` is under the last head, or the one of ``size`` leaves (see ``verifier.check_proof``).

    Raises ``Unknown``: entry-not-sealed, head-unknown.
    """
    with one_instant(connection):
        found = connection.execute(ONE, [entry]).fetchone()
        if found is None:
            raise Unknown(
                _("Cette entrée n’existe pas, ou n’est pas encore scellée."), code="entry-not-sealed"
            )
        position, *facts = found
        head = _head(connection, size)
        if head.size <= position:
            raise Unknown(_("Cette tête est plus ancienne que l’entrée."), code="head-unknown")
        proof = _proof(connection, head, beside(position, head.size))
    return {"entry": entry_line(facts).decode(), "position": position, **proof}


def prove_growth(connection: Connection, older: int, size: int | None = None) -> dict[str, Any]:
    """The proof that the last head, or the one of ``size``, continues that of ``older`` leaves. Raises as ``prove``."""
    with one_instant(connection):
        first, head = _head(connection, older), _head(connection, size)
        if first.size > head.size:
            raise Unknown(_("La plus ancienne des deux têtes se dit en premier."), code="head-unknown")
        return {"older": _line(first), **_proof(connection, head, between(first.size, head.size))}


def _proof(connection: Connection, head: Head, spans: Sequence[Span]) -> dict[str, Any]:
    path = hashes(spans, lambda positions: leaves_at(connection, positions))
    keys = [line for (line,) in connection.execute(KEYS)]
    return {"head": _line(head), "path": [step.hex() for step in path], "keys": keys}


def _head(connection: Connection, size: int | None) -> Head:
    query, values = (LAST_HEAD, []) if size is None else (HEAD_OF, [size])
    found = connection.execute(query, values).fetchone()
    if found is None:
        raise Unknown(_("Cette tête n’existe pas."), code="head-unknown")
    return Head.read(found[0])


def _line(head: Head) -> str:
    return f"{head.size} {head.previous} {head.root.hex()} {head.at} {head.key} {head.signature}"
