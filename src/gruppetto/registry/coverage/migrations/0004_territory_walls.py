"""The back office keeps the map; it counts who is concerned and sees nobody. What must not be is refused here."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
-- How many subscribers live in parts of the map, by portfolio: figures only, for those who keep or lead territories.
CREATE FUNCTION coverage.living_at(p_communes text[], p_postcodes text[])
RETURNS TABLE (portfolio_id int, persons bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.portfolio_id, count(*)
    FROM (SELECT DISTINCT * FROM unnest(p_communes, p_postcodes)) AS part(commune, postcode)
    JOIN people_address a ON a.commune_id = part.commune AND a.postcode = part.postcode
        AND a.kind = 'home' AND a.until IS NULL
    JOIN people_person p ON p.id = a.subject_id
    WHERE p.died_on IS NULL AND p.merged_into IS NULL AND p.subscriber_since IS NOT NULL AND p.subscriber_until IS NULL
      AND access.role() IN ('back_office', 'supervisor')
    GROUP BY p.portfolio_id
$$;

-- All the living, subscribers or not: whoever is in a portfolio needs it.
CREATE FUNCTION coverage.living_in(p_portfolio int) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM people_person p
    WHERE p.portfolio_id = p_portfolio AND p.died_on IS NULL AND p.merged_into IS NULL AND access.role() IS NOT NULL
$$;

-- Whoever leads sees every record of the team: nobody who keeps the lists makes themselves, or a friend, a leader.
CREATE FUNCTION coverage.only_supervisors_lead() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.leads AND NOT EXISTS (SELECT 1 FROM staff_staff s JOIN access_account a ON a.id = s.account_id
                                 WHERE s.id = NEW.staff_id AND a.role = 'supervisor') THEN
        RAISE EXCEPTION 'only a supervisor leads a team'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'only_a_supervisor_leads_a_team';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_supervisors_lead BEFORE INSERT OR UPDATE OF leads, staff_id ON coverage_teammember
    FOR EACH ROW EXECUTE FUNCTION coverage.only_supervisors_lead();

-- A portfolio closes with nobody in it, and nobody comes in after. The row is locked in both, so that a placement and
-- a closing at the same moment wait for each other.
CREATE FUNCTION coverage.closes_empty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.closed_on IS NOT NULL AND OLD.closed_on IS NULL AND EXISTS (
            SELECT 1 FROM people_person p
            WHERE p.portfolio_id = NEW.id AND p.died_on IS NULL AND p.merged_into IS NULL) THEN
        RAISE EXCEPTION 'portfolio % is not empty', NEW.id
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_closed_portfolio_has_nobody';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closes_empty BEFORE UPDATE OF closed_on ON coverage_portfolio
    FOR EACH ROW EXECUTE FUNCTION coverage.closes_empty();

CREATE FUNCTION coverage.place_in_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM coverage_portfolio WHERE id = NEW.portfolio_id AND closed_on IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'portfolio % is closed', NEW.portfolio_id
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'nobody_enters_a_closed_portfolio';
    END IF;
    RETURN NEW;
END $$;
GRANT UPDATE (closed_on) ON coverage_portfolio TO gruppetto_enforcer;
CREATE TRIGGER place_in_open BEFORE INSERT ON coverage_placement
    FOR EACH ROW EXECUTE FUNCTION coverage.place_in_open();
"""

# A supervisor hands portfolios over (coverage_holding); the map itself is the back office's.
KEPT = ("territory", "zone", "zonepart", "team", "teammember", "coverage", "portfolio")


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0003_portfolio_closed_on"),
        ("coverage", "0002_walls"),
        ("people", "0004_merge_walls"),
    ]

    operations = [
        walls.sql(FUNCTIONS),
        *(
            operation
            for table in KEPT
            for operation in (
                walls.sql(f"DROP TRIGGER kept_by ON coverage_{table};"),
                walls.kept_by(f"coverage_{table}", "back_office"),
            )
        ),
        walls.definer("coverage.living_at(text[], text[])", walls.WEB),
        walls.definer("coverage.living_in(int)", walls.WEB),
        walls.definer("coverage.only_supervisors_lead()"),
        walls.definer("coverage.closes_empty()"),
        walls.definer("coverage.place_in_open()"),
    ]
