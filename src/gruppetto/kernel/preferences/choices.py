"""Reading and keeping one's own preferences."""

from __future__ import annotations

import uuid
from typing import Any

from gruppetto.kernel.actors import human, verb
from gruppetto.kernel.clock import now
from gruppetto.kernel.preferences.models import Preference


def chosen(name: str) -> Any:
    """What the current account chose under ``name``; None when it never did (1 query)."""
    mine = Preference.objects.filter(account_id=human(), name=name)
    return mine.values_list("value", flat=True).first()


@verb
def choose(name: str, value: Any) -> None:
    """Keep ``value`` (plain JSON) as the current account's choice under ``name``; the last one said wins."""
    account_id = human()
    Preference.objects.bulk_create(
        [
            Preference(
                # Two tabs that choose at once write the same row.
                id=uuid.uuid5(account_id, name),
                account_id=account_id,
                name=name,
                value=value,
                chosen_at=now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["value", "chosen_at"],
    )
