"""A search reads no table whole and stays quick, whatever the scope and however frequent its words (decisions 4)."""

from __future__ import annotations

import pytest
from django.db import connection

from gruppetto.kernel.actors import acting
from gruppetto.service.finding.reads import search
from tests.service.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.plans import rows_scanned, settle

pytestmark = pytest.mark.django_db
FILLED = ("people_person", "people_phone", "people_address", "finding_story", "finding_word")
TABLES = (*FILLED, "interventions_intervention", "interventions_note", "contacts_contact")

FILL = """
INSERT INTO people_person (id, shelf, portfolio_id, title, given_names, family_name, usage_name, phonetic_key,
    birth_date, language, preferred_channel, email, energy_provider, phone_provider, protected, version)
SELECT md5(n::text)::uuid, n % 1024, CASE WHEN n % 40 = 0 THEN {ours} ELSE {theirs} END, 'none',
    CASE WHEN n % 10 < 2 THEN 'Marie' ELSE 'Lucie' END,
    translate(substr(md5('f' || n), 1, 8), '0123456789', 'aeiouaeiou'), '', '', date '1930-01-01' + n % 9000, 'fr',
    'phone', '', '', '', false, 1
FROM generate_series(1, 8000) AS n;
INSERT INTO people_phone (id, person_id, shelf, portfolio_id, number, kind, label, main, verified_how)
SELECT gen_random_uuid(), id, shelf, portfolio_id, '+336' || lpad((row_number() OVER ())::text, 8, '0'), 'mobile', '',
    true, '' FROM people_person WHERE birth_date <> date '1944-05-03';
INSERT INTO people_address (id, person_id, shelf, portfolio_id, kind, lines, street_key, postcode, commune_id)
SELECT gen_random_uuid(), id, shelf, portfolio_id, 'home', 'x', 'x', '81540', '81288' FROM people_person
WHERE birth_date <> date '1944-05-03';
INSERT INTO finding_story (id, shelf, portfolio_id, what, person_id, at, words)
SELECT gen_random_uuid(), n % 1024, CASE WHEN n % 40 = 0 THEN {ours} ELSE {theirs} END, 'contact',
    md5((n % 8000 + 1)::text)::uuid, now() - n * interval '20 minutes',
    to_tsvector('finding.french', 'la carte de Marie ' || substr(md5('w' || n % 900), 1, 6))
    || finding.marks(CASE WHEN n % 40 = 0 THEN {ours} ELSE {theirs} END, now() - n * interval '20 minutes')
FROM generate_series(1, 30000) AS n;
INSERT INTO finding_word SELECT DISTINCT substr(md5('w' || n % 900), 1, 6) FROM generate_series(1, 30000) AS n;
"""


@pytest.fixture
def full(cast: Cast) -> Cast:
    """Eight thousand persons and thirty thousand stories in two portfolios."""
    make.commune("81288", "Sorèze", "81540")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(FILL.format(ours=cast.portfolio.pk, theirs=cast.other.pk))
        settle(*FILLED)
    return cast


def test_no_search_reads_a_table_whole(full: Cast) -> None:
    before = rows_scanned(*TABLES)
    # One portfolio, all of them, a contact's person.
    for colleague in (full.alice, full.sylvie, full.charlie):
        with acting(colleague.actor):
            for typed in (
                "marie",
                "roux",
                "jeanne roux 1944",
                "1944",
                "05/1944",
                "31250",
                "revel",
                "roux revel",
                "0042",
                "06 00 00 00 42",
                "06 00 00",
                "carte",
                "carte marie zzzzzz",
                "b6f36f",
                "I-2222-2222",
                "x@example.test",
            ):
                search(typed)
                assert rows_scanned(*TABLES) == before, (typed, colleague)


def test_a_frequent_word_gives_the_newest_of_the_scope(full: Cast) -> None:
    with acting(full.alice.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.at FROM finding.stories(ARRAY['carte'], false, '', '', now(), 20) f JOIN finding_story s"
            " ON s.id = f.id"
        )
        found = {row[1] for row in cursor.fetchall()}
        cursor.execute("SELECT at FROM finding_story ORDER BY at DESC LIMIT 20")
        assert found == {row[0] for row in cursor.fetchall()}
