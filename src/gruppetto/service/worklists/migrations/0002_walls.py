"""A view is seen by its owner and those it is shown to; a bulk act by who does it. Sharing is for who leads."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS worklists;
GRANT USAGE, CREATE ON SCHEMA worklists TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA worklists TO gruppetto_web, gruppetto_worker;

-- The teams the one who asks is in today, and the territories of these.
CREATE FUNCTION worklists.audiences() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT one.id), '{}')
    FROM coverage_teammember m JOIN staff_staff s ON s.id = m.staff_id JOIN coverage_team t ON t.id = m.team_id
    CROSS JOIN LATERAL (VALUES (t.id), (t.territory_id)) AS one(id)
    WHERE s.account_id = access.me() AND m.during @> (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date
$$;

-- The same of the teams they lead: with whom they may share.
CREATE FUNCTION worklists.led() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT one.id), '{}')
    FROM coverage_teammember m JOIN staff_staff s ON s.id = m.staff_id JOIN coverage_team t ON t.id = m.team_id
    CROSS JOIN LATERAL (VALUES (t.id), (t.territory_id)) AS one(id)
    WHERE s.account_id = access.me() AND m.leads
      AND m.during @> (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date
$$;
"""

MINE = "owner_id = (SELECT access.me())"
LED = "coalesce(team_id, territory_id) = ANY ((SELECT worklists.led())::uuid[])"
KEPT = f"{MINE} AND (audience = 'me' OR {LED})"

# Seen by many, kept by one: its owner, as long as they lead those it is shown to; taken away by who leads them.
VIEWS = f"""
ALTER POLICY changed ON worklists_savedview USING ({MINE}) WITH CHECK ({KEPT});
ALTER POLICY removed ON worklists_savedview USING ({MINE} OR {LED});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("worklists", "0001_initial"),
        ("interventions", "0002_walls"),
        ("coverage", "0002_walls"),
    ]

    operations = [
        walls.sql(FUNCTIONS),
        walls.definer("worklists.audiences()", walls.WEB, walls.WORKER),
        walls.definer("worklists.led()", walls.WEB, walls.WORKER),
        walls.grant("worklists_savedview", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT"),
        walls.actor_required("worklists_savedview"),
        walls.row_security(
            "worklists_savedview",
            person=None,
            portfolio=None,
            also=f"{MINE} OR coalesce(team_id, territory_id) = ANY ((SELECT worklists.audiences())::uuid[])",
            insert=KEPT,
        ),
        walls.sql(VIEWS),
        walls.grant("worklists_bulkact", web="SELECT, INSERT, UPDATE", worker="SELECT, UPDATE, DELETE"),
        walls.actor_required("worklists_bulkact"),
        walls.row_security(
            "worklists_bulkact", person=None, portfolio=None, also="account_id = (SELECT access.me())"
        ),
        walls.grant("worklists_bulkline", web="SELECT, INSERT, UPDATE", worker="SELECT, UPDATE, DELETE"),
        walls.actor_required("worklists_bulkline"),
        walls.row_security(
            "worklists_bulkline",
            person=None,
            portfolio=None,
            also="EXISTS (SELECT 1 FROM worklists_bulkact b WHERE b.id = bulk_id)",
        ),
    ]
