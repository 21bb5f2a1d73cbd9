"""Confirmations stay as they were said; how a person's coordinates stand is seen with the person."""

from django.db import migrations

from gruppetto.kernel.access import walls

# Of the caller's own right: a colleague weighs whom they see, the worker everybody.
WEIGH = """
CREATE SCHEMA IF NOT EXISTS coordinates;
GRANT USAGE ON SCHEMA coordinates TO gruppetto_web, gruppetto_worker;

CREATE FUNCTION coordinates.weigh(p_persons uuid[], p_at timestamptz, p_for interval) RETURNS void
LANGUAGE sql SET search_path = public, pg_catalog, pg_temp AS $$
    DELETE FROM coordinates_standing s WHERE s.person_id = ANY (p_persons)
        AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = s.person_id AND p.merged_into IS NULL
                        AND p.died_on IS NULL AND p.subscriber_since IS NOT NULL
                        AND coalesce(p.subscriber_until, 'infinity') >= (p_at AT TIME ZONE 'Europe/Paris')::date);
    WITH one AS (
        SELECT * FROM people_person p WHERE p.id = ANY (p_persons) AND p.merged_into IS NULL AND p.died_on IS NULL
            AND p.subscriber_since IS NOT NULL
            AND coalesce(p.subscriber_until, 'infinity') >= (p_at AT TIME ZONE 'Europe/Paris')::date),
    held AS (
        SELECT p.id, 'phone' AS what, n.number::text AS value, n.verified_at FROM one p
        JOIN people_phone n ON n.subject_id = p.id AND n.ended_at IS NULL
        UNION ALL
        SELECT p.id, 'email', p.email, NULL FROM one p WHERE p.email <> ''
        UNION ALL
        SELECT p.id, a.kind, concat_ws(' ', a.lines, a.postcode, a.commune_id), a.verified_at FROM one p
        JOIN people_address a ON a.subject_id = p.id AND a.until IS NULL),
    sure AS (
        SELECT h.id, h.what, greatest(h.verified_at, max(c.at) FILTER (WHERE NOT c.returned)) AS verified_at,
               max(c.at) FILTER (WHERE c.returned) AS returned_at
        FROM held h LEFT JOIN coordinates_confirmation c
            ON c.person_id = ANY (access.same_person(h.id)) AND c.what = h.what AND c.value = h.value
        GROUP BY h.id, h.what, h.value, h.verified_at),
    weighed AS (
        SELECT p.id, p.shelf, p.portfolio_id, p.department,
               coalesce(array_agg(DISTINCT s.what) FILTER (
                   WHERE s.verified_at IS NULL OR s.verified_at < p_at - p_for), '{}') AS old,
               coalesce(array_agg(DISTINCT s.what) FILTER (
                   WHERE s.returned_at > coalesce(s.verified_at, '-infinity')), '{}') AS returned,
               array_remove(ARRAY[CASE WHEN bool_or(s.what = 'phone') THEN NULL ELSE 'phone' END,
                                  CASE WHEN bool_or(s.what = 'home') THEN NULL ELSE 'home' END], NULL) AS missing,
               min(CASE WHEN s.returned_at > coalesce(s.verified_at, '-infinity') THEN s.returned_at
                        ELSE coalesce(s.verified_at + p_for, p.created_at) END) AS due_at,
               p.created_at
        FROM one p LEFT JOIN sure s ON s.id = p.id GROUP BY p.id, p.shelf, p.portfolio_id, p.department, p.created_at)
    INSERT INTO coordinates_standing (id, shelf, portfolio_id, department, person_id, filled, due_at, old, returned, missing)
    SELECT w.id, w.shelf, w.portfolio_id, w.department, w.id, w.missing = '{}',
           CASE WHEN w.missing = '{}' THEN w.due_at ELSE least(w.due_at, w.created_at) END, w.old, w.returned, w.missing
    FROM weighed w ORDER BY w.id
    ON CONFLICT (person_id) DO UPDATE SET portfolio_id = EXCLUDED.portfolio_id, department = EXCLUDED.department,
        filled = EXCLUDED.filled, due_at = EXCLUDED.due_at, old = EXCLUDED.old, returned = EXCLUDED.returned,
        missing = EXCLUDED.missing
    WHERE (coordinates_standing.portfolio_id, coordinates_standing.filled, coordinates_standing.due_at,
           coordinates_standing.old, coordinates_standing.returned, coordinates_standing.missing)
        IS DISTINCT FROM (EXCLUDED.portfolio_id, EXCLUDED.filled, EXCLUDED.due_at, EXCLUDED.old, EXCLUDED.returned,
                          EXCLUDED.missing)
$$;
GRANT EXECUTE ON FUNCTION coordinates.weigh(uuid[], timestamptz, interval) TO gruppetto_web, gruppetto_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("coordinates", "0001_initial"), ("people", "0002_walls"), ("contacts", "0002_walls")]

    operations = [
        walls.grant("coordinates_confirmation", web="SELECT, INSERT", worker="SELECT, INSERT"),
        walls.actor_required("coordinates_confirmation"),
        walls.row_security("coordinates_confirmation"),
        walls.append_only_but_moved("coordinates_confirmation"),
        walls.grant(
            "coordinates_standing",
            web="SELECT, INSERT, UPDATE, DELETE",
            worker="SELECT, INSERT, UPDATE, DELETE",
        ),
        walls.actor_required("coordinates_standing"),
        walls.subject("coordinates_standing"),
        walls.row_security("coordinates_standing"),
        walls.sql(WEIGH),
    ]
