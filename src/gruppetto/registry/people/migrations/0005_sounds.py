"""Names are found as they sound too, below those found as they are written; the same scope, by indexes (decisions 3)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from gruppetto.kernel.access import walls

SOUNDS = """
-- A way of hearing a name, parted by spaces, as the sounds a person must have.
CREATE FUNCTION people.sounds(p_reading text) RETURNS varchar[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT string_to_array(p_reading, ' ')::varchar[] $$;
GRANT EXECUTE ON FUNCTION people.sounds(text) TO gruppetto_enforcer;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_merge_walls")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="sounds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                db_default=[],
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(fields=["sounds"], name="persons_by_sound"),
        ),
        walls.sql(SOUNDS),
    ]
