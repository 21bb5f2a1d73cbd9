"""Opening hours, public holidays, business-time arithmetic, stoppable clocks and cut-offs."""

from gruppetto.kernel.calendars.arithmetic import (
    Amount,
    Unit,
    add,
    business_minutes_between,
    days,
    is_open,
    minutes,
    next_opening,
)
from gruppetto.kernel.calendars.cutoffs import last_cutoff, next_cutoff
from gruppetto.kernel.calendars.deadlines import Clock, Pause, due, elapsed_minutes, is_late
from gruppetto.kernel.calendars.rules import PLATFORM_HOURS, OpeningRules, Period

__all__ = [
    "PLATFORM_HOURS",
    "Amount",
    "Clock",
    "OpeningRules",
    "Pause",
    "Period",
    "Unit",
    "add",
    "business_minutes_between",
    "days",
    "due",
    "elapsed_minutes",
    "is_late",
    "is_open",
    "last_cutoff",
    "minutes",
    "next_cutoff",
    "next_opening",
]
