"""Which identity at a provider opens which account: kept by administrators, bound once by a first sign-in."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
-- Which identity at a provider opens which account: an administrator says, never of their own; the first sign-in
-- binds through the function below. Invoker's rights on purpose: only the web is held to it.
CREATE FUNCTION access.guard_identity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept access_provideridentity := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF current_user = 'gruppetto_web' THEN
        IF coalesce(access.role(), '') <> 'administrator' THEN
            RAISE EXCEPTION 'identities are kept by an administrator'
                USING ERRCODE = 'raise_exception', CONSTRAINT = 'accounts_are_kept_by_an_administrator';
        END IF;
        IF kept.account_id = access.me() THEN
            RAISE EXCEPTION 'nobody changes their own rights'
                USING ERRCODE = 'raise_exception', CONSTRAINT = 'nobody_changes_their_own_rights';
        END IF;
    END IF;
    RETURN kept;
END $$;
CREATE TRIGGER guarded BEFORE INSERT OR DELETE ON access_provideridentity
    FOR EACH ROW EXECUTE FUNCTION access.guard_identity();

-- The first sign-in with a provider: to the open account that has this e-mail and no identity there yet. NULL: none.
CREATE FUNCTION access.bind_identity(p_id uuid, p_issuer text, p_subject text, p_email text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO access_provideridentity (id, issuer, subject, account_id)
    SELECT p_id, p_issuer, p_subject, a.id FROM access_account a
    WHERE a.email = p_email AND a.kind = 'human' AND a.is_active
      AND NOT EXISTS (SELECT 1 FROM access_provideridentity i WHERE i.account_id = a.id AND i.issuer = p_issuer)
    RETURNING account_id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.grant("access_provideridentity", web="SELECT, INSERT, DELETE", enforcer="SELECT, INSERT"),
        walls.actor_required("access_provideridentity"),
        walls.definer("access.bind_identity(uuid, text, text, text)", walls.WEB),
    ]
