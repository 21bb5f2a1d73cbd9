"""How the deadline of a request stands, as a badge: the same on every desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from gruppetto.desks.shared.looks import DEADLINE, Look
from gruppetto.service.interventions.clocks import STOPPED
from gruppetto.service.interventions.models import ACTIVE, Intervention
from gruppetto.service.interventions.reads import is_late

NEAR = timedelta(hours=4)
"""A deadline closer than this is shown as near."""


def deadline(row: Intervention, at: datetime) -> Look | None:
    """Late, near, in time or stopped; None once it is answered."""
    if row.state not in ACTIVE:
        return None
    if row.state in STOPPED:
        return DEADLINE["paused"]
    if is_late(row, at):
        return DEADLINE["late"]
    return DEADLINE["soon" if row.due_at - at < NEAR else "on_time"]
