"""The sealer: entries that wait become leaves of the one growing tree, under a signed head (decisions 14 to 16).

It signs in as itself (``gruppetto_sealer``) and no writer waits for it: they add to ``journal_pending``, it takes away
what it sees there. Two sealers wait for each other at the last head; the one that waited looks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg

from gruppetto.kernel.journal.keys import SealKey
from gruppetto.kernel.journal.lines import ENTRY, KEYS, LAST_HEAD, MOMENT, NAMES, entry_line, keys_of
from gruppetto.kernel.journal.tree import kept, place, subtrees
from gruppetto.kernel.journal.verifier import Chain, Frontier, Head, Key, Report, leaf_hash, leaf_line

Connection = psycopg.Connection[Any]
BATCH = 1_000

LOCK = "SELECT size FROM journal_head ORDER BY size DESC LIMIT 1 FOR UPDATE"
NOW = f"SELECT {MOMENT.format('clock_timestamp()')}"
# The newest first: behind the millions of an invented past, what is done today would wait for hours. What is no entry,
# or has its leaf already, was put there by nobody of ours: it goes on waiting, and `gruppetto doctor` says so.
TAKE = f"""
WITH taken AS (
    DELETE FROM journal_pending p USING (
        SELECT w.entry_id FROM journal_pending w JOIN journal_entry e ON e.id = w.entry_id
        WHERE NOT EXISTS (SELECT 1 FROM journal_leaf l WHERE l.entry_id = w.entry_id)
        ORDER BY w.entry_id DESC LIMIT %s) AS next
    WHERE p.entry_id = next.entry_id RETURNING p.entry_id)
SELECT {ENTRY} FROM taken JOIN journal_entry e ON e.id = taken.entry_id ORDER BY e.id
"""  # noqa: S608  (our own columns)
KEEP = """
INSERT INTO journal_leaf (position, entry_id, kind, recorded_at, digest, hash, completed)
SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::timestamptz[], %s::bytea[], %s::bytea[], %s::bytea[])
"""
SIGN = "INSERT INTO journal_head (size, previous, root, at, key, signature) VALUES (%s, %s, %s, %s, %s, %s)"
ANNOUNCE = """
INSERT INTO journal_key (number, name, public, since, at, announced, shown)
VALUES ((SELECT count(*) FROM journal_key), %s, %s, %s, %s, %s, %s)
"""


class Unsound(Exception):
    """What is kept is not what was sealed: nothing is sealed on top of it until a human has looked."""


class AnotherKey(Exception):
    """The key in the file is not the one in force."""


@contextmanager
def sealer(address: str) -> Iterator[Connection]:
    """A connection of the sealer's own, each statement seeing what was committed before it."""
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        yield connection


def seal(connection: Connection, key: SealKey, most: int = BATCH) -> int:
    """Seal at most ``most`` entries that wait, in one transaction; returns how many (0: none waited, no head is made).

    Raises ``AnotherKey``, ``Unsound``; ``psycopg.errors.UniqueViolation`` when another sealer made the first head
    at the same moment. Whatever is raised, nothing has changed.
    """
    with connection.transaction():
        head = hold(connection)
        rows = connection.execute(TAKE, [most]).fetchall()
        if not rows:
            return 0
        keys = keys_of(connection.execute(KEYS).fetchall())
        if not keys:
            keys = [announce(connection, key, None, 0)]
        elif keys[-1].public != key.public:
            raise AnotherKey(f"the key of the file is {key.name.hex()}, the one in force {keys[-1].name}")
        tree = frontier(connection, head, keys)
        columns: list[list[object]] = [[] for _ in range(7)]
        for row in rows:
            facts = dict(zip(NAMES, row, strict=True))
            line = leaf_line(facts["kind"], facts["id"], facts["recorded_at"], entry_line(row))
            leaf, position = leaf_hash(line), tree.size
            digest = bytes.fromhex(line[-64:].decode())
            values = (
                position,
                facts["id"],
                facts["kind"],
                facts["recorded_at"],
                digest,
                leaf,
                tree.add(leaf),
            )
            for column, value in zip(columns, values, strict=True):
                column.append(value)
        connection.execute(KEEP, columns)
        [[now]] = connection.execute(NOW).fetchall()
        # A clock that was set back does not take heads back with it.
        at, previous = (max(now, head.at), head.size) if head else (now, 0)
        new = Head(tree.size, previous, tree.root, at, keys[-1].name, "")
        signature = key.sign(new.text(keys[0].name))
        connection.execute(SIGN, [new.size, new.previous, new.root, at, key.name, signature])
    return len(rows)


