"""Staff records: hired, changed, with their usual week. Kept by the back office; the account is an administrator's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gruppetto.kernel import journal
from gruppetto.kernel.access.models import Account
from gruppetto.kernel.actors import verb
from gruppetto.kernel.errors import Refused, Unknown
from gruppetto.kernel.identifiers import phones
from gruppetto.registry.staff.models import Staff, WorkingTime
from gruppetto.registry.staff.verbs.rota import plan_rota

CHANGING = frozenset({"phone", "starts", "ends", "takes_calls", "languages", "skills"})
# What the shifts to come follow from.
PLANNED = frozenset({"starts", "ends", "takes_calls"})


@dataclass(frozen=True, order=True)
class Period:
    """A usual working period: ``weekday`` 1 (Monday) to 7, local times."""

    weekday: int
    starts: time
    ends: time

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return (self.ends.hour - self.starts.hour) + (self.ends.minute - self.starts.minute) / 60


@verb
def hire(
    account_id: UUID,
    starts: date,
    week: Iterable[Period],
    *,
    phone: str = "",
    takes_calls: bool = False,
    languages: Iterable[str] = (),
    skills: Iterable[str] = (),
) -> Staff:
    """Open the staff record of an account, from its first day, with its usual week.

    ``phone``: as typed. Raises ``Unknown`` (account-unknown), ``Refused``: already-hired, phone-…, hours-….
    """
    account = Account.objects.filter(pk=account_id, kind=Account.Kind.HUMAN).first()
    if account is None:
        raise Unknown(_("Ce compte n’existe pas."), code="account-unknown")
    if Staff.objects.filter(account=account).exists():
        raise Refused(_("Cette personne a déjà sa fiche."), code="already-hired")
    staff = Staff.objects.create(
        account=account,
        starts=starts,
        phone=_phone(phone),
        takes_calls=takes_calls,
        languages=sorted(set(languages)),
        skills=sorted(set(skills)),
    )
    hours = _write_week(staff, week)
    plan_rota(staff_id=staff.pk)
    journal.act("staff.hired", subject=_subject(staff), body={"starts": starts, "hours": hours})
    return staff


@verb
def change_record(staff_id: UUID, **facts: Any) -> Staff:
    """Change fields of ``CHANGING`` on a record; the history keeps what was there before.

    Raises ``Unknown``, ``Refused``: phone-…, or that the last day comes before the first.
    """
    if stray := facts.keys() - CHANGING:
        raise ValueError(f"not a fact of a staff record: {', '.join(sorted(stray))}")
    staff = _locked(staff_id)
    if "phone" in facts:
        facts["phone"] = _phone(facts["phone"])
    changed = sorted(name for name, value in facts.items() if getattr(staff, name) != value)
    if changed:
        for name in changed:
            setattr(staff, name, facts[name])
        staff.save(update_fields=changed)
        if PLANNED & set(changed):
            plan_rota(staff_id=staff.pk)
        journal.act("staff.changed", subject=_subject(staff), body={"fields": changed})
    return staff


@verb
def change_hours(staff_id: UUID, week: Iterable[Period]) -> float:
    """Replace the usual week, and the shifts to come that follow from it; returns its hours.

    Raises ``Unknown``, ``Refused`` (hours-…).
    """
    staff = _locked(staff_id)
    hours = _write_week(staff, week)
    plan_rota(staff_id=staff.pk)
    journal.act("staff.hours_changed", subject=_subject(staff), body={"hours": hours})
    return hours


def _write_week(staff: Staff, week: Iterable[Period]) -> float:
    periods = sorted(week)
    for one in periods:
        if one.ends <= one.starts:
            raise Refused(
                _("Une période de travail finit après son début."), code="hours-order", field="week"
            )
    for before, after in pairwise(periods):
        if before.weekday == after.weekday and after.starts < before.ends:
            raise Refused(_("Deux périodes du même jour se recouvrent."), code="hours-overlap", field="week")
    staff.working_times.all().delete()
    WorkingTime.objects.bulk_create(
        WorkingTime(staff=staff, weekday=one.weekday, starts=one.starts, ends=one.ends) for one in periods
    )
    return round(sum(one.hours for one in periods), 2)


def _phone(typed: str) -> str:
    return phones.parse(typed, field="phone") if typed.strip() else ""


def _locked(staff_id: UUID) -> Staff:
    staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
    if staff is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown")
    return staff


def _subject(staff: Staff) -> tuple[str, UUID]:
    return "staff.staff", staff.pk
