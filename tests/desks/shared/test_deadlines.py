"""One badge says how a deadline stands, on every desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gruppetto.desks.shared.deadlines import NEAR, deadline
from gruppetto.desks.shared.looks import DEADLINE
from gruppetto.service.interventions.models import ACTIVE, Intervention, State

NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "left", "said"),
    [
        (State.IN_PROGRESS, NEAR, "on_time"),
        (State.ASSIGNED, NEAR - timedelta(seconds=1), "soon"),
        (State.WAITING_PROVIDER, timedelta(0), "soon"),
        (State.OPENED, -timedelta(seconds=1), "late"),
        (State.WAITING_PERSON, -NEAR, "paused"),
        (State.WAITING_PAPER, 2 * NEAR, "paused"),
    ],
)
def test_a_deadline_under_way_has_its_badge(state: str, left: timedelta, said: str) -> None:
    assert deadline(Intervention(state=state, due_at=NOON + left), NOON) == DEADLINE[said]


def test_what_is_answered_has_none() -> None:
    for state in set(State) - set(ACTIVE):
        assert deadline(Intervention(state=state, due_at=NOON), NOON) is None