def hold(connection: Connection) -> Head | None:
    """The last head, locked; None before the first. Who waited for a rival finds that one's, in a later statement."""
    while True:
        locked = connection.execute(LOCK).fetchone()
        found = connection.execute(LAST_HEAD).fetchone()
        head = Head.read(found[0]) if found else None
        if head is None or (locked and locked[0] == head.size):
            return head


def frontier(connection: Connection, head: Head | None, keys: list[Key]) -> Frontier:
    """The tree under the last head, from the few leaves beside which its largest subtrees are kept (1 query).

    Raises ``Unsound`` when they do not give the root that was signed, or when it was not signed by a known key.
    """
    if head is None:
        return Frontier()
    report = Report()
    # One's own keys are not to be proved to oneself; that the head is of the one in force is.
    Chain(keys, [key.name for key in keys], report).check(head, report)
    parts = subtrees(0, head.size)
    rows = leaves_at(connection, [place(part) for part in parts])
    if len(rows) == len(parts):
        tree = Frontier(head.size, [kept(part, *rows[place(part)]) for part in parts])
        if tree.root != head.root:
            report.fault("altérée", "the leaves kept do not give the root that was signed")
    else:
        report.fault("fin coupée", "leaves under the last head are gone")
    if report.wrong:
        raise Unsound("; ".join(f"{what}: {sentence}" for what, sentence in report.faults))
    return tree


def leaves_at(connection: Connection, positions: list[int]) -> dict[int, tuple[bytes, bytes]]:
    """The hash of these leaves, with those of the subtrees that they complete (1 query)."""
    query = "SELECT position, hash, completed FROM journal_leaf WHERE position = ANY (%s)"
    found = connection.execute(query, [positions]).fetchall()
    return {position: (bytes(leaf), bytes(completed)) for position, leaf, completed in found}


def announce(connection: Connection, new: SealKey, by: SealKey | None, since: int) -> Key:
    """Make ``new`` the key of heads beyond ``since`` leaves; ``by``: the key before, which signs that."""
    known = keys_of(connection.execute(KEYS).fetchall())
    [[at]] = connection.execute(NOW).fetchall()
    key = Key(new.public, since, at, by.name.hex() if by else "-", "-", "-")
    text = key.text(known[0].name if known else key.name)
    announced, shown = by.sign(text) if by else b"", new.sign(text)
    connection.execute(ANNOUNCE, [new.name, new.public, since, at, announced, shown])
    return replace(key, announced=announced.hex() or "-", shown=shown.hex())


def change_key(connection: Connection, new: SealKey, by: SealKey | None) -> Key:
    """Announce ``new`` after the key in force, ``by``; None when that one was lost, which every verifier will say.

    Raises ``AnotherKey`` when ``by`` is not in force, or ``new`` has served already.
    """
    with connection.transaction():
        head = hold(connection)
        known = keys_of(connection.execute(KEYS).fetchall())
        if not known:
            raise AnotherKey("no key has sealed anything yet: the file is the first")
        if by is not None and known[-1].public != by.public:
            raise AnotherKey(f"the key of the file is {by.name.hex()}, the one in force {known[-1].name}")
        if new.name.hex() in {key.name for key in known}:
            raise AnotherKey("that key has served already")
        return announce(connection, new, by, head.size if head else 0)
