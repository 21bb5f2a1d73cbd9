"""The words that stories use, learnt at night so that a misspelt one is understood, and forgotten with them."""

from django.db import migrations

from gruppetto.kernel.access import walls

WORDS = """
-- The stories of all rows already there, for whom comes back from a copy without triggers; returns how many.
CREATE FUNCTION finding.tell_all() RETURNS bigint LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(finding.tell_intervention(id)) FROM interventions_intervention;
    SELECT count(finding.tell_contact(id)) FROM contacts_contact WHERE summary <> '';
    SELECT count(*) FROM finding_story
$$;

CREATE FUNCTION finding.learn(p_since timestamptz) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO finding_word (word)
    SELECT DISTINCT w FROM finding_story, unnest(tsvector_to_array(words)) AS w
    WHERE changed_at >= p_since AND w ~ '^[a-z0-9]{3,40}$'
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION finding.forget() RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM finding_word w
    WHERE NOT EXISTS (SELECT 1 FROM finding_story s WHERE s.words @@ quote_literal(w.word)::tsquery)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("finding", "0002_walls")]

    operations = [
        walls.sql(WORDS),
        walls.definer("finding.tell_all()"),
        walls.definer("finding.learn(timestamptz)", walls.WORKER),
        walls.definer("finding.forget()", walls.WORKER),
    ]
