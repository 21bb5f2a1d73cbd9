"""Every figure leads to the very rows it counts, in indexed pages; other rooms may add theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gruppetto.insight.indicators import facts, rows
from gruppetto.insight.indicators.counting import count_period
from gruppetto.insight.indicators.declared import Declared, declare_figure, declared_figures
from gruppetto.insight.indicators.measures import FEWEST, MEASURES
from gruppetto.insight.indicators.periods import Period
from gruppetto.insight.indicators.reads import Told, board, by_group, same_within_chance
from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.service.interventions.reads import portfolios_in_scope
from tests.insight.indicators.conftest import AT, World, lived
from tests.insight.indicators.oracle import Oracle
from tests.support.database import as_owner
from tests.support.plans import plans, read_whole, settle

pytestmark = pytest.mark.django_db
QUARTER = Period.holding("quarter", AT.date())


def every(page: Callable[[UUID | None], Any]) -> list[UUID]:
    """The ids of all pages, in order."""
    found, after = [], None
    while True:
        one = page(after)
        found += [row.pk for row in one.rows]
        if one.cursor is None:
            return found
        after = one.cursor


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_rows_are_those_that_were_counted(
    stage: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PAGE", 4)
    world = lived(stage, Random(seed))
    with as_owner():
        oracle = Oracle(world, QUARTER, AT, "")
        oracle.count()
    with clock.at(AT), acting(stage.cast.sylvie.actor):
        mine = portfolios_in_scope()
        for measure in [*facts.OF_REASONS, *facts.OF_INTERVENTIONS]:
            page = rows.contacts if measure in facts.OF_REASONS else rows.interventions
            for hits in (True, False):
                if measure == "repeat_people":
                    continue
                shown = every(lambda after: page(measure, QUARTER, mine, hits=hits, after=after))  # noqa: B023
                assert len(shown) == len(set(shown))
                assert set(shown) == oracle.rows[measure, hits], (measure, hits)
        tried = every(lambda after: rows.call_backs(QUARTER, mine, after=after))
        assert set(tried) == {
            one.pk
            for one in world.call_backs
            if one.last_attempt_at and QUARTER.since <= one.last_attempt_at < QUARTER.until
        }
        lost = every(lambda after: rows.calls(QUARTER, hits=True, after=after))
        assert set(lost) == {
            one.pk for one in world.calls if one.state == "missed" and one.rang_at >= QUARTER.since
        }


def test_rows_of_others_are_not_shown(stage: World) -> None:
    lived(stage, Random(1))
    with clock.at(AT), acting(stage.cast.bob.actor):
        mine = portfolios_in_scope()
        assert mine == [stage.cast.other.pk]
        shown = rows.contacts("repeat", QUARTER, [*mine, stage.cast.portfolio.pk])
        assert {row.portfolio_id for row in shown.rows} <= set(mine)


FILL = """
INSERT INTO interventions_intervention (id, shelf, portfolio_id, department, person_id, reference, kind, kind_version,
    title, domain, grade, price_class, sensitivity, urgent, answers, reason, state, worker_id, queue_reason, opened_at,
    clock, due_at, first_due_at, first_answered_at, answered_at, outcome, answer, reopened, seconds_spent, version)
SELECT gen_random_uuid(), n %% 1024, %(portfolio)s + n %% 60, '31', %(person)s, 'F' || lpad(n::text, 9, '0'), 'k', 1,
    't', 'health', 'simple', 'A', 'private', false, '{}', '', 'answered', %(worker)s, '',
    %(at)s - n * interval '5 minutes', '{}', %(at)s, %(at)s, %(at)s - n * interval '4 minutes', %(at)s,
    'done', '', 0, 0, 1
FROM generate_series(1, 20000) n;
INSERT INTO contacts_contact (id, shelf, portfolio_id, department, channel, direction, state, happened_at, line,
    provider, call_id, number, taken_by_id, taken_at, ended_at, concluded_at, level, failures, asked_by_us, summary,
    read_back, version, person_id, person_shelf, caller_link)
SELECT gen_random_uuid(), n %% 1024, %(portfolio)s + n %% 60, '31', 'phone', 'in', 'done',
    %(at)s - n * interval '5 minutes', 'main', 'fill', 'fill-' || n, '', gen_random_uuid(), %(at)s, %(at)s, %(at)s,
    1, 0, false, '', '[]', 1, %(person)s, 1, ''
FROM generate_series(1, 20000) n;
INSERT INTO contacts_contactreason (id, shelf, portfolio_id, department, contact_id, person_id, reason, sub_reason,
    other, happened_at, rank, not_counted)
