"""Drafts belong to those who keep or review the catalogue; a version that has begun is never taken back."""

from django.db import migrations

from gruppetto.kernel.access import walls

# A published version stays as it is; one that has not begun may be taken back whole, never rewritten.
TAKEN_BACK = """
DROP TRIGGER what_was_published_stays ON catalogue_kindversion;
CREATE TRIGGER what_was_published_stays BEFORE UPDATE ON catalogue_kindversion
    FOR EACH ROW WHEN (OLD.published)
    EXECUTE FUNCTION catalogue.keep('valid_until', 'checked_by', 'checked_on', 'checker_id');
CREATE TRIGGER what_has_begun_stays BEFORE DELETE ON catalogue_kindversion
    FOR EACH ROW WHEN (OLD.published AND OLD.valid_from <= clock_timestamp())
    EXECUTE FUNCTION catalogue.keep();
GRANT DELETE ON catalogue_kindversion TO gruppetto_web;
"""


def checker_too(table: str) -> str:
    """Let the account of whoever checks be written with the name and the day."""
    return f"""
    DROP TRIGGER what_was_published_stays ON {table};
    CREATE TRIGGER what_was_published_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
        EXECUTE FUNCTION catalogue.keep('valid_until', 'checked_by', 'checked_on', 'checker_id');
    """


# Four eyes are two sessions: whoever publishes or checks is the one who is signed in.
SIGNED = """
CREATE FUNCTION catalogue.signed_by_oneself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'gruppetto_web' AND (
        (NEW.published_by_id IS NOT NULL AND TG_OP = 'INSERT' AND NEW.published_by_id IS DISTINCT FROM access.me())
        OR (NEW.checker_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.checker_id IS DISTINCT FROM OLD.checker_id)
            AND NEW.checker_id IS DISTINCT FROM access.me())
    ) THEN
        RAISE EXCEPTION 'one signs for oneself' USING ERRCODE = 'raise_exception', CONSTRAINT = 'one_signs_for_oneself';
    END IF;
    RETURN NEW;
END $$;
"""
KEPT = ("catalogue_kindversion", "catalogue_helpline", "catalogue_distressguide")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_drafts")]

    operations = [
        walls.sql(TAKEN_BACK),
        *(walls.sql(checker_too(table)) for table in KEPT[1:]),
        walls.sql(SIGNED),
        *(
            walls.sql(
                f"CREATE TRIGGER signed_by_oneself BEFORE INSERT OR UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION catalogue.signed_by_oneself();"
            )
            for table in KEPT
        ),
        walls.grant(
            "catalogue_draft", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT", enforcer="SELECT"
        ),
        walls.actor_required("catalogue_draft"),
        walls.kept_by("catalogue_draft", "back_office", "supervisor"),
        walls.history("catalogue_draft", "created_by_id", "proposed_at", "returned"),
    ]
