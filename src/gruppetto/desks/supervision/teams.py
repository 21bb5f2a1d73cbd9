"""Whom the supervisor leads, and who could follow a request today."""

from __future__ import annotations

from uuid import UUID

from gruppetto.kernel.actors import current_actor
from gruppetto.registry.coverage.reads import led_by, today
from gruppetto.registry.staff.models import Absence, Staff
from gruppetto.service.interventions.verbs.steps import crew_of


def my_teams() -> list[UUID]:
    """The teams that the actor leads today; none without a staff record. Two queries."""
    me = current_actor().account_id
    staff = Staff.objects.filter(account_id=me).values_list("pk", flat=True).first() if me else None
    return led_by(staff) if staff else []


def who_may_follow(portfolio_id: int) -> list[Staff]:
    """Those who see a portfolio and are there today, by name: nobody else could work on it. Four queries."""
    crew, on = crew_of(portfolio_id), today()
    away = Absence.objects.filter(during__contains=on).values("staff_id")
    return list(
        Staff.objects.filter(account__in=crew.holding | crew.leading, account__is_active=True)
        .exclude(pk__in=away)
        .select_related("account")
        .order_by("account__name", "id")
    )


def members(team_ids: list[UUID]) -> list[Staff]:
    """Those who belong to these teams today, by name. One query."""
    return list(
        Staff.objects.filter(
            memberships__team__in=team_ids, memberships__during__contains=today(), account__is_active=True
        )
        .select_related("account")
        .distinct()
        .order_by("account__name", "id")
    )
