"""Searching under row security: doors that apply the same scope and give ids only (decisions 3).

A story carries in ``words`` two kinds of marks beside its words: ``#p12`` its portfolio, ``#w2026-47`` its week and
``#y2026`` its year. A frequent word is asked for in the last weeks first, a narrow scope by its marks: the one index
answers, whatever the scope, and no plan has to be guessed.
"""

from django.db import migrations

from gruppetto.kernel.access import walls

STORIES = """
CREATE SCHEMA IF NOT EXISTS finding;
GRANT USAGE, CREATE ON SCHEMA finding TO gruppetto_enforcer;
GRANT USAGE ON SCHEMA finding TO gruppetto_web, gruppetto_worker;
CREATE TEXT SEARCH CONFIGURATION finding.french (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION finding.french
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, french_stem;

CREATE FUNCTION finding.marks(p_portfolio int, p_at timestamptz) RETURNS tsvector LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT array_to_tsvector(ARRAY['#p' || p_portfolio, to_char(p_at AT TIME ZONE 'UTC', '"#w"IYYY-IW'),
                                   to_char(p_at AT TIME ZONE 'UTC', '"#y"YYYY')])
$$;
GRANT EXECUTE ON FUNCTION finding.marks(int, timestamptz) TO gruppetto_web, gruppetto_worker, gruppetto_enforcer;

CREATE FUNCTION finding.heard(p_title text, p_told text, p_notes text, p_person uuid) RETURNS tsvector
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT setweight(to_tsvector('finding.french', coalesce(p_title, '')), 'A')
        || setweight(to_tsvector('finding.french', coalesce(p_told, '')), 'B')
        || setweight(to_tsvector('finding.french', coalesce(p_notes, '')), 'C')
        || setweight(to_tsvector('finding.french', coalesce(
               (SELECT concat_ws(' ', given_names, usage_name, family_name) FROM people_person
                WHERE id = p_person), '')), 'D')
$$;

CREATE FUNCTION finding.tell_intervention(p_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    i interventions_intervention;
    told tsvector;
BEGIN
    SELECT * INTO i FROM interventions_intervention WHERE id = p_id;
    told := finding.heard(i.title, concat_ws(' ', i.details, i.answer, (
            SELECT string_agg(a #>> '{}', ' ') FROM jsonb_path_query(i.answers, '$.**') AS a
            WHERE jsonb_typeof(a) = 'string')), (
            SELECT string_agg(left(n.text, 4000), ' ' ORDER BY n.at) FROM interventions_note n
            WHERE n.intervention_id = i.id), i.subject_id)
         || finding.marks(i.portfolio_id, i.opened_at);
    UPDATE finding_story SET portfolio_id = i.portfolio_id, person_id = i.person_id, at = i.opened_at,
        words = told, changed_at = clock_timestamp() WHERE id = p_id;
    IF NOT FOUND THEN
        -- Filed on a record merged since: nothing is added to that one any more.
        INSERT INTO finding_story (id, shelf, portfolio_id, department, what, person_id, at, words)
        VALUES (p_id, i.shelf, i.portfolio_id, i.department, 'intervention', i.subject_id, i.opened_at, told);
    END IF;
END $$;

CREATE FUNCTION finding.tell_contact(p_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c contacts_contact;
    told tsvector;
BEGIN
    SELECT * INTO c FROM contacts_contact WHERE id = p_id;
    told := finding.heard(c.summary, '', '', c.subject_id) || finding.marks(c.portfolio_id, c.happened_at);
    UPDATE finding_story SET portfolio_id = c.portfolio_id, person_id = c.person_id, at = c.happened_at,
        words = told, changed_at = clock_timestamp() WHERE id = p_id;
    IF NOT FOUND THEN
        -- Filed on a record merged since: nothing is added to that one any more.
        INSERT INTO finding_story (id, shelf, portfolio_id, department, what, person_id, at, words)
        VALUES (p_id, c.shelf, c.portfolio_id, c.department, 'contact', c.subject_id, c.happened_at, told);
    END IF;
END $$;

CREATE FUNCTION finding.intervention_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM finding_story WHERE id = OLD.id;
    ELSE
        PERFORM finding.tell_intervention(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT OR DELETE OR UPDATE OF title, details, answers, answer, portfolio_id, person_id, subject_id
    ON interventions_intervention FOR EACH ROW EXECUTE FUNCTION finding.intervention_told();

CREATE FUNCTION finding.note_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE finding_story SET changed_at = clock_timestamp(),
        words = words || setweight(to_tsvector('finding.french', left(NEW.text, 4000)), 'C')
    WHERE id = NEW.intervention_id AND length(words) < 5000;  -- a story without end is found by its beginning
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT ON interventions_note FOR EACH ROW EXECUTE FUNCTION finding.note_told();

-- A contact of which nothing was said is not told: found by its person or its number.
CREATE FUNCTION finding.contact_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.summary = '' THEN
        DELETE FROM finding_story WHERE id = OLD.id;
    ELSE
        PERFORM finding.tell_contact(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER DELETE OR UPDATE OF summary, portfolio_id, person_id, subject_id ON contacts_contact
    FOR EACH ROW EXECUTE FUNCTION finding.contact_told();
CREATE FUNCTION finding.new_contact_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM finding.tell_contact(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER told_at_once AFTER INSERT ON contacts_contact FOR EACH ROW WHEN (NEW.summary <> '')
    EXECUTE FUNCTION finding.new_contact_told();

-- Who is told of changes their name.
CREATE FUNCTION finding.person_renamed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM CASE what WHEN 'contact' THEN finding.tell_contact(id) ELSE finding.tell_intervention(id) END
    FROM finding_story WHERE subject_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER renamed AFTER UPDATE OF given_names, usage_name, family_name ON people_person FOR EACH ROW
    WHEN ((OLD.given_names, OLD.usage_name, OLD.family_name)
          IS DISTINCT FROM (NEW.given_names, NEW.usage_name, NEW.family_name))
    EXECUTE FUNCTION finding.person_renamed();

-- A story that moves with its person carries the mark of its new portfolio.
CREATE FUNCTION finding.moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := ts_delete(NEW.words, '#p' || OLD.portfolio_id) || finding.marks(NEW.portfolio_id, NEW.at);
    RETURN NEW;
END $$;
CREATE TRIGGER moved BEFORE UPDATE OF portfolio_id ON finding_story FOR EACH ROW
    WHEN (OLD.portfolio_id IS DISTINCT FROM NEW.portfolio_id) EXECUTE FUNCTION finding.moved();
"""

