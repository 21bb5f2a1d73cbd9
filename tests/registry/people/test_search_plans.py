"""A search never reads the whole table of persons, however it is asked (decisions 3 and 4)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from gruppetto.kernel.actors import acting
from gruppetto.registry.people import reads
from gruppetto.registry.people.starting_lists.alike import Identity, known
from tests.registry.people.conftest import Cast
from tests.support.actors import staff
from tests.support.database import as_owner
from tests.support.plans import rows_scanned, settle

pytestmark = pytest.mark.django_db
MANY = 8_000
TABLES = ("people_person", "people_phone")


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Thousands of persons in two portfolios, each with a number."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_person (id, shelf, portfolio_id, title, given_names, family_name, usage_name,
                phonetic_key, sounds, birth_date, language, preferred_channel, email, energy_provider, phone_provider,
                protected, version)
            SELECT md5(n::text)::uuid, n %% 1024, CASE WHEN n %% 100 = 0 THEN %s ELSE %s END, 'none',
                translate(substr(md5('g' || n), 1, 6), '0123456789', 'aeiouaeiou'),
                translate(substr(md5('f' || n), 1, 8), '0123456789', 'aeiouaeiou'), '', '',
                ARRAY['s' || n %% 900], date '1930-01-01' + n %% 9000, 'fr', 'phone', 'x', '', '', false, 1
            FROM generate_series(1, %s) AS n
            """,
            [cast.portfolio_id, cast.other_id, MANY],
        )
        cursor.execute(
            """
            INSERT INTO people_phone (id, person_id, shelf, portfolio_id, number, kind, label, main, verified_how)
            SELECT gen_random_uuid(), id, shelf, portfolio_id, '+336' || lpad((row_number() OVER ())::text, 8, '0'),
                'mobile', '', true, '' FROM people_person WHERE email = 'x'
            """
        )
        settle(*TABLES)
    return cast


def test_no_search_reads_all_the_persons(crowd: Cast) -> None:
    before = rows_scanned(*TABLES)
    with acting(crowd.alice.actor):
        for text in (
            "roux",
            "jeanne roux",
            "zzz",
            "3/5/1944",
            "06 00 00 00 42",
            "roux 3/5/1944",
            "05 61 00 00 01",
            "jeane rous",
            "roucs 3/5/1944",
        ):
            reads.search(text)
        assert [found.id for found in reads.search("roux jeanne")] == [crowd.jeanne.pk]
        assert [found.id for found in reads.search("05 61 00 00 01")] == [crowd.jeanne.pk]
    assert rows_scanned(*TABLES) == before


def test_no_comparison_of_a_list_reads_all_the_persons(crowd: Cast) -> None:
    before = rows_scanned(*TABLES)
    lines = [
        (line, Identity("Martin", "Roux", "Jeanne", date(1944, 5, 3), frozenset({"+33561000001"})))
        for line in range(3)
    ]
    with acting(staff("Denise", "back_office").actor):
        found = known(lines, everybody=True)
    assert {one.person for several in found.values() for one in several} >= {crowd.jeanne.pk}
    assert rows_scanned(*TABLES) == before
