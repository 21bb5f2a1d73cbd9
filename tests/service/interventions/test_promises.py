"""Promises against a second implementation that looks at the clock on the wall minute after minute."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gruppetto.kernel.calendars import Amount, OpeningRules, days, minutes
from gruppetto.kernel.clock import PARIS
from gruppetto.service.commitments.reads import Terms
from gruppetto.service.interventions.clocks import Past, Promise
from gruppetto.service.interventions.models import State
from tests.kernel.calendars import oracle

WEEK = [*["08:30-12:30 13:30-18:00"] * 5, "09:00-12:00", ""]
RULES = OpeningRules.of(WEEK)
WALL = oracle.Wall(WEEK)
# Around the spring night, the autumn night, a year's end and a leap day.
STARTS = st.sampled_from(
    [
        datetime(2026, 3, 27, tzinfo=UTC),
        datetime(2026, 10, 23, tzinfo=UTC),
        datetime(2027, 12, 29, tzinfo=UTC),
        datetime(2028, 2, 27, tzinfo=UTC),
    ]
).flatmap(lambda at: st.integers(0, 2000).map(lambda m: at + timedelta(minutes=m)))
AMOUNTS = st.integers(1, 900).map(minutes) | st.integers(1, 4).map(days)
Stops = list[tuple[int, int]]
STOPS = st.lists(st.tuples(st.integers(0, 800), st.integers(1, 1200)), max_size=3)


def led(start: datetime, target: Amount, stops: Stops) -> tuple[Promise, datetime]:
    """A promise stopped and resumed; and the moment of the last thing done."""
    promise, at = Promise.begin(start, target, RULES), start
    for wait, length in stops:
        at += timedelta(minutes=wait)
        promise = promise.entering(State.WAITING_PERSON, at)
        at += timedelta(minutes=length)
        promise = promise.entering(State.IN_PROGRESS, at)
    return promise, at


def expected(start: datetime, target: Amount, stops: list[tuple[datetime, datetime]]) -> datetime:
    """When the oracle says it falls due: the opening minutes of the delay, those of the stops left out."""
    if target.unit == "minutes":
        return WALL.add_minutes(start, target.count, stops)
    budget = WALL.minutes_between(start, WALL.add_days(start, target.count))
    return WALL.add_minutes(start, budget, stops)


def pauses(promise: Promise) -> list[tuple[datetime, datetime]]:
    return [(one.since, one.until) for one in promise.clock.pauses if one.until]


@settings(max_examples=30, deadline=None)
@given(STARTS, AMOUNTS, STOPS)
def test_a_promise_falls_due_when_the_oracle_says(start: datetime, target: Amount, stops: Stops) -> None:
    promise, at = led(start, target, stops)
    assert promise.expected(at) == expected(start, target, pauses(promise))


@settings(max_examples=30, deadline=None)
@given(STARTS, AMOUNTS, STOPS, AMOUNTS, st.integers(0, 1500), st.booleans())
def test_another_delay_counts_from_the_beginning_with_what_was_stopped(
    start: datetime, target: Amount, stops: Stops, other: Amount, later: int, stopped: bool
) -> None:
    promise, at = led(start, target, stops)
    at += timedelta(minutes=later)
    if stopped:
        promise = promise.entering(State.WAITING_PAPER, at)
        at += timedelta(minutes=later)
    told = promise.expected(at)
    changed = promise.changed(at, Terms(other, RULES))
    stops_now = [*pauses(promise), *([(at - timedelta(minutes=later), at)] if stopped else [])]
    counted = expected(start, other, stops_now)
    if counted > at:
        assert changed.expected(at) == counted
    else:
        # Never a promise broken as it is made, never later than what was told.
        assert changed.expected(at) == min(told, expected(at, other, []))
    # What was broken stays broken.
    assert (Past(told, None) in changed.past) == (told < at < changed.expected(at))
    assert changed.clock.is_paused == promise.clock.is_paused


@settings(max_examples=30, deadline=None)
@given(STARTS, AMOUNTS, STOPS, st.integers(0, 1000))
def test_more_delay_is_never_due_sooner(start: datetime, target: Amount, stops: Stops, more: int) -> None:
    promise, at = led(start, target, stops)
    longer = replace(promise, clock=replace(promise.clock, target=Amount(target.count + more, target.unit)))
    assert longer.expected(at) >= promise.expected(at)


@settings(max_examples=30, deadline=None)
@given(STARTS, AMOUNTS, STOPS, st.integers(0, 3000), st.integers(0, 3000))
def test_a_stop_gives_back_the_opening_time_it_took_and_nothing_else(
    start: datetime, target: Amount, stops: Stops, wait: int, length: int
) -> None:
    promise, at = led(start, target, stops)
    since = at + timedelta(minutes=wait)
    until = since + timedelta(minutes=length)
    before = promise.left(since)
    waiting = promise.entering(State.WAITING_PERSON, since)
    resumed = waiting.entering(State.IN_PROGRESS, until)
    if before > timedelta():
        assert resumed.left(until) == before
    else:
        assert resumed.expected(until) == promise.expected(since)
    if not WALL.minutes_between(since, until):
        assert resumed.expected(until) == promise.expected(since)


@settings(max_examples=30, deadline=None)
@given(STARTS, AMOUNTS, STOPS, st.sampled_from(["2026-10-26", "2026-03-30", "2028-01-03", "2028-02-29"]))
def test_a_holiday_added_later_moves_no_promise(
    start: datetime, target: Amount, stops: Stops, added: str
) -> None:
    promise, at = led(start, target, stops)
    stored = Promise.from_json(json.loads(json.dumps(promise.to_json())))
    assert stored == promise
    # Only counting again under the new rules does; the oracle then agrees.
    day = datetime.fromisoformat(added).date()
    closed = OpeningRules.of(WEEK, exceptions={day: ""})
    changed = stored.changed(at, Terms(target, closed))
    assert changed.expected(at) >= stored.expected(at)
    wall = oracle.Wall(WEEK, {day: ""})
    if target.unit == "minutes" and (due := wall.add_minutes(start, target.count, pauses(promise))) > at:
        assert changed.expected(at) == due


def test_a_first_promise_and_one_broken_are_kept_with_the_new_one() -> None:
    monday = datetime(2026, 3, 2, 9, tzinfo=PARIS)
    promise = Promise.begin(monday, days(1), RULES)
    fell = promise.expected(monday)
    again = promise.renewed(
        monday + timedelta(days=7), Terms(days(3), RULES), fell, fell - timedelta(hours=1)
    )
    late = again.changed(monday + timedelta(days=30), Terms(days(20), RULES))
    assert [one.answered for one in late.past] == [fell - timedelta(hours=1), None]
    assert Promise.from_json(json.loads(json.dumps(late.to_json()))) == late
