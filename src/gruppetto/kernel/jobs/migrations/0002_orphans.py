"""An administrator knows of the jobs whose worker died, too."""

from django.db import migrations

from gruppetto.kernel.access import walls

DELAYS = """
GRANT SELECT ON procrastinate_workers TO gruppetto_enforcer;

CREATE OR REPLACE FUNCTION jobs.delays() RETURNS TABLE (what text, waiting bigint, oldest_seconds int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT told.what, told.waiting, coalesce(extract(epoch FROM clock_timestamp() - told.since), 0)::int FROM (
        SELECT 'facts' AS what, count(*) AS waiting, min(written_at) AS since FROM outbox_fact
        UNION ALL
        SELECT 'jobs', count(*), min(due) FROM (
            SELECT coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) AS due
            FROM procrastinate_jobs j WHERE j.status = 'todo') waiting WHERE due <= clock_timestamp()
        UNION ALL
        SELECT 'cut', count(*), min((SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id))
        FROM procrastinate_jobs j WHERE j.status = 'doing' AND NOT EXISTS (
            SELECT FROM procrastinate_workers w
            WHERE w.id = j.worker_id AND w.last_heartbeat > clock_timestamp() - interval '30 seconds')
        UNION ALL
        SELECT 'failed', count(*), min((SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id))
        FROM procrastinate_jobs j WHERE j.status = 'failed'
    ) told WHERE access.role() = 'administrator'
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_walls")]

    operations = [walls.sql(DELAYS)]
