"""Presence: an unlogged table that no role reads, and the four doors to it."""

from django.db import migrations

from gruppetto.kernel.access import walls

PRESENCE = """
CREATE SCHEMA IF NOT EXISTS live;
GRANT USAGE ON SCHEMA live TO gruppetto_web, gruppetto_worker, gruppetto_enforcer;
GRANT CREATE ON SCHEMA live TO gruppetto_enforcer;

CREATE UNLOGGED TABLE live.presence (
    page uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    typing boolean NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX presence_of_subject ON live.presence (subject_id);
REVOKE ALL ON live.presence FROM PUBLIC, gruppetto_web, gruppetto_worker, gruppetto_sealer;
GRANT SELECT, INSERT, UPDATE, DELETE ON live.presence TO gruppetto_enforcer;

-- The page of somebody else is never taken over; a session that is over is nowhere.
CREATE FUNCTION live.here(p_page uuid, p_subject uuid, p_typing boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO live.presence (page, account_id, subject_id, typing, seen_at)
    SELECT p_page, access.me(), p_subject, p_typing, clock_timestamp() WHERE access.me() IS NOT NULL
    ON CONFLICT (page) DO UPDATE
        SET subject_id = excluded.subject_id, typing = excluded.typing, seen_at = excluded.seen_at
        WHERE presence.account_id = excluded.account_id
$$;

CREATE FUNCTION live.gone(p_page uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM live.presence WHERE page = p_page AND account_id = access.me()
$$;

-- The others on these subjects; one line a colleague, whatever the number of pages.
CREATE FUNCTION live.present(p_subjects uuid[]) RETURNS TABLE (subject_id uuid, name text, typing boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.subject_id, a.name, bool_or(p.typing)
    FROM live.presence p JOIN access_account a ON a.id = p.account_id
    WHERE p.subject_id = ANY (p_subjects) AND p.account_id <> access.me()
      AND p.seen_at > clock_timestamp() - interval '25 seconds'
    GROUP BY p.subject_id, a.id, a.name ORDER BY a.name, a.id
$$;

CREATE FUNCTION live.forget() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM live.presence WHERE seen_at < clock_timestamp() - interval '25 seconds'
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_walls")]

    operations = [
        migrations.RunSQL(PRESENCE, "DROP SCHEMA live CASCADE"),
        walls.definer("live.here(uuid, uuid, boolean)", walls.WEB),
        walls.definer("live.gone(uuid)", walls.WEB),
        walls.definer("live.present(uuid[])", walls.WEB),
        walls.definer("live.forget()", walls.WORKER),
    ]
