"""A person's rows are seen by who holds their portfolio, or by who has a contact with them under way."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS people;
GRANT USAGE, CREATE ON SCHEMA people TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA people TO gruppetto_web, gruppetto_worker;

CREATE FUNCTION people.fold(words text) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT trim(regexp_replace(lower(unaccent(coalesce(words, ''))), '[^a-z0-9]+', ' ', 'g'))
$$;
GRANT EXECUTE ON FUNCTION people.fold(text) TO gruppetto_web, gruppetto_worker, gruppetto_enforcer;

-- Derived keys follow the names, whoever writes them (decisions 9).
CREATE FUNCTION people.person_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.name_key := people.fold(concat_ws(' ', NEW.given_names, NEW.usage_name,
                                          nullif(NEW.family_name, NEW.usage_name)));
    NEW.sort_key := people.fold(concat_ws(' ', coalesce(nullif(NEW.usage_name, ''), NEW.family_name), NEW.given_names));
    RETURN NEW;
END $$;
CREATE TRIGGER keys BEFORE INSERT OR UPDATE OF given_names, family_name, usage_name ON people_person
    FOR EACH ROW EXECUTE FUNCTION people.person_keys();

CREATE FUNCTION people.address_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.street_key := people.fold(NEW.lines);
    RETURN NEW;
END $$;
CREATE TRIGGER keys BEFORE INSERT OR UPDATE OF lines ON people_address
    FOR EACH ROW EXECUTE FUNCTION people.address_keys();

-- Search within one's scope: operators of pg_trgm are not leakproof, so under row security they would lose their
-- index; the same scope is applied here instead (decisions 3). Empty arguments do not narrow. One query per way of
-- asking: a condition "or not asked" would make each read the whole table.
-- ``p_readings``: ways of hearing the name typed (kernel.identifiers.names). Who is only heard so comes after who is
-- written so.
CREATE FUNCTION people.search(p_name text, p_number text, p_birth date, p_limit int, p_readings text[])
RETURNS TABLE (person_id uuid, likeness real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    words text := people.fold(p_name);
    portfolios int[] := access.scope();
    persons uuid[] := access.persons();
    everything boolean := access.everything();
    most int := least(p_limit, 100);
BEGIN
    IF p_number <> '' THEN
        RETURN QUERY SELECT p.id, word_similarity(words, p.name_key)
        FROM people_phone n JOIN people_person p ON p.id = n.subject_id
        WHERE n.number = p_number AND n.ended_at IS NULL AND (words = '' OR words <% p.name_key)
          AND (p_birth IS NULL OR p.birth_date = p_birth)
          AND (everything OR p.portfolio_id = ANY (portfolios) OR p.id = ANY (persons))
        ORDER BY 2 DESC, p.sort_key, p.id LIMIT most;
    ELSIF p_birth IS NOT NULL THEN
        RETURN QUERY SELECT p.id, word_similarity(words, p.name_key) FROM people_person p
        WHERE p.birth_date = p_birth AND p.merged_into IS NULL
          AND (words = '' OR words <% p.name_key
               OR EXISTS (SELECT 1 FROM unnest(p_readings) AS r(reading) WHERE p.sounds @> people.sounds(r.reading)))
          AND (everything OR p.portfolio_id = ANY (portfolios) OR p.id = ANY (persons))
        ORDER BY words <% p.name_key DESC, 2 DESC, p.sort_key, p.id LIMIT most;
    ELSIF words <> '' THEN
        RETURN QUERY
        WITH written AS (
            SELECT p.id, word_similarity(words, p.name_key) AS likeness, p.sort_key FROM people_person p
            WHERE words <% p.name_key AND p.merged_into IS NULL
              AND (everything OR p.portfolio_id = ANY (portfolios) OR p.id = ANY (persons))
            ORDER BY 2 DESC, p.sort_key, p.id LIMIT most),
        heard AS (
            SELECT DISTINCT p.id, word_similarity(words, p.name_key) AS likeness, p.sort_key
            FROM unnest(p_readings) AS r(reading) JOIN people_person p ON p.sounds @> people.sounds(r.reading)
            WHERE (SELECT count(*) FROM written) < most AND NOT words <% p.name_key AND p.merged_into IS NULL
              AND (everything OR p.portfolio_id = ANY (portfolios) OR p.id = ANY (persons)))
        SELECT f.id, f.likeness
        FROM (SELECT 1 AS rank, * FROM written UNION ALL SELECT 2, * FROM heard) AS f
        ORDER BY f.rank, f.likeness DESC, f.sort_key, f.id LIMIT most;
    END IF;
END $$;

CREATE FUNCTION people.visible(p_person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_person p WHERE p.id = p_person
                   AND (access.everything() OR p.portfolio_id = ANY (access.scope()) OR p.id = ANY (access.persons())))
$$;

-- For the auditor, who sees no record: the person a question is about, by the name and the birth date together. Never
-- a list to browse; each search is in the journal, with whom it found.
CREATE FUNCTION people.find_to_audit(p_name text, p_birth date)
RETURNS TABLE (person_id uuid, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(access.role(), '') <> 'auditor' OR p_birth IS NULL OR length(people.fold(p_name)) < 2 THEN
        RETURN;
    END IF;
    FOR person_id, name IN
        SELECT p.id, concat_ws(' ', p.given_names, coalesce(nullif(p.usage_name, ''), p.family_name))
        FROM people_person p
        WHERE p.birth_date = p_birth AND p.merged_into IS NULL
          AND word_similarity(people.fold(p_name), p.name_key) >= 0.6
        ORDER BY p.sort_key, p.id LIMIT 5
    LOOP
        PERFORM journal.note('look', 'person.audited', 'people.person', person_id, person_id, NULL);
        RETURN NEXT;
    END LOOP;
END $$;

-- The relatives of a person one may see: their names and numbers are part of that person's record, whatever
-- portfolio their own record is in.
CREATE FUNCTION people.relatives_of(p_person uuid)
RETURNS TABLE (id uuid, relative_id uuid, title text, given_names text, usage_name text, family_name text, link text,
               rights text[], trusted boolean, chosen_on date, source text, number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT r.id, p.id, p.title, p.given_names, p.usage_name, p.family_name, r.link, r.rights, r.trusted,
           r.chosen_on, r.source,
           coalesce((SELECT n.number FROM people_phone n WHERE n.subject_id = p.id AND n.ended_at IS NULL
                     ORDER BY n.main DESC, n.id LIMIT 1), '')
    FROM people_relative r JOIN people_person f ON f.id = r.relative_id
        JOIN people_person p ON p.id = coalesce(f.merged_into, f.id)
    WHERE r.subject_id = p_person AND r.ended_on IS NULL AND people.visible(p_person)
    ORDER BY r.trusted DESC, p.sort_key, p.id
$$;

-- Who may see a person during a contact may see, as long, the relative they are about to add: a record that does
-- not exist yet, so that nothing is opened.
CREATE FUNCTION people.open_new(p_new uuid, p_near uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM people_person WHERE id = p_new) THEN
        RAISE EXCEPTION 'person % is already known', p_new;
    END IF;
    INSERT INTO access_grant (id, account_id, person_id, starts, until, source, why)
    SELECT gen_random_uuid(), account_id, p_new, clock_timestamp(), until, source, why FROM access_grant
    WHERE account_id = access.me() AND person_id = p_near
      AND starts <= clock_timestamp() AND (until IS NULL OR until > clock_timestamp());
END $$;

-- Whom the lines of a starting list look like: same birth date and a name alike, or the same number. As far as the
-- caller sees: the worker sees all.
CREATE FUNCTION people.alike_in_sight(p_births date[], p_names text[], p_sounds text[], p_lines int[], p_numbers text[])
RETURNS TABLE (line int, person_id uuid, given_names text, family_name text, usage_name text, birth_date date,
               same_number boolean)
LANGUAGE sql STABLE SET search_path = public, pg_catalog, pg_temp AS $$
    WITH found AS (
        SELECT a.line::int AS line, p.id
        FROM unnest(p_births, p_names, p_sounds) WITH ORDINALITY AS a(birth, name, sound, line)
            JOIN people_person p ON p.birth_date = a.birth
        WHERE p.merged_into IS NULL AND p.phonetic_key = a.sound
           OR p.merged_into IS NULL AND similarity(people.fold(a.name), p.name_key) >= 0.4
        UNION
        SELECT n.line, f.subject_id FROM unnest(p_lines, p_numbers) AS n(line, number)
            JOIN people_phone f ON f.number = n.number AND f.ended_at IS NULL)
    SELECT f.line, p.id, p.given_names, p.family_name, p.usage_name, p.birth_date,
           EXISTS (SELECT 1 FROM people_phone h JOIN unnest(p_lines, p_numbers) AS n(line, number)
                   ON n.number = h.number AND n.line = f.line WHERE h.subject_id = p.id AND h.ended_at IS NULL)
    FROM found f JOIN people_person p ON p.id = f.id
    ORDER BY f.line, p.sort_key, p.id
$$;
GRANT EXECUTE ON FUNCTION people.alike_in_sight(date[], text[], text[], int[], text[])
    TO gruppetto_worker, gruppetto_enforcer;

-- The same among all persons, for those who import lists (a test compares with the ability import_people); never by
-- name alone: not a way to browse.
CREATE FUNCTION people.alike(p_births date[], p_names text[], p_sounds text[], p_lines int[], p_numbers text[])
RETURNS TABLE (line int, person_id uuid, given_names text, family_name text, usage_name text, birth_date date,
               same_number boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT * FROM people.alike_in_sight(p_births, p_names, p_sounds, p_lines, p_numbers)
    WHERE access.role() = 'back_office'
$$;

-- Just enough of the persons that a list's lines look like to decide: name, year of birth, commune.
CREATE FUNCTION people.alike_of_list(p_list uuid, p_persons uuid[])
RETURNS TABLE (person_id uuid, name text, birth_year int, commune text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT p.id, concat_ws(' ', CASE p.title WHEN 'mrs' THEN 'Mme' WHEN 'mr' THEN 'M.' END, p.given_names,
                           coalesce(nullif(p.usage_name, ''), p.family_name)),
           extract(year FROM p.birth_date)::int, coalesce(c.name, '')
    FROM people_person p
    LEFT JOIN people_address a ON a.subject_id = p.id AND a.kind = 'home' AND a.until IS NULL
    LEFT JOIN geography_commune c ON c.code = a.commune_id
    WHERE p.id = ANY (p_persons) AND access.role() = 'back_office'
      AND p.id IN (SELECT (s.value ->> 'person')::uuid FROM people_startingline l,
                          jsonb_array_elements(l.alike) AS s(value)
                   WHERE l.starting_list_id = p_list AND s.value ? 'person')
$$;
"""

