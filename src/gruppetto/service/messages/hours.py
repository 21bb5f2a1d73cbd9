"""When a telephone may ring for a message: dated hours of service "messages", those shipped before any row."""

from __future__ import annotations

from datetime import datetime

from gruppetto.kernel.calendars import arithmetic
from gruppetto.kernel.calendars.models import OpeningHours
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.calendars.rules import OpeningRules, Period
from gruppetto.registry.people.models import Channel

NAME = OpeningHours.MESSAGES
_DAY = (Period.read("09:00-19:30"),)
SHIPPED = OpeningRules(week=(_DAY,) * 5 + ((Period.read("09:00-12:00"),), ()))
QUIET = frozenset({Channel.SMS, Channel.PHONE})
"""What makes a noise where the person is; a courriel or a letter waits until it is opened."""


def message_hours(at: datetime) -> OpeningRules:
    """The hours in force at ``at`` (two queries at most)."""
    dated = OpeningHours.objects.filter(name=NAME, valid_from__lte=at).exists()
    return hours_in_force(at, NAME) if dated else SHIPPED


def leaving(at: datetime, channel: str) -> datetime:
    """The first moment from ``at`` on when a message may leave by ``channel``."""
    return arithmetic.next_opening(at, message_hours(at)) if channel in QUIET else at
