"""A stage for row security alone: every table with policies, stripped of its other rules, holding rows of two sides.

The policies and the rights are the real ones; constraints and triggers are taken away in this throw-away copy, so
that a row can be put in any table by naming only the columns that decide who sees it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from gruppetto.kernel.access import matrix

# Portfolios of this stage: one's own, the other's, nobody's, and the one of what is not placed yet.
OURS, THEIRS, NOBODYS, UNPLACED = 901, 902, 903, 0
PARENT = matrix.PARENT


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks: an account with a role, a key, and what was granted to it."""

    name: str
    role: str
    account: UUID = field(default_factory=uuid4)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    portfolios: tuple[int, ...] = ()
    person: UUID | None = None


@dataclass
class Stage:
    """``rows``: table → key of the row → its label, such as ``ours portfolio``."""

    admin: psycopg.Connection[Any]
    web: psycopg.Connection[Any]
    tables: dict[str, matrix.Table]
    known: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    persons: dict[str, UUID] = field(default_factory=lambda: {"ours": uuid4(), "theirs": uuid4()})
    viewers: dict[str, Viewer] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    @contextmanager
    def asking(self, key: str) -> Iterator[psycopg.Connection[Any]]:
        """The connection of the web's own login, in a transaction with this session key; nothing is kept."""
        self.web.execute("SELECT set_config('gruppetto.session', %s, true)", [key])
        try:
            yield self.web
        finally:
            self.web.rollback()

    def seen(self, key: str, table: str) -> set[str]:
        """The labels of the rows that the holder of ``key`` sees."""
        query = sql.SQL("SELECT {}::text FROM {}").format(
            sql.Identifier(self.key_of(table)), sql.Identifier(table)
        )
        with self.asking(key) as web:
            return {self.rows[table][row[0]] for row in web.execute(query)}

    def key_of(self, table: str) -> str:
        """The column that names a row."""
        return self.columns(table)[0][0]

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Columns with their types, the primary key first."""
        if table in self.known:
            return self.known[table]
        query = (
            "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a"
            " LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)"
            " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
            " ORDER BY i.indrelid IS NULL, a.attnum"
        )
        return self.known.setdefault(table, [(row[0], row[1]) for row in self.admin.execute(query, [table])])

    def put(self, table: str, label: str, **values: object) -> str:
        """Put a row in ``table``; returns its key. A person is named where the table names one."""
        columns = self.columns(table)
        key, kind = columns[0]
        known = {name for name, _ in columns}
        given = {name: value for name, value in values.items() if name in known}
        given.setdefault(key, str(uuid4()) if kind == "uuid" else secrets.randbelow(2**31))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, given)),
            sql.SQL(", ").join(sql.Placeholder() * len(given)),
        )
        self.admin.execute(statement, list(given.values()))
        self.rows.setdefault(table, {})[str(given[key])] = label
        return str(given[key])

    def person_column(self, table: str) -> str:
        """Where a row of ``table`` names its person."""
        return "id" if table == "people_person" else "person_id"

    def strip(self) -> None:
        """Take away what is not row security: checks, links, empty columns refused, triggers."""
        self.admin.execute("SET session_replication_role = replica")
        for table in self.tables:
            name = sql.Identifier(table)
            constraints = (
                "SELECT conname FROM pg_constraint"
                " WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'x', 'u')"
            )
            for (constraint,) in self.admin.execute(constraints, [table]).fetchall():
                drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE")
                self.admin.execute(drop.format(name, sql.Identifier(constraint)))
            # A rule of uniqueness with a condition or an expression is an index only.
            unique = (
                "SELECT indexrelid::regclass::text FROM pg_index"
                " WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary"
            )
            for (index,) in self.admin.execute(unique, [table]).fetchall():
                self.admin.execute(f"DROP INDEX {index}")
            required = (
                "SELECT attname FROM pg_attribute a WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull"
                " AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = attrelid AND i.indisprimary"
                " AND a.attnum = ANY (i.indkey))"
            )
            for (column,) in self.admin.execute(required, [table]).fetchall():
                drop = sql.SQL("ALTER TABLE {} ALTER {} DROP NOT NULL")
                self.admin.execute(drop.format(name, sql.Identifier(column)))
            self.admin.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))

    def welcome(self, viewer: Viewer, *, state: str = "open") -> None:
        """Give a viewer an account, a session and its grants; ``state`` says what is wrong with them."""
        self.viewers[viewer.name] = viewer
        opened, seen, until = "now() - interval '2 hours'", "now()", "now() + interval '8 hours'"
        closed, starts, ends = "NULL", "now() - interval '1 hour'", "NULL"
        match state:
            case "asleep":
                seen = "now() - interval '61 minutes'"
            case "over":
                until = "now() - interval '1 second'"
            case "closed":
                closed = "now()"
            case "late":
                ends = "now() - interval '1 second'"
            case "early":
                starts = "now() + interval '1 hour'"
        self.admin.execute(
            "INSERT INTO access_account (id, password, email, name, kind, role, is_active)"
            " VALUES (%s, '!', %s, %s, 'human', %s, %s)",
            [viewer.account, f"{viewer.name}@example.test", viewer.name, viewer.role, state != "stopped"],
        )
        self.admin.execute(
            "INSERT INTO access_session (id, key_hash, account_id, opened_at, seen_at, until, closed_at)"
            f" VALUES (gen_random_uuid(), %s, %s, {opened}, {seen}, {until}, {closed})",
            [hashlib.sha256(viewer.key.encode()).digest(), viewer.account],
        )
        for portfolio, person in [(p, None) for p in viewer.portfolios] + [(None, viewer.person)]:
            if portfolio is not None or person is not None:
                self.admin.execute(
                    "INSERT INTO access_grant (id, account_id, portfolio_id, person_id, starts, until, source, why)"
                    f" VALUES (gen_random_uuid(), %s, %s, %s, {starts}, {ends}, 'test', 'test')",
                    [viewer.account, portfolio, person],
                )
