"""Who is asking, as the database sees it: from the key of the session, never from a claim (decisions 2a, 2b)."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA IF NOT EXISTS access;
GRANT USAGE, CREATE ON SCHEMA access TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA access TO gruppetto_web, gruppetto_worker, gruppetto_sealer;

CREATE FUNCTION access.me() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.account_id FROM access_session s JOIN access_account a ON a.id = s.account_id
    WHERE s.key_hash = sha256(convert_to(current_setting('gruppetto.session', true), 'UTF8'))
      AND s.closed_at IS NULL AND s.until > clock_timestamp() AND a.is_active
      -- An hour without a page opened by hand ends it; a service of the platform opens none.
      AND (s.everything OR s.seen_at > clock_timestamp() - interval '60 minutes')
$$;

CREATE FUNCTION access.role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT role FROM access_account WHERE id = access.me()
$$;

CREATE FUNCTION access.everything() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(bool_or(s.everything), false) FROM access_session s
    WHERE s.key_hash = sha256(convert_to(current_setting('gruppetto.session', true), 'UTF8'))
      AND s.closed_at IS NULL AND s.until > clock_timestamp()
$$;

CREATE FUNCTION access.scope() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT g.portfolio_id), '{}') FROM access_grant g
    WHERE g.account_id = access.me() AND g.portfolio_id IS NOT NULL
      AND g.starts <= clock_timestamp() AND (g.until IS NULL OR g.until > clock_timestamp())
$$;

CREATE FUNCTION access.persons() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH kept AS (
        SELECT DISTINCT coalesce(a.subject_id, g.person_id) AS id
        FROM access_grant g LEFT JOIN access_alias a ON a.person_id = g.person_id
        WHERE g.account_id = access.me() AND g.person_id IS NOT NULL
          AND g.starts <= clock_timestamp() AND (g.until IS NULL OR g.until > clock_timestamp())),
    -- A right to a record is a right to the person: all their records, under whichever each row was filed.
    persons AS (SELECT id FROM kept UNION ALL SELECT a.person_id FROM kept JOIN access_alias a ON a.subject_id = kept.id)
    SELECT coalesce(array_agg(id), '{}') FROM persons
$$;

-- All the records that are one person, the one kept first (decisions 18).
CREATE FUNCTION access.same_person(p_person uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH kept AS (SELECT coalesce((SELECT subject_id FROM access_alias WHERE person_id = p_person), p_person) AS id)
    SELECT array_agg(id) FROM (
        SELECT id FROM kept
        UNION ALL (SELECT a.person_id FROM kept JOIN access_alias a ON a.subject_id = kept.id ORDER BY a.person_id)) AS all_of
$$;

-- Whoever files about a person waits for a merge of that person under way, and sees its end; any number file at once.
CREATE FUNCTION access.person_lock(p_person uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended('person ' || p_person, 0)
$$;
GRANT EXECUTE ON FUNCTION access.person_lock(uuid) TO gruppetto_enforcer;

-- ``subject_id`` follows the aliases, whoever writes it; nothing is filed on a merged record.
CREATE FUNCTION access.name_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kept uuid;
BEGIN
    NEW.subject_id := NEW.person_id;
    IF NEW.person_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF session_user <> 'gruppetto_owner' THEN  -- the demo's past: more persons than a transaction has locks
        PERFORM pg_advisory_xact_lock_shared(access.person_lock(NEW.person_id));
    END IF;
    SELECT subject_id INTO kept FROM access_alias WHERE person_id = NEW.person_id;
    IF kept IS NOT NULL THEN
        IF TG_OP = 'INSERT' OR NEW.person_id IS DISTINCT FROM OLD.person_id THEN
            RAISE EXCEPTION 'person % is merged into %', NEW.person_id, kept
                USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_merged_record_takes_nothing_more';
        END IF;
        NEW.subject_id := kept;
    END IF;
    RETURN NEW;
END $$;

-- A second person named in a row (who speaks, who is near): not a merged record either.
CREATE FUNCTION access.refuse_merged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    named uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF named IS NULL OR TG_OP = 'UPDATE' AND named = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid THEN
        RETURN NEW;
    END IF;
    IF session_user <> 'gruppetto_owner' THEN
        PERFORM pg_advisory_xact_lock_shared(access.person_lock(named));
    END IF;
    IF EXISTS (SELECT 1 FROM access_alias WHERE person_id = named) THEN
        RAISE EXCEPTION 'person % is merged', named
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_merged_record_takes_nothing_more';
    END IF;
    RETURN NEW;
END $$;

-- Invoker's rights on purpose: current_user must be the role that writes.
CREATE FUNCTION access.actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    me uuid := access.me();
    claimed text := nullif(current_setting('gruppetto.actor', true), '');
BEGIN
    IF me IS NOT NULL THEN
        RETURN CASE WHEN claimed LIKE 'service:%' AND access.everything() THEN claimed ELSE 'account:' || me END;
    END IF;
    IF current_user = 'gruppetto_web' AND claimed NOT LIKE 'visitor:%' THEN
        RETURN NULL;
    END IF;
    RETURN claimed;
END $$;

GRANT EXECUTE ON FUNCTION access.actor() TO gruppetto_web, gruppetto_worker, gruppetto_sealer, gruppetto_enforcer;

CREATE FUNCTION access.require_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF access.actor() IS NULL THEN
        RAISE EXCEPTION 'no write on % without an actor', TG_TABLE_NAME
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'no_write_without_an_actor';
    END IF;
    RETURN NULL;
END $$;

-- Invoker's rights on purpose: only the web is held to it.
CREATE FUNCTION access.kept_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'gruppetto_web' AND NOT coalesce(access.role(), '') = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% is kept by %', TG_TABLE_NAME, TG_ARGV
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'kept_by_another_role';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION access.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'raise_exception', CONSTRAINT = TG_ARGV[0];
END $$;

CREATE FUNCTION access.refuse_unless_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'portfolio_id' = to_jsonb(OLD) - 'portfolio_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'raise_exception', CONSTRAINT = TG_ARGV[0];
END $$;

CREATE FUNCTION access.open_session(p_account uuid, p_key text, p_minutes int, p_device text DEFAULT '') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF p_minutes NOT BETWEEN 1 AND 720 OR length(p_key) < 32 THEN
        RAISE EXCEPTION 'a session lasts 1 to 720 minutes and has a long key';
    END IF;
    INSERT INTO access_session (id, key_hash, account_id, until, device)
    SELECT gen_random_uuid(), sha256(convert_to(p_key, 'UTF8')), id,
           clock_timestamp() + make_interval(mins => p_minutes), left(p_device, 60)
    FROM access_account WHERE id = p_account AND kind = 'human' AND is_active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no active account %', p_account;
    END IF;
END $$;

CREATE FUNCTION access.close_session() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE access_session SET closed_at = clock_timestamp()
    WHERE key_hash = sha256(convert_to(current_setting('gruppetto.session', true), 'UTF8'))
      AND closed_at IS NULL AND NOT everything
$$;

CREATE FUNCTION access.close_sessions_of(p_account uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    closed int;
BEGIN
    IF access.me() IS DISTINCT FROM p_account AND coalesce(access.role(), '') <> 'administrator' THEN
        RAISE EXCEPTION 'only an administrator closes the sessions of others';
    END IF;
    UPDATE access_session SET closed_at = clock_timestamp()
    WHERE account_id = p_account AND closed_at IS NULL AND NOT everything;
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END $$;

-- Who opens a page, said, known and kept awake in one statement, which comes back with the account.
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

CREATE FUNCTION access.my_sessions()
RETURNS TABLE (id uuid, opened_at timestamptz, seen_at timestamptz, until timestamptz, device text, this boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, s.opened_at, s.seen_at, s.until, s.device,
           s.key_hash = sha256(convert_to(current_setting('gruppetto.session', true), 'UTF8')) AS this
    FROM access_session s
    WHERE s.account_id = access.me() AND NOT s.everything AND s.closed_at IS NULL AND s.until > clock_timestamp()
      AND s.seen_at > clock_timestamp() - interval '60 minutes'
    ORDER BY this DESC, s.seen_at DESC, s.id
$$;

CREATE FUNCTION access.close_my_session(p_session uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE access_session SET closed_at = clock_timestamp()
    WHERE id = p_session AND account_id = access.me() AND closed_at IS NULL AND NOT everything;
    RETURN FOUND;
END $$;

CREATE FUNCTION access.close_my_others() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    closed int;
BEGIN
    UPDATE access_session SET closed_at = clock_timestamp()
    WHERE account_id = access.me() AND closed_at IS NULL AND NOT everything
      AND key_hash <> sha256(convert_to(current_setting('gruppetto.session', true), 'UTF8'));
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END $$;

CREATE FUNCTION access.forget_sessions(p_days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    forgotten int;
BEGIN
    DELETE FROM access_session
    WHERE NOT everything AND least(closed_at, until) < clock_timestamp() - make_interval(days => p_days);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;

-- Nobody takes away their own last second factor; an administrator resets others'. One owner at a time: two
-- removals at once would each see the other's key.
CREATE FUNCTION access.keep_a_second_factor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.type IN ('totp', 'webauthn') AND OLD.user_id = access.me() THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('second factor ' || OLD.user_id, 0));
        IF NOT EXISTS (SELECT 1 FROM mfa_authenticator
                       WHERE user_id = OLD.user_id AND id <> OLD.id AND type IN ('totp', 'webauthn')) THEN
            RAISE EXCEPTION 'the last second factor of % stays', OLD.user_id
                USING ERRCODE = 'raise_exception', CONSTRAINT = 'the_last_second_factor_stays';
        END IF;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_a_second_factor BEFORE DELETE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION access.keep_a_second_factor();

-- What all processes of the house must know together and nobody keeps: codes that have served (django.core.cache).
CREATE TABLE access_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX access_cache_expires ON access_cache (expires);

-- Who may sign in, and as what, is an administrator's to say, and never about themselves. Invoker's rights on
-- purpose: only the web is held to it. A visitor may rewrite a password as it is (a stronger hash, at sign-in).
CREATE FUNCTION access.guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    me uuid := access.me();
    mine boolean := false;
    rights boolean := true;
    known boolean := true;
    secret boolean := false;
BEGIN
    IF current_user <> 'gruppetto_web' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        mine := NEW.id IS NOT DISTINCT FROM me;
        rights := (OLD.kind, OLD.role, OLD.is_active) IS DISTINCT FROM (NEW.kind, NEW.role, NEW.is_active);
        known := (OLD.email, OLD.name) IS DISTINCT FROM (NEW.email, NEW.name);
        secret := NOT mine AND (OLD.temporary_until IS DISTINCT FROM NEW.temporary_until
                                OR me IS NOT NULL AND OLD.password IS DISTINCT FROM NEW.password);
    END IF;
    IF (rights OR known OR secret) AND (coalesce(access.role(), '') <> 'administrator' OR NEW.kind <> 'human') THEN
        RAISE EXCEPTION 'accounts are kept by an administrator'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'accounts_are_kept_by_an_administrator';
    END IF;
    IF mine AND rights THEN
        RAISE EXCEPTION 'nobody changes their own rights'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'nobody_changes_their_own_rights';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guarded BEFORE INSERT OR UPDATE ON access_account
    FOR EACH ROW EXECUTE FUNCTION access.guard_account();
"""


