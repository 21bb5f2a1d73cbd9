"""The queue belongs to the worker; its own NOTIFY trigger goes (decisions 20)."""

from django.db import migrations

from gruppetto.kernel.access import walls

OPEN_TO_THE_WORKER = """
DO $$
DECLARE
    thing record;
BEGIN
    FOR thing IN SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname = 'public' AND c.relname LIKE 'procrastinate%' AND c.relkind IN ('r', 'S')
    LOOP
        IF thing.relkind = 'r' THEN
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO gruppetto_worker', thing.relname);
        ELSE
            EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %I TO gruppetto_worker', thing.relname);
        END IF;
    END LOOP;
    FOR thing IN SELECT p.oid::regprocedure::text AS relname FROM pg_proc p
                 WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'procrastinate%'
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO gruppetto_worker', thing.relname);
    END LOOP;
    FOR thing IN SELECT tgname AS relname FROM pg_trigger
                 WHERE tgrelid = 'procrastinate_jobs'::regclass AND tgname LIKE '%notify%'
    LOOP
        EXECUTE format('DROP TRIGGER %I ON procrastinate_jobs', thing.relname);
    END LOOP;
END $$;
"""

OPEN_TO_SIGN_IN = """
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, mfa_authenticator, axes_accessattempt, axes_accesslog,
    axes_accessfailurelog, axes_accessattemptexpiration, account_emailaddress, account_emailconfirmation TO gruppetto_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO gruppetto_web;
GRANT SELECT ON django_content_type, django_migrations TO gruppetto_web, gruppetto_worker;
GRANT DELETE, SELECT ON django_session, axes_accessattempt, axes_accessattemptexpiration TO gruppetto_worker;
"""

# What an administrator may know of the work in hand: how much, how old, never what about.
DELAYS = """
CREATE SCHEMA IF NOT EXISTS jobs;
GRANT USAGE, CREATE ON SCHEMA jobs TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA jobs TO gruppetto_web, gruppetto_worker;
GRANT SELECT ON procrastinate_jobs, procrastinate_events, procrastinate_workers, outbox_fact TO gruppetto_enforcer;

-- After so much silence a worker is taken for dead: orphans.SILENCE.
CREATE FUNCTION jobs.delays() RETURNS TABLE (what text, waiting bigint, oldest_seconds int)
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
    dependencies = [
        ("access", "0002_walls"),
        ("outbox", "0002_walls"),
        ("procrastinate", "0041_post_retry_failed_job"),
        ("sessions", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("axes", "0010_accessattemptexpiration"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        walls.sql(OPEN_TO_THE_WORKER),
        walls.sql(OPEN_TO_SIGN_IN),
        walls.sql(DELAYS),
        walls.definer("jobs.delays()", walls.WEB),
    ]
