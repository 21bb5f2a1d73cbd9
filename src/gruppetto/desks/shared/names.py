"""Who did it, by name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from gruppetto.kernel.access.models import Account


def names_of(accounts: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of these accounts, nobody left out. One query."""
    wanted = {key for key in accounts if key is not None}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name"))


def name_of(account: UUID | None) -> str:
    """The name of an account; empty for nobody. One query."""
    return names_of([account]).get(account, "")
