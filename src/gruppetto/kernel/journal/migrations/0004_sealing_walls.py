"""Leaves, heads and keys are added by the sealer, altered by nobody; the database says what follows what."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
-- Two sealers that would both go on from the same head, or one that would read an old instant, are stopped here
-- (decisions 14): a head covers the leaves that stand there, all of them, and follows the last head.
CREATE FUNCTION journal.next_head() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last bigint := coalesce((SELECT max(size) FROM journal_head), 0);
    -- A clock that was set back does not take heads back with it.
    at timestamptz := greatest(clock_timestamp(), (SELECT h.at FROM journal_head h WHERE h.size = last));
    added bigint;
    furthest bigint;
BEGIN
    SELECT count(*), max(position) INTO added, furthest FROM journal_leaf WHERE position >= last;
    IF current_setting('transaction_isolation') <> 'read committed' OR NEW.previous <> last
       OR added <> NEW.size - last OR furthest <> NEW.size - 1 OR octet_length(NEW.root) <> 32
       OR abs(extract(epoch FROM at - NEW.at)) > 60 THEN
        RAISE EXCEPTION 'a head follows the last one, over all the leaves, now'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_head_follows_the_last_one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER next_head BEFORE INSERT ON journal_head FOR EACH ROW EXECUTE FUNCTION journal.next_head();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_sealing"), ("access", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.definer("journal.next_head()"),
        walls.grant(
            "journal_leaf", web="SELECT", worker="SELECT", sealer="SELECT, INSERT", enforcer="SELECT"
        ),
        walls.grant("journal_key", web="SELECT", worker="SELECT", sealer="SELECT, INSERT"),
        # To lock the last head is to be allowed to change it; the trigger refuses that to whoever asks.
        walls.grant(
            "journal_head",
            web="SELECT",
            worker="SELECT",
            sealer="SELECT, INSERT, UPDATE (size)",
            enforcer="SELECT",
        ),
        *(
            walls.append_only(table, "the_journal_is_never_altered")
            for table in ("journal_leaf", "journal_key", "journal_head")
        ),
        # Which entry stands where is told to who sees the entry; heads and keys are for everybody to keep.
        walls.sql(
            """
            ALTER TABLE journal_leaf ENABLE ROW LEVEL SECURITY;
            CREATE POLICY seen ON journal_leaf FOR SELECT TO gruppetto_web
                USING (EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id));
            CREATE POLICY platform ON journal_leaf TO gruppetto_worker, gruppetto_enforcer, gruppetto_sealer
                USING (true) WITH CHECK (true);
            """
        ),
    ]
