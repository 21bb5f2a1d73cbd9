"""A change of a person is known as theirs on a shard too, whose table has another name (decisions 8)."""

from django.db import migrations

from gruppetto.kernel.access import walls

# The record of a person is the one that can be merged into another.
KEEP_CHANGE = """
CREATE OR REPLACE FUNCTION journal.keep_change() RETURNS trigger
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
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_walls")]

    operations = [walls.sql(KEEP_CHANGE)]
