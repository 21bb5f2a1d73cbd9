"""Reading the rota: a week, who is on shift, who comes next, when nobody answers; each with fixed queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import PARIS, now
from gruppetto.registry.staff.models import Absence, ChangedDay, Shift, Staff
from gruppetto.registry.staff.presence import Thin, thin

WEEK = 7


@dataclass(frozen=True)
class RotaDay:
    """A day of somebody: their shifts, why they are away, why the day is not as usual (empty when it is)."""

    day: date
    shifts: tuple[Shift, ...] = ()
    away: str = ""
    changed: str = ""

    @property
    def at_work(self) -> bool:
        """Do they work that day?"""
        return bool(self.shifts) and not self.away


@dataclass(frozen=True)
class RotaLine:
    """The week of one member of staff, Monday first."""

    staff: Staff
    days: tuple[RotaDay, ...]


@dataclass(frozen=True)
class OnShift:
    """Somebody who is, or will be, at work between two moments."""

    staff: Staff
    starts: datetime
    ends: datetime
    takes_calls: bool


@dataclass(frozen=True)
class Opening:
    """A day of the platform's hours: when it opens, and when nobody, or too few, would answer."""

    day: date
    open: bool
    thin: list[Thin] = field(default_factory=list)


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def week(staff: Collection[Staff], first: date, days: int = WEEK) -> list[RotaLine]:
    """The rota of each of ``staff`` over ``days`` days, in the order given. Three queries."""
    keys, last = [one.pk for one in staff], first + timedelta(days - 1)
    shifts: dict[tuple[UUID, date], list[Shift]] = {}
    for shift in Shift.objects.filter(staff__in=keys, day__range=(first, last)).order_by("during"):
        shifts.setdefault((shift.staff_id, shift.day), []).append(shift)
    away: dict[tuple[UUID, date], str] = {}
    for absence in Absence.objects.filter(staff__in=keys, during__overlap=(first, last + timedelta(1))):
        for number in range(days):
            day = first + timedelta(number)
            if absence.during.lower <= day < absence.during.upper:
                away[absence.staff_id, day] = absence.get_reason_display()
    changed = {
        (one.staff_id, one.day): one.why
        for one in ChangedDay.objects.filter(staff__in=keys, day__range=(first, last))
    }
    return [
        RotaLine(
            one,
            tuple(
                RotaDay(
                    day,
                    tuple(shifts.get((one.pk, day), ())),
                    away.get((one.pk, day), ""),
                    changed.get((one.pk, day), ""),
                )
                for day in (first + timedelta(number) for number in range(days))
            ),
        )
        for one in staff
    ]


def on_shift(at: datetime | None = None) -> list[OnShift]:
    """Who is at work at that moment (now) and not away, by name. One query."""
    at = at or now()
    return _there(at, Q(during__contains=at), "staff__account__name")


def next_up(at: datetime | None = None) -> list[OnShift]:
    """Who begins later that day, the first to come first; not those away. One query."""
    at = at or now()
    return _there(at, Q(during__startswith__gt=at), "during", "staff__account__name")


def _there(at: datetime, when: Q, *order: str) -> list[OnShift]:
    day = at.astimezone(PARIS).date()
    away = Absence.objects.filter(staff=OuterRef("staff"), during__contains=day)
    shifts = Shift.objects.filter(when, ~Exists(away), day=day, staff__account__is_active=True)
    return [
        OnShift(one.staff, one.during.lower, one.during.upper, one.takes_calls)
        for one in shifts.select_related("staff__account").order_by(*order, "id")
    ]


def openings(first: date, days: int = WEEK, wanted: int = 1) -> list[Opening]:
    """Each day's opening hours against the shifts of those who take calls and are not away. Three queries."""
    last = first + timedelta(days - 1)
    away = {
        (one.staff_id, first + timedelta(number))
        for one in Absence.objects.filter(during__overlap=(first, last + timedelta(1)))
        for number in range(days)
        if one.during.lower <= first + timedelta(number) < one.during.upper
    }
    by_day: dict[date, list[tuple[datetime, datetime]]] = {}
    for shift in Shift.objects.filter(day__range=(first, last), takes_calls=True):
        if (shift.staff_id, shift.day) not in away:
            by_day.setdefault(shift.day, []).append((shift.during.lower, shift.during.upper))
    rules = hours_in_force(now())
    found = []
    for day in (first + timedelta(number) for number in range(days)):
        spans = rules.spans(day)
        found.append(Opening(day, bool(spans), thin(spans, by_day.get(day, []), wanted)))
    return found
