"""Lists stay indexed under row security when the tables are large (decisions 4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.insight.indicators.busy import COUNT
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import now
from gruppetto.service.contacts import reads, verbs
from tests.service.conftest import Cast
from tests.support.database import as_owner
from tests.support.plans import plans, read_whole, rows_scanned, settle
from tests.support.telephony import STRANGERS, ring

pytestmark = pytest.mark.django_db

FILL = """
INSERT INTO contacts_contact (id, shelf, portfolio_id, department, channel, direction, state, happened_at, line,
    provider, call_id, number, taken_by_id, taken_at, ended_at, concluded_at, level, failures, asked_by_us, summary,
    read_back, version, person_id, person_shelf, caller_link)
SELECT gen_random_uuid(), n %% 1024, %(portfolio)s + n %% 40, '31', 'phone', 'in', 'done',
    now() - n * interval '1 minute', 'main', 'fill', 'fill-' || n, '+336399' || (10000 + n %% 5000),
    gen_random_uuid(), now(), now(), now(), 1, 0, false,
    '', '[]', 1, md5((n %% 900)::text)::uuid, 1, ''
FROM generate_series(1, 30000) n;
INSERT INTO contacts_linecall (contact_id, line, masked, recognition, repeat, state, rang_at)
SELECT id, 'main', '06', 'known', false, 'done', happened_at FROM contacts_contact WHERE provider = 'fill';
INSERT INTO contacts_contactreason (id, shelf, portfolio_id, department, contact_id, person_id, reason, sub_reason,
    other, happened_at, rank, not_counted)
SELECT gen_random_uuid(), shelf, portfolio_id, department, id, person_id, 'alert', '', '', happened_at, 1, ''
FROM contacts_contact WHERE provider = 'fill';
INSERT INTO contacts_callback (id, shelf, portfolio_id, department, number, why, state, due_at, attempts, done_at)
SELECT gen_random_uuid(), 1, 0, '', number, 'missed', 'done', happened_at, 1, now()
FROM contacts_contact WHERE provider = 'fill';
INSERT INTO contacts_callback (id, shelf, portfolio_id, department, contact_id, number, why, state, due_at, attempts)
SELECT gen_random_uuid(), shelf, 0, '', id, number, 'missed', 'due', happened_at, 0
FROM contacts_contact WHERE provider = 'fill' ORDER BY happened_at LIMIT 2000;
"""
TABLES = ("contacts_contact", "contacts_linecall", "contacts_contactreason", "contacts_callback")


@pytest.fixture
def full(cast: Cast) -> Cast:
    """Thirty thousand contacts of the last weeks, in forty portfolios."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(FILL, {"portfolio": cast.portfolio.pk})
        cursor.execute(
            "UPDATE contacts_contact SET person_id = %(person)s, portfolio_id = %(portfolio)s"
            " WHERE person_id = md5('7')::uuid;"
            "UPDATE contacts_contactreason SET person_id = %(person)s, portfolio_id = %(portfolio)s"
            " WHERE person_id = md5('7')::uuid;",
            {"person": cast.jeanne.pk, "portfolio": cast.portfolio.pk},
        )
        settle(*TABLES)
    return cast


def test_no_list_reads_a_whole_table(full: Cast) -> None:
    for colleague in (full.charlie, full.alice, full.sylvie):
        with acting(colleague.actor):
            for work in (
                reads.line,
                reads.mine,
                reads.call_backs_due,
                reads.call_backs_owed,
                lambda: reads.missed(now()),
                lambda: reads.history(full.jeanne.pk),
            ):
                with CaptureQueriesContext(connection) as asked:
                    work()
                for steps in plans(asked, '"contacts_'):
                    assert not read_whole(steps) & set(TABLES), steps


def test_history_and_repeats_of_one_person_read_their_rows_only(full: Cast) -> None:
    with acting(full.alice.actor):
        assert len(reads.history(full.jeanne.pk, limit=20)) == 20
        assert reads.repeats_of(full.jeanne.pk, now())["alert"].rank > 1


def test_calls_owed_and_half_hours_of_calls_are_read_by_their_date(full: Cast) -> None:
    """The calls owed come through a function: the rows that sequential scans read are counted."""
    with acting(full.charlie.actor):
        before = rows_scanned("contacts_callback")
        assert reads.call_backs_due()
        assert rows_scanned("contacts_callback") == before
    day = {"since": now() - timedelta(days=2), "until": now() - timedelta(days=1)}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + COUNT, day)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan, plan


CROWD = """
INSERT INTO people_person (id, shelf, portfolio_id, title, given_names, family_name, usage_name, phonetic_key, sounds,
    birth_date, language, preferred_channel, email, energy_provider, phone_provider, protected, version)
SELECT gen_random_uuid(), n % 1024, 0, 'none', translate(substr(md5('g' || n), 1, 6), '0123456789', 'aeiouaeiou'),
    translate(substr(md5('f' || n), 1, 8), '0123456789', 'aeiouaeiou'), '', '', ARRAY['s' || n % 900],
    date '1930-01-01' + n % 9000, 'fr', 'phone', '', '', '', false, 1
FROM generate_series(1, 12000) n;
"""


def test_a_caller_is_found_as_written_and_as_heard_without_reading_everybody(
    cast: Cast, gateway: Actor
) -> None:
    """Inside a function no plan can be asked for: the rows that sequential scans read are counted."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(CROWD)
        settle("people_person")
    ringing = ring(gateway, STRANGERS)
    with acting(cast.charlie.actor):
        contact = verbs.take(ringing.pk)
        before = rows_scanned("people_person")
        for said in ("jeanne roux", "rous", "zzz", "jane roucs"):
            verbs.find_persons(contact.pk, said)
        assert [one.person_id for one in verbs.find_persons(contact.pk, "jeanne rous")] == [cast.jeanne.pk]
        assert rows_scanned("people_person") == before


def test_a_number_seen_before_is_found_by_its_index(full: Cast) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT 1 FROM contacts_contact c WHERE c.number = '+33639910007' AND c.number <> ''"
            " AND c.happened_at >= now() - interval '7 days'"
        )
        assert "contacts_of_number" in str(cursor.fetchall())
