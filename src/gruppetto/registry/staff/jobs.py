"""What the clock does in this room."""

from __future__ import annotations

from gruppetto.kernel.jobs.queue import every
from gruppetto.registry.staff.verbs.rota import plan_rota


@every("staff.plan_rota", "10 1 * * *")
def keep_planned() -> None:
    """The usual weeks become shifts, eight weeks ahead."""
    plan_rota()
