"""What becomes of a job whose worker died: begun again, given up after its tries, told to who looks after the house."""

from __future__ import annotations

import psycopg
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gruppetto import launcher
from gruppetto.kernel.jobs.orphans import TakenBack, take_back
from gruppetto.kernel.jobs.queue import TRIES, TRIES_OF_A_TICK
from tests.support.races import connected_to

DOING = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, queueing_lock, worker_id)
VALUES ('work', %s, '{}', 'doing', %s, %s, %s)
"""
STATES = "SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id"


def taken_back(server: launcher.Server, database: str) -> TakenBack:
    with connected_to(server.worker_url(database)):
        return take_back()


def test_the_jobs_of_the_dead_are_begun_again_and_those_of_the_living_are_left(
    committed: str, server: launcher.Server
) -> None:
    with psycopg.connect(server.superuser_url(committed), autocommit=True) as owner:
        (dead, alive) = (
            owner.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
                [silent],
            ).fetchone()
            for silent in ("31 seconds", "20 seconds")
        )
        assert dead
        assert alive
        for worker in (dead[0], alive[0], None):
            owner.execute(DOING, ["messages.route", 0, None, worker])
        assert taken_back(server, committed) == TakenBack(again=2, given_up=0)
        assert owner.execute(STATES).fetchall() == [
            ("messages.route", "todo", 1),
            ("messages.route", "doing", 0),
            ("messages.route", "todo", 1),
        ]


def test_what_kills_its_worker_is_given_up_and_a_telephone_rings_once(
    committed: str, server: launcher.Server
) -> None:
    with psycopg.connect(server.superuser_url(committed), autocommit=True) as owner:
        for name, begun in (
            ("messages.route", 4),
            ("contacts.place_call", 0),
            ("job.of.an.older.version", 0),
        ):
            owner.execute(DOING, [name, begun, None, None])
        assert taken_back(server, committed) == TakenBack(again=0, given_up=3)
        assert {row[1] for row in owner.execute(STATES)} == {"failed"}


def test_a_tick_that_was_cut_comes_back_beside_the_one_that_waits(
    committed: str, server: launcher.Server
) -> None:
    with psycopg.connect(server.superuser_url(committed), autocommit=True) as owner:
        owner.execute(DOING, ["messages.send", 0, "messages.send", None])
        owner.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('clockwork', %s, %s)",
            ["messages.send", "messages.send"],
        )
        assert taken_back(server, committed) == TakenBack(again=1, given_up=0)
        assert [row[1] for row in owner.execute(STATES)] == ["todo", "todo"]


def test_a_job_is_begun_as_often_as_it_says() -> None:
    """The library counts what follows the first try, and takes zero for "without end"."""
    app.perform_import_paths()
    ours = {
        name: task for name, task in app.tasks.items() if not name.startswith(("builtin:", "procrastinate."))
    }
    assert set(ours) == set(TRIES)
    for name, tries in TRIES.items():
        strategy = ours[name].retry_strategy
        if name in {"contacts.place_call", "contacts.connect", "messages.code"}:
            assert (tries, strategy) == (1, None), name
        elif isinstance(strategy, RetryStrategy):
            assert strategy.max_attempts == tries - 1 > 0, name
        else:
            assert tries == TRIES_OF_A_TICK, name
