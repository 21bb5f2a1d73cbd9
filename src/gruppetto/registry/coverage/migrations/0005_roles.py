"""Who stops being a supervisor leads no more, the same day, whoever changed the role and however."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
-- Leading gives sight of every record of a team: it ends with the role. A team is never left without a leader by it,
-- nor a portfolio with somebody who follows nobody: those are handed over first. Changes take turns per team.
CREATE FUNCTION coverage.role_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date;
    follows boolean := NEW.role IN ('agent', 'correspondent', 'supervisor');
    one coverage_teammember;
BEGIN
    IF NOT follows AND EXISTS (
            SELECT 1 FROM coverage_holding h JOIN staff_staff s ON s.id = h.staff_id
            WHERE s.account_id = NEW.id AND h.capacity = 'holder'
              AND (upper_inf(h.during) OR upper(h.during) > today)) THEN
        RAISE EXCEPTION 'account % holds a portfolio', NEW.id
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_portfolio_is_held_by_who_follows_persons';
    END IF;
    FOR one IN
        SELECT m.* FROM coverage_teammember m JOIN staff_staff s ON s.id = m.staff_id
        WHERE s.account_id = NEW.id AND m.leads AND (upper_inf(m.during) OR upper(m.during) > today)
        ORDER BY m.team_id, m.during
    LOOP
        PERFORM 1 FROM coverage_team WHERE id = one.team_id FOR UPDATE;
        IF one.during @> today AND NOT EXISTS (
                SELECT 1 FROM coverage_teammember m JOIN staff_staff s ON s.id = m.staff_id
                JOIN access_account a ON a.id = s.account_id
                WHERE m.team_id = one.team_id AND m.leads AND m.during @> today
                  AND a.id <> NEW.id AND a.is_active AND a.role = 'supervisor') THEN
            RAISE EXCEPTION 'team % would have no leader', one.team_id
                USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_team_keeps_a_leader';
        END IF;
        IF lower(one.during) >= today THEN
            DELETE FROM coverage_teammember WHERE id = one.id;
        ELSE
            UPDATE coverage_teammember SET during = daterange(lower(during), today) WHERE id = one.id;
        END IF;
        IF follows THEN
            INSERT INTO coverage_teammember (id, team_id, staff_id, leads, during)
            VALUES (gen_random_uuid(), one.team_id, one.staff_id, false,
                    daterange(greatest(lower(one.during), today), upper(one.during)));
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER leads_no_more AFTER UPDATE OF role ON access_account
    FOR EACH ROW WHEN (OLD.role IS DISTINCT FROM NEW.role AND NEW.role IS DISTINCT FROM 'supervisor')
    EXECUTE FUNCTION coverage.role_changed();
GRANT INSERT, UPDATE, DELETE ON coverage_teammember TO gruppetto_enforcer;
GRANT UPDATE ON coverage_team TO gruppetto_enforcer;  -- to lock the row, which FOR UPDATE asks
"""


class Migration(migrations.Migration):
    dependencies = [("coverage", "0004_territory_walls"), ("access", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.history("coverage_teammember", "leads", "during"),
        walls.definer("coverage.role_changed()"),
    ]
