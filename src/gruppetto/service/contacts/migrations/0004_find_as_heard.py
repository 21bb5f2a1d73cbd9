"""A caller says a name, nobody spells it: who sounds so is found too, after who is written so (decisions 3)."""

from django.db import migrations

from gruppetto.kernel.access import walls

FIND = """
DROP FUNCTION contacts.find(uuid, text, date, text);
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
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_walls"), ("people", "0005_sounds")]

    operations = [
        walls.sql(FIND),
        walls.definer("contacts.find(uuid, text, date, text, text[])", walls.WEB),
    ]
