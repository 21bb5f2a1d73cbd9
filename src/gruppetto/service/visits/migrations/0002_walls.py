"""A visit is seen by who makes it; once the alarm is raised, by those the database calls, and by nobody else.

A quiet visit is nobody's business: not the team's, not the supervisor's. Who is called is worked out here, from the
teams of that day, so that neither the visitor nor anybody who reads the row decides it.
"""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS visits;
GRANT USAGE, CREATE ON SCHEMA visits TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA visits TO gruppetto_web, gruppetto_worker;
GRANT SELECT ON coverage_teammember, coverage_holding, coverage_portfolio, staff_staff, staff_absence, access_account
    TO gruppetto_enforcer;

-- Who is called for a visitor. Circle 1: who leads a team of theirs and is not away; 2: every supervisor, away or not;
-- 3: everybody at work with persons. A circle without anybody is passed over: somebody always hears.
CREATE FUNCTION visits.called(visitor uuid, circle int) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH today AS (SELECT (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date AS day),
    teams AS (
        SELECT m.team_id FROM coverage_teammember m JOIN staff_staff s ON s.id = m.staff_id, today
        WHERE s.account_id = visitor AND m.during @> day
        UNION
        SELECT p.team_id FROM coverage_holding h JOIN staff_staff s ON s.id = h.staff_id
            JOIN coverage_portfolio p ON p.id = h.portfolio_id, today
        WHERE s.account_id = visitor AND h.during @> day),
    others AS (
        SELECT a.id, CASE
            WHEN a.role <> 'supervisor' THEN 3
            WHEN EXISTS (SELECT 1 FROM coverage_teammember m
                         WHERE m.staff_id = s.id AND m.leads AND m.during @> day
                           AND m.team_id IN (SELECT team_id FROM teams))
                 AND NOT EXISTS (SELECT 1 FROM staff_absence b WHERE b.staff_id = s.id AND b.during @> day) THEN 1
            ELSE 2 END AS near
        FROM today, access_account a LEFT JOIN staff_staff s ON s.account_id = a.id
        WHERE a.is_active AND a.kind = 'human' AND a.id <> visitor
          AND a.role IN ('supervisor', 'correspondent', 'agent') AND (s.ends IS NULL OR s.ends >= day))
    SELECT coalesce(array_agg(id ORDER BY near, id), '{}') FROM others
    WHERE near <= greatest(circle, (SELECT min(near) FROM others))
$$;

-- What a visitor is told before going in.
CREATE FUNCTION visits.would_be_called() RETURNS TABLE (name varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.name FROM unnest(visits.called(access.me(), 1)) WITH ORDINALITY AS called (id, place)
    JOIN access_account a ON a.id = called.id ORDER BY place
$$;

CREATE FUNCTION visits.call() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'raised' AND (OLD.state = 'under_way' OR NEW.circle <> OLD.circle) THEN
        NEW.alerted := visits.called(NEW.account_id, NEW.circle);
    ELSE
        NEW.alerted := OLD.alerted;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call BEFORE UPDATE ON visits_visit FOR EACH ROW EXECUTE FUNCTION visits.call();
"""

SEEN = "account_id = (SELECT access.me()) OR (SELECT access.me()) = ANY (alerted)"


def rule(name: str, command: str, *conditions: str) -> str:
    """One policy for the pages."""
    return f"CREATE POLICY {name} ON visits_visit FOR {command} TO {walls.WEB} {' '.join(conditions)};"


POLICIES = "\n".join(
    [
        "ALTER TABLE visits_visit ENABLE ROW LEVEL SECURITY;",
        rule("seen", "SELECT", f"USING ({SEEN})"),
        rule(
            "added",
            "INSERT",
            "WITH CHECK (account_id = (SELECT access.me()) AND state = 'under_way' AND alerted = '{}')",
        ),
        rule("changed", "UPDATE", f"USING ({SEEN})", f"WITH CHECK ({SEEN})"),
        f"CREATE POLICY platform ON visits_visit TO {walls.WORKER}, {walls.ENFORCER}"
        " USING (true) WITH CHECK (true);",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("access", "0002_walls"), ("coverage", "0002_walls")]

    operations = [
        walls.grant("visits_visit", web="SELECT, INSERT, UPDATE", worker="SELECT, UPDATE, DELETE"),
        walls.actor_required("visits_visit"),
        walls.subject("visits_visit"),
        walls.shelf("visits_visit"),
        walls.sql(FUNCTIONS),
        walls.definer("visits.called(uuid, int)"),
        walls.definer("visits.would_be_called()", walls.WEB),
        walls.definer("visits.call()"),
        walls.sql(POLICIES),
    ]
