"""What a delivery costs, and whether its territory may still spend."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, Sum

from gruppetto.kernel.clock import PARIS
from gruppetto.registry.coverage.models import Portfolio
from gruppetto.registry.people.models import Channel
from gruppetto.service.messages.models import Budget, Delivery, Price, Spending

# Starting values, to be replaced by those of the contract (thousandths of a euro, all taxes out).
SHIPPED = {Channel.SMS: 49, Channel.EMAIL: 0, Channel.LETTER: 1390, Channel.PHONE: 60}
COUNT = """
INSERT INTO service_messages_spending AS known (team_id, department, month, channel, deliveries, parts, mills)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (team_id, department, month, channel) DO UPDATE SET deliveries = known.deliveries + excluded.deliveries,
    parts = known.parts + excluded.parts, mills = known.mills + excluded.mills
"""


def month_of(at: datetime) -> date:
    """The first day of the month it is in France."""
    return at.astimezone(PARIS).date().replace(day=1)


def price(channel: str, on: date) -> int:
    """Thousandths of a euro for one part by ``channel`` on that day (1 query)."""
    dated = Price.objects.filter(channel=channel, valid_from__lte=on).order_by("-valid_from")
    known = dated.values_list("mills", flat=True).first()
    return SHIPPED[Channel(channel)] if known is None else known


def team_of(portfolio_id: int) -> UUID | None:
    """The team that pays for the persons of a portfolio (1 query)."""
    return Portfolio.objects.filter(pk=portfolio_id).values_list("team_id", flat=True).first()


def budget_of(team_id: UUID | None, department: str, month: date) -> Budget | None:
    """The budget in force for the team, else for its department; None: no limit (1 query)."""
    known = Budget.objects.filter(from_month__lte=month).filter(
        Q(team_id=team_id, team_id__isnull=False) | Q(department=department, team_id__isnull=True)
    )
    # The team's own first; then the latest.
    return min(known, key=lambda one: (one.team_id is None, -one.from_month.toordinal()), default=None)


def spent(budget: Budget, month: date) -> int:
    """What the territory of ``budget`` has spent in the month (1 query)."""
    rows = Spending.objects.filter(month=month)
    rows = (
        rows.filter(team_id=budget.team_id) if budget.team_id else rows.filter(department=budget.department)
    )
    return int(rows.aggregate(total=Sum("mills"))["total"] or 0)


def affordable(delivery: Delivery, mills: int, at: datetime) -> bool:
    """May this delivery be paid for now? What is urgent always; the rest within the month's budget."""
    if delivery.urgent or not mills:
        return True
    month = month_of(at)
    budget = budget_of(delivery.team_id, delivery.department, month)
    return budget is None or spent(budget, month) + mills <= budget.mills


def count(
    team_id: UUID | None,
    department: str,
    at: datetime,
    channel: str,
    parts: int,
    mills: int,
    deliveries: int = 1,
) -> None:
    """Add to the counter of the month; negative to take back what did not leave."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [team_id, department, month_of(at), channel, deliveries, parts, mills])
