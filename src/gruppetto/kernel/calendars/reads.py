"""The opening hours in force."""

from __future__ import annotations

from datetime import datetime

from gruppetto.kernel.calendars.models import OpeningHours
from gruppetto.kernel.calendars.rules import PLATFORM_HOURS, OpeningRules


def hours_in_force(at: datetime, name: str = OpeningHours.PLATFORM) -> OpeningRules:
    """The rules of service ``name`` at ``at`` (aware); those shipped (``PLATFORM_HOURS``) before any row. One query."""
    stored = (
        OpeningHours.objects.filter(name=name, valid_from__lte=at)
        .order_by("-valid_from")
        .values_list("rules", flat=True)
        .first()
    )
    return OpeningRules.from_json(stored) if stored else PLATFORM_HOURS
