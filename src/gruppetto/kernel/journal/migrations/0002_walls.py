"""The journal is written by anybody who acts, altered by nobody, read by those concerned.

Two exceptions, both narrow (decisions 16): the owner forgets a body, and says so first; looks go after their retention.
"""

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

-- A body leaves in two ways only (decisions 16): it is named in ``journal_forgotten``, or it is that of an old look.
-- An entry leaves in one: an old look, by the function below, which is the enforcer's.
CREATE FUNCTION journal.old_look(p_kind text, p_recorded_at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p_kind = 'look' AND p_recorded_at < clock_timestamp() - interval '6 months'
$$;
REVOKE ALL ON FUNCTION journal.old_look(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal.old_look(text, timestamptz) TO gruppetto_enforcer;

CREATE FUNCTION journal.keep_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'gruppetto_enforcer' AND journal.old_look(OLD.kind, OLD.recorded_at) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'raise_exception', CONSTRAINT = TG_ARGV[0];
END $$;

CREATE FUNCTION journal.keep_body() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (
        EXISTS (SELECT 1 FROM journal_forgotten f WHERE f.entry_id = OLD.entry_id)
        OR EXISTS (SELECT 1 FROM journal_entry e
                   WHERE e.id = OLD.entry_id AND journal.old_look(e.kind, e.recorded_at))) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'raise_exception', CONSTRAINT = TG_ARGV[0];
END $$;

-- Forgetting is written before it is done: a line here with its reason, and an entry of the journal, sealed like any.
CREATE FUNCTION journal.forgetting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.at := clock_timestamp();
    NEW.actor := access.actor();
    IF NEW.actor IS NULL THEN
        RAISE EXCEPTION 'nothing is forgotten without an actor'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'no_write_without_an_actor';
    END IF;
    PERFORM journal.note('act', 'journal.forgotten', 'journal.entry', e.id, e.person_id, e.portfolio_id)
    FROM journal_entry e WHERE e.id = NEW.entry_id;
    IF NOT FOUND OR btrim(NEW.why) = '' THEN
        RAISE EXCEPTION 'forgetting names an entry that is, and says why'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'forgetting_names_an_entry_and_says_why';
    END IF;
    RETURN NEW;
END $$;

-- The owner's verb, and nobody else's: no role is granted it, and no role may add to ``journal_forgotten``. True when
-- it forgets, false when that was done already. The salt goes with the body: nothing can be guessed back from the
-- commitment, which stays in the entry and under its leaf.
CREATE FUNCTION journal.forget(p_entry uuid, p_why text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM journal_forgotten f WHERE f.entry_id = p_entry) THEN
        RETURN false;
    END IF;
    INSERT INTO journal_forgotten (entry_id, why, at, actor) VALUES (p_entry, p_why, clock_timestamp(), '');
    DELETE FROM journal_body WHERE entry_id = p_entry;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION journal.forget(uuid, text) FROM PUBLIC;

-- Looks are personal data about staff too: at most ``p_batch`` of those older than ``p_months``, the oldest first.
-- What waits for a seal goes with them; a look that was sealed leaves its leaf.
CREATE FUNCTION journal.forget_looks(p_months int, p_batch int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    old uuid[];
BEGIN
    IF p_months NOT BETWEEN 6 AND 36 OR p_batch NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'looks are kept 6 to 36 months, and go 10000 at a time'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'looks_are_kept_six_months_at_least';
    END IF;
    SELECT array(SELECT id FROM journal_entry
                 WHERE kind = 'look' AND recorded_at < clock_timestamp() - make_interval(months => p_months)
                 ORDER BY recorded_at LIMIT p_batch)
    INTO old;
    DELETE FROM journal_pending WHERE entry_id = ANY (old);
    DELETE FROM journal_body WHERE entry_id = ANY (old);
    DELETE FROM journal_entry WHERE id = ANY (old);
    RETURN cardinality(old);
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal.keep_entry('the_journal_is_never_altered');
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('the_journal_is_never_altered');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_body
    FOR EACH ROW EXECUTE FUNCTION journal.keep_body('the_journal_is_never_altered');
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON journal_body
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('the_journal_is_never_altered');
CREATE TRIGGER forgetting BEFORE INSERT ON journal_forgotten FOR EACH ROW EXECUTE FUNCTION journal.forgetting();
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
            enforcer="SELECT, INSERT, DELETE",
        ),
        walls.grant(
            "journal_body",
            web="SELECT, INSERT",
            worker="SELECT, INSERT",
            sealer="SELECT",
            enforcer="SELECT, INSERT, DELETE",
        ),
        walls.grant("journal_pending", sealer="SELECT, DELETE", enforcer="SELECT, INSERT, DELETE"),
        walls.grant("journal_forgotten", web="SELECT", worker="SELECT", sealer="SELECT", enforcer="SELECT"),
        walls.grant("journal_origin", web="SELECT", worker="SELECT", sealer="SELECT", enforcer="SELECT"),
        walls.grant(
            "journal_change",
            web="SELECT",
            worker="SELECT, DELETE",
            enforcer="SELECT, INSERT",
        ),
        walls.append_only("journal_origin", "the_journal_is_never_altered"),
        walls.append_only("journal_forgotten", "the_journal_is_never_altered"),
        walls.definer("journal.await_seal()", walls.WEB, walls.WORKER),
        walls.definer("journal.note(text, text, text, uuid, uuid, int)"),
        walls.definer("journal.keep_change()", walls.WEB, walls.WORKER),
        walls.definer("journal.keep_body()"),
        walls.definer("journal.forgetting()"),
        walls.definer("journal.forget_looks(int, int)", walls.WORKER),
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
            ALTER TABLE journal_forgotten ENABLE ROW LEVEL SECURITY;
            CREATE POLICY seen ON journal_forgotten FOR SELECT TO gruppetto_web
                USING (EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = entry_id));
            CREATE POLICY platform ON journal_forgotten FOR SELECT
                TO gruppetto_worker, gruppetto_enforcer, gruppetto_sealer USING (true);
            CREATE POLICY sealing ON journal_entry FOR SELECT TO gruppetto_sealer USING (true);
            """
        ),
    ]