PERSON_TABLES = {
    "people_phone": (
        "number",
        "kind",
        "label",
        "main",
        "verified_how",
        "verified_at",
        "verified_by",
        "ended_at",
    ),
    "people_address": ("kind", "lines", "postcode", "commune_id", "since", "until"),
    "people_consent": ("withdrawn_on",),
    "people_need": ("words", "helps", "frightens", "review_on", "ended_on"),
    "people_relative": ("link", "rights", "trusted", "ended_on"),
}


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("journal", "0002_walls"), ("geography", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.grant(
            "people_person", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE", enforcer="SELECT"
        ),
        walls.actor_required("people_person"),
        walls.row_security("people_person", person="id"),
        walls.history(
            "people_person",
            "title",
            "given_names",
            "family_name",
            "usage_name",
            "birth_date",
            "died_on",
            "language",
            "preferred_channel",
            "email",
            "subscriber_since",
            "subscriber_until",
            "protected",
            "portfolio_id",
            "merged_into",
        ),
        *(
            operation
            for table, watched in PERSON_TABLES.items()
            for operation in (
                walls.grant(
                    table, web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE", enforcer="SELECT"
                ),
                walls.actor_required(table),
                walls.subject(table, *(["relative_id"] if table == "people_relative" else [])),
                walls.row_security(table),
                walls.history(table, *watched),
            )
        ),
        walls.grant("people_identitycheck", web="SELECT, INSERT", worker="SELECT, INSERT"),
        walls.actor_required("people_identitycheck"),
        walls.row_security("people_identitycheck"),
        walls.append_only_but_moved("people_identitycheck"),
        # Starting lists belong to nobody's portfolio yet: the back office that receives them sees them.
        *(
            operation
            for table in ("people_startinglist", "people_startingline")
            for operation in (
                walls.grant(
                    table,
                    web="SELECT, INSERT, UPDATE",
                    worker="SELECT, UPDATE, DELETE",
                    enforcer="SELECT",
                ),
                walls.actor_required(table),
                walls.row_security(
                    table, person=None, portfolio=None, also="(SELECT access.role()) = 'back_office'"
                ),
            )
        ),
        walls.sql("GRANT SELECT ON geography_commune TO gruppetto_enforcer;"),
        walls.definer("people.search(text, text, date, int, text[])", walls.WEB, walls.WORKER),
        walls.definer("people.find_to_audit(text, date)", walls.WEB),
        walls.definer("people.visible(uuid)"),
        walls.definer("people.relatives_of(uuid)", walls.WEB),
        walls.definer("people.open_new(uuid, uuid)", walls.WEB),
        walls.definer("people.alike(date[], text[], text[], int[], text[])", walls.WEB),
        walls.definer("people.alike_of_list(uuid, uuid[])", walls.WEB),
    ]
