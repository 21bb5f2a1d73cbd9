"""An independent, slow way to count business time: look at the clock on the wall, minute after minute.

It shares no code with ``gruppetto.kernel.calendars``: its own hours, its own Easter, its own loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
Stops = Sequence[tuple[datetime, datetime]]


def easter(year: int) -> date:
    """Easter Sunday (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The eleven days of article L3133-1 of the Code du travail."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moving = {easter(year) + timedelta(days) for days in (1, 39, 50)}
    return frozenset({date(year, month, day) for month, day in fixed} | moving)


class Wall:
    """Opening hours read as texts ``"HH:MM"`` compared with what the clock shows."""

    def __init__(
        self,
        week: list[str],
        exceptions: dict[date, str] | None = None,
        *,
        zone: str = "Europe/Paris",
        closed: frozenset[date] | None = None,
    ) -> None:
        """``closed``: all the days off, in place of the eleven of the whole country."""
        self.zone, self.closed = ZoneInfo(zone), closed
        self.seen: dict[datetime, bool] = {}
        self.week = [self.pairs(text) for text in week]
        self.exceptions = {day: self.pairs(text) for day, text in (exceptions or {}).items()}

    @staticmethod
    def pairs(text: str) -> list[tuple[str, str]]:
        return [(part[:5], part[6:]) for part in text.split()]

    def is_open(self, at: datetime) -> bool:
        if at not in self.seen:
            self.seen[at] = self.look(at)
        return self.seen[at]

    def look(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        day, shown = local.date(), f"{local:%H:%M}"
        if day in self.exceptions:
            pairs = self.exceptions[day]
        elif day in (public_holidays(day.year) if self.closed is None else self.closed):
            pairs = []
        else:
            pairs = self.week[day.weekday()]
        return any(opens <= shown < closes for opens, closes in pairs)

    def next_opening(self, at: datetime) -> datetime:
        while not self.is_open(at):
            at += MINUTE
        return at.astimezone(UTC)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        count = 0
        while start < end:
            count += self.is_open(start)
            start += MINUTE
        return count

    def add_minutes(self, start: datetime, count: int, stopped: Stops = ()) -> datetime:
        at = start
        while count:
            if self.is_open(at) and not any(since <= at < until for since, until in stopped):
                count -= 1
            at += MINUTE
        return at.astimezone(UTC)

    def add_days(self, start: datetime, count: int) -> datetime:
        at = self.next_opening(start)
        received = at.astimezone(self.zone).date()
        seen: list[date] = []
        end = at
        while True:
            day = at.astimezone(self.zone).date()
            if self.is_open(at):
                if day > received and day not in seen:
                    if len(seen) == count:
                        return end.astimezone(UTC)
                    seen.append(day)
                if len(seen) == count:
                    end = at + MINUTE
            at += MINUTE
            if len(seen) == count and day > seen[-1]:
                return end.astimezone(UTC)
