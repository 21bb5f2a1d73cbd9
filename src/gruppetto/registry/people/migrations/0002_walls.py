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
-- index; the same scope is applied here instead (decisions 3). Empty arguments do not narrow.
CREATE FUNCTION people.search(p_name text, p_number text, p_birth date, p_limit int)
RETURNS TABLE (person_id uuid, likeness real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH scope AS (SELECT access.scope() AS portfolios, access.persons() AS persons, access.everything() AS everything),
    found AS (
        SELECT p.id, p.portfolio_id, p.sort_key, word_similarity(people.fold(p_name), p.name_key) AS likeness
        FROM people_person p
        WHERE (p_name = '' OR people.fold(p_name) <% p.name_key)
          AND (p_birth IS NULL OR p.birth_date = p_birth)
          AND (p_number = '' OR EXISTS (SELECT 1 FROM people_phone n
                                        WHERE n.person_id = p.id AND n.number = p_number AND n.ended_at IS NULL))
    )
    SELECT f.id, f.likeness FROM found f, scope s
    WHERE (p_name <> '' OR p_number <> '' OR p_birth IS NOT NULL)
      AND (s.everything OR f.portfolio_id = ANY (s.portfolios) OR f.id = ANY (s.persons))
    ORDER BY f.likeness DESC, f.sort_key, f.id LIMIT least(p_limit, 100)
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
    dependencies = [("people", "0001_initial"), ("journal", "0002_walls")]

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
        ),
        *(
            operation
            for table, watched in PERSON_TABLES.items()
            for operation in (
                walls.grant(
                    table, web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE", enforcer="SELECT"
                ),
                walls.actor_required(table),
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
                walls.grant(table, web="SELECT, INSERT, UPDATE", worker="SELECT, UPDATE"),
                walls.actor_required(table),
                walls.row_security(
                    table,
                    person=None,
                    portfolio=None,
                    also="(SELECT access.role()) IN ('back_office', 'supervisor')",
                ),
            )
        ),
        walls.definer("people.search(text, text, date, int)", walls.WEB, walls.WORKER),
    ]
