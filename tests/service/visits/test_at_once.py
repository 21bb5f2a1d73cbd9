"""Two at once: of two supervisors one takes an alarm; a word and the clock leave one story."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection

from gruppetto.kernel.actors import acting
from gruppetto.kernel.errors import TooLate
from gruppetto.registry.coverage.models import TeamMember
from gruppetto.service.visits import verbs
from gruppetto.service.visits.jobs import look_around
from gruppetto.service.visits.models import Visit
from tests.service.conftest import on_stage
from tests.support import factories as make
from tests.support.races import as_owner_of, at_once

MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)


def goes_in(who: make.Colleague) -> UUID:
    with acting(who.actor):
        return verbs.begin("12 rue du Temple, 31250 Revel", "06 12 34 56 78", 60).pk


def test_of_two_supervisors_at_once_one_takes_it(committed: str) -> None:
    with as_owner_of(committed):
        cast = on_stage()
        renee = make.colleague("Renée", "supervisor")
        TeamMember.objects.create(
            team=cast.team, staff=renee.record, leads=True, during=(date(2020, 1, 1), None)
        )
    visit = goes_in(cast.alice)
    with acting(cast.alice.actor):
        verbs.ask_help(visit)

    def takes(who: make.Colleague) -> UUID:
        with acting(who.actor):
            verbs.take(visit)
        return who.account.pk

    answers = at_once(lambda: takes(cast.sylvie), lambda: takes(renee))
    (taker,) = (one for one in answers if isinstance(one, UUID))
    (late,) = (one for one in answers if isinstance(one, TooLate))
    assert late.code == "state-changed"
    with as_owner_of(committed):
        assert Visit.objects.get(pk=visit).taken_by == taker


def test_a_word_and_the_clock_at_once_leave_one_story(committed: str) -> None:
    """Out just as the time is over: either the visit ended, or the alarm stands and says that they are out."""
    with as_owner_of(committed):
        cast = on_stage()
    visit = goes_in(cast.alice)
    with as_owner_of(committed):
        Visit.objects.update(
            begun_at=MONDAY,
            expected_at=MONDAY + timedelta(minutes=5),
            alarm_at=MONDAY + timedelta(minutes=15),
        )

    def says_out() -> None:
        with acting(cast.alice.actor):
            verbs.out(visit)

    def clock_strikes() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE gruppetto_worker")
        look_around()

    assert at_once(says_out, clock_strikes)[0] is None
    with as_owner_of(committed):
        left = Visit.objects.get(pk=visit)
    assert left.out_at is not None
    assert left.state in (Visit.State.ENDED, Visit.State.RAISED)
    assert (left.state == Visit.State.ENDED) == (left.raised_at is None)
