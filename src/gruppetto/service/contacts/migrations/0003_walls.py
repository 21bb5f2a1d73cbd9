"""A call we owe is owed by all who answer: seen masked until somebody dials it, opened to them alone, like a call."""

from django.db import migrations

from gruppetto.kernel.access import walls

OWED = """
-- Agents answer for all; whoever has portfolios, for theirs and for what nobody has.
CREATE FUNCTION contacts.owes(p_portfolio int) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT contacts.answers()
       AND (p_portfolio = 0 OR access.role() = 'agent' OR p_portfolio = ANY (access.scope()))
$$;

-- « 06 •• •• •• 78 », as kernel.identifiers.phones.mask writes a French number (a test compares them).
CREATE FUNCTION contacts.masked(p_number text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p_number ~ '^[+]33[0-9]{9}$' THEN '0' || substr(p_number, 4, 1) || ' •• •• •• ' || right(p_number, 2)
                ELSE left(p_number, 3) || ' •• •• ' || right(p_number, 2) END
$$;

-- The calls owed by then, oldest first: no person, no number. ``line``: the same for all the calls of one number.
CREATE FUNCTION contacts.owed(p_until timestamptz, p_most int)
RETURNS TABLE (id uuid, contact_id uuid, intervention_id uuid, why text, due_at timestamptz, attempts smallint,
               held_by_id uuid, held_until timestamptz, masked text, line text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH asked AS MATERIALIZED (
        SELECT contacts.answers() AS answers, access.role() = 'agent' AS agent, access.scope() AS scope)
    SELECT c.id, c.contact_id, c.intervention_id, c.why, c.due_at, c.attempts, c.held_by_id, c.held_until,
           contacts.masked(c.number),
           CASE WHEN c.why = 'missed' THEN encode(sha256(convert_to(c.number, 'UTF8')), 'hex') ELSE c.id::text END
    FROM contacts_callback c, asked
    WHERE c.state = 'due' AND c.due_at <= p_until AND asked.answers
      AND (c.portfolio_id = 0 OR asked.agent OR c.portfolio_id = ANY (asked.scope))
    ORDER BY c.due_at, c.id LIMIT p_most
$$;

-- Compare and set: whose it is now; nobody's when it is not due, or not to be seen.
CREATE FUNCTION contacts.hold_call_back(p_call_back uuid, p_at timestamptz, p_until timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    holder uuid;
BEGIN
    UPDATE contacts_callback SET held_by_id = access.me(), held_until = p_until
    WHERE id = p_call_back AND state = 'due' AND contacts.owes(portfolio_id)
      AND (held_until IS NULL OR held_until <= p_at OR held_by_id = access.me())
    RETURNING held_by_id INTO holder;
    IF NOT FOUND THEN
        SELECT held_by_id INTO holder FROM contacts_callback
        WHERE id = p_call_back AND state = 'due' AND contacts.owes(portfolio_id);
    END IF;
    RETURN holder;
END $$;

DROP POLICY seen ON contacts_callback;
DROP POLICY added ON contacts_callback;
DROP POLICY changed ON contacts_callback;
DROP POLICY removed ON contacts_callback;
DROP POLICY platform ON contacts_callback;
"""

ANSWERS = "(SELECT contacts.answers())"
LINKED = "contact_id = ANY ((SELECT contacts.in_hand())::uuid[])"
HELD = "held_by_id = (SELECT access.me())"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_walls")]

    operations = [
        walls.sql(OWED),
        walls.grant(
            "contacts_callback",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT, INSERT, UPDATE",
            enforcer="SELECT, UPDATE",
        ),
        walls.row_security("contacts_callback", also=f"portfolio_id = 0 AND {ANSWERS} OR {LINKED} OR {HELD}"),
        walls.definer("contacts.owes(int)"),
        walls.definer("contacts.owed(timestamptz, int)", walls.WEB),
        walls.definer("contacts.hold_call_back(uuid, timestamptz, timestamptz)", walls.WEB),
        walls.sql("GRANT EXECUTE ON FUNCTION contacts.masked(text) TO gruppetto_enforcer;"),
    ]
