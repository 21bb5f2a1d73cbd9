"""Clocks that stop while somebody else is awaited."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruppetto.kernel.calendars import (
    PLATFORM_HOURS,
    Amount,
    Clock,
    OpeningRules,
    Pause,
    add,
    days,
    due,
    elapsed_minutes,
    is_late,
    minutes,
)
from gruppetto.kernel.errors import Refused
from tests.kernel.calendars import oracle
from tests.kernel.calendars.oracle import PARIS

WEEK = [*["08:30-12:30 13:30-18:00"] * 5, "09:00-12:00", ""]


def paris(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


def shown(at: datetime | None) -> str | None:
    return at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") if at else None


@st.composite
def clocks(draw: st.DrawFn, target: st.SearchStrategy[Amount]) -> Clock:
    """A clock started around the spring night of 2026 with up to three pauses, all over."""
    steps = draw(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000)), max_size=3))
    at = start = datetime(2026, 3, 26, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 4000)))
    clock = Clock(start, draw(target))
    for step, length in steps:
        clock = clock.pause(at + timedelta(minutes=step))
        at += timedelta(minutes=step + length)
        clock = clock.resume(at)
    return clock


@settings(max_examples=40, deadline=None)
@given(clocks(st.integers(1, 900).map(minutes)))
def test_a_clock_in_minutes_is_due_when_the_oracle_says(clock: Clock) -> None:
    wall = oracle.Wall(WEEK)
    stopped = [(pause.since, pause.until) for pause in clock.pauses if pause.until]
    expected = wall.add_minutes(clock.started, clock.target.count, stopped)
    assert due(clock, OpeningRules.of(WEEK)) == expected
    assert elapsed_minutes(clock, PLATFORM_HOURS, expected) == clock.target.count


@settings(max_examples=20, deadline=None)
@given(clocks(st.integers(1, 3).map(days)))
def test_a_clock_in_days_gives_back_the_open_time_it_was_stopped(clock: Clock) -> None:
    wall = oracle.Wall(WEEK)
    budget = wall.minutes_between(clock.started, wall.add_days(clock.started, clock.target.count))
    stopped = [(pause.since, pause.until) for pause in clock.pauses if pause.until]
    assert due(clock, PLATFORM_HOURS) == wall.add_minutes(clock.started, budget, stopped)


@settings(deadline=None)
@given(clocks(st.integers(1, 3).map(days) | st.integers(1, 900).map(minutes)))
def test_a_clock_comes_back_equal_from_json(clock: Clock) -> None:
    assert Clock.from_json(json.loads(json.dumps(clock.to_json()))) == clock


@pytest.mark.parametrize("target", [minutes(120), days(3)])
def test_without_pause_a_clock_is_a_plain_promise(target: Amount) -> None:
    start = paris("2026-06-01 10:00")
    assert due(Clock(start, target), PLATFORM_HOURS) == add(start, target, PLATFORM_HOURS)


def test_a_pause_of_one_open_hour_moves_the_deadline_by_one_open_hour() -> None:
    clock = Clock(paris("2026-06-01 10:00"), days(1))
    clock = clock.pause(paris("2026-06-01 11:00")).resume(paris("2026-06-01 12:00"))
    assert shown(due(clock, PLATFORM_HOURS)) == "2026-06-03 09:30"


def test_a_pause_during_the_night_moves_nothing() -> None:
    clock = Clock(paris("2026-06-01 10:00"), days(1))
    clock = clock.pause(paris("2026-06-01 18:00")).resume(paris("2026-06-02 08:30"))
    assert shown(due(clock, PLATFORM_HOURS)) == "2026-06-02 18:00"


def test_a_stopped_clock_has_no_deadline_and_is_not_late() -> None:
    clock = Clock(paris("2026-06-01 10:00"), minutes(60)).pause(paris("2026-06-01 10:30"))
    assert due(clock, PLATFORM_HOURS) is None
    assert not is_late(clock, PLATFORM_HOURS, paris("2026-06-09 10:00"))
    assert elapsed_minutes(clock, PLATFORM_HOURS, paris("2026-06-09 10:00")) == 30


def test_a_pause_after_the_deadline_does_not_excuse_the_delay() -> None:
    clock = Clock(paris("2026-06-01 10:00"), minutes(60)).pause(paris("2026-06-01 15:00"))
    assert shown(due(clock, PLATFORM_HOURS)) == "2026-06-01 11:00"
    assert is_late(clock, PLATFORM_HOURS, paris("2026-06-01 15:00"))


def test_a_pause_at_the_very_deadline_does_not_move_it() -> None:
    clock = Clock(paris("2026-06-01 10:00"), minutes(60)).pause(paris("2026-06-01 11:00"))
    assert shown(due(clock, PLATFORM_HOURS)) == "2026-06-01 11:00"
    assert shown(due(clock.resume(paris("2026-06-02 10:00")), PLATFORM_HOURS)) == "2026-06-01 11:00"


def test_a_promise_kept_on_the_last_minute_is_not_late() -> None:
    clock = Clock(paris("2026-06-01 10:00"), minutes(60))
    assert not is_late(clock, PLATFORM_HOURS, paris("2026-06-01 11:00"))
    assert is_late(clock, PLATFORM_HOURS, paris("2026-06-01 11:01"))


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda clock: clock.resume(paris("2026-06-01 11:00")), "clock-running"),
        (lambda clock: clock.pause(paris("2026-06-01 09:00")), "pauses-disordered"),
        (
            lambda clock: clock.pause(paris("2026-06-01 11:00")).pause(paris("2026-06-01 12:00")),
            "clock-paused",
        ),
        (
            lambda clock: clock.pause(paris("2026-06-01 11:00")).resume(paris("2026-06-01 10:59")),
            "pauses-disordered",
        ),
        (
            lambda clock: Clock(
                clock.started,
                clock.target,
                (Pause(paris("2026-06-01 11:00")), Pause(paris("2026-06-01 12:00"))),
            ),
            "pauses-disordered",
        ),
        (lambda clock: Clock.from_json({}), "clock-unreadable"),
        (lambda clock: Clock.from_json({**clock.to_json(), "started": "2026-06-01"}), "clock-unreadable"),
        (lambda clock: Clock.from_json({**clock.to_json(), "pauses": 3}), "clock-unreadable"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(act: Callable[[Clock], object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        act(Clock(paris("2026-06-01 10:00"), days(1)))
    assert refusal.value.code == code