SELECT gen_random_uuid(), shelf, portfolio_id, department, id, person_id, 'alert', '', '', happened_at, 1, ''
FROM contacts_contact WHERE provider = 'fill';
INSERT INTO contacts_callback (id, shelf, portfolio_id, department, number, why, state, due_at, attempts,
    last_attempt_at, done_at)
SELECT gen_random_uuid(), 1, portfolio_id, '', '', 'missed', 'done', happened_at, 1, happened_at, happened_at
FROM contacts_contact WHERE provider = 'fill';
INSERT INTO contacts_linecall (contact_id, line, masked, recognition, repeat, state, rang_at)
SELECT id, 'main', '06', 'known', false, 'missed', happened_at FROM contacts_contact WHERE provider = 'fill';
"""
FILLED = {
    *("contacts_contact", "contacts_contactreason", "contacts_callback", "contacts_linecall"),
    "interventions_intervention",
}


def test_no_page_of_rows_reads_a_whole_table(stage: World) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "portfolio": stage.cast.portfolio.pk,
                "person": stage.persons[0].pk,
                "worker": stage.cast.alice.account.pk,
                "at": AT,
            },
        )
        settle(*FILLED)
    month = Period.holding("month", AT.date())
    with clock.at(AT), acting(stage.cast.sylvie.actor):
        mine = portfolios_in_scope()
        for work in (
            lambda: rows.interventions("kept", month, mine, hits=True),
            lambda: rows.contacts("repeat", month, mine),
            lambda: rows.contacts("missing_kind", month, mine, hits=False),
            lambda: rows.call_backs(month, mine, hits=True),
            lambda: rows.calls(month, hits=True),
        ):
            with CaptureQueriesContext(connection) as asked:
                work()
            assert len(asked) <= 4
            found = plans(asked, "LIMIT")
            assert found
            for steps in found:
                assert not read_whole(steps) & FILLED, steps


def test_a_figure_of_a_few_is_not_told_and_says_how_few(stage: World) -> None:
    for number in range(FEWEST):
        contact = stage.contact(stage.persons[0], AT - timedelta(days=40) + timedelta(hours=number))
        stage.reason(contact, "alert" if number else "understand")
    stage.write()
    month = Period.holding("month", (AT - timedelta(days=40)).date())
    with as_owner():
        count_period(month, AT)
    with acting(stage.cast.sylvie.actor):
        told = board(month)
        assert told.now["repeat"].value == pytest.approx((FEWEST - 2) / FEWEST)
        assert told.now["fcr"].counted == 2
        assert (told.now["fcr"].enough, told.now["fcr"].value, told.now["fcr"].low) == (False, None, None)
        assert told.now["matter"].value == FEWEST / 2
        assert told.before["repeat"].counted == 0
        by_age = by_group(month, [MEASURES["repeat"]], "age")
        assert list(by_age) == ["75-84"]
        assert same_within_chance(by_age["75-84"]["repeat"], told.now["repeat"]) is True
        assert same_within_chance(told.now["fcr"], told.now["repeat"]) is None


def test_first_contact_resolution_is_provisional_until_its_windows_close(stage: World) -> None:
    for number in range(FEWEST + 1):
        person = stage.persons[number % 6]
        contact = stage.contact(person, AT - timedelta(days=20 - number))
        stage.reason(contact, "alert" if number < 6 else "complaint")
    stage.write()
    quarter = Period.holding("quarter", AT.date())
    with as_owner():
        count_period(quarter, AT)
        with acting(stage.cast.sylvie.actor):
            now_told = board(quarter).now["fcr"]
        count_period(quarter, AT + timedelta(days=60))
    with acting(stage.cast.sylvie.actor):
        later = board(quarter).now["fcr"]
    # Alerts wait seven days, complaints thirty.
    assert (now_told.provisional, now_told.pending) == (True, 6)
    assert (later.provisional, later.hits, later.counted) == (False, 12, 12)


def test_a_told_figure_says_nothing_when_nothing_was_counted() -> None:
    for measure in MEASURES.values():
        told = Told.of(measure, None)
        assert (told.counted, told.low, told.provisional) == (0, None, False)
        assert told.value == (0 if measure.shape == "count" else None)


def test_a_figure_declared_by_two_rooms_is_a_fault() -> None:
    first = declared_figures()[0]
    declare_figure(first)
    other = Declared(first.code, first.label, first.definition, "alarm", lambda: 1, "supervision:home")
    with pytest.raises(ValueError, match="declared twice"):
        declare_figure(other)
