"""Who sees which portfolio follows from who holds it and who leads the team: by trigger, so that it never drifts."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS coverage;
GRANT USAGE, CREATE ON SCHEMA coverage TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA coverage TO gruppetto_web, gruppetto_worker;

INSERT INTO coverage_portfolio (id, team_id, name, target_size) VALUES (0, NULL, 'À répartir', 0);

-- A correspondent sees the portfolios they hold or stand in for, on those dates; who leads a team sees its
-- portfolios and what nobody holds yet (decisions 2a).
CREATE FUNCTION coverage.regrant(p_staff uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    account uuid;
BEGIN
    SELECT account_id INTO account FROM staff_staff WHERE id = p_staff;
    DELETE FROM access_grant WHERE account_id = account AND source LIKE 'coverage:%';
    INSERT INTO access_grant (id, account_id, portfolio_id, starts, until, source, why)
    SELECT gen_random_uuid(), account, h.portfolio_id,
           coalesce(lower(h.during)::timestamp AT TIME ZONE 'Europe/Paris', '-infinity'),
           upper(h.during)::timestamp AT TIME ZONE 'Europe/Paris', 'coverage:holding:' || h.id, h.capacity
    FROM coverage_holding h WHERE h.staff_id = p_staff
    UNION ALL
    SELECT gen_random_uuid(), account, p.id,
           coalesce(lower(m.during)::timestamp AT TIME ZONE 'Europe/Paris', '-infinity'),
           upper(m.during)::timestamp AT TIME ZONE 'Europe/Paris', 'coverage:team:' || m.id, 'leads'
    FROM coverage_teammember m JOIN coverage_portfolio p ON p.team_id = m.team_id
    WHERE m.staff_id = p_staff AND m.leads
    UNION ALL
    SELECT gen_random_uuid(), account, 0,
           coalesce(lower(m.during)::timestamp AT TIME ZONE 'Europe/Paris', '-infinity'),
           upper(m.during)::timestamp AT TIME ZONE 'Europe/Paris', 'coverage:team:' || m.id, 'leads'
    FROM coverage_teammember m WHERE m.staff_id = p_staff AND m.leads;
END $$;

CREATE FUNCTION coverage.regrant_one() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM coverage.regrant(OLD.staff_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM coverage.regrant(NEW.staff_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION coverage.regrant_leaders() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM coverage.regrant(m.staff_id) FROM coverage_teammember m WHERE m.team_id = NEW.team_id AND m.leads;
    RETURN NULL;
END $$;

-- How full portfolios are is no secret of a person: counted outside row security, for the whole team.
CREATE FUNCTION coverage.loads(p_team uuid) RETURNS TABLE (portfolio_id int, persons bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.portfolio_id, count(*) FROM people_person p JOIN coverage_portfolio f ON f.id = p.portfolio_id
    WHERE p.died_on IS NULL AND p.merged_into IS NULL AND p.subscriber_since IS NOT NULL AND p.subscriber_until IS NULL
      AND (p_team IS NULL OR f.team_id = p_team) AND access.role() IS NOT NULL
    GROUP BY p.portfolio_id
$$;

CREATE TRIGGER grants_follow AFTER INSERT OR UPDATE OR DELETE ON coverage_holding
    FOR EACH ROW EXECUTE FUNCTION coverage.regrant_one();
CREATE TRIGGER grants_follow AFTER INSERT OR UPDATE OR DELETE ON coverage_teammember
    FOR EACH ROW EXECUTE FUNCTION coverage.regrant_one();
CREATE TRIGGER grants_follow AFTER INSERT OR UPDATE ON coverage_portfolio
    FOR EACH ROW EXECUTE FUNCTION coverage.regrant_leaders();
"""

TABLES = (
    "coverage_territory",
    "coverage_zone",
    "coverage_zonepart",
    "coverage_team",
    "coverage_teammember",
    "coverage_coverage",
    "coverage_portfolio",
    "coverage_holding",
)


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0001_initial"),
        ("journal", "0002_walls"),
        ("staff", "0002_walls"),
        ("people", "0002_walls"),
    ]

    operations = [
        walls.sql(FUNCTIONS),
        *(
            operation
            for table in TABLES
            for operation in (
                walls.grant(table, web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT", enforcer="SELECT"),
                walls.actor_required(table),
                # Who sees whom follows from these tables: no page of another role ever changes them.
                walls.kept_by(table, "supervisor", "back_office"),
            )
        ),
        walls.grant("coverage_placement", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
        walls.actor_required("coverage_placement"),
        walls.subject("coverage_placement"),
        # The one who moves a person away still sees that they did; the journal has the whole story.
        walls.row_security("coverage_placement", also="decided_by = (SELECT access.me())"),
        walls.history("coverage_holding", "staff_id", "capacity", "during"),
        walls.definer("coverage.loads(uuid)", walls.WEB, walls.WORKER),
        walls.definer("coverage.regrant(uuid)"),
        walls.definer("coverage.regrant_one()"),
        walls.definer("coverage.regrant_leaders()"),
    ]
