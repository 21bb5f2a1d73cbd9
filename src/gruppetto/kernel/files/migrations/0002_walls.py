"""A file is what was received; only the worker says that it is clean; a file of nobody is seen by its giver."""

from django.db import migrations

from gruppetto.kernel.access import walls

TABLE = "files_file"

RULES = """
CREATE SCHEMA IF NOT EXISTS files;
GRANT USAGE ON SCHEMA files TO gruppetto_web, gruppetto_worker, gruppetto_enforcer;

-- Invoker's rights on purpose: current_user must be the role that writes.
CREATE FUNCTION files.receive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'gruppetto_owner' THEN  -- the demo's past
        RETURN NEW;
    END IF;
    NEW.created_by := access.actor();
    NEW.created_at := clock_timestamp();
    NEW.state := 'quarantined';
    NEW.scanned_at := NULL;
    NEW.ground := '';
    RETURN NEW;
END $$;

CREATE FUNCTION files.stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.shelf, NEW.media_type, NEW.size, NEW.sha256, NEW.nonce, NEW.created_at, NEW.created_by)
        IS DISTINCT FROM
       (OLD.id, OLD.shelf, OLD.media_type, OLD.size, OLD.sha256, OLD.nonce, OLD.created_at, OLD.created_by) THEN
        RAISE EXCEPTION 'a file is what was received'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_file_is_what_was_received';
    END IF;
    IF OLD.state <> 'quarantined' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'a file leaves quarantine once'
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'a_file_leaves_quarantine_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER receive BEFORE INSERT ON files_file FOR EACH ROW EXECUTE FUNCTION files.receive();
CREATE TRIGGER stay BEFORE UPDATE ON files_file FOR EACH ROW EXECUTE FUNCTION files.stay();
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("access", "0002_walls"), ("journal", "0002_walls")]

    operations = [
        walls.sql(RULES),
        walls.grant(
            TABLE,
            web="SELECT, INSERT, UPDATE (person_id, subject_id, portfolio_id, department)",
            worker="SELECT, INSERT, UPDATE, DELETE",
            enforcer="SELECT, UPDATE (person_id, subject_id, portfolio_id, department)",
        ),
        walls.actor_required(TABLE),
        walls.subject(TABLE),
        walls.history(TABLE, "person_id", "portfolio_id", "state"),
        walls.row_security(
            TABLE, also="person_id IS NULL AND created_by = 'account:' || (SELECT access.me())::text"
        ),
    ]