class Migration(migrations.Migration):
    # After the libraries' own rewriting of accounts, which knows no actor.
    dependencies = [
        ("access", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        walls.sql(FUNCTIONS),
        walls.grant(
            "access_account",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT",
            enforcer="SELECT",
        ),
        walls.grant("access_session", enforcer="SELECT, INSERT, UPDATE, DELETE"),
        walls.grant("access_cache", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, DELETE"),
        walls.sql("GRANT SELECT ON mfa_authenticator TO gruppetto_enforcer"),
        # Written by the people room's functions only; read through access.same_person().
        walls.grant("access_alias", web="SELECT", worker="SELECT", enforcer="SELECT, INSERT, UPDATE, DELETE"),
        walls.row_security("access_alias", portfolio=None),
        walls.grant(
            "access_grant",
            web="",
            worker="SELECT",
            enforcer="SELECT, INSERT, UPDATE, DELETE",
        ),
        *(
            walls.definer(f"access.{name}()", walls.WEB, walls.WORKER, walls.SEALER)
            for name in ("me", "role", "everything", "scope", "persons")
        ),
        walls.definer("access.keep_a_second_factor()", walls.WEB),
        walls.definer("access.same_person(uuid)", walls.WEB, walls.WORKER),
        walls.definer("access.name_subject()", walls.WEB, walls.WORKER),
        walls.definer("access.refuse_merged()", walls.WEB, walls.WORKER),
        walls.definer("access.open_session(uuid, text, int, text)", walls.WEB),
        walls.definer("access.arrive(text, text, text, text, boolean)", walls.WEB),
        walls.definer("access.my_sessions()", walls.WEB),
        walls.definer("access.close_my_session(uuid)", walls.WEB),
        walls.definer("access.close_my_others()", walls.WEB),
        walls.definer("access.forget_sessions(int)", walls.WORKER),
        walls.definer("access.close_session()", walls.WEB),
        walls.definer("access.close_sessions_of(uuid)", walls.WEB),
        walls.actor_required("access_account"),
        walls.actor_required("access_grant"),
        walls.actor_required("access_alias"),
    ]
