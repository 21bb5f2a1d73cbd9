"""Names are found as they sound too, below those found as they are written; the same scope, by indexes (decisions 3)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from gruppetto.kernel.access import walls

SEARCH = """
-- A way of hearing a name, parted by spaces, as the sounds a person must have.
CREATE FUNCTION people.sounds(p_reading text) RETURNS varchar[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT string_to_array(p_reading, ' ')::varchar[] $$;
GRANT EXECUTE ON FUNCTION people.sounds(text) TO gruppetto_enforcer;

DROP FUNCTION people.search(text, text, date, int);
-- As before, and with ``p_readings``: ways of hearing the name typed (kernel.identifiers.names). Who is only heard so
-- comes after who is written so.
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
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_merge_walls")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="sounds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                db_default=[],
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(fields=["sounds"], name="persons_by_sound"),
        ),
        walls.sql(SEARCH),
        walls.definer("people.search(text, text, date, int, text[])", walls.WEB, walls.WORKER),
    ]
