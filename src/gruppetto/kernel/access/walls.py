"""Migration operations for the second wall: grants per role, row security, triggers. Each returns a ``RunSQL``.

A table without ``grant`` is closed to the web and to the worker. The names of the roles are those of decisions 2.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

OWNER, WEB, WORKER, SEALER, ENFORCER = (
    "gruppetto_owner",
    "gruppetto_web",
    "gruppetto_worker",
    "gruppetto_sealer",
    "gruppetto_enforcer",
)


def sql(forward: str) -> RunSQL:
    """Plain SQL; its table goes with it when a migration is undone, so nothing is written to undo."""
    return RunSQL(forward, RunSQL.noop)


def grant(table: str, *, web: str = "", worker: str = "", sealer: str = "", enforcer: str = "") -> RunSQL:
    """Give each role the privileges named (``"SELECT, INSERT"``) on ``table``; a role left out gets none."""
    lines = [f'REVOKE ALL ON "{table}" FROM PUBLIC, {WEB}, {WORKER}, {SEALER}, {ENFORCER};']
    for role, privileges in (
        (WEB, web),
        (WORKER, worker),
        (SEALER, sealer),
        (ENFORCER, enforcer),
    ):
        if privileges:
            lines.append(f'GRANT {privileges} ON "{table}" TO {role};')
    return sql("\n".join(lines))


def actor_required(table: str) -> RunSQL:
    """Refuse any write on ``table`` without a known actor, whoever writes and however (ORM, psql)."""
    return sql(
        f'CREATE TRIGGER no_write_without_an_actor BEFORE INSERT OR UPDATE OR DELETE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION access.require_actor();"
    )


def kept_by(table: str, *roles: str) -> RunSQL:
    """Let the pages write ``table`` only for these roles of the trade: rights to see follow from it."""
    names = ", ".join(f"'{role}'" for role in roles)
    return sql(
        f'CREATE TRIGGER kept_by BEFORE INSERT OR UPDATE OR DELETE ON "{table}"'
        f" FOR EACH STATEMENT EXECUTE FUNCTION access.kept_by({names});"
    )


def append_only(table: str, rule: str = "what_is_written_stays") -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on ``table``, whoever asks."""
    return sql(
        f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"'
        f" FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('{rule}');"
    )


def append_only_but_moved(table: str, rule: str = "what_is_written_stays") -> RunSQL:
    """As ``append_only``, but a row follows its person into another portfolio: that one column may change."""
    return sql(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION access.refuse_unless_moved('{rule}');
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('{rule}');
        GRANT UPDATE (portfolio_id) ON "{table}" TO {WEB}, {WORKER};
        """
    )


def shelf(*tables: str) -> RunSQL:
    """Refuse that a row of ``tables`` changes shelf, whoever asks: it would have to change machine (decisions 6)."""
    return sql(
        "\n".join(
            f'CREATE TRIGGER stays_on_its_shelf BEFORE UPDATE OF shelf ON "{table}" FOR EACH ROW'
            " WHEN (NEW.shelf IS DISTINCT FROM OLD.shelf)"
            " EXECUTE FUNCTION access.refuse('a_row_stays_on_its_shelf');"
            for table in tables
        )
    )


def subject(table: str, *others: str) -> RunSQL:
    """``subject_id`` of ``table`` follows its ``person_id`` through merges; nothing is filed on a merged record.

    ``others``: further columns that name a person, refused too when that record is merged (decisions 18). After
    ``grant``, which takes away what is given here.
    """
    lines = [
        f'CREATE TRIGGER subject BEFORE INSERT OR UPDATE OF person_id, subject_id ON "{table}"'
        " FOR EACH ROW EXECUTE FUNCTION access.name_subject();",
        # A merge moves all the rows of a person, in sight of the one who merges or not.
        f'GRANT SELECT, UPDATE (subject_id, portfolio_id) ON "{table}" TO {ENFORCER};',
    ]
    lines += [
        f'CREATE TRIGGER subject_{column} BEFORE INSERT OR UPDATE OF {column} ON "{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION access.refuse_merged('{column}');"
        for column in others
    ]
    return sql("\n".join(lines))


def row_security(
    table: str,
    *,
    person: str | None = "person_id",
    portfolio: str | None = "portfolio_id",
    also: str = "",
    insert: str = "",
) -> RunSQL:
    """Row security on ``table`` (decisions 2a): in the actor's portfolios, or about a person granted to them.

    ``person``/``portfolio``: the columns that say so, None when the table has none. ``also``: one more SQL
    condition that opens a row (``"taken_by_id = (SELECT access.me())"``). ``insert``: a condition for new rows
    in place of the same one. The worker and the enforcer see all rows.
    """
    ways = ["(SELECT access.everything())"]
    if portfolio:
        ways.append(f"{portfolio} = ANY ((SELECT access.scope())::int[])")
    if person:
        ways.append(f"{person} = ANY ((SELECT access.persons())::uuid[])")
    if also:
        ways.append(f"({also})")
    rule = " OR ".join(ways)
    return sql(
        f"""
        ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
        CREATE POLICY seen ON "{table}" FOR SELECT TO {WEB} USING ({rule});
        CREATE POLICY added ON "{table}" FOR INSERT TO {WEB} WITH CHECK ({insert or rule});
        CREATE POLICY changed ON "{table}" FOR UPDATE TO {WEB} USING ({rule}) WITH CHECK ({rule});
        CREATE POLICY removed ON "{table}" FOR DELETE TO {WEB} USING ({rule});
        CREATE POLICY platform ON "{table}" TO {WORKER}, {ENFORCER} USING (true) WITH CHECK (true);
        """
    )


def history(table: str, *columns: str) -> RunSQL:
    """Keep before and after of ``columns`` of ``table`` at each change, with who, when and request (by trigger)."""
    watched = ", ".join(f"'{column}'" for column in columns)
    return sql(
        f'CREATE TRIGGER history AFTER UPDATE ON "{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION journal.keep_change({watched});"
    )


def definer(signature: str, *callers: str) -> RunSQL:
    """Hand function ``signature`` (``"access.me()"``) to the enforcer; only ``callers`` may call it (decisions 11)."""
    return sql(
        f"""
        REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;
        ALTER FUNCTION {signature} OWNER TO {ENFORCER};
        GRANT EXECUTE ON FUNCTION {signature} TO {", ".join((OWNER, ENFORCER, *callers))};
        """
    )
