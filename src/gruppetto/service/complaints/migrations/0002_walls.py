"""A complaint is read by supervisors it does not concern, and by whoever handles it; its words are sealed.

The database chooses who handles it, adds the colleague who works the request it is about to those concerned, and
hides from these the reason noted on the contact.
"""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS complaints;
GRANT USAGE, CREATE ON SCHEMA complaints TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA complaints TO gruppetto_web, gruppetto_worker;
GRANT SELECT ON coverage_teammember, coverage_portfolio, coverage_team, staff_staff, access_account,
    interventions_intervention, interventions_move TO gruppetto_enforcer;

-- Who answers: a supervisor of the portfolio's team, else of its territory, else any, else an auditor; never somebody
-- concerned; the one with the fewest under way.
CREATE FUNCTION complaints.choose_handler(concerned uuid[], portfolio int) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.id
    FROM access_account a
    LEFT JOIN LATERAL (
        SELECT min(CASE WHEN p.team_id = t.id THEN 1 ELSE 2 END) AS near
        FROM staff_staff s
        JOIN coverage_teammember m ON m.staff_id = s.id AND m.leads
            AND m.during @> (clock_timestamp() AT TIME ZONE 'Europe/Paris')::date
        JOIN coverage_team t ON t.id = m.team_id
        JOIN coverage_portfolio p ON p.id = portfolio
        JOIN coverage_team own ON own.id = p.team_id AND own.territory_id = t.territory_id
        WHERE s.account_id = a.id
    ) lead ON true
    WHERE a.is_active AND a.role IN ('supervisor', 'auditor') AND a.id <> ALL (concerned)
    ORDER BY CASE WHEN a.role = 'auditor' THEN 4 ELSE coalesce(lead.near, 3) END,
        (SELECT count(*) FROM complaints_complaint c
         WHERE c.handler_id = a.id AND c.state IN ('received', 'in_hand')), a.id
    LIMIT 1
$$;

-- Is the one who asks among those whom a complaint heard in this contact is about?
CREATE FUNCTION complaints.about_me(contact uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM complaints_complaint c
                   WHERE c.contact_id = contact AND access.me() = ANY (c.concerned))
$$;

-- Is it written? Its author, who does not see it, asks only that.
CREATE FUNCTION complaints.kept(complaint uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM complaints_complaint c WHERE c.id = complaint AND c.written_by = access.me())
$$;

CREATE FUNCTION complaints.filed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.intervention_id IS NOT NULL AND NEW.about <> 'other' THEN
        SELECT array(
            SELECT DISTINCT one FROM (
                SELECT unnest(NEW.concerned) AS one
                UNION SELECT worker_id FROM interventions_intervention WHERE id = NEW.intervention_id
                UNION SELECT account_id FROM interventions_move WHERE intervention_id = NEW.intervention_id
                    AND verb = 'answer') AS of_it
            WHERE one IS NOT NULL)
        INTO NEW.concerned;
    END IF;
    NEW.handler_id := complaints.choose_handler(NEW.concerned, NEW.portfolio_id);
    RETURN NEW;
END $$;

CREATE TRIGGER filed BEFORE INSERT ON complaints_complaint FOR EACH ROW EXECUTE FUNCTION complaints.filed();
ALTER TABLE complaints_complaint ADD CONSTRAINT whoever_is_concerned_never_handles_it
    CHECK (handler_id <> ALL (concerned));

