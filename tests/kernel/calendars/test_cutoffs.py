"""Cut-offs: before 13:00 is today, at 13:00 is the next business day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.kernel.calendars import PLATFORM_HOURS, OpeningRules, last_cutoff, next_cutoff
from gruppetto.kernel.errors import Refused
from tests.kernel.calendars.oracle import PARIS

ONE_PM = time(13)


def paris(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "previous", "following"),
    [
        ("2026-06-01 12:59", "2026-05-30 13:00", "2026-06-01 13:00"),
        ("2026-06-01 13:00", "2026-06-01 13:00", "2026-06-02 13:00"),
        ("2026-06-06 14:00", "2026-06-06 13:00", "2026-06-08 13:00"),
        ("2026-07-13 13:01", "2026-07-13 13:00", "2026-07-15 13:00"),
        ("2026-12-31 20:00", "2026-12-31 13:00", "2027-01-02 13:00"),
        ("2026-03-28 13:30", "2026-03-28 13:00", "2026-03-30 13:00"),
    ],
)
def test_the_cutoffs_around_a_moment(at: str, previous: str, following: str) -> None:
    assert last_cutoff(paris(at), ONE_PM, PLATFORM_HOURS) == paris(previous)
    assert next_cutoff(paris(at), ONE_PM, PLATFORM_HOURS) == paris(following)


def test_a_time_that_does_not_exist_is_when_clocks_jump_over_it() -> None:
    always = OpeningRules.of(["00:00-24:00"] * 7)
    cutoff = next_cutoff(paris("2026-03-29 00:00"), time(2, 30), always)
    assert cutoff == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert cutoff.astimezone(PARIS).time() == time(3)


def test_a_time_shown_twice_cuts_once_at_the_first() -> None:
    always = OpeningRules.of(["00:00-24:00"] * 7)
    first = next_cutoff(paris("2026-10-25 00:00"), time(2, 30), always)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_cutoff(first, time(2, 30), always) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(
    st.integers(0, 7 * 365 * 1440).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_each_moment_is_between_two_cutoffs_that_follow_each_other(at: datetime, local_time: time) -> None:
    before, after = last_cutoff(at, local_time, PLATFORM_HOURS), next_cutoff(at, local_time, PLATFORM_HOURS)
    assert before <= at < after
    assert next_cutoff(before, local_time, PLATFORM_HOURS) == after
    assert last_cutoff(after - timedelta(microseconds=1), local_time, PLATFORM_HOURS) == before


def test_rules_without_any_opening_have_no_cutoff() -> None:
    closed = OpeningRules.of([""] * 7, exceptions={date(2020, 1, 2): "08:00-09:00"})
    for search in (last_cutoff, next_cutoff):
        with pytest.raises(Refused, match="aucune ouverture"):
            search(paris("2026-06-01 10:00"), ONE_PM, closed)
