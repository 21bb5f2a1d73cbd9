"""The matrix of rights as the database holds them: ``docs/access.md``, the expected table of the permission tests.

Read from PostgreSQL's own catalogue, never from what a migration meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection

from gruppetto.kernel.access import rules
from gruppetto.kernel.access.walls import ENFORCER, SEALER, WEB, WORKER

ROLES = (WEB, WORKER, SEALER, ENFORCER)
LETTERS = {"SELECT": "S", "INSERT": "I", "UPDATE": "U", "DELETE": "D"}
COMMANDS = ("SELECT", "UPDATE", "DELETE", "INSERT")
# The ways in that the walls share; what is left of a policy is shown as it is.
SERVICE = "access.everything()"
PORTFOLIOS = "portfolio_id = ANY (access.scope())"
PARENT = re.compile(r"^EXISTS \( SELECT 1 FROM (\w+) (\w) WHERE \(\2\.id = \w+\.\w+\)\)$")
PERSONS = re.compile(r"^\w+ = ANY \(access\.persons\(\)\)$")

GRANTS = """
SELECT c.relname, c.relrowsecurity, r.rolname, string_agg(p.privilege, ',' ORDER BY p.privilege)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
CROSS JOIN unnest(%s::name[]) AS r(rolname)
LEFT JOIN LATERAL (
    SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        AS known(privilege) WHERE has_table_privilege(r.rolname, c.oid, privilege)
    UNION ALL
    SELECT 'update of ' || string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND has_column_privilege(r.rolname, c.oid, a.attnum, 'UPDATE')
      AND NOT has_table_privilege(r.rolname, c.oid, 'UPDATE') HAVING count(*) > 0) p ON true
WHERE c.relkind IN ('r', 'p') GROUP BY 1, 2, 3 ORDER BY 1
"""
POLICIES = """
SELECT tablename, cmd, coalesce(qual, ''), coalesce(with_check, ''), permissive = 'PERMISSIVE' FROM pg_policies
WHERE schemaname = 'public' AND %s = ANY (roles) ORDER BY 1, 2, 5 DESC
"""
DOORS = """
SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       array(SELECT r FROM unnest(%s::name[]) r WHERE has_function_privilege(r, p.oid, 'EXECUTE'))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND p.prorettype <> 'trigger'::regtype AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY 1
"""


@dataclass(frozen=True)
class Ways:
    """Which rows a policy opens to the web: those of one's portfolios, of granted persons, and others as SQL.

    ``only``: what each row must satisfy besides, whatever opened it.
    """

    portfolios: bool
    persons: bool
    also: tuple[str, ...]
    only: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = ["own portfolios"] * self.portfolios + ["granted persons"] * self.persons
        for sql in self.also:
            parent = PARENT.match(sql)
            said.append(f"what hangs on a row seen of {parent[1]}" if parent else f"`{sql}`")
        text = "; ".join(said).replace("`true`", "any") or "services only"
        return text + "".join(f", only where `{sql}`" for sql in self.only)


@dataclass(frozen=True)
class Table:
    """A table as PostgreSQL guards it. ``grants``: role → privileges; ``ways``: command → rows, under row security."""

    name: str
    row_security: bool
    grants: dict[str, frozenset[str]]
    ways: dict[str, Ways]


def tables() -> list[Table]:
    """All the tables of the house and of its libraries, by name. Two queries."""
    ways: dict[str, dict[str, Ways]] = {}
    found: dict[str, Table] = {}
    with connection.cursor() as cursor:
        cursor.execute(POLICIES, [WEB])
        for table, command, qual, check, opens in cursor.fetchall():
            rule, known = check if command == "INSERT" else qual, ways.setdefault(table, {})
            known[command] = (
                read_policy(rule)
                if opens
                else replace(
                    known[command], only=(*known[command].only, " OR ".join(map(plain, split_or(rule))))
                )
            )
        cursor.execute(GRANTS, [list(ROLES)])
        for name, secured, role, privileges in cursor.fetchall():
            table = found.setdefault(name, Table(name, secured, {}, ways.get(name, {})))
            table.grants[role] = frozenset(privileges.split(",") if privileges else ())
    return list(found.values())


def doors() -> list[tuple[str, list[str]]]:
    """Functions that see more than their caller, and the roles that may call them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(DOORS, [[WEB, WORKER, SEALER]])
        return [(signature, list(callers)) for signature, callers in cursor.fetchall()]


