"""Questions about staff and accounts, each with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.models import Account
from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Unknown
from gruppetto.registry.staff.models import Role, Staff, WorkingTime

# Roles that work with persons or for them: they need a record with their working time.
AT_WORK = (Role.AGENT, Role.CORRESPONDENT, Role.SUPERVISOR, Role.BACK_OFFICE)


def accounts() -> QuerySet[Account]:
    """Accounts of humans, by name; each with ``has_second_factor``. One query."""
    codes = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type="recovery_codes")
    humans = Account.objects.filter(kind=Account.Kind.HUMAN).annotate(has_second_factor=Exists(codes))
    return humans.order_by("name", "id")


def account(account_id: UUID) -> Account:
    """One of ``accounts``. Raises ``Unknown``."""
    found = accounts().filter(pk=account_id).first()
    if found is None:
        raise Unknown(_("Ce compte n’existe pas."), code="account-unknown")
    return found


def accounts_without_record() -> list[Account]:
    """Open accounts of people at work that have no staff record yet: to be completed. One query."""
    return list(
        Account.objects.filter(
            kind=Account.Kind.HUMAN, is_active=True, role__in=[str(role) for role in AT_WORK], staff=None
        ).order_by("name", "id")
    )


def everybody() -> QuerySet[Staff]:
    """Staff records with account and usual week, by name. Two queries."""
    week = Prefetch("working_times", WorkingTime.objects.order_by("weekday", "starts"))
    return Staff.objects.select_related("account").prefetch_related(week).order_by("account__name", "id")


def record(staff_id: UUID) -> Staff:
    """One of ``everybody``. Raises ``Unknown``."""
    found = everybody().filter(pk=staff_id).first()
    if found is None:
        raise Unknown(_("Cette personne n’est pas dans l’équipe."), code="staff-unknown")
    return found


def weekly_hours(staff: Staff) -> float:
    """Hours of the usual week of a record that came from ``everybody``."""
    minutes = sum(
        (one.ends.hour * 60 + one.ends.minute) - (one.starts.hour * 60 + one.starts.minute)
        for one in staff.working_times.all()
    )
    return minutes / 60


def on_the_rota(team_ids: Collection[UUID]) -> list[Staff]:
    """Who is planned by the leaders of these teams: their members and the platform's agents, by name. One query."""
    day = today()
    of_team = Q(memberships__team__in=team_ids, memberships__during__contains=day)
    return list(
        Staff.objects.filter(of_team | Q(account__role=Role.AGENT), account__is_active=True)
        .filter(Q(ends=None) | Q(ends__gte=day))
        .select_related("account")
        .distinct()
        .order_by("account__name", "id")
    )


def weekly_hours_of(staff: Iterable[UUID | None]) -> dict[UUID | None, float]:
    """Hours of the usual week of each who has some; nobody is left out. One query."""
    minutes: dict[UUID | None, int] = {}
    periods = WorkingTime.objects.filter(staff__in={key for key in staff if key is not None})
    for key, starts, ends in periods.values_list("staff_id", "starts", "ends"):
        length = (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute)
        minutes[key] = minutes.get(key, 0) + length
    return {key: total / 60 for key, total in minutes.items()}
