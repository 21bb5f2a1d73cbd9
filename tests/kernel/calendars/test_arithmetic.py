"""Business time: promises one can check by hand, the hard nights, and an oracle that counts every minute."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gruppetto.kernel.calendars import (
    PLATFORM_HOURS,
    Amount,
    OpeningRules,
    add,
    business_minutes_between,
    days,
    is_open,
    minutes,
    next_opening,
)
from gruppetto.kernel.calendars.arithmetic import add_open_time
from gruppetto.kernel.errors import Refused
from tests.kernel.calendars import oracle
from tests.kernel.calendars.oracle import PARIS

WEEKS = [
    [*["08:30-12:30 13:30-18:00"] * 5, "09:00-12:00", ""],
    ["00:00-24:00"] * 7,
    ["01:30-02:30 02:45-04:00 22:00-24:00"] * 7,
    ["", "10:00-10:05", "", "", "", "", "02:00-03:00 23:00-24:00"],
]
SPRING, AUTUMN, NEW_YEAR, LEAP_DAY = (
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2027, 1, 1),
    date(2028, 2, 29),
)


def paris(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


def shown(at: datetime) -> str:
    assert at.tzinfo is UTC
    return at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M")


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Minutes of the days around those when counting goes wrong, else any of 2024 to 2030."""
    hard = st.sampled_from([SPRING, AUTUMN, NEW_YEAR, LEAP_DAY])
    day = draw(hard | st.dates(date(2024, 1, 1), date(2030, 12, 1)))
    offset = draw(st.integers(-2 * 1440, 1440))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=offset)


weeks = st.sampled_from(WEEKS)
slow = settings(max_examples=40, deadline=None)


@slow
@given(moments(), weeks)
def test_opening_is_what_the_wall_clock_says(at: datetime, week: list[str]) -> None:
    rules, wall = OpeningRules.of(week), oracle.Wall(week)
    assert is_open(at, rules) == wall.is_open(at)
    assert next_opening(at, rules) == wall.next_opening(at)


@slow
@given(moments(), st.integers(0, 3 * 1440), weeks)
@example(datetime(2026, 3, 28, 20, tzinfo=UTC), 1440, WEEKS[1])
@example(datetime(2026, 10, 24, 20, tzinfo=UTC), 1440, WEEKS[2])
def test_minutes_between_are_those_counted_one_by_one(start: datetime, length: int, week: list[str]) -> None:
    end = start + timedelta(minutes=length)
    expected = oracle.Wall(week).minutes_between(start, end)
    assert business_minutes_between(start, end, OpeningRules.of(week)) == expected
    assert business_minutes_between(end, start, OpeningRules.of(week)) == -expected


@slow
@given(moments(), st.integers(1, 600), st.sampled_from(WEEKS[:3]))
def test_a_promise_in_minutes_is_due_when_the_oracle_says(
    start: datetime, count: int, week: list[str]
) -> None:
    assert add(start, minutes(count), OpeningRules.of(week)) == oracle.Wall(week).add_minutes(start, count)


@slow
@given(moments(), st.integers(1, 3), weeks)
def test_a_promise_in_days_is_due_when_the_oracle_says(start: datetime, count: int, week: list[str]) -> None:
    assert add(start, days(count), OpeningRules.of(week)) == oracle.Wall(week).add_days(start, count)


@slow
@given(moments(), st.integers(1, 100_000), st.integers(1, 100_000), st.sampled_from(WEEKS[:3]))
def test_two_promises_in_a_row_are_their_sum(
    start: datetime, first: int, second: int, week: list[str]
) -> None:
    rules = OpeningRules.of(week)
    both = add(start, minutes(first + second), rules)
    assert add(add(start, minutes(first), rules), minutes(second), rules) == both
    assert business_minutes_between(start, both, rules) == first + second


@slow
@given(moments(), st.integers(0, 59), st.integers(1, 5000), weeks)
def test_a_promise_never_falls_due_before_its_time_nor_when_closed(
    start: datetime, seconds: int, count: int, week: list[str]
) -> None:
    rules, start = OpeningRules.of(week), start + timedelta(seconds=seconds)
    due = add_open_time(start, timedelta(seconds=count), rules)
    assert due >= start + timedelta(seconds=count)
    assert is_open(due - timedelta(seconds=1), rules)


