"""The one way to change a state in the database: compare and set, so that of two people at once one is first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import TooLate
from gruppetto.kernel.states.machine import Text

SOMEBODY_WAS_FIRST = _(
    "Quelqu’un vient de modifier cette fiche. Rien n’est perdu : relisez-la puis recommencez."
)


def move(
    queryset: QuerySet[Model],
    pk: object,
    from_states: Iterable[str],
    to: str,
    *,
    state_field: str = "state",
    late: Text = SOMEBODY_WAS_FIRST,
    **changes: Any,
) -> None:
    """Put one row in the state ``to``, with ``changes`` of other columns, if it is still in one of ``from_states``.

    One ``UPDATE … WHERE id = … AND state IN (…)``: PostgreSQL lets a second one wait for the first, then sees that the
    state has changed. Raises ``TooLate`` (state-changed, told as ``late``) when no row was left to change: another
    state, or a row that this actor does not see. Must run in the caller's transaction.
    """
    moved = queryset.filter(pk=pk, **{f"{state_field}__in": list(from_states)}).update(
        **{state_field: to}, **changes
    )
    if not moved:
        raise TooLate(late, code="state-changed", facts={"id": str(pk), "target": to})
