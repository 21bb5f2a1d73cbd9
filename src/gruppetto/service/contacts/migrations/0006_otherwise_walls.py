"""Who keeps the list of reasons reads what was said otherwise, by words alone: no row, no person, no contact."""

from django.db import migrations

from gruppetto.kernel.access import walls

OTHERWISE = """
CREATE FUNCTION contacts.said_otherwise(p_since timestamptz, p_most int)
RETURNS TABLE (words text, reason text, times bigint, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (array_agg(other ORDER BY happened_at DESC))[1], mode() WITHIN GROUP (ORDER BY r.reason), count(*),
           max(happened_at)
    FROM contacts_contactreason r
    WHERE other <> '' AND settled_at IS NULL AND happened_at >= p_since AND access.role() = 'back_office'
    GROUP BY people.fold(other) ORDER BY 3 DESC, 4 DESC LIMIT p_most
$$;

CREATE FUNCTION contacts.settle_otherwise(p_words text, p_since timestamptz, p_at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    settled int;
BEGIN
    IF access.role() IS DISTINCT FROM 'back_office' THEN
        RETURN 0;
    END IF;
    UPDATE contacts_contactreason SET settled_by = access.me(), settled_at = p_at
    WHERE other <> '' AND settled_at IS NULL AND happened_at >= p_since
      AND people.fold(other) = people.fold(p_words);
    GET DIAGNOSTICS settled = ROW_COUNT;
    RETURN settled;
END $$;
GRANT UPDATE (settled_by, settled_at) ON contacts_contactreason TO gruppetto_enforcer;
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_shelves")]

    operations = [
        walls.sql(OTHERWISE),
        walls.definer("contacts.said_otherwise(timestamptz, int)", walls.WEB),
        walls.definer("contacts.settle_otherwise(text, timestamptz, timestamptz)", walls.WEB),
    ]
