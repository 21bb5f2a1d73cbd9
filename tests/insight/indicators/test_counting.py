"""Figures come to what one counts by hand, however often they are counted; they are read by who may."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gruppetto.insight.indicators.counting import count_all, count_current, count_period, periods_since
from gruppetto.insight.indicators.models import Figure
from gruppetto.insight.indicators.periods import Period
from gruppetto.kernel import clock
from gruppetto.kernel.actors import Actor, acting
from gruppetto.registry.coverage.models import Zone
from tests.insight.indicators.conftest import AT, World, lived
from tests.insight.indicators.oracle import Oracle
from tests.support.database import as_owner

pytestmark = pytest.mark.django_db
PERIODS = [
    Period.holding("week", date(2026, 11, 2)),
    Period.holding("week", AT.date()),
    Period.holding("month", date(2026, 10, 5)),
    Period.holding("quarter", AT.date()),
]


def figures(period: Period) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    with as_owner():
        return {
            (one.measure, one.group, one.key): (
                one.counted,
                one.hits,
                one.pending,
                None if one.median is None else round(one.median, 6),
            )
            for one in Figure.objects.filter(length=period.length, first=period.first)
        }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), period=st.sampled_from(PERIODS))
def test_the_job_comes_to_what_the_oracle_counts(stage: World, seed: int, period: Period) -> None:
    saved = transaction.savepoint()
    world = lived(World(stage.cast, stage.persons), Random(seed))
    with as_owner():
        zone = str(Zone.objects.get().pk)
        count_period(period, AT)
        expected = Oracle(world, period, AT, zone).count()
    assert figures(period) == expected
    transaction.savepoint_rollback(saved)


def test_counting_again_or_from_nothing_changes_nothing(stage: World) -> None:
    lived(stage, Random(7))
    with clock.at(AT), as_owner():
        count_current()
        first = figures(PERIODS[3])
        count_current()
        assert figures(PERIODS[3]) == first
        Figure.objects.all().delete()
        told = dict(count_all(date(2026, 9, 14)))
    assert figures(PERIODS[3]) == first
    assert first
    assert set(told) == set(periods_since_at(date(2026, 9, 14)))


def periods_since_at(first: date) -> list[Period]:
    with clock.at(AT):
        return list(periods_since(first))


def test_the_worker_counts_and_the_web_only_reads(stage: World) -> None:
    lived(stage, Random(3))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE gruppetto_worker")
    with acting(Actor.job("indicators.count_now")):
        assert count_period(PERIODS[3], AT) > 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE gruppetto_web")
    with acting(stage.cast.sylvie.actor):
        assert Figure.objects.filter(group="zone").exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Figure.objects.all().delete()


def test_supervisors_read_figures_and_nobody_else(stage: World) -> None:
    lived(stage, Random(3))
    with as_owner():
        count_period(PERIODS[3], AT)
    with acting(stage.cast.sylvie.actor):
        assert Figure.objects.filter(group="zone").exists()
    for other in (stage.cast.alice, stage.cast.charlie):
        with acting(other.actor):
            assert not Figure.objects.exists()


def test_no_figure_is_about_one_member_of_staff(stage: World) -> None:
    """A portfolio is held by one person: its quality would be a ranking of people (ADR 0005)."""
    lived(stage, Random(3))
    with as_owner():
        count_period(PERIODS[3], AT)
        groups = set(Figure.objects.values_list("group", flat=True))
    assert groups <= {"all", "team", "zone", "commune", "age", "need"}
    columns = {field.attname for field in Figure._meta.get_fields()}  # type: ignore[union-attr]
    assert not columns & {"account_id", "staff_id", "worker_id", "portfolio_id", "person_id"}
