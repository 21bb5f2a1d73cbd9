"""Kill -9 the worker inside a job: another one takes the job back and ends it, each line once (decisions 23)."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg

from gruppetto import launcher
from gruppetto.kernel.actors import acting
from gruppetto.kernel.jobs.orphans import take_back
from gruppetto.registry.people import starting_lists as lists
from gruppetto.registry.people.models import Person
from gruppetto.service.commitments import verbs as keep
from tests.registry.people.test_starting_lists import csv, line
from tests.service.conftest import on_stage
from tests.support import factories as make
from tests.support.actors import staff
from tests.support.processes import environment
from tests.support.races import as_owner_of, connected_to

# The whole worker, in batches small enough to be cut between two of them.
WORKER = """
import django
from gruppetto.kernel.jobs import worker
django.setup()
from gruppetto.service.interventions import promises
promises.BATCH = 2
worker.main()
"""
PATIENCE = 600
BOTH = ("interventions.recompute_promises", "people.load_list")
BOTH_BLOCKED = """
SELECT count(*) = 2 FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'gruppetto_worker' AND wait_event_type = 'Lock'
"""
UNDER_WAY = "SELECT task_name, attempts FROM procrastinate_jobs WHERE status = 'doing' ORDER BY 1"
ENDED = """
SELECT (SELECT state = 'loaded' FROM people_startinglist) AND (SELECT state = 'done' FROM commitments_recomputation)
"""
Owner = psycopg.Connection[tuple[object, ...]]


@contextmanager
def working(server: launcher.Server, database: str, folder: Path) -> Iterator[None]:
    """A worker of the platform, killed at the end, whatever it does."""
    settings = {**environment(server, database, folder), "DJANGO_SETTINGS_MODULE": "gruppetto.settings"}
    with (folder / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", WORKER],
            env={**settings, "GRUPPETTO_AS": "worker"},
            stdout=log,
            stderr=log,
        )
    try:
        yield
        assert worker.poll() is None, f"it ended by itself:\n{(folder / 'worker.log').read_text()[-2000:]}"
    finally:
        worker.kill()
        worker.wait()


def until(owner: Owner, question: str, folder: Path) -> None:
    """Wait until the database answers yes."""
    pause = threading.Event()
    for _ in range(PATIENCE):
        if owner.execute(question).fetchone() == (True,):
            return
        pause.wait(0.05)
    raise AssertionError(f"never: {question}\n{(folder / 'worker.log').read_text()[-2000:]}")


def test_a_list_and_a_recomputation_whose_worker_is_killed_are_ended_by_another(
    committed: str, server: launcher.Server, tmp_path: Path
) -> None:
    with as_owner_of(committed, server):
        cast = on_stage()
        denise = staff("Denise", "back_office")
    keys = sorted(make.intervention(cast.jeanne, cast.alice, complete=False).pk for _ in range(5))
    with acting(denise.actor):
        received = lists.receive(
            "liste.csv", csv(line("Roux", "Anne"), line("Petit", "Luc")), "CCAS de Revel"
        )
        lists.load(received.pk)
        run = keep.ask_recompute("essai")
    with psycopg.connect(server.superuser_url(committed), autocommit=True) as owner:
        killed_in_both(server, committed, tmp_path, second_batch=keys[2])
        assert owner.execute(UNDER_WAY).fetchall() == [(name, 0) for name in BOTH]
        assert owner.execute(ENDED).fetchone() == (False,)
        with connected_to(server.worker_url(committed)):
            assert take_back().again == 0, "its worker may still be alive"
        owner.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )
        # What the clock asks for at the next minute.
        owner.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('clockwork', 'jobs.take_back', '{\"timestamp\": 0}')"
        )
        with working(server, committed, tmp_path):
            until(owner, ENDED, tmp_path)
    with as_owner_of(committed, server):
        names = Person.objects.exclude(pk=cast.jeanne.pk).values_list("family_name", flat=True)
        assert sorted(names) == ["Petit", "Roux"]
        run.refresh_from_db()
        assert (run.seen, run.total) == (5, 5)
    with acting(denise.actor):
        keep.ask_recompute("encore")


def killed_in_both(server: launcher.Server, database: str, folder: Path, *, second_batch: UUID) -> None:
    """A hand holds what both jobs need half-way through, until their worker is dead."""
    with (
        psycopg.connect(server.superuser_url(database), autocommit=True) as eye,
        psycopg.connect(server.superuser_url(database)) as hand,
    ):
        # The list is locked and its chunk under way when the first person is to be written.
        hand.execute("LOCK TABLE people_person IN SHARE MODE")
        hand.execute("SELECT FROM interventions_intervention WHERE id = %s FOR UPDATE", [second_batch])
        with working(server, database, folder):
            until(eye, BOTH_BLOCKED, folder)
        hand.rollback()
