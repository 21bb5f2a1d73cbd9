"""Who opens a page is said, known and kept awake in one statement, which comes back with the account."""

from django.db import migrations

from gruppetto.kernel.access import walls

ARRIVAL = """
DROP FUNCTION access.arrive(boolean);

-- Written at most once a minute, and never waited for: several panes arrive together. In plpgsql on purpose: who
-- this is can only be asked once the key is set, and in one plain statement nothing says what is done first.
CREATE FUNCTION access.arrive(p_key text, p_actor text, p_request text, p_commit text, p_by_hand boolean)
RETURNS SETOF access_account
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid;
BEGIN
    PERFORM set_config('gruppetto.session', p_key, true), set_config('gruppetto.actor', p_actor, true),
            set_config('gruppetto.request', p_request, true), set_config('synchronous_commit', p_commit, true);
    me := access.me();
    IF me IS NOT NULL AND p_by_hand THEN
        UPDATE access_session SET seen_at = clock_timestamp() WHERE key_hash = (
            SELECT key_hash FROM access_session
            WHERE key_hash = sha256(convert_to(p_key, 'UTF8'))
              AND seen_at < clock_timestamp() - interval '1 minute' FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN QUERY SELECT * FROM access_account WHERE id = me;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_walls")]

    operations = [
        walls.sql(ARRIVAL),
        walls.definer("access.arrive(text, text, text, text, boolean)", walls.WEB),
    ]