-- One more person concerned, or the handler passed on: named to somebody whom it does not concern.
CREATE FUNCTION complaints.handed(complaint uuid, adding uuid[], rather uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    all_concerned uuid[];
    next_handler uuid;
BEGIN
    SELECT concerned || adding INTO all_concerned FROM complaints_complaint
    WHERE id = complaint AND handler_id = access.me() AND state IN ('received', 'in_hand') FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT CASE WHEN rather IS NOT NULL AND rather <> ALL (all_concerned)
                     AND EXISTS (SELECT 1 FROM access_account a WHERE a.id = rather AND a.is_active
                                 AND a.role IN ('supervisor', 'auditor'))
                THEN rather
                ELSE complaints.choose_handler(all_concerned, c.portfolio_id) END
    INTO next_handler FROM complaints_complaint c WHERE c.id = complaint;
    UPDATE complaints_complaint
    SET concerned = all_concerned, handler_id = next_handler, version = version + 1,
        state = CASE WHEN handler_id = next_handler THEN state ELSE 'received' END,
        taken_at = CASE WHEN handler_id = next_handler THEN taken_at END
    WHERE id = complaint;
    RETURN next_handler;
END $$;
"""

READER = """(SELECT access.me()) <> ALL (concerned)
        AND (handler_id = (SELECT access.me())
             OR (SELECT access.role()) = 'supervisor' AND portfolio_id = ANY ((SELECT access.scope())::int[]))"""
ITS_READERS = "EXISTS (SELECT 1 FROM complaints_complaint c WHERE c.id = complaint_id)"


def rule(name: str, table: str, command: str, *conditions: str) -> str:
    """One policy for the pages."""
    return f'CREATE POLICY {name} ON "{table}" FOR {command} TO {walls.WEB} {" ".join(conditions)};'


POLICIES = "\n".join(
    [
        "ALTER TABLE complaints_complaint ENABLE ROW LEVEL SECURITY;",
        "ALTER TABLE complaints_step ENABLE ROW LEVEL SECURITY;",
        rule(
            "added",
            "complaints_complaint",
            "INSERT",
            "WITH CHECK (written_by = (SELECT access.me()) AND state = 'received')",
        ),
        rule("seen", "complaints_complaint", "SELECT", f"USING ({READER})"),
        rule("changed", "complaints_complaint", "UPDATE", f"USING ({READER})", f"WITH CHECK ({READER})"),
        rule("seen", "complaints_step", "SELECT", f"USING ({ITS_READERS})"),
        rule(
            "added",
            "complaints_step",
            "INSERT",
            f"WITH CHECK (account_id = (SELECT access.me()) AND {ITS_READERS})",
        ),
        *(
            f"CREATE POLICY platform ON {table} TO {walls.WORKER}, {walls.ENFORCER}"
            " USING (true) WITH CHECK (true);"
            for table in ("complaints_complaint", "complaints_step")
        ),
        # The reason noted on the contact would tell them all the same.
        "CREATE POLICY complaints_apart ON contacts_contactreason AS RESTRICTIVE FOR SELECT TO gruppetto_web"
        " USING (reason <> 'complaint' OR NOT complaints.about_me(contact_id));",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("interventions", "0004_walls"),
        ("contacts", "0002_walls"),
        ("coverage", "0002_walls"),
    ]

    operations = [
        walls.grant(
            "complaints_complaint",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT, UPDATE",
            enforcer="SELECT, UPDATE",
        ),
        walls.actor_required("complaints_complaint"),
        walls.subject("complaints_complaint"),
        walls.grant("complaints_step", web="SELECT, INSERT", worker="SELECT", enforcer="SELECT"),
        walls.actor_required("complaints_step"),
        walls.append_only_but_moved("complaints_step"),
        walls.grant("complaints_terms", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        walls.actor_required("complaints_terms"),
        walls.kept_by("complaints_terms", "back_office"),
        walls.sql(FUNCTIONS),
        walls.definer("complaints.choose_handler(uuid[], int)", walls.WORKER),
        walls.definer("complaints.about_me(uuid)", walls.WEB, walls.WORKER),
        walls.definer("complaints.kept(uuid)", walls.WEB),
        walls.definer("complaints.filed()"),
        walls.definer("complaints.handed(uuid, uuid[], uuid)", walls.WEB),
        walls.sql(POLICIES),
    ]