SEARCH = r"""
CREATE INDEX phones_by_end ON people_phone (right(number, 4)) WHERE ended_at IS NULL;
CREATE INDEX phones_by_beginning ON people_phone (number text_pattern_ops) WHERE ended_at IS NULL;
CREATE INDEX homes_by_postcode ON people_address (postcode) WHERE kind = 'home' AND until IS NULL;
CREATE INDEX homes_by_commune ON people_address (commune_id) WHERE kind = 'home' AND until IS NULL;
CREATE INDEX persons_by_email ON people_person (lower(email)) WHERE email <> '';

-- Persons in scope who are all of what was asked, best first. ``p_words``: names, each perhaps a place as well
-- (``p_communes``: codes joined by commas, ``p_postcodes``); birth between one of the pairs of days; a whole number,
-- its beginning, or its end (``p_end_or_birth``: four digits that may be a year). One way in reads an index (the
-- narrowest kind first), the others only judge what it gave.
CREATE FUNCTION finding.people(p_words text[], p_communes text[], p_postcodes text[], p_from date[], p_to date[],
                               p_number text, p_begins text, p_ends text, p_end_or_birth boolean, p_email text,
                               p_limit int)
RETURNS TABLE (person_id uuid, likeness real)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp
SET pg_trgm.word_similarity_threshold = '0.5' SET enable_seqscan = off AS $$
DECLARE
    portfolios int[] := access.scope();
    persons uuid[] := access.persons();
    everything boolean := access.everything();
    conditions text[] := '{}';
    likeness text[] := '{0}';
    ways text[] := '{}';
    named text[] := '{}';
    at int[] := '{}';  -- the condition that each of them stands for
    numbered text := 'SELECT n.subject_id FROM people_phone n WHERE n.ended_at IS NULL AND ';
    born text := 'EXISTS (SELECT 1 FROM unnest($4, $5) AS d(f, t) WHERE p.birth_date BETWEEN d.f AND d.t)';
    born_way text := 'SELECT b.id FROM unnest($4, $5) AS d(f, t) JOIN people_person b ON b.birth_date BETWEEN d.f AND d.t';
    living text := 'SELECT a.subject_id FROM people_address a WHERE a.kind = ''home'' AND a.until IS NULL AND ';
    here text;
    led boolean := false;
BEGIN
    IF NOT everything AND cardinality(portfolios) = 0 AND cardinality(persons) = 0 THEN
        RETURN;
    END IF;
    IF p_number <> '' THEN
        ways := ways || (numbered || 'n.number = $6');
    END IF;
    IF p_email <> '' THEN
        ways := ways || 'SELECT m.id FROM people_person m WHERE m.email <> '''' AND lower(m.email) = $10'::text;
    END IF;
    IF p_begins <> '' THEN
        ways := ways || (numbered || 'n.number LIKE $7 || ''%'' ');
    END IF;
    IF p_ends <> '' AND p_end_or_birth THEN
        ways := ways || (numbered || 'right(n.number, 4) = $8 UNION ' || born_way);
        likeness := likeness || ('CASE WHEN ' || born || ' THEN 1 ELSE 0.5 END');
    ELSIF p_ends <> '' THEN
        ways := ways || (numbered || 'right(n.number, 4) = $8');
    END IF;
    IF cardinality(p_from) > 0 AND NOT p_end_or_birth THEN
        conditions := conditions || born;
        named := named || born_way;
        at := at || cardinality(conditions);
    END IF;
    FOR i IN 1 .. cardinality(p_words) LOOP
        here := CASE WHEN p_communes[i] <> '' THEN
                    living || format('a.commune_id = ANY (string_to_array($2[%s], '',''))', i)
                WHEN p_postcodes[i] <> '' THEN living || format('a.postcode = $3[%s]', i) END;
        IF here IS NULL THEN
            led := true;
            conditions := conditions || format('$1[%s] <%% p.name_key', i);
            likeness := likeness || format('word_similarity($1[%s], p.name_key)', i);
        ELSIF p_postcodes[i] <> '' THEN
            conditions := conditions || format('p.id IN (%s)', here);
            named := named || here;
            at := at || cardinality(conditions);
        ELSE
            conditions := conditions || format('($1[%s] <%% p.name_key OR p.id IN (%s))', i, here);
            likeness := likeness || format('greatest(word_similarity($1[%s], p.name_key), 0.6)', i);
            named := named || format('SELECT w.id FROM people_person w WHERE $1[%s] <%% w.name_key UNION %s', i, here);
            at := at || cardinality(conditions);
        END IF;
    END LOOP;
    -- Every way by a number must hold; without one, and without a plain name, one of the others leads.
    FOR i IN 1 .. cardinality(ways) LOOP
        conditions := conditions || format('p.id IN (%s)', ways[i]);
    END LOOP;
    IF NOT led AND cardinality(ways) = 0 AND cardinality(named) > 0 THEN
        conditions[at[1]] := format('p.id IN (%s)', named[1]);
    END IF;
    IF cardinality(conditions) = 0 THEN
        RETURN;
    END IF;
    IF NOT everything THEN
        conditions := conditions || CASE WHEN cardinality(persons) = 0 THEN 'p.portfolio_id = ANY ($9)'
                                         ELSE '(p.portfolio_id = ANY ($9) OR p.id = ANY ($12))' END;
    END IF;
    RETURN QUERY EXECUTE format(
        'SELECT p.id, (%s)::real FROM people_person p WHERE p.merged_into IS NULL AND %s'
        ' ORDER BY 2 DESC, p.sort_key, p.id LIMIT $11',
        array_to_string(likeness, ' + '), array_to_string(conditions, ' AND '))
    USING p_words, p_communes, p_postcodes, p_from, p_to, p_number, p_begins, p_ends, portfolios, p_email,
          least(p_limit, 100), persons;
END $$;

-- What the words mean for the stories: all of them, each as its stem or, when no story knows it, as those it is
-- nearest to. ``p_unfinished``: the last word may go on.
CREATE FUNCTION finding.meaning(p_words text[], p_unfinished boolean) RETURNS tsquery
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET pg_trgm.similarity_threshold = '0.35' AS $$
DECLARE
    meant tsquery;
    stem text;
    one tsquery;
    near text;
BEGIN
    FOR i IN 1 .. cardinality(p_words) LOOP
        stem := (tsvector_to_array(to_tsvector('finding.french', p_words[i])))[1];
        CONTINUE WHEN stem IS NULL;
        IF p_unfinished AND i = cardinality(p_words) AND length(stem) >= 3 THEN
            one := (quote_literal(stem) || ':*')::tsquery;
        ELSE
            one := quote_literal(stem)::tsquery;
        END IF;
        IF length(stem) >= 4 AND NOT EXISTS (SELECT 1 FROM finding_word WHERE word >= stem AND word < stem || '~') THEN
            SELECT string_agg(quote_literal(word), ' | ') INTO near FROM (
                SELECT word FROM finding_word WHERE word % stem ORDER BY similarity(word, stem) DESC, word LIMIT 4) AS w;
            IF near IS NOT NULL THEN
                one := one || near::tsquery;
            END IF;
        END IF;
        meant := CASE WHEN meant IS NULL THEN one ELSE meant && one END;
    END LOOP;
    RETURN meant;
END $$;

-- Stories in scope that hold all the words: those of which the title and the names do first, then the newest. Their
-- reading is left to row security.
CREATE FUNCTION finding.stories(p_words text[], p_unfinished boolean, p_reference text, p_number text, p_at timestamptz,
                                p_limit int)
RETURNS TABLE (id uuid, what text, meant text)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
    portfolios int[] := access.scope();
    persons uuid[] := access.persons();
    everything boolean := access.everything();
    within tsquery;
    since tsquery;
    asked tsquery;
    found uuid[];
    most int := least(p_limit, 50);
BEGIN
    IF NOT everything AND cardinality(portfolios) = 0 AND cardinality(persons) = 0 THEN
        RETURN;
    END IF;
    IF p_reference <> '' THEN
        RETURN QUERY SELECT i.id, 'intervention'::text, ''::text FROM interventions_intervention i
        WHERE i.reference = p_reference
          AND (everything OR i.portfolio_id = ANY (portfolios) OR i.subject_id = ANY (persons));
    END IF;
    IF p_number <> '' THEN
        RETURN QUERY SELECT c.id, 'contact'::text, ''::text FROM contacts_contact c
        WHERE c.number = p_number AND c.number <> ''
          AND (everything OR c.portfolio_id = ANY (portfolios) OR c.subject_id = ANY (persons))
        ORDER BY c.happened_at DESC LIMIT most;
    END IF;
    asked := finding.meaning(p_words, p_unfinished);
    IF asked IS NULL OR numnode(asked) = 0 THEN
        RETURN;
    END IF;
    -- A wide scope is judged row by row, a narrow one by the index.
    within := asked;
    IF NOT everything AND cardinality(portfolios) BETWEEN 1 AND 40 THEN
        SELECT asked && string_agg(quote_literal('#p' || f), ' | ')::tsquery INTO within FROM unnest(portfolios) AS f;
    END IF;
    IF everything OR cardinality(portfolios) > 0 THEN
        FOREACH since IN ARRAY ARRAY[finding.weeks(p_at, 2), finding.weeks(p_at, 13), finding.years(p_at, 2), NULL] LOOP
            SELECT array_agg(f.id) INTO found FROM (
                SELECT s.id FROM finding_story s
                WHERE s.words @@ CASE WHEN since IS NULL THEN within ELSE within && since END
                  AND (everything OR s.portfolio_id = ANY (portfolios))
                ORDER BY s.at DESC, s.id DESC LIMIT 2 * most) AS f;
            EXIT WHEN cardinality(found) >= 2 * most;
        END LOOP;
    END IF;
    found := coalesce(found, '{}') || coalesce((
        SELECT array_agg(f.id) FROM (
            SELECT s.id FROM finding_story s WHERE s.subject_id = ANY (persons) AND s.words @@ asked
            ORDER BY s.at DESC, s.id DESC LIMIT most) AS f), '{}');
    RETURN QUERY SELECT s.id, s.what::text, asked::text FROM finding_story s WHERE s.id = ANY (found)
    ORDER BY ts_filter(s.words, '{a,d}') @@ asked DESC, s.at DESC, s.id DESC LIMIT most;
END $$;

-- A text with what was found in it between two signs of the private area; ``p_whole``: all of it, else where it is.
-- Of the caller's own right: it reads no row.
CREATE FUNCTION finding.shown(p_text text, p_meant text, p_whole boolean) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN coalesce(p_meant, '') = '' THEN left(p_text, 160)
                ELSE ts_headline('finding.french', left(p_text, 6000), p_meant::tsquery, format(
                    'StartSel=%s, StopSel=%s, HighlightAll=%s, MaxWords=24, MinWords=12', U&'\E000', U&'\E001', p_whole))
           END
$$;
GRANT EXECUTE ON FUNCTION finding.shown(text, text, boolean) TO gruppetto_web, gruppetto_worker;

-- The marks of the last weeks or years, up to a moment.
CREATE FUNCTION finding.weeks(p_at timestamptz, p_many int) RETURNS tsquery LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT string_agg(quote_literal(to_char(p_at AT TIME ZONE 'UTC' - n * interval '7 days', '"#w"IYYY-IW')),
                      ' | ')::tsquery FROM generate_series(0, p_many - 1) AS n
$$;
CREATE FUNCTION finding.years(p_at timestamptz, p_many int) RETURNS tsquery LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT string_agg(quote_literal(to_char(p_at AT TIME ZONE 'UTC' - n * interval '1 year', '"#y"YYYY')),
                      ' | ')::tsquery FROM generate_series(0, p_many - 1) AS n
$$;
GRANT EXECUTE ON FUNCTION finding.weeks(timestamptz, int), finding.years(timestamptz, int) TO gruppetto_enforcer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0001_initial"),
        ("interventions", "0003_working_together"),
        ("geography", "0002_walls"),
    ]

    operations = [
        walls.grant(
            "finding_story", web="SELECT", worker="SELECT", enforcer="SELECT, INSERT, UPDATE, DELETE"
        ),
        # A story follows its person: into another portfolio, into the record kept of two.
        walls.sql(
            "GRANT UPDATE (portfolio_id, subject_id) ON finding_story TO gruppetto_web, gruppetto_worker;"
        ),
        walls.grant("finding_word", worker="SELECT", enforcer="SELECT, INSERT, DELETE"),
        walls.sql("GRANT SELECT ON interventions_note TO gruppetto_enforcer;"),
        walls.actor_required("finding_story"),
        walls.subject("finding_story"),
        walls.row_security("finding_story"),
        walls.sql(STORIES),
        walls.sql(SEARCH),
        walls.definer("finding.heard(text, text, text, uuid)"),
        walls.definer("finding.tell_intervention(uuid)"),
        walls.definer("finding.tell_contact(uuid)"),
        walls.definer("finding.intervention_told()", walls.WEB, walls.WORKER),
        walls.definer("finding.note_told()", walls.WEB, walls.WORKER),
        walls.definer("finding.contact_told()", walls.WEB, walls.WORKER),
        walls.definer("finding.new_contact_told()", walls.WEB, walls.WORKER),
        walls.definer("finding.person_renamed()", walls.WEB, walls.WORKER),
        walls.definer(
            "finding.people(text[], text[], text[], date[], date[], text, text, text, boolean, text, int)",
            walls.WEB,
            walls.WORKER,
        ),
        walls.definer("finding.meaning(text[], boolean)"),
        walls.definer(
            "finding.stories(text[], boolean, text, text, timestamptz, int)", walls.WEB, walls.WORKER
        ),
    ]
