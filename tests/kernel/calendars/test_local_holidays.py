"""Holidays of Alsace-Moselle and overseas, against lists written from the law and an Easter computed here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gruppetto.kernel.calendars import OpeningRules, add, days, minutes
from gruppetto.kernel.calendars.rules import CALENDARS
from tests.kernel.calendars import oracle

WEEK = [*["08:30-12:30 13:30-18:00"] * 5, "09:00-12:00", ""]
# Code du travail, L3134-13 (Good Friday where a church stands, 26 December) and L3422-2 (end of slavery).
LOCAL: dict[str, set[tuple[int, int]]] = {
    "FR-alsace-moselle": {(12, 26)},
    "FR-guadeloupe": {(5, 27)},
    "FR-martinique": {(5, 22)},
    "FR-guyane": {(6, 10)},
    "FR-reunion": {(12, 20)},
    "FR-mayotte": {(4, 27)},
    "FR-saint-barthelemy": {(10, 9)},
    "FR-saint-martin": {(5, 28)},
}
ZONE = {
    "FR-alsace-moselle": "Europe/Paris",
    "FR-guadeloupe": "America/Guadeloupe",
    "FR-martinique": "America/Martinique",
    "FR-guyane": "America/Cayenne",
    "FR-reunion": "Indian/Reunion",
    "FR-mayotte": "Indian/Mayotte",
    "FR-saint-barthelemy": "America/St_Barthelemy",
    "FR-saint-martin": "America/Marigot",
}


def expected(calendar: str, year: int) -> frozenset[date]:
    local = {date(year, month, day) for month, day in LOCAL.get(calendar, set())}
    if calendar == "FR-alsace-moselle":
        local.add(oracle.easter(year) - timedelta(days=2))
    return oracle.public_holidays(year) | local


@pytest.mark.parametrize("calendar", sorted(set(CALENDARS) - {"FR-saint-pierre-et-miquelon"}))
@pytest.mark.parametrize("year", [2024, 2026, 2028, 2035])
def test_a_calendar_has_the_days_of_the_law_and_no_other(calendar: str, year: int) -> None:
    rules = OpeningRules.of(WEEK, holidays=calendar)
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    assert {day for day in every if day.year == year and rules.is_public_holiday(day)} == expected(
        calendar, year
    )


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(LOCAL)),
    st.integers(2025, 2029),
    st.integers(-3 * 24 * 60, 24 * 60),
    st.integers(1, 600),
    st.booleans(),
)
def test_a_promise_made_around_a_local_holiday_is_due_when_the_oracle_says(
    calendar: str, year: int, shift: int, count: int, in_days: bool
) -> None:
    zone = ZONE[calendar]
    month, day = min(LOCAL[calendar])
    start = datetime(year, month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC) + timedelta(minutes=shift)
    wall = oracle.Wall(WEEK, zone=zone, closed=expected(calendar, year) | expected(calendar, year + 1))
    rules = OpeningRules.of(WEEK, holidays=calendar, zone=zone)
    if in_days:
        assert add(start, days(1 + count % 3), rules) == wall.add_days(start, 1 + count % 3)
    else:
        assert add(start, minutes(count), rules) == wall.add_minutes(start, count)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.dates(date(2027, 12, 20), date(2028, 3, 5)),
        st.sampled_from(["", "09:00-11:00", "00:00-24:00", "10:00-10:30 11:00-11:30 17:00-20:00"]),
        max_size=8,
    ),
    st.integers(0, 70 * 24 * 60),
    st.integers(1, 900),
)
def test_exceptional_openings_and_closures_count_over_year_end_and_leap_day(
    exceptions: dict[date, str], after: int, count: int
) -> None:
    start = datetime(2027, 12, 20, tzinfo=UTC) + timedelta(minutes=after)
    rules, wall = OpeningRules.of(WEEK, exceptions=exceptions), oracle.Wall(WEEK, exceptions)
    assert add(start, minutes(count), rules) == wall.add_minutes(start, count)
    assert add(start, days(1 + count % 3), rules) == wall.add_days(start, 1 + count % 3)
