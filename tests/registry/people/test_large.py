"""Suspects, merges and who lives where follow an index on large tables, under row security (decisions 4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from gruppetto.kernel.actors import acting
from gruppetto.kernel.search.pages import keyset
from gruppetto.registry.coverage.models import Team, TeamMember
from gruppetto.registry.people.duplicates import reads
from tests.registry.people.conftest import Cast
from tests.support import factories as make
from tests.support.database import as_owner
from tests.support.plans import plans, read_whole, rows_scanned, settle

pytestmark = pytest.mark.django_db
PAGE = 25
TABLES = ("people_person", "people_address", "people_suspect", "people_merge")
FILL = """
INSERT INTO people_person (id, shelf, portfolio_id, department, title, given_names, family_name, usage_name, birth_date,
    language, preferred_channel, email, energy_provider, phone_provider, protected, version, subscriber_since)
SELECT md5(n::text)::uuid, n %% 1024, CASE WHEN n %% 20 = 0 THEN %(portfolio)s ELSE %(other)s END, '31', 'none',
    'Prénom' || n, 'Nom' || n, '', date '1930-01-01' + n, 'fr', 'phone', '', '', '', false, 1, '2026-01-05'
FROM generate_series(1, 6000) AS n;
INSERT INTO people_address (id, person_id, subject_id, shelf, portfolio_id, department, kind, lines, postcode,
    commune_id)
SELECT gen_random_uuid(), id, id, shelf, portfolio_id, '31', 'home', '1 rue Basse',
    CASE WHEN birth_date < '1930-02-20' THEN '31250' ELSE (32000 + (birth_date - date '1930-01-01') %% 400)::text END,
    CASE WHEN birth_date < '1930-02-20' THEN '31451' ELSE '31555' END
FROM people_person WHERE family_name LIKE 'Nom%%';
INSERT INTO people_suspect (id, shelf, portfolio_id, department, other_portfolio_id, first_id, second_id, grade, rank,
    reasons, doubts, found_at, state, decided_at, why)
SELECT gen_random_uuid(), a.shelf, a.portfolio_id, '31', b.portfolio_id, a.id, b.id, 'likely', 1, '{}', '{}',
    now() - (row_number() OVER ()) * interval '1 minute',
    CASE WHEN a.birth_date < '1931-01-01' THEN 'open' ELSE 'refused' END,
    CASE WHEN a.birth_date < '1931-01-01' THEN NULL ELSE now() END, ''
FROM people_person a CROSS JOIN LATERAL (
    SELECT * FROM people_person b WHERE b.id > a.id ORDER BY b.id LIMIT 2) b WHERE a.family_name LIKE 'Nom%%';
INSERT INTO people_merge (id, shelf, portfolio_id, department, kept_portfolio_id, lost_portfolio_id, kept_id, lost_id,
    why, choices, merged_at, merged_by, undone_at, undone_by, undone_why)
SELECT gen_random_uuid(), shelf, portfolio_id, '31', portfolio_id, portfolio_id, first_id, second_id, 'essai', '{}',
    found_at, gen_random_uuid(), now(), gen_random_uuid(), 'essai' FROM people_suspect;
"""


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Six thousand persons, twelve thousand pairs, as many merges undone: most in another portfolio."""
    make.commune("31555", "Toulouse", "31999")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Their triggers would take long and change nothing here.
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(FILL, {"portfolio": cast.portfolio_id, "other": cast.other_id})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        settle(*TABLES)
    return cast


@pytest.fixture
def sylvie(crowd: Cast) -> make.Colleague:
    made = make.colleague("Sylvie", "supervisor")
    with as_owner():
        TeamMember.objects.create(
            team=Team.objects.get(), staff=made.record, leads=True, during=make.FOR_EVER
        )
    return made


def test_suspects_and_merges_are_paged_by_their_indexes(sylvie: make.Colleague) -> None:
    lists: tuple[tuple[QuerySet[Any], list[str]], ...] = (
        (reads.open_suspects(), ["rank", "found_at"]),
        (reads.merges(), ["-merged_at"]),
    )
    with acting(sylvie.actor):
        for rows, order in lists:
            with CaptureQueriesContext(connection) as asked:
                first = keyset(rows, order, None, PAGE)
                second = keyset(rows, order, first.cursor, PAGE)
            assert (len(first.rows), len(second.rows)) == (PAGE, PAGE)
            found = plans(asked, rows.model._meta.db_table)
            assert len(found) > 1
            for steps in found:
                assert not read_whole(steps) & set(TABLES), steps
                assert not [step for step in steps if step["Node Type"] == "Sort"], steps


def test_who_lives_in_a_place_is_counted_without_reading_all_the_homes(sylvie: make.Colleague) -> None:
    """Inside a function no plan can be asked for: the rows that sequential scans read are counted."""
    with acting(sylvie.actor), connection.cursor() as cursor:
        before = rows_scanned("people_person", "people_address")
        cursor.execute("SELECT sum(persons) FROM coverage.living_at(%s, %s)", [["31451"], ["31250"]])
        assert cursor.fetchone()[0] >= 50
        assert rows_scanned("people_person", "people_address") == before
