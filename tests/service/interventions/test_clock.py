"""The promise: the clock stops for the person and the paper, never for the provider (tables.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gruppetto.kernel import clock
from gruppetto.kernel.actors import acting
from gruppetto.service.interventions.models import Intervention
from gruppetto.service.interventions.verbs import cancel, resume, start, wait
from tests.service.conftest import Cast
from tests.service.interventions.stage import MONDAY, days
from tests.support import factories as make

pytestmark = pytest.mark.django_db


def due_after_waiting_a_day(cast: Cast, awaited: str) -> tuple[datetime, datetime]:
    """The promise as made on Monday, and once it has waited from Tuesday 9:00 to Wednesday 9:00."""
    with clock.at(MONDAY):
        key = make.intervention(cast.jeanne, cast.alice).pk
        with acting(cast.alice.actor):
            first = start(key).due_at
    with acting(cast.alice.actor):
        with clock.at(MONDAY + days(1)):
            wait(key, awaited, "ce qu’il faut")
        with clock.at(MONDAY + days(2)):
            return first, resume(key).due_at


@pytest.mark.parametrize("awaited", ["person", "paper"])
def test_the_clock_stops_while_the_person_or_a_paper_is_awaited(cast: Cast, awaited: str) -> None:
    first, after = due_after_waiting_a_day(cast, awaited)
    # One opening day given back: Thursday evening becomes Friday evening.
    assert after - first == timedelta(days=1)


def test_the_clock_runs_while_the_provider_is_awaited(cast: Cast) -> None:
    first, after = due_after_waiting_a_day(cast, "provider")
    assert after == first


def test_while_it_is_stopped_the_date_last_known_is_kept(cast: Cast) -> None:
    with clock.at(MONDAY):
        key = make.intervention(cast.jeanne, cast.alice).pk
        with acting(cast.alice.actor):
            first = start(key)
            stopped = wait(key, "person", "son relevé")
    assert stopped.due_at == first.due_at
    assert stopped.clock["clock"]["pauses"] == [[MONDAY.astimezone(UTC).isoformat(), None]]


def test_hours_off_are_not_given_back(cast: Cast) -> None:
    friday_evening = MONDAY + days(4) + timedelta(hours=9, minutes=30)
    with clock.at(friday_evening - timedelta(hours=2)):
        key = make.intervention(cast.jeanne, cast.alice).pk
        with acting(cast.alice.actor):
            first = start(key).due_at
    with acting(cast.alice.actor):
        with clock.at(friday_evening):
            wait(key, "person", "elle dîne")
        with clock.at(friday_evening + timedelta(hours=10)):
            assert resume(key).due_at == first


def test_what_is_cancelled_no_longer_waits(cast: Cast) -> None:
    with clock.at(MONDAY):
        key = make.intervention(cast.jeanne, cast.alice).pk
        with acting(cast.alice.actor):
            start(key)
            wait(key, "paper", "la photo")
            cancel(key, "elle y renonce")
            pauses = Intervention.objects.get(pk=key).clock["clock"]["pauses"]
    assert pauses[0][1] is not None
