"""Who is who is settled in one place; a merge moves every row, also those that the one who merges may not see."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
-- Rows with a subject, wherever they are: the rooms say so with walls.subject(). A placement is its own portfolio's
-- story: only rows that copy the person's portfolio (they have a department too) follow it.
CREATE FUNCTION people.tables_with_subject() RETURNS TABLE (name text, follows boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.relname::text, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'department'
                                    AND NOT a.attisdropped)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname = 'subject' AND NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1
$$;

-- Aliases follow from the merges in force, whatever the order they are made and undone in; subjects from the aliases.
-- Asked by the one who merged or undid, in the same act: for half an hour they see both records.
CREATE FUNCTION people.settle(p_merge uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    done people_merge;
    everybody uuid[];
    one uuid;
    held record;
BEGIN
    SELECT * INTO done FROM people_merge WHERE id = p_merge;
    IF coalesce(access.role(), '') <> 'supervisor'
       OR access.me() IS DISTINCT FROM (CASE WHEN done.undone_at IS NULL THEN done.merged_by ELSE done.undone_by END) THEN
        RAISE EXCEPTION 'merge % is another''s', p_merge
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_merge_is_settled_by_who_makes_it';
    END IF;
    INSERT INTO access_grant (id, account_id, person_id, starts, until, source, why)
    SELECT gen_random_uuid(), access.me(), p, clock_timestamp(), clock_timestamp() + interval '30 minutes',
           'merge:' || p_merge, 'merge' FROM unnest(ARRAY[done.kept_id, done.lost_id]) AS p;
    SELECT array_agg(DISTINCT p ORDER BY p) INTO everybody
    FROM unnest(access.same_person(done.lost_id) || access.same_person(done.kept_id)) AS p;
    -- Whoever files on them waits; those filing now end first. In the order of the ids, as everybody.
    FOREACH one IN ARRAY everybody LOOP
        PERFORM pg_advisory_xact_lock(access.person_lock(one));
    END LOOP;
    DELETE FROM access_alias WHERE person_id = ANY (everybody);
    WITH RECURSIVE up AS (
        SELECT p AS id, p AS at, 0 AS steps FROM unnest(everybody) AS p
        UNION ALL
        SELECT up.id, m.kept_id, up.steps + 1 FROM up JOIN people_merge m ON m.lost_id = up.at AND m.undone_at IS NULL)
    INSERT INTO access_alias (person_id, subject_id)
    SELECT DISTINCT ON (id) id, at FROM up WHERE steps > 0 ORDER BY id, steps DESC;
    UPDATE people_person p SET merged_into = (SELECT subject_id FROM access_alias a WHERE a.person_id = p.id)
    WHERE p.id = ANY (everybody)
      AND p.merged_into IS DISTINCT FROM (SELECT subject_id FROM access_alias a WHERE a.person_id = p.id);
    UPDATE people_suspect SET moot = EXISTS (SELECT 1 FROM access_alias WHERE person_id IN (first_id, second_id))
    WHERE first_id = ANY (everybody) OR second_id = ANY (everybody);
    -- Who merges goes with the one kept; who leaves goes back.
    IF done.undone_at IS NULL THEN
        UPDATE people_person SET portfolio_id = done.portfolio_id
        WHERE id = ANY (access.same_person(done.kept_id)) AND portfolio_id <> done.portfolio_id;
    ELSE
        UPDATE people_person SET portfolio_id = done.lost_portfolio_id
        WHERE id = ANY (access.same_person(done.lost_id)) AND portfolio_id <> done.lost_portfolio_id;
        UPDATE people_person SET portfolio_id = done.kept_portfolio_id
        WHERE id = ANY (access.same_person(done.kept_id)) AND portfolio_id = done.portfolio_id
          AND portfolio_id <> done.kept_portfolio_id;
    END IF;
    FOR held IN SELECT * FROM people.tables_with_subject() LOOP
        EXECUTE format('UPDATE %I SET subject_id = person_id WHERE subject_id = ANY ($1)'
                       ' AND subject_id <> (access.same_person(person_id))[1]', held.name) USING everybody;
        IF held.follows THEN
            EXECUTE format('UPDATE %I t SET portfolio_id = p.portfolio_id FROM people_person p'
                           ' WHERE p.id = t.subject_id AND t.subject_id = ANY ($1)'
                           ' AND t.portfolio_id <> p.portfolio_id', held.name) USING everybody;
        END IF;
    END LOOP;
END $$;

-- To decide, both must be read: who leads the portfolio of one reads the other for half an hour, with its trace.
CREATE FUNCTION people.open_to_compare(p_suspect uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pair people_suspect;
    one uuid;
BEGIN
    SELECT * INTO pair FROM people_suspect
    WHERE id = p_suspect AND state = 'open'
      AND (portfolio_id = ANY (access.scope()) OR other_portfolio_id = ANY (access.scope()));
    IF coalesce(access.role(), '') <> 'supervisor' OR pair.id IS NULL THEN
        RETURN;
    END IF;
    FOREACH one IN ARRAY ARRAY[pair.first_id, pair.second_id] LOOP
        INSERT INTO access_grant (id, account_id, person_id, starts, until, source, why)
        SELECT gen_random_uuid(), access.me(), one, clock_timestamp(), clock_timestamp() + interval '30 minutes',
               'suspect:' || p_suspect, 'to compare'
        WHERE NOT EXISTS (SELECT 1 FROM access_grant WHERE account_id = access.me() AND person_id = one
                          AND source = 'suspect:' || p_suspect AND until > clock_timestamp() + interval '10 minutes');
        PERFORM journal.note('look', 'person.compared', 'people.person', one, one,
                             (SELECT portfolio_id FROM people_person WHERE id = one));
    END LOOP;
END $$;

-- Just enough of each person of these pairs to choose one from the list: name and year; of pairs in sight only.
CREATE FUNCTION people.names_of_pairs(p_suspects uuid[])
RETURNS TABLE (person_id uuid, name text, birth_year int, commune text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, concat_ws(' ', CASE p.title WHEN 'mrs' THEN 'Mme' WHEN 'mr' THEN 'M.' END, nullif(p.given_names, ''),
                           coalesce(nullif(p.usage_name, ''), p.family_name)),
           extract(year FROM p.birth_date)::int, coalesce(c.name, '')
    FROM people_suspect s JOIN people_person p ON p.id IN (s.first_id, s.second_id)
    LEFT JOIN people_address a ON a.subject_id = p.id AND a.kind = 'home' AND a.until IS NULL
    LEFT JOIN geography_commune c ON c.code = a.commune_id
    WHERE s.id = ANY (p_suspects) AND access.role() = 'supervisor'
      AND (s.portfolio_id = ANY (access.scope()) OR s.other_portfolio_id = ANY (access.scope()))
$$;

-- A pair is seen by who leads either person, wherever they are now.
CREATE FUNCTION people.suspects_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE people_suspect SET portfolio_id = NEW.portfolio_id WHERE first_id = NEW.id;
    UPDATE people_suspect SET other_portfolio_id = NEW.portfolio_id WHERE second_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER suspects_follow AFTER UPDATE OF portfolio_id ON people_person
    FOR EACH ROW WHEN (OLD.portfolio_id <> NEW.portfolio_id) EXECUTE FUNCTION people.suspects_follow();
"""
OF_A_MERGE = "EXISTS (SELECT 1 FROM people_merge m WHERE m.id = merge_id)"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_merges")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.sql("GRANT UPDATE (merged_into, portfolio_id) ON people_person TO gruppetto_enforcer;"),
        walls.grant(
            "people_suspect",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT, INSERT, UPDATE, DELETE",
            enforcer="SELECT, UPDATE",
        ),
        walls.actor_required("people_suspect"),
        walls.row_security(
            "people_suspect", person=None, also="other_portfolio_id = ANY ((SELECT access.scope())::int[])"
        ),
        walls.kept_by("people_suspect", "supervisor"),
        walls.grant("people_merge", web="SELECT, INSERT, UPDATE", worker="SELECT", enforcer="SELECT"),
        walls.actor_required("people_merge"),
        # Who decided still sees that they did, wherever the person is followed now.
        walls.row_security("people_merge", person=None, also="merged_by = (SELECT access.me())"),
        walls.kept_by("people_merge", "supervisor"),
        walls.grant("people_mergeline", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        walls.actor_required("people_mergeline"),
        walls.row_security("people_mergeline", person=None, portfolio=None, also=OF_A_MERGE),
        walls.kept_by("people_mergeline", "supervisor"),
        walls.definer("people.settle(uuid)", walls.WEB),
        walls.definer("people.open_to_compare(uuid)", walls.WEB),
        walls.definer("people.names_of_pairs(uuid[])", walls.WEB),
        walls.definer("people.suspects_follow()", walls.WEB, walls.WORKER),
        walls.sql("GRANT EXECUTE ON FUNCTION people.tables_with_subject() TO gruppetto_enforcer;"),
    ]
