"""Cut-offs: what arrived before a local time on a business day is handled that day.

Selecting with ``last_cutoff`` is safe whenever the job runs, even late or twice: a tick is never trusted
(decisions 23).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.calendars.arithmetic import LONGEST_CLOSURE, ONE_DAY
from gruppetto.kernel.calendars.rules import OpeningRules
from gruppetto.kernel.errors import Refused


def next_cutoff(at: datetime, local_time: time, rules: OpeningRules) -> datetime:
    """The first cut-off strictly after ``at``: what arrives at 13:00 sharp has missed the 13:00 one.

    ``local_time`` is read on the wall of the rules' zone; only open days have a cut-off.
    On the spring night a time that does not exist is the moment the clocks jump over it; on the autumn night
    a time shown twice is the first. Raises ``Refused`` (never-open).
    """
    return _search(at, local_time, rules, step=ONE_DAY)


def last_cutoff(at: datetime, local_time: time, rules: OpeningRules) -> datetime:
    """The latest cut-off at or before ``at``: everything received strictly before it is due to be handled."""
    return _search(at, local_time, rules, step=-ONE_DAY)


def _search(at: datetime, local_time: time, rules: OpeningRules, *, step: timedelta) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    first = rules.local_day(at)
    day = first
    while abs(day - first) <= LONGEST_CLOSURE:
        if rules.is_open_day(day):
            moment = _moment(day, local_time, rules.zone)
            if moment > at if step > timedelta() else moment <= at:
                return moment
        day += step
    raise Refused(_("Ces horaires ne prévoient aucune ouverture."), code="never-open")


def _moment(day: date, local_time: time, zone: str) -> datetime:
    """The moment the wall clock shows that time, else the moment it jumps over it."""
    wall = datetime.combine(day, local_time, ZoneInfo(zone))
    early, late = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return early
    # Clocks jump over this time: read with the offset of before the jump it falls after it, and conversely.
    jump = late
    while jump.astimezone(wall.tzinfo).replace(tzinfo=None) < wall.replace(tzinfo=None):
        jump += timedelta(minutes=1)
    return jump
