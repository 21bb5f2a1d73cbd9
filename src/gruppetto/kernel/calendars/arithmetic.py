"""Counting business time: only the moments when the service is open count.

Two units, two promises:

- **n business minutes**: the first moment at which the service has been open for n minutes since the request.
  Received when closed, it starts counting at the next opening. ``add`` may land exactly on a closing time:
  240 minutes from 8:30 are due at 12:30, not at 13:30.
- **n business days**: the end of the n-th open day *after* the day of receipt. Received when closed, a request
  counts as received at the next opening, and that day is its day of receipt.

With ``PLATFORM_HOURS`` (Monday to Friday until 18:00, Saturday until 12:00):

========================  =======  =====================
received                  promise  due
========================  =======  =====================
Monday 10:00              1 day    Tuesday 18:00
Monday 12:45 (lunch)      1 day    Tuesday 18:00
Friday 17:59              1 day    Saturday 12:00
Saturday 12:30 (closed)   1 day    Tuesday 18:00
Monday 18:30 (closed)     3 days   Friday 18:00
Friday 17:00              120 min  Saturday 10:00
========================  =======  =====================

Moments are aware; results are in UTC. Every search is bounded: rules that never open, and promises more than
``HORIZON`` away, raise ``Refused`` and never loop for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.calendars.rules import OpeningRules, Span
from gruppetto.kernel.errors import Refused

HORIZON = timedelta(days=10 * 366)
LONGEST_CLOSURE = timedelta(days=2 * 366)
"""No opening found in this time: the service is taken to be closed for good."""

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a promise is counted in."""

    MINUTES = "minutes"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Amount:
    """A promise: ``count`` (at least 1) business minutes or business days."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise Refused(_("Un délai vaut au moins une minute ou un jour."), code="amount-empty")

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"

    @classmethod
    def read(cls, text: str) -> Amount:
        """``"3 days"`` or ``"120 minutes"``, as ``str`` writes it. Raises ``Refused`` (amount-unreadable)."""
        count, _space, unit = text.partition(" ")
        if not (count.isascii() and count.isdigit() and unit in set(Unit)):
            raise Refused(_("Ce délai est illisible."), code="amount-unreadable")
        return cls(int(count), Unit(unit))


def minutes(count: int) -> Amount:
    """That many business minutes."""
    return Amount(count, Unit.MINUTES)


def days(count: int) -> Amount:
    """That many business days."""
    return Amount(count, Unit.DAYS)


def is_open(at: datetime, rules: OpeningRules) -> bool:
    """Is the service open at that moment? Opening time included, closing time excluded."""
    at = _utc(at)
    return any(opens <= at < closes for opens, closes in rules.spans(rules.local_day(at)))


def next_opening(at: datetime, rules: OpeningRules) -> datetime:
    """The first moment from ``at`` on when the service is open; ``at`` itself when it is.

    Raises ``Refused`` (never-open).
    """
    return next(open_spans(at, rules))[0]


def add(start: datetime, amount: Amount, rules: OpeningRules) -> datetime:
    """When a promise of ``amount`` made at ``start`` falls due (rule and examples above).

    Raises ``Refused`` (never-open, due-too-far).
    """
    if amount.unit is Unit.MINUTES:
        return add_open_time(start, timedelta(minutes=amount.count), rules)
    received = next_opening(start, rules)
    day, left = rules.local_day(received), amount.count
    while left:
        day = rules.local_day(next_opening(rules.spans(day)[-1][1], rules))
        left -= 1
        _check_horizon(start, rules.spans(day)[-1][1])
    return rules.spans(day)[-1][1]


def add_open_time(start: datetime, length: timedelta, rules: OpeningRules) -> datetime:
    """The first moment when the service has been open for ``length`` (not negative) since ``start``."""
    start = _utc(start)
    if not length:
        return start
    for opens, closes in open_spans(start, rules):
        if length <= closes - opens:
            return opens + length
        length -= closes - opens
        _check_horizon(start, closes)
    raise AssertionError("open_spans never ends")


def open_time_between(start: datetime, end: datetime, rules: OpeningRules) -> timedelta:
    """How long the service is open from ``start`` to ``end``; negative when ``end`` comes first."""
    start, end = _utc(start), _utc(end)
    if end < start:
        return -open_time_between(end, start, rules)
    total, day, last = timedelta(), rules.local_day(start), rules.local_day(end)
    while day <= last:
        for opens, closes in rules.spans(day):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += ONE_DAY
    return total


def business_minutes_between(start: datetime, end: datetime, rules: OpeningRules) -> int:
    """Whole minutes of opening from ``start`` to ``end``, toward zero; negative when ``end`` comes first."""
    return int(open_time_between(start, end, rules) / timedelta(minutes=1))


def open_spans(start: datetime, rules: OpeningRules) -> Iterator[Span]:
    """The opening spans from ``start`` on, in order, the first cut at ``start``; never ends.

    Raises ``Refused`` (never-open) after ``LONGEST_CLOSURE`` without one.
    """
    start = _utc(start)
    day, open_last = rules.local_day(start), start
    while True:
        for opens, closes in rules.spans(day):
            if closes > start:
                yield max(opens, start), closes
                open_last = closes
        day += ONE_DAY
        if day - rules.local_day(open_last) > LONGEST_CLOSURE:
            raise Refused(_("Ces horaires ne prévoient aucune ouverture."), code="never-open")


def _check_horizon(start: datetime, due: datetime) -> None:
    if due - _utc(start) > HORIZON:
        raise Refused(_("Ce délai dépasse dix ans."), code="due-too-far")


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)
