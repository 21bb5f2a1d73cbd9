"""A call is everybody's while it rings, masked; taking it opens it to one; a person opens only during a contact."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS contacts;
GRANT USAGE, CREATE ON SCHEMA contacts TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA contacts TO gruppetto_web, gruppetto_worker;

-- Roles that answer; the same list as the ability take_calls (a test compares them).
CREATE FUNCTION contacts.answers() RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(access.role() IN ('agent', 'correspondent', 'supervisor'), false)
$$;

CREATE FUNCTION contacts.mine(p_contact uuid) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM contacts_contact
                   WHERE id = p_contact AND taken_by_id = access.me() AND state IN ('taken', 'wrapping'))
$$;

-- What one has in hand, and 30 minutes more. An array asked once for each question: joined in a policy, the table would
-- be read whole as soon as many rows are to be looked at.
CREATE FUNCTION contacts.in_hand() RETURNS uuid[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}') FROM contacts_contact
    WHERE taken_by_id = access.me()
      AND (concluded_at IS NULL OR concluded_at > statement_timestamp() - interval '30 minutes')
$$;

CREATE FUNCTION contacts.name_of(p people_person) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT concat_ws(' ', CASE p.title WHEN 'mrs' THEN 'Mme' WHEN 'mr' THEN 'M.' END, nullif(p.given_names, ''),
                     coalesce(nullif(p.usage_name, ''), p.family_name))
$$;
GRANT EXECUTE ON FUNCTION contacts.name_of(people_person) TO gruppetto_enforcer;

CREATE FUNCTION contacts.open_to_me(p_contact uuid, p_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO access_grant (id, account_id, person_id, starts, until, source, why)
    SELECT gen_random_uuid(), access.me(), p_person, clock_timestamp(), clock_timestamp() + interval '8 hours',
           'contact:' || p_contact, 'contact under way'
    WHERE NOT EXISTS (SELECT 1 FROM access_grant WHERE account_id = access.me() AND person_id = p_person
                      AND source = 'contact:' || p_contact AND until > clock_timestamp() + interval '1 hour');
    PERFORM journal.note('look', 'person.opened', 'people.person', p_person, p_person,
                         (SELECT portfolio_id FROM people_person WHERE id = p_person));
END $$;

-- Compare and set: the first one has it, the others learn so. Locks in the order contact, line, as telephony does.
-- Who passed a call on may take it back while nobody else has.
CREATE FUNCTION contacts.take(p_contact uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := access.me();
    person uuid;
BEGIN
    IF NOT contacts.answers() THEN
        RETURN false;
    END IF;
    UPDATE contacts_contact c
    SET state = CASE WHEN c.ended_at IS NULL THEN 'taken' ELSE 'wrapping' END, taken_by_id = me,
        taken_at = coalesce(c.taken_at, clock_timestamp()), version = c.version + 1
    WHERE c.id = p_contact AND c.state IN ('ringing', 'answered')
      AND (c.taken_by_id = me
           OR NOT EXISTS (SELECT 1 FROM contacts_linecall l WHERE l.contact_id = c.id AND l.offered_to_id <> me))
    RETURNING c.subject_id INTO person;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE contacts_linecall l
    SET state = CASE WHEN l.ended_at IS NULL THEN 'taken' ELSE 'wrapping' END, taken_by_id = me,
        taken_at = coalesce(l.taken_at, clock_timestamp()), offered_to_id = NULL
    WHERE l.contact_id = p_contact;
    IF person IS NOT NULL THEN
        PERFORM contacts.open_to_me(p_contact, person);
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION contacts.open_person(p_contact uuid, p_person uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT contacts.mine(p_contact) THEN
        RAISE EXCEPTION 'a person is opened during a contact'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_person_is_opened_during_a_contact';
    END IF;
    PERFORM contacts.open_to_me(p_contact, p_person);
END $$;

-- The rights a contact gave end 30 minutes after it (decisions 2a): counted from the end of the call, then again
-- from the end of its wrap-up when that comes later. Telephony, seeing the call end, does it for whoever had it.
CREATE FUNCTION contacts.let_go(p_contact uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE access_grant
    SET until = CASE WHEN contacts.mine(p_contact) THEN clock_timestamp() + interval '30 minutes'
                     ELSE least(until, clock_timestamp() + interval '30 minutes') END
    WHERE source = 'contact:' || p_contact AND until > clock_timestamp()
      AND (account_id = access.me() OR access.everything())
$$;

-- Another person was meant: those opened by mistake close at once.
CREATE FUNCTION contacts.leave_others(p_contact uuid, p_kept uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE access_grant SET until = clock_timestamp()
    WHERE source = 'contact:' || p_contact AND account_id = access.me() AND person_id <> ALL (p_kept)
      AND until > clock_timestamp()
$$;

-- Pass the call to a colleague (or to whoever is free): it rings again, for them.
CREATE FUNCTION contacts.pass_on(p_contact uuid, p_account uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT contacts.mine(p_contact) THEN
        RETURN false;
    END IF;
    PERFORM contacts.let_go(p_contact);
    UPDATE contacts_contact SET state = 'ringing', version = version + 1 WHERE id = p_contact;
    UPDATE contacts_linecall SET state = 'ringing', offered_to_id = p_account, joined_by_id = NULL
    WHERE contact_id = p_contact;
    RETURN true;
END $$;

-- Join a call under way: asked to, or because the person is of one's own portfolios.
CREATE FUNCTION contacts.join_call(p_contact uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE contacts_linecall l SET joined_by_id = access.me(), offered_to_id = NULL
    FROM contacts_contact c
    WHERE l.contact_id = p_contact AND c.id = p_contact AND c.state = 'taken' AND l.state = 'taken'
      AND c.taken_by_id <> access.me() AND contacts.answers()
      AND (l.offered_to_id = access.me() OR c.portfolio_id = ANY (access.scope()));
    RETURN FOUND;
END $$;

-- Whom a number may belong to, surest first: own number verified, own number, a relative's, seen before.
CREATE FUNCTION contacts.who_calls(p_number text)
RETURNS TABLE (person_id uuid, how text, verified boolean, through uuid, link text, name text, commune text,
               portfolio_id int, last_at timestamptz, subscriber boolean, through_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH allowed AS (
        SELECT access.everything() OR EXISTS (
            SELECT 1 FROM contacts_contact WHERE taken_by_id = access.me() AND state IN ('taken', 'wrapping')
                AND number = p_number) AS yes),
    own AS (
        SELECT n.subject_id AS person_id, n.verified_at IS NOT NULL AS verified FROM people_phone n, allowed
        WHERE allowed.yes AND n.number = p_number AND n.ended_at IS NULL),
    ways AS (
        SELECT o.person_id, 'own' AS how, o.verified, NULL::uuid AS through, '' AS link, NULL::timestamptz AS last_at
        FROM own o
        UNION ALL
        SELECT r.subject_id, 'relative', o.verified, o.person_id, r.link, NULL
        FROM own o JOIN people_relative r
            ON r.relative_id = ANY (access.same_person(o.person_id)) AND r.ended_on IS NULL
        WHERE NOT EXISTS (SELECT 1 FROM own p WHERE p.person_id = r.subject_id)
        UNION ALL
        (SELECT DISTINCT ON (c.subject_id) c.subject_id, 'seen', false, NULL::uuid, '', c.happened_at
         FROM contacts_contact c, allowed
         WHERE allowed.yes AND c.number = p_number AND p_number <> '' AND c.subject_id IS NOT NULL
           AND c.happened_at > clock_timestamp() - interval '1 year'
           AND NOT EXISTS (SELECT 1 FROM own o WHERE o.person_id = c.subject_id)
           AND NOT EXISTS (SELECT 1 FROM own o
                           JOIN people_relative r ON r.relative_id = ANY (access.same_person(o.person_id))
                           WHERE r.subject_id = c.subject_id AND r.ended_on IS NULL)
         ORDER BY c.subject_id, c.happened_at DESC LIMIT 20)
    )
    SELECT w.person_id, w.how, w.verified, w.through, w.link, contacts.name_of(p),
           coalesce((SELECT c.name FROM people_address a JOIN geography_commune c ON c.code = a.commune_id
                     WHERE a.subject_id = p.id AND a.kind = 'home' AND a.until IS NULL), ''),
           p.portfolio_id, w.last_at, p.subscriber_since IS NOT NULL,
           coalesce((SELECT contacts.name_of(t) FROM people_person t WHERE t.id = w.through), '')
    FROM ways w JOIN people_person p ON p.id = w.person_id
    ORDER BY array_position(ARRAY['own', 'relative', 'seen'], w.how), w.verified DESC, p.sort_key, p.id
    LIMIT 20
$$;

-- What a ringing call may show (decisions 24): a word about the number, and whether they called or wrote lately.
CREATE FUNCTION contacts.recognise(p_number text, p_since timestamptz, p_but uuid)
RETURNS TABLE (recognition text, again boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH ways AS (SELECT * FROM contacts.who_calls(p_number) WHERE access.everything()),
    counted AS (
        SELECT count(DISTINCT person_id) FILTER (WHERE how = 'own') AS own,
               count(DISTINCT person_id) FILTER (WHERE how = 'own' AND subscriber) AS subscribers,
               count(*) FILTER (WHERE how = 'relative') AS relatives, count(*) AS any FROM ways)
    SELECT CASE WHEN subscribers > 1 THEN 'several' WHEN subscribers = 1 THEN 'known'
                WHEN relatives > 0 THEN 'relative' WHEN own > 1 THEN 'several' WHEN own = 1 THEN 'known'
                WHEN counted.any > 0 THEN 'seen' ELSE 'unknown' END,
           EXISTS (SELECT 1 FROM contacts_contact c WHERE c.number = p_number AND c.happened_at >= p_since
                   AND c.direction = 'in' AND NOT c.asked_by_us AND c.id <> p_but)
           OR EXISTS (SELECT 1 FROM ways w JOIN contacts_contact c ON c.subject_id = w.person_id
                      WHERE w.how = 'own' AND c.happened_at >= p_since AND c.direction = 'in'
                        AND NOT c.asked_by_us AND c.id <> p_but)
    FROM counted
$$;

-- Find a person by name, birth date, postcode, for the contact under way only; never a list to browse. As written
-- and as heard are two questions, so that each has its index (an older planner would read everybody).
CREATE FUNCTION contacts.find(p_contact uuid, p_name text, p_birth date, p_postcode text, p_readings text[])
RETURNS TABLE (person_id uuid, likeness real, name text, birth_year int, commune text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    words text := people.fold(p_name);
BEGIN
    IF length(words) < 2 OR contacts.mine(p_contact) IS NOT TRUE THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH written AS (
        SELECT p, 1 AS rank FROM people_person p
        WHERE words <% p.name_key AND p.merged_into IS NULL AND (p_birth IS NULL OR p.birth_date = p_birth)),
    heard AS (
        SELECT DISTINCT ON (p.id) p, 2 AS rank
        FROM unnest(p_readings) AS r(reading) JOIN people_person p ON p.sounds @> people.sounds(r.reading)
        WHERE NOT words <% p.name_key AND p.merged_into IS NULL AND (p_birth IS NULL OR p.birth_date = p_birth))
    SELECT (f.p).id, word_similarity(words, (f.p).name_key), contacts.name_of(f.p),
           extract(year FROM (f.p).birth_date)::int, coalesce(c.name, '')::text
    FROM (SELECT * FROM written UNION ALL SELECT * FROM heard) AS f
    LEFT JOIN people_address a ON a.subject_id = (f.p).id AND a.kind = 'home' AND a.until IS NULL
    LEFT JOIN geography_commune c ON c.code = a.commune_id
    WHERE p_postcode = '' OR a.postcode = p_postcode
    ORDER BY f.rank, 2 DESC, (f.p).sort_key, (f.p).id LIMIT 8;
END $$;

-- Contacts of a person by reason, any channel: the repeat is known before typing (Q25). What we asked for is left out.
-- ``p_reason`` empty: all reasons; ``p_but``: the contact under way, not counted with those before it.
CREATE FUNCTION contacts.same_matter(p_person uuid, p_reason text, p_since timestamptz, p_but uuid)
RETURNS TABLE (reason text, contact_id uuid, happened_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT r.reason, r.contact_id, r.happened_at
    FROM contacts_contactreason r JOIN contacts_contact c ON c.id = r.contact_id
    WHERE r.subject_id = p_person AND (p_reason = '' OR r.reason = p_reason) AND r.happened_at >= p_since
      AND r.not_counted = '' AND c.direction = 'in' AND NOT c.asked_by_us AND c.id IS DISTINCT FROM p_but
      AND (access.everything() OR p_person = ANY (access.persons())
           OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = p_person AND p.portfolio_id = ANY (access.scope())))
    ORDER BY r.happened_at
$$;
"""

