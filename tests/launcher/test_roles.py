"""The five roles: what each may and may not do, on both ages of PostgreSQL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from gruppetto.launcher import LauncherError, Server, ensure, prepare, roles_sql
from gruppetto.launcher.roles import ENFORCER, LOGINS, OWNER, SEALER, WEB, WORKER

DATABASE = "gruppetto"

FUNCTION = "CREATE OR REPLACE FUNCTION {name}() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT {value}'"


def test_each_role_signs_in_with_its_own_address(server: Server) -> None:
    addresses = [server.owner_url, server.web_url, server.worker_url, server.sealer_url]
    for address, role in zip(addresses, LOGINS, strict=True):
        with psycopg.connect(address(DATABASE)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_the_enforcer_cannot_sign_in(server: Server) -> None:
    assert server.psql(f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{ENFORCER}'") == "f"


def test_no_role_is_above_the_rules(server: Server) -> None:
    asked = (
        "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'gruppetto_%'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    assert server.psql(asked) == "0"


@pytest.mark.parametrize(
    ("role", "expected"),
    [(WEB, ["10s", "5s", "30s"]), (WORKER, ["10min", "10s", "0"]), (SEALER, ["1min", "10s", "30s"])],
)
def test_waiting_is_bounded_by_the_role(server: Server, role: str, expected: list[str]) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    address = {WEB: server.web_url, WORKER: server.worker_url, SEALER: server.sealer_url}[role]
    with psycopg.connect(address(DATABASE)) as connection:
        found = [connection.execute(f"SHOW {name}").fetchone() for name in names]
        assert connection.execute("SHOW search_path").fetchone() == ("public, pg_temp",)
    assert found == [(value,) for value in expected]


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine ()", "CREATE SCHEMA mine", "CREATE TEMP TABLE mine ()"]
)
def test_the_web_creates_nothing(server: Server, statement: str) -> None:
    with (
        psycopg.connect(server.web_url(DATABASE)) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_a_new_table_and_a_new_function_are_closed_to_everybody(server: Server) -> None:
    with psycopg.connect(server.owner_url(DATABASE)) as connection:
        connection.execute("CREATE TABLE closed ()")
        connection.execute(FUNCTION.format(name="closed_too", value=1))
        for role in (WEB, WORKER, SEALER, ENFORCER):
            asked = (
                "SELECT has_table_privilege(%s, 'closed', 'SELECT'),"
                " has_function_privilege(%s, 'closed_too()', 'EXECUTE')"
            )
            assert connection.execute(asked, (role, role)).fetchone() == (False, False)
        connection.rollback()


def test_the_owner_gives_functions_to_the_enforcer_and_can_change_them_later(server: Server) -> None:
    with psycopg.connect(server.owner_url(DATABASE)) as connection:
        connection.execute(FUNCTION.format(name="enforced", value=1))
        connection.execute(f"ALTER FUNCTION enforced() OWNER TO {ENFORCER}")
        connection.execute(f"GRANT EXECUTE ON FUNCTION enforced() TO {WEB}")
        connection.execute(FUNCTION.format(name="enforced", value=2))
        owner = "SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'enforced'"
        assert connection.execute(owner).fetchone() == (ENFORCER,)
        connection.execute(f"SET ROLE {WEB}")
        assert connection.execute("SELECT enforced()").fetchone() == (2,)
        connection.rollback()


def test_in_another_schema_the_enforcer_needs_usage_and_create(server: Server) -> None:
    with psycopg.connect(server.owner_url(DATABASE)) as connection:
        connection.execute("CREATE SCHEMA room")
        connection.execute(FUNCTION.format(name="room.enforced", value=1))
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute(f"ALTER FUNCTION room.enforced() OWNER TO {ENFORCER}")
        connection.execute(f"GRANT USAGE, CREATE ON SCHEMA room TO {ENFORCER}")
        connection.execute(f"ALTER FUNCTION room.enforced() OWNER TO {ENFORCER}")
        connection.rollback()


def test_the_owner_adds_the_extensions_the_platform_uses(server: Server) -> None:
    with psycopg.connect(server.owner_url(DATABASE)) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")
        connection.execute(f"SET ROLE {WEB}")
        assert connection.execute("SELECT unaccent('élève')").fetchone() == ("eleve",)
        connection.rollback()


@pytest.mark.parametrize("role", [WEB, WORKER, SEALER, ENFORCER])
def test_the_owner_can_put_itself_in_the_place_of_each(server: Server, role: str) -> None:
    with psycopg.connect(server.owner_url(DATABASE)) as connection:
        connection.execute(f"SET ROLE {role}")
        assert connection.execute("SELECT current_user").fetchone() == (role,)


@pytest.mark.parametrize("role", [OWNER, WORKER, SEALER, ENFORCER])
def test_the_web_can_put_itself_in_the_place_of_nobody(server: Server, role: str) -> None:
    with (
        psycopg.connect(server.web_url(DATABASE)) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(f"SET ROLE {role}")


def test_preparing_twice_changes_nothing(server: Server) -> None:
    asked = (
        "SELECT array_agg(nspacl::text ORDER BY nspname) FROM pg_namespace;"
        "SELECT array_agg(defaclacl::text) FROM pg_default_acl;"
        "SELECT array_agg(roleid::regrole || '→' || member::regrole ORDER BY 1) FROM pg_auth_members"
    ).replace("ORDER BY 1)", "ORDER BY roleid, member)")
    before = server.psql(asked, database=DATABASE)
    prepare(server, DATABASE)
    assert server.psql(asked, database=DATABASE) == before


def test_the_administrator_of_a_hosted_server_is_enough(prefer: str | Path, tmp_path: Path) -> None:
    """A role with CREATEROLE and CREATEDB, no superuser, makes it all, twice, and cannot become the owner."""
    hosted = ensure(tmp_path, durable=False, prefer=prefer, die_with_parent=True)
    hosted.psql("CREATE ROLE hosting LOGIN CREATEROLE CREATEDB PASSWORD 'x'")
    address = f"postgresql://hosting:x@127.0.0.1:{hosted.port}/postgres"
    for _ in range(2):
        subprocess.run(
            [hosted.bindir / "psql", "-X", "-q", address],
            input=roles_sql(DATABASE, hosted.state.passwords),
            env=os.environ | {"PGPASSWORD": "x"},
            text=True,
            check=True,
        )
    with psycopg.connect(hosted.owner_url(DATABASE)) as connection:
        connection.execute(FUNCTION.format(name="enforced", value=1))
        connection.execute(f"ALTER FUNCTION enforced() OWNER TO {ENFORCER}")
        connection.execute("CREATE EXTENSION btree_gist")
        assert connection.execute(
            f"SELECT has_function_privilege('{WEB}', 'enforced()', 'EXECUTE')"
        ).fetchone() == (False,)
    with psycopg.connect(address) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"SET ROLE {OWNER}")
    hosted.destroy()


def test_a_name_that_could_be_a_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="Not a plain database name"):
        roles_sql('x"; DROP DATABASE gruppetto; --')


def test_the_script_shows_no_password(server: Server) -> None:
    script = roles_sql(DATABASE, server.state.passwords)
    assert "SCRAM-SHA-256$4096:" in script
    assert not [password for password in server.state.passwords.values() if password in script]


def test_an_error_in_the_script_stops_it(server: Server) -> None:
    with pytest.raises(LauncherError, match="syntax error"):
        server.psql("SELECT 1; BROKEN; CREATE TABLE never ()")
    assert server.psql("SELECT to_regclass('never') IS NULL") == "t"