@pytest.mark.parametrize(
    ("received", "amount", "due"),
    [
        # The table of the module's docstring.
        ("2026-06-01 10:00", days(1), "2026-06-02 18:00"),
        ("2026-06-01 12:45", days(1), "2026-06-02 18:00"),
        ("2026-06-05 17:59", days(1), "2026-06-06 12:00"),
        ("2026-06-06 12:30", days(1), "2026-06-09 18:00"),
        ("2026-06-01 18:30", days(3), "2026-06-05 18:00"),
        ("2026-06-05 17:00", minutes(120), "2026-06-06 10:00"),
        # On the edges of opening.
        ("2026-06-01 08:30", minutes(240), "2026-06-01 12:30"),
        ("2026-06-01 12:30", minutes(1), "2026-06-01 13:31"),
        ("2026-06-01 18:00", days(1), "2026-06-03 18:00"),
        ("2026-06-01 06:00", days(1), "2026-06-02 18:00"),
        # Holidays: 14 July 2026 is a Tuesday; Christmas 2026 a Friday, New Year's Day 2027 a Friday.
        ("2026-07-13 09:00", days(1), "2026-07-15 18:00"),
        ("2026-07-14 09:00", days(1), "2026-07-16 18:00"),
        ("2026-12-24 17:30", minutes(120), "2026-12-26 10:30"),
        ("2026-12-31 17:00", days(2), "2027-01-04 18:00"),
        # The leap day is a day like another: 29 February 2028 is a Tuesday.
        ("2028-02-28 10:00", days(1), "2028-02-29 18:00"),
        ("2028-02-29 17:30", minutes(60), "2028-03-01 09:00"),
        # Over the nights when clocks change, opening hours stay those of the wall.
        ("2026-03-28 11:30", minutes(60), "2026-03-30 09:00"),
        ("2026-10-24 11:30", minutes(60), "2026-10-26 09:00"),
    ],
)
def test_promises_people_can_check(received: str, amount: Amount, due: str) -> None:
    assert shown(add(paris(received), amount, PLATFORM_HOURS)) == due


def test_a_service_that_never_closes_loses_an_hour_in_spring_and_gains_one_in_autumn() -> None:
    always = OpeningRules.of(["00:00-24:00"] * 7)
    assert business_minutes_between(paris("2026-03-29 00:00"), paris("2026-03-30 00:00"), always) == 23 * 60
    assert business_minutes_between(paris("2026-10-25 00:00"), paris("2026-10-26 00:00"), always) == 25 * 60


def test_an_hour_that_does_not_exist_is_no_opening() -> None:
    ghost = OpeningRules.of(["02:00-03:00"] * 7)
    assert shown(next_opening(paris("2026-03-29 00:00"), ghost)) == "2026-03-30 02:00"
    assert business_minutes_between(paris("2026-10-25 00:00"), paris("2026-10-26 00:00"), ghost) == 120


def test_hours_are_those_of_the_zone() -> None:
    reunion = OpeningRules.of(["08:00-12:00"] * 7, holidays="FR-reunion", zone="Indian/Reunion")
    assert next_opening(datetime(2026, 6, 1, tzinfo=UTC), reunion) == datetime(2026, 6, 1, 4, tzinfo=UTC)


def test_a_holiday_added_later_moves_only_the_promises_made_under_the_new_rules() -> None:
    start, before = paris("2026-06-01 10:00"), PLATFORM_HOURS
    after = OpeningRules(before.week, added_holidays=(date(2026, 6, 2),))
    assert shown(add(start, days(1), before)) == "2026-06-02 18:00"
    assert shown(add(start, days(1), after)) == "2026-06-03 18:00"


@pytest.mark.parametrize(
    "act",
    [
        lambda at, rules: add(at, minutes(1), rules),
        lambda at, rules: add(at, days(1), rules),
        next_opening,
    ],
)
@pytest.mark.parametrize(
    "rules",
    [
        OpeningRules.of([""] * 7),
        OpeningRules.of([""] * 7, holidays=None, exceptions={date(2020, 1, 2): "08:00-09:00"}),
    ],
)
def test_rules_without_any_opening_are_refused_at_once(
    act: Callable[[datetime, OpeningRules], object], rules: OpeningRules
) -> None:
    with pytest.raises(Refused) as refusal:
        act(paris("2026-06-01 10:00"), rules)
    assert refusal.value.code == "never-open"


def test_a_service_open_on_announced_days_only_is_counted_until_the_last() -> None:
    announced = {date(2026, 6, 2): "08:00-09:00", date(2026, 9, 1): "08:00-09:00"}
    rules = OpeningRules.of([""] * 7, exceptions=announced)
    start = paris("2026-06-01 10:00")
    assert shown(add(start, minutes(90), rules)) == "2026-09-01 08:30"
    assert shown(add(start, days(1), rules)) == "2026-09-01 09:00"
    with pytest.raises(Refused, match="aucune ouverture"):
        add(start, minutes(121), rules)


@pytest.mark.parametrize("amount", [minutes(10**12), days(10**12)])
def test_a_promise_of_more_than_ten_years_is_refused(amount: Amount) -> None:
    with pytest.raises(Refused) as refusal:
        add(paris("2026-06-01 10:00"), amount, PLATFORM_HOURS)
    assert refusal.value.code == "due-too-far"


@pytest.mark.parametrize("text", ["3 days", "120 minutes"])
def test_an_amount_is_read_as_it_is_written(text: str) -> None:
    assert str(Amount.read(text)) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [("3 weeks", "amount-unreadable"), ("-1 days", "amount-unreadable"), ("0 days", "amount-empty")],
)
def test_an_amount_that_promises_nothing_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        Amount.read(text)
    assert refusal.value.code == code


def test_a_moment_without_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(paris("2026-06-01 10:00").replace(tzinfo=None), PLATFORM_HOURS)
