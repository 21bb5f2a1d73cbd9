"""Busy hours: half hours of calls counted day by day, then told by weekday over the last thirteen weeks (Q2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge

from django.db import connection

from gruppetto.insight.indicators.models import BusySlot, CallSlot
from gruppetto.insight.indicators.stats import median, quantile
from gruppetto.kernel.actors import verb
from gruppetto.kernel.calendars import OpeningRules
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import PARIS, now, today

WEEKS = 13
SLOTS = 48
BUSY = 0.75
HALF_HOUR = timedelta(minutes=30)

# A call still ringing is not counted yet. The wait: from the first ring until somebody takes it on screen.
COUNT = """
INSERT INTO indicators_callslot (id, day, slot, offered, answered, missed, waits)
SELECT gen_random_uuid(), local::date, extract(hour FROM local) * 2 + extract(minute FROM local)::int / 30, count(*),
       count(*) FILTER (WHERE taken_at IS NOT NULL), count(*) FILTER (WHERE taken_at IS NULL),
       coalesce(array_agg(wait ORDER BY wait) FILTER (WHERE taken_at IS NOT NULL), '{}')
FROM (SELECT l.rang_at AT TIME ZONE 'Europe/Paris' AS local, l.taken_at,
             greatest(0, extract(epoch FROM l.taken_at - l.rang_at))::int AS wait
      FROM contacts_linecall l
      WHERE l.rang_at >= %(since)s AND l.rang_at < %(until)s AND l.state NOT IN ('ringing', 'answered')) AS calls
GROUP BY 2, 3
"""


@dataclass(frozen=True)
class BusyHour:
    """A half hour of a weekday over the last weeks. ``a_day``: calls on such a day; waits in seconds."""

    weekday: int
    slot: int
    calls: int
    missed: int
    a_day: float
    median: float | None
    p90: float | None

    @property
    def starts(self) -> time:
        """When it begins, local time."""
        return time(self.slot // 2, 30 * (self.slot % 2))


@dataclass(frozen=True)
class Busy:
    """The busy hours, and over which days (both included); ``hours`` empty when nothing was counted yet."""

    hours: tuple[BusyHour, ...]
    first: date | None
    last: date | None


def busy_hours() -> Busy:
    """When it is busy and how long one waits, by weekday and half hour: what a public page may show. One query."""
    rows = list(BusySlot.objects.order_by("weekday", "slot"))
    hours = tuple(
        BusyHour(row.weekday, row.slot, row.offered, row.missed, row.offered / row.days, row.median, row.p90)
        for row in rows
    )
    return Busy(hours, rows[0].first if rows else None, rows[0].last if rows else None)


def next_busy(busy: Busy, at: datetime) -> tuple[date, BusyHour] | None:
    """The busy half hour under way, else the next one within a week, with its day; None when nothing was counted.

    Busy: at least three quarters of the calls a day of the busiest half hour of the week.
    """
    most = max((one.a_day for one in busy.hours), default=0.0)
    crowded = {(one.weekday, one.slot): one for one in busy.hours if one.a_day >= most * BUSY > 0}
    local = at.astimezone(PARIS)
    first = local.hour * 2 + local.minute // 30
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        for slot in range(0 if ahead else first, SLOTS):
            if found := crowded.get((day.isoweekday(), slot)):
                return day, found
    return None


@verb
def refresh_calls(first: date, last: date) -> None:
    """Count again the calls of these days (both included), then the busy hours of the last thirteen weeks."""
    since, until = (datetime.combine(day, time(0), PARIS) for day in (first, last + timedelta(days=1)))
    CallSlot.objects.filter(day__range=(first, last)).delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"since": since, "until": until})
    _tell_busy_hours()


def _tell_busy_hours() -> None:
    """Today is left out: it is not over."""
    last = today() - timedelta(days=1)
    begin = last - timedelta(weeks=WEEKS) + timedelta(days=1)
    counted = list(CallSlot.objects.filter(day__range=(begin, last)))
    BusySlot.objects.all().delete()
    if not counted:
        return
    # A platform younger than thirteen weeks is told from its first call.
    first = min(one.day for one in counted)
    days = _open_days(hours_in_force(now()), first, last)
    by_hour: dict[tuple[int, int], list[CallSlot]] = defaultdict(list)
    for one in counted:
        by_hour[one.day.isoweekday(), one.slot].append(one)
    BusySlot.objects.bulk_create(
        _told(weekday, slot, by_hour[weekday, slot], max(days[weekday, slot], 1), first, last)
        for weekday, slot in sorted(by_hour.keys() | days.keys())
    )


def _told(weekday: int, slot: int, found: list[CallSlot], days: int, first: date, last: date) -> BusySlot:
    waits = list(merge(*(one.waits for one in found)))
    return BusySlot(
        weekday=weekday,
        slot=slot,
        first=first,
        last=last,
        days=max(days, len(found)),
        offered=sum(one.offered for one in found),
        answered=sum(one.answered for one in found),
        missed=sum(one.missed for one in found),
        median=median(waits) if waits else None,
        p90=quantile(waits, 0.9) if waits else None,
    )


def _open_days(rules: OpeningRules, first: date, last: date) -> dict[tuple[int, int], int]:
    """How many days each half hour of the week was open, at least in part, between two days."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        slots: set[int] = set()
        for period in rules.periods(day):
            slots.update(range(period.opens // 30, (period.closes + 29) // 30))
        for slot in slots:
            found[day.isoweekday(), slot] += 1
    return found
