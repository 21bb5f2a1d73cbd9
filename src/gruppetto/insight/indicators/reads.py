"""Reading figures already counted: one query for a page of them, with the period before to compare."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gruppetto.insight.indicators.measures import FEWEST, MEASURES, Group, Measure
from gruppetto.insight.indicators.models import Figure
from gruppetto.insight.indicators.periods import Period
from gruppetto.insight.indicators.stats import wilson


@dataclass(frozen=True)
class Told:
    """A figure as it may be told. ``counted`` is the denominator, 0 when there was nothing.

    ``value``: a share between 0 and 1, a median in hours, contacts per matter or a count; None when ``enough`` is
    False: below ``FEWEST`` it would speak of a few persons, and of chance. ``low``, ``high``: its 95 % interval.
    """

    measure: Measure
    counted: int = 0
    hits: int = 0
    pending: int = 0
    median: float | None = None
    interval: tuple[float, float] | None = None

    @classmethod
    def of(cls, measure: Measure, figure: Figure | None) -> Told:
        """From what was counted; None: nothing was."""
        if figure is None:
            return cls(measure)
        interval = None
        if measure.shape == "share" and figure.counted:
            interval = wilson(figure.hits, figure.counted)
        elif figure.low is not None and figure.high is not None:
            interval = (figure.low, figure.high)
        return cls(measure, figure.counted, figure.hits, figure.pending, figure.median, interval)

    @property
    def enough(self) -> bool:
        """Is it counted on enough to be told? A plain count always is."""
        return self.measure.shape == "count" or self.counted >= FEWEST

    @property
    def value(self) -> float | None:
        """The figure itself."""
        if not self.enough:
            return None
        match self.measure.shape:
            case "count":
                return self.hits
            case "share":
                return self.hits / self.counted
            case "ratio":
                return self.counted / self.hits if self.hits else None
            case _:
                return self.median

    @property
    def low(self) -> float | None:
        """The lower end of its interval."""
        return self.interval[0] if self.enough and self.interval else None

    @property
    def high(self) -> float | None:
        """The upper end of its interval."""
        return self.interval[1] if self.enough and self.interval else None

    @property
    def provisional(self) -> bool:
        """May it still change by itself: are windows still open?"""
        return self.pending > 0


def same_within_chance(one: Told, other: Told) -> bool | None:
    """Do the intervals of two figures overlap? None when one of them has none."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return None
    return one.low <= other.high and other.low <= one.high


@dataclass(frozen=True)
class Board:
    """The measures of one group over a period and the one before. ``counted_at``: None when never counted."""

    period: Period
    now: dict[str, Told]
    before: dict[str, Told]
    counted_at: datetime | None


def board(period: Period, group: str = Group.ALL, key: str = "") -> Board:
    """Every measure of one group, with the period before. One query."""
    rows = Figure.objects.filter(_during(period) | _during(period.previous), group=group, key=key)
    found = {(row.first, row.measure): row for row in rows}
    current = [row for row in found.values() if row.first == period.first]

    def told(of: Period) -> dict[str, Told]:
        return {code: Told.of(one, found.get((of.first, code))) for code, one in MEASURES.items()}

    return Board(
        period=period,
        now=told(period),
        before=told(period.previous),
        counted_at=max((row.counted_at for row in current), default=None),
    )


def by_group(
    period: Period, measures: Collection[Measure], group: str, keys: Iterable[str] | None = None
) -> dict[str, dict[str, Told]]:
    """{key of the group: {measure: figure}} of a period, for ``keys`` (all those counted unless said). One query."""
    rows = Figure.objects.filter(_during(period), group=group, measure__in=[one.code for one in measures])
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    known = {one.code: one for one in measures}
    found: dict[str, dict[str, Told]] = {}
    for row in rows.order_by("key"):
        found.setdefault(row.key, {})[row.measure] = Told.of(known[row.measure], row)
    return found


def trend(
    measure: Measure, last: Period, group: str = Group.ALL, key: str = "", length: int = 12
) -> list[tuple[Period, Told]]:
    """One measure over ``length`` periods up to ``last``, oldest first; from the first that was counted. One query."""
    periods = [last]
    while len(periods) < length:
        periods.append(periods[-1].previous)
    rows = Figure.objects.filter(
        measure=measure.code,
        length=last.length,
        first__in=[one.first for one in periods],
        group=group,
        key=key,
    )
    found = {row.first: row for row in rows}
    begun = min(found, default=last.first)
    return [(one, Told.of(measure, found.get(one.first))) for one in reversed(periods) if one.first >= begun]


def _during(period: Period) -> Q:
    return Q(length=period.length, first=period.first)
