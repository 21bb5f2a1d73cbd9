"""The one source of the time; the database's clock stays the authority for when a row was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day that ``moment`` (aware) is in France: after midnight there, it is still the day before in UTC."""
    return moment.astimezone(PARIS).date()


def today() -> date:
    """The day it is in France."""
    return day_of(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend that it is ``moment`` (aware): tests and the demo's past only."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
