"""When things happen: opening hours laid end to end, so that business time is a subtraction."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from gruppetto.kernel.calendars import OpeningRules
from gruppetto.kernel.clock import PARIS

# Share of the calls by weekday (Monday first) and by hour of the day: Mondays, mid-mornings.
BY_WEEKDAY = (1.35, 1.1, 1.0, 1.05, 0.95, 0.3, 0.0)
BY_HOUR = {8: 0.7, 9: 1.5, 10: 1.7, 11: 1.4, 12: 0.6, 13: 0.5, 14: 1.3, 15: 1.1, 16: 0.9, 17: 0.6}


class Moments:
    """The opening time of ``rules`` from ``first`` to ``last`` (days), and a year more for what follows."""

    def __init__(self, rules: OpeningRules, first: date, last: date) -> None:
        self.opens: list[float] = []
        self.closes: list[float] = []
        self.slots: list[tuple[float, float]] = []
        weights: list[float] = []
        day = first
        while day <= last + timedelta(days=400):
            for opens, closes in rules.spans(day):
                self.opens.append(opens.timestamp())
                self.closes.append(closes.timestamp())
                if day <= last:
                    for slot, weight in _by_hour(opens, closes):
                        self.slots.append(slot)
                        weights.append(weight)
            day += timedelta(days=1)
        # Open seconds before each span.
        lengths = [closes - opens for opens, closes in zip(self.opens, self.closes, strict=True)]
        self.before = [0.0, *accumulate(lengths)][:-1]
        self.weights = list(accumulate(weights))

    def draw(self, chance: Random) -> datetime:
        """A moment at which people call, between the first day and the last."""
        opens, closes = chance.choices(self.slots, cum_weights=self.weights)[0]
        return datetime.fromtimestamp(opens + chance.random() * (closes - opens), UTC)

    def after(self, at: datetime, minutes: float) -> datetime:
        """The moment when we have been open for ``minutes`` since ``at``."""
        return self._moment(self._open_before(at.timestamp()) + 60 * minutes)

    def _open_before(self, at: float) -> float:
        """Open seconds from the first day to ``at``."""
        span = bisect_right(self.opens, at) - 1
        return 0.0 if span < 0 else self.before[span] + min(at, self.closes[span]) - self.opens[span]

    def _moment(self, open_before: float) -> datetime:
        span = max(bisect_right(self.before, open_before) - 1, 0)
        return datetime.fromtimestamp(self.opens[span] + open_before - self.before[span], UTC)


def _by_hour(opens: datetime, closes: datetime) -> list[tuple[tuple[float, float], float]]:
    """The span cut at the full hours, each part with its weight."""
    parts, at = [], opens
    while at < closes:
        local = at.astimezone(PARIS)
        until = min(closes, at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        length = (until - at).total_seconds()
        weight = BY_WEEKDAY[local.weekday()] * BY_HOUR.get(local.hour, 0.5) * length / 3600
        parts.append(((at.timestamp(), until.timestamp()), weight))
        at = until
    return parts
