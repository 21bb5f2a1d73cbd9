"""Intervals hold what they promise; medians and periods are those of the books."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruppetto.insight.indicators.periods import LENGTHS, Period
from gruppetto.insight.indicators.stats import EXACT_UP_TO, median, median_interval, quantile, wilson
from gruppetto.kernel.clock import PARIS
from gruppetto.kernel.errors import Unknown

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_wilson_gives_the_figures_of_the_books() -> None:
    # Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for hits, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_ends_of_wilson_are_where_the_share_is_at_the_edge_of_chance(drawn: tuple[int, int]) -> None:
    hits, of = drawn
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert abs(hits / of - end) == pytest.approx(
                1.959963984540054 * sqrt(end * (1 - end) / of), abs=1e-9
            )


def test_a_share_of_nothing_is_no_share() -> None:
    for hits, of in ((0, 0), (2, 1), (-1, 3)):
        with pytest.raises(ValueError, match="is not a share"):
            wilson(hits, of)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60).map(sorted), st.floats(0.01, 1))
def test_median_and_quantiles_are_those_one_counts(values: list[int], share: float) -> None:
    middle = median(values)
    assert sum(v <= middle for v in values) * 2 >= len(values)
    assert sum(v >= middle for v in values) * 2 >= len(values)
    found = quantile(values, share)
    assert sum(v <= found for v in values) >= share * len(values) - 1e-9
    assert sum(v < found for v in values) < share * len(values) + 1e-9


@pytest.mark.parametrize("n", [*range(1, 60), 150, EXACT_UP_TO, EXACT_UP_TO + 1, 250, 400, 999, 1000])
def test_the_interval_of_the_median_holds_it_95_times_in_100_and_no_wider(n: int) -> None:
    found = median_interval(list(range(1, n + 1)))
    if n < 6:
        assert found is None
        return
    assert found is not None
    rank, mirror = int(found[0]), n - int(found[1]) + 1
    assert rank == mirror
    below = [sum(comb(n, k) for k in range(rank + more)) / 2**n for more in (0, 1)]
    assert below[0] <= 0.025
    # The next pair would not hold; the approximation of large numbers may stop one rank sooner.
    assert below[1] > 0.025 or n > EXACT_UP_TO


@given(DAYS, st.sampled_from(list(LENGTHS)))
def test_periods_follow_each_other_and_hold_their_days(day: date, length: str) -> None:
    period = Period.holding(length, day)  # type: ignore[arg-type]
    assert period.first <= day < period.next.first
    assert period.next.previous == period
    assert period.until == period.next.since
    assert period.since.astimezone(PARIS).date() == period.first
    assert Period.holding(length, period.next.first - timedelta(days=1)) == period  # type: ignore[arg-type]
    assert str(period)


@pytest.mark.parametrize(
    ("length", "first"),
    [
        ("siecle", ""),
        ("week", "hier"),
        ("month", "2027-12-01"),
        ("week", "0001-01-01"),
        ("quarter", "9999-12-31"),
    ],
)
def test_a_period_that_is_none_is_unknown(length: str, first: str) -> None:
    with pytest.raises(Unknown):
        Period.read(length, first, date(2026, 11, 22))


def test_quarters_and_months_are_those_of_the_calendar() -> None:
    quarters = [Period.holding("quarter", date(2026, month, 28)) for month in range(1, 13)]
    assert [one.first.month for one in quarters] == [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10]
    assert str(quarters[0]) == "1er trimestre 2026"
    assert str(Period.holding("month", date(2026, 11, 22))) == "novembre 2026"
    for before, after in pairwise(dict.fromkeys(quarters)):
        assert before.next == after
