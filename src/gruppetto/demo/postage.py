"""What the demo's messages cost: prices in force, what each team has spent, one budget that is nearly spent."""

from __future__ import annotations

from datetime import date, datetime

from gruppetto.demo.past.book import OWNER
from gruppetto.demo.past.sending import Sending, Sendings
from gruppetto.kernel.actors import acting
from gruppetto.service.messages.costs import SHIPPED, month_of
from gruppetto.service.messages.models import Budget, LetterBatch, Price, Spending

SOURCE = "contrat d’essai de la démonstration, toutes taxes comprises"
SHORT_OF_A_LETTER = 500
"""What is left of the budget, in thousandths of a euro: some SMS still leave, a letter waits for a decision."""


def write(sendings: Sendings, since: date, until: datetime, held: Sending | None) -> None:
    """The prices from ``since`` on, the batches, what was spent, the budget that ``held`` is beyond.

    As the owner, in one transaction.
    """
    with acting(OWNER):
        Price.objects.bulk_create(
            Price(channel=channel.value, mills=mills, valid_from=since, source=SOURCE)
            for channel, mills in SHIPPED.items()
        )
        LetterBatch.objects.bulk_create(LetterBatch(**row) for row in sendings.batches.values())
        Spending.objects.bulk_create(
            Spending(team_id=team, department=department, month=month, channel=channel, **counted)
            for (team, department, month, channel), counted in sendings.spent.items()
        )
        if held is not None:
            team, month = held.row["team_id"], month_of(until)
            spent = sum(
                counted["mills"]
                for (of, _department, when, _channel), counted in sendings.spent.items()
                if (of, when) == (team, month)
            )
            Budget.objects.create(
                team_id=team, mills=(spent + SHORT_OF_A_LETTER) // 10 * 10, from_month=month
            )
