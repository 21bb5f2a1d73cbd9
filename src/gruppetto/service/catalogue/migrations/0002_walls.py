"""Reference tables: read by all who work, added to by the back office and the loader; the past is not rewritten."""

from django.db import migrations

from gruppetto.kernel.access import walls

FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS catalogue;
GRANT USAGE, CREATE ON SCHEMA catalogue TO gruppetto_enforcer;

-- The columns named as arguments may change; the rest stays as it was published.
CREATE FUNCTION catalogue.keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV, '{}');
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION '% of % is refused: it was published', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'what_was_published_stays';
    END IF;
    RETURN NEW;
END $$;

-- Counted at each moment when a reason begins: that is where the number in force can grow.
CREATE FUNCTION catalogue.count_reasons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    most int;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('catalogue.count_reasons'));
    EXECUTE format(
        'SELECT max(n) FROM (SELECT (SELECT count(*) FROM %1$I.%2$I r WHERE r.valid_from <= m.valid_from'
        ' AND (r.valid_until IS NULL OR r.valid_until > m.valid_from)) AS n FROM %1$I.%2$I m) counted',
        TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO most;
    IF most > 10 THEN
        RAISE EXCEPTION 'at most ten reasons are in force at once, not %', most
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'at_most_ten_reasons_at_once';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER at_most_ten_reasons_at_once AFTER INSERT OR UPDATE ON catalogue_reason
    FOR EACH ROW EXECUTE FUNCTION catalogue.count_reasons();
"""

TABLES = {
    "catalogue_reason": ("valid_until",),
    "catalogue_subreason": ("valid_until",),
    "catalogue_requestkind": (),
    "catalogue_kindversion": ("valid_until", "checked_by", "checked_on"),
    "catalogue_helpline": ("valid_until", "checked_by", "checked_on"),
    "catalogue_distressguide": ("valid_until", "checked_by", "checked_on"),
}
# A draft may be written again until it is published.
ONLY_WHEN = {"catalogue_kindversion": "WHEN (OLD.published)"}


def keep(table: str, columns: tuple[str, ...]) -> migrations.RunSQL:
    """Refuse DELETE, TRUNCATE and any change but of ``columns``."""
    arguments = ", ".join(f"'{column}'" for column in columns)
    return walls.sql(
        f"""
        CREATE TRIGGER what_was_published_stays BEFORE UPDATE OR DELETE ON "{table}"
            FOR EACH ROW {ONLY_WHEN.get(table, "")} EXECUTE FUNCTION catalogue.keep({arguments});
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('what_was_published_stays');
        """
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        walls.sql(FUNCTIONS),
        walls.definer("catalogue.count_reasons()", walls.WEB),
        *(
            operation
            for table, columns in TABLES.items()
            for operation in (
                walls.grant(table, web="SELECT, INSERT, UPDATE", worker="SELECT", enforcer="SELECT"),
                walls.actor_required(table),
                keep(table, columns),
                *((walls.history(table, *columns),) if columns else ()),
            )
        ),
    ]
