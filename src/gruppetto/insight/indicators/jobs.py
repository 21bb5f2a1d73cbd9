"""What the clock does in this room: count again what may still change. Each may run twice."""

from __future__ import annotations

from datetime import timedelta

from gruppetto.insight.indicators.busy import refresh_calls
from gruppetto.insight.indicators.counting import count_current, count_open
from gruppetto.kernel.clock import today
from gruppetto.kernel.jobs.queue import every


@every("indicators.count_now", "5,35 * * * *")
def count_now() -> None:
    """Today's calls and the periods under way."""
    refresh_calls(today() - timedelta(days=1), today())
    count_current()


@every("indicators.count_again", "20 2 * * *")
def count_again() -> None:
    """Every period whose windows are not all closed: somebody may still have come back."""
    count_open()
