"""The journal is written by anybody who acts, altered by nobody, read by those concerned."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS journal;
GRANT USAGE, CREATE ON SCHEMA journal TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA journal TO gruppetto_web, gruppetto_worker, gruppetto_sealer;

-- Invoker's rights: who writes decides what is believed (decisions 13).
CREATE FUNCTION journal.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The past that a demo invents: the owner only, and only where the journal began as a demo.
    IF current_user = 'gruppetto_owner' AND NEW.actor <> '' AND NEW.recorded_at < clock_timestamp()
       AND EXISTS (SELECT 1 FROM journal_origin WHERE origin = 'demo') THEN
        RETURN NEW;
    END IF;
    NEW.actor := access.actor();
    IF NEW.actor IS NULL THEN
        RAISE EXCEPTION 'no entry without an actor'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'no_write_without_an_actor';
    END IF;
    NEW.account_id := access.me();
    NEW.recorded_at := clock_timestamp();
    NEW.happened_at := coalesce(NEW.happened_at, NEW.recorded_at);
    IF NEW.happened_at > NEW.recorded_at THEN
        RAISE EXCEPTION 'an act happens before it is recorded'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'an_act_happens_before_it_is_recorded';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION journal.await_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO journal_pending (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

-- Watched columns are the trigger's arguments; person and portfolio are copied when the table has them. The record of
-- a person is the one that can be merged into another, whatever a shard calls its table (decisions 8).
CREATE FUNCTION journal.keep_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    before jsonb := '{}';
    after jsonb := '{}';
    watched text;
BEGIN
    FOREACH watched IN ARRAY TG_ARGV LOOP
        IF old_row -> watched IS DISTINCT FROM new_row -> watched THEN
            before := before || jsonb_build_object(watched, old_row -> watched);
            after := after || jsonb_build_object(watched, new_row -> watched);
        END IF;
    END LOOP;
    IF after <> '{}' THEN
        INSERT INTO journal_change (id, at, actor, request, table_name, row_id, person_id, portfolio_id, before, after)
        VALUES (gen_random_uuid(), clock_timestamp(),
                coalesce('account:' || access.me(), nullif(current_setting('gruppetto.actor', true), ''), 'unknown'),
                nullif(current_setting('gruppetto.request', true), '')::uuid,
                TG_TABLE_NAME, new_row ->> 'id',
                (new_row ->> CASE WHEN new_row ? 'merged_into' THEN 'id' ELSE 'person_id' END)::uuid,
                (new_row ->> 'portfolio_id')::int, before, after);
    END IF;
    RETURN NULL;
END $$;

-- For the functions that open something: the trace is written where the door is.
CREATE FUNCTION journal.note(p_kind text, p_verb text, p_subject text, p_subject_id uuid, p_person uuid, p_portfolio int)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    -- A UUIDv7, as Python makes them: the moment in milliseconds, then chance (RFC 9562).
    entry uuid := encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
        substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid;
    salt bytea := substr(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 1, 16);
BEGIN
    INSERT INTO journal_entry (id, recorded_at, happened_at, kind, verb, actor, request, subject, subject_id, person_id,
                               portfolio_id, commitment)
    VALUES (entry, clock_timestamp(), NULL, p_kind, p_verb, '', nullif(current_setting('gruppetto.request', true), '')::uuid,
            p_subject, p_subject_id, p_person, p_portfolio, sha256(salt || convert_to('{}', 'UTF8')));
    INSERT INTO journal_body (entry_id, salt, data) VALUES (entry, salt, '{}');
END $$;

CREATE TRIGGER stamp BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal.stamp();
CREATE TRIGGER await_seal AFTER INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal.await_seal();
"""

CONCERNED = "account_id = (SELECT access.me()) OR (SELECT access.role()) = 'auditor'"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), ("access", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.grant(
            "journal_entry",
            web="SELECT, INSERT",
            worker="SELECT, INSERT",
            sealer="SELECT",
            enforcer="SELECT, INSERT",
        ),
        walls.grant(
            "journal_body",
            web="SELECT, INSERT",
            worker="SELECT, INSERT",
            sealer="SELECT",
            enforcer="INSERT",
        ),
        walls.grant("journal_pending", sealer="SELECT, DELETE", enforcer="SELECT, INSERT"),
        walls.grant("journal_origin", web="SELECT", worker="SELECT", sealer="SELECT", enforcer="SELECT"),
        walls.grant(
            "journal_change",
            web="SELECT",
            worker="SELECT, DELETE",
            enforcer="SELECT, INSERT",
        ),
        walls.append_only("journal_entry", "the_journal_is_never_altered"),
        walls.append_only("journal_origin", "the_journal_is_never_altered"),
        walls.append_only("journal_body", "the_journal_is_never_altered"),
        walls.definer("journal.await_seal()", walls.WEB, walls.WORKER),
        walls.definer("journal.note(text, text, text, uuid, uuid, int)"),
        walls.definer("journal.keep_change()", walls.WEB, walls.WORKER),
        # A refusal or an unknown caller's call is written outside any portfolio: all may add.
        walls.row_security("journal_entry", also=CONCERNED, insert="true"),
        walls.row_security("journal_change", also="(SELECT access.role()) = 'auditor'"),
        walls.sql(
            """
            ALTER TABLE journal_body ENABLE ROW LEVEL SECURITY;
            CREATE POLICY seen ON journal_body FOR SELECT TO gruppetto_web
                USING (EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id));
            CREATE POLICY added ON journal_body FOR INSERT TO gruppetto_web WITH CHECK (true);
            CREATE POLICY platform ON journal_body TO gruppetto_worker, gruppetto_enforcer, gruppetto_sealer
                USING (true) WITH CHECK (true);
            CREATE POLICY sealing ON journal_entry FOR SELECT TO gruppetto_sealer USING (true);
            """
        ),
    ]
