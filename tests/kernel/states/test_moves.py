"""A state changes once: of two people at the same time, one is first and the other is told."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import ClassVar

import psycopg
import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from gruppetto.kernel.errors import TooLate
from gruppetto.kernel.states.moves import move
from gruppetto.launcher import Server

with isolate_apps("gruppetto.kernel.files"):

    class Door(models.Model):
        id = models.IntegerField(primary_key=True)
        state = models.TextField()
        keeper = models.TextField()

        objects: ClassVar[models.Manager[Door]] = models.Manager()

        class Meta:
            app_label = "tests"
            db_table = "door_of_the_tests"

        def __str__(self) -> str:
            return f"{self.id} {self.state}"


TABLE = """
    CREATE TABLE door_of_the_tests (id int PRIMARY KEY, state text NOT NULL, keeper text NOT NULL);
    INSERT INTO door_of_the_tests VALUES (1, 'open', 'Alice'), (2, 'shut', 'Alice');
    GRANT SELECT, UPDATE ON door_of_the_tests TO gruppetto_web;
"""


@pytest.fixture
def doors(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(TABLE)
        cursor.execute("SET LOCAL ROLE gruppetto_web")


@pytest.mark.usefixtures("doors")
def test_a_row_in_the_expected_state_moves_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        move(Door.objects.all(), 1, ["open", "ajar"], "shut", keeper="Bob")
    assert len(queries) == 1
    assert list(Door.objects.order_by("id").values_list("state", "keeper")) == [
        ("shut", "Bob"),
        ("shut", "Alice"),
    ]


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize(("pk", "from_states"), [(2, ["open"]), (3, ["open"]), (1, [])])
def test_a_row_in_another_state_stays_as_it_is(pk: int, from_states: list[str]) -> None:
    with pytest.raises(TooLate, match="Quelqu’un vient de modifier") as refusal:
        move(Door.objects.all(), pk, from_states, "walled", keeper="Bob")
    assert (refusal.value.code, refusal.value.status) == ("state-changed", 409)
    assert set(Door.objects.values_list("state", "keeper")) == {("open", "Alice"), ("shut", "Alice")}


@pytest.mark.usefixtures("doors")
def test_a_row_outside_the_queryset_is_not_there() -> None:
    with pytest.raises(TooLate, match="Trop tard"):
        move(Door.objects.filter(keeper="Bob"), 1, ["open"], "shut", late="Trop tard.")


def test_of_two_at_the_same_time_one_is_first(committed: str, server: Server) -> None:
    with psycopg.connect(server.owner_url(committed), autocommit=True) as owner:
        owner.execute(TABLE)
    start, outcomes = Barrier(2), []

    def shut(keeper: str) -> None:
        try:
            with transaction.atomic():
                start.wait(timeout=60)
                move(Door.objects.all(), 1, ["open"], "shut", keeper=keeper)
            outcomes.append(keeper)
        except TooLate as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=shut, args=(keeper,)) for keeper in ("Bob", "Charlie")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(outcomes) == 2
    assert "state-changed" in outcomes
    winner = next(outcome for outcome in outcomes if outcome != "state-changed")
    assert Door.objects.get(pk=1).keeper == winner