# In one's hands, and 30 minutes more once concluded.
STILL_MINE = (
    "taken_by_id = (SELECT access.me())"
    " AND (concluded_at IS NULL OR concluded_at > statement_timestamp() - interval '30 minutes')"
)
ANSWERS = "(SELECT contacts.answers())"
LINKED = "contact_id = ANY ((SELECT contacts.in_hand())::uuid[])"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("people", "0002_walls"), ("coverage", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.grant(
            "contacts_contact",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT, INSERT, UPDATE",
            enforcer="SELECT, UPDATE",
        ),
        walls.actor_required("contacts_contact"),
        walls.subject("contacts_contact", "caller_id"),
        walls.row_security("contacts_contact", also=STILL_MINE),
        walls.history(
            "contacts_contact", "state", "person_id", "caller_id", "level", "taken_by_id", "summary"
        ),
        walls.grant(
            "contacts_linecall",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT, INSERT, UPDATE",
            enforcer="SELECT, UPDATE",
        ),
        walls.actor_required("contacts_linecall"),
        # Seen by all who answer; changed by telephony and by who has the call, passed and joined by functions.
        walls.sql(
            f"""
            ALTER TABLE contacts_linecall ENABLE ROW LEVEL SECURITY;
            CREATE POLICY seen ON contacts_linecall FOR SELECT TO gruppetto_web
                USING ((SELECT access.everything()) OR {ANSWERS});
            CREATE POLICY added ON contacts_linecall FOR INSERT TO gruppetto_web
                WITH CHECK ((SELECT access.everything()));
            CREATE POLICY changed ON contacts_linecall FOR UPDATE TO gruppetto_web
                USING ((SELECT access.everything()) OR taken_by_id = (SELECT access.me()));
            CREATE POLICY platform ON contacts_linecall TO gruppetto_worker, gruppetto_enforcer
                USING (true) WITH CHECK (true);
            """
        ),
        walls.grant(
            "contacts_telephonyevent", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE, DELETE"
        ),
        walls.actor_required("contacts_telephonyevent"),
        walls.row_security("contacts_telephonyevent", person=None, portfolio=None),
        walls.grant(
            "contacts_contactreason",
            web="SELECT, INSERT, UPDATE, DELETE",
            worker="SELECT, INSERT, UPDATE",
            enforcer="SELECT",
        ),
        walls.actor_required("contacts_contactreason"),
        walls.subject("contacts_contactreason"),
        walls.row_security("contacts_contactreason", also=LINKED),
        walls.grant("contacts_draft", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, DELETE"),
        walls.actor_required("contacts_draft"),
        walls.row_security(
            "contacts_draft", person=None, portfolio=None, also="account_id = (SELECT access.me())"
        ),
        walls.grant("contacts_callback", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
        walls.actor_required("contacts_callback"),
        walls.subject("contacts_callback"),
        # Numbers we owe a call: those who answer the line make it.
        walls.row_security("contacts_callback", also=f"portfolio_id = 0 AND {ANSWERS} OR {LINKED}"),
        walls.grant(
            "contacts_protectedrecord", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"
        ),
        walls.actor_required("contacts_protectedrecord"),
        walls.subject("contacts_protectedrecord"),
        walls.sql(
            """
            ALTER TABLE contacts_protectedrecord ENABLE ROW LEVEL SECURITY;
            CREATE POLICY added ON contacts_protectedrecord FOR INSERT TO gruppetto_web
                WITH CHECK (written_by = (SELECT access.me()));
            CREATE POLICY seen ON contacts_protectedrecord FOR SELECT TO gruppetto_web
                USING ((SELECT access.role()) = 'supervisor' AND portfolio_id = ANY ((SELECT access.scope())::int[])
                       AND about_account IS DISTINCT FROM (SELECT access.me()));
            CREATE POLICY changed ON contacts_protectedrecord FOR UPDATE TO gruppetto_web
                USING ((SELECT access.role()) = 'supervisor' AND portfolio_id = ANY ((SELECT access.scope())::int[])
                       AND about_account IS DISTINCT FROM (SELECT access.me()));
            CREATE POLICY platform ON contacts_protectedrecord TO gruppetto_worker, gruppetto_enforcer
                USING (true) WITH CHECK (true);
            """
        ),
        walls.definer("contacts.answers()", walls.WEB, walls.WORKER),
        walls.definer("contacts.mine(uuid)", walls.WEB),
        walls.definer("contacts.in_hand()", walls.WEB),
        walls.definer("contacts.open_to_me(uuid, uuid)"),
        walls.definer("contacts.take(uuid)", walls.WEB),
        walls.definer("contacts.open_person(uuid, uuid)", walls.WEB),
        walls.definer("contacts.let_go(uuid)", walls.WEB, walls.WORKER),
        walls.definer("contacts.leave_others(uuid, uuid[])", walls.WEB),
        walls.definer("contacts.pass_on(uuid, uuid)", walls.WEB),
        walls.definer("contacts.join_call(uuid)", walls.WEB),
        walls.definer("contacts.who_calls(text)", walls.WEB),
        walls.definer("contacts.recognise(text, timestamptz, uuid)", walls.WEB, walls.WORKER),
        walls.definer("contacts.find(uuid, text, date, text, text[])", walls.WEB),
        walls.definer("contacts.same_matter(uuid, text, timestamptz, uuid)", walls.WEB, walls.WORKER),
        walls.sql("GRANT SELECT ON geography_commune TO gruppetto_enforcer;"),
    ]
