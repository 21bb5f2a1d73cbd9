"""People call when the platform is open; business time laid end to end is the calendar's own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gruppetto.demo.moments import Moments
from gruppetto.kernel.calendars import PLATFORM_HOURS, arithmetic, is_open
from gruppetto.kernel.clock import PARIS

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 22)
MOMENTS = Moments(PLATFORM_HOURS, FIRST, LAST)
SECOND = timedelta(seconds=1)


def test_calls_come_when_the_platform_is_open_and_mostly_on_mornings() -> None:
    drawn = [MOMENTS.draw(Random(seed)) for seed in range(400)]
    assert all(is_open(at, PLATFORM_HOURS) for at in drawn)
    local = [at.astimezone(PARIS) for at in drawn]
    assert all(FIRST <= at.date() <= LAST for at in local)
    hours = Counter(at.hour for at in local)
    assert hours[10] > hours[17]
    # All Saints' Day and Armistice Day are closed.
    assert not {date(2026, 11, 1), date(2026, 11, 11)} & {at.date() for at in local}


@given(
    st.integers(0, 50 * 24 * 3600),
    st.integers(1, 40 * 540),
)
def test_time_of_opening_is_counted_as_the_calendar_counts_it(seconds: int, minutes: int) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    exact = arithmetic.add_open_time(at, timedelta(minutes=minutes), PLATFORM_HOURS)
    found = MOMENTS.after(at, minutes)
    # A closing time and the next opening are the same moment of opening time.
    between = arithmetic.open_time_between(min(exact, found), max(exact, found), PLATFORM_HOURS)
    assert between < SECOND