def read_policy(sql: str) -> Ways:
    """The ways in of a policy, from the text PostgreSQL gives back of it."""
    parts = [plain(part) for part in split_or(sql)]
    others = [part for part in parts if part not in (PORTFOLIOS, SERVICE) and not PERSONS.match(part)]
    return Ways(PORTFOLIOS in parts, any(map(PERSONS.match, parts)), tuple(others))


def plain(sql: str) -> str:
    """A condition without the brackets, casts and names that PostgreSQL adds."""
    text = re.sub(r"\s+", " ", sql)
    text = re.sub(r"\(? ?SELECT (\w+\.\w+\(\)) AS \w+\)?", r"\1", text)
    text = re.sub(r"::(?:integer|uuid)\[\]|::text", "", text)
    text = re.sub(r"\((\w+\.\w+\(\))\)", r"\1", text)
    text = re.sub(r"ANY (\w+\.\w+\(\))", r"ANY (\1)", text)
    return unwrapped(text)


def unwrapped(text: str) -> str:
    """``text`` without brackets that hold all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, sign in enumerate(text):
            depth += (sign == "(") - (sign == ")")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def split_or(sql: str) -> list[str]:
    """The branches of an outermost OR, opened again while a branch is itself one."""
    text, parts, depth, start = unwrapped(sql), [], 0, 0
    for found in re.finditer(r"[()]| OR ", text):
        if found[0] == " OR " and depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
        depth += (found[0] == "(") - (found[0] == ")")
    if not parts:
        return [text]
    return [branch for part in [*parts, text[start:]] for branch in split_or(part)]


def letters(privileges: Iterable[str]) -> str:
    """``SIU``; a privilege beyond reading and writing rows is spelled out."""
    given = set(privileges)
    short = "".join(letter for name, letter in LETTERS.items() if name in given)
    return " ".join([short, *sorted(given - set(LETTERS))]).strip() or "–"


def document() -> str:
    """The whole page, in Markdown."""
    lines = [HEAD, _abilities(), DATABASE]
    lines += [_row("table", "web", "worker", "sealer", "enforcer"), "|---|---|---|---|---|"]
    known = tables()
    lines += [_row(t.name, *(letters(t.grants[role]) for role in ROLES)) for t in known]
    lines += [ROWS, _row("table", "seen", "changed", "removed", "added"), "|---|---|---|---|---|"]
    for table in known:
        if table.row_security:
            lines.append(_row(table.name, *(_rows(table, command) for command in COMMANDS)))
    lines += [FUNCTIONS, _row("function", "callers"), "|---|---|"]
    for signature, callers in doors():
        names = ", ".join(caller.removeprefix("gruppetto_") for caller in callers)
        lines.append(_row(f"`{signature}`", names or "other functions"))
    return "\n".join(lines) + "\n"


def _abilities() -> str:
    declared = rules.roles()
    abilities = sorted(set().union(*declared.values()))
    lines = [_row("ability", *sorted(declared)), "|---" * (len(declared) + 1) + "|"]
    for ability in abilities:
        lines.append(
            _row(ability, *("yes" if ability in declared[role] else "" for role in sorted(declared)))
        )
    return "\n".join(lines)


def _rows(table: Table, command: str) -> str:
    """Which rows ``command`` reaches: its privilege first, then its policy."""
    granted = table.grants[WEB]
    if command not in granted and not (
        command == "UPDATE" and any(p.startswith("update of") for p in granted)
    ):
        return "–"
    ways = table.ways.get(command)
    if ways is None:
        return "none"
    return "as seen" if command != "SELECT" and ways == table.ways.get("SELECT") else str(ways)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


HEAD = """\
# Who may do and see what

Made by `gruppetto manage write_access_matrix` from the roles of the trade and from PostgreSQL's own catalogue; a
test says when it is out of date, and the permission tests expect exactly what is written here.

## What each role of the trade may do

A page asks for one ability (`@page("ability")`); a page without a rule stays closed.
"""
DATABASE = """
## What each role of the database may do

S select, I insert, U update, D delete. The pages connect as web, the jobs as worker; nobody signs in as the enforcer,
which owns the functions below. A table without a letter for a role is closed to it.
"""
ROWS = """
## Which rows the pages see

Row security, by the key of the session alone: without a key, or with a forged one, no row. Own portfolios: those
held, replaced or led by the account on that day. Granted persons: those of a contact under way, until 30 minutes after
it. A service of the platform (telephony) sees all rows of these tables. What is quoted is a further way in, as SQL.
"""
FUNCTIONS = """
## Functions that see more than their caller

Each checks who asks before it answers; they belong to the enforcer and have a pinned search path.
"""
