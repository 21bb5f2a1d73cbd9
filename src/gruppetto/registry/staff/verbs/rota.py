"""The rota: dated shifts made from the usual weeks, weeks ahead; a day may be changed, and put back as usual."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.actors import current_actor, verb
from gruppetto.kernel.calendars.reads import hours_in_force
from gruppetto.kernel.clock import PARIS, now, today
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.outbox import publish
from gruppetto.registry.staff.models import ChangedDay, Shift, Staff

AHEAD = timedelta(weeks=8)
CHANGED = "rota.changed"

# What the usual weeks come to between two days: nobody works on a public holiday, before their first day or after
# their last; a day that was changed is left alone.
WANTED = """
SELECT s.id AS staff_id, d.day::date AS day, s.takes_calls,
       tstzrange((d.day + w.starts) AT TIME ZONE 'Europe/Paris', (d.day + w.ends) AT TIME ZONE 'Europe/Paris') AS during
FROM staff_staff s
JOIN access_account a ON a.id = s.account_id AND a.is_active
CROSS JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS d(day)
JOIN staff_workingtime w ON w.staff_id = s.id AND w.weekday = extract(isodow FROM d.day)
WHERE (%(staff)s::uuid IS NULL OR s.id = %(staff)s::uuid)
  AND s.starts <= d.day AND (s.ends IS NULL OR s.ends >= d.day) AND d.day::date <> ALL (%(closed)s::date[])
  AND NOT EXISTS (SELECT 1 FROM staff_changedday c WHERE c.staff_id = s.id AND c.day = d.day::date)
"""
REMOVE = f"""
DELETE FROM staff_shift x
WHERE x.made_from = 'pattern' AND x.day BETWEEN %(first)s AND %(last)s
  AND (%(staff)s::uuid IS NULL OR x.staff_id = %(staff)s::uuid)
  AND NOT EXISTS (SELECT 1 FROM ({WANTED}) AS w WHERE w.staff_id = x.staff_id AND w.during = x.during
                  AND w.takes_calls = x.takes_calls)
"""  # noqa: S608  (put together from what stands above)
WRITE = f"""
INSERT INTO staff_shift (id, staff_id, day, during, takes_calls, made_from)
SELECT gen_random_uuid(), w.staff_id, w.day, w.during, w.takes_calls, 'pattern' FROM ({WANTED}) AS w
ON CONFLICT DO NOTHING
"""  # noqa: S608


@dataclass(frozen=True)
class Hours:
    """A stretch of a day in local time."""

    starts: time
    ends: time


@verb
def plan_rota(first: date | None = None, last: date | None = None, staff_id: UUID | None = None) -> int:
    """Bring the shifts between two days (both included; today and eight weeks more) to what the usual weeks say.

    May run again: what is already so is left as it is. Returns how many shifts were written or removed.
    """
    first, last = first or today(), last or today() + AHEAD
    rules = hours_in_force(now())
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    facts = {
        "first": first,
        "last": last,
        "staff": staff_id,
        "closed": [day for day in days if rules.is_public_holiday(day)],
    }
    changed = 0
    with connection.cursor() as cursor:
        for statement in (REMOVE, WRITE):
            cursor.execute(statement, facts)
            changed += cursor.rowcount
    return changed


@verb
def change_day(staff_id: UUID, day: date, hours: Iterable[Hours], why: str, *, takes_calls: bool) -> None:
    """Set the shifts of somebody for one day; no hours: they do not work that day. ``why`` is shown beside it.

    Raises ``Unknown``; ``Refused``: day-past, why-missing, hours-order, hours-overlap.
    """
    staff = _locked(staff_id)
    if day < today():
        raise Refused(_("Ce jour est passé : le planning d’alors reste."), code="day-past")
    if not why.strip():
        raise Refused(_("Dites pourquoi ce jour change."), code="why-missing", field="why")
    periods = sorted(hours, key=lambda one: one.starts)
    if any(one.ends <= one.starts for one in periods):
        raise Refused(_("Une période de travail finit après son début."), code="hours-order", field="hours")
    if any(after.starts < before.ends for before, after in pairwise(periods)):
        raise Refused(_("Deux périodes du même jour se recouvrent."), code="hours-overlap", field="hours")
    facts = {"why": why.strip(), "decided_by": current_actor().account_id}
    ChangedDay.objects.update_or_create(staff=staff, day=day, defaults=facts)
    Shift.objects.filter(staff=staff, day=day).delete()
    Shift.objects.bulk_create(
        Shift(
            staff=staff,
            day=day,
            during=(_moment(day, one.starts), _moment(day, one.ends)),
            takes_calls=takes_calls,
            made_from=Shift.MadeFrom.CHANGE,
        )
        for one in periods
    )
    said = [f"{one.starts:%H:%M}-{one.ends:%H:%M}" for one in periods]
    _told("rota.day_changed", staff, day=day, hours=said, why=facts["why"])


@verb
def reset_day(staff_id: UUID, day: date) -> None:
    """Put a day back as the usual week says. Raises ``Unknown``; ``Refused``: day-past, day-as-usual."""
    staff = _locked(staff_id)
    if day < today():
        raise Refused(_("Ce jour est passé : le planning d’alors reste."), code="day-past")
    removed, _by_model = ChangedDay.objects.filter(staff=staff, day=day).delete()
    if not removed:
        raise Refused(_("Ce jour est déjà comme d’habitude."), code="day-as-usual")
    Shift.objects.filter(staff=staff, day=day).delete()
    plan_rota(day, day, staff.pk)
    _told("rota.day_reset", staff, day=day)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, PARIS)


def _locked(staff_id: UUID) -> Staff:
    staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
    if staff is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown")
    return staff


def _told(name: str, staff: Staff, **body: Any) -> None:
    journal.act(name, subject=("staff.staff", staff.pk), body=body)
    publish(CHANGED, staff.pk)
