"""Knowledge is read by all staff; versions stay as published; the words of an article lead to it."""

from django.db import migrations

from gruppetto.kernel.access import walls
from gruppetto.kernel.search.sql import sort_key

FILL = f"""
CREATE SCHEMA IF NOT EXISTS knowledge;
CREATE FUNCTION knowledge.fill_search() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    words text := (SELECT string_agg(w, ' ') FROM jsonb_array_elements_text(NEW.content -> 'words') w);
    body text := (SELECT string_agg(concat_ws(' ', s ->> 'title', s ->> 'text'), ' ')
                  FROM jsonb_array_elements(NEW.content -> 'sections') s);
    title text := NEW.content ->> 'title';
    summary text := NEW.content ->> 'summary';
BEGIN
    NEW.search := setweight(to_tsvector('simple', coalesce({sort_key("title")}, '')), 'A')
        || setweight(to_tsvector('simple', coalesce({sort_key("words")}, '')), 'A')
        || setweight(to_tsvector('simple', coalesce({sort_key("summary")}, '')), 'B')
        || setweight(to_tsvector('simple', coalesce({sort_key("body")}, '')), 'C');
    RETURN NEW;
END $$;
"""  # noqa: S608  # SQL of ours only
RULES = """
CREATE TRIGGER fill_search BEFORE INSERT ON knowledge_articleversion
    FOR EACH ROW EXECUTE FUNCTION knowledge.fill_search();
CREATE TRIGGER signed_by_oneself BEFORE INSERT OR UPDATE ON knowledge_articleversion
    FOR EACH ROW EXECUTE FUNCTION catalogue.signed_by_oneself();
CREATE TRIGGER what_was_published_stays BEFORE UPDATE OR DELETE ON knowledge_articleversion
    FOR EACH ROW EXECUTE FUNCTION catalogue.keep('valid_until', 'checked_by', 'checked_on', 'checker_id');
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON knowledge_articleversion
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse('what_was_published_stays');

-- A proposal stays as it was said; only its answer, and that it was read, come after.
CREATE FUNCTION knowledge.keep_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    after text[] := ARRAY['read_at'];
BEGIN
    IF OLD.state = 'open' THEN
        after := after || ARRAY['state', 'answer', 'answered_by_id', 'answered_at'];
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - after <> to_jsonb(NEW) - after THEN
        RAISE EXCEPTION '% of a correction is refused', TG_OP
            USING ERRCODE = 'raise_exception', CONSTRAINT = 'what_is_written_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_proposal_stays BEFORE UPDATE OR DELETE ON knowledge_correction
    FOR EACH ROW EXECUTE FUNCTION knowledge.keep_proposal();
"""
TABLES = {
    "knowledge_article": "SELECT, INSERT, UPDATE",
    "knowledge_articleversion": "SELECT, INSERT, UPDATE",
    "knowledge_rating": "SELECT, INSERT, UPDATE",
    "knowledge_vainsearch": "SELECT, INSERT, UPDATE",
    "knowledge_correction": "SELECT, INSERT, UPDATE",
}


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("catalogue", "0004_walls")]

    operations = [
        *(
            operation
            for table, rights in TABLES.items()
            for operation in (
                walls.grant(table, web=rights, worker="SELECT", enforcer="SELECT"),
                walls.actor_required(table),
            )
        ),
        walls.sql(FILL),
        walls.sql(RULES),
        walls.kept_by("knowledge_articleversion", "back_office", "supervisor"),
        walls.history("knowledge_articleversion", "valid_until", "checked_by", "checked_on"),
        walls.history("knowledge_correction", "state", "read_at"),
    ]
