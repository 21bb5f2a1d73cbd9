"""The parts of the map that nobody serves: found after each change, and each night as days go by (decisions 19)."""

from __future__ import annotations

from gruppetto.kernel.clock import today
from gruppetto.kernel.jobs.queue import every, job
from gruppetto.registry.coverage.unserved import keep_gaps

KEEP_GAPS = "coverage.keep_gaps"


@job(KEEP_GAPS)
def the_map_changed(**fact: object) -> None:
    """Somebody drew, covered or took away."""
    keep_gaps(today())


@every("coverage.keep_gaps_of_today", "5 0 * * *")
def a_day_began() -> None:
    """What was decided for this day is true now."""
    keep_gaps(today())
