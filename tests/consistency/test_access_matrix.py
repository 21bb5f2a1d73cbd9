"""``docs/access.md`` is what the database guards; who may do what to which table, and nothing more."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from gruppetto.kernel.access import matrix
from gruppetto.kernel.access.walls import ENFORCER, SEALER, WEB, WORKER
from gruppetto.registry.people.holders import holds_a_person
from tests.consistency.telling import nothing
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
READING, WRITING = {"SELECT"}, {"INSERT", "UPDATE", "DELETE"}
# Closed to the pages altogether: doors speak for them.
HIDDEN = {"access_session", "access_grant", "journal_pending"}
QUEUE = {
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}
# What nobody may take away or alter, whoever asks: trigger and rights together.
LOOKS = ("journal_entry", "journal_body")
FOR_EVER = {"journal_entry", "journal_body", "journal_origin", "journal_leaf", "journal_key"}
SIGN_IN = re.compile(r"^(?:account_|axes_|mfa_|django_session$|access_cache$)")


@pytest.fixture
def tables(db: None) -> dict[str, matrix.Table]:
    return {table.name: table for table in matrix.tables()}


def test_the_page_is_up_to_date(db: None) -> None:
    written = (settings.PROJECT / "docs" / "access.md").read_text().splitlines()
    found = matrix.document().splitlines()
    nothing(
        [f"- {line}" for line in written if line not in found]
        + [f"+ {line}" for line in found if line not in written],
        "run `gruppetto manage write_access_matrix` on a migrated database, read what changed, commit the page:",
    )
    assert written == found


def test_every_table_of_ours_is_opened_on_purpose(tables: dict[str, matrix.Table]) -> None:
    ours = {m._meta.db_table for m in apps.get_models() if m.__module__.startswith("gruppetto.")}
    closed = {name for name in ours if not any(tables[name].grants[role] for role in (WEB, WORKER, SEALER))}
    nothing(closed - HIDDEN, "no role may read these tables: walls.grant in the room's 0002_walls:")


def test_no_role_may_empty_a_table_or_hang_something_on_it(tables: dict[str, matrix.Table]) -> None:
    for table in tables.values():
        for role, privileges in table.grants.items():
            beyond = {p for p in privileges if not p.startswith("update of")} - READING - WRITING
            assert beyond == set(), f"{role} on {table.name}"


def test_rows_about_a_person_are_behind_row_security(tables: dict[str, matrix.Table]) -> None:
    holding = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("gruppetto.") and holds_a_person(model)
    }
    assert len(holding) > 15
    nothing(
        [name for name in holding - HIDDEN if not tables[name].row_security],
        "rows about a person without walls.row_security in the room's 0002_walls:",
    )


def test_what_hangs_on_rows_about_a_person_is_behind_row_security_too(
    tables: dict[str, matrix.Table],
) -> None:
    secured = {name for name, table in tables.items() if table.row_security}
    query = (
        "SELECT DISTINCT child.relname, parent.relname FROM pg_constraint f"
        " JOIN pg_class child ON child.oid = f.conrelid JOIN pg_class parent ON parent.oid = f.confrelid"
        " WHERE f.contype = 'f'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        hanging = {child: parent for child, parent in cursor.fetchall() if parent in secured}
    nothing(
        [
            f"{child} (hangs on {parent})"
            for child, parent in hanging.items()
            if child not in secured | HIDDEN
        ],
        'rows that hang on rows about a person, without walls.row_security (also="EXISTS (…)"):',
    )


def test_a_policy_never_lets_the_pages_change_more_than_they_see(tables: dict[str, matrix.Table]) -> None:
    for table in tables.values():
        for command in ("UPDATE", "DELETE"):
            ways, seen = table.ways.get(command), table.ways.get("SELECT")
            if ways is None or seen is None or command not in table.grants[WEB] or ways == seen:
                continue
            assert not (ways.portfolios and not seen.portfolios), f"{command} {table.name}"
            assert not (ways.persons and not seen.persons), f"{command} {table.name}"
            assert "true" not in ways.also, f"{command} {table.name}"


def test_the_pages_reach_neither_sessions_nor_grants_nor_the_queue(tables: dict[str, matrix.Table]) -> None:
    assert {name for name in HIDDEN | QUEUE if tables[name].grants[WEB]} == set()


def test_the_sealer_reads_the_journal_and_empties_what_waits(tables: dict[str, matrix.Table]) -> None:
    given = {name: matrix.letters(t.grants[SEALER]) for name, t in tables.items() if t.grants[SEALER]}
    assert given == {
        "journal_entry": "S",
        "journal_body": "S",
        "journal_forgotten": "S",
        "journal_origin": "S",
        "journal_pending": "SD",
        "journal_leaf": "SI",
        "journal_key": "SI",
        # Only to lock the last head; a trigger refuses the change itself.
        "journal_head": "SI update of size",
    }


def test_the_worker_signs_nobody_in_and_alters_no_proof(tables: dict[str, matrix.Table]) -> None:
    assert tables["access_account"].grants[WORKER] == READING
    assert tables["access_grant"].grants[WORKER] == READING
    assert not tables["access_session"].grants[WORKER]
    assert not tables["mfa_authenticator"].grants[WORKER]
    # Sign-in tables: it only removes what is over.
    for name, table in tables.items():
        if SIGN_IN.match(name):
            assert table.grants[WORKER] <= {"SELECT", "DELETE"}, name


def test_what_is_for_ever_is_only_read_and_added_to(tables: dict[str, matrix.Table]) -> None:
    for name in FOR_EVER:
        for role in (WEB, WORKER, SEALER, ENFORCER):
            # Looks end with their retention, by the one function that is the enforcer's (decisions 16).
            gone = {"DELETE"} if (name, role) in {(one, ENFORCER) for one in LOOKS} else set()
            assert tables[name].grants[role] <= {"SELECT", "INSERT"} | gone, f"{role} on {name}"


def test_what_is_append_only_refuses_its_owner_too(db: None) -> None:
    """The triggers of ``walls.append_only`` and ``append_only_but_moved``, on every table that has one."""
    query = (
        "SELECT c.relname, bool_or(t.tgname = 'append_only' AND t.tgtype & 1 = 0) FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname IN ('append_only', 'never_emptied') GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        guarded = dict(cursor.fetchall())
    assert set(guarded) >= FOR_EVER
    with as_owner(), connection.cursor() as cursor:
        for table, each_statement in guarded.items():
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]
            )
            column = cursor.fetchone()[0]
            orders = [f'TRUNCATE "{table}" CASCADE']
            if each_statement:
                orders += [f'DELETE FROM "{table}"', f'UPDATE "{table}" SET "{column}" = "{column}"']
            for order in orders:
                cursor.execute("SAVEPOINT trying")
                cursor.execute(
                    "CREATE FUNCTION pg_temp.said(q text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE q;"
                    " RETURN 'done'; EXCEPTION WHEN raise_exception THEN RETURN SQLERRM; END $$"
                )
                cursor.execute("SELECT pg_temp.said(%s)", [order])
                assert "is refused" in cursor.fetchone()[0], order
                cursor.execute("ROLLBACK TO trying")


def test_functions_that_see_more_belong_to_the_enforcer_and_trust_no_path(db: None) -> None:
    pinned = re.compile(r"search_path=(?:pg_catalog, public|public, pg_catalog), pg_temp\b")
    query = (
        "SELECT n.nspname || '.' || p.proname, r.rolname, coalesce(p.proconfig::text, ''),"
        " has_function_privilege('public', p.oid, 'EXECUTE')"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = cursor.fetchall()
    assert len(found) > 20
    wrong = [
        name
        for name, owner, config, public in found
        if owner != ENFORCER or public or not pinned.search(config)
    ]
    nothing(
        wrong,
        "SECURITY DEFINER asks for walls.definer in the migration and, in its text,"
        " SET search_path = pg_catalog, public, pg_temp (decisions 11):",
    )


def test_nobody_who_signs_in_can_put_a_function_before_ours(db: None) -> None:
    query = (
        "SELECT r, n.nspname FROM pg_namespace n, unnest(%s::name[]) r"
        " WHERE n.nspname NOT LIKE 'pg_%%' AND has_schema_privilege(r, n.oid, 'CREATE')"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [[WEB, WORKER, SEALER]])
        assert cursor.fetchall() == []


def test_the_enforcer_never_signs_in_and_no_login_is_more_than_itself(db: None) -> None:
    query = (
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'gruppetto%%'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolname = %s AND rolcanlogin)"
    )
    members = (
        "SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
        " JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname = ANY (%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [ENFORCER])
        assert cursor.fetchall() == []
        cursor.execute(members, [[WEB, WORKER, SEALER, ENFORCER]])
        assert cursor.fetchall() == []
