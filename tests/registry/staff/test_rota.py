"""The rota: shifts follow from the usual weeks, a day may differ, absences stand beside; gaps are seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel import clock
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import new_id
from gruppetto.registry.staff import rota, verbs
from gruppetto.registry.staff.models import Absence, ChangedDay, Shift, WorkingTime
from gruppetto.registry.staff.presence import Thin, thin
from gruppetto.registry.staff.verbs import Hours, Period
from tests.support import factories as make
from tests.support.actors import staff
from tests.support.database import as_owner

MONDAY = date(2026, 11, 23)
MORNING, AFTERNOON = Hours(time(9), time(12)), Hours(time(14), time(18))


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


@pytest.fixture
def sylvie(db: None) -> make.Colleague:
    return make.colleague("Sylvie", "supervisor")


@pytest.fixture
def alice(sylvie: make.Colleague) -> make.Colleague:
    """At work from 8 to 15 on weekdays, planned from Monday 23 November 2026 for three weeks."""
    made = make.colleague("Alice")
    with clock.at(paris(MONDAY, 7)), as_owner():
        verbs.plan_rota(MONDAY, MONDAY + timedelta(20))
    return made


def shifts(of: make.Colleague, day: date) -> list[tuple[int, int]]:
    with as_owner():
        found = Shift.objects.filter(staff=of.record, day=day).order_by("during")
        return [
            (one.during.lower.astimezone(PARIS).hour, one.during.upper.astimezone(PARIS).hour)
            for one in found
        ]


@pytest.mark.django_db
def test_the_usual_week_becomes_dated_shifts_and_planning_twice_changes_nothing(
    alice: make.Colleague,
) -> None:
    assert shifts(alice, MONDAY) == [(8, 15)]
    assert shifts(alice, MONDAY + timedelta(5)) == []
    with as_owner():
        assert verbs.plan_rota(MONDAY, MONDAY + timedelta(20)) == 0


@pytest.mark.django_db
def test_nobody_works_on_a_public_holiday_nor_after_their_last_day(sylvie: make.Colleague) -> None:
    leaving = make.colleague("Luc")
    with as_owner():
        leaving.record.ends = date(2026, 12, 28)
        leaving.record.save(update_fields=["ends"])
        verbs.plan_rota(date(2026, 12, 21), date(2026, 12, 31))
    planned = {day for day in range(21, 32) if shifts(leaving, date(2026, 12, day))}
    assert planned == {21, 22, 23, 24, 28}


@pytest.mark.django_db
def test_hours_stay_those_of_the_wall_when_clocks_change(sylvie: make.Colleague) -> None:
    alice = make.colleague("Alice")
    with as_owner():
        verbs.plan_rota(date(2027, 3, 26), date(2027, 3, 30))
        found = dict(Shift.objects.filter(staff=alice.record).values_list("day", "during"))
    assert found[date(2027, 3, 26)].lower == datetime(2027, 3, 26, 7, tzinfo=UTC)
    assert found[date(2027, 3, 30)].lower == datetime(2027, 3, 30, 6, tzinfo=UTC)


@pytest.mark.django_db
def test_a_new_week_moves_the_shifts_to_come_and_leaves_the_past(
    alice: make.Colleague, sylvie: make.Colleague
) -> None:
    with clock.at(paris(MONDAY + timedelta(2), 7)), acting(sylvie.actor):
        verbs.change_hours(
            alice.record.pk,
            [Period(day, *span) for day in (1, 3) for span in ((time(9), time(12)), (time(14), time(18)))],
        )
    assert shifts(alice, MONDAY) == [(8, 15)]
    assert shifts(alice, MONDAY + timedelta(2)) == [(9, 12), (14, 18)]
    assert shifts(alice, MONDAY + timedelta(3)) == []


@pytest.mark.django_db
def test_a_changed_day_holds_against_the_plan_until_it_is_put_back(
    alice: make.Colleague, sylvie: make.Colleague
) -> None:
    day = MONDAY + timedelta(1)
    with clock.at(paris(MONDAY, 7)), acting(sylvie.actor):
        verbs.change_day(alice.record.pk, day, [AFTERNOON, MORNING], "réunion à Toulouse", takes_calls=False)
        verbs.plan_rota(MONDAY, MONDAY + timedelta(20))
        assert shifts(alice, day) == [(9, 12), (14, 18)]
        line = rota.week([alice.record], MONDAY)[0].days[1]
        assert (line.changed, line.at_work) == ("réunion à Toulouse", True)
        verbs.reset_day(alice.record.pk, day)
    assert shifts(alice, day) == [(8, 15)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "hours", "why", "code"),
    [
        (MONDAY - timedelta(1), [MORNING], "hier", "day-past"),
        (MONDAY, [MORNING], "  ", "why-missing"),
        (MONDAY, [Hours(time(12), time(12))], "vide", "hours-order"),
        (MONDAY, [MORNING, Hours(time(11), time(15))], "deux", "hours-overlap"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    alice: make.Colleague, sylvie: make.Colleague, day: date, hours: list[Hours], why: str, code: str
) -> None:
    with clock.at(paris(MONDAY, 7)), acting(sylvie.actor):
        with pytest.raises(Refused) as refused:
            verbs.change_day(alice.record.pk, day, hours, why, takes_calls=True)
        assert refused.value.code == code
        with pytest.raises(Unknown):
            verbs.change_day(new_id(), MONDAY, [MORNING], "inconnu", takes_calls=True)
        with pytest.raises(Refused) as usual:
            verbs.reset_day(alice.record.pk, MONDAY)
        assert usual.value.code == "day-as-usual"


@pytest.mark.django_db
def test_only_who_leads_or_keeps_the_lists_writes_the_rota(alice: make.Colleague) -> None:
    with acting(alice.actor), pytest.raises(DatabaseError), transaction.atomic():
        Shift.objects.filter(staff=alice.record).update(takes_calls=False)
    auditor = staff("Claire", "auditor")
    with acting(auditor.actor), pytest.raises(DatabaseError), transaction.atomic():
        ChangedDay.objects.create(staff=alice.record, day=MONDAY, why="essai")


@pytest.mark.django_db
def test_on_shift_now_leaves_out_who_is_away_and_says_who_comes_next(
    alice: make.Colleague, sylvie: make.Colleague
) -> None:
    with as_owner():
        away = make.colleague("Bob")
        late = make.colleague("Charlie", "agent")
        WorkingTime.objects.filter(staff=late.record).update(starts=time(13), ends=time(18))
        verbs.plan_rota(MONDAY, MONDAY)
        Absence.objects.create(
            staff=away.record, during=(MONDAY, MONDAY + timedelta(2)), reason=Absence.Reason.SICK
        )
    with acting(sylvie.actor):
        there = rota.on_shift(paris(MONDAY, 10))
        assert [one.staff.account.name for one in there] == ["Alice", "Sylvie"]
        assert [one.staff.account.name for one in rota.next_up(paris(MONDAY, 10))] == ["Charlie"]
        assert rota.week([away.record], MONDAY)[0].days[0].away == "maladie"


@pytest.mark.django_db
def test_opening_hours_that_nobody_answers_are_shown(alice: make.Colleague, sylvie: make.Colleague) -> None:
    with acting(sylvie.actor):
        days = rota.openings(MONDAY)
    assert [(one.day.isoweekday(), one.open) for one in days] == [(n, n != 7) for n in range(1, 8)]
    # At work from 8 to 15, twice; open from 8:30 to 12:30 and from 13:30 to 18:00, Saturday from 9:00 to 12:00.
    assert days[0].thin == [Thin(paris(MONDAY, 15), paris(MONDAY, 18), 0)]
    assert days[5].thin == [Thin(paris(days[5].day, 9), paris(days[5].day, 12), 0)]
    assert days[6].thin == []


@pytest.mark.django_db
def test_the_worker_plans_ahead(alice: make.Colleague) -> None:
    with as_owner():
        Shift.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE gruppetto_worker")
    with acting(Actor.job("staff.plan_rota")):
        assert verbs.plan_rota(MONDAY, MONDAY) > 0


minutes = st.integers(0, 60)
spans = st.lists(st.tuples(minutes, minutes).filter(lambda one: one[0] < one[1]), max_size=6)


@given(spans, spans, st.integers(1, 3))
def test_thin_stretches_are_those_counted_minute_by_minute(
    opening: list[tuple[int, int]], working: list[tuple[int, int]], wanted: int
) -> None:
    def moment(minute: int) -> datetime:
        return datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(minutes=minute)

    # Opening hours do not overlap.
    free = [
        span
        for index, span in enumerate(sorted(opening))
        if index == 0 or span[0] >= max(e for _, e in sorted(opening)[:index])
    ]
    found = thin(
        [(moment(a), moment(b)) for a, b in free], [(moment(a), moment(b)) for a, b in working], wanted
    )
    counted = {
        minute: sum(a <= minute < b for a, b in working)
        for minute in range(60)
        if any(a <= minute < b for a, b in free)
    }
    told = {
        minute: one.there for one in found for minute in range(60) if one.starts <= moment(minute) < one.ends
    }
    assert told == {minute: there for minute, there in counted.items() if there < wanted}
