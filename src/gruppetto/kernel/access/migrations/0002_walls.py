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
    SELECT coalesce(array_agg(DISTINCT g.person_id), '{}') FROM access_grant g
    WHERE g.account_id = access.me() AND g.person_id IS NOT NULL
      AND g.starts <= clock_timestamp() AND (g.until IS NULL OR g.until > clock_timestamp())
$$;

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

CREATE FUNCTION access.open_session(p_account uuid, p_key text, p_minutes int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF p_minutes NOT BETWEEN 1 AND 720 OR length(p_key) < 32 THEN
        RAISE EXCEPTION 'a session lasts 1 to 720 minutes and has a long key';
    END IF;
    INSERT INTO access_session (key_hash, account_id, until)
    SELECT sha256(convert_to(p_key, 'UTF8')), id, clock_timestamp() + make_interval(mins => p_minutes)
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
    ]

    operations = [
        walls.sql(FUNCTIONS),
        walls.grant(
            "access_account",
            web="SELECT, INSERT, UPDATE",
            worker="SELECT",
            enforcer="SELECT",
        ),
        walls.grant("access_session", enforcer="SELECT, INSERT, UPDATE"),
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
        walls.definer("access.open_session(uuid, text, int)", walls.WEB),
        walls.definer("access.close_session()", walls.WEB),
        walls.definer("access.close_sessions_of(uuid)", walls.WEB),
        walls.actor_required("access_account"),
        walls.actor_required("access_grant"),
    ]
