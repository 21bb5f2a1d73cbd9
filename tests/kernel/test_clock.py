"""The clock: a day is the day it is in France, whatever the hour in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gruppetto.kernel import clock


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 7, 13, 21, 59), (2026, 7, 13)),
        ((2026, 7, 13, 22, 0), (2026, 7, 14)),
        ((2026, 12, 31, 22, 59), (2026, 12, 31)),
        ((2026, 12, 31, 23, 0), (2027, 1, 1)),
        ((2028, 2, 28, 23, 30), (2028, 2, 29)),
        # The nights when the hour changes: midnight is at 23:00 UTC before it, at 22:00 after it, or the reverse.
        ((2027, 3, 27, 23, 0), (2027, 3, 28)),
        ((2027, 3, 28, 22, 0), (2027, 3, 29)),
        ((2027, 10, 30, 22, 0), (2027, 10, 31)),
        ((2027, 10, 31, 22, 59), (2027, 10, 31)),
    ],
)
def test_the_day_of_a_moment_is_the_one_in_france(moment: tuple[int, ...], day: tuple[int, int, int]) -> None:
    at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]  # six figures at most, spread
    assert clock.day_of(at) == date(*day)
    with clock.at(at):
        assert clock.today() == date(*day)
